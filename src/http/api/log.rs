//! Logging from a program: a switchboard, a chatbot, a mail rule. What is wrong is said of the
//! field that is wrong, for nobody stands beside a program and looks.

use std::borrow::Cow;

use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use jiff::{SignedDuration, Timestamp};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::check_token;
use crate::app::Machine;
use crate::http::Edge;
use crate::http::edge::HttpError;
use crate::http::edge::caller::Caller;
use crate::http::edge::fields::{Asking, Fields};
use crate::http::edge::guard::Problem;
use crate::http::log::{own_desk, read_entry};
use crate::http::routes::{API_INQUIRY, Kind};
use crate::id::Id;
use crate::inquiry::redact::hide_likely;
use crate::inquiry::{Entry, EntryError, Inquiry, LogError, Logged, Source};
use crate::journal::JournalError;
use crate::people::By;

/// A question may have been asked so long ago: a mail waits in a queue, a list is sent in weekly.
const ASKED_BACK_MAX: SignedDuration = SignedDuration::from_hours(31 * 24);
/// Two clocks may differ by so much.
const CLOCKS_APART_MAX: SignedDuration = SignedDuration::from_mins(5);

/// What is wrong, and with which field.
struct Wrong {
    field: String,
    says: String,
}

impl Wrong {
    fn new(field: &str, says: impl Into<String>) -> Self {
        Self { field: field.to_owned(), says: says.into() }
    }
}

pub(in crate::http) async fn log(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    headers: HeaderMap,
    sent: Result<Json<Map<String, Value>>, JsonRejection>,
) -> Result<Response, HttpError> {
    check_token(&caller, &headers)?;
    let sent = match sent {
        Ok(Json(sent)) => sent,
        Err(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            return Err(HttpError::TooLarge);
        }
        Err(_) => {
            let says = "send a JSON object, with content-type: application/json";
            return Ok(refused(&Wrong::new("body", says)));
        }
    };
    let entry = match read(&edge, &caller, sent) {
        Ok(entry) => entry,
        Err(wrong) => return Ok(refused(&wrong)),
    };
    match edge.off_thread(move |app| app.log(entry)).await? {
        Ok(logged) => Ok(kept(&logged)),
        Err(LogError::Journal(JournalError::KeyReused { .. })) => Ok(reused()),
        Err(LogError::Entry(error)) => {
            Ok(refused(&Wrong::new(field_of(&error), error.to_string())))
        }
        Err(error) => Err(error.into()),
    }
}

/// A question that is kept.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct LoggedSeen {
    id: String,
    /// Its place in the order of everything.
    sequence: u64,
    /// Whether it was kept before.
    again: bool,
    /// How many passages were masked for what they are; what only looks like a name or a plate is
    /// masked before that when a machine sends it, and not counted.
    masked: usize,
    /// Of which kinds.
    masked_kinds: Vec<String>,
    /// How many passages look like names.
    hints: usize,
}

/// What is said of a question that is kept.
fn kept(logged: &Logged) -> Response {
    let status = if logged.again { StatusCode::OK } else { StatusCode::CREATED };
    let kinds = logged.masked.kinds.names();
    let said = LoggedSeen {
        id: logged.id.to_string(),
        sequence: logged.seq,
        again: logged.again,
        masked: logged.masked.count,
        masked_kinds: kinds.into_iter().map(|it| it.to_string()).collect(),
        hints: logged.masked.hints,
    };
    (status, Json(said)).into_response()
}

/// What is taken: the fields that are read, from the list that reads them.
pub(in crate::http) struct LogSent;

