//! Bytes to text: which letters a page is written in.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// A page names its encoding within so many bytes.
const META_BYTES_MAX: usize = 4_096;

/// Decodes a page: by its byte order mark, by `Content-Type`, by its own word, by its looks.
///
/// Both words may be wrong, and one lie is easily seen: text that is valid UTF-8 with letters
/// beyond ASCII is hardly ever anything else, and text that is not valid UTF-8 is not UTF-8.
pub(super) fn decode<'a>(body: &'a [u8], content_type: Option<&str>) -> Cow<'a, str> {
    if let Some((encoding, bytes)) = Encoding::for_bom(body) {
        return encoding.decode_without_bom_handling(&body[bytes..]).0;
    }
    let told = content_type.and_then(named).or_else(|| of_meta(body));
    if let Ok(text) = std::str::from_utf8(body)
        && !is_sixteen(told)
        && of_looks(body).is_none()
    {
        return Cow::Borrowed(text);
    }
    let encoding = match told {
        Some(told) if told != UTF_8 => told,
        Some(_) | None => of_looks(body).unwrap_or(WINDOWS_1252),
    };
    encoding.decode_without_bom_handling(body).0
}

fn is_sixteen(encoding: Option<&Encoding>) -> bool {
    encoding.is_some_and(|it| it == UTF_16LE || it == UTF_16BE)
}

/// The encoding that stands after `charset=`.
fn named(text: &str) -> Option<&'static Encoding> {
    let at = text.to_ascii_lowercase().find("charset")?;
    let rest = text[at + "charset".len()..].trim_start().strip_prefix('=')?;
    let rest = rest.trim_start().trim_start_matches(['"', '\'']);
    let label = rest.split(|it: char| it.is_whitespace() || "\"';>/".contains(it)).next()?;
    Encoding::for_label(label.as_bytes())
}

/// What the page says in its own head. A page that says UTF-16 in letters of one byte is not.
fn of_meta(body: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(&body[..body.len().min(META_BYTES_MAX)]);
    let tag = head.match_indices('<').map(|(at, _)| &head[at..]).find(|tag| {
        let is_meta = tag.get(..5).is_some_and(|name| name.eq_ignore_ascii_case("<meta"));
        is_meta && tag.split('>').next().is_some_and(|tag| named(tag).is_some())
    })?;
    named(tag.split('>').next()?).filter(|it| !is_sixteen(Some(it)))
}

/// Letters of two bytes show by their zeros.
fn of_looks(body: &[u8]) -> Option<&'static Encoding> {
    let sample = &body[..body.len().min(META_BYTES_MAX)];
    let zeros = |odd: usize| sample.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    let many = sample.len() / 2 * 3 / 10;
    match (zeros(0), zeros(1)) {
        (even, _) if 0 < many && many < even => Some(UTF_16BE),
        (_, odd) if 0 < many && many < odd => Some(UTF_16LE),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(body: &[u8], content_type: Option<&str>, expected: &str) {
        assert_eq!(decode(body, content_type), expected);
    }

    fn sixteen(text: &str, big: bool) -> Vec<u8> {
        text.encode_utf16()
            .flat_map(|it| if big { it.to_be_bytes() } else { it.to_le_bytes() })
            .collect()
    }

    #[test]
    fn the_name_of_the_encoding_is_believed() {
        check(b"s\xf8k", Some("text/html; charset=iso-8859-1"), "s\u{f8}k");
        check(b"s\xf8k", Some("text/html;Charset = \"windows-1252\""), "s\u{f8}k");
        check(b"<meta charset=latin1>s\xf8k", None, "<meta charset=latin1>s\u{f8}k");
        check(
            b"<META http-equiv=Content-Type content='text/html; charset=iso-8859-10'>\xe8",
            Some("text/html"),
            "<META http-equiv=Content-Type content='text/html; charset=iso-8859-10'>\u{10d}",
        );
    }

    #[test]
    fn a_lie_that_shows_is_seen_through() {
        check("s\u{f8}k".as_bytes(), Some("text/html; charset=iso-8859-1"), "s\u{f8}k");
        check(b"s\xf8k", Some("text/html; charset=utf-8"), "s\u{f8}k");
        check(b"<meta charset=utf-16>abc", None, "<meta charset=utf-16>abc");
        check(b"s\xf8k", None, "s\u{f8}k");
    }

    #[test]
    fn letters_of_two_bytes_are_read_with_and_without_a_mark() {
        check(&sixteen("\u{feff}<p>s\u{f8}k", true), None, "<p>s\u{f8}k");
        check(
            &sixteen("\u{feff}<p>s\u{f8}k", false),
            Some("text/html; charset=utf-8"),
            "<p>s\u{f8}k",
        );
        check(&sixteen("<p>hei p\u{e5} deg</p>", true), None, "<p>hei p\u{e5} deg</p>");
        check(&sixteen("<p>hei p\u{e5} deg</p>", false), None, "<p>hei p\u{e5} deg</p>");
    }

    #[test]
    fn odd_bytes_are_no_reason_to_fall() {
        check(b"", None, "");
        check(b"a\0b", None, "a\0b");
        check(b"charset", Some("charset"), "charset");
        check(b"<meta charset=", Some("text/html; charset="), "<meta charset=");
    }
}
