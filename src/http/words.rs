//! The table of what callers say and what the pages say for it, as editors fill it.

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

use super::edge::HttpError;
use super::edge::caller::Caller;
use super::edge::fields::{Asking, Fields, Sought};
use super::edge::notice::Told;
use super::pages::{FieldError, WordForm, WordSeen, WordsPage, render};
use super::routes::To;
use super::{Edge, page, wrong};
use crate::app::{Decider, DecisionError, WordError};
use crate::id::{Id, TopicNumber};
use crate::rows::Stored;
use crate::sheet::Form;
use crate::words::{LineFault, WordFacts, WordPair, WordRow, synonyms, write_table};

/// So many rows stand on a page.
const ROWS_SHOWN: usize = 50;
/// So many rows that were taken out are shown.
const REMOVED_SHOWN: usize = 20;
/// So many bad lines of a pasted table are named.
const BAD_LINES_SHOWN: usize = 20;

pub(super) async fn show(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    Sought(fields): Sought,
) -> Result<Response, HttpError> {
    // It takes a while: the figures are there the next time.
    let app = std::sync::Arc::clone(&edge.app);
    tokio::task::spawn_blocking(move || {
        if let Err(error) = app.count_brought() {
            tracing::warn!(error = format!("{error:?}"), "what words have brought is not counted");
        }
    });
    Ok(page(&build(&edge, &caller, &fields)))
}

fn build(edge: &Edge, caller: &Caller, fields: &Fields) -> WordsPage {
    let query = fields.get("q");
    let wanted = query.trim().to_lowercase();
    let (removed, live): (Vec<_>, Vec<_>) =
        edge.app.word_rows().into_iter().partition(|it| it.row.removed);
    let total = live.len();
    let found: Vec<_> = live.into_iter().filter(|it| is_named(it, &wanted)).collect();
    let pages = found.len().div_ceil(ROWS_SHOWN).max(1);
    let this = fields.get("page").parse::<usize>().unwrap_or(1).clamp(1, pages);
    let shown = found.iter().skip((this - 1) * ROWS_SHOWN).take(ROWS_SHOWN);
    WordsPage {
        f: edge.frame(caller, "words.title"),
        rows: shown.map(|it| seen(edge, caller, it)).collect(),
        total,
        found: found.len(),
        removed: removed.iter().take(REMOVED_SHOWN).map(|it| seen(edge, caller, it)).collect(),
        page: (this, pages),
        form: form(edge, fields),
        bad_lines: vec![],
        table: String::new(),
        query,
    }
}

/// Whether a row has the words that are looked for, in small letters.
pub(super) fn is_named(row: &Stored<WordRow>, wanted: &str) -> bool {
    let WordFacts { said, written, note, .. } = &row.row.facts;
    [said, written, note].iter().any(|it| it.to_lowercase().contains(wanted))
}

fn seen(edge: &Edge, caller: &Caller, it: &Stored<WordRow>) -> WordSeen {
    let WordFacts { said, written, note, topic } = it.row.facts.clone();
    let who = it.row.by.and_then(|it| edge.app.person_name(it));
    let day = edge.day(caller, it.row.at);
    let topic = topic.and_then(|it| edge.app.resolve(it));
    WordSeen {
        id: Id::<WordPair>::from_uuid(it.id).to_string(),
        version: it.version,
        said,
        written,
        note,
        topic: topic.map(|it| it.to_string()),
        changed: who.map_or_else(|| day.clone(), |who| format!("{day}, {who}")),
        brought: edge.app.brought(it.id).map(|it| (it.asked, it.led)),
    }
}

/// The row that is to be changed, or what the address gives for a new one.
fn form(edge: &Edge, fields: &Fields) -> WordForm {
    let edited = fields.get("edit").parse::<Id<WordPair>>().ok();
    match edited.and_then(|id| Some((id, edge.app.state.words.get(id.uuid())?))) {
        Some((id, row)) => {
            let WordFacts { said, written, note, topic } = row.row.facts.clone();
            let topic = topic.map(|it| it.to_string()).unwrap_or_default();
            let (id, version) = (id.to_string(), row.version);
            WordForm { id, version, said, written, note, topic, ..WordForm::default() }
        }
        None => typed(fields),
    }
}

/// What was typed.
fn typed(fields: &Fields) -> WordForm {
    WordForm {
        id: fields.get("id"),
        version: fields.get("version").parse().unwrap_or(0),
        said: fields.get("said"),
        written: fields.get("written"),
        note: fields.get("note"),
        topic: fields.get("topic"),
        ..WordForm::default()
    }
}

