//! Whether the service lives, whether it can take a question, and how each of its parts is.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::Edge;
use super::edge::Standing;
use super::edge::guard::Said;
use crate::app::{App, Condition, PartHealth, Room};

/// The process answers.
pub(super) async fn live() -> &'static str {
    "alive\n"
}

/// The journal takes records; what is not there yet or not well is said beside it.
pub(super) async fn ready(State(edge): State<Edge>) -> Response {
    let app = &edge.app;
    let not = |why: &str| (StatusCode::SERVICE_UNAVAILABLE, Extension(Said), format!("{why}\n"));
    if app.journal.failed().now().is_some() {
        return not("the journal takes no more").into_response();
    }
    if app.room() == Room::Full {
        return not("the disk is full").into_response();
    }
    let progress = app.progress();
    let more = match (progress.is_ready, progress.making) {
        (true, _) => String::new(),
        (false, Some(making)) => format!(", screens are at {} percent", making.percent()),
        (false, None) => ", screens are not there yet".to_owned(),
    };
    format!("ready{more}\n").into_response()
}

/// Each part, with the seconds since it was last found whole.
pub(super) async fn parts(State(edge): State<Edge>) -> Response {
    let jobs = json!(edge.jobs.health());
    let jobs_state = if edge.jobs.has_alarm() { "look" } else { "ok" };
    let told = edge.off_thread(told).await;
    let (status, mut body) = told.unwrap_or_else(|_| ("degraded", json!({ "status": "degraded" })));
    // A late letter must not make a supervisor start the service anew.
    body["jobs"] = jobs;
    body["jobs_state"] = jobs_state.into();
    if let Some(tls) = &edge.tls {
        body["certificate"] = certificate(&tls.standing(edge.app.now()));
    }
    let code = if status == "ok" { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (code, Extension(Said), Json(body)).into_response()
}

/// How the service's own certificate stands; like a late letter, no reason to start anew.
fn certificate(standing: &Standing) -> Value {
    match standing {
        Standing::Good(until) => json!({ "status": "ok", "ends": until }),
        Standing::Ends(until) => json!({ "status": "ends_soon", "ends": until }),
        Standing::Over(at) => json!({ "status": "over", "at": at }),
        // Why may name a path of the machine: that stands in the log.
        Standing::Stuck(_) => json!({ "status": "stuck" }),
    }
}

fn told(app: &App) -> (&'static str, Value) {
    let now = app.now();
    let parts = app.parts_health();
    let room = app.room();
    let is_bad = parts.iter().any(|it| matches!(it.condition, Condition::Bad(_)));
    let is_coming = parts.iter().any(|it| matches!(it.condition, Condition::Coming(_)));
    let status = match (is_bad || Room::Tight <= room, is_coming) {
        (true, _) => "degraded",
        (false, true) => "starting",
        (false, false) => "ok",
    };
    let mut degraded: Vec<&str> = parts
        .iter()
        .filter(|it| matches!(it.condition, Condition::Bad(_)))
        .map(|it| it.part.name())
        .collect();
    if Room::Tight <= room {
        degraded.push("disk");
    }
    let mut said: Map<String, Value> =
        parts.iter().map(|it| (it.part.name().to_owned(), part(it, now))).collect();
    said.insert("disk".to_owned(), disk(app, room));
    let last = app.reconciled().map(|it| {
        json!({ "age_seconds": age(it.at, now), "slice": it.slice,
                "differences": it.differences.len() })
    });
    let body = json!({
        "status": status,
        "degraded": degraded,
        "parts": said,
        "reconciliation": last,
    });
    (status, body)
}

fn part(it: &PartHealth, now: Timestamp) -> Value {
    let whole = it.whole.map(|at| age(at, now));
    match &it.condition {
        Condition::Good => json!({ "status": "ok", "whole_seconds_ago": whole }),
        Condition::Coming(making) => {
            let percent = making.map(|it| it.percent());
            json!({ "status": "starting", "percent": percent, "whole_seconds_ago": whole })
        }
        // What is wrong may name a path of the machine: that stands in the log.
        Condition::Bad(_) => json!({ "status": "degraded", "whole_seconds_ago": whole }),
    }
}

fn disk(app: &App, room: Room) -> Value {
    let status = match room {
        Room::Enough => "ok",
        Room::Scarce => "scarce",
        Room::Tight => "tight",
        Room::Full => "full",
    };
    json!({ "status": status, "free_mb": app.free_mb() })
}

fn age(at: Timestamp, now: Timestamp) -> i64 {
    now.duration_since(at).as_secs().max(0)
}
