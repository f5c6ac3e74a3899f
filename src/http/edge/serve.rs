//! The accept loop: a limit on connections, a time for headers, and an orderly end.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

/// A header must be complete within this time.
pub const HEADER_TIMEOUT: Duration = Duration::from_secs(5);
/// So many connections are held at once; the next wait at the door.
pub const CONNECTIONS_MAX: usize = 1_024;
/// At most so many lines of header.
const HEADERS_MAX: usize = 100;
/// At most so many bytes of header.
const HEADER_BYTES_MAX: usize = 16 * 1024;
/// Requests under way get so long when the service stops.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(10);
/// So long the loop rests when the system has no more room for a connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// What a visitor may take of us.
#[derive(Clone, Copy)]
struct Limits {
    header_timeout: Duration,
    connections_max: usize,
}

/// Serves `router` until `shutdown`; then lets the requests under way come to their end.
pub async fn serve(listener: TcpListener, router: Router, shutdown: CancellationToken) {
    let limits = Limits { header_timeout: HEADER_TIMEOUT, connections_max: CONNECTIONS_MAX };
    serve_within(limits, listener, router, shutdown).await;
}

async fn serve_within(
    limits: Limits,
    listener: TcpListener,
    router: Router,
    shutdown: CancellationToken,
) {
    let places = Arc::new(Semaphore::new(limits.connections_max));
    let connections = TaskTracker::new();
    loop {
        let place = tokio::select! {
            () = shutdown.cancelled() => break,
            place = Arc::clone(&places).acquire_owned() => place,
        };
        let Ok(place) = place else { break };
        let accepted = tokio::select! {
            () = shutdown.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::warn!(%error, "could not accept a connection");
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        let (router, shutdown) = (router.clone(), shutdown.clone());
        connections.spawn(async move {
            answer(stream, router, limits, shutdown).await;
            drop(place);
        });
    }
    drop(listener);
    connections.close();
    if tokio::time::timeout(DRAIN_TIMEOUT, connections.wait()).await.is_err() {
        tracing::warn!(n_connections = connections.len(), "stopped with requests under way");
    }
}

async fn answer(stream: TcpStream, router: Router, limits: Limits, shutdown: CancellationToken) {
    let service = router.map_request(|request: hyper::Request<Incoming>| request.map(Body::new));
    let service = service.map_err(|never: Infallible| never);
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_timeout)
        .max_headers(HEADERS_MAX)
        .max_buf_size(HEADER_BYTES_MAX);
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
        // A visitor who hangs up is no event; a slow one is cut off here.
        tracing::debug!(%error, "a connection ended early");
    }
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    /// Short enough for a test, long enough for a busy machine.
    const LIMITS: Limits =
        Limits { header_timeout: Duration::from_millis(300), connections_max: 2 };

    async fn start(router: Router) -> (std::net::SocketAddr, CancellationToken, TaskTracker) {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        tasks.spawn(serve_within(LIMITS, listener, router, stop.clone()));
        tasks.close();
        (address, stop, tasks)
    }

    async fn ask(address: std::net::SocketAddr, request: &str) -> String {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    const WHOLE: &str = "GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    const HALF: &str = "GET / HTTP/1.1\r\nhost: x\r\n";

    #[tokio::test]
    async fn a_request_is_answered_and_the_loop_ends_when_told() {
        let (address, stop, tasks) = start(Router::new().route("/", get(async || "hei"))).await;
        let answer = ask(address, WHOLE).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert!(answer.ends_with("hei"));
        stop.cancel();
        tasks.wait().await;
        assert!(TcpStream::connect(address).await.is_err());
    }

    #[tokio::test]
    async fn half_headers_are_cut_off_and_do_not_keep_others_out() {
        let (address, stop, tasks) = start(Router::new().route("/", get(async || "hei"))).await;
        let before = std::time::Instant::now();
        let (one, two, third) =
            tokio::join!(ask(address, HALF), ask(address, HALF), ask(address, WHOLE));
        assert!(!one.starts_with("HTTP/1.1 200") && !two.starts_with("HTTP/1.1 200"));
        assert!(third.starts_with("HTTP/1.1 200"), "{third}");
        assert!(LIMITS.header_timeout <= before.elapsed());
        stop.cancel();
        tasks.wait().await;
    }
}
