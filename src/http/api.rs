//! The programming interface: the same verbs as JSON, described from the route table.

use axum::extract::rejection::JsonRejection;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::Edge;
use super::edge::HttpError;
use super::edge::caller::Caller;
use super::edge::fields::{Asking, Fields};
use super::gaps::read_filter;
use super::log::{look_up, read_entry};
use super::pages::{Hits, Spoken};
use super::routes::{Field, Input, Kind, Output, ROUTES, Route, Verb};
use crate::app::TopicLine;
use crate::inquiry::{LogError, Source};
use crate::journal::JournalError;

/// A page of ours sends this with its token; a form field carries it elsewhere.
const CSRF_HEADER: &str = "x-csrf";

/// Checks that a JSON request comes from a page of ours.
pub(super) fn check_token(caller: &Caller, headers: &HeaderMap) -> Result<(), HttpError> {
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

pub(super) async fn log(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    headers: HeaderMap,
    sent: Result<Json<Map<String, Value>>, JsonRejection>,
) -> Result<Response, HttpError> {
    check_token(&caller, &headers)?;
    let sent = body(sent)?;
    let mut fields = Fields::default();
    for (name, value) in sent {
        fields.fall_back(&name, value.as_str().ok_or(HttpError::Invalid)?.to_owned());
    }
    let entry = read_entry(&edge, &fields, (Source::Api, caller.by()))?;
    let logged = match edge.off_thread(move |app| app.log(entry)).await? {
        Ok(logged) => logged,
        Err(LogError::Journal(JournalError::KeyReused { .. })) => return Err(HttpError::Conflict),
        Err(error) => return Err(error.into()),
    };
    let status = if logged.again { StatusCode::OK } else { StatusCode::CREATED };
    let said = json!({
        "id": logged.id.to_string(),
        "sequence": logged.seq,
        "again": logged.again,
        "masked": logged.masked.count,
        "masked_kinds": logged.masked.kinds.names(),
        "hints": logged.masked.hints,
    });
    Ok((status, Json(said)).into_response())
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

pub(super) async fn gaps(
    State(edge): State<Edge>,
    RawQuery(query): RawQuery,
) -> Result<Response, HttpError> {
    let filter = read_filter(&Fields::parse(query.unwrap_or_default().as_bytes()));
    let list = edge.off_thread(move |app| app.gaps(filter)).await??;
    let gaps: Vec<Value> = list.gaps.iter().map(|it| topic_json(&it.topic)).collect();
    Ok(Json(json!({
        "gaps": gaps,
        "pareto_gaps": list.pareto_gaps,
        "pareto_percent": list.pareto_percent,
        "contacts": list.contacts,
    }))
    .into_response())
}

pub(super) async fn topics(State(edge): State<Edge>) -> Result<Response, HttpError> {
    let topics = edge.off_thread(|app| app.topics()).await??;
    let topics: Vec<Value> = topics.iter().map(topic_json).collect();
    Ok(Json(json!({ "topics": topics })).into_response())
}

pub(super) async fn description() -> Response {
    Json(describe()).into_response()
}

/// The description of the programming interface (OpenAPI 3.1), from the route table.
fn describe() -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for route in ROUTES.iter().filter(|it| it.is_api()) {
        let verb = match route.verb {
            Verb::Get => "get",
            Verb::Post => "post",
        };
        let path = paths.entry(route.path.to_owned()).or_insert_with(|| json!({}));
        path[verb] = operation(route);
    }
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Skranke", "version": env!("CARGO_PKG_VERSION") },
        "paths": paths,
        "components": {
            "securitySchemes": {
                "session": { "type": "apiKey", "in": "cookie", "name": "__Host-skranke" },
                "page": { "type": "apiKey", "in": "header", "name": CSRF_HEADER },
            },
        },
    })
}

fn operation(route: &Route) -> Value {
    let problem = json!({
        "description": "What went wrong",
        "content": { "application/problem+json": { "schema": { "type": "object" } } },
    });
    let schema = match route.output {
        Output::Json(name) => json!({ "type": "object", "title": name }),
        Output::Page | Output::Onward | Output::Text | Output::File => json!({}),
    };
    let good = json!({
        "description": route.says,
        "content": { "application/json": { "schema": schema } },
    });
    let mut operation = json!({
        "operationId": format!("{:?}", route.to),
        "summary": route.says,
        "x-least-role": route.least.name(),
        "responses": { "200": good, "default": problem },
    });
    let read_only = json!([{ "session": [] }]);
    match route.input {
        Input::Nothing => operation["security"] = read_only,
        Input::Query(fields) => {
            operation["security"] = read_only;
            operation["parameters"] = fields
                .iter()
                .map(|it| {
                    json!({ "name": it.name, "in": "query", "required": it.required,
                            "schema": shape(it) })
                })
                .collect();
        }
        Input::Form(fields) | Input::Json(fields) => {
            operation["security"] = json!([{ "session": [], "page": [] }]);
            let required: Vec<&str> =
                fields.iter().filter(|it| it.required).map(|it| it.name).collect();
            let named = fields.iter().map(|it| (it.name.to_owned(), shape(it)));
            let properties: Map<String, Value> = named.collect();
            let schema =
                json!({ "type": "object", "properties": properties, "required": required });
            operation["requestBody"] = json!({
                "required": true,
                "content": { "application/json": { "schema": schema } },
            });
        }
    }
    if route.least == super::routes::Least::Anyone {
        operation["security"] = json!([]);
    }
    operation
}

fn shape(field: &Field) -> Value {
    match field.kind {
        Kind::Text(max) => json!({ "type": "string", "maxLength": max }),
        Kind::Number => json!({ "type": "integer", "minimum": 0 }),
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::OneOf(values) => json!({ "type": "string", "enum": values }),
        Kind::Texts(max) => {
            json!({ "type": "array", "items": { "type": "string", "maxLength": max } })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_description_names_every_route_of_the_interface_and_its_role() {
        let described = describe();
        for route in ROUTES.iter().filter(|it| it.is_api()) {
            let verb = if route.verb == Verb::Get { "get" } else { "post" };
            let operation = &described["paths"][route.path][verb];
            assert_eq!(operation["x-least-role"], route.least.name(), "{}", route.path);
        }
        let log = &described["paths"]["/api/v1/inquiries"]["post"]["requestBody"];
        let schema = &log["content"]["application/json"]["schema"];
        assert_eq!(schema["required"], json!(["key"]));
    }
}
