//! Whole streams: copied while they grow, and rewritten under a new history.

mod bare;
mod copy;
mod rewrite;
#[cfg(test)]
mod tests;

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use crate::journal::JournalError;
pub use bare::BareRecord;
pub(crate) use bare::{read_bare, write_bare};
pub(crate) use copy::copy;
pub use copy::{Copied, Sink};
pub(crate) use rewrite::rewrite;
pub use rewrite::{Plan, Rewritten};
pub(super) use rewrite::{assure_finished, finish};

/// Writes a new file durably.
fn write_new(path: &Path, bytes: &[u8]) -> Result<(), JournalError> {
    let mut file = File::create(path).map_err(JournalError::io("create", path))?;
    file.write_all(bytes).map_err(JournalError::io("write", path))?;
    file.sync_all().map_err(JournalError::io("sync", path))
}

fn sync_folder(folder: &Path) -> Result<(), JournalError> {
    let synced = File::open(folder).and_then(|it| it.sync_all());
    synced.map_err(JournalError::io("sync", folder))
}

fn remove(path: &Path) -> Result<(), JournalError> {
    fs::remove_file(path).map_err(JournalError::io("remove", path))
}
