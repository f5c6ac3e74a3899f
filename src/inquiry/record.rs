//! What can happen to an inquiry, and what it has become.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Channel, Norm, Outcome, Question};
use crate::id::{Id, TopicNumber};
use crate::journal::Seq;
use crate::people::{ApiToken, By};
use crate::record::{Event, Kind};
use crate::rows::{Head, Row};
use crate::week::Week;

/// What can happen to an inquiry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InquiryEvent {
    /// It was asked and logged.
    Logged(InquiryFacts),
    /// Somebody corrected it; the facts stand in full.
    Edited(InquiryFacts),
    /// It was taken back.
    Removed {
        /// Why; none when who logged it took it back.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<TakenOut>,
        /// By whom.
        by: By,
    },
    /// The taking back was undone.
    Restored {
        /// By whom.
        by: By,
    },
    /// An editor put it under a topic, or under none; every later run keeps it there.
    Moved {
        /// The topic.
        topic: Option<TopicNumber>,
        /// By whom.
        by: By,
    },
}

impl Event for InquiryEvent {
    const KIND: Kind = Kind::Inquiry;
}

/// The facts of an inquiry. There is no field for the caller, and there shall be none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InquiryFacts {
    /// The question; none when it was only counted, or repeats another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Question>,
    /// When it was asked.
    pub asked: Timestamp,
    /// The week of that in the organisation's zone.
    pub week: Week,
    /// How it came.
    pub channel: Channel,
    /// Where it was logged.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub desk: String,
    /// The norm or language of the text.
    #[serde(default)]
    pub norm: Norm,
    /// What happened with it.
    #[serde(default)]
    pub outcome: Outcome,
    /// What was answered, for the editor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Question>,
    /// How many contacts this stands for, 1 unless counted in a batch.
    pub count: u16,
    /// Where it came from.
    #[serde(default)]
    pub source: Source,
    /// Who logged it; kept 30 days for undo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: By,
}

/// Why an editor has taken an inquiry out of all counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TakenOut {
    /// Somebody tried the service.
    Trial,
    /// It was logged twice.
    Twice,
    /// Nothing is asked in it.
    NoQuestion,
    /// Another reason.
    Other,
}

impl TakenOut {
    /// All of them, in the order that forms show.
    pub const ALL: [Self; 4] = [Self::Trial, Self::Twice, Self::NoQuestion, Self::Other];

    /// The name in records, addresses and catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Trial => "trial",
            Self::Twice => "twice",
            Self::NoQuestion => "no_question",
            Self::Other => "other",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

/// Where an inquiry came from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The log screen.
    #[default]
    Screen,
    /// The programming interface.
    Api,
    /// A file.
    Import,
    /// A machine, by its own token.
    Machine(Id<ApiToken>),
}

/// An inquiry as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InquiryRow {
    /// Its facts.
    #[serde(flatten)]
    pub facts: InquiryFacts,
    /// The topic it is under.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<TopicNumber>,
    /// The record that put it there; a run does not undo what came after it began.
    #[serde(default)]
    pub topic_set: Seq,
    /// Whether an editor put it there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pinned: bool,
    /// Whether it was taken back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub removed: bool,
    /// Why an editor took it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_out: Option<TakenOut>,
}

impl Row for InquiryRow {
    type Event = InquiryEvent;

    fn fold(old: Option<Self>, event: InquiryEvent, head: Head) -> Option<Self> {
        let changed = |change: &dyn Fn(&mut Self)| {
            old.clone().map(|mut row| {
                change(&mut row);
                row
            })
        };
        match event {
            InquiryEvent::Logged(facts) if old.is_none() => {
                let (topic, topic_set, pinned, removed, taken_out) = (None, 0, false, false, None);
                Some(Self { facts, topic, topic_set, pinned, removed, taken_out })
            }
            InquiryEvent::Logged(_) => old,
            InquiryEvent::Edited(facts) => changed(&|row| row.facts = facts.clone()),
            InquiryEvent::Removed { reason, .. } => changed(&|row| {
                row.removed = true;
                row.taken_out = reason;
            }),
            InquiryEvent::Restored { .. } => changed(&|row| {
                row.removed = false;
                row.taken_out = None;
            }),
            InquiryEvent::Moved { topic, .. } => changed(&|row| {
                row.topic = topic;
                row.topic_set = head.seq;
                row.pinned = true;
            }),
        }
    }
}
