//! Whether the service lives, and whether it can take a question.

use axum::extract::State;
use axum::http::StatusCode;

use super::Edge;

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
