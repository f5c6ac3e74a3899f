//! How the service is reached, and whom it believes.

use std::path::PathBuf;

use url::{Host, Url};

use super::Reader;
use crate::net::IpRange;

/// How the service is reached.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    /// The proxies that are trusted to tell for whom they ask.
    pub trusted: Vec<IpRange>,
    /// Who may read the metrics besides this machine.
    pub metrics: Vec<IpRange>,
    /// The certificate that the service speaks TLS with; none where a proxy does it, or nobody.
    pub tls: Option<TlsFiles>,
}

/// The files of a certificate and its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate, with those between it and its authority.
    pub certificate: PathBuf,
    /// Its key, which nobody else may read.
    pub key: PathBuf,
}

/// Ranges of addresses with commas between.
fn ranges(text: &str) -> Result<Vec<IpRange>, String> {
    let parts = text.split(',').map(str::trim).filter(|it| !it.is_empty() && *it != "none");
    let (mut ranges, mut faults) = (vec![], vec![]);
    for part in parts {
        match IpRange::anywhere(part) {
            Ok(range) => ranges.push(range),
            Err(fault) => faults.push(fault.to_string()),
        }
    }
    if faults.is_empty() { Ok(ranges) } else { Err(faults.join("; ")) }
}

pub(super) fn network<G: Fn(&str) -> Option<String>>(from: &mut Reader<G>) -> Network {
    let path = |text: &str| Ok(Some(text).filter(|it| !it.is_empty()).map(PathBuf::from));
    let certificate = from.value("SKRANKE_TLS_CERT", "", path);
    let key = from.value("SKRANKE_TLS_KEY", "", path);
    if certificate.is_some() != key.is_some() {
        from.faults.push("SKRANKE_TLS_CERT and SKRANKE_TLS_KEY: one lacks the other".into());
    }
    Network {
        trusted: from.value("SKRANKE_TRUSTED_PROXIES", "127.0.0.1,::1", ranges),
        metrics: from.value("SKRANKE_METRICS_ALLOW", "", ranges),
        tls: certificate.zip(key).map(|(certificate, key)| TlsFiles { certificate, key }),
    }
}

/// Whether an address is one of plain HTTP at a name that is not this machine's: browsers hold
/// back there what they keep for protected pages.
pub fn is_plain_afar(base: &Url) -> bool {
    let is_here = match base.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(it)) => it.is_loopback(),
        Some(Host::Ipv6(it)) => it.is_loopback(),
        None => false,
    };
    base.scheme() == "http" && !is_here
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(base: &str, expected: bool) {
        assert_eq!(is_plain_afar(&base.parse().unwrap()), expected, "{base}");
    }

    #[test]
    fn plain_http_is_well_on_this_machine_alone() {
        check("http://127.0.0.1:8080", false);
        check("http://localhost", false);
        check("http://[::1]:8080", false);
        check("https://skranke.example.org", false);
        check("http://skranke.example.org", true);
        check("http://skranke", true);
        check("http://10.0.0.7:8080", true);
        check("http://0.0.0.0:8080", true);
    }

    #[test]
    fn ranges_stand_with_commas_between() {
        assert_eq!(ranges("10.0.0.0/8, ::1").unwrap().len(), 2);
        assert_eq!(ranges("none").unwrap(), []);
        assert!(ranges("10.0.0.0/8 ::1").is_err());
    }
}
