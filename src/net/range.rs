//! Ranges of network addresses that an administrator opens, such as `10.20.0.0/16`.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// A range of addresses of the organisation's own network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IpRange {
    base: IpAddr,
    bits: u8,
}

/// Why a text is no range that can be opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RangeError {
    /// It is no range at all.
    #[error("not a range of addresses such as 10.20.0.0/16: {0:?}")]
    Unreadable(String),
    /// It is not a part of a network that can be an organisation's own.
    #[error(
        "{0} is not a part of 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10, \
         127.0.0.0/8, ::1 or fc00::/7"
    )]
    Outside(String),
}

impl IpRange {
    /// All networks that can be an organisation's own: loopback, the private ranges of RFC 1918,
    /// the shared one of RFC 6598 and the local ones of RFC 4193. Link-local addresses, where
    /// clouds keep their credentials, are no part of it.
    pub const INSIDE: [Self; 7] = [
        Self::v4([10, 0, 0, 0], 8),
        Self::v4([172, 16, 0, 0], 12),
        Self::v4([192, 168, 0, 0], 16),
        Self::v4([100, 64, 0, 0], 10),
        Self::v4([127, 0, 0, 0], 8),
        Self { base: IpAddr::V6(Ipv6Addr::LOCALHOST), bits: 128 },
        Self { base: IpAddr::V6(Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0)), bits: 7 },
    ];

    const fn v4([a, b, c, d]: [u8; 4], bits: u8) -> Self {
        Self { base: IpAddr::V4(Ipv4Addr::new(a, b, c, d)), bits }
    }

    /// Tells whether the range holds `ip`. An IPv4 address in IPv6 clothes is what it stands for.
    pub fn holds(self, ip: IpAddr) -> bool {
        match (self.base, ip.to_canonical()) {
            (IpAddr::V4(base), IpAddr::V4(ip)) => {
                same(base.to_bits().into(), ip.to_bits().into(), 32 - u32::from(self.bits))
            }
            (IpAddr::V6(base), IpAddr::V6(ip)) => {
                same(base.to_bits(), ip.to_bits(), 128 - u32::from(self.bits))
            }
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }

    /// Whether it is this machine's alone.
    pub fn is_loopback(self) -> bool {
        self.base.to_canonical().is_loopback() && 8 <= self.bits
    }

    fn is_inside(self) -> bool {
        Self::INSIDE.iter().any(|it| it.bits <= self.bits && it.holds(self.base))
    }
}

impl IpRange {
    /// Reads a range of any network, as where a proxy of the organisation's has an address of the
    /// internet. Not all addresses at once: then nobody would be told from anybody.
    ///
    /// # Errors
    /// When it is no range, or the range of all addresses.
    pub fn anywhere(text: &str) -> Result<Self, RangeError> {
        let range = Self::read(text)?;
        if range.bits == 0 { Err(RangeError::Unreadable(text.to_owned())) } else { Ok(range) }
    }

    fn read(text: &str) -> Result<Self, RangeError> {
        let unreadable = || RangeError::Unreadable(text.chars().take(80).collect());
        let (base, bits) = text
            .trim()
            .split_once('/')
            .map_or((text.trim(), None), |(base, bits)| (base, Some(bits)));
        let base: IpAddr = base.parse().map_err(|_| unreadable())?;
        let all = if base.is_ipv4() { 32 } else { 128 };
        let bits: u8 = bits.map_or(Ok(all), str::parse).map_err(|_| unreadable())?;
        if all < bits { Err(unreadable()) } else { Ok(Self { base, bits }) }
    }
}

fn same(one: u128, other: u128, free_bits: u32) -> bool {
    one.checked_shr(free_bits).unwrap_or(0) == other.checked_shr(free_bits).unwrap_or(0)
}

impl FromStr for IpRange {
    type Err = RangeError;

    /// Reads `10.20.0.0/16`, or one address.
    fn from_str(text: &str) -> Result<Self, RangeError> {
        let range = Self::read(text)?;
        if range.is_inside() { Ok(range) } else { Err(RangeError::Outside(range.to_string())) }
    }
}

impl fmt::Display for IpRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.base, self.bits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(range: &str, ip: &str, expected: bool) {
        let range: IpRange = range.parse().unwrap();
        assert_eq!(range.holds(ip.parse().unwrap()), expected, "{ip} in {range}");
    }

    #[test]
    fn a_range_holds_what_begins_like_it() {
        check("10.20.0.0/16", "10.20.255.1", true);
        check("10.20.0.0/16", "10.21.0.1", false);
        check("10.20.0.7", "10.20.0.7", true);
        check("10.20.0.7", "10.20.0.6", false);
        check("10.0.0.0/8", "::ffff:10.1.1.1", true);
        check("fd00::/8", "fd12::1", true);
        check("fd00::/8", "10.0.0.1", false);
        check("::1", "::1", true);
    }

    #[test]
    fn a_range_of_any_network_is_not_one_of_all() {
        assert!(IpRange::anywhere("192.0.2.0/24").unwrap().holds("192.0.2.9".parse().unwrap()));
        for text in ["0.0.0.0/0", "::/0", "", "192.0.2.0/33", "host"] {
            assert!(IpRange::anywhere(text).is_err(), "{text}");
        }
    }

    #[test]
    fn only_networks_of_ones_own_can_be_opened() {
        for text in ["0.0.0.0/0", "169.254.0.0/16", "8.8.8.8", "10.0.0.0/7", "fe80::/10", "::/0"] {
            assert!(matches!(text.parse::<IpRange>(), Err(RangeError::Outside(_))), "{text}");
        }
        for text in ["", "10.0.0.0/33", "10.0.0/8", "10.0.0.0/", "fd00::/129", "host"] {
            assert!(matches!(text.parse::<IpRange>(), Err(RangeError::Unreadable(_))), "{text}");
        }
    }
}
