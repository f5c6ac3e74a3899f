//! The door by raw sockets, with limits that are short enough for a test.

use axum::body::Bytes;
use axum::routing::{get, post};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::*;

/// Short enough for a test, long enough for a busy machine.
const LIMITS: Limits = Limits {
    header_timeout: Duration::from_millis(300),
    idle_timeout: Duration::from_millis(1_200),
    body_timeout: Duration::from_millis(400),
    send_timeout: Duration::from_secs(5),
    connections_max: 4,
    per_address_max: 4,
};

struct Started {
    address: std::net::SocketAddr,
    stop: CancellationToken,
    tasks: TaskTracker,
    traffic: Arc<Traffic>,
}

async fn start() -> Started {
    let router = Router::new()
        .route("/", get(async || "hei"))
        .route("/body", post(async |body: Bytes| body.len().to_string()))
        .route(
            "/slow",
            get(async || {
                tokio::time::sleep(Duration::from_millis(600)).await;
                "seint"
            }),
        );
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
    let door = Door { secure: true, ..Door::default() };
    let traffic = Arc::clone(&door.traffic);
    tasks.spawn(serve_within(Hall::new(door, LIMITS), listener, router, stop.clone()));
    tasks.close();
    Started { address, stop, tasks, traffic }
}

impl Started {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Sends bytes and reads all that comes until the end.
    async fn ask(&self, request: &str) -> String {
        told(self.connect().await, request).await
    }

    async fn end(self) {
        self.stop.cancel();
        self.tasks.wait().await;
        assert!(TcpStream::connect(self.address).await.is_err());
    }
}

async fn told(mut stream: TcpStream, request: &str) -> String {
    // Whoever is turned away at the door may not even get its question off.
    drop(stream.write_all(request.as_bytes()).await);
    let mut answer = vec![];
    drop(stream.read_to_end(&mut answer).await);
    String::from_utf8(answer).unwrap()
}

const WHOLE: &str = "GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
const KEPT: &str = "GET / HTTP/1.1\r\nhost: x\r\n\r\n";
const HALF: &str = "GET / HTTP/1.1\r\nhost: x\r\n";

#[tokio::test]
async fn a_request_is_answered_and_the_loop_ends_when_told() {
    let door = start().await;
    let answer = door.ask(WHOLE).await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("hei"), "{answer}");
    let under_way =
        tokio::spawn(told(door.connect().await, "GET /slow HTTP/1.1\r\nhost: x\r\n\r\n"));
    tokio::time::sleep(Duration::from_millis(100)).await;
    door.end().await;
    assert!(under_way.await.unwrap().ends_with("seint"), "what is under way is answered");
}

#[tokio::test]
async fn whoever_says_nothing_or_half_makes_room_at_once() {
    let door = start().await;
    let mut waiting = vec![];
    for n in 0..20 {
        let mut stream = door.connect().await;
        if n % 2 == 0 {
            drop(stream.write_all(HALF.as_bytes()).await);
        }
        waiting.push(stream);
    }
    let before = Instant::now();
    let answer = door.ask(WHOLE).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(before.elapsed() < LIMITS.header_timeout, "nobody waits for a time to run out");
    assert!(16 <= door.traffic.closed_for_room.get());
    door.end().await;
}

#[tokio::test]
async fn a_header_has_its_time_and_so_has_a_connection_between_two() {
    let door = start().await;
    let before = Instant::now();
    assert_eq!(door.ask(HALF).await, "");
    let half = before.elapsed();
    assert!(LIMITS.header_timeout <= half && half < LIMITS.idle_timeout, "{half:?}");
    let before = Instant::now();
    assert!(door.ask(KEPT).await.ends_with("hei"));
    let kept = before.elapsed();
    assert!(LIMITS.idle_timeout <= kept, "kept for the next request: {kept:?}");
    let before = Instant::now();
    let answer = door.ask(&[KEPT, HALF].concat()).await;
    assert_eq!(answer.matches("HTTP/1.1 200").count(), 1, "{answer}");
    assert!(before.elapsed() < LIMITS.idle_timeout * 2);
    door.end().await;
}

#[tokio::test]
async fn a_body_has_its_time() {
    let door = start().await;
    let slow = "POST /body HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n1234";
    let before = Instant::now();
    assert_eq!(door.ask(slow).await, "");
    assert!(LIMITS.body_timeout <= before.elapsed());
    let whole =
        "POST /body HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 4\r\n\r\n1234";
    assert!(door.ask(whole).await.ends_with('4'));
    door.end().await;
}

#[tokio::test]
async fn what_the_library_answers_by_itself_carries_our_headers_too() {
    let door = start().await;
    let many = format!("GET / HTTP/1.1\r\n{}\r\n", "a: b\r\n".repeat(HEADERS_MAX + 1));
    let long = format!("GET / HTTP/1.1\r\na: {}\r\n\r\n", "b".repeat(HEADER_BYTES_MAX * 2));
    for (sent, status) in [("kaudervelsk\r\n\r\n", "400"), (&many, "431"), (&long, "431")] {
        let answer = door.ask(sent).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{answer}");
        for line in ["content-security-policy: ", "x-content-type-options: nosniff\r\n"] {
            assert_eq!(answer.matches(line).count(), 1, "{answer}");
        }
        assert!(answer.contains("strict-transport-security: "), "{answer}");
    }
    let answer = door.ask(&[KEPT, "kaudervelsk\r\n\r\n"].concat()).await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("hei"), "{answer}");
    door.end().await;
}
