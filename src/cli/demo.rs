//! The demo: a fictive municipality, filled and served by this program alone.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::crawl::parser;
use super::fault::Fault;
use super::serve::{runtime, told_to_stop};
use crate::clock::Clock;
use crate::config::Config;
use crate::demo::{self, Demo, LoadOptions, Progress};
use crate::http::edge;
use crate::telemetry;

/// A run that is cut off gets so long to end what it is at.
const CUT_OFF_WAIT: Duration = Duration::from_secs(10);

/// A folder that goes when the demo ends, unless somebody named it.
struct Folder {
    path: PathBuf,
    is_ours: bool,
}

impl Folder {
    /// The folder that was named, or a new one among the system's temporary files.
    fn new(named: Option<PathBuf>) -> Result<Self, Fault> {
        if let Some(path) = named {
            return Ok(Self { path, is_ours: false });
        }
        let path = std::env::temp_dir().join(format!("skranke-demo-{}", std::process::id()));
        std::fs::create_dir(&path).map_err(Fault::file("make", &path))?;
        Ok(Self { path, is_ours: true })
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.is_ours
            && let Err(error) = std::fs::remove_dir_all(&self.path)
        {
            eprintln!("could not remove {}: {error}", self.path.display());
        }
    }
}

/// Fills a demo, or opens one that is filled, and serves it until the process is told to stop.
pub(super) fn run(
    config: &Config,
    clock: Clock,
    named: Option<PathBuf>,
) -> Result<ExitCode, Fault> {
    telemetry::start(config.log)?;
    let listener = listen(config.listen)?;
    let folder = Folder::new(named)?;
    let runtime = runtime()?;
    let done = runtime.block_on(async {
        let stop = told_to_stop()?;
        let options = LoadOptions {
            data: folder.path.clone(),
            listener,
            zone: config.zone.clone(),
            clock,
            parser: parser()?,
            tell,
        };
        println!("Making the demo ready: twelve weeks in {}.", demo::NAME);
        let filled = tokio::select! {
            filled = demo::start(options) => filled?,
            () = stop.cancelled() => return Ok(()),
        };
        serve(filled, &folder, stop).await
    });
    // What was cut off may still write into the folder that is about to go.
    runtime.shutdown_timeout(CUT_OFF_WAIT);
    done.map(|()| ExitCode::SUCCESS)
}

fn listen(address: SocketAddr) -> Result<TcpListener, Fault> {
    TcpListener::bind(address).map_err(|error| {
        Fault::new(format!("could not listen on {address}: {error}; say another by --listen"))
    })
}

fn tell(progress: Progress) {
    println!("  week {} of {}", progress.week, progress.of);
}

async fn serve(filled: Demo, folder: &Folder, stop: CancellationToken) -> Result<(), Fault> {
    filled.app.start_live();
    filled.app.judge_apart(std::env::current_exe()?);
    let jobs = filled.jobs(parser()?);
    let router = filled.router(Arc::clone(&jobs))?;
    let Demo { app, site, listener } = filled;
    let origin = demo::origin(&listener)?;
    listener.set_nonblocking(true)?;
    let listener = tokio::net::TcpListener::from_std(listener)?;
    greet(&origin, &site.address("/"), &demo::accounts()?);
    if !listener.local_addr()?.ip().is_loopback() {
        println!("\nWhoever reaches this address can sign in: do not leave it open.");
    }
    say_where(folder);
    tokio::spawn(jobs.keep_time(stop.clone()));
    edge::serve(listener, router, stop).await;
    tokio::task::spawn_blocking(move || app.close()).await?;
    Ok(())
}

fn greet(origin: &str, site: &str, accounts: &[(String, String, String)]) {
    println!("\nSkranke is ready:  {origin}/");
    println!("Its website:       {site}\n");
    println!("Sign in as         passphrase");
    for (login, role, passphrase) in accounts {
        println!("  {:<16} {passphrase}", format!("{login} ({role})"));
    }
    if !site.starts_with(origin) {
        println!("\nThe pages in this demo have addresses that begin as {site}");
    }
}

fn say_where(folder: &Folder) {
    let path: &Path = &folder.path;
    println!("\nLetters:           {}", path.join("outbox").display());
    if folder.is_ours {
        println!("The data lies in {} and goes when the demo ends (Ctrl-C).", path.display());
    } else {
        println!("The data stays in {}. Ctrl-C ends the demo.", path.display());
    }
}
