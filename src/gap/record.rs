//! What a topic was judged to be, with the evidence.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::id::{Id, Named, TopicNumber};
use crate::journal::Seq;
use crate::record::{Event, Kind};
use crate::rows::{Head, Row};

/// How well the site answers a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// A page answers, in words that callers use.
    Answered,
    /// A page answers a part of it.
    Partly,
    /// A page answers, in other words than callers use.
    HardToFind,
    /// A page answers only in the norm that the callers do not use.
    OtherNorm,
    /// A page answers with what no longer holds.
    Outdated,
    /// No page answers.
    Missing,
}

impl Verdict {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Answered,
        Self::Partly,
        Self::HardToFind,
        Self::OtherNorm,
        Self::Outdated,
        Self::Missing,
    ];

    /// The name in records, addresses and catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Partly => "partly",
            Self::HardToFind => "hard_to_find",
            Self::OtherNorm => "other_norm",
            Self::Outdated => "outdated",
            Self::Missing => "missing",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// Whether an editor has something to do.
    pub const fn needs_an_editor(self) -> bool {
        match self {
            Self::Answered => false,
            Self::Partly | Self::HardToFind | Self::OtherNorm | Self::Outdated | Self::Missing => {
                true
            }
        }
    }
}

/// A passage that comes nearest to an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nearest {
    /// The page's address.
    pub address: String,
    /// Which of the page's passages, from 0.
    pub passage: u32,
}

/// A word of callers for which a page has another one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reworded {
    /// As a caller wrote it.
    pub asked: String,
    /// As the page has it.
    pub written: String,
}

impl From<&skranke_index::Reworded> for Reworded {
    fn from(it: &skranke_index::Reworded) -> Self {
        Self { asked: it.asked.clone(), written: it.written.clone() }
    }
}

/// What the verdict rests on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The passages that come nearest, best first.
    pub nearest: Vec<Nearest>,
    /// Pages, best first, by address.
    pub pages: Vec<String>,
    /// The callers' words that the nearest passages have, as written.
    pub covered: Vec<String>,
    /// The callers' words for which they have other words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reworded: Vec<Reworded>,
    /// The callers' words that they lack, as written.
    pub missing: Vec<String>,
    /// Inquiries that staff answered from a page.
    pub staff_page: u32,
    /// Inquiries that staff marked as not on the site.
    pub staff_not_on_site: u32,
}

impl Evidence {
    /// At most so many passages, pages and words are kept of each kind.
    pub const ITEMS_MAX: usize = 8;

    /// The callers' words that the nearest passages lack; first those for which they have others.
    pub fn lacking(&self) -> Vec<String> {
        let reworded = self.reworded.iter().map(|it| &it.asked);
        reworded.chain(&self.missing).cloned().collect()
    }
}

/// A judgement of a topic.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Judgement {
    /// The topic.
    pub topic: TopicNumber,
    /// The verdict.
    pub verdict: Verdict,
    /// How sure it is that no page answers, 0 to 1.
    pub gap_score: f64,
    /// What it rests on.
    pub evidence: Evidence,
    /// It saw the journal up to this record.
    pub based_on: Seq,
}

/// The judging of a topic, as an entity.
#[derive(Debug)]
pub struct Judging;

impl Named for Judging {
    const PREFIX: &'static str = "ver";
}

impl Judging {
    /// The entity that a topic's judgements are records of.
    pub fn entity(topic: TopicNumber) -> Uuid {
        Id::<Self>::derived(&[b"verdict", &topic.0.to_be_bytes()]).uuid()
    }
}

/// What can happen to the judging of a topic.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VerdictEvent {
    /// It was judged anew.
    Judged(Judgement),
}

impl Event for VerdictEvent {
    const KIND: Kind = Kind::Verdict;
}

/// The judging of a topic as it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VerdictRow {
    /// The last judgement.
    #[serde(flatten)]
    pub judgement: Judgement,
    /// When it was made.
    pub judged: Timestamp,
    /// Since when the verdict has been this one.
    pub since: Timestamp,
}

impl Row for VerdictRow {
    type Event = VerdictEvent;

    fn fold(old: Option<Self>, event: VerdictEvent, head: Head) -> Option<Self> {
        let VerdictEvent::Judged(judgement) = event;
        let same = old.filter(|old| old.judgement.verdict == judgement.verdict);
        let since = same.map_or(head.at, |old| old.since);
        Some(Self { judgement, judged: head.at, since })
    }
}
