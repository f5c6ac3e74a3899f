//! TLS at the service itself: spoken, renewed without a start, and told of in time.

use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use super::{connect, send};
use crate::harness::visitor::{Answer, Service, parsed};

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/tls");

/// Somebody who trusts the authority of the tests.
fn client() -> Arc<ClientConfig> {
    let pem = fs::read(format!("{FIXTURES}/authority.pem")).expect("a file");
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(&pem).expect("a certificate")).expect("usable");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let mut config = config.expect("versions").with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Arc::new(config)
}

/// Asks by TLS; what went wrong otherwise.
fn ask(service: &Service, path: &str) -> Result<Answer, String> {
    let name = ServerName::try_from("localhost").expect("a name");
    let connection = ClientConnection::new(client(), name).expect("a client");
    let mut stream = StreamOwned::new(connection, connect(service.address));
    let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).map_err(|it| it.to_string())?;
    assert_eq!(stream.conn.alpn_protocol(), Some(&b"http/1.1"[..]));
    let mut told = vec![];
    stream.read_to_end(&mut told).map_err(|it| it.to_string())?;
    parsed(&told).ok_or_else(|| "half an answer".to_owned())
}

/// A certificate and its key in a folder.
fn laid(folder: &Path, certificate: &str) -> (PathBuf, PathBuf) {
    let (cert, key) = (folder.join("cert.pem"), folder.join("key.pem"));
    fs::copy(format!("{FIXTURES}/{certificate}"), &cert).expect("copied");
    fs::copy(format!("{FIXTURES}/mail.key"), &key).expect("copied");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).expect("closed");
    (cert, key)
}

#[test]
fn the_service_speaks_tls_and_takes_a_renewed_certificate_without_a_start() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (cert, key) = laid(folder.path(), "expired.pem");
    let (cert_text, key_text) = (cert.to_string_lossy(), key.to_string_lossy());
    let settings =
        [("SKRANKE_TLS_CERT", cert_text.as_ref()), ("SKRANKE_TLS_KEY", key_text.as_ref())];
    let service = Service::start_with(&folder.path().join("data"), &settings).expect("it starts");
    let refused = ask(&service, "/livez").expect_err("it has expired");
    assert!(refused.contains("xpired"), "{refused}");
    fs::copy(format!("{FIXTURES}/localhost.pem"), &cert).expect("copied");
    let begun = Instant::now();
    let answer = loop {
        match ask(&service, "/livez") {
            Ok(answer) => break answer,
            Err(_) if begun.elapsed() < Duration::from_secs(15) => std::thread::yield_now(),
            Err(error) => panic!("{error}"),
        }
    };
    assert_eq!(answer.status, 200);
    assert!(answer.headers.iter().any(|it| it.0 == "strict-transport-security"));
    let health = ask(&service, "/healthz").expect("an answer").json();
    assert_eq!(health["certificate"]["status"], "ok", "{health}");
    let page = ask(&service, "/setup").expect("an answer");
    let cookie = page.headers.iter().find(|it| it.0 == "set-cookie").expect("a cookie");
    assert!(cookie.1.starts_with("__Host-") && cookie.1.ends_with("; Secure"), "{}", cookie.1);
    let plain = b"GET /livez HTTP/1.1\r\nhost: x\r\n\r\n";
    assert!(send(service.address, plain).is_none(), "plain HTTP is not answered");
}

#[test]
fn a_key_that_everybody_can_read_keeps_the_service_from_starting() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (cert, key) = laid(folder.path(), "localhost.pem");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).expect("opened");
    let (cert, key) = (cert.to_string_lossy(), key.to_string_lossy());
    let settings = [("SKRANKE_TLS_CERT", cert.as_ref()), ("SKRANKE_TLS_KEY", key.as_ref())];
    let data = folder.path().join("data");
    let told = Service::start_with(&data, &settings).err().expect("it does not start");
    assert!(told.contains("is open to everybody (mode 644); chmod 600 closes it"), "{told}");
    assert!(!data.exists(), "nothing was done before");
}

#[test]
fn a_handshake_that_does_not_come_is_cut_off() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (cert, key) = laid(folder.path(), "localhost.pem");
    let (cert, key) = (cert.to_string_lossy(), key.to_string_lossy());
    let settings = [("SKRANKE_TLS_CERT", cert.as_ref()), ("SKRANKE_TLS_KEY", key.as_ref())];
    let service = Service::start_with(&folder.path().join("data"), &settings).expect("it starts");
    let mut silent = connect(service.address);
    let begun = Instant::now();
    let mut told = vec![];
    drop(silent.read_to_end(&mut told));
    let after = begun.elapsed();
    assert!((Duration::from_secs(4)..Duration::from_secs(9)).contains(&after), "{after:?}");
}
