//! Decides which network addresses may be connected to.

use std::collections::BTreeSet;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use super::range::IpRange;

/// Which addresses the client may connect to: the public internet on the web's own ports, and
/// what an administrator has opened of the organisation's own network, on any port.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Guard {
    open: Arc<[IpRange]>,
    /// A test listens on whatever port is free; what is refused shall be so for its address.
    #[cfg(test)]
    pub(super) is_on_any_port: bool,
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

/// What may be connected to for an address that was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// The public internet and what was opened.
    All,
    /// Only what was opened: the port is not one of the web's.
    Opened,
}

impl Guard {
    /// Opens ranges of the organisation's own network.
    pub fn opening(ranges: &[IpRange]) -> Self {
        Self {
            open: ranges.into(),
            #[cfg(test)]
            is_on_any_port: false,
        }
    }

    /// The same on every port: a test listens where it can.
    #[cfg(test)]
    pub(crate) fn on_any_port(self) -> Self {
        Self { is_on_any_port: true, ..self }
    }

    /// Checks an address as it is written. A name is checked by the resolver, later.
    pub fn check(&self, address: &Url) -> Result<(), Refusal> {
        self.reach(address).map(|_| ())
    }

    /// Checks an address as it is written, and tells what its name may stand for.
    pub(super) fn reach(&self, address: &Url) -> Result<Reach, Refusal> {
        if !matches!(address.scheme(), "http" | "https") {
            return Err(Refusal::Scheme);
        }
        if !address.username().is_empty() || address.password().is_some() {
            return Err(Refusal::User);
        }
        let reach = match address.port_or_known_default() {
            Some(80 | 443) => Reach::All,
            _ if self.may_use_any_port() => Reach::All,
            _ if self.open.is_empty() => return Err(Refusal::Port),
            _ => Reach::Opened,
        };
        let ip: IpAddr = match address.host() {
            Some(Host::Ipv4(ip)) => ip.into(),
            Some(Host::Ipv6(ip)) => ip.into(),
            Some(Host::Domain(_)) => return Ok(reach),
            None => return Err(Refusal::Scheme),
        };
        match (self.admits(ip, reach), self.admits(ip, Reach::All)) {
            (true, _) => Ok(reach),
            (false, true) => Err(Refusal::Port),
            (false, false) => Err(Refusal::Private),
        }
    }

    /// Tells whether `ip` may be connected to.
    pub(super) fn admits(&self, ip: IpAddr, reach: Reach) -> bool {
        let is_opened = self.open.iter().any(|range| range.holds(ip));
        let is_global = match ip {
            IpAddr::V4(ip) => is_global_v4(ip),
            IpAddr::V6(ip) => is_global_v6(ip),
        };
        is_opened || (is_global && reach == Reach::All)
    }

    #[cfg(not(test))]
    #[expect(clippy::unused_self, reason = "a test's guard has such a setting")]
    const fn may_use_any_port(&self) -> bool {
        false
    }

