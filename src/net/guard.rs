//! Decides which network addresses may be connected to.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// Which addresses the client may connect to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Guard {
    /// Whether the organisation's own network may be read: loopback, private ranges and any
    /// port. Link-local addresses (where clouds keep their credentials) stay closed all the same.
    pub allow_private: bool,
}

/// Why an address is not connected to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// Something else than the web.
    #[error("only http and https are read")]
    Scheme,
    /// `https://name:secret@host/`.
    #[error("addresses that hold a user name are not read")]
    User,
    /// A port where something else than a website listens.
    #[error("only ports 80 and 443 are read")]
    Port,
    /// An address that is not on the public internet.
    #[error("it lies on a private or local network")]
    Private,
}

impl Guard {
    /// Checks an address as it is written. A name is checked by the resolver, later.
    pub fn check(self, address: &Url) -> Result<(), Refusal> {
        if !matches!(address.scheme(), "http" | "https") {
            return Err(Refusal::Scheme);
        }
        if !address.username().is_empty() || address.password().is_some() {
            return Err(Refusal::User);
        }
        if !self.allow_private && !matches!(address.port_or_known_default(), Some(80 | 443)) {
            return Err(Refusal::Port);
        }
        match address.host() {
            Some(Host::Ipv4(ip)) if !self.admits(ip.into()) => Err(Refusal::Private),
            Some(Host::Ipv6(ip)) if !self.admits(ip.into()) => Err(Refusal::Private),
            Some(Host::Ipv4(_) | Host::Ipv6(_) | Host::Domain(_)) => Ok(()),
            None => Err(Refusal::Scheme),
        }
    }

    /// Tells whether `ip` may be connected to.
    pub fn admits(self, ip: IpAddr) -> bool {
        match ip {
            IpAddr::V4(ip) => is_global_v4(ip) || (self.allow_private && is_inside_v4(ip)),
            IpAddr::V6(ip) => {
                let mapped = ip.to_ipv4_mapped();
                let is_inside =
                    ip.is_loopback() || ip.is_unique_local() || mapped.is_some_and(is_inside_v4);
                is_global_v6(ip) || (self.allow_private && is_inside)
            }
        }
    }
}

/// The private ranges of RFC 1918, loopback, and the shared range of RFC 6598.
fn is_inside_v4(ip: Ipv4Addr) -> bool {
    let [a, b, ..] = ip.octets();
    ip.is_loopback() || ip.is_private() || (a == 100 && (64..128).contains(&b))
}

/// After the registry of special addresses (RFC 6890): what it lists is not global.
fn is_global_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    !matches!(
        (a, b, c),
        (0 | 10 | 127 | 224.., ..)
            | (100, 64..128, _)
            | (169, 254, _)
            | (172, 16..32, _)
            | (192, 168, _)
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (198, 18..20, _)
            | (198, 51, 100)
            | (203, 0, 113)
    )
}

/// Only 2000::/3 is given out; of it, tunnels (which carry an inner address), protocol and
/// documentation ranges are left out.
fn is_global_v6(ip: Ipv6Addr) -> bool {
    let [a, b, ..] = ip.segments();
    let is_given_out = (0x2000..0x4000).contains(&a);
    let is_special =
        (a == 0x2001 && (b < 0x0200 || b == 0x0db8)) || a == 0x2002 || (a == 0x3fff && b < 0x1000);
    is_given_out && !is_special
}

