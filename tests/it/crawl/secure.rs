//! A secure website that speaks HTTP/2 and nothing else. Its certificate was made for this test
//! and is trusted by nobody.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::Bytes;
use axum::http::{Request, Response};
use h2::RecvStream;
use h2::server::SendResponse;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use super::page;
use crate::harness::program::{PROGRAM, told};

/// So many pages the site has, its start not counted.
const PAGES: usize = 30;

#[derive(Default)]
struct Seen {
    connections: AtomicUsize,
    requests: AtomicUsize,
}

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/tls").join(name)
}

fn acceptor() -> TlsAcceptor {
    let certificate = CertificateDer::from_pem_file(file("cert.pem")).expect("a certificate");
    let key = PrivateKeyDer::from_pem_file(file("key.pem")).expect("its key");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("the versions of today")
        .with_no_client_auth();
    let mut config = config.with_single_cert(vec![certificate], key).expect("they fit");
    config.alpn_protocols = vec![b"h2".to_vec()];
    TlsAcceptor::from(Arc::new(config))
}

async fn serve(stream: TcpStream, acceptor: TlsAcceptor, seen: Arc<Seen>) -> Option<()> {
    let stream = acceptor.accept(stream).await.ok()?;
    let mut connection = h2::server::handshake(stream).await.ok()?;
    seen.connections.fetch_add(1, Ordering::SeqCst);
    while let Some(Ok((request, answer))) = connection.accept().await {
        seen.requests.fetch_add(1, Ordering::SeqCst);
        respond(&request, answer)?;
    }
    Some(())
}

fn respond(request: &Request<RecvStream>, mut answer: SendResponse<Bytes>) -> Option<()> {
    let path = request.uri().path();
    let links: Vec<String> = (0..PAGES).map(|it| format!("/side-{it}")).collect();
    let links: Vec<&str> = links.iter().map(String::as_str).collect();
    let (status, body) = match path {
        "/" => (200, page("Fram", "<p>Velkomen.</p>", &links)),
        _ if links.contains(&path) => (200, page(path, &format!("<p>Om {path}.</p>"), &[])),
        _ => (404, String::new()),
    };
    let head = Response::builder().status(status).header("content-type", "text/html");
    let mut stream = answer.send_response(head.body(()).ok()?, false).ok()?;
    stream.send_data(body.into(), true).ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_is_read_by_http_2_over_few_connections() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let start = format!("https://{}/", listener.local_addr().expect("it is bound"));
    let seen = Arc::new(Seen::default());
    let (acceptor, its) = (acceptor(), Arc::clone(&seen));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, acceptor.clone(), Arc::clone(&its)));
        }
    });
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path().join("pages.jsonl");
    let crawl = |certificate: PathBuf| {
        let mut command = Command::new(PROGRAM);
        command.args(["crawl", "--allow-private", "--pace-ms", "0", "--site", &start, "--out"]);
        command.arg(&out).env("SSL_CERT_FILE", certificate);
        tokio::task::spawn_blocking(move || command.output().expect("the program was built"))
    };
    let refused = crawl(file("key.pem")).await.expect("it ends");
    assert!(!refused.status.success(), "a server that nobody vouches for is not read");
    assert_eq!(seen.requests.load(Ordering::SeqCst), 0);

    let read = crawl(file("cert.pem")).await.expect("it ends");
    assert!(read.status.success(), "{}", told(&read));
    let pages = std::fs::read_to_string(&out).expect("written").lines().count();
    assert_eq!(pages, PAGES + 1);
    let count = |it: &AtomicUsize| it.load(Ordering::SeqCst);
    let (connections, requests) = (count(&seen.connections), count(&seen.requests));
    println!("{requests} requests over {connections} connections");
    assert!(PAGES < requests && connections <= 4, "{requests} over {connections}");
}
