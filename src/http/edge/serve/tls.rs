//! TLS at the door itself: a certificate that is read anew when its files change, and whose end is
//! told in time.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, Instant, SystemTime};

use jiff::{SignedDuration, Timestamp};
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::version::{TLS12, TLS13};
use rustls::{InconsistentKeys, ServerConfig};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::expiry::validity;
use crate::config::{TlsFiles, secret};

/// The files are looked at this often.
const LOOK_ROUND: Duration = Duration::from_secs(2);
/// Administrators are told this long before a certificate ends.
const TELL_BEFORE: SignedDuration = SignedDuration::from_hours(21 * 24);
/// The longest file of certificates that is read.
const FILE_BYTES_MAX: u64 = 1024 * 1024;

/// Why a certificate cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TlsError {
    /// A file cannot be used; the text is a sentence.
    #[error("{0}")]
    File(String),
    /// There is nothing of the kind in the file.
    #[error("{} has no {what} in PEM form", path.display())]
    Absent {
        /// What is looked for.
        what: &'static str,
        /// The file.
        path: PathBuf,
    },
    /// The key is for another certificate.
    #[error("{} is not the key of {}", key.display(), certificate.display())]
    Mismatch {
        /// The certificate's file.
        certificate: PathBuf,
        /// The key's file.
        key: PathBuf,
    },
    /// The library refuses them.
    #[error("{} and its key cannot be used: {source}", certificate.display())]
    Unusable {
        /// The certificate's file.
        certificate: PathBuf,
        /// Why.
        source: rustls::Error,
    },
}

/// What the files held.
#[derive(Debug)]
struct Held {
    key: Arc<CertifiedKey>,
    times: Option<(Timestamp, Timestamp)>,
}

impl TlsFiles {
    fn held(&self) -> Result<Held, TlsError> {
        let chain = self.chain()?;
        let times = chain.first().and_then(|it| validity(it));
        let text = secret::read(&self.key, secret::Closed::ToOthers).map_err(TlsError::File)?;
        let key = PrivateKeyDer::from_pem_slice(text.as_bytes())
            .map_err(|_| TlsError::Absent { what: "private key", path: self.key.clone() })?;
        let key = CertifiedKey::from_der(chain, key, &ring::default_provider());
        let key = key.map_err(|source| match source {
            rustls::Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => {
                let Self { certificate, key } = self.clone();
                TlsError::Mismatch { certificate, key }
            }
            source => TlsError::Unusable { certificate: self.certificate.clone(), source },
        })?;
        Ok(Held { key: Arc::new(key), times })
    }

    fn chain(&self) -> Result<Vec<CertificateDer<'static>>, TlsError> {
        let path = &self.certificate;
        let fault =
            |it: io::Error| TlsError::File(format!("{} cannot be read: {it}", path.display()));
        if FILE_BYTES_MAX < fs::metadata(path).map_err(fault)?.len() {
            return Err(TlsError::File(format!("{} is too long", path.display())));
        }
        let pem = fs::read(path).map_err(fault)?;
        let chain: Vec<_> = CertificateDer::pem_slice_iter(&pem).filter_map(Result::ok).collect();
        if chain.is_empty() {
            return Err(TlsError::Absent { what: "certificate", path: path.clone() });
        }
        Ok(chain)
    }

    /// What tells that the files have changed.
    fn stamp(&self) -> Stamp {
        [&self.certificate, &self.key].map(|it| stamp(it))
    }
}

type Stamp = [Option<(SystemTime, u64)>; 2];

fn stamp(path: &Path) -> Option<(SystemTime, u64)> {
    let known = fs::metadata(path).ok()?;
    Some((known.modified().ok()?, known.len()))
}

/// What connections are protected by.
pub struct Tls {
    pair: TlsFiles,
    acceptor: TlsAcceptor,
    held: Arc<Current>,
    looked: Mutex<Looked>,
}

#[derive(Debug)]
struct Current(RwLock<Held>);

#[derive(Debug)]
struct Looked {
    at: Instant,
    stamp: Stamp,
    trouble: Option<String>,
}

/// What is to be told of a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It holds for a good while; the instant is its end, where it can be read.
    Good(Option<Timestamp>),
    /// It ends soon.
    Ends(Timestamp),
    /// It has ended, or has not begun.
    Over(Timestamp),
    /// The newer files cannot be used, so the older certificate is still shown.
    Stuck(String),
}

impl std::fmt::Debug for Tls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Tls({:?})", self.pair)
    }
}

impl Current {
    fn held(&self) -> std::sync::RwLockReadGuard<'_, Held> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ResolvesServerCert for Current {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.held().key))
    }
}

