//! What the demand for a topic is counted by.

use jiff::Timestamp;

use super::brief::DeskCode;
use super::{Channel, Line, Norm, OutcomeName};
use crate::week::Week;

/// What one live inquiry adds to the demand for its topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// When it was asked.
    pub asked: Timestamp,
    /// The week of that.
    pub week: Week,
    /// How often it came; see [`Tally::contacts`].
    pub count: u32,
    /// Where it was logged.
    pub desk: DeskCode,
    /// How it came.
    pub channel: Channel,
    /// What happened with it.
    pub outcome: OutcomeName,
    /// The norm of its text.
    pub norm: Norm,
    /// Whether it has words of its own.
    pub has_text: bool,
}

impl Tally {
    pub(super) fn of(line: &Line) -> Self {
        Self {
            asked: line.asked,
            week: line.week,
            count: line.count,
            desk: line.desk,
            channel: line.channel,
            outcome: line.outcome,
            norm: line.norm,
            has_text: line.has_text,
        }
    }

    /// So many contacts does it stand for: none when it is a search or feedback.
    pub const fn contacts(&self) -> u32 {
        if self.channel.is_contact() { self.count } else { 0 }
    }
}
