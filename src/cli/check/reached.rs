//! How the service is reached: TLS, proxies, and what browsers hold back without it.

use jiff::Timestamp;

use super::Found;
use crate::cli::serve::PLAIN_AFAR;
use crate::config::{Config, TlsFiles, is_plain_afar};
use crate::http::edge::{Standing, Tls};

/// A service needs so many descriptors for all connections, and some for its files.
const DESCRIPTORS_MIN: u64 = 2_048;

pub(super) fn look(config: &Config, now: Timestamp, found: &mut Found) {
    let base = &config.base_url;
    let is_https = base.scheme() == "https";
    match &config.network.tls {
        Some(files) => {
            tls(files, now, found);
            if !is_https {
                found.fault(
                    format!("the service speaks TLS, and people are told to come to {base}"),
                    "begin SKRANKE_BASE_URL with https",
                );
            }
        }
        None if is_https => by_proxy(config, found),
        None if is_plain_afar(base) => {
            let (what, to_do) = PLAIN_AFAR.split_once("; ").unwrap_or((PLAIN_AFAR, ""));
            found.note(format!("{base} is plain http: {what}"), to_do);
        }
        None => {}
    }
    match (is_https, config.secure_cookies) {
        (true, false) => found.fault(
            "cookies are not bound to TLS although people come by https",
            "take SKRANKE_SECURE_COOKIES away",
        ),
        (false, true) => found.fault(
            format!("cookies are bound to TLS, and people come to {base}: nobody can sign in"),
            "begin SKRANKE_BASE_URL with https, or take SKRANKE_SECURE_COOKIES away",
        ),
        (true, true) | (false, false) => {}
    }
    descriptors(found);
}

fn tls(files: &TlsFiles, now: Timestamp, found: &mut Found) {
    let tls = match Tls::open(files.clone()) {
        Ok(tls) => tls,
        Err(error) => {
            let to_do = "name a certificate with SKRANKE_TLS_CERT and its own key, which nobody \
                         else may read, with SKRANKE_TLS_KEY";
            return found.fault(error.to_string(), to_do);
        }
    };
    let name = files.certificate.display();
    match tls.standing(now) {
        Standing::Good(_) => {}
        Standing::Ends(until) => {
            found.note(format!("the certificate {name} ends at {until}"), "renew it");
        }
        Standing::Over(at) => {
            found.fault(
                format!("the certificate {name} does not hold: its time is {at}"),
                "renew it",
            );
        }
        Standing::Stuck(why) => found.fault(why, "renew it"),
    }
}

fn by_proxy(config: &Config, found: &mut Found) {
    let is_open = !config.listen.ip().is_loopback();
    if config.network.trusted.is_empty() {
        found.fault(
            "people come by https, so through a proxy, and no proxy is trusted: limits count \
             everybody as one",
            "set SKRANKE_TRUSTED_PROXIES to the proxy's address",
        );
    } else if is_open && config.network.trusted.iter().all(|it| it.is_loopback()) {
        found.note(
            format!(
                "the service listens on {}, and only proxies on this machine are trusted",
                config.listen
            ),
            "where the proxy is on another, set SKRANKE_TRUSTED_PROXIES to its address; where it \
             is on this one, listen on 127.0.0.1",
        );
    }
}

fn descriptors(found: &mut Found) {
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile).maximum;
    if let Some(limit) = limit.filter(|it| *it < DESCRIPTORS_MIN) {
        found.note(
            format!("the process may hold {limit} files and connections open"),
            "set LimitNOFILE=8192 in the unit: with fewer, fewer connections are held at once",
        );
    }
}
