//! The door: whoever waits makes room, a real visitor is always answered, and the end is orderly.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use rustix::process::{Resource, Rlimit, Signal, getrlimit, setrlimit};

use super::{connect, metric};
use crate::harness::visitor::{Service, Visitor};

/// So many say half of something, and so many say nothing.
const HALF_OPEN: usize = 200;
const IDLE: usize = 1_500;

/// As many connections that say nothing as `SKRANKE_IDLE` tells.
#[expect(clippy::disallowed_methods, reason = "how long a test is, is none of the program's")]
fn idle() -> (usize, usize) {
    let told = std::env::var("SKRANKE_IDLE").ok().and_then(|it| it.parse().ok());
    told.map_or((HALF_OPEN, IDLE), |idle| (1_000, idle))
}

fn hold(address: std::net::SocketAddr, n: usize, says: &[u8]) -> Vec<TcpStream> {
    let held = (0..n).filter_map(|_| {
        let mut stream = TcpStream::connect(address).ok()?;
        drop(stream.write_all(says));
        Some(stream)
    });
    held.collect()
}

/// An account has 1,200 requests a minute, which the long form would use up.
#[expect(clippy::disallowed_methods, reason = "a person does not ask without a pause")]
fn pause() {
    std::thread::sleep(Duration::from_millis(60));
}

#[test]
fn a_visitor_is_answered_while_very_many_say_nothing_or_half() {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    setrlimit(Resource::Nofile, raised).expect("it can be raised");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut service = Service::start(&folder.path().join("data"));
    let mut visitor = service.set_up();
    let address = service.address;
    let (half_open, idle) = idle();
    let half = hold(address, half_open, b"GET / HTTP/1.1\r\nhost: x\r\na: b");
    let flood = std::thread::spawn(move || hold(address, idle, b""));
    let (mut slowest, mut n) = (Duration::ZERO, 0);
    while !flood.is_finished() || n < 20 {
        let begun = Instant::now();
        assert_eq!(visitor.try_get("/").map(|it| it.status), Some(200), "request {n}");
        (slowest, n) = (slowest.max(begun.elapsed()), n + 1);
        pause();
    }
    let silent = flood.join().expect("it ended");
    println!(
        "{} half-open and {} idle connections: {n} requests answered, the slowest in {slowest:?}",
        half.len(),
        silent.len()
    );
    assert_eq!(silent.len(), idle, "everybody was let in");
    let closed = ["room", "late"]
        .map(|it| metric(address, &format!("skranke_connections_closed_total{{reason=\"{it}\"}}")));
    println!("made room: {}, took too long: {}", closed[0], closed[1]);
    assert!(600.0 <= closed[0] + closed[1], "{closed:?}");
    assert!(metric(address, "skranke_connections_open") <= 1_024.0);
    assert!(0.0 < metric(address, "process_open_fds"));
}

#[test]
fn a_stop_lets_what_is_under_way_end_and_lets_nobody_else_in() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut service = Service::start(&folder.path().join("data"));
    service.set_up();
    let mut visitor = Visitor::new(service.address);
    visitor.get("/sign-in");
    let mut under_way = connect(service.address);
    let head = "POST /lang HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 7\r\n\
                content-type: application/x-www-form-urlencoded\r\n\r\n";
    under_way.write_all(head.as_bytes()).expect("sent");
    while metric(service.address, "skranke_connections_open") < 2.0 {
        std::thread::yield_now();
    }
    // One more answer has been given after the header came, so the loop has seen it.
    assert_eq!(visitor.get("/livez").status, 200);
    service.signal(Signal::TERM);
    while TcpStream::connect(service.address).is_ok() {
        std::thread::yield_now();
    }
    under_way.write_all(b"lang=nn").expect("sent");
    let mut answer = String::new();
    under_way.read_to_string(&mut answer).expect("answered");
    assert!(answer.starts_with("HTTP/1.1 403"), "a form without its token: {answer}");
    assert_eq!(service.ended_within(Duration::from_secs(20)), Some(0));
}

#[test]
fn a_body_that_does_not_come_is_cut_off_with_a_word() {
    let begun = Instant::now();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut service = Service::start(&folder.path().join("data"));
    service.set_up();
    let is_long = idle().1 != IDLE;
    // Half a minute is too long for every change; the unit tests of the door have shorter times.
    if is_long {
        let head = "POST /sign-in HTTP/1.1\r\nhost: x\r\ncontent-length: 700\r\n\r\nlogin=";
        let answer = super::send(service.address, head.as_bytes()).expect("an answer");
        assert_eq!(answer.status, 408);
        assert!(begun.elapsed() < Duration::from_secs(40));
    }
    let mut visitor = Visitor::new(service.address);
    assert_eq!(visitor.get("/livez").status, 200);
}