/// Resolves names and drops every address that the guard does not admit.
#[derive(Clone, Copy, Debug)]
pub(super) struct GuardedResolver(pub(super) Guard);

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.0;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let admitted: Vec<SocketAddr> = found.filter(|to| guard.admits(to.ip())).collect();
            if admitted.is_empty() {
                let refused = io::Error::new(io::ErrorKind::PermissionDenied, Refusal::Private);
                return Err(refused.into());
            }
            Ok(Box::new(admitted.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLOSED: Guard = Guard { allow_private: false };
    const INTRANET: Guard = Guard { allow_private: true };

    #[track_caller]
    fn check(guard: Guard, address: &str, expected: Result<(), Refusal>) {
        let parsed = Url::parse(address).expect("the table holds addresses");
        assert_eq!(guard.check(&parsed), expected, "{address}");
    }

    #[test]
    fn addresses_off_the_public_internet_are_refused() {
        for host in [
            "127.0.0.1",
            "127.255.255.254",
            "10.0.0.1",
            "10.255.255.255",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "100.127.255.255",
            "0.0.0.0",
            "0.1.2.3",
            "224.0.0.1",
            "239.1.1.1",
            "240.0.0.1",
            "255.255.255.255",
            "192.0.0.1",
            "192.0.2.1",
            "198.18.0.1",
            "198.51.100.7",
            "203.0.113.9",
            "[::1]",
            "[::]",
            "[fc00::1]",
            "[fdff::1]",
            "[fe80::1]",
            "[febf::1]",
            "[ff02::1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:8.8.8.8]",
            "[::127.0.0.1]",
            "[64:ff9b::7f00:1]",
            "[64:ff9b:1::1]",
            "[2001::1]",
            "[2001:db8::1]",
            "[2002:7f00:1::]",
            "[3fff::1]",
            "[100::1]",
            "127.1",
            "2130706433",
            "0x7f000001",
            "0x7f.1",
            "0177.0.0.1",
            "127.0.0.1.",
            "\u{ff11}\u{ff12}\u{ff17}.0.0.1",
            "0",
        ] {
            check(CLOSED, &format!("http://{host}/"), Err(Refusal::Private));
        }
    }

    #[test]
    fn public_addresses_and_names_pass() {
        for host in [
            "8.8.8.8",
            "172.15.0.1",
            "172.32.0.1",
            "100.63.0.1",
            "100.128.0.1",
            "169.253.0.1",
            "192.167.0.1",
            "223.255.255.255",
            "[2a01:4f8::1]",
            "[2001:4860:4860::8888]",
            "www.kommune.example",
            "kommune.example.",
            "r\u{f8}yrvik.example",
        ] {
            check(CLOSED, &format!("https://{host}/side"), Ok(()));
        }
    }

    #[test]
    fn only_the_web_on_its_own_ports_is_read() {
        check(CLOSED, "file:///etc/passwd", Err(Refusal::Scheme));
        check(CLOSED, "gopher://kommune.example/", Err(Refusal::Scheme));
        check(CLOSED, "data:text/html,hei", Err(Refusal::Scheme));
        check(CLOSED, "ftp://kommune.example/", Err(Refusal::Scheme));
        check(CLOSED, "http://kari@kommune.example/", Err(Refusal::User));
        check(CLOSED, "http://8.8.8.8:pass@kommune.example/", Err(Refusal::User));
        check(CLOSED, "http://kommune.example:6379/", Err(Refusal::Port));
        check(CLOSED, "http://kommune.example:22/", Err(Refusal::Port));
        check(CLOSED, "http://kommune.example:443/", Ok(()));
    }

    #[test]
    fn an_intranet_opens_private_ranges_but_never_link_local_ones() {
        for host in ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "[::1]", "[fd00::1]"] {
            check(INTRANET, &format!("http://{host}:8000/"), Ok(()));
        }
        for host in [
            "169.254.169.254",
            "0.0.0.0",
            "224.0.0.1",
            "[fe80::1]",
            "[::]",
            "[::ffff:169.254.169.254]",
            "[64:ff9b::a9fe:a9fe]",
        ] {
            check(INTRANET, &format!("http://{host}/"), Err(Refusal::Private));
        }
    }

    #[tokio::test]
    async fn a_name_that_stands_for_loopback_is_not_resolved() {
        let name = || "localhost".parse::<Name>().unwrap();
        assert!(GuardedResolver(CLOSED).resolve(name()).await.is_err());
        assert!(GuardedResolver(INTRANET).resolve(name()).await.is_ok());
    }
}
