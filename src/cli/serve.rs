//! The service: opens the data folder, listens, and ends in an orderly way when it is told to.

use std::io::Write;
use std::net::SocketAddr;
use std::process::ExitCode;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::fault::Fault;
use super::renew::Renewal;
use crate::app::{App, OpenOptions};
use crate::clock::Clock;
use crate::config::Config;
use crate::http::{self, EdgeOptions, edge};
use crate::jobs::{JobOptions, Jobs};
use crate::page::Parser;
use crate::telemetry;

/// Serves until the process is told to stop.
pub(super) fn run(config: Config) -> Result<ExitCode, Fault> {
    telemetry::start(config.log)?;
    let (data, zone) = (config.data.clone(), config.zone.clone());
    // Whoever calls while the data is being opened waits and is answered.
    let runtime = runtime()?;
    let listener = runtime.block_on(listen(config.listen))?;
    let address = listener.local_addr()?;
    let app = App::open(OpenOptions { data, clock: Clock::System, zone })?;
    let renewal = Renewal::new(&config.data);
    let failed = runtime.block_on(async {
        greet(&app, address);
        app.start_live();
        let jobs = Jobs::new(app.clone(), job_options(&config)?);
        let options = EdgeOptions { secure: config.secure_cookies, demo_accounts: vec![] };
        let stop = told_to_stop()?;
        tokio::spawn(renewal.clone().watch(stop.clone()));
        tokio::spawn(jobs.clone().keep_time(stop.clone()));
        let failure = tokio::spawn(end_with_the_journal(app.failed(), stop.clone()));
        edge::serve(listener, http::router(app.clone(), jobs, options), stop).await;
        let is_failed = failure.is_finished();
        Ok::<_, Fault>(if is_failed { failure.await.ok() } else { None })
    })?;
    app.close();
    if let Some(why) = failed {
        return Err(Fault::new(format!("the service has ended, for its journal failed: {why}")));
    }
    renewal.begin_again(address)?;
    Ok(ExitCode::SUCCESS)
}

/// Ends the service once its journal has failed. Nothing is tried again: only another start reads
/// what the disk really holds.
async fn end_with_the_journal(
    failed: impl Future<Output = String>,
    stop: CancellationToken,
) -> String {
    let why = failed.await;
    tracing::error!(error = why, "the service ends, for its journal failed");
    stop.cancel();
    why
}

/// What jobs need: pages are read by a child of this same program.
pub(super) fn job_options(config: &Config) -> Result<JobOptions, Fault> {
    Ok(JobOptions {
        parser: Parser::child(std::env::current_exe()?),
        outbox: config.mail.outbox.clone(),
        base: config.base_url.clone(),
        from: config.mail.from.clone(),
    })
}

/// The threads that answer.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime, Fault> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?)
}

/// Takes the address that the service is reached at.
pub(super) async fn listen(address: SocketAddr) -> Result<TcpListener, Fault> {
    TcpListener::bind(address).await.map_err(|error| {
        Fault::new(format!("could not listen on {address}: {error}; say another by --listen"))
    })
}

/// Cancelled when the system or somebody at the keyboard wants an end.
pub(super) fn told_to_stop() -> Result<CancellationToken, Fault> {
    let stop = CancellationToken::new();
    let (mut interrupt, mut terminate) =
        (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let told = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        told.cancel();
    });
    Ok(stop)
}

fn greet(app: &App, listens: SocketAddr) {
    let mut told = format!("Skranke listens on http://{listens}\n");
    if let Some(code) = app.setup_code() {
        told += &format!(
            "No administrator yet. Open http://{listens}/setup and give this code:\n    {code}\n\
             The code is good for one hour and once.\n"
        );
    }
    told += "Stop with Ctrl+C.\n";
    // Nobody may be reading any more; the service is for others.
    drop(std::io::stdout().write_all(told.as_bytes()));
}
