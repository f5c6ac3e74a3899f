//! A network that means no good: floods, slow visitors, odd bytes, and what watchers see of them.

mod check;
mod door;
mod headers;
mod lines;
mod metrics;
mod sizes;
mod tls;
mod tries;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::harness::visitor::{Answer, Visitor, parsed};

/// Connects, with a time after which a test fails rather than waits.
fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).expect("it listens");
    stream.set_read_timeout(Some(Duration::from_secs(30))).expect("it can be set");
    stream
}

/// Sends bytes and reads until the end; none when no whole answer came.
fn send(address: SocketAddr, bytes: &[u8]) -> Option<Answer> {
    let mut stream = connect(address);
    // Whoever sends too much is answered before all of it is taken.
    drop(stream.write_all(bytes));
    let mut told = vec![];
    drop(stream.read_to_end(&mut told));
    parsed(&told)
}

/// The value of a metric, with its labels as they are written.
#[track_caller]
fn metric(address: SocketAddr, name: &str) -> f64 {
    let text = Visitor::new(address).get("/metrics").body;
    let line = text.lines().find_map(|it| it.strip_prefix(name)?.strip_prefix(' '));
    line.unwrap_or("0").parse().expect("a number")
}
