//! What each week has come to, kept up with every line, so that no page adds up all of them.

use std::collections::BTreeMap;

use super::{Channel, Line, OutcomeName};
use crate::id::TopicNumber;

/// What one week has come to. Searches and feedback are no contacts and do not count here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WeekSums {
    channels: BTreeMap<Channel, u32>,
    outcomes: BTreeMap<OutcomeName, u32>,
    topics: BTreeMap<TopicNumber, u32>,
    quality: Quality,
}

/// How much a week's contacts tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quality {
    /// Contacts of which nothing is known but that there were so many.
    pub only_counted: u32,
    /// Contacts with words, or that repeat others', of which nobody has said what came of them.
    pub undecided: u32,
    /// Inquiries with words.
    pub texts: u32,
    /// Those in which something was masked.
    pub masked: u32,
}

impl Quality {
    /// What one line adds.
    fn of(line: &Line) -> Self {
        let has_words = line.has_text || line.outcome == OutcomeName::SameAs;
        let is_undecided = has_words && line.outcome == OutcomeName::Unknown;
        Self {
            only_counted: if has_words { 0 } else { line.contacts() },
            undecided: if is_undecided { line.contacts() } else { 0 },
            texts: line.has_text.into(),
            masked: line.is_masked.into(),
        }
    }

    fn each(self, other: Self, of: impl Fn(u32, u32) -> u32) -> Self {
        Self {
            only_counted: of(self.only_counted, other.only_counted),
            undecided: of(self.undecided, other.undecided),
            texts: of(self.texts, other.texts),
            masked: of(self.masked, other.masked),
        }
    }

    /// Both together.
    pub fn with(self, other: Self) -> Self {
        self.each(other, u32::saturating_add)
    }
}

impl WeekSums {
    /// All contacts.
    pub fn contacts(&self) -> u32 {
        self.channels.values().sum()
    }

    /// The contacts that came by a channel.
    pub fn by(&self, channel: Channel) -> u32 {
        self.channels.get(&channel).copied().unwrap_or(0)
    }

    /// The contacts with an outcome.
    pub fn with(&self, outcome: OutcomeName) -> u32 {
        self.outcomes.get(&outcome).copied().unwrap_or(0)
    }

    /// The contacts under a topic.
    pub fn under(&self, topic: TopicNumber) -> u32 {
        self.topics.get(&topic).copied().unwrap_or(0)
    }

    /// The contacts under each topic that has any.
    pub fn topics(&self) -> impl Iterator<Item = (TopicNumber, u32)> {
        self.topics.iter().map(|(topic, n)| (*topic, *n))
    }

    /// How much they tell.
    pub const fn quality(&self) -> Quality {
        self.quality
    }

    pub(super) fn add(&mut self, line: &Line) {
        let n = line.contacts();
        if line.removed || n == 0 {
            return;
        }
        self.quality = self.quality.with(Quality::of(line));
        *self.channels.entry(line.channel).or_default() += n;
        *self.outcomes.entry(line.outcome).or_default() += n;
        if let Some(topic) = line.topic {
            *self.topics.entry(topic).or_default() += n;
        }
    }

    /// Takes away what [`WeekSums::add`] has added for the same line.
    pub(super) fn subtract(&mut self, line: &Line) {
        let n = line.contacts();
        if line.removed || n == 0 {
            return;
        }
        self.quality = self.quality.each(Quality::of(line), u32::saturating_sub);
        less(&mut self.channels, line.channel, n);
        less(&mut self.outcomes, line.outcome, n);
        if let Some(topic) = line.topic {
            less(&mut self.topics, topic, n);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.channels.is_empty()
    }
}

/// What has come to nothing leaves no entry: the sums of rebuilt lines are the same.
fn less<K: Ord>(counts: &mut BTreeMap<K, u32>, key: K, n: u32) {
    if let Some(count) = counts.get_mut(&key) {
        *count = count.saturating_sub(n);
        if *count == 0 {
            counts.remove(&key);
        }
    }
}
