//! Where a request comes from, also behind a proxy that is trusted to tell.

use std::net::{IpAddr, Ipv4Addr};

use axum::http::{HeaderMap, HeaderName, header};

use crate::net::IpRange;

/// The line by which proxies tell for whom they ask.
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
/// Lines that only a proxy adds.
const BY_PROXY: [HeaderName; 4] =
    [FORWARDED_FOR, header::FORWARDED, header::VIA, HeaderName::from_static("x-real-ip")];
/// So many hops are read; nobody has more proxies in a row.
const HOPS_MAX: usize = 32;

/// Who asks, as far as the network tells. Limits hang on it; it stands in no log and no record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Client {
    /// The address.
    pub(crate) address: IpAddr,
    /// Whether a proxy stands between, trusted or not.
    pub(crate) by_proxy: bool,
    /// Whether somebody tells for whom they ask and is not trusted to.
    pub(crate) is_told_in_vain: bool,
}

impl Client {
    /// Somebody of whom nothing is known, as where a request did not come by the accept loop.
    pub(crate) const UNKNOWN: Self =
        Self { address: IpAddr::V4(Ipv4Addr::UNSPECIFIED), by_proxy: true, is_told_in_vain: false };

    /// Reads who asks: the rightmost address that is not a trusted proxy's, where the one who
    /// calls is such a proxy; otherwise whoever calls, whatever the lines say.
    pub(super) fn of(peer: IpAddr, headers: &HeaderMap, trusted: &[IpRange]) -> Self {
        let peer = peer.to_canonical();
        let by_proxy = BY_PROXY.iter().any(|it| headers.contains_key(it));
        let is_trusted = |it: IpAddr| trusted.iter().any(|range| range.holds(it));
        if !is_trusted(peer) {
            let is_told_in_vain = headers.contains_key(FORWARDED_FOR);
            return Self { address: peer, by_proxy, is_told_in_vain };
        }
        let lines = headers.get_all(FORWARDED_FOR);
        let told: Vec<&str> = lines.iter().filter_map(|it| it.to_str().ok()).collect();
        let hops = told.iter().rev().flat_map(|line| line.rsplit(',')).take(HOPS_MAX);
        let mut address = peer;
        for hop in hops {
            // What cannot be read was not told by a proxy of ours: we see as far as the last one.
            let Some(told) = hop_address(hop.trim()) else { break };
            address = told;
            if !is_trusted(told) {
                break;
            }
        }
        Self { address, by_proxy, is_told_in_vain: false }
    }

    /// What limits are counted by.
    pub(crate) fn key(self) -> AddressKey {
        AddressKey::of(self.address)
    }
}

/// An address as limits count it: whoever has one of IPv6 has the whole of its last half.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct AddressKey(u128);

impl AddressKey {
    /// The key of an address.
    pub(crate) fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(it) => Self(u128::from(it.to_bits()) | 0xffff << 32),
            IpAddr::V6(it) => Self(it.to_bits() >> 64 << 64 | 1),
        }
    }
}

/// An address, perhaps with a port: `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]:80`.
fn hop_address(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|it| it.split(']').next());
    let address: Option<IpAddr> = match bare {
        Some(bare) => bare.parse().ok(),
        None => text.parse().ok().or_else(|| text.split_once(':')?.0.parse().ok()),
    };
    address.map(|it| it.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(peer: &str, told: &[&str], expected: &str) {
        let trusted: Vec<IpRange> =
            ["127.0.0.1", "10.0.0.0/8"].iter().map(|it| it.parse().unwrap()).collect();
        let mut headers = HeaderMap::new();
        for line in told {
            headers.append(FORWARDED_FOR, line.parse().unwrap());
        }
        let client = Client::of(peer.parse().unwrap(), &headers, &trusted);
        assert_eq!(client.address.to_string(), expected, "{peer} tells {told:?}");
    }

    #[test]
    fn the_rightmost_address_that_is_no_trusted_proxy_asks() {
        check("127.0.0.1", &[], "127.0.0.1");
        check("127.0.0.1", &["192.0.2.1"], "192.0.2.1");
        check("127.0.0.1", &["198.51.100.9, 192.0.2.1"], "192.0.2.1");
        check("127.0.0.1", &["198.51.100.9", "192.0.2.1, 10.1.1.1"], "192.0.2.1");
        check("127.0.0.1", &["10.2.2.2, 10.1.1.1"], "10.2.2.2");
        check("::ffff:127.0.0.1", &["[2001:db8::1]:443"], "2001:db8::1");
        check("127.0.0.1", &["192.0.2.1:5555"], "192.0.2.1");
    }

    #[test]
    fn what_cannot_be_read_or_comes_from_a_stranger_counts_for_nothing() {
        check("192.0.2.7", &["198.51.100.9"], "192.0.2.7");
        check("127.0.0.1", &["192.0.2.1, kari"], "127.0.0.1");
        check("127.0.0.1", &["192.0.2.1, , 10.1.1.1"], "10.1.1.1");
        check("127.0.0.1", &[""], "127.0.0.1");
    }

    #[test]
    fn whoever_tells_without_being_trusted_is_noticed() {
        let mut headers = HeaderMap::new();
        headers.insert(FORWARDED_FOR, "198.51.100.9".parse().unwrap());
        let client = Client::of("192.0.2.7".parse().unwrap(), &headers, &[]);
        assert!(client.by_proxy && client.is_told_in_vain);
    }

    #[test]
    fn addresses_of_one_network_of_ipv6_are_one() {
        let key = |it: &str| AddressKey::of(it.parse().unwrap());
        assert_eq!(key("2001:db8:1:2::1"), key("2001:db8:1:2:ffff::9"));
        assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
        assert_eq!(key("192.0.2.1"), key("::ffff:192.0.2.1"));
        assert_ne!(key("192.0.2.1"), key("192.0.2.2"));
    }
}
