//! The table of what callers say and what the pages say: changes, and how it joins the analysis.

mod brought;
pub(super) mod own;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::decisions::masked;
use super::{App, Decider, DecisionError, Noted};
use crate::id::Id;
use crate::journal::Expect;
use crate::people::By;
use crate::record::{Change, encode};
use crate::rows::Stored;
use crate::words::{BadLine, LineFault, WordEvent, WordFacts, WordPair, WordRow, read_table};

pub(super) use brought::Counted;
pub use brought::{BROUGHT_DAYS, Brought};

/// Why a row was not taken.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WordError {
    /// The row says nothing, or too much.
    #[error("a row needs words on both sides, {} characters at most", WordFacts::SIDE_CHARS_MAX)]
    Row(LineFault),
    /// Another row says the same.
    #[error("another row says the same")]
    Same,
    /// The table is full.
    #[error("there can be at most {} rows", WordFacts::ROWS_MAX)]
    Full,
    /// Lines of a file that cannot be taken; none was.
    #[error("{} lines cannot be taken", .0.len())]
    Lines(Vec<BadLine>),
    /// The decision was not taken.
    #[error(transparent)]
    Decision(#[from] DecisionError),
}

impl App {
    /// All rows, those taken out too, the newest change first.
    pub fn word_rows(&self) -> Vec<Arc<Stored<WordRow>>> {
        let mut rows = self.state.words.all();
        rows.sort_by_key(|it| std::cmp::Reverse(it.last));
        rows
    }

    /// Adds a row, or says something else in one. Blocks.
    pub fn put_word(
        &self,
        id: Option<Id<WordPair>>,
        facts: WordFacts,
        who: Decider,
    ) -> Result<Id<WordPair>, WordError> {
        if id.is_some_and(|id| self.state.words.get(id.uuid()).is_none()) {
            return Err(DecisionError::Unknown("row").into());
        }
        let (facts, id) = self.checked_word(id, facts)?;
        let noted = Noted { by: who.by, action: "words.put", target: id.to_string() };
        let event = WordEvent::Put { facts, by: who.by };
        self.decide((id.uuid(), who.expect(id.uuid())), &event, noted)?;
        Ok(id)
    }

    /// Adds a row under an id; the same once more adds nothing, and another row under it is
    /// refused by the journal. Blocks.
    pub fn add_word(&self, id: Id<WordPair>, facts: WordFacts, by: By) -> Result<(), WordError> {
        let is_known = self.journal.version_of(id.uuid()).is_some();
        let facts = if is_known { self.clean(facts) } else { self.checked_word(None, facts)?.0 };
        let noted = Noted { by, action: "words.put", target: id.to_string() };
        let change = Change { entity: id.uuid(), version: Some(0), now: self.now() };
        let batch = change.batch(&WordEvent::Put { facts, by });
        self.append_noted(batch, noted).map_err(DecisionError::Journal)?;
        Ok(())
    }

    /// A row as it may be kept, and the id that it gets.
    fn checked_word(
        &self,
        id: Option<Id<WordPair>>,
        facts: WordFacts,
    ) -> Result<(WordFacts, Id<WordPair>), WordError> {
        let facts = self.clean(facts);
        if let Some(why) = facts.fault() {
            return Err(WordError::Row(why));
        }
        let rows = self.state.words.all();
        let mut others =
            rows.iter().filter(|it| !it.row.removed && Some(it.id) != id.map(Id::uuid));
        if others.clone().any(|it| it.row.facts.is_same(&facts)) {
            return Err(WordError::Same);
        }
        if id.is_none() && others.by_ref().count() >= WordFacts::ROWS_MAX {
            return Err(WordError::Full);
        }
        Ok((facts, id.unwrap_or_else(|| Id::new(self.now()))))
    }

    /// Takes a row out, or puts it back. Blocks.
    pub fn set_word_removed(
        &self,
        id: Id<WordPair>,
        removed: bool,
        who: Decider,
    ) -> Result<(), WordError> {
        let row = self.state.words.get(id.uuid()).ok_or(DecisionError::Unknown("row"))?;
        let is_same = |it: &Arc<Stored<WordRow>>| {
            it.id != row.id && !it.row.removed && it.row.facts.is_same(&row.row.facts)
        };
        if !removed && self.state.words.all().iter().any(is_same) {
            return Err(WordError::Same);
        }
        let (event, action) = if removed {
            (WordEvent::Removed { by: who.by }, "words.remove")
        } else {
            (WordEvent::Restored { by: who.by }, "words.restore")
        };
        let noted = Noted { by: who.by, action, target: id.to_string() };
        self.decide((id.uuid(), who.expect(id.uuid())), &event, noted)?;
        Ok(())
    }

    /// Takes in a table, all of it or, when a line cannot be taken, nothing. Rows that are there
    /// already are passed over. Tells how many were added. Blocks.
    pub fn import_words(&self, text: &str, by: By) -> Result<usize, WordError> {
        let rows = read_table(text).map_err(WordError::Lines)?;
        let known = self.state.words.all();
        let known = known.iter().filter(|it| !it.row.removed).map(|it| it.row.facts.clone());
        let mut all: Vec<WordFacts> = known.collect();
        let before = all.len();
        for facts in rows.into_iter().map(|it| self.clean(it)) {
            if !all.iter().any(|it| it.is_same(&facts)) {
                all.push(facts);
            }
        }
        if WordFacts::ROWS_MAX < all.len() {
            return Err(WordError::Full);
        }
        let new = all.split_off(before);
        let now = self.now();
        let mut records = vec![];
        for facts in &new {
            let id = Id::<WordPair>::new(now).uuid();
            let event = WordEvent::Put { facts: facts.clone(), by };
            records.push((id, encode(id, &event)));
        }
        // All in one batch, so that a cut in the midst takes in nothing.
        let Some((first, _)) = records.first() else { return Ok(0) };
        let event = WordEvent::Put { facts: new[0].clone(), by };
        let mut batch = Change { entity: *first, version: Some(0), now }.batch(&event);
        batch.expect = records.iter().map(|it| Expect { entity: it.0, version: 0 }).collect();
        batch.records = records.into_iter().map(|it| it.1).collect();
        let noted = Noted { by, action: "words.import", target: new.len().to_string() };
        self.append_noted(batch, noted).map_err(DecisionError::from)?;
        Ok(new.len())
    }

    /// The words of a row as they are kept: masked, each expression once.
    fn clean(&self, facts: WordFacts) -> WordFacts {
        let allowed = self.allowed();
        let side = |text: &str| {
            let mut seen = BTreeSet::new();
            let text = masked(text, &allowed);
            let parts = text.split(',').map(str::trim).filter(|it| !it.is_empty());
            let parts: Vec<&str> = parts.filter(|it| seen.insert(it.to_lowercase())).collect();
            parts.join(", ")
        };
        WordFacts {
            said: side(&facts.said),
            written: side(&facts.written),
            note: masked(&facts.note, &allowed),
            topic: facts.topic.and_then(|it| self.resolve(it)),
        }
    }
}
