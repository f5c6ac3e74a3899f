//! The log screen without page loads: the same verbs as its forms, answered as JSON. A script that
//! keeps trying needs to tell "kept" from "not now" and from "never".

use axum::extract::{FromRequest, Path, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::around::stored_words;
use super::own_desk;
use super::{change_outcome, hide_names, read_entry, take_back, what_is_wrong};
use crate::http::Edge;
use crate::http::api::{body, check_token};
use crate::http::edge::caller::Caller;
use crate::http::edge::cookies::{Cookie, Keep};
use crate::http::edge::fields::{Asking, Fields};
use crate::http::edge::guard::Said;
use crate::http::edge::{HttpError, assets};
use crate::http::pages::{FieldError, clock_time};
use crate::inquiry::redact::Kind;
use crate::inquiry::{Channel, Entry, Logged, Source};

/// An entry that waited in a browser is dated so far back at most; what is older counts as now.
const WAITED_MAX: SignedDuration = SignedDuration::from_hours(7 * 24);

/// The fields that a script of ours has sent for this session.
pub(in crate::http) struct Sent(Fields);

impl<S: Send + Sync> FromRequest<S> for Sent {
    type Rejection = HttpError;

    async fn from_request(request: Request, state: &S) -> Result<Self, HttpError> {
        let caller = request.extensions().get::<Caller>().ok_or(HttpError::Forged)?;
        check_token(caller, request.headers())?;
        let sent = Json::<Map<String, Value>>::from_request(request, state).await;
        let mut fields = Fields::default();
        for (name, value) in body(sent)? {
            fields.fall_back(&name, value.as_str().ok_or(HttpError::Invalid)?.to_owned());
        }
        Ok(Self(fields))
    }
}

/// Logs a question. Says so once it is on the disk, and says the same however often it is sent.
pub(in crate::http) async fn save(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    Sent(mut fields): Sent,
) -> Result<Response, HttpError> {
    if let Err(error) = own_desk::settle(&edge, &caller, &mut fields) {
        // The screen shows what is wrong by the words, wherever the desk was chosen.
        return Ok(refused(&caller, &FieldError { field: "text", ..error }));
    }
    let entry = read_entry(&edge, &fields, (Source::Screen, caller.by()))?;
    let asked = asked(&fields, entry.asked);
    let entry = Entry { asked, ..entry };
    let (channel, desk) = (entry.channel, entry.desk.clone());
    let logged = match edge.off_thread(move |app| app.log(entry)).await? {
        Ok(logged) => logged,
        Err(error) => return Ok(refused(&caller, &what_is_wrong(caller.lang, error)?)),
    };
    let said = said(&edge, &caller, (logged, asked)).await?;
    let status = if logged.again { StatusCode::OK } else { StatusCode::CREATED };
    let mut response = (status, Json(said)).into_response();
    remember(&edge, &mut response, channel, &desk);
    Ok(response)
}

/// When it was asked: a browser that was cut off sends later than that.
fn asked(fields: &Fields, now: Timestamp) -> Timestamp {
    let said = fields.find("asked").and_then(|it| it.parse::<Timestamp>().ok());
    said.filter(|it| now - WAITED_MAX < *it && *it < now).unwrap_or(now)
}

/// What the row of a kept entry says. The words come back where some of them were masked.
async fn said(
    edge: &Edge,
    caller: &Caller,
    (logged, asked): (Logged, Timestamp),
) -> Result<Value, HttpError> {
    let mut text = None;
    if logged.masked.count != 0 && edge.app.is_ready() {
        edge.see_writes().await;
        text = edge.off_thread(move |app| stored_words(app, logged.id)).await??;
    }
    Ok(json!({
        "id": logged.id.to_string(),
        "sequence": logged.seq,
        "again": logged.again,
        "masked": logged.masked.count,
        "is_case": logged.masked.kinds.contains(Kind::CaseNumber),
        "hints": logged.masked.hints,
        "at": clock_time(caller.lang, asked, &edge.app.zone),
        "text": text,
        "build": assets::build(),
    }))
}

/// What is wrong, in the person's language, tied to the field that can mend it.
fn refused(caller: &Caller, wrong: &FieldError) -> Response {
    let said = json!({
        "type": "urn:skranke:invalid",
        "title": caller.lang.text("error.title.invalid"),
        "status": StatusCode::UNPROCESSABLE_ENTITY.as_u16(),
        "field": wrong.field,
        "detail": wrong.text,
    });
    (StatusCode::UNPROCESSABLE_ENTITY, Extension(Said), Json(said)).into_response()
}

fn remember(edge: &Edge, response: &mut Response, channel: Channel, desk: &str) {
    for (cookie, value) in [(Cookie::Channel, channel.name()), (Cookie::Desk, desk)] {
        if let Some(value) = cookie.set(value, Keep::Year, edge.secure) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }
}

/// Says what happened with one's own entry.
pub(in crate::http) async fn set_outcome(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    Path(id): Path<String>,
    Sent(fields): Sent,
) -> Result<Response, HttpError> {
    let outcome = change_outcome(&edge, &caller, (&id, &fields)).await?;
    let says = caller.lang.text("log.outcome_set");
    Ok(Json(json!({ "id": id, "outcome": outcome.name(), "says": says })).into_response())
}

/// Takes one's own entry back.
pub(in crate::http) async fn undo(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    Path(id): Path<String>,
    _: Sent,
) -> Result<Response, HttpError> {
    take_back(&edge, &caller, &id).await?;
    let says = caller.lang.text("log.undone");
    Ok(Json(json!({ "id": id, "says": says })).into_response())
}

/// Masks the names in one's own entry, and says what stands there now.
pub(in crate::http) async fn mask_names(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    Path(id): Path<String>,
    _: Sent,
) -> Result<Response, HttpError> {
    let own = hide_names(&edge, &caller, &id).await?;
    let text = edge.off_thread(move |app| stored_words(app, own)).await??;
    let says = caller.lang.text("log.names_gone");
    Ok(Json(json!({ "id": id, "text": text, "says": says })).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(said: &str, expected: &str) {
        let now: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
        let mut fields = Fields::default();
        fields.fall_back("asked", said.to_owned());
        assert_eq!(asked(&fields, now).to_string(), expected);
    }

    #[test]
    fn what_waited_in_a_browser_keeps_its_time_for_a_week() {
        check("2026-03-01T15:59:58.000Z", "2026-03-01T15:59:58Z");
        check("2026-02-20T15:00:00Z", "2026-03-02T09:00:00Z");
        check("2026-03-02T09:00:01Z", "2026-03-02T09:00:00Z");
        check("in the morning", "2026-03-02T09:00:00Z");
    }
}
