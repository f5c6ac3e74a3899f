//! What editors tell every desk: the water is off in Lia, the telephone queue is long.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::Named;
use crate::people::By;
use crate::record::{Event, Kind};
use crate::rows::{Head, Row};

/// A message to all desks.
#[derive(Debug)]
pub struct Message;

impl Named for Message {
    const PREFIX: &'static str = "msg";
}

/// What can happen to a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageEvent {
    /// It was put up.
    Put {
        /// The words, masked.
        text: String,
        /// It is shown until then.
        until: Timestamp,
        /// By whom.
        by: By,
    },
    /// It was taken down before its time.
    Ended {
        /// By whom.
        by: By,
    },
}

impl Event for MessageEvent {
    const KIND: Kind = Kind::Message;
}

/// A message as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageRow {
    /// The words.
    pub text: String,
    /// When it was put up.
    pub put: Timestamp,
    /// It is shown until then.
    pub until: Timestamp,
}

impl MessageRow {
    /// The longest message.
    pub const TEXT_CHARS_MAX: usize = 300;
    /// So many messages are shown at once: more are not read.
    pub const SHOWN_MAX: usize = 3;

    /// Whether the desks see it.
    pub fn is_shown(&self, now: Timestamp) -> bool {
        now < self.until
    }
}

impl Row for MessageRow {
    type Event = MessageEvent;

    fn fold(old: Option<Self>, event: MessageEvent, head: Head) -> Option<Self> {
        match event {
            MessageEvent::Put { text, until, by: _ } => Some(Self { text, put: head.at, until }),
            MessageEvent::Ended { by: _ } => {
                old.map(|old| Self { until: old.until.min(head.at), ..old })
            }
        }
    }
}
