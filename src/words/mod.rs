//! What callers say and what the pages say for the same: the table that editors fill.

mod table;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{Named, TopicNumber};
use crate::people::By;
use crate::record::{Event, Kind};
use crate::rows::{Head, Row};

pub use table::{BadLine, LineFault, read_table, synonyms, write_table};

/// A row of the table.
#[derive(Debug)]
pub struct WordPair;

impl Named for WordPair {
    const PREFIX: &'static str = "word";
}

/// What an editor says of a row. Several expressions on a side have commas between them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WordFacts {
    /// What callers say.
    pub said: String,
    /// What the pages say for it.
    pub written: String,
    /// Why, for other editors.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// The topic whose evidence it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<TopicNumber>,
}

impl WordFacts {
    /// The longest side of a row.
    pub const SIDE_CHARS_MAX: usize = 120;
    /// The longest note.
    pub const NOTE_CHARS_MAX: usize = 200;
    /// So many rows there can be: each look-up reads them.
    pub const ROWS_MAX: usize = 2_000;

    /// Whether another row says the same.
    pub fn is_same(&self, other: &Self) -> bool {
        let same = |a: &str, b: &str| a.to_lowercase() == b.to_lowercase();
        same(&self.said, &other.said) && same(&self.written, &other.written)
    }
}

/// What can happen to a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WordEvent {
    /// It was added, or says something else now.
    Put {
        /// What it says.
        #[serde(flatten)]
        facts: WordFacts,
        /// By whom.
        by: By,
    },
    /// It was taken out.
    Removed {
        /// By whom.
        by: By,
    },
    /// It was put back.
    Restored {
        /// By whom.
        by: By,
    },
}

impl Event for WordEvent {
    const KIND: Kind = Kind::Words;
}

/// A row as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WordRow {
    /// What it says.
    #[serde(flatten)]
    pub facts: WordFacts,
    /// When it last changed.
    pub at: Timestamp,
    /// Who changed it.
    pub by: By,
    /// Whether it was taken out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub removed: bool,
}

impl Row for WordRow {
    type Event = WordEvent;

    fn fold(old: Option<Self>, event: WordEvent, head: Head) -> Option<Self> {
        let at = head.at;
        match event {
            WordEvent::Put { facts, by } => Some(Self { facts, at, by, removed: false }),
            WordEvent::Removed { by } => old.map(|old| Self { at, by, removed: true, ..old }),
            WordEvent::Restored { by } => old.map(|old| Self { at, by, removed: false, ..old }),
        }
    }
}