impl JsonSchema for LogSent {
    fn schema_name() -> Cow<'static, str> {
        "LogSent".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let shape = |name: &str, kind: Kind| match kind {
            Kind::Text(max) if is_read_later(name) => {
                let says = format!("At most {max} characters once what is personal is masked.");
                json!({ "type": ["string", "null"], "description": says })
            }
            Kind::Text(max) => json!({ "type": ["string", "null"], "maxLength": max }),
            Kind::OneOf(values) => {
                let mut all: Vec<Value> = values.iter().map(|it| (*it).into()).collect();
                all.extend(["".into(), Value::Null]);
                json!({ "type": ["string", "null"], "enum": all })
            }
            Kind::Number | Kind::Flag | Kind::Texts(_) => json!({ "type": "string" }),
        };
        let fields = API_INQUIRY.iter().map(|it| (it.name.to_owned(), shape(it.name, it.kind)));
        let properties: Map<String, Value> = fields.collect();
        let required = API_INQUIRY.iter().filter(|it| it.required).map(|it| it.name);
        let required: Vec<&str> = required.collect();
        json_schema!({
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": false,
            "examples": [
                { "key": "call-1842", "text": "når opnar symjehallen", "channel": "phone" },
            ],
        })
    }
}

/// The key stands for another question.
fn reused() -> Response {
    let status = StatusCode::CONFLICT;
    let said = json!({
        "type": "urn:skranke:key_reused",
        "title": "The key was used for something else",
        "status": status.as_u16(),
        "detail": "Under one key the same question is sent. Take a new key for a new one.",
    });
    (status, Extension(Problem(said))).into_response()
}

/// Problem details that name the field.
fn refused(wrong: &Wrong) -> Response {
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    let said = json!({
        "type": "urn:skranke:invalid",
        "title": "A field cannot be right",
        "status": status.as_u16(),
        "field": wrong.field,
        "detail": wrong.says,
        "errors": [{ "field": wrong.field, "detail": wrong.says }],
    });
    (status, Extension(Problem(said))).into_response()
}

/// The field that an error is about.
fn field_of(error: &EntryError) -> &'static str {
    match error {
        EntryError::NoWords | EntryError::TooLong => "text",
        EntryError::NoteTooLong => "note",
        EntryError::Count(_) => "count",
        EntryError::Desk => "desk",
        EntryError::Address => "page",
        EntryError::Repeats => "same_as",
    }
}

/// A machine's text without what only looks like a name or a plate: nobody stands by it to say
/// what is one.
pub(in crate::http) fn masked_of_machine(edge: &Edge, caller: &Caller, said: String) -> String {
    match caller.machine() {
        Some(_) => hide_likely(&said, &edge.app.allowed()),
        None => said,
    }
}

/// Reads an entry from what was sent.
fn read(edge: &Edge, caller: &Caller, sent: Map<String, Value>) -> Result<Entry, Wrong> {
    let mut fields = read_fields(sent)?;
    let machine = caller.machine();
    if machine.is_some() && fields.find("keep").is_some() {
        return Err(Wrong::new("keep", "only a person can say that something stays"));
    }
    if let Some(machine) = machine {
        hold_to_grant(machine, edge, &mut fields)?;
        for name in ["text", "note"] {
            let Some(said) = fields.find(name) else { continue };
            fields.forget(name);
            fields.fall_back(name, masked_of_machine(edge, caller, said));
        }
    }
    own_desk::settle(edge, caller, &mut fields).map_err(|it| Wrong::new(it.field, it.text))?;
    let mut said =
        ["page", "same_as", "outcome"].into_iter().filter(|it| fields.find(it).is_some());
    if let Some(second) = said.nth(1) {
        return Err(Wrong::new(second, "say one of `page`, `same_as` and `outcome`, and no other"));
    }
    let now = edge.app.now();
    let asked = fields.find("asked").map_or(Ok(now), |it| read_asked(&it, now))?;
    let id = read_key(machine, &fields.get("key"))?;
    fields.forget("key");
    fields.fall_back("key", Id::<Inquiry>::new(now).to_string());
    let by: (Source, By) = match machine {
        Some(machine) => (Source::Machine(machine.id), None),
        None => (Source::Api, caller.by()),
    };
    let says = "a page is named by `page`, a repeated question by `same_as`";
    let entry = read_entry(edge, &fields, by).map_err(|_| Wrong::new("outcome", says))?;
    Ok(Entry { id, asked, ..entry })
}

