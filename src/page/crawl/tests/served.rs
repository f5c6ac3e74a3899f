//! A small website on loopback for tests: it answers whatever a test wants, also what no decent
//! server would.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::page::crawl::address::Address;

/// What is answered for one path.
#[derive(Clone)]
pub(super) enum Reply {
    /// Status, headers (each with its line end) and body.
    Full(u16, String, Vec<u8>),
    /// 304 when the request carries this `ETag`, else a page.
    Tagged(String, String),
}

/// The website; gone when dropped.
pub(super) struct Website {
    pub(super) address: String,
    replies: Arc<Mutex<BTreeMap<String, Reply>>>,
    asked: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Reply {
    /// A page.
    pub(super) fn page(html: &str) -> Self {
        Self::Full(200, "Content-Type: text/html; charset=utf-8\r\n".into(), html.into())
    }

    /// An answer without a body.
    pub(super) fn status(status: u16) -> Self {
        Self::Full(status, String::new(), vec![])
    }

    /// A redirect.
    pub(super) fn to(address: &str) -> Self {
        Self::Full(302, format!("Location: {address}\r\n"), vec![])
    }

    /// A file that is no page, such as robots.txt.
    pub(super) fn text(text: &str) -> Self {
        Self::Full(200, "Content-Type: text/plain\r\n".into(), text.into())
    }
}

impl Website {
    /// Starts a website; what is not among `pages` is not found.
    pub(super) async fn start(pages: &[(&str, Reply)]) -> Self {
        Self::start_on("127.0.0.1", pages).await
    }

    /// The same on another network address of this machine.
    pub(super) async fn start_on(ip: &str, pages: &[(&str, Reply)]) -> Self {
        let listener = TcpListener::bind(format!("{ip}:0")).await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let replies = pages.iter().map(|(path, reply)| ((*path).to_owned(), reply.clone()));
        let replies = Arc::new(Mutex::new(replies.collect::<BTreeMap<_, _>>()));
        let asked = Arc::new(Mutex::new(vec![]));
        let (its, seen) = (Arc::clone(&replies), Arc::clone(&asked));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&its), Arc::clone(&seen)));
            }
        });
        Self { address, replies, asked, task }
    }

    /// Another answer from now on.
    pub(super) fn set(&self, path: &str, reply: Reply) {
        self.replies.lock().unwrap().insert(path.to_owned(), reply);
    }

    /// The paths that were asked for since the last time.
    pub(super) fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }

    /// An address on the site.
    pub(super) fn at(&self, path: &str) -> Address {
        Address::parse(&format!("{}{path}", self.address)).unwrap()
    }
}

impl Drop for Website {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(
    mut stream: TcpStream,
    replies: Arc<Mutex<BTreeMap<String, Reply>>>,
    asked: Arc<Mutex<Vec<String>>>,
) {
    let mut request = vec![];
    while !request.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => request.push(byte),
            Err(_) => return,
        }
    }
    let request = String::from_utf8(request).unwrap();
    let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
    let reply = replies.lock().unwrap().get(&path).cloned().unwrap_or(Reply::status(404));
    asked.lock().unwrap().push(path);
    let (status, head, body) = match reply {
        Reply::Full(status, head, body) => (status, head, body),
        Reply::Tagged(etag, _) if request.contains(&format!("\"{etag}\"")) => {
            (304, String::new(), vec![])
        }
        Reply::Tagged(etag, html) => {
            (200, format!("Content-Type: text/html\r\nETag: \"{etag}\"\r\n"), html.into_bytes())
        }
    };
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status} X\r\n{head}Content-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    // The other end may have had enough; that is what some tests are about.
    let _ = stream.write_all(head.as_bytes()).await;
    let _ = stream.write_all(&body).await;
}
