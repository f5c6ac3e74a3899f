//! A webhook as the journal tells it: where to, what of, and how each telling went.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Happening;
use crate::id::Named;
use crate::journal::Seq;
use crate::people::By;
use crate::record::{Event, Kind};
use crate::rows::{Head, Row};

/// A webhook.
#[derive(Debug)]
pub struct Hook;

impl Named for Hook {
    const PREFIX: &'static str = "hook";
}

/// What a webhook is to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HookFacts {
    /// Where to.
    pub address: String,
    /// What of.
    pub of: Vec<Happening>,
    /// Whether the address may lie in the organisation's own network.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub allow_private: bool,
}

impl HookFacts {
    /// The longest address.
    pub const ADDRESS_CHARS_MAX: usize = 500;
    /// So many there are at once.
    pub const HOOKS_MAX: usize = 5;
}

/// Why no answer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HookFault {
    /// The address may not be asked: it lies in a private network, or is none of the web's.
    Refused,
    /// None came in time.
    TimedOut,
    /// There was no connection, or it broke.
    Unreachable,
}

impl HookFault {
    /// The name in catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::TimedOut => "timed_out",
            Self::Unreachable => "unreachable",
        }
    }
}

/// What came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HookAnswer {
    /// An answer with this status.
    Status(u16),
    /// None.
    None(HookFault),
}

impl HookAnswer {
    /// Whether the news was taken.
    pub const fn is_taken(self) -> bool {
        matches!(self, Self::Status(200..=299))
    }
}

/// What can happen to a webhook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HookEvent {
    /// It was made.
    Made {
        /// What it is to do.
        #[serde(flatten)]
        facts: HookFacts,
        /// By whom.
        by: By,
    },
    /// It has another secret.
    Renewed {
        /// By whom.
        by: By,
    },
    /// A piece of news was sent.
    Tried {
        /// Which.
        news: Uuid,
        /// What came back.
        answer: HookAnswer,
    },
    /// It does not go on by itself: too long nothing was taken.
    Stopped,
    /// It goes on.
    Resumed {
        /// By whom.
        by: By,
    },
    /// It was taken away, for good.
    Removed {
        /// By whom.
        by: By,
    },
}

impl Event for HookEvent {
    const KIND: Kind = Kind::Hook;
}

/// How often a piece of news was sent in vain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tries {
    /// So often.
    pub n: u32,
    /// The first time.
    pub first: Timestamp,
    /// The last time.
    pub last: Timestamp,
}

/// A webhook as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HookRow {
    /// What it is to do.
    #[serde(flatten)]
    pub facts: HookFacts,
    /// By whom.
    pub by: By,
    /// When it was made.
    pub made: Timestamp,
    /// What was noticed before this place in the journal is not told.
    pub since: Seq,
    /// So often its secret was made anew.
    pub renewed: u32,
    /// News that was sent in vain so far.
    pub waiting: BTreeMap<Uuid, Tries>,
    /// News that was taken, the last ones.
    pub taken: BTreeSet<Uuid>,
    /// The last answer, and when it came.
    pub last: Option<(Timestamp, HookAnswer)>,
    /// Since when it does not go on by itself.
    pub stopped: Option<Timestamp>,
    /// Whether it was taken away.
    pub removed: bool,
}

impl HookRow {
    /// So many of the taken are remembered; older news is not sent in any case.
    pub const TAKEN_MAX: usize = 2_000;

    /// Whether it tells anything now.
    pub const fn is_at_work(&self) -> bool {
        !self.removed && self.stopped.is_none()
    }

    fn tried(mut self, news: Uuid, answer: HookAnswer, at: Timestamp) -> Self {
        self.last = Some((at, answer));
        if answer.is_taken() {
            self.waiting.remove(&news);
            self.taken.insert(news);
            while Self::TAKEN_MAX < self.taken.len() {
                self.taken.pop_first();
            }
        } else {
            let tries = self.waiting.entry(news).or_insert(Tries { n: 0, first: at, last: at });
            (tries.n, tries.last) = (tries.n + 1, at);
        }
        self
    }
}

impl Row for HookRow {
    type Event = HookEvent;

    fn fold(old: Option<Self>, event: HookEvent, head: Head) -> Option<Self> {
        let Some(old) = old else {
            let HookEvent::Made { facts, by } = event else { return None };
            return Some(Self {
                facts,
                by,
                made: head.at,
                since: head.seq,
                renewed: 0,
                waiting: BTreeMap::new(),
                taken: BTreeSet::new(),
                last: None,
                stopped: None,
                removed: false,
            });
        };
        Some(match event {
            // It is made once.
            HookEvent::Made { .. } => old,
            HookEvent::Renewed { by: _ } => Self { renewed: old.renewed + 1, ..old },
            HookEvent::Tried { news, answer } => old.tried(news, answer, head.at),
            HookEvent::Stopped => Self { stopped: old.stopped.or(Some(head.at)), ..old },
            HookEvent::Resumed { by: _ } => Self { stopped: None, waiting: BTreeMap::new(), ..old },
            HookEvent::Removed { by: _ } => Self { removed: true, ..old },
        })
    }
}
