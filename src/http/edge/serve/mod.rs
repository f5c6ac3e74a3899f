//! The accept loop: everybody is let in, whoever waits longest makes room, every stage of a
//! request has its time, and the end is an orderly one.

pub(crate) mod client;
mod expiry;
mod seats;
mod stream;
pub(crate) mod tls;

use std::convert::Infallible;
use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use super::headers;
use crate::http::metrics::Traffic;
use crate::net::IpRange;
use client::{AddressKey, Client};
use seats::{Seat, Seats};
use stream::{Answered, Asked, Watched};
pub use tls::{Standing, Tls, TlsError};

/// A header must be complete within this time.
pub const HEADER_TIMEOUT: Duration = Duration::from_secs(5);
/// A connection that was answered is kept so long for the next request.
const IDLE_TIMEOUT: Duration = Duration::from_secs(60);
/// An answer of which nothing was taken for so long is given up.
const SEND_TIMEOUT: Duration = Duration::from_secs(60);
/// So many connections are held at once; one more takes the place of whoever waits longest.
pub const CONNECTIONS_MAX: usize = 1_024;
/// So many are held of one address, which may be a whole town hall's.
const PER_ADDRESS_MAX: usize = 512;
/// More lines of header are not read; fewer may be refused by `headers::confine`, with a page.
const HEADERS_MAX: usize = 200;
/// More bytes of header are not read.
const HEADER_BYTES_MAX: usize = 32 * 1024;
/// Requests under way get so long when the service stops.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(10);
/// So long the loop rests when the system has no more room for a connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// Connections are looked at this often for what takes too long.
const LOOK_ROUND: Duration = Duration::from_millis(250);

/// What a visitor may take of us.
#[derive(Clone, Copy, Debug)]
struct Limits {
    header_timeout: Duration,
    idle_timeout: Duration,
    body_timeout: Duration,
    send_timeout: Duration,
    connections_max: usize,
    per_address_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            header_timeout: HEADER_TIMEOUT,
            idle_timeout: IDLE_TIMEOUT,
            body_timeout: crate::http::REQUEST_TIMEOUT,
            send_timeout: SEND_TIMEOUT,
            connections_max: CONNECTIONS_MAX,
            per_address_max: PER_ADDRESS_MAX,
        }
    }
}

/// How a service is reached.
#[derive(Clone, Debug, Default)]
pub struct Door {
    /// The proxies that are trusted to tell for whom they ask.
    pub trusted: Vec<IpRange>,
    /// What connections are protected by here; none where a proxy does it, or nobody.
    pub tls: Option<Arc<Tls>>,
    /// Whether it is reached by TLS, here or at a proxy.
    pub secure: bool,
    /// What is counted.
    pub traffic: Arc<Traffic>,
}

/// Serves `router` on this machine until `shutdown`; then lets the requests under way come to
/// their end.
pub async fn serve(listener: TcpListener, router: Router, shutdown: CancellationToken) {
    serve_at(Door::default(), listener, router, shutdown).await;
}

/// The same at a door of its own.
pub async fn serve_at(
    door: Door,
    listener: TcpListener,
    router: Router,
    shutdown: CancellationToken,
) {
    let limits = Limits { connections_max: connections_max(), ..Limits::default() };
    serve_within(Hall::new(door, limits), listener, router, shutdown).await;
}

/// As many as the descriptors of this process allow beside what files and children need.
fn connections_max() -> usize {
    const FOR_OTHERS: u64 = 256;
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile).current;
    let left = limit.map_or(u64::MAX, |it| it.saturating_sub(FOR_OTHERS));
    usize::try_from(left).unwrap_or(usize::MAX).clamp(64, CONNECTIONS_MAX)
}

/// Lets this process have as many descriptors as the system allows it, so that no connection fails
/// for want of one.
pub fn raise_descriptors() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    if let Err(error) = setrlimit(Resource::Nofile, raised) {
        tracing::warn!(%error, "could not raise the limit of open files");
    }
}

/// What all connections share.
#[derive(Debug)]
struct Hall {
    door: Door,
    limits: Limits,
    seats: Seats,
    /// The lines of header that every answer carries.
    lines: &'static str,
}

impl Hall {
    fn new(door: Door, limits: Limits) -> Arc<Self> {
        let lines = headers::lines(door.secure);
        let seats = Seats::new(limits, Arc::clone(&door.traffic));
        Arc::new(Self { door, limits, seats, lines })
    }