    #[cfg(test)]
    const fn may_use_any_port(&self) -> bool {
        self.is_on_any_port
    }
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

/// What a test says that a name stands for.
#[cfg(test)]
pub(crate) type Told = Arc<dyn Fn(&str) -> Vec<SocketAddr> + Send + Sync>;

/// What names stand for.
#[derive(Clone)]
pub(super) enum Names {
    /// What the system says.
    System,
    /// What a test says; each time anew.
    #[cfg(test)]
    Told(Told),
}

impl Names {
    /// The network addresses that a name stands for now.
    pub(super) async fn of(&self, name: &str) -> io::Result<Vec<SocketAddr>> {
        match self {
            Self::System => Ok(tokio::net::lookup_host((name, 0)).await?.collect()),
            #[cfg(test)]
            Self::Told(tell) => Ok(tell(name)),
        }
    }
}

/// Resolves names and drops every address that the guard does not admit.
#[derive(Clone)]
pub(super) struct GuardedResolver {
    pub(super) guard: Guard,
    pub(super) reach: Reach,
    pub(super) names: Names,
    /// The proxy's own name: it is the administrator's, and lies inside as a rule.
    pub(super) trusted: BTreeSet<String>,
}

impl GuardedResolver {
    /// What a name stands for, without what may not be connected to.
    pub(super) async fn addresses(&self, name: &str) -> io::Result<Vec<SocketAddr>> {
        let mut found = self.names.of(name).await?;
        if !self.trusted.contains(name) {
            found.retain(|to| self.guard.admits(to.ip(), self.reach));
        }
        if found.is_empty() {
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, Refusal::Private));
        }
        Ok(found)
    }
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let resolver = self.clone();
        Box::pin(async move {
            let admitted = resolver.addresses(name.as_str()).await?;
            Ok(Box::new(admitted.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn intranet() -> Guard {
        Guard::opening(&IpRange::INSIDE)
    }

    #[track_caller]
    fn check(guard: &Guard, address: &str, expected: Result<(), Refusal>) {
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
            check(&Guard::default(), &format!("http://{host}/"), Err(Refusal::Private));
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
            check(&Guard::default(), &format!("https://{host}/side"), Ok(()));
        }
    }

    #[test]
    fn only_the_web_on_its_own_ports_is_read() {
        check(&Guard::default(), "file:///etc/passwd", Err(Refusal::Scheme));
        check(&Guard::default(), "gopher://kommune.example/", Err(Refusal::Scheme));
        check(&Guard::default(), "data:text/html,hei", Err(Refusal::Scheme));
        check(&Guard::default(), "ftp://kommune.example/", Err(Refusal::Scheme));
        check(&Guard::default(), "http://kari@kommune.example/", Err(Refusal::User));
        check(&Guard::default(), "http://8.8.8.8:pass@kommune.example/", Err(Refusal::User));
        check(&Guard::default(), "http://kommune.example:6379/", Err(Refusal::Port));
        check(&Guard::default(), "http://kommune.example:22/", Err(Refusal::Port));
        check(&Guard::default(), "http://kommune.example:443/", Ok(()));
    }

    #[test]
    fn an_intranet_opens_private_ranges_but_never_link_local_ones() {
        for host in ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "[::1]", "[fd00::1]"] {
            check(&intranet(), &format!("http://{host}:8000/"), Ok(()));
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
            check(&intranet(), &format!("http://{host}/"), Err(Refusal::Private));
        }
    }

    #[test]
    fn what_is_opened_is_opened_and_no_more() {
        let guard = Guard::opening(&["10.20.0.0/16".parse().unwrap()]);
        check(&guard, "http://10.20.1.2:8000/", Ok(()));
        check(&guard, "http://10.21.1.2/", Err(Refusal::Private));
        check(&guard, "http://127.0.0.1/", Err(Refusal::Private));
        check(&guard, "http://8.8.8.8/", Ok(()));
        // Another port is no reason to ask the whole world on it.
        check(&guard, "http://8.8.8.8:8000/", Err(Refusal::Port));
    }

    #[tokio::test]
    async fn a_name_stands_for_what_is_admitted() {
        let told = |ips: &'static [&'static str]| GuardedResolver {
            guard: Guard::opening(&["10.20.0.0/16".parse().unwrap()]),
            reach: Reach::All,
            names: Names::Told(Arc::new(|_| {
                ips.iter().map(|it| SocketAddr::new(it.parse().unwrap(), 0)).collect()
            })),
            trusted: BTreeSet::from(["proxy.example".to_owned()]),
        };
        let mixed = told(&["127.0.0.1", "8.8.8.8", "10.20.0.1"]);
        assert_eq!(mixed.addresses("x.example").await.unwrap().len(), 2);
        let opened = GuardedResolver { reach: Reach::Opened, ..mixed };
        assert_eq!(opened.addresses("x.example").await.unwrap().len(), 1);
        assert!(told(&["127.0.0.1", "::1"]).addresses("localhost").await.is_err());
        assert!(told(&["127.0.0.1"]).addresses("proxy.example").await.is_ok());
    }
}
