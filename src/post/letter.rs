//! The ledger of letters: one entity for each that a reader is ever to get.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::reader::{NoticeOf, Subscriber};
use crate::id::{Id, Named, TopicNumber};
use crate::record::{Event, Kind};
use crate::rows::{Head, Row};
use crate::week::Week;

/// One letter to one reader.
#[derive(Debug)]
pub struct LetterOf;

impl Named for LetterOf {
    const PREFIX: &'static str = "let";
}

/// What a letter tells of. Together with the reader it keys the letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Telling {
    /// A week.
    Week(Week),
    /// The weeks of a month, of which this is the last.
    Month(Week),
    /// Something that has just happened to a topic.
    Notice {
        /// What.
        of: NoticeOf,
        /// To which.
        topic: TopicNumber,
        /// When.
        at: Timestamp,
    },
    /// Whether the reader wants letters at all: asked once each time that somebody wishes it.
    Consent {
        /// When it was wished.
        at: Timestamp,
    },
}

impl Telling {
    /// What a file of it is called, such as `2026-W12` and `2026-W13-month`.
    pub fn file_name(self) -> String {
        match self {
            Self::Week(week) => week.to_string(),
            Self::Month(week) => format!("{week}-month"),
            Self::Notice { of, topic, .. } => format!("{}-{topic}", of.name()),
            Self::Consent { .. } => "consent".to_owned(),
        }
    }

    /// The week that is told, or the last one; none of what tells of no week.
    pub const fn week(self) -> Option<Week> {
        match self {
            Self::Week(week) | Self::Month(week) => Some(week),
            Self::Notice { .. } | Self::Consent { .. } => None,
        }
    }
}

impl LetterOf {
    /// The entity of a reader's letter: one for each telling, whatever happens.
    pub fn entity(reader: Id<Subscriber>, of: Telling) -> Uuid {
        let reader = reader.uuid();
        let reader = reader.as_bytes();
        let nanoseconds = |at: Timestamp| at.as_nanosecond().to_be_bytes();
        let id: Id<Self> = match of {
            Telling::Week(week) => Id::derived(&[b"letter", reader, week.to_string().as_bytes()]),
            Telling::Month(week) => {
                Id::derived(&[b"letter", reader, b"month", week.to_string().as_bytes()])
            }
            Telling::Notice { of, topic, at } => {
                let (name, topic) = (of.name().as_bytes(), topic.to_string());
                Id::derived(&[b"letter", reader, name, topic.as_bytes(), &nanoseconds(at)])
            }
            Telling::Consent { at } => {
                Id::derived(&[b"letter", reader, b"consent", &nanoseconds(at)])
            }
        };
        id.uuid()
    }
}

/// Which way a letter goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// Into the folder of letters, where another program takes it; that is its end here.
    Outbox,
    /// By the organisation's mail server.
    Mail,
    /// By the incoming webhook of a chat.
    Chat,
    /// Not at all: the reader wants no letter of such a week.
    Spared,
}

/// How a letter ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The other machine took it.
    Sent,
    /// It will never take mail for this reader.
    NoSuchReader,
    /// It will never take this letter.
    NotTaken,
    /// It took nothing for so long that the letter was given up.
    GivenUp,
    /// The reader wanted no more letters before it went.
    Stopped,
    /// What was to be sent is gone from the disk.
    Lost,
}

impl Outcome {
    /// The name in catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::NoSuchReader => "no_such_reader",
            Self::NotTaken => "not_taken",
            Self::GivenUp => "given_up",
            Self::Stopped => "stopped",
            Self::Lost => "lost",
        }
    }
}

/// What can happen to a letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterEvent {
    /// A week's letter was written into the outbox; so wrote the first form.
    Written {
        /// The reader.
        reader: Id<Subscriber>,
        /// The week that it tells of.
        week: Week,
        /// Its Message-ID, the same for the same reader and week.
        message_id: String,
    },
    /// A letter was made, and goes or ends this way.
    Made {
        /// The reader.
        reader: Id<Subscriber>,
        /// What it tells of.
        of: Telling,
        /// Its Message-ID, the same for the same reader and telling.
        message_id: String,
        /// Which way.
        way: Way,
    },
    /// The other machine did not take it now.
    Tried {
        /// What it said, or why nothing was said.
        says: String,
    },
    /// It has ended.
    Ended {
        /// How.
        how: Outcome,
        /// What the other machine said; may be empty.
        says: String,
    },
}

impl Event for LetterEvent {
    const KIND: Kind = Kind::Letter;
}

/// The tries that a letter has behind it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tries {
    /// How many.
    pub n: u32,
    /// When the last one was.
    pub last: Timestamp,
    /// What came of it.
    pub says: String,
}

/// A letter as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterRow {
    /// The reader.
    pub reader: Id<Subscriber>,
    /// What it tells of.
    pub of: Telling,
    /// Its Message-ID.
    pub message_id: String,
    /// When it was first made.
    pub written: Timestamp,
    /// Which way it goes.
    pub way: Way,
    /// What was tried in vain.
    pub tries: Option<Tries>,
    /// How it ended, when, and what was said.
    pub ended: Option<(Outcome, Timestamp, String)>,
}

impl LetterRow {
    /// Whether it is still to be sent.
    pub const fn is_waiting(&self) -> bool {
        matches!(self.way, Way::Mail | Way::Chat) && self.ended.is_none()
    }

    fn made(
        of: Telling,
        (reader, message_id, way): (Id<Subscriber>, String, Way),
        at: Timestamp,
    ) -> Self {
        Self { reader, of, message_id, written: at, way, tries: None, ended: None }
    }
}

impl Row for LetterRow {
    type Event = LetterEvent;

    fn fold(old: Option<Self>, event: LetterEvent, head: Head) -> Option<Self> {
        match event {
            LetterEvent::Written { reader, week, message_id } => {
                let new = (reader, message_id, Way::Outbox);
                old.or(Some(Self::made(Telling::Week(week), new, head.at)))
            }
            LetterEvent::Made { reader, of, message_id, way } => {
                old.or(Some(Self::made(of, (reader, message_id, way), head.at)))
            }
            LetterEvent::Tried { says } => old.map(|old| {
                let n = old.tries.as_ref().map_or(0, |it| it.n) + 1;
                Self { tries: Some(Tries { n, last: head.at, says }), ..old }
            }),
            // What has ended once stays as it ended.
            LetterEvent::Ended { how, says } => old.map(|old| {
                let ended = old.ended.or(Some((how, head.at, says)));
                Self { ended, ..old }
            }),
        }
    }
}