    /// What the connections of a caller are counted by; nothing for a proxy, which comes for many.
    fn key(&self, peer: IpAddr) -> Option<AddressKey> {
        let is_proxy = self.door.trusted.iter().any(|it| it.holds(peer));
        (!is_proxy).then(|| AddressKey::of(peer))
    }
}

async fn serve_within(
    hall: Arc<Hall>,
    listener: TcpListener,
    router: Router,
    shutdown: CancellationToken,
) {
    let connections = TaskTracker::new();
    let watch = tokio::spawn(watch(Arc::clone(&hall)));
    loop {
        let accepted = tokio::select! {
            () = shutdown.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        let (stream, peer) = match accepted {
            Ok((stream, peer)) => (stream, peer.ip()),
            Err(error) if is_of_one_connection(&error) => continue,
            Err(error) => {
                tracing::warn!(%error, "could not accept a connection");
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        hall.door.traffic.accepted.add(1);
        let Some(seat) = hall.seats.take(hall.key(peer)) else { continue };
        let visit = Visit { hall: Arc::clone(&hall), seat, peer };
        let (router, shutdown) = (router.clone(), shutdown.clone());
        connections.spawn(visit.answer(stream, router, shutdown));
    }
    drop(listener);
    connections.close();
    if tokio::time::timeout(DRAIN_TIMEOUT, connections.wait()).await.is_err() {
        tracing::warn!(n_connections = connections.len(), "stopped with requests under way");
    }
    watch.abort();
}

/// Ends what takes too long, and reads the certificate anew when its files have changed.
async fn watch(hall: Arc<Hall>) {
    let mut round = tokio::time::interval(LOOK_ROUND.min(hall.limits.header_timeout / 4));
    round.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        let now = round.tick().await;
        hall.seats.end_late(now.into_std());
        if let Some(tls) = hall.door.tls.clone()
            && tls.is_to_be_looked_at(Instant::now())
        {
            drop(tokio::task::spawn_blocking(move || tls.look()).await);
        }
    }
}

/// Whether an error says only that a visitor has gone before the door was opened.
fn is_of_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::Interrupted
    )
}

/// One connection.
struct Visit {
    hall: Arc<Hall>,
    seat: Arc<Seat>,
    peer: IpAddr,
}

impl Visit {
    async fn answer(self, stream: TcpStream, router: Router, shutdown: CancellationToken) {
        let end = self.seat.end.clone();
        // What was written leaves at once: an answer is one heap, and a person waits for it.
        drop(stream.set_nodelay(true));
        let served = async {
            match self.hall.door.tls.clone() {
                None => self.converse(stream, router, &shutdown).await,
                Some(tls) => match tls.shake_hands(stream).await {
                    Ok(stream) => {
                        self.seat.is_now(seats::Stage::Arriving);
                        self.converse(stream, router, &shutdown).await;
                    }
                    // Plain HTTP to a door of TLS, an old program, a scan: no event.
                    Err(error) => tracing::debug!(%error, "a handshake failed"),
                },
            }
        };
        tokio::select! {
            () = served => {}
            () = end.cancelled() => {}
        }
        self.hall.seats.leave(&self.seat);
    }

    async fn converse<S>(&self, stream: S, router: Router, shutdown: &CancellationToken)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let Self { hall, seat, peer } = self;
        let (trusted, asking, peer) = (hall.door.trusted.clone(), Arc::clone(seat), *peer);
        let service = router.map_request(move |mut request: hyper::Request<Incoming>| {
            let client = Client::of(peer, request.headers(), &trusted);
            request.extensions_mut().insert(client);
            request.map(|body| Asked::watch(body, &asking))
        });
        let answering = Arc::clone(seat);
        let service = service
            .map_response(move |it: axum::response::Response| {
                it.map(|body| Answered::watch(body, &answering))
            })
            .map_err(|never: Infallible| never);
        let mut builder = http1::Builder::new();
        builder
            .timer(TokioTimer::new())
            .header_read_timeout(None)
            .max_headers(HEADERS_MAX)
            .max_buf_size(HEADER_BYTES_MAX);
        let stream = Watched::new(stream, Arc::clone(seat), hall.lines);
        let connection =
            builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
        tokio::pin!(connection);
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = shutdown.cancelled() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            // A visitor who hangs up is no event.
            tracing::debug!(%error, "a connection ended early");
        }
    }
}

#[cfg(test)]
mod tests;
