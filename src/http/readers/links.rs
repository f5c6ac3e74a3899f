//! The links in a letter that answer for its reader without signing in: no more, or yes.
//!
//! Mail filters follow every link, so looking changes nothing. The answer takes no hidden field:
//! mail programs send it by themselves (RFC 8058), and the signed link says whose it is.

use axum::Extension;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

use crate::http::Edge;
use crate::http::edge::HttpError;
use crate::http::edge::caller::Caller;
use crate::http::edge::fields::Asking;
use crate::http::pages::{LinkAnswer, LinkPage, render};
use crate::post::{LinkFor, ReaderRow, reader_of};
use crate::rows::Stored;

/// The largest body of an answer: a field, also in the form with boundaries.
const ANSWER_BYTES_MAX: usize = 4 * 1024;

/// The layer of the answers, whose body is small.
pub(in crate::http) const fn small() -> DefaultBodyLimit {
    DefaultBodyLimit::max(ANSWER_BYTES_MAX)
}

pub(in crate::http) async fn show_stop(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    Path(link): Path<String>,
) -> Result<Response, HttpError> {
    look(&edge, &caller, (&link, LinkFor::Stop))
}

pub(in crate::http) async fn show_agree(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    Path(link): Path<String>,
) -> Result<Response, HttpError> {
    look(&edge, &caller, (&link, LinkFor::Agree))
}

pub(in crate::http) async fn stop(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    Path(link): Path<String>,
    _: Bytes,
) -> Result<Response, HttpError> {
    answer(&edge, &caller, (&link, LinkFor::Stop)).await
}

pub(in crate::http) async fn agree(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    Path(link): Path<String>,
    _: Bytes,
) -> Result<Response, HttpError> {
    answer(&edge, &caller, (&link, LinkFor::Agree)).await
}

type Found = Option<std::sync::Arc<Stored<ReaderRow>>>;

/// Whose link it is. Whoever tries one reader's link again and again has to wait; a link that is
/// right never waits, or somebody who guesses could keep a reader from stopping.
fn follow(edge: &Edge, (link, what): (&str, LinkFor)) -> Result<Found, HttpError> {
    let found = edge.app.reader_by_link(link, what).filter(|it| it.row.chat.is_none());
    if found.is_some() {
        return Ok(found);
    }
    if let Some(reader) = reader_of(link) {
        let (name, now) = (reader.to_string(), edge.app.now());
        if edge.link_throttle.wait(&name, now).is_some() {
            return Err(HttpError::TooMany);
        }
        edge.link_throttle.missed(&name, now);
    }
    Ok(None)
}

fn look(edge: &Edge, caller: &Caller, of: (&str, LinkFor)) -> Result<Response, HttpError> {
    let found = follow(edge, of)?;
    let answer = found.as_ref().map(|it| standing(&it.row, of.1));
    Ok(page(edge, caller, (of, found.as_deref(), answer)))
}

async fn answer(edge: &Edge, caller: &Caller, of: (&str, LinkFor)) -> Result<Response, HttpError> {
    let Some(found) = follow(edge, of)? else { return Ok(page(edge, caller, (of, None, None))) };
    let (stored, what) = (std::sync::Arc::clone(&found), of.1);
    edge.off_thread(move |app| app.answer_by_link(&stored, what)).await??;
    edge.see_writes().await;
    let done = match what {
        LinkFor::Agree if !found.row.stopped => LinkAnswer::Agreed,
        LinkFor::Stop | LinkFor::Agree => LinkAnswer::Stopped,
    };
    Ok(page(edge, caller, (of, Some(&found), Some(done))))
}

/// How a reader stands to what the link does.
const fn standing(row: &ReaderRow, what: LinkFor) -> LinkAnswer {
    match what {
        _ if row.stopped => LinkAnswer::Stopped,
        LinkFor::Stop => LinkAnswer::MayStop,
        LinkFor::Agree if row.waits => LinkAnswer::MayAgree,
        LinkFor::Agree => LinkAnswer::Agreed,
    }
}

type Answered<'a> = ((&'a str, LinkFor), Option<&'a Stored<ReaderRow>>, Option<LinkAnswer>);

/// The page, in the reader's own language.
fn page(edge: &Edge, caller: &Caller, (of, found, answer): Answered<'_>) -> Response {
    let lang = found.map_or(caller.lang, |it| it.row.lang);
    let caller = Caller { lang, ..caller.clone() };
    let path = match of.1 {
        LinkFor::Stop => "stop",
        LinkFor::Agree => "agree",
    };
    let by = found.and_then(|it| it.row.set_up_by.filter(|by| Some(*by) != it.row.person));
    let built = LinkPage {
        f: edge.frame(&caller, "stop.title"),
        theme: crate::http::edge::theme::href(edge.theme.as_ref().as_ref()),
        organisation: edge.app.state.settings().name,
        address: found.map_or_else(String::new, |it| shortened(&it.row.mail)),
        by: by.and_then(|it| edge.app.person_name(it)),
        action: found.map_or_else(String::new, |_| format!("/{path}/{}", of.0)),
        answer,
    };
    let status = if found.is_some() { StatusCode::OK } else { StatusCode::NOT_FOUND };
    let headers = [
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex, nofollow")),
    ];
    (status, headers, Html(render(&built))).into_response()
}

/// Enough of an address to know one's own: a letter may have been passed on.
fn shortened(mail: &str) -> String {
    let (name, domain) = mail.split_once('@').unwrap_or((mail, ""));
    let first: String = name.chars().take(1).collect();
    format!("{first}…@{domain}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_known_by_its_owner_alone() {
        assert_eq!(shortened("kari.nes@fjordvik.example"), "k…@fjordvik.example");
        assert_eq!(shortened(""), "…@");
    }
}
