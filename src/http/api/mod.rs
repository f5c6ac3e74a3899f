//! The programming interface: the same verbs as JSON, described from the route table.

mod describe;
mod example;
mod log;
pub(super) mod op;
pub(super) mod page;
pub(super) mod rooms;
mod shapes;
pub(super) mod tell;
pub(super) mod work;

use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Edge;
use super::edge::HttpError;
use super::edge::caller::Caller;
use super::edge::cookies::Cookie;
use super::edge::fields::Asking;
use super::log::{Answers, answers_to, look_up};
use super::pages::{Hits, Spoken};
use describe::describe;
pub(super) use log::{LogSent, LoggedSeen, log, masked_of_machine};
use op::Wrong;

/// A page of ours sends this with its token; a form field carries it elsewhere.
const CSRF_HEADER: &str = "x-csrf";

/// Checks that a JSON request comes from a page of ours, or from a machine: no browser adds a
/// machine's token by itself, so nothing can be forged with one.
pub(super) fn check_token(caller: &Caller, headers: &HeaderMap) -> Result<(), HttpError> {
    if caller.machine().is_some() {
        return Ok(());
    }
    let sent = headers.get(CSRF_HEADER).and_then(|it| it.to_str().ok()).unwrap_or_default();
    caller.owns_form(sent).then_some(()).ok_or(HttpError::Forged)
}

pub(super) fn body<T>(sent: Result<Json<T>, JsonRejection>) -> Result<T, HttpError> {
    sent.map(|Json(body)| body).map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => HttpError::TooLarge,
        _ => HttpError::Invalid,
    })
}

/// A question that is looked up; what is wrong with it is told with its field.
fn asked(sent: Result<Json<Map<String, Value>>, JsonRejection>) -> Result<Query, Wrong> {
    let Json(sent) = sent.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => HttpError::TooLarge.into(),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Wrong::Media,
        _ => Wrong::of_body(&rejection),
    })?;
    serde_json::from_value(Value::Object(sent)).map_err(|it| Wrong::of_value(&it))
}

/// What the look-up takes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Query {
    /// A question, in anybody's words.
    text: String,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Suggestions {
    is_down: bool,
    /// What reception may say.
    answer: Option<SuggestedAnswer>,
    passages: Vec<SuggestedPassage>,
    earlier: Vec<SuggestedQuestion>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct SuggestedAnswer {
    text: String,
    day: String,
    inquiry: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct SuggestedPassage {
    address: String,
    title: String,
    heading: String,
    parts: Vec<SuggestedPart>,
    lang: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct SuggestedPart {
    text: String,
    marked: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
struct SuggestedQuestion {
    inquiry: String,
    text: String,
    count: u32,
    state: Option<String>,
}

impl From<Hits> for Suggestions {
    fn from(hits: Hits) -> Self {
        let passages = hits.passages.into_iter().map(|it| SuggestedPassage {
            address: it.address,
            title: it.title,
            heading: it.heading,
            parts: it
                .parts
                .into_iter()
                .map(|it| SuggestedPart { text: it.text, marked: it.marked })
                .collect(),
            lang: it.lang,
        });
        let earlier = hits.earlier.into_iter().map(|it| SuggestedQuestion {
            inquiry: it.inquiry,
            text: it.text,
            count: it.count,
            state: it.state,
        });
        let answer =
            hits.answer.map(|Spoken { text, day, inquiry }| SuggestedAnswer { text, day, inquiry });
        Self {
            is_down: hits.is_down,
            answer,
            passages: passages.collect(),
            earlier: earlier.collect(),
        }
    }
}

pub(super) async fn suggest(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    headers: HeaderMap,
    sent: Result<Json<Map<String, Value>>, JsonRejection>,
) -> Result<Response, Wrong> {
    check_token(&caller, &headers)?;
    let hits = look_up(&edge, &caller, asked(sent)?.text).await?;
    Ok(Json(Suggestions::from(hits)).into_response())
}

/// What answers a question, for a machine that stands before a caller. It hears nothing of what
/// others have asked, and nothing is kept.
pub(super) async fn answers(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    headers: HeaderMap,
    sent: Result<Json<Map<String, Value>>, JsonRejection>,
) -> Result<Response, Wrong> {
    check_token(&caller, &headers)?;
    let Answers { is_down, spoken, passages } = answers_to(&edge, asked(sent)?.text).await?;
    let passages = passages.into_iter().map(|it| AnswerPassage {
        address: it.address,
        title: it.title,
        heading: it.heading,
        text: it.parts.into_iter().map(|part| part.text).collect(),
        lang: it.lang,
    });
    let answer = spoken.map(|(since, text, lang)| ApprovedAnswer {
        text,
        day: since.to_zoned(edge.app.zone.clone()).date(),
        lang,
    });
    let passages = passages.collect();
    Ok(Json(AnswersSeen { is_down, answer, passages }).into_response())
}

/// Who is signed in, and what a page of theirs sends along.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct SessionSeen {
    /// The person's id.
    pub(super) person: String,
    /// To be sent as x-csrf with whatever changes something.
    pub(super) csrf: String,
    /// The build of the pages.
    pub(super) build: String,
}

/// What answers a question.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct AnswersSeen {
    /// Whether nothing could be searched just now.
    is_down: bool,
    answer: Option<ApprovedAnswer>,
    /// At most three passages of the websites, the best first.
    passages: Vec<AnswerPassage>,
}

/// What an editor has approved to be said.
#[derive(Debug, Serialize, JsonSchema)]
struct ApprovedAnswer {
    text: String,
    day: Date,
    lang: &'static str,
}

/// A passage of a website.
#[derive(Debug, Serialize, JsonSchema)]
struct AnswerPassage {
    address: String,
    title: String,
    heading: String,
    text: String,
    lang: String,
}

pub(super) async fn description(State(edge): State<Edge>) -> Response {
    let mut description = describe().clone();
    let session = Cookie::Session.name(edge.secure);
    description["components"]["securitySchemes"]["session"]["name"] = session.into();
    Json(description).into_response()
}
