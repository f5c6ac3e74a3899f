//! What the second crawl of a site costs, beside the first: bytes on the wire and time of a
//! processor.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use skranke::app::{App, OpenOptions};
use skranke::clock::Clock;
use skranke::organisation::Site;
use skranke::page::Parser;

/// A crawl and what followed it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cost {
    pub(crate) pages: u32,
    pub(crate) unchanged: u32,
    /// What the server sent and got, heads and all.
    pub(crate) bytes: u64,
    /// Of a processor, in milliseconds: the program with the child that reads pages.
    pub(crate) processor_ms: u64,
}

/// Pages by their paths, served with an `ETag` each. The server ends with the process.
struct Tagged {
    address: String,
    bytes: Arc<AtomicU64>,
    /// Of a processor, in nanoseconds: what the server itself has used.
    used: Arc<AtomicU64>,
}

impl Tagged {
    fn start(pages: BTreeMap<String, Vec<u8>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = format!("http://{}", listener.local_addr().expect("it is bound"));
        let site = Self { address, bytes: Arc::default(), used: Arc::default() };
        let (bytes, used, pages) =
            (Arc::clone(&site.bytes), Arc::clone(&site.used), Arc::new(pages));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (bytes, used, pages) =
                    (Arc::clone(&bytes), Arc::clone(&used), Arc::clone(&pages));
                std::thread::spawn(move || {
                    // Counted while the other end still waits, or the last would be missing.
                    let count = |n: usize| bytes.fetch_add(n as u64, Ordering::SeqCst);
                    drop(answer(stream, &pages, &count));
                    let line = std::fs::read_to_string("/proc/thread-self/schedstat");
                    let first = line.ok().and_then(|it| it.split(' ').next()?.parse().ok());
                    used.fetch_add(first.unwrap_or(0), Ordering::SeqCst);
                });
            }
        });
        site
    }
}

/// Serves requests on one connection until the other end hangs up.
fn answer(
    mut stream: TcpStream,
    pages: &BTreeMap<String, Vec<u8>>,
    count: &dyn Fn(usize) -> u64,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    loop {
        let mut request = String::new();
        while !request.ends_with("\r\n\r\n") {
            if reader.read_line(&mut request)? == 0 {
                return Ok(());
            }
        }
        let path = request.split([' ', '?']).nth(1).unwrap_or_default();
        let is_known = request.to_ascii_lowercase().contains("\r\nif-none-match: \"1\"");
        let empty = vec![];
        let (status, body) = match pages.get(path) {
            Some(_) if is_known => ("304 Not Modified", &empty),
            Some(body) => ("200 OK", body),
            None => ("404 Not Found", &empty),
        };
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nETag: \"1\"\r\n\
             Content-Length: {}\r\n\r\n",
            body.len()
        );
        count(request.len() + head.len() + body.len());
        stream.write_all(&[head.as_bytes(), body].concat())?;
    }
}

/// Crawls a site twice, with the stored index kept up as the service does.
pub(crate) fn crawl_twice(
    (data, program): (&Path, &str),
    pages: BTreeMap<String, Vec<u8>>,
    start: &str,
) -> [Cost; 2] {
    let served = Tagged::start(pages);
    let site = Site {
        allow_private: true,
        pace_ms: 0,
        ..Site::new(&format!("{}{start}", served.address))
    };
    let zone = jiff::tz::TimeZone::UTC;
    let options = OpenOptions { data: data.to_owned(), clock: Clock::System, zone };
    let app = App::open(options).expect("the data folder opens");
    app.start_live();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let costs = [1, 2].map(|_| {
        let parser = Parser::child(program.into());
        let used = || processor_ms() - served.used.load(Ordering::SeqCst) / 1_000_000;
        let (before, bytes) = (used(), served.bytes.load(Ordering::SeqCst));
        let outcome = runtime.block_on(app.crawl(&site, &parser, None)).expect("it is read");
        app.settle().expect("the view follows");
        assert!(app.settle_index(Duration::from_secs(60)), "the index follows");
        let pages = outcome.pages;
        Cost {
            pages: pages.new + pages.changed + pages.unchanged,
            unchanged: pages.unchanged,
            bytes: served.bytes.load(Ordering::SeqCst) - bytes,
            processor_ms: used() - before,
        }
    });
    app.close();
    costs
}

/// The time of a processor that this process, its children that ended and those that live have
/// used. A hundred ticks a second on every Linux.
fn processor_ms() -> u64 {
    let ticks = |fields: &[&str], from: usize, n: usize| -> u64 {
        fields.iter().skip(from).take(n).filter_map(|it| it.parse::<u64>().ok()).sum()
    };
    let own = std::process::id().to_string();
    let mut all = 0;
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Ok(stat) = std::fs::read_to_string(entry.path().join("stat")) else { continue };
        let Some((_, rest)) = stat.rsplit_once(") ") else { continue };
        let fields: Vec<&str> = rest.split(' ').collect();
        if entry.file_name().to_str() == Some(&own) {
            all += ticks(&fields, 11, 4);
        } else if fields.get(1) == Some(&own.as_str()) {
            all += ticks(&fields, 11, 2);
        }
    }
    all * 10
}
