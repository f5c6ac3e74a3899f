//! News of gaps as Atom (RFC 4287), for whoever has the secret address of a person's feed.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jiff::fmt::rfc2822;
use sha2::{Digest, Sha256};

use super::{follow, note_use};
use crate::app::App;
use crate::hook::NewsRow;
use crate::http::Edge;
use crate::http::edge::HttpError;
use crate::http::pages::{FeedEntry, FeedPage, render};
use crate::http::routes::To;
use crate::messages::Lang;
use crate::people::LeadsTo;
use crate::rows::Stored;

/// So many entries stand in the feed.
const ENTRIES_MAX: usize = 50;

pub(in crate::http) async fn show(
    State(edge): State<Edge>,
    headers: HeaderMap,
    Path(secret): Path<String>,
) -> Result<Response, HttpError> {
    let link = follow(&edge, &secret)?.ok_or(HttpError::NotFound)?;
    let LeadsTo::Feed { person } = link.row.leads_to else { return Err(HttpError::NotFound) };
    let person = edge.app.state.people.get(person.uuid()).ok_or(HttpError::NotFound)?;
    let (lang, made, id) = (person.row.lang, link.row.made, link.id);
    note_use(&edge, link);
    let base = edge.jobs.base().clone();
    let (entries, updated) = edge
        .off_thread(move |app| {
            if 0 < app.notice_news()? {
                app.settle()?;
            }
            let news = app.last_news(ENTRIES_MAX);
            let updated = news.first().map_or(made, |it| it.row.at);
            let entries = news.iter().map(|it| entry(app, (lang, &base), it));
            Ok::<_, HttpError>((entries.collect::<Result<Vec<_>, _>>()?, updated))
        })
        .await??;
    let mut home = edge.jobs.base().clone();
    home.set_path(&To::Gaps.link(&[]));
    let feed = FeedPage {
        lang: lang.code(),
        title: lang.fill("feed.title", &[("name", &edge.app.state.settings().name)]),
        id: format!("urn:uuid:{id}"),
        home: home.into(),
        updated: updated.to_string(),
        entries,
    };
    Ok(answer(&headers, render(&feed), updated))
}

fn entry(
    app: &App,
    (lang, base): (Lang, &url::Url),
    news: &Stored<NewsRow>,
) -> Result<FeedEntry, HttpError> {
    let number = app.resolve(news.row.topic).unwrap_or(news.row.topic);
    let topic = app.topic(number)?;
    let name = topic.as_ref().map_or_else(|| number.to_string(), |it| it.name.clone());
    let kind = topic.and_then(|it| it.verdict()).map(|it| format!("verdict.{}", it.name()));
    let mut href = base.clone();
    href.set_path(&To::Gap.link(&[&number.to_string()]));
    let title = lang.fill(&format!("feed.{}", news.row.what.name()), &[("name", &name)]);
    Ok(FeedEntry {
        id: format!("urn:uuid:{}", news.id),
        title: title.chars().filter(|it| !it.is_control()).collect(),
        updated: news.row.at.to_string(),
        href: href.into(),
        summary: kind.map_or_else(String::new, |key| format!("{number} · {}", lang.text(&key))),
    })
}

/// The feed, or that nothing has changed since the reader's last look.
fn answer(headers: &HeaderMap, body: String, updated: Timestamp) -> Response {
    let digest = Sha256::digest(body.as_bytes());
    let print: String = digest.iter().take(16).map(|it| format!("{it:02x}")).collect();
    let etag = format!("\"{print}\"");
    let modified = rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&updated);
    let modified = modified.unwrap_or_default();
    let kept = [
        (header::ETAG, etag.clone()),
        (header::LAST_MODIFIED, modified),
        (header::CACHE_CONTROL, "private, no-cache".to_owned()),
    ];
    if is_known(headers, &etag, updated) {
        return (StatusCode::NOT_MODIFIED, kept).into_response();
    }
    let kind = [(header::CONTENT_TYPE, "application/atom+xml; charset=utf-8")];
    (kept, kind, body).into_response()
}

/// Whether the reader has this already; what it says of the content goes before what it says of
/// the time.
fn is_known(headers: &HeaderMap, etag: &str, updated: Timestamp) -> bool {
    let said = |name| headers.get(name).and_then(|it: &header::HeaderValue| it.to_str().ok());
    if let Some(tags) = said(header::IF_NONE_MATCH) {
        let mut tags = tags.split(',').map(|it| it.trim().trim_start_matches("W/"));
        return tags.any(|it| it == etag || it == "*");
    }
    let since = said(header::IF_MODIFIED_SINCE);
    let since = since.and_then(|it| rfc2822::DateTimeParser::new().parse_timestamp(it).ok());
    since.is_some_and(|it| updated.as_second() <= it.as_second())
}
