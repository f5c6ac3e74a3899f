//! Help: a page for each task, found by its words, with the way to it from each screen.

mod find;
pub(super) mod library;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;

use super::edge::HttpError;
use super::edge::fields::{Asking, Sought};
use super::pages::{HelpEntry, HelpPage, HelpTopicPage};
use super::{Edge, page};
use library::{Article, TOPICS, articles};

/// So many characters of a question to the help are read.
const QUERY_CHARS_MAX: usize = 200;

/// The list of all pages, or those parts that a question finds.
pub(super) async fn show(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    Sought(fields): Sought,
) -> Response {
    let query: String = fields.get("q").trim().chars().take(QUERY_CHARS_MAX).collect();
    let all = articles(caller.lang);
    let found = (!query.is_empty()).then(|| find::find(all, &query));
    let entry = |it: &Article| HelpEntry {
        href: format!("/help/{}", it.name),
        title: it.text.title.clone(),
        says: it.text.lead.words.clone(),
        part: None,
    };
    let groups = library::GROUPS.iter().map(|(key, names)| {
        let of = all.iter().filter(|it| names.contains(&it.name)).map(entry);
        (*key, of.collect())
    });
    page(&HelpPage { f: edge.frame(&caller, "help.title"), groups: groups.collect(), query, found })
}

/// One page.
pub(super) async fn topic(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    Path(name): Path<String>,
) -> Result<Response, HttpError> {
    let all = articles(caller.lang);
    let at = TOPICS.iter().position(|it| *it == name).ok_or(HttpError::NotFound)?;
    let way =
        |it: Option<&Article>| it.map(|it| (format!("/help/{}", it.name), it.text.title.clone()));
    let article = all.get(at).ok_or(HttpError::NotFound)?;
    Ok(page(&HelpTopicPage {
        f: edge.frame(&caller, "help.title"),
        name: article.name,
        text: article.text.clone(),
        before: way(at.checked_sub(1).and_then(|it| all.get(it))),
        after: way(all.get(at + 1)),
    }))
}
