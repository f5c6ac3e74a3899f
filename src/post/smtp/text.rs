//! Addresses and texts in the form in which they travel.

use lettre::Address;

use super::Trial;

/// The end of a line.
const CRLF: &[u8] = b"\r\n";

/// An address in the form in which it travels: a domain with letters such as ø has a spelling
/// without them, which every server takes.
pub(super) fn address(text: &str) -> Option<Address> {
    if !Trial::is_address(text) {
        return None;
    }
    let address: Address = text.parse().ok()?;
    if address.domain().is_ascii() {
        return Some(address);
    }
    let domain = url::Host::parse(address.domain()).ok()?;
    Address::new(address.user(), domain.to_string()).ok()
}

/// The lines of a mail without the last end, which comes with the final dot. Each ends as the
/// protocol has it: a server that takes a bare line feed for an end would find its own final dot.
pub(super) fn lines(mail: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(mail.len());
    let mut bytes = mail.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\r' => {
                bytes.next_if_eq(&b'\n');
                out.extend_from_slice(CRLF);
            }
            b'\n' => out.extend_from_slice(CRLF),
            _ => out.push(byte),
        }
    }
    if out.ends_with(CRLF) {
        out.truncate(out.len() - CRLF.len());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(mail: &str, want: &str) {
        assert_eq!(String::from_utf8(lines(mail.as_bytes())).unwrap(), want);
    }

    #[test]
    fn every_line_ends_as_the_protocol_has_it() {
        check("A: b\r\n\r\nhei\r\n", "A: b\r\n\r\nhei");
        check("A: b\r\n\r\nhei", "A: b\r\n\r\nhei");
        check("hei\r\n\r\n", "hei\r\n");
        check("a\n.\nMAIL FROM:<x@example.org>\n", "a\r\n.\r\nMAIL FROM:<x@example.org>");
        check("a\r.\rb\r\r\nc", "a\r\n.\r\nb\r\n\r\nc");
        check("", "");
    }

    #[test]
    fn a_domain_is_spelled_for_every_server() {
        let spelled = |text| address(text).map(|it| it.to_string());
        assert_eq!(spelled("kari@example.org").as_deref(), Some("kari@example.org"));
        assert_eq!(spelled("kari@bø.example").as_deref(), Some("kari@xn--b-5ga.example"));
        assert_eq!(spelled("kåre@bø.example").as_deref(), Some("kåre@xn--b-5ga.example"));
        for wrong in ["", "kari", "kari@example.org\r\nRCPT TO:<ola@example.org>", "a b@c.example"]
        {
            assert_eq!(spelled(wrong), None, "{wrong:?}");
        }
    }
}
