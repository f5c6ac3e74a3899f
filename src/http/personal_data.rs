//! What a text tells of a person, for a screen that shows it while one types.

use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Edge;
use super::api::{body, check_token};
use super::edge::HttpError;
use super::edge::fields::Asking;
use crate::inquiry::Question;
use crate::inquiry::redact::{Found, Handling, Kinds, redact_but};

/// A text that somebody is about to log, and the kinds that stay.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    text: String,
    #[serde(default)]
    keep: String,
}

/// A passage of the text as it was sent, in UTF-16 units as scripts count.
#[derive(Debug, Serialize)]
struct Passage {
    kind: &'static str,
    start: usize,
    end: usize,
    may_keep: bool,
}

impl Passage {
    fn of(text: &str, found: Found) -> Self {
        let units = |end: usize| text[..end].encode_utf16().count();
        Self {
            kind: found.kind.name(),
            start: units(found.start),
            end: units(found.end),
            may_keep: found.kind.handling() != Handling::Always,
        }
    }
}

pub(super) async fn find(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    headers: HeaderMap,
    sent: Result<Json<Asked>, JsonRejection>,
) -> Result<Response, HttpError> {
    check_token(&caller, &headers)?;
    let Asked { text, keep } = body(sent)?;
    // Longer than a question can be, and nobody waits for it.
    if Question::CHARS_MAX * 8 < text.len() {
        return Err(HttpError::TooLarge);
    }
    let redacted = redact_but(&text, &edge.app.allowed(), Kinds::parse(&keep));
    let passages = |found: &[Found]| -> Vec<Passage> {
        found.iter().map(|it| Passage::of(&text, *it)).collect()
    };
    let said = json!({
        "text": redacted.text,
        "found": passages(&redacted.found),
        "hints": passages(&redacted.hints),
    });
    Ok(Json(said).into_response())
}

pub(super) async fn published(State(edge): State<Edge>) -> Response {
    let allowed = edge.app.allowed();
    Json(json!({ "numbers": allowed.numbers, "mails": allowed.mails })).into_response()
}
