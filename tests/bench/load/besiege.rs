//! Strangers who hold connections open, hang up, dawdle and send nonsense.

use std::io::Write;
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const HALF: usize = 1_000;
const IDLE: usize = 10_000;
/// So many threads hold them.
const HOLDERS: usize = 8;
/// What was closed is looked for so often, ...
const ROUND: Duration = Duration::from_millis(500);
/// ... and so many are opened anew in a round by each holder: 800 a second in all.
const OPENED_A_ROUND: usize = 50;

/// Connections that are kept open, and opened anew where the service closes them.
pub(crate) struct Guests {
    stop: Arc<AtomicBool>,
    held: Arc<AtomicUsize>,
}

impl Guests {
    /// How many were open at the last look.
    pub(crate) fn held(&self) -> usize {
        self.held.load(Ordering::Relaxed)
    }
}

impl Drop for Guests {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

/// Opens them and keeps at it.
pub(crate) fn besiege(address: SocketAddr) -> Guests {
    let guests = Guests { stop: Arc::default(), held: Arc::default() };
    for _ in 0..HOLDERS {
        let (stop, held) = (Arc::clone(&guests.stop), Arc::clone(&guests.held));
        std::thread::spawn(move || hold(address, &stop, &held));
    }
    guests
}

fn hold(address: SocketAddr, stop: &AtomicBool, held: &AtomicUsize) {
    let open = |half: bool| {
        let mut stream = TcpStream::connect_timeout(&address, ROUND).ok()?;
        if half {
            stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n").ok()?;
        }
        stream.set_nonblocking(true).ok()?;
        Some(stream)
    };
    let mut all: Vec<Option<TcpStream>> = (0..(HALF + IDLE) / HOLDERS).map(|_| None).collect();
    let mut before = 0;
    while !stop.load(Ordering::Relaxed) {
        let begun = Instant::now();
        let mut opened = 0;
        for (n, place) in all.iter_mut().enumerate() {
            if !place.as_ref().is_none_or(is_closed) {
                continue;
            }
            *place = None;
            if opened < OPENED_A_ROUND && begun.elapsed() < ROUND {
                *place = open(n < HALF / HOLDERS);
                opened += 1;
            }
        }
        let now = all.iter().flatten().count();
        held.fetch_add(now, Ordering::Relaxed);
        held.fetch_sub(before, Ordering::Relaxed);
        before = now;
        std::thread::park_timeout(ROUND.saturating_sub(begun.elapsed()));
    }
}

fn is_closed(stream: &TcpStream) -> bool {
    let mut byte = [0];
    match stream.peek(&mut byte) {
        Ok(read) => read == 0,
        Err(error) => error.kind() != std::io::ErrorKind::WouldBlock,
    }
}

/// For a time: some requests a second that are cut off, wrong, or never come to their end.
pub(crate) fn misbehave(address: SocketAddr, time: Duration) {
    const PAUSE: Duration = Duration::from_millis(100);
    const WRONG: [&[u8]; 7] = [
        b"GET / HTTP/1.1\r\nhost: x\r\n",
        b"POST /api/v1/inquiries HTTP/1.1\r\nhost: x\r\ncontent-length: 9000\r\n\r\n{\"key\":",
        b"POST /sign-in HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\n\r\na=b",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET /api/v1/gaps HTTP/1.1\r\nhost: x\r\nauthorization: Bearer skr_wrong\r\n\r\n",
        b"GET /gaps/%ff%fe HTTP/1.1\r\nhost: x\r\n\r\n",
        b"BREW / HTTP/9.9\r\n\r\n",
    ];
    let begun = Instant::now();
    let mut held = std::collections::VecDeque::new();
    for n in 0.. {
        if time <= begun.elapsed() {
            break;
        }
        if let Ok(mut stream) = TcpStream::connect(address) {
            drop(stream.write_all(WRONG[n % WRONG.len()]));
            // Every other one hangs up at once, the rest later.
            if n % 2 == 0 {
                held.push_back(stream);
            }
        }
        if 200 < held.len() {
            held.pop_front();
        }
        std::thread::park_timeout(PAUSE);
    }
}
