//! What a browser needs so that the log screen goes on while it is cut off: who is signed in, the
//! key for what waits, and what makes Skranke an app that can be installed.

use axum::extract::{RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde_json::{Value, json};

use super::Edge;
use super::api::SessionSeen;
use super::edge::fields::{Asking, Fields};
use super::edge::{HttpError, assets};
use super::routes::To;
use crate::people::{BrowserKeys, DayNumber};

/// A browser may ask for the key of a day so far back: what it could not send since is not lost.
const KEY_DAYS_MAX: DayNumber = 90;

/// Who is signed in.
pub(super) async fn session(Extension(caller): Asking) -> Result<Response, HttpError> {
    let person = caller.by().ok_or(HttpError::SignIn)?;
    let (person, csrf) = (person.to_string(), caller.form_token());
    Ok(Json(SessionSeen { person, csrf, build: assets::build().to_owned() }).into_response())
}

/// The key of one's own for today, or for the day that something was put away.
pub(super) async fn key(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    RawQuery(query): RawQuery,
) -> Result<Response, HttpError> {
    let person = caller.by().ok_or(HttpError::SignIn)?;
    let today = BrowserKeys::day(edge.app.now());
    let asked = Fields::parse(query.unwrap_or_default().as_bytes()).find("day");
    let day = asked.map_or(Ok(today), |it| it.parse().map_err(|_| HttpError::Invalid))?;
    if today < day || day + KEY_DAYS_MAX < today {
        return Err(HttpError::NotFound);
    }
    let key = edge.off_thread(move |app| app.browser_keys.key(person, day)).await?;
    let key = key.map_err(HttpError::internal)?;
    let hex: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Json(json!({ "person": person.to_string(), "day": day, "key": hex })).into_response())
}

/// The script that shows the log screen while the service cannot be reached. It has an address of
/// its own, since its folder bounds what it may answer.
pub(super) async fn service_worker() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, assets::script("offline.js")).into_response()
}

/// What a browser needs to install Skranke as an app.
pub(super) async fn manifest(Extension(caller): Asking) -> Response {
    let home = To::Log.link(&[]);
    let said = json!({
        "name": "Skranke",
        "short_name": "Skranke",
        "description": caller.lang.text("log.question"),
        "lang": caller.lang.code(),
        "id": home,
        "start_url": home,
        "scope": home,
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#0062ba",
        "icons": [
            icon("icon.svg", "any", "any"),
            icon("icon-192.png", "192x192", "any"),
            icon("icon-512.png", "512x512", "any"),
            icon("icon-full.png", "512x512", "maskable"),
        ],
        "shortcuts": [{ "name": caller.lang.text("log.title"), "url": home }],
    });
    let headers =
        [(header::CONTENT_TYPE, "application/manifest+json"), (header::CACHE_CONTROL, "no-cache")];
    (headers, said.to_string()).into_response()
}

fn icon(name: &str, sizes: &str, purpose: &str) -> Value {
    json!({ "src": assets::href(name), "sizes": sizes, "purpose": purpose })
}
