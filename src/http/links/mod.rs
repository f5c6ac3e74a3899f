//! Secret addresses: one gap for a colleague without an account, and the feed of one person.

pub(super) mod feed;
pub(super) mod share;

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

use super::Edge;
use super::edge::HttpError;
use super::edge::caller::Caller;
use super::edge::fields::Asking;
use super::gaps::detail::{build, read};
use super::pages::{SharedGap, SharedPage, render};
use super::routes::To;
use crate::id::TopicNumber;
use crate::people::{LeadsTo, LinkRow, LinkText};
use crate::rows::Stored;

/// The whole address that a text of ours completes.
pub(super) fn address(edge: &Edge, to: To, text: &LinkText) -> String {
    let mut address = edge.jobs.base().clone();
    address.set_path(&to.link(&[text.as_str()]));
    address.into()
}

/// What an address leads to. Whoever tries one part again and again has to wait, as at the door:
/// the right one too, so that nothing tells which parts there are.
fn follow(edge: &Edge, sent: &str) -> Result<Option<Arc<Stored<LinkRow>>>, HttpError> {
    let Some(text) = LinkText::parse(sent) else { return Ok(None) };
    let now = edge.app.now();
    if edge.link_throttle.wait(text.public(), now).is_some() {
        return Err(HttpError::TooMany);
    }
    let found = edge.app.follow_link(&text);
    if found.is_none() {
        edge.link_throttle.missed(text.public(), now);
    }
    Ok(found)
}

/// Keeps the day of a use, beside the answer.
fn note_use(edge: &Edge, link: Arc<Stored<LinkRow>>) {
    let app = Arc::clone(&edge.app);
    tokio::task::spawn_blocking(move || {
        if let Err(error) = app.note_link_use(&link) {
            tracing::warn!(%error, "could not keep the day that a link was used");
        }
    });
}

/// The page of a shared gap. An ended, an expired and an unknown address get the same one.
pub(super) async fn show(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    Path(secret): Path<String>,
) -> Result<Response, HttpError> {
    let found = follow(&edge, &secret)?.and_then(|it| match it.row.leads_to {
        LeadsTo::Gap { topic } => Some((it, topic)),
        LeadsTo::Feed { .. } => None,
    });
    let gap = match found {
        Some((link, topic)) => {
            let gap = shared(&edge, &caller, topic).await?;
            note_use(&edge, link);
            gap
        }
        None => None,
    };
    let status = if gap.is_some() { StatusCode::OK } else { StatusCode::NOT_FOUND };
    let theme = super::edge::theme::href(edge.theme.as_ref().as_ref());
    let organisation = edge.app.state.settings().name;
    let page = SharedPage { f: edge.frame(&caller, "shared.title"), theme, organisation, gap };
    let headers = [
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex, nofollow")),
    ];
    Ok((status, headers, Html(render(&page))).into_response())
}

/// What a colleague without an account sees: nothing of who works on it or has said what.
async fn shared(
    edge: &Edge,
    caller: &Caller,
    topic: TopicNumber,
) -> Result<Option<SharedGap>, HttpError> {
    let detail = match read(edge, topic).await {
        Ok(detail) => detail,
        Err(HttpError::NotFound) => return Ok(None),
        Err(error) => return Err(error),
    };
    Ok(Some(build(edge, caller, detail).into()))
}
