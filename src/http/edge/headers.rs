//! The headers that every answer carries, errors included.

use std::sync::{Arc, OnceLock};

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::http::metrics::{Limit, Traffic};

/// Scripts, styles and answers come from here alone. Icons of the design system are `data:` images.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; \
     style-src 'self'; img-src 'self' data:; connect-src 'self'; \
     font-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; \
     base-uri 'none'; frame-ancestors 'none'";

/// The page around a letter, which shows it in a frame.
const AROUND_LETTER: &str = "default-src 'none'; script-src 'self'; \
     style-src 'self'; img-src 'self' data:; connect-src 'self'; \
     font-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; \
     base-uri 'none'; frame-ancestors 'none'; frame-src 'self'";
/// A letter in that frame: it brings its styles along, as mail programs want it, and does nothing.
const LETTER: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; \
     form-action 'none'; frame-ancestors 'self'; sandbox";

/// Rides on an answer whose content is bound otherwise than all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Policy {
    /// The page around a letter.
    AroundLetter,
    /// A letter, which that page frames.
    Letter,
}

/// Every answer's headers, save those that differ by kind.
const FIXED: [(HeaderName, HeaderValue); 7] = [
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT_SECURITY_POLICY)),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=()"),
    ),
];

/// Puts the headers on an answer; what says nothing else is not to be kept anywhere.
pub(crate) async fn protect(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let policy = response.extensions().get::<Policy>().copied();
    put(response.headers_mut());
    bind(response.headers_mut(), policy);
    response
}

/// Binds the few answers that are not bound as all are.
fn bind(headers: &mut HeaderMap, policy: Option<Policy>) {
    let Some(policy) = policy else { return };
    let (text, framed) = match policy {
        Policy::AroundLetter => (AROUND_LETTER, "DENY"),
        Policy::Letter => (LETTER, "SAMEORIGIN"),
    };
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(text));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static(framed));
}

/// A year: browsers come by TLS only from now on, here and at names below, from where plain HTTP
/// could plant cookies.
const A_YEAR: HeaderValue = HeaderValue::from_static("max-age=31536000; includeSubDomains");

/// Tells browsers to come by TLS only from now on. For services that are reached so.
pub(crate) async fn demand_tls(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, A_YEAR);
    response
}

fn put(headers: &mut HeaderMap) {
    for (name, value) in FIXED {
        // A page with a secret in its address sends nobody on with it.
        if name == header::REFERRER_POLICY {
            headers.entry(name).or_insert(value);
        } else {
            headers.insert(name, value);
        }
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

/// The same as lines, for what is answered below all layers.
pub(crate) fn lines(secure: bool) -> &'static str {
    static LINES: [OnceLock<String>; 2] = [OnceLock::new(), OnceLock::new()];
    LINES[usize::from(secure)].get_or_init(|| {
        let mut headers = HeaderMap::new();
        put(&mut headers);
        if secure {
            headers.insert(header::STRICT_TRANSPORT_SECURITY, A_YEAR);
        }
        let line = |(name, value): (&HeaderName, &HeaderValue)| {
            format!("{name}: {}\r\n", value.to_str().unwrap_or_default())
        };
        headers.iter().map(line).collect()
    })
}

/// The longest address that is read.
pub(crate) const ADDRESS_BYTES_MAX: usize = 8 * 1024;
/// At most so many bytes of header ...
pub(crate) const HEADER_BYTES_MAX: usize = 16 * 1024;
/// ... in so many lines.
pub(crate) const HEADER_LINES_MAX: usize = 100;

/// Refuses what no browser sends: addresses and headers without measure, and a method that only
/// tells back what was sent.
pub(crate) async fn confine(
    State(traffic): State<Arc<Traffic>>,
    request: Request,
    next: Next,
) -> Response {
    match fault(&request) {
        None => next.run(request).await,
        Some(status) => {
            traffic.limited(Limit::Header);
            status.into_response()
        }
    }
}

fn fault(request: &Request) -> Option<StatusCode> {
    let address = request.uri().path_and_query().map_or(0, |it| it.as_str().len());
    let headers = request.headers();
    let bytes: usize = headers.iter().map(|(name, it)| name.as_str().len() + it.len() + 4).sum();
    if ADDRESS_BYTES_MAX < address {
        return Some(StatusCode::URI_TOO_LONG);
    }
    if HEADER_LINES_MAX < headers.len() || HEADER_BYTES_MAX < bytes {
        return Some(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    }
    let is_usual = !matches!(*request.method(), Method::TRACE | Method::CONNECT);
    (!is_usual).then_some(StatusCode::METHOD_NOT_ALLOWED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_says_nothing_is_not_kept_and_a_file_is() {
        let mut page = HeaderMap::new();
        put(&mut page);
        assert_eq!(page[header::CACHE_CONTROL], "no-store");
        assert_eq!(page[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        let mut file = HeaderMap::new();
        file.insert(header::CACHE_CONTROL, HeaderValue::from_static("immutable"));
        put(&mut file);
        assert_eq!(file[header::CACHE_CONTROL], "immutable");
    }

    #[test]
    fn the_policy_lets_no_inline_script_or_style_in() {
        assert!(!CONTENT_SECURITY_POLICY.contains("unsafe"));
        assert!(CONTENT_SECURITY_POLICY.contains("frame-ancestors 'none'"));
    }

    #[test]
    fn a_letter_may_do_nothing_and_only_the_page_around_it_shows_it() {
        assert!(AROUND_LETTER.starts_with(CONTENT_SECURITY_POLICY));
        assert!(!LETTER.contains("script") && !LETTER.contains("allow-"));
        let mut page = HeaderMap::new();
        put(&mut page);
        bind(&mut page, None);
        assert_eq!(page[header::CONTENT_SECURITY_POLICY], CONTENT_SECURITY_POLICY);
        assert_eq!(page[header::X_FRAME_OPTIONS], "DENY");
    }
}
