//! A folder of files as a website on loopback.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What a program answers.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) status: &'static str,
    /// A header without its line end.
    pub(crate) head: &'static str,
    pub(crate) body: Vec<u8>,
}

/// A website; it ends with the process.
#[derive(Debug)]
pub(crate) struct Served {
    /// Without a path.
    pub(crate) address: String,
    n_asked: Arc<AtomicUsize>,
}

impl Served {
    /// How many requests there were.
    pub(crate) fn n_asked(&self) -> usize {
        self.n_asked.load(Ordering::Relaxed)
    }
}

/// Serves the files below `root`.
pub(crate) fn serve(root: &Path) -> Served {
    serve_made(root, |_| None)
}

/// Serves what `made` makes of a path, or else the file.
pub(crate) fn serve_made(root: &Path, made: fn(&str) -> Option<Made>) -> Served {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = format!("http://{}", listener.local_addr().expect("it is bound"));
    let served = Served { address, n_asked: Arc::default() };
    let (root, n_asked) = (root.to_owned(), Arc::clone(&served.n_asked));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let root = root.clone();
            n_asked.fetch_add(1, Ordering::Relaxed);
            std::thread::spawn(move || answer(stream, &root, made));
        }
    });
    served
}

/// The file that an address on such a site stands for.
pub(crate) fn file(root: &Path, path: &str) -> Option<PathBuf> {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let path = unescaped(path.trim_start_matches('/'));
    let is_inside = !path.split('/').any(|it| it == "..");
    let file = root.join(&path);
    let file = if file.is_dir() { file.join("index.html") } else { file };
    (is_inside && file.is_file()).then_some(file)
}

fn unescaped(path: &str) -> String {
    let mut bytes = path.bytes();
    let mut out = vec![];
    while let Some(byte) = bytes.next() {
        let hex = |it: u8| char::from(it).to_digit(16).and_then(|it| u8::try_from(it).ok());
        if byte != b'%' {
            out.push(byte);
        } else if let (Some(a), Some(b)) = (bytes.next().and_then(hex), bytes.next().and_then(hex))
        {
            out.push(a * 16 + b);
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn kind(file: &Path) -> &'static str {
    match file.extension().and_then(|it| it.to_str()) {
        Some("html" | "htm") => "text/html",
        Some("pdf") => "application/pdf",
        Some("docx") => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        Some("css") => "text/css",
        Some("js") => "text/javascript",
        Some("txt") => "text/plain",
        _ => "application/octet-stream",
    }
}

/// Serves one request. The other end may hang up whenever it likes.
fn answer(mut stream: TcpStream, root: &Path, made: fn(&str) -> Option<Made>) {
    let mut request = String::new();
    let mut reader = BufReader::new(&stream);
    while !request.ends_with("\r\n\r\n") {
        if reader.read_line(&mut request).map_or(0, |it| it) == 0 {
            return;
        }
    }
    let path = request.split(' ').nth(1).unwrap_or_default();
    let found = || file(root, path).and_then(|it| Some((kind(&it), std::fs::read(&it).ok()?)));
    let (status, head, body) = match made(path) {
        Some(Made { status, head, body }) => (status, head.to_owned(), body),
        None => match found() {
            Some((kind, body)) => ("200 OK", format!("Content-Type: {kind}"), body),
            None => ("404 Not Found", "Content-Type: text/plain".to_owned(), vec![]),
        },
    };
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\n{head}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    drop(stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body)));
}
