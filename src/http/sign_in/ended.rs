//! What the provider of identities calls when somebody has signed out there (OpenID Connect
//! Back-Channel Logout 1.0). It has no session and no form of ours: its signature is all.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};

use super::by_provider::chain;
use crate::http::edge::HttpError;
use crate::http::edge::fields::Fields;
use crate::http::edge::guard::Said;
use crate::http::{Edge, oidc_provider};

/// Ends the sessions that the token is about, before it answers.
pub(in crate::http) async fn ended(
    State(edge): State<Edge>,
    body: Bytes,
) -> Result<Response, HttpError> {
    let provider = oidc_provider(&edge)?.clone();
    let Some(token) = Fields::parse(&body).find("logout_token") else {
        return Ok(refused("there is no logout_token"));
    };
    let out = match provider.signed_out(&token, edge.app.now()).await {
        Ok(out) => out,
        Err(fault) => {
            tracing::warn!(error = chain(&fault), "a signing out at the provider was not taken");
            return Ok(refused("the logout_token is not taken; the log of Skranke says why"));
        }
    };
    let people = edge.off_thread(move |app| app.signed_out_by(&out)).await??;
    tracing::info!(people, "sessions of {people} ended, as the provider of identities said");
    Ok(StatusCode::OK.into_response())
}

/// As the standard has it (2.8): the same for whatever is wrong.
fn refused(why: &str) -> Response {
    let said = serde_json::json!({ "error": "invalid_request", "error_description": why });
    (StatusCode::BAD_REQUEST, Extension(Said), Json(said)).into_response()
}
