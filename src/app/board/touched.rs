//! What has changed since the board was last brought up to date.

use std::collections::BTreeSet;

use uuid::Uuid;

use crate::id::TopicNumber;

/// Topics whose lines no longer hold.
#[derive(Debug, Default)]
pub(in crate::app) struct Touched {
    /// All of them.
    pub(super) all: bool,
    /// These.
    pub(super) topics: BTreeSet<TopicNumber>,
    /// Those that are named by these inquiries.
    pub(super) inquiries: BTreeSet<Uuid>,
}

impl Touched {
    /// Everything has changed.
    pub(in crate::app) const fn all() -> Self {
        Self { all: true, topics: BTreeSet::new(), inquiries: BTreeSet::new() }
    }

    /// Adds a topic.
    pub(in crate::app) fn topic(&mut self, number: TopicNumber) {
        self.topics.insert(number);
    }

    /// Adds an inquiry with the topics that it was and is under.
    pub(in crate::app) fn inquiry(&mut self, id: Uuid, topics: [Option<TopicNumber>; 2]) {
        self.inquiries.insert(id);
        self.topics.extend(topics.into_iter().flatten());
    }

    /// Takes in what `other` holds.
    pub(in crate::app) fn add(&mut self, other: Self) {
        self.all |= other.all;
        self.topics.extend(other.topics);
        self.inquiries.extend(other.inquiries);
    }

    pub(super) fn is_empty(&self) -> bool {
        !self.all && self.topics.is_empty() && self.inquiries.is_empty()
    }
}
