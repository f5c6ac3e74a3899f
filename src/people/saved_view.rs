//! A list with its filter under a name, so that an editor need not set it again.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Person;
use crate::id::{Id, Named};
use crate::record::{Event, Kind};
use crate::rows::{Head, Row};

/// A saved view.
#[derive(Debug)]
pub struct SavedView;

impl Named for SavedView {
    const PREFIX: &'static str = "view";
}

/// A list that views are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ViewOf {
    /// The gaps.
    Gaps,
    /// The topics.
    Topics,
    /// The inquiries.
    Inquiries,
}

impl ViewOf {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Gaps, Self::Topics, Self::Inquiries];

    /// The name in addresses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gaps => "gaps",
            Self::Topics => "topics",
            Self::Inquiries => "inquiries",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

/// What a saved view shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewFacts {
    /// Its name, masked.
    pub name: String,
    /// The list.
    pub of: ViewOf,
    /// The filter as an address has it, with what was looked for masked.
    pub query: String,
    /// Whether every editor sees it.
    pub is_shared: bool,
}

impl ViewFacts {
    /// The longest name.
    pub const NAME_CHARS_MAX: usize = 60;
    /// The longest filter.
    pub const QUERY_CHARS_MAX: usize = 600;
    /// So many views a person has.
    pub const PER_PERSON_MAX: usize = 30;
}

/// What can happen to a saved view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ViewEvent {
    /// It was saved, or has another name now.
    Put {
        /// What it shows.
        #[serde(flatten)]
        facts: ViewFacts,
        /// By whom.
        by: Id<Person>,
    },
    /// It was deleted.
    Removed {
        /// By whom.
        by: Id<Person>,
    },
    /// It was put back.
    Restored {
        /// By whom.
        by: Id<Person>,
    },
}

impl Event for ViewEvent {
    const KIND: Kind = Kind::SavedView;
}

/// A saved view as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewRow {
    /// What it shows.
    #[serde(flatten)]
    pub facts: ViewFacts,
    /// Whose it is: who saved it first.
    pub owner: Id<Person>,
    /// When it last changed.
    pub at: Timestamp,
    /// Whether it was deleted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub removed: bool,
}

impl Row for ViewRow {
    type Event = ViewEvent;

    fn fold(old: Option<Self>, event: ViewEvent, head: Head) -> Option<Self> {
        let at = head.at;
        match event {
            ViewEvent::Put { facts, by } => {
                let owner = old.map_or(by, |old| old.owner);
                Some(Self { facts, owner, at, removed: false })
            }
            ViewEvent::Removed { by: _ } => old.map(|old| Self { at, removed: true, ..old }),
            ViewEvent::Restored { by: _ } => old.map(|old| Self { at, removed: false, ..old }),
        }
    }
}
