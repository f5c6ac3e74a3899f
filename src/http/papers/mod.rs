//! Papers for the organisation to complete: what Skranke knows is filled in, the rest is blank.

mod facts;
pub(super) mod inspection;

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

use super::edge::HttpError;
use super::edge::caller::Caller;
use super::edge::fields::Asking;
use super::pages::{PaperPage, PaperSeen, PapersPage, document, filled};
use super::{Edge, page};
use crate::messages::Lang;

#[derive(RustEmbed)]
#[folder = "web/papers"]
struct Texts;

/// The papers, in the order of the list.
const PAPERS: [&str; 3] = ["accessibility", "record", "screening"];
/// What a blank begins with in Markdown.
const BLANK: &str = "**[";

pub(super) async fn list(State(edge): State<Edge>, Extension(caller): Asking) -> Response {
    let lang = caller.lang;
    let paper = |name: &'static str| PaperSeen {
        name,
        title: document(&written(lang, name), &|_| String::new()).title,
        blanks: written(lang, name).matches(BLANK).count(),
    };
    page(&PapersPage {
        f: edge.frame(&caller, "papers.title"),
        papers: PAPERS.map(paper).into(),
        period: inspection::usual_period(&edge),
    })
}

/// A paper as a page to print, or as Markdown to go on writing in.
pub(super) async fn show(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    Path(asked): Path<String>,
) -> Result<Response, HttpError> {
    let (name, is_file) = asked.strip_suffix(".md").map_or((&*asked, false), |it| (it, true));
    let name = PAPERS.into_iter().find(|it| *it == name).ok_or(HttpError::NotFound)?;
    let text = text(&edge, &caller, name).await?;
    if is_file {
        let disposition = format!("attachment; filename=\"{name}.md\"");
        let headers = [
            (header::CONTENT_TYPE, "text/markdown; charset=utf-8".to_owned()),
            (header::CONTENT_DISPOSITION, disposition),
        ];
        return Ok((headers, text).into_response());
    }
    Ok(page(&PaperPage {
        f: edge.frame(&caller, "papers.title"),
        name,
        blanks: text.matches(BLANK).count(),
        text: document(&text, &|_| String::new()),
    }))
}

/// A paper with all that is known put in its place.
async fn text(edge: &Edge, caller: &Caller, name: &str) -> Result<String, HttpError> {
    let facts = facts::facts(edge, caller).await?;
    let value = |key: &str| facts.get(key).cloned().unwrap_or_default();
    Ok(filled(&written(caller.lang, name), value))
}

fn written(lang: Lang, name: &str) -> String {
    let file = Texts::get(&format!("{}/{name}.md", lang.code()));
    file.map_or_else(String::new, |it| String::from_utf8_lossy(&it.data).into_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn names(text: &str) -> BTreeSet<String> {
        text.split("{{").skip(1).filter_map(|it| Some(it.split_once("}}")?.0.to_owned())).collect()
    }

    #[test]
    fn a_paper_says_and_asks_the_same_in_each_language() {
        assert_eq!(Texts::iter().count(), PAPERS.len() * Lang::ALL.len(), "no file is left over");
        for name in PAPERS {
            let shape = |lang| {
                let text = written(lang, name);
                let parts = document(&text, &|_| String::new()).sections;
                let ids: Vec<String> = parts.into_iter().map(|it| it.id).collect();
                (ids, names(&text), text.matches(BLANK).count())
            };
            let wanted = shape(Lang::Nn);
            assert!(!wanted.0.is_empty() && 0 < wanted.2, "{name}");
            for lang in Lang::ALL {
                assert_eq!(shape(lang), wanted, "{name} in {}", lang.code());
            }
        }
    }

    #[test]
    fn every_name_in_a_paper_is_a_fact() {
        for name in PAPERS {
            let unknown: Vec<String> = names(&written(Lang::Nn, name))
                .into_iter()
                .filter(|it| !facts::NAMES.contains(&it.as_str()))
                .collect();
            assert!(unknown.is_empty(), "{name}: {unknown:?}");
        }
    }
}
