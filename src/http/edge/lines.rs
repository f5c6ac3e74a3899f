//! What an answer leaves in the log: a line of its own, and an event where somebody has tried to
//! get around what guards the service.

use std::time::Duration;

use axum::http::{Method, StatusCode, header};
use axum::response::Response;

use super::error::Fault;
use super::guard::{Passed, is_html};
use crate::http::Edge;
use crate::http::routes::{Route, To};

/// Counts an answer, and leaves a line: with the route's pattern, never the path, and with nobody's
/// name or address. Of files and of what watchers ask every few seconds there is none.
pub(super) fn note(edge: &Edge, (id, verb): (&str, &Method), response: &Response, took: Duration) {
    let route = response.extensions().get::<Passed>().map(|it| it.0);
    let status = response.status().as_u16();
    edge.traffic.answered(route, status, took);
    let is_quiet = matches!(
        route.map(|it| it.to),
        Some(To::Asset | To::Live | To::Ready | To::Health | To::Metrics)
    );
    if is_quiet && response.status().is_success() {
        return;
    }
    let pattern = route.map_or("none", |it| it.path);
    // A method is a word of the visitor's where it is none that we know.
    let verb = if verb.as_str().len() <= 7 { verb.as_str() } else { "other" };
    let duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    tracing::info!(
        request.id = id,
        verb,
        route = pattern,
        status,
        duration_ms,
        "answered {verb} {pattern} with {status} in {duration_ms} ms"
    );
    if let Some(event) = event(route, response) {
        tracing::warn!(
            event,
            request.id = id,
            verb,
            route = pattern,
            status,
            "refused {verb} {pattern} with {status}: {event}"
        );
    }
}

/// What was tried in vain, under the name that the papers promise; nothing for slips and for pages
/// that are not there.
fn event(route: Option<&Route>, response: &Response) -> Option<&'static str> {
    let fault = response.extensions().get::<Fault>().map(|it| it.0);
    let status = response.status();
    match fault {
        Some("forged") => return Some("form_forged"),
        Some("forbidden" | "token_scope") => return Some("access_denied"),
        Some("token_unknown" | "token_over" | "token_taken_back") => return Some("token_refused"),
        Some("invalid") => return Some("input_refused"),
        Some(_) | None => {}
    }
    match status {
        StatusCode::REQUEST_TIMEOUT
        | StatusCode::PAYLOAD_TOO_LARGE
        | StatusCode::URI_TOO_LONG
        | StatusCode::TOO_MANY_REQUESTS
        | StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => Some("limit_reached"),
        // Before a request reaches its route, it is its origin alone that can be forbidden.
        StatusCode::FORBIDDEN if route.is_none() => Some("origin_refused"),
        StatusCode::NOT_FOUND if route.is_some_and(|it| it.to.is_secret_address()) => {
            Some("link_refused")
        }
        StatusCode::BAD_REQUEST | StatusCode::UNSUPPORTED_MEDIA_TYPE if !is_page(response) => {
            Some("input_refused")
        }
        _ => None,
    }
}

/// A form that comes back with what is wrong is no attempt at anything.
fn is_page(response: &Response) -> bool {
    response.headers().get(header::CONTENT_TYPE).is_some_and(is_html)
}
