//! A small website on loopback whose pages a test changes as it likes.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// What is answered for one path.
#[derive(Clone)]
pub(crate) enum Reply {
    /// A page without anything to ask again by.
    Page(String),
    /// A page with an `ETag`; 304 when it is asked for with it.
    Tagged(String, String),
    /// A file of another kind.
    File(&'static str, String),
    /// A status without a body.
    Status(u16),
}

/// The website.
pub(crate) struct Website {
    /// Its address without a path.
    pub(crate) address: String,
    replies: Arc<Mutex<BTreeMap<String, Reply>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Website {
    /// Starts a website; what is not among `pages` is not found. It ends with the process.
    pub(crate) fn start(pages: &[(&str, Reply)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = format!("http://{}", listener.local_addr().expect("it is bound"));
        let replies = pages.iter().map(|(path, reply)| ((*path).to_owned(), reply.clone()));
        let site = Self {
            address,
            replies: Arc::new(Mutex::new(replies.collect())),
            asked: Arc::default(),
        };
        let (replies, asked) = (Arc::clone(&site.replies), Arc::clone(&site.asked));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (replies, asked) = (Arc::clone(&replies), Arc::clone(&asked));
                std::thread::spawn(move || serve(stream, &replies, &asked));
            }
        });
        site
    }

    /// Another answer from now on.
    pub(crate) fn set(&self, path: &str, reply: Reply) {
        self.replies.lock().expect("no test panics with it").insert(path.to_owned(), reply);
    }

    /// Each request since the last time, as status and path, sorted.
    pub(crate) fn asked(&self) -> Vec<String> {
        let mut asked = std::mem::take(&mut *self.asked.lock().expect("no test panics with it"));
        asked.sort();
        asked
    }

    /// An address on the site.
    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }
}

/// Serves one request. The other end may hang up whenever it likes.
fn serve(
    mut stream: TcpStream,
    replies: &Mutex<BTreeMap<String, Reply>>,
    asked: &Mutex<Vec<String>>,
) {
    let mut request = String::new();
    let mut reader = BufReader::new(&stream);
    while !request.ends_with("\r\n\r\n") {
        if reader.read_line(&mut request).map_or(0, |it| it) == 0 {
            return;
        }
    }
    let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
    let found = replies.lock().expect("no test panics with it").get(&path).cloned();
    let html = "text/html; charset=utf-8";
    let (status, head, body) = match found.unwrap_or(Reply::Status(404)) {
        Reply::Page(body) => (200, format!("Content-Type: {html}\r\n"), body),
        Reply::Tagged(tag, _) if request.contains(&format!("\"{tag}\"")) => {
            (304, String::new(), String::new())
        }
        Reply::Tagged(tag, body) => {
            (200, format!("Content-Type: {html}\r\nETag: \"{tag}\"\r\n"), body)
        }
        Reply::File(kind, body) => (200, format!("Content-Type: {kind}\r\n"), body),
        Reply::Status(status) => (status, String::new(), String::new()),
    };
    asked.lock().expect("no test panics with it").push(format!("{status} {path}"));
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status} X\r\n{head}Content-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    drop(stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes())));
}
