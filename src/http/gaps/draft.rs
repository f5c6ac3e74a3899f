//! The draft of an answer, to be taken to where the website is written.

use axum::Extension;
use axum::extract::{Path, RawQuery, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use super::detail::read;
use crate::app::GapDetail;
use crate::http::Edge;
use crate::http::edge::HttpError;
use crate::http::edge::fields::{Asking, Fields};
use crate::id::TopicNumber;
use crate::messages::Lang;
use crate::review::Draft;
use crate::topic::Topic;

/// So many other wordings stand in a draft.
const WORDINGS_MAX: usize = 5;
/// So many of the colleagues' answers.
const NOTES_MAX: usize = 4;

/// The draft of a topic, in the language of whoever reads it.
pub(in crate::http) fn draft(edge: &Edge, lang: Lang, detail: &GapDetail) -> Draft {
    let row = edge.app.state.topics.get(Topic::entity(detail.topic.number));
    let approved = row.and_then(|it| it.row.answer.clone()).map(|it| it.1);
    let mut also: Vec<String> = vec![];
    for words in &detail.words {
        let is_known = |it: &String| it.to_lowercase() == words.text.to_lowercase();
        let is_new = !is_known(&detail.topic.name) && !also.iter().any(is_known);
        if is_new && also.len() < WORDINGS_MAX {
            also.push(words.text.clone());
        }
    }
    let mut answers: Vec<String> = approved.into_iter().collect();
    for note in detail.words.iter().filter_map(|it| it.note.as_ref()).take(NOTES_MAX) {
        if !answers.contains(note) {
            answers.push(note.clone());
        }
    }
    Draft {
        question: detail.topic.name.clone(),
        also,
        answers,
        placeholder: lang.text("gap.draft_placeholder").to_owned(),
        also_says: lang.text("gap.draft_also").to_owned(),
    }
}

pub(in crate::http) async fn show(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    Path(number): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, HttpError> {
    let number: TopicNumber = number.parse().map_err(|_| HttpError::NotFound)?;
    let detail = read(&edge, number).await?;
    let draft = draft(&edge, caller.lang, &detail);
    let number = detail.topic.number;
    let form = Fields::parse(query.unwrap_or_default().as_bytes()).get("form");
    let (text, ending) = match form.as_str() {
        "html" => (draft.html(), "html.txt"),
        "schema" => (draft.schema(), "schema.txt"),
        _ => (draft.markdown(), "md"),
    };
    // Plain text whatever its form: callers' words must never run in this place.
    let kind = (CONTENT_TYPE, "text/plain; charset=utf-8".to_owned());
    let name = format!("attachment; filename=\"{number}.{ending}\"");
    Ok(([kind, (CONTENT_DISPOSITION, name)], text).into_response())
}
