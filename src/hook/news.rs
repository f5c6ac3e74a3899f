//! News of gaps: what was noticed, once each, in the order of noticing. The feed and the webhook
//! tell from it, so that both survive whatever ends the process.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{Id, Named, TopicNumber};
use crate::record::{Event, Kind};
use crate::rows::{Head, Row};

/// A piece of news.
#[derive(Debug)]
pub struct News;

impl Named for News {
    const PREFIX: &'static str = "news";
}

impl News {
    /// The id of what happened to a topic, the same whoever notices it: a gap is new once, the
    /// rest happens at a time.
    pub fn id(topic: TopicNumber, what: Happening, at: Option<Timestamp>) -> Id<Self> {
        let at = at.map_or(0, Timestamp::as_nanosecond).to_be_bytes();
        let topic = topic.to_string();
        Id::derived(&[b"news", topic.as_bytes(), what.name().as_bytes(), &at])
    }
}

/// What happened to a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Happening {
    /// It is a gap now.
    New,
    /// It is open again.
    Reopened,
    /// A crawl has found that the page answers.
    Verified,
}

impl Happening {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::New, Self::Reopened, Self::Verified];

    /// The name in records, forms and messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Reopened => "reopened",
            Self::Verified => "verified",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

/// What can happen to a piece of news.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NewsEvent {
    /// It was noticed.
    Noticed {
        /// The topic.
        topic: TopicNumber,
        /// What happened.
        what: Happening,
    },
}

impl Event for NewsEvent {
    const KIND: Kind = Kind::News;
}

/// A piece of news as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewsRow {
    /// The topic.
    pub topic: TopicNumber,
    /// What happened.
    pub what: Happening,
    /// When it was noticed.
    pub at: Timestamp,
}

impl Row for NewsRow {
    type Event = NewsEvent;

    fn fold(old: Option<Self>, event: NewsEvent, head: Head) -> Option<Self> {
        let NewsEvent::Noticed { topic, what } = event;
        // It is noticed once.
        old.or(Some(Self { topic, what, at: head.at }))
    }
}
