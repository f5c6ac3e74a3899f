//! The table of what callers say and what the pages say for it.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Removal;
use super::gaps::name_of;
use crate::http::Edge;
use crate::http::api::op::{Call, Given, List, Nothing, Page, Wrong};
use crate::http::edge::HttpError;
use crate::http::words::is_named;
use crate::id::Id;
use crate::rows::Stored;
use crate::words::{WordFacts, WordPair, WordRow};

/// Which rows are wanted.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct WordsAsked {
    /// Words of either side or of the note.
    #[serde(default)]
    #[schemars(length(max = 200))]
    q: Option<String>,
    /// So many at a time; 50 when left out.
    #[serde(default)]
    #[schemars(range(min = 1, max = 500))]
    limit: Option<u16>,
    /// What follows a part that was told, as it stands in `next`.
    #[serde(default)]
    cursor: Option<String>,
}

/// A row of the table.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct WordSeen {
    id: String,
    /// What callers say; several expressions have commas between them.
    said: String,
    /// What the pages say for it.
    written: String,
    note: String,
    /// The topic whose evidence it comes from.
    topic: Option<String>,
    changed: Timestamp,
    by: Option<String>,
    /// Whether it was taken out.
    removed: bool,
    /// The version that a change is held against.
    version: u32,
}

/// A row as it is sent.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct WordSent {
    /// What callers say; commas between several expressions.
    #[schemars(length(min = 1, max = 120))]
    said: String,
    /// What the pages say for it.
    #[schemars(length(min = 1, max = 120))]
    written: String,
    /// Why, for other editors.
    #[serde(default)]
    #[schemars(length(max = 200))]
    note: String,
    /// A topic's number.
    #[serde(default)]
    #[schemars(length(max = 40))]
    topic: Option<String>,
}

impl WordSent {
    fn facts(&self) -> Result<WordFacts, Wrong> {
        let topic = self.topic.as_ref().map(|it| it.trim().to_uppercase().parse());
        let topic = topic.transpose().map_err(|_| Wrong::field("topic", "it is no topic"))?;
        let (said, written) = (self.said.clone(), self.written.clone());
        Ok(WordFacts { said, written, note: self.note.clone(), topic })
    }
}

fn seen(edge: &Edge, it: &Stored<WordRow>) -> WordSeen {
    let WordFacts { said, written, note, topic } = it.row.facts.clone();
    WordSeen {
        id: Id::<WordPair>::from_uuid(it.id).to_string(),
        said,
        written,
        note,
        topic: topic.map(|it| edge.app.resolve(it).unwrap_or(it).to_string()),
        changed: it.row.at,
        by: name_of(edge, it.row.by),
        removed: it.row.removed,
        version: it.version,
    }
}

pub(in crate::http) async fn list(call: Call<WordsAsked>) -> Result<Given<List<WordSeen>>, Wrong> {
    let page = Page::read(call.query.limit, call.query.cursor.as_deref())?;
    let wanted = call.query.q.as_deref().unwrap_or_default().trim().to_lowercase();
    let mut rows = call.edge.app.word_rows();
    rows.retain(|it| !it.row.removed && is_named(it, &wanted));
    let total = rows.len();
    let (part, next) = page.of(rows, |it| it.id.to_string());
    let items = part.iter().map(|it| seen(&call.edge, it)).collect();
    Ok(call.list(items, Some(total), next))
}

pub(in crate::http) async fn one(call: Call) -> Result<Given<WordSeen>, Wrong> {
    let id = call.id::<WordPair>()?;
    let row = call.edge.app.state.words.get(id.uuid()).ok_or(HttpError::NotFound)?;
    Ok(Given::at(seen(&call.edge, &row), row.version))
}

pub(in crate::http) async fn add(call: Call<Nothing, WordSent>) -> Result<String, Wrong> {
    let (id, facts, by) = (call.new_id(), call.body.facts()?, call.by());
    call.run(move |app| app.add_word(id, facts, by)).await??;
    Ok(id.to_string())
}

pub(in crate::http) async fn put(call: Call<Nothing, WordSent>) -> Result<Option<String>, Wrong> {
    let (id, facts, who) = (call.id()?, call.body.facts()?, call.who());
    call.run(move |app| app.put_word(Some(id), facts, who)).await??;
    Ok(None)
}

pub(in crate::http) async fn remove(call: Call) -> Result<(), Wrong> {
    let (id, who) = (call.id()?, call.who());
    Ok(call.run(move |app| app.set_word_removed(id, true, who)).await??)
}

pub(in crate::http) async fn step(call: Call<Nothing, Removal>) -> Result<Option<String>, Wrong> {
    let id = call.path.first().map_or("", String::as_str);
    let id = id.parse().map_err(|_| HttpError::NotFound)?;
    let (who, removed) = (call.who(), call.body.removed);
    call.run(move |app| app.set_word_removed(id, removed, who)).await??;
    Ok(None)
}

/// A table of rows.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct TableSent {
    /// CSV: what callers say, what the pages say, and perhaps a note, on each line.
    #[schemars(length(min = 1, max = 50_000))]
    table: String,
}

/// What came of a table.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct RowsTaken {
    /// So many rows are new; those that are there already are not added twice.
    added: usize,
}

pub(in crate::http) async fn import(
    call: Call<Nothing, TableSent>,
) -> Result<Given<RowsTaken>, Wrong> {
    let (table, by) = (call.body.table.clone(), call.by());
    let added = call.run(move |app| app.import_words(&table, by)).await??;
    Ok(Given::new(RowsTaken { added }))
}
