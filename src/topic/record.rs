//! What can happen to topics and to runs of the grouping, and what they have become.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Run, Scope, Topic};
use crate::id::{Id, TopicNumber};
use crate::inquiry::Inquiry;
use crate::journal::Seq;
use crate::people::By;
use crate::record::{Event, Kind};
use crate::rows::{Head, Row};

impl Topic {
    /// The entity of a topic's number.
    pub fn entity(number: TopicNumber) -> Uuid {
        Id::<Self>::derived(&[b"topic", &number.0.to_be_bytes()]).uuid()
    }
}

/// What can happen to a topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TopicEvent {
    /// It got its number.
    Created {
        /// The number, never used again.
        number: TopicNumber,
        /// The inquiry whose words name it.
        exemplar: Id<Inquiry>,
        /// The topic that it was split from.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        split_from: Option<TopicNumber>,
        /// By whom; none when the grouping made it.
        by: By,
    },
    /// Another inquiry's words name it better now.
    Labelled {
        /// The inquiry.
        exemplar: Id<Inquiry>,
        /// The words that tell the topic from others, as callers write them.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        words: Vec<String>,
    },
    /// An editor named it; an empty name goes back to the inquiry's words.
    Named {
        /// The name.
        name: String,
        /// By whom.
        by: By,
    },
    /// An editor found that it asks the same as another.
    Merged {
        /// The topic that both are from now on.
        into: TopicNumber,
        /// By whom.
        by: By,
    },
    /// The merging was undone.
    Unmerged {
        /// By whom.
        by: By,
    },
    /// An editor wrote what reception may say; an empty text takes it back.
    AnswerSet {
        /// The words, masked.
        text: String,
        /// By whom.
        by: By,
    },
    /// An editor found that it does not ask the same as another, however alike they are.
    KeptApart {
        /// The other topic.
        from: TopicNumber,
        /// By whom.
        by: By,
    },
    /// The two may ask the same after all.
    MayJoin {
        /// The other topic.
        with: TopicNumber,
        /// By whom.
        by: By,
    },
    /// An editor said who can answer.
    ScopeSet {
        /// The scope.
        scope: Scope,
        /// By whom.
        by: By,
    },
}

impl Event for TopicEvent {
    const KIND: Kind = Kind::Topic;
}

/// A topic as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopicRow {
    /// Its number.
    pub number: TopicNumber,
    /// The inquiry whose words name it.
    pub exemplar: Id<Inquiry>,
    /// The words that tell it from others, the most telling first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<String>,
    /// The name that an editor gave.
    pub name: Option<String>,
    /// Who can answer.
    pub scope: Scope,
    /// The topic that it has become a part of.
    pub merged_into: Option<TopicNumber>,
    /// The topic that it was split from.
    pub split_from: Option<TopicNumber>,
    /// When it was made.
    pub created: Timestamp,
    /// Whether an editor has decided anything about it, so that a run must not lose it.
    pub decided: bool,
    /// What reception may say, and since when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<(Timestamp, String)>,
    /// The topics that it is kept apart from.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub apart: BTreeSet<TopicNumber>,
}

impl TopicRow {
    /// The longest name.
    pub const NAME_CHARS_MAX: usize = 200;
    /// The longest answer: it is read aloud while somebody waits.
    pub const ANSWER_CHARS_MAX: usize = 300;
    /// A topic is kept apart from so many others, so that its row stays small.
    pub const APART_MAX: usize = 100;
}

impl Row for TopicRow {
    type Event = TopicEvent;

    fn fold(old: Option<Self>, event: TopicEvent, head: Head) -> Option<Self> {
        let Some(mut row) = old else { return created(event, head) };
        match event {
            TopicEvent::Created { .. } => {}
            TopicEvent::Labelled { exemplar, words } => {
                row.exemplar = exemplar;
                row.words = words;
            }
            TopicEvent::Named { name, .. } => {
                row.name = Some(name).filter(|it| !it.is_empty());
                row.decided = true;
            }
            TopicEvent::Merged { into, .. } if into != row.number => {
                row.merged_into = Some(into);
                row.decided = true;
            }
            TopicEvent::Merged { .. } => {}
            TopicEvent::Unmerged { .. } => row.merged_into = None,
            TopicEvent::AnswerSet { text, .. } => {
                row.answer = Some((head.at, text)).filter(|it| !it.1.is_empty());
                row.decided = true;
            }
            TopicEvent::KeptApart { from, .. } => {
                row.apart.insert(from);
                row.decided = true;
            }
            TopicEvent::MayJoin { with, .. } => drop(row.apart.remove(&with)),
            TopicEvent::ScopeSet { scope, .. } => {
                row.scope = scope;
                row.decided = true;
            }
        }
        Some(row)
    }
}

fn created(event: TopicEvent, head: Head) -> Option<TopicRow> {
    let TopicEvent::Created { number, exemplar, split_from, by } = event else { return None };
    Some(TopicRow {
        number,
        exemplar,
        words: vec![],
        name: None,
        scope: Scope::General,
        merged_into: None,
        split_from,
        created: head.at,
        decided: by.is_some(),
        answer: None,
        apart: BTreeSet::new(),
    })
}

/// What can happen in a run of the grouping. The live assignment is a run without end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunEvent {
    /// The live assignment put these inquiries under these topics, at once; what was decided
    /// about one of them after `through` wins.
    Assigned {
        /// Inquiry and topic, at most `RunRow::PAIRS_MAX`.
        pairs: Vec<(Seq, Option<TopicNumber>)>,
        /// Every inquiry up to this record has been looked at.
        through: Seq,
    },
    /// A full run wants these changes; they show when it is committed.
    Changes {
        /// Inquiry and topic, at most `RunRow::PAIRS_MAX`.
        pairs: Vec<(Seq, Option<TopicNumber>)>,
    },
    /// A full run came to its end: its changes show from here.
    Committed {
        /// It saw the journal up to this record.
        based_on: Seq,
        /// The entities of its `Changes`, in order.
        changes: Vec<Uuid>,
        /// How many topics it found.
        topics: u32,
        /// How many inquiries stand alone.
        alone: u32,
    },
}

impl Event for RunEvent {
    const KIND: Kind = Kind::Run;
}

/// A run, or a part of its changes, as it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunRow {
    /// Changes that wait for their run to be committed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pairs: Vec<(Seq, Option<TopicNumber>)>,
    /// How far the live assignment or the full run has looked.
    pub through: Seq,
    /// When it was committed.
    pub committed: Option<Timestamp>,
    /// How many topics it found.
    pub topics: u32,
    /// How many inquiries stand alone.
    pub alone: u32,
}

impl RunRow {
    /// So many changes stand in one record, so that a row stays under the view's 4 KB.
    pub const PAIRS_MAX: usize = 160;

    /// The entity of the live assignment.
    pub fn live() -> Uuid {
        Id::<Run>::derived(&[b"live"]).uuid()
    }
}

impl Row for RunRow {
    type Event = RunEvent;

    fn fold(old: Option<Self>, event: RunEvent, head: Head) -> Option<Self> {
        let row = old.unwrap_or_default();
        Some(match event {
            RunEvent::Assigned { through, .. } => Self { through: row.through.max(through), ..row },
            RunEvent::Changes { pairs } => Self { pairs, ..row },
            RunEvent::Committed { based_on, topics, alone, changes: _ } => {
                Self { through: based_on, committed: Some(head.at), topics, alone, ..row }
            }
        })
    }
}
