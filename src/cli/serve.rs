//! The service: opens the data folder, listens, and ends in an orderly way when it is told to.

use std::io::Write;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::fault::Fault;
use super::renew::Renewal;
use crate::app::priority;
use crate::app::{App, OpenOptions, Space};
use crate::clock::Clock;
use crate::config::{Config, is_plain_afar};
use crate::http::edge::{Door, Tls};
use crate::http::{self, EdgeOptions, edge};
use crate::jobs::{JobOptions, Jobs};
use crate::net::Manner;
use crate::oidc::Provider;
use crate::page::Parser;
use crate::telemetry;

/// Jobs that are under way get so long to stop.
const JOBS_WAIT: Duration = Duration::from_secs(5);

/// Serves until the process is told to stop.
pub(super) fn run(config: Config) -> Result<ExitCode, Fault> {
    telemetry::start(config.log)?;
    edge::raise_descriptors();
    // A certificate that cannot be used is told before anything else is done.
    let (door, options) = door(&config)?;
    let (data, zone) = (config.data.clone(), config.zone.clone());
    // Whoever calls while the data is being opened waits and is answered.
    let runtime = runtime()?;
    let listener = runtime.block_on(listen(config.listen))?;
    let address = listener.local_addr()?;
    // A full disk must not keep the start from repairing what it must.
    if let Err(error) = Space::new(&data, config.disk).tend() {
        tracing::debug!(%error, "the ballast was not tended before the start");
    }
    let app = App::open_at_once(OpenOptions { data, clock: Clock::System, zone })?;
    app.mind_disk(config.disk);
    app.set_manner(Manner { proxy: config.crawl.proxy.clone(), ..Manner::default() });
    app.know_breached(config.breached.clone());
    app.judge_apart(std::env::current_exe()?);
    app.start_watch();
    let renewal = Renewal::new(&config.data);
    let ended = runtime.block_on(async {
        greet(&app, address, &config);
        tracing::info!(version = env!("CARGO_PKG_VERSION"), "started");
        app.start_live();
        warm_up(&app);
        let jobs = Jobs::new(app.clone(), job_options(&config)?);
        let stop = told_to_stop()?;
        tokio::spawn(renewal.clone().watch(stop.clone()));
        let time = tokio::spawn(jobs.clone().keep_time(stop.clone()));
        let router = http::router(app.clone(), jobs, options);
        let serving = edge::serve_at(door, listener, router, stop);
        let ended = tokio::select! {
            () = serving => None,
            why = app.ended() => Some(why),
        };
        // What a job is at comes to an orderly end, or is cut off and said to be.
        if ended.is_none() {
            drop(tokio::time::timeout(JOBS_WAIT, time).await);
        }
        Ok::<_, Fault>(ended)
    })?;
    app.close();
    tracing::info!("stopped");
    // A search that hangs must not hold up the end.
    runtime.shutdown_background();
    match ended {
        None => renewal.begin_again(address).map(|()| ExitCode::SUCCESS),
        Some(why) => Err(Fault::new(format!("the service cannot go on: {why}"))),
    }
}

/// The provider of identities, where one is set.
fn provider(config: &Config) -> Result<Option<Provider>, Fault> {
    let manner = Manner { proxy: config.crawl.proxy.clone(), ..Manner::default() };
    let made = |settings| Provider::new(settings, http::places(&config.base_url), manner);
    config.oidc.clone().map(made).transpose().map_err(|error| {
        Fault::new(format!("could not make the client of the provider of identities: {error}"))
    })
}

/// How the service is reached, and what its screens know of that.
fn door(config: &Config) -> Result<(Door, EdgeOptions), Fault> {
    let tls = config.network.tls.clone().map(Tls::open).transpose()?.map(Arc::new);
    let options = EdgeOptions {
        secure: config.secure_cookies,
        mail: config.mail.server.clone(),
        provider: provider(config)?,
        is_plain_afar: is_plain_afar(&config.base_url),
        tls: tls.clone(),
        metrics: config.network.metrics.clone(),
        ..EdgeOptions::default()
    };
    let door = Door {
        trusted: config.network.trusted.clone(),
        tls,
        secure: config.secure_cookies,
        traffic: Arc::clone(&options.traffic),
    };
    Ok((door, options))
}

/// Makes the lists of topics and gaps, which take seconds when there are very many, before
/// somebody waits for them.
fn warm_up(app: &Arc<App>) {
    let app = Arc::clone(app);
    app.will_warm_up();
    std::thread::spawn(move || {
        priority::lower(priority::BACK);
        if let Err(error) = app.warm_up() {
            tracing::warn!(%error, "the lists were not made at the start");
        }
        match app.end_old_tokens() {
            Ok(0) => {}
            Ok(n_tokens) => {
                tracing::warn!(n_tokens, "tokens without a last day got one: see Admin, Machines");
            }
            Err(error) => tracing::warn!(%error, "old tokens did not get a last day"),
        }
    });
}

/// What jobs need: pages are read by a child of this same program.
pub(super) fn job_options(config: &Config) -> Result<JobOptions, Fault> {
    Ok(JobOptions {
        parser: Parser::child(std::env::current_exe()?),
        outbox: config.mail.outbox.clone(),
        base: config.base_url.clone(),
        from: config.mail.from.clone(),
        mail: config.mail.server.clone(),
        backup: super::keep::scheduled(config),
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

/// What is missing where people come by plain HTTP from elsewhere, and how to mend it.
pub(in crate::cli) const PLAIN_AFAR: &str = "browsers hold back on \
     plain http what they keep for protected pages: the cookie of a session is not bound to TLS \
     and can be read on the way, the log screen cannot be \
     opened while the network is down or installed as an app, and unsent questions are \
     kept only as long as the page is open; set SKRANKE_TLS_CERT and SKRANKE_TLS_KEY, or \
     put a reverse proxy with TLS in front (deploy/README.md), and begin SKRANKE_BASE_URL \
     with https";

fn greet(app: &App, listens: SocketAddr, config: &Config) {
    let scheme = if config.network.tls.is_some() { "https" } else { "http" };
    let mut told = format!("Skranke listens on {scheme}://{listens}\n");
    if let Some(code) = app.setup_code() {
        told += &format!(
            "No administrator yet. Open {scheme}://{listens}/setup and give this code:\n    \
             {code}\nThe code is good for one hour and once.\n"
        );
    }
    if is_plain_afar(&config.base_url) {
        told += &format!("{} is plain http: {PLAIN_AFAR}.\n", config.base_url);
    }
    told += "Stop with Ctrl+C.\n";
    // Nobody may be reading any more; the service is for others.
    drop(std::io::stdout().write_all(told.as_bytes()));
}
