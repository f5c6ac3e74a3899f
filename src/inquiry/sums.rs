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

    pub(super) fn add(&mut self, line: &Line) {
        let n = line.contacts();
        if line.removed || n == 0 {
            return;
        }
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
