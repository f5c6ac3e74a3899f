//! A service that begins again in place, so that what is wished to be erased can be.
//!
//! A history is rewritten only while nobody has it open. When somebody adds a wish, the service
//! ends in an orderly way and becomes the same program anew: the same process, the same address.
//! It listens before it opens the data, so callers wait instead of being turned away.

use std::net::SocketAddr;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::fault::Fault;
use crate::app::keeping::wished_bytes;

/// The list of wishes is looked at this often.
const LOOK_ROUND: Duration = Duration::from_secs(2);

/// Whether a service is to begin again once it has ended.
#[derive(Clone, Debug)]
pub(super) struct Renewal {
    data: PathBuf,
    /// What could not be carried out at the start is no reason to begin again.
    known: u64,
    is_wished: Arc<AtomicBool>,
}

impl Renewal {
    /// Takes note of the wishes that there are; call it once the data is open.
    pub(super) fn new(data: &Path) -> Self {
        let (data, known) = (data.to_owned(), wished_bytes(data));
        Self { data, known, is_wished: Arc::default() }
    }

    /// Cancels `stop` as soon as there is a new wish.
    pub(super) async fn watch(self, stop: CancellationToken) {
        while wished_bytes(&self.data) <= self.known {
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(LOOK_ROUND) => {}
            }
        }
        tracing::info!("the service begins again to erase what is wished");
        self.is_wished.store(true, Ordering::SeqCst);
        stop.cancel();
    }

    /// Becomes the program anew when a wish ended the service; returns otherwise.
    pub(super) fn begin_again(&self, address: SocketAddr) -> Result<(), Fault> {
        if !self.is_wished.load(Ordering::SeqCst) {
            return Ok(());
        }
        let mut arguments = vec![];
        let mut told = std::env::args_os().skip(1);
        while let Some(argument) = told.next() {
            let text = argument.to_string_lossy();
            if text == "--listen" {
                told.next();
            } else if !text.starts_with("--listen=") {
                arguments.push(argument);
            }
        }
        let program = std::env::current_exe()?;
        let mut anew = Command::new(program);
        let error = anew.args(arguments).arg("--listen").arg(address.to_string()).exec();
        Err(Fault::new(format!("could not begin again: {error}; start the service")))
    }
}
