//! What the headers of an answer say.

use std::time::Duration;

use jiff::fmt::rfc2822::DateTimeParser;
use reqwest::header::{self, HeaderMap, HeaderName};

use super::unpack::{Coding, UnpackError};

/// The longest header value that is handed on.
const HEADER_CHARS_MAX: usize = 2_000;

/// The codings that a body is packed in.
pub(super) fn codings(headers: &HeaderMap) -> Result<Vec<Coding>, UnpackError> {
    let lines = headers.get_all(header::CONTENT_ENCODING).iter();
    let all = lines.map(|it| String::from_utf8_lossy(it.as_bytes())).collect::<Vec<_>>();
    Coding::of_header(&all.join(","))
}

/// A server may send the header several times.
pub(super) fn robots_tag(headers: &HeaderMap) -> Option<String> {
    let lines = headers.get_all(HeaderName::from_static("x-robots-tag")).iter();
    let lines = lines.map(|it| String::from_utf8_lossy(it.as_bytes()));
    let all = lines.filter(|it| it.len() <= HEADER_CHARS_MAX).collect::<Vec<_>>().join("\n");
    Some(all).filter(|it| !it.trim().is_empty())
}

/// Seconds, or a date; a date is compared with the server's own clock, which may be wrong
/// together with it.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let wish = text(headers, &header::RETRY_AFTER)?;
    if let Ok(seconds) = wish.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = |text: &str| DateTimeParser::new().parse_timestamp(text).ok();
    let (then, now) = (date(&wish)?, date(&text(headers, &header::DATE)?)?);
    Some(then.duration_since(now).try_into().unwrap_or(Duration::ZERO))
}

/// A server that names no type is given the benefit of the doubt.
pub(super) fn is_wanted(content_type: Option<&str>, accept: &[&str]) -> bool {
    let Some(content_type) = content_type else {
        return true;
    };
    let bare = content_type.split(';').next().unwrap_or_default().trim();
    accept.is_empty() || accept.iter().any(|wanted| bare.eq_ignore_ascii_case(wanted))
}

/// A header as text; one that is too long or no text is treated as absent.
pub(super) fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let value = headers.get(name)?;
    let text = String::from_utf8_lossy(value.as_bytes());
    let text = text.trim();
    (!text.is_empty() && text.len() <= HEADER_CHARS_MAX).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(content_type: Option<&str>, expected: bool) {
        assert_eq!(is_wanted(content_type, &["text/html", "application/xhtml+xml"]), expected);
    }

    #[test]
    fn media_types_are_compared_without_case_and_parameters() {
        check(Some("text/html"), true);
        check(Some("Text/HTML; charset=utf-8"), true);
        check(Some("application/pdf"), false);
        check(Some("text/htmlx"), false);
        check(None, true);
    }

    #[test]
    fn a_wish_to_be_left_alone_is_seconds_or_a_date() {
        let wish = |wish: &str, date: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::RETRY_AFTER, wish.parse().unwrap());
            headers.insert(header::DATE, date.parse().unwrap());
            retry_after(&headers).map(|it| it.as_secs())
        };
        let date = "Sun, 06 Nov 1994 08:49:37 GMT";
        assert_eq!(wish("120", "x"), Some(120));
        assert_eq!(wish("Sun, 06 Nov 1994 08:50:37 GMT", date), Some(60));
        assert_eq!(wish("Sun, 06 Nov 1994 08:40:37 GMT", date), Some(0));
        assert_eq!(wish("Sun, 06 Nov 1994 08:50:37 GMT", "x"), None);
        assert_eq!(wish("-1", date), None);
        assert_eq!(wish("soon", date), None);
    }
}
