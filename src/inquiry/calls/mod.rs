//! How many calls the switchboard has counted: what was logged is measured against it.

mod table;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Channel;
use crate::id::{Id, Named};
use crate::people::By;
use crate::record::{Event, Kind};
use crate::rows::{Head, Row};

pub use table::{CallFault, CallLineFault, read_calls};

/// A day of the calendar.
pub type Day = Date;

/// The calls of one day.
#[derive(Debug)]
pub struct CallTotals;

impl Named for CallTotals {
    const PREFIX: &'static str = "cal";
}

impl CallTotals {
    /// The entity of a day.
    pub fn entity(day: Date) -> Uuid {
        Id::<Self>::derived(&[b"calls", day.to_string().as_bytes()]).uuid()
    }
}

/// One file or form with totals of days, which is taken back as a whole.
#[derive(Debug)]
pub struct CallImport;

impl Named for CallImport {
    const PREFIX: &'static str = "imp";
}

/// The calls of a day at a desk by a channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallCount {
    /// The desk; none for all desks together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub desk: Option<String>,
    /// How they came.
    pub channel: Channel,
    /// How many.
    pub calls: u32,
}

/// What can happen to the totals of a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallEvent {
    /// They were counted; they stand in full, in place of any before.
    Counted {
        /// The day.
        day: Date,
        /// The counts.
        counts: Vec<CallCount>,
        /// What they came with.
        import: Id<CallImport>,
        /// By whom.
        by: By,
    },
    /// What was counted last does not hold: what stood before stands again.
    TakenBack {
        /// By whom.
        by: By,
    },
}

impl Event for CallEvent {
    const KIND: Kind = Kind::CallTotals;
}

/// The totals of a day as they stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallRow {
    /// The day.
    pub day: Date,
    /// What stands; none once all was taken back.
    pub told: Option<CallsTold>,
    /// What stood before that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<CallsTold>,
}

/// The counts of a day as somebody has told them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallsTold {
    /// The counts.
    pub counts: Vec<CallCount>,
    /// What they came with.
    pub import: Id<CallImport>,
    /// When.
    pub at: Timestamp,
    /// By whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: By,
}

impl CallRow {
    /// At most so many days stand in a file, so that they are one batch.
    pub const DAYS_MAX: usize = 1_000;
    /// At most so many desks and channels are told apart in a day, so that its row stays small.
    pub const COUNTS_MAX: usize = 60;
    /// No switchboard has more calls in a day.
    pub const CALLS_MAX: u32 = 1_000_000;

    /// The counts that stand.
    pub fn counts(&self) -> &[CallCount] {
        self.told.as_ref().map_or(&[], |it| &it.counts)
    }
}

impl Row for CallRow {
    type Event = CallEvent;

    fn fold(old: Option<Self>, event: CallEvent, head: Head) -> Option<Self> {
        match event {
            CallEvent::Counted { day, counts, import, by } => {
                let told = Some(CallsTold { counts, import, at: head.at, by });
                Some(Self { day, told, before: old.and_then(|it| it.told) })
            }
            CallEvent::TakenBack { .. } => {
                old.map(|row| Self { told: row.before, before: None, ..row })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_that_is_counted_again_is_replaced_and_taken_back_once() {
        let head = Head { seq: 1, at: Timestamp::UNIX_EPOCH };
        let counted = |calls| CallEvent::Counted {
            day: Date::constant(2026, 3, 2),
            counts: vec![CallCount { desk: None, channel: Channel::Phone, calls }],
            import: Id::new(Timestamp::UNIX_EPOCH),
            by: None,
        };
        let told =
            |row: &Option<CallRow>| row.as_ref().unwrap().counts().first().map(|it| it.calls);
        let row = CallRow::fold(None, counted(40), head);
        let row = CallRow::fold(row, counted(44), head);
        assert_eq!(told(&row), Some(44));
        let row = CallRow::fold(row, CallEvent::TakenBack { by: None }, head);
        assert_eq!(told(&row), Some(40));
        let row = CallRow::fold(row, CallEvent::TakenBack { by: None }, head);
        assert_eq!(told(&row), None);
    }
}
