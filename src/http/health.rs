//! Whether the service lives, and whether it can take a question.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;

use super::Edge;
use crate::jobs::JobHealth;

/// The process answers.
pub(super) async fn live() -> &'static str {
    "alive\n"
}

/// The journal takes records and the view follows.
pub(super) async fn ready(State(edge): State<Edge>) -> (StatusCode, &'static str) {
    match edge.app.progress().failed {
        None => (StatusCode::OK, "ready\n"),
        Some(_) => (StatusCode::SERVICE_UNAVAILABLE, "the view does not follow\n"),
    }
}

/// The parts of the service for a watcher. Says nothing of anybody or of what was asked.
#[derive(Serialize)]
pub(super) struct Health {
    /// `ok`, or `look` when somebody should look after a part.
    state: &'static str,
    /// Whether the view follows the journal.
    view: &'static str,
    jobs: Vec<JobHealth>,
}

/// Every part, with the age of its last success where it has one. Answers 200 as long as the
/// service works at all, so that a late letter does not make a supervisor restart it.
pub(super) async fn health(State(edge): State<Edge>) -> (StatusCode, Json<Health>) {
    let follows = edge.app.progress().failed.is_none();
    let (status, view) = match follows {
        true => (StatusCode::OK, "ok"),
        false => (StatusCode::SERVICE_UNAVAILABLE, "stopped"),
    };
    let is_well = follows && !edge.jobs.has_alarm();
    let state = if is_well { "ok" } else { "look" };
    (status, Json(Health { state, view, jobs: edge.jobs.health() }))
}
