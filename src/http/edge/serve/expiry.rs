//! Until when a certificate holds, read from its bytes (X.509 in DER, RFC 5280).

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xa0;
/// A time with a year of two digits.
const SHORT_TIME: u8 = 0x17;
/// A time with a year of four.
const LONG_TIME: u8 = 0x18;

/// The first and the last instant of a certificate; none where its bytes are no certificate.
pub(super) fn validity(certificate: &[u8]) -> Option<(Timestamp, Timestamp)> {
    let (_, whole, _) = element(certificate, Some(SEQUENCE))?;
    let (_, mut signed, _) = element(whole, Some(SEQUENCE))?;
    if signed.first() == Some(&VERSION) {
        signed = element(signed, None)?.2;
    }
    // The serial number, the algorithm and the issuer stand before.
    for _ in 0..3 {
        signed = element(signed, None)?.2;
    }
    let (_, times, _) = element(signed, Some(SEQUENCE))?;
    let (kind, from, rest) = element(times, None)?;
    let (until_kind, until, _) = element(rest, None)?;
    Some((time(kind, from)?, time(until_kind, until)?))
}

/// The tag and the content of the first element, and what follows it.
fn element(bytes: &[u8], wanted: Option<u8>) -> Option<(u8, &[u8], &[u8])> {
    const LENGTH_BYTES_MAX: usize = 4;
    let (&tag, rest) = bytes.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        let count = usize::from(first & 0x7f);
        if LENGTH_BYTES_MAX < count {
            return None;
        }
        let (digits, rest) = rest.split_at_checked(count)?;
        (digits.iter().fold(0, |sum, it| sum << 8 | usize::from(*it)), rest)
    };
    let (content, rest) = rest.split_at_checked(length)?;
    wanted.is_none_or(|it| it == tag).then_some((tag, content, rest))
}

fn time(kind: u8, text: &[u8]) -> Option<Timestamp> {
    let text = std::str::from_utf8(text).ok()?.strip_suffix('Z')?;
    let (year, rest) = match kind {
        SHORT_TIME => {
            let (year, rest) = text.split_at_checked(2)?;
            let year: i16 = year.parse().ok()?;
            (if year < 50 { 2000 + year } else { 1900 + year }, rest)
        }
        LONG_TIME => {
            let (year, rest) = text.split_at_checked(4)?;
            (year.parse().ok()?, rest)
        }
        _ => return None,
    };
    let mut parts = [0_i8; 5];
    for (place, part) in parts.iter_mut().enumerate() {
        *part = rest.get(place * 2..place * 2 + 2)?.parse().ok()?;
    }
    let [month, day, hour, minute, second] = parts;
    let civil = DateTime::new(year, month, day, hour, minute, second, 0).ok()?;
    Some(civil.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use rustls::pki_types::CertificateDer;
    use rustls::pki_types::pem::PemObject;

    use super::*;

    #[track_caller]
    fn check(file: &str, from: &str, until: &str) {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/tls");
        let pem = std::fs::read(format!("{folder}/{file}")).unwrap();
        let der = CertificateDer::from_pem_slice(&pem).unwrap();
        let read = validity(&der).unwrap();
        assert_eq!((read.0.to_string().as_str(), read.1.to_string().as_str()), (from, until));
        for length in 0..40.min(der.len()) {
            assert_eq!(validity(&der[..length]), None, "cut off after {length} bytes");
        }
    }

    #[test]
    fn the_times_of_a_certificate_are_read() {
        check("expired.pem", "2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z");
        check("localhost.pem", "2026-01-01T00:00:00Z", "2125-12-31T00:00:00Z");
        check("cert.pem", "2020-01-01T00:00:00Z", "2120-01-01T00:00:00Z");
    }

    #[test]
    fn what_is_no_certificate_has_no_times() {
        for bytes in [&b""[..], b"\x30", b"\x30\x84\xff\xff\xff\xff", b"\x30\x85\0\0\0\0\0"] {
            assert_eq!(validity(bytes), None);
        }
        assert_eq!(time(SHORT_TIME, b"991331000000Z"), None);
        assert_eq!(time(LONG_TIME, b"20260101Z"), None);
    }
}