/// The fields of the interface as texts, each within its limit.
fn read_fields(sent: Map<String, Value>) -> Result<Fields, Wrong> {
    let mut fields = Fields::default();
    for (name, value) in sent {
        let Some(field) = API_INQUIRY.iter().find(|it| it.name == name) else {
            let names = API_INQUIRY.iter().map(|it| it.name).collect::<Vec<_>>().join(", ");
            let name: String = name.chars().take(40).collect();
            return Err(Wrong::new(&name, format!("there is no such field; there are {names}")));
        };
        let text = match value {
            Value::String(text) => text,
            Value::Null => continue,
            _ => return Err(Wrong::new(&name, "it must be a text")),
        };
        match field.kind {
            Kind::OneOf(values) if !text.is_empty() && !values.contains(&text.as_str()) => {
                return Err(Wrong::new(&name, format!("it must be one of {}", values.join(", "))));
            }
            Kind::Text(max) if !is_read_later(&name) && max < text.chars().count() => {
                return Err(Wrong::new(&name, format!("it has more than {max} characters")));
            }
            Kind::OneOf(_) | Kind::Text(_) | Kind::Number | Kind::Flag | Kind::Texts(_) => {}
        }
        fields.fall_back(&name, text);
    }
    Ok(fields)
}

/// Whether a field's length counts once it is masked.
fn is_read_later(name: &str) -> bool {
    matches!(name, "text" | "note")
}

/// A token for one desk or one channel logs under no other.
fn hold_to_grant(machine: &Machine, edge: &Edge, fields: &mut Fields) -> Result<(), Wrong> {
    let grant = machine.grant();
    let channel = grant.channel.map(|it| it.name().to_owned());
    for (name, held) in [("desk", grant.desk.clone()), ("channel", channel)] {
        let Some(held) = held else { continue };
        let settings = edge.app.state.settings();
        let is_held =
            |sent: &str| sent == held || (name == "desk" && settings.desk_key(sent) == held);
        if fields.find(name).is_some_and(|sent| !is_held(sent.trim())) {
            return Err(Wrong::new(name, format!("this token logs under {held} alone")));
        }
        fields.forget(name);
        fields.fall_back(name, held);
    }
    Ok(())
}

fn read_asked(text: &str, now: Timestamp) -> Result<Timestamp, Wrong> {
    let wrong = |says: &str| Wrong::new("asked", says);
    let asked: Timestamp =
        text.parse().map_err(|_| wrong("it must be a time such as 2026-03-02T09:30:00+01:00"))?;
    if now + CLOCKS_APART_MAX < asked {
        return Err(wrong("it lies in the future"));
    }
    if asked < now - ASKED_BACK_MAX {
        return Err(wrong("it is more than 31 days ago; `skranke import` takes older ones"));
    }
    Ok(asked.min(now))
}

/// The id that a key stands for: itself where it is one, and one of the token's own where it is a
/// call's number or a mail's Message-ID, of which no more than a hash is kept.
fn read_key(machine: Option<&Machine>, key: &str) -> Result<Id<Inquiry>, Wrong> {
    let key = key.trim();
    if let Ok(id) = key.parse::<Id<Inquiry>>()
        && id.uuid().get_version_num() == 7
    {
        return Ok(id);
    }
    let token =
        machine.ok_or_else(|| Wrong::new("key", "it must be an id such as inq_0197..."))?.id;
    if key.is_empty() {
        let says = "it must be there, and the same whenever this question is sent again";
        return Err(Wrong::new("key", says));
    }
    Ok(Id::derived(&[b"machine-key", token.uuid().as_bytes(), key.as_bytes()]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_lies_within_a_month_and_not_ahead() {
        let now: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
        let read = |text: &str| read_asked(text, now).map_err(|it| it.field);
        assert_eq!(read("2026-03-02T09:30:00+01:00"), Ok("2026-03-02T08:30:00Z".parse().unwrap()));
        assert_eq!(read("2026-03-02T09:05:00Z"), Ok(now), "clocks differ a little");
        for wrong in ["2026-03-02T09:05:01Z", "2026-01-30T08:59:59Z", "yesterday", "2026-03-02"] {
            assert_eq!(read(wrong), Err("asked".to_owned()), "{wrong}");
        }
    }
}