impl Tls {
    /// Reads the files.
    ///
    /// # Errors
    /// When they cannot be read, are open to everybody, or do not belong together.
    pub fn open(pair: TlsFiles) -> Result<Self, TlsError> {
        let stamp = pair.stamp();
        let held = Arc::new(Current(RwLock::new(pair.held()?)));
        let unusable =
            |source| TlsError::Unusable { certificate: pair.certificate.clone(), source };
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(&[&TLS13, &TLS12])
            .map_err(unusable)?
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(&held) as Arc<dyn ResolvesServerCert>);
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let looked = Mutex::new(Looked { at: Instant::now(), stamp, trouble: None });
        Ok(Self { pair, acceptor, held, looked })
    }

    /// Begins a protected conversation.
    pub(super) async fn shake_hands(&self, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        self.acceptor.accept(stream).await
    }

    fn looked(&self) -> MutexGuard<'_, Looked> {
        self.looked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether it is time to look at the files.
    pub(super) fn is_to_be_looked_at(&self, now: Instant) -> bool {
        LOOK_ROUND <= now.duration_since(self.looked().at)
    }

    /// Reads the files anew if they have changed; what cannot be used changes nothing. Blocks.
    pub(super) fn look(&self) {
        let stamp = self.pair.stamp();
        let mut looked = self.looked();
        looked.at = Instant::now();
        if looked.stamp == stamp {
            return;
        }
        match self.pair.held() {
            Ok(held) => {
                *self.held.0.write().unwrap_or_else(PoisonError::into_inner) = held;
                (looked.stamp, looked.trouble) = (stamp, None);
                tracing::info!("the certificate was read anew");
            }
            Err(error) => {
                // Half of a renewal may be on the disk: the next look tries again.
                let trouble = error.to_string();
                if looked.trouble.as_ref() != Some(&trouble) {
                    tracing::warn!(error = trouble, "could not read the certificate anew");
                    looked.trouble = Some(trouble);
                }
            }
        }
    }

    /// When it ends, where that can be read.
    pub(crate) fn ends(&self) -> Option<Timestamp> {
        self.held.held().times.map(|it| it.1)
    }

    /// What is to be told of it.
    pub fn standing(&self, now: Timestamp) -> Standing {
        if let Some(trouble) = self.looked().trouble.clone() {
            return Standing::Stuck(trouble);
        }
        match self.held.held().times {
            Some((from, _)) if now < from => Standing::Over(from),
            Some((_, until)) if until <= now => Standing::Over(until),
            Some((_, until)) if until.duration_since(now) < TELL_BEFORE => Standing::Ends(until),
            times => Standing::Good(times.map(|it| it.1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/tls");

    /// A certificate and a key in a folder of their own.
    fn laid(certificate: &str, key: &str, mode: u32) -> (tempfile::TempDir, TlsFiles) {
        let folder = tempfile::tempdir().unwrap();
        let pair = TlsFiles {
            certificate: folder.path().join("cert.pem"),
            key: folder.path().join("key.pem"),
        };
        fs::copy(format!("{FOLDER}/{certificate}"), &pair.certificate).unwrap();
        fs::copy(format!("{FOLDER}/{key}"), &pair.key).unwrap();
        fs::set_permissions(&pair.key, fs::Permissions::from_mode(mode)).unwrap();
        (folder, pair)
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[track_caller]
    fn check((certificate, key, mode): (&str, &str, u32), fault: &str) {
        let (_folder, pair) = laid(certificate, key, mode);
        let error = Tls::open(pair).unwrap_err().to_string();
        assert!(error.contains(fault), "{error}");
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        check(("cert.pem", "mail.key", 0o600), "is not the key of");
        check(("mail.key", "mail.key", 0o600), "has no certificate in PEM form");
        check(("localhost.pem", "localhost.pem", 0o600), "has no private key in PEM form");
        check(("localhost.pem", "mail.key", 0o644), "open to everybody");
        let (_folder, pair) = laid("localhost.pem", "mail.key", 0o640);
        assert!(Tls::open(pair).is_ok(), "a group of its own may read it");
    }

    #[test]
    fn a_renewed_certificate_is_shown_and_half_of_one_changes_nothing() {
        let (_folder, pair) = laid("expired.pem", "mail.key", 0o600);
        let tls = Tls::open(pair.clone()).unwrap();
        let now = at("2026-11-27T12:00:00Z");
        assert_eq!(tls.standing(now), Standing::Over(at("2025-01-01T00:00:00Z")));
        let soon = at("2024-12-12T00:00:00Z");
        assert_eq!(tls.standing(soon), Standing::Ends(at("2025-01-01T00:00:00Z")));
        fs::write(&pair.certificate, "half").unwrap();
        tls.look();
        assert!(matches!(tls.standing(now), Standing::Stuck(it) if it.contains("no certificate")));
        fs::copy(format!("{FOLDER}/localhost.pem"), &pair.certificate).unwrap();
        tls.look();
        assert_eq!(tls.standing(now), Standing::Good(Some(at("2125-12-31T00:00:00Z"))));
    }
}
