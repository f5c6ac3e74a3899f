//! The programming interface: the same verbs as JSON, described from the route table.

mod describe;
mod log;

use axum::extract::rejection::JsonRejection;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Edge;
use super::edge::HttpError;
use super::edge::caller::Caller;
use super::edge::fields::{Asking, Fields};
use super::gaps::read_filter;
use super::log::{Answers, answers_to, look_up};
use super::pages::{Hits, Spoken};
use crate::app::TopicLine;
use crate::week::last_day;
use describe::describe;
pub(super) use log::log;

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

/// What the look-up takes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Query {
    text: String,
}

#[derive(Debug, Serialize)]
struct Suggestions {
    is_down: bool,
    /// What reception may say.
    answer: Option<SuggestedAnswer>,
    passages: Vec<SuggestedPassage>,
    earlier: Vec<SuggestedQuestion>,
}

#[derive(Debug, Serialize)]
struct SuggestedAnswer {
    text: String,
    day: String,
    inquiry: String,
}

#[derive(Debug, Serialize)]
struct SuggestedPassage {
    address: String,
    title: String,
    heading: String,
    parts: Vec<SuggestedPart>,
    lang: String,
}

#[derive(Debug, Serialize)]
struct SuggestedPart {
    text: String,
    marked: bool,
}

#[derive(Debug, Serialize)]
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
    sent: Result<Json<Query>, JsonRejection>,
) -> Result<Response, HttpError> {
    check_token(&caller, &headers)?;
    let hits = look_up(&edge, &caller, body(sent)?.text).await?;
    Ok(Json(Suggestions::from(hits)).into_response())
}

/// What answers a question, for a machine that stands before a caller. It hears nothing of what
/// others have asked, and nothing is kept.
pub(super) async fn answers(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    headers: HeaderMap,
    sent: Result<Json<Query>, JsonRejection>,
) -> Result<Response, HttpError> {
    check_token(&caller, &headers)?;
    let Answers { is_down, spoken, passages } = answers_to(&edge, body(sent)?.text).await?;
    let passages: Vec<Value> = passages
        .into_iter()
        .map(|it| {
            json!({
                "address": it.address,
                "title": it.title,
                "heading": it.heading,
                "text": it.parts.into_iter().map(|part| part.text).collect::<String>(),
                "lang": it.lang,
            })
        })
        .collect();
    let answer = spoken.map(|(since, text, lang)| {
        let day = since.to_zoned(edge.app.zone.clone()).date().to_string();
        json!({ "text": text, "day": day, "lang": lang })
    });
    Ok(Json(json!({ "is_down": is_down, "answer": answer, "passages": passages })).into_response())
}

fn topic_json(topic: &TopicLine) -> Value {
    let judgement = topic.verdict.as_ref().map(|it| &it.row.judgement);
    json!({
        "topic": topic.number.to_string(),
        "name": topic.name,
        "inquiries": topic.demand.inquiries,
        "last_28_days": topic.demand.last_28_days,
        "searches": topic.demand.searches,
        "feedback": topic.demand.feedback,
        "weeks": topic.demand.weeks,
        "trend": topic.demand.trend.name(),
        "first": topic.demand.first.to_string(),
        "last": topic.demand.last.to_string(),
        "scope": topic.scope.name(),
        "state": topic.state.name().name(),
        "verdict": judgement.map(|it| it.verdict.name()),
        "gap_score": judgement.map(|it| it.gap_score),
        "pages": judgement.map(|it| it.evidence.pages.clone()).unwrap_or_default(),
        "missing_words": judgement.map(|it| it.evidence.missing.clone()).unwrap_or_default(),
    })
}

/// A topic with who works on it and by when.
fn gap_json(edge: &Edge, topic: &TopicLine) -> Value {
    let mut gap = topic_json(topic);
    gap["owner"] = topic.owner.and_then(|it| edge.app.person_name(it)).into();
    gap["due"] = topic.due.map(|it| last_day(it, &edge.app.zone).to_string()).into();
    gap
}

pub(super) async fn gaps(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    RawQuery(query): RawQuery,
) -> Result<Response, HttpError> {
    let filter = read_filter(&Fields::parse(query.unwrap_or_default().as_bytes()), caller.by());
    let list = edge.off_thread(move |app| app.gaps(&filter)).await??;
    let gaps: Vec<Value> = list.gaps.iter().map(|it| gap_json(&edge, &it.topic)).collect();
    Ok(Json(json!({
        "gaps": gaps,
        "pareto_gaps": list.pareto.gaps,
        "pareto_percent": list.pareto.percent,
        "contacts": list.pareto.contacts,
    }))
    .into_response())
}

pub(super) async fn topics(State(edge): State<Edge>) -> Result<Response, HttpError> {
    let topics = edge.off_thread(|app| app.topics()).await??;
    let topics: Vec<Value> = topics.iter().map(|it| topic_json(it)).collect();
    Ok(Json(json!({ "topics": topics })).into_response())
}

pub(super) async fn description() -> Response {
    Json(describe()).into_response()
}
