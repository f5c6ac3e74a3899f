//! What lists tell topics apart by, side by side in memory, so that a screen can look at all.

use super::TopicLine;
use crate::gap::Verdict;
use crate::id::TopicNumber;
use crate::inquiry::{Channel, Norm};
use crate::review::StateName;
use crate::topic::Scope;

/// What lists tell one topic apart by. [`TopicLine`] has the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Glance {
    /// Its number.
    pub number: TopicNumber,
    /// All contacts.
    pub inquiries: u32,
    /// The last judgement.
    pub verdict: Option<Verdict>,
    /// Where the work on it stands.
    pub state: StateName,
    /// The norm that most of its inquiries are in.
    pub norm: Norm,
    /// Who can answer.
    pub scope: Scope,
    /// A bit for each channel that anybody has asked it by.
    channels: u16,
}

impl Glance {
    /// What a line comes to.
    pub fn of(topic: &TopicLine) -> Self {
        Self {
            number: topic.number,
            inquiries: topic.demand.inquiries,
            verdict: topic.verdict(),
            state: topic.state.name(),
            norm: topic.norm,
            scope: topic.scope,
            channels: topic.channels.iter().map(|it| bit(*it)).sum(),
        }
    }

    /// Whether anybody has asked it by this channel.
    pub fn has(&self, channel: Channel) -> bool {
        self.channels & bit(channel) != 0
    }
}

fn bit(channel: Channel) -> u16 {
    1 << Channel::ALL.iter().position(|it| *it == channel).unwrap_or(0)
}
