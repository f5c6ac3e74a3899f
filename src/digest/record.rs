//! Who gets the digest, and which letters were written.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::id::{Id, Named};
use crate::messages::Lang;
use crate::people::By;
use crate::record::{Event, Kind};
use crate::rows::{Head, Row};
use crate::week::Week;

/// Somebody who gets the digest.
#[derive(Debug)]
pub struct Subscriber;

impl Named for Subscriber {
    const PREFIX: &'static str = "rdr";
}

/// One reader's letter of one week.
#[derive(Debug)]
pub struct LetterOf;

impl Named for LetterOf {
    const PREFIX: &'static str = "let";
}

impl LetterOf {
    /// The entity of a reader's letter: one a week, whatever happens.
    pub fn entity(reader: Id<Subscriber>, week: Week) -> Uuid {
        let week = week.to_string();
        Id::<Self>::derived(&[b"letter", reader.uuid().as_bytes(), week.as_bytes()]).uuid()
    }
}

/// What can happen to a reader of the digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReaderEvent {
    /// The reader is to get the digest.
    Added {
        /// The name for the greeting.
        name: String,
        /// The mail address.
        mail: String,
        /// The language of the letter.
        lang: Lang,
        /// Who set it up.
        by: By,
    },
    /// The reader is to get it no more.
    Stopped {
        /// By whom.
        by: By,
    },
}

impl Event for ReaderEvent {
    const KIND: Kind = Kind::Reader;
}

/// A reader as they stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReaderRow {
    /// The name for the greeting.
    pub name: String,
    /// The mail address.
    pub mail: String,
    /// The language of the letter.
    pub lang: Lang,
    /// Whether it was stopped.
    pub stopped: bool,
    /// Who set it up; none when it was the reader.
    #[serde(default)]
    pub set_up_by: By,
}

impl Row for ReaderRow {
    type Event = ReaderEvent;

    fn fold(old: Option<Self>, event: ReaderEvent, _: Head) -> Option<Self> {
        match event {
            ReaderEvent::Added { name, mail, lang, by } => {
                Some(Self { name, mail, lang, stopped: false, set_up_by: by })
            }
            ReaderEvent::Stopped { .. } => old.map(|old| Self { stopped: true, ..old }),
        }
    }
}

/// What can happen to a letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterEvent {
    /// It was written into the outbox.
    Written {
        /// The reader.
        reader: Id<Subscriber>,
        /// The week that it tells of.
        week: Week,
        /// Its Message-ID, the same for the same reader and week.
        message_id: String,
    },
}

impl Event for LetterEvent {
    const KIND: Kind = Kind::Letter;
}

/// A letter as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterRow {
    /// The reader.
    pub reader: Id<Subscriber>,
    /// The week that it tells of.
    pub week: Week,
    /// Its Message-ID.
    pub message_id: String,
    /// When it was first written.
    pub written: Timestamp,
}

impl Row for LetterRow {
    type Event = LetterEvent;

    fn fold(old: Option<Self>, event: LetterEvent, head: Head) -> Option<Self> {
        let LetterEvent::Written { reader, week, message_id } = event;
        old.or(Some(Self { reader, week, message_id, written: head.at }))
    }
}