pub(super) async fn change(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    fields: Fields,
) -> Result<Response, HttpError> {
    match take(&edge, &caller, &fields).await? {
        Ok(told) => {
            edge.see_writes().await;
            let topic = fields.get("topic").parse::<TopicNumber>();
            let from = topic.ok().filter(|_| fields.get("from") == "gap");
            let onward = match from.and_then(|it| edge.app.resolve(it)) {
                Some(topic) => edge.onward(To::Gap, &[&topic.to_string()]),
                None => edge.onward(To::Words, &[]),
            };
            Ok(onward.saying(&told).into_response())
        }
        Err(error) => back(&edge, &caller, &fields, error),
    }
}

/// Takes a change; tells what to say.
async fn take(
    edge: &Edge,
    caller: &Caller,
    fields: &Fields,
) -> Result<Result<Told, WordError>, HttpError> {
    let by = caller.by();
    let id = || fields.get("id").parse::<Id<WordPair>>().map_err(|_| HttpError::Invalid);
    let who = move |version: u32| Decider { by, version: Some(version) };
    match fields.get("change").as_str() {
        "put" => {
            let id = if fields.get("id").is_empty() { None } else { Some(id()?) };
            let version = if id.is_some() { fields.version()? } else { 0 };
            let form = typed(fields);
            let WordForm { said, written, note, topic, .. } = form;
            let facts = WordFacts { said, written, note, topic: topic.parse().ok() };
            let put = edge.off_thread(move |app| app.put_word(id, facts, who(version))).await?;
            Ok(put.map(|_| Told::new("words.saved")))
        }
        change @ ("remove" | "restore") => {
            let (id, version, out) = (id()?, fields.version()?, change == "remove");
            let told = Told::new(if out { "words.taken_out" } else { "words.restored" });
            let set = move |app: &crate::app::App| app.set_word_removed(id, out, who(version));
            Ok(edge.off_thread(set).await?.map(|()| told))
        }
        "import" => {
            let table = fields.get("table");
            let added = edge.off_thread(move |app| app.import_words(&table, by)).await?;
            Ok(added.map(|n| Told::new("words.imported").with("n", &n.to_string())))
        }
        _ => Err(HttpError::Invalid),
    }
}

/// Gives the page back with all that was typed and what is wrong.
fn back(
    edge: &Edge,
    caller: &Caller,
    fields: &Fields,
    error: WordError,
) -> Result<Response, HttpError> {
    let lang = caller.lang;
    let built = build(edge, caller, &Fields::default());
    let mut form = typed(fields);
    let key = match error {
        WordError::Decision(DecisionError::Conflict) => {
            let row = form.id.parse::<Id<WordPair>>().ok();
            let row = row.and_then(|it| edge.app.state.words.get(it.uuid()));
            form.version = row.as_ref().map_or(0, |it| it.version);
            let facts = |it: &WordRow| (it.facts.said.clone(), it.facts.written.clone());
            form.theirs = row.map(|it| facts(&it.row));
            let page = WordsPage { form, ..built };
            return Ok((StatusCode::PRECONDITION_FAILED, Html(render(&page))).into_response());
        }
        WordError::Lines(lines) => {
            let says = |it: crate::words::BadLine| {
                let key = format!("words.bad_{}", it.why.name());
                lang.fill(&key, &[("n", &it.line.to_string())])
            };
            let bad_lines = lines.into_iter().take(BAD_LINES_SHOWN).map(says).collect();
            return Ok(wrong(&WordsPage { bad_lines, table: fields.get("table"), ..built }));
        }
        WordError::Row(LineFault::Long) => "words.wrong_long",
        WordError::Row(LineFault::Empty | LineFault::Unreadable) => "words.wrong_empty",
        WordError::Same => "words.wrong_same",
        WordError::Full if fields.get("change") == "import" => {
            let bad_lines = vec![lang.text("words.wrong_full").to_owned()];
            return Ok(wrong(&WordsPage { bad_lines, table: fields.get("table"), ..built }));
        }
        WordError::Full => "words.wrong_full",
        WordError::Decision(error) => return Err(error.into()),
    };
    form.errors = vec![FieldError { field: "said", text: lang.text(key).to_owned() }];
    Ok(wrong(&WordsPage { form, ..built }))
}

/// The table as a file.
pub(super) async fn file(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    Path(name): Path<String>,
) -> Result<Response, HttpError> {
    let rows = edge.app.word_rows();
    let live = rows.iter().filter(|it| !it.row.removed).map(|it| &it.row.facts);
    let (kind, text) = match name.as_str() {
        "words.csv" => ("text/csv; charset=utf-8", write_table(live)),
        "synonyms.txt" => ("text/plain; charset=utf-8", synonyms(live)),
        _ => return Err(HttpError::NotFound),
    };
    let (n, by) = (rows.len(), caller.by());
    let list = name.split_once('.').map_or("words", |it| it.0).to_owned();
    edge.off_thread(move |app| app.note_file((&list, Form::Csv), "", (n, by))).await??;
    let disposition = format!("attachment; filename=\"{name}\"");
    let headers =
        [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)];
    Ok((headers, text).into_response())
}
