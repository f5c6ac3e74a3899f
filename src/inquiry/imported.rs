//! What is kept of an imported file: that it was read, so that it is not read twice.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::id::{Id, Named};
use crate::people::By;
use crate::record::{Event, Kind};
use crate::rows::{Head, Row};

/// One imported file.
#[derive(Debug)]
pub struct Import;

impl Named for Import {
    const PREFIX: &'static str = "imp";
}

impl Import {
    /// The entity of a file's bytes, whatever the file is called.
    pub fn entity(bytes: &[u8]) -> Uuid {
        Id::<Self>::derived(&[b"import", bytes]).uuid()
    }
}

/// What can happen to an import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportEvent {
    /// All rows that could be read are inquiries.
    Finished {
        /// The file's name.
        name: String,
        /// How many rows were added.
        added: u32,
        /// How many could not be read.
        rejected: u32,
        /// By whom.
        by: By,
    },
}

impl Event for ImportEvent {
    const KIND: Kind = Kind::Import;
}

/// An import as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportRow {
    /// The file's name.
    pub name: String,
    /// How many rows were added.
    pub added: u32,
    /// How many could not be read.
    pub rejected: u32,
    /// When.
    pub at: Timestamp,
}

impl Row for ImportRow {
    type Event = ImportEvent;

    fn fold(old: Option<Self>, event: ImportEvent, head: Head) -> Option<Self> {
        let ImportEvent::Finished { name, added, rejected, by: _ } = event;
        old.or(Some(Self { name, added, rejected, at: head.at }))
    }
}
