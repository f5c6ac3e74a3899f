//! What editors decide about a gap, and what only a crawl can say of it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::id::{Id, Named, TopicNumber};
use crate::inquiry::Inquiry;
use crate::people::{By, Person};
use crate::record::{Event, Kind};

/// An editor's work on a topic.
#[derive(Debug)]
pub struct Gap;

impl Named for Gap {
    const PREFIX: &'static str = "gap";
}

impl Gap {
    /// The entity of the work on a topic.
    pub fn entity(topic: TopicNumber) -> Uuid {
        Id::<Self>::derived(&[b"gap", &topic.0.to_be_bytes()]).uuid()
    }
}

/// What can happen to a gap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GapEvent {
    /// Something happened to the gap of this topic.
    Changed {
        /// The topic.
        topic: TopicNumber,
        /// What.
        step: Step,
        /// Who did it; none for a crawl or a run.
        by: By,
    },
}

impl Event for GapEvent {
    const KIND: Kind = Kind::Gap;
}

/// One step in the work on a gap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "step")]
pub enum Step {
    /// Somebody takes it on.
    Take {
        /// Who.
        owner: Id<Person>,
    },
    /// It is given back.
    Release,
    /// A page answers it, says the editor.
    LinkPage {
        /// The page's address.
        address: String,
    },
    /// It is no gap.
    Dismiss {
        /// Why.
        reason: String,
        /// How many inquiries the topic had.
        inquiries: u32,
    },
    /// Not before this instant.
    Snooze {
        /// Until when.
        until: Timestamp,
    },
    /// It is to be done before this instant, a day's end; none takes the day away.
    Due {
        /// Until when.
        until: Option<Timestamp>,
    },
    /// Somebody says something about it; nothing else changes.
    Comment {
        /// The words, masked.
        text: String,
    },
    /// An editor opens it again.
    Reopen,
    /// The step before did not happen.
    Undo,
    /// A crawl found that the page answers.
    Verified {
        /// So many of the topic's questions find the page among the first three.
        found: u32,
        /// Of so many.
        of: u32,
        /// Some of those that do not find it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        missing: Vec<Id<Inquiry>>,
    },
    /// A crawl found that the page does not answer yet.
    NotYet {
        /// So many find it.
        found: u32,
        /// Of so many.
        of: u32,
        /// Some of those that do not.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        missing: Vec<Id<Inquiry>>,
    },
    /// The question keeps coming, or the page no longer answers.
    Reopened {
        /// Which of the two.
        why: Return,
    },
}

/// Why a mended gap is open again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "name")]
pub enum Return {
    /// So many inquiries came since the page was verified.
    KeepsComing {
        /// How many.
        inquiries: u32,
    },
    /// The page stopped answering.
    NoLongerAnswers,
    /// The topic is asked clearly more often than before it was dismissed.
    Grown {
        /// How many inquiries it had in four weeks; in all, where an earlier version wrote it.
        inquiries: u32,
    },
}

/// Where the work on a gap stands. What belongs to a state lives in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum State {
    /// Nobody has looked yet.
    #[default]
    New,
    /// Somebody works on it.
    Taken {
        /// Who.
        owner: Id<Person>,
        /// Since when.
        since: Timestamp,
    },
    /// A page is linked; a crawl has yet to see that it answers.
    Done {
        /// The page.
        address: String,
        /// Since when.
        since: Timestamp,
    },
    /// A crawl saw that the page answers.
    Verified {
        /// The page.
        address: String,
        /// When the page was linked.
        done: Timestamp,
        /// Since when.
        since: Timestamp,
    },
    /// It came back.
    Reopened {
        /// Since when.
        since: Timestamp,
        /// Why; none when an editor opened it.
        why: Option<Return>,
        /// The page that did not help.
        address: Option<String>,
    },
    /// It is no gap.
    Dismissed {
        /// Why.
        reason: String,
        /// How many inquiries the topic had.
        inquiries: u32,
        /// Since when.
        since: Timestamp,
    },
    /// Not now.
    Snoozed {
        /// Until when.
        until: Timestamp,
        /// Since when.
        since: Timestamp,
    },
}

/// The name of a state without what belongs to it.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum StateName {
    /// `State::New`.
    #[default]
    New,
    /// `State::Taken`.
    Taken,
    /// `State::Done`.
    Done,
    /// `State::Verified`.
    Verified,
    /// `State::Reopened`.
    Reopened,
    /// `State::Dismissed`.
    Dismissed,
    /// `State::Snoozed`.
    Snoozed,
}

impl StateName {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::New,
        Self::Taken,
        Self::Done,
        Self::Verified,
        Self::Reopened,
        Self::Dismissed,
        Self::Snoozed,
    ];

    /// The name in addresses and catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Taken => "taken",
            Self::Done => "done",
            Self::Verified => "verified",
            Self::Reopened => "reopened",
            Self::Dismissed => "dismissed",
            Self::Snoozed => "snoozed",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

/// The name of a step without what belongs to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepName {
    /// `Step::Take`.
    Take,
    /// `Step::Release`.
    Release,
    /// `Step::LinkPage`.
    LinkPage,
    /// `Step::Dismiss`.
    Dismiss,
    /// `Step::Snooze`.
    Snooze,
    /// `Step::Due`.
    Due,
    /// `Step::Comment`.
    Comment,
    /// `Step::Reopen`.
    Reopen,
    /// `Step::Undo`.
    Undo,
    /// `Step::Verified`.
    Verified,
    /// `Step::NotYet`.
    NotYet,
    /// `Step::Reopened`.
    Reopened,
}

impl StepName {
    /// The name in catalogues and in the audit.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Take => "take",
            Self::Release => "release",
            Self::LinkPage => "link_page",
            Self::Dismiss => "dismiss",
            Self::Snooze => "snooze",
            Self::Due => "due",
            Self::Comment => "comment",
            Self::Reopen => "reopen",
            Self::Undo => "undo",
            Self::Verified => "verified",
            Self::NotYet => "not_yet",
            Self::Reopened => "reopened",
        }
    }
}

impl Step {
    /// The bare name.
    pub const fn name(&self) -> StepName {
        match self {
            Self::Take { .. } => StepName::Take,
            Self::Release => StepName::Release,
            Self::LinkPage { .. } => StepName::LinkPage,
            Self::Dismiss { .. } => StepName::Dismiss,
            Self::Snooze { .. } => StepName::Snooze,
            Self::Due { .. } => StepName::Due,
            Self::Comment { .. } => StepName::Comment,
            Self::Reopen => StepName::Reopen,
            Self::Undo => StepName::Undo,
            Self::Verified { .. } => StepName::Verified,
            Self::NotYet { .. } => StepName::NotYet,
            Self::Reopened { .. } => StepName::Reopened,
        }
    }
}

impl StepName {
    /// Whether people take it, rather than a crawl or a run.
    pub const fn is_of_people(self) -> bool {
        !matches!(self, Self::Verified | Self::NotYet | Self::Reopened)
    }
}
