//! How long logging takes: screens tell it entry by entry, the journal gets it in heaps.
//!
//! A heap is no entry: beside an author's inquiry, a record of one length would be a figure on a
//! person. What a crash takes along is less than an hour of counts.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};

use super::App;
use crate::inquiry::{Times, Timing, TimingEvent, Took};
use crate::journal::JournalError;
use crate::record::Change;
use crate::week::Week;

/// So many weeks are looked back on.
pub const TIMING_WEEKS: i64 = 12;
/// A heap has so many entries, at the end of the process too: fewer are let go.
const HEAP_MIN: u64 = 5;
/// A heap of so many is written at once.
const HEAP_FULL: u64 = 20;
/// Two smaller heaps of a running process lie so far apart: they are to be few beside inquiries.
const HEAP_GAP: SignedDuration = SignedDuration::from_hours(1);

/// What screens have told and the journal does not have yet.
#[derive(Debug, Default)]
pub(super) struct Heap {
    waiting: Mutex<Waiting>,
}

#[derive(Debug, Default)]
struct Waiting {
    weeks: BTreeMap<Week, Times>,
    since: Option<Timestamp>,
}

impl Heap {
    fn held(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, week: Week, more: &Times, at: Timestamp) {
        let mut held = self.held();
        held.weeks.entry(week).or_default().add_all(more);
        held.since.get_or_insert(at);
    }

    /// Takes the weeks that have enough; the others go on waiting.
    fn take(&self) -> BTreeMap<Week, Times> {
        let mut held = self.held();
        let (ready, rest) = std::mem::take(&mut held.weeks)
            .into_iter()
            .partition(|(_, times)| HEAP_MIN <= times.total.n());
        (held.weeks, held.since) = (rest, None);
        ready
    }

    fn is_due(&self, now: Timestamp) -> bool {
        let held = self.held();
        let is_full = held.weeks.values().any(|it| HEAP_FULL <= it.total.n());
        is_full || held.since.is_some_and(|since| since + HEAP_GAP <= now)
    }
}

impl App {
    /// Counts what one entry took. Blocks now and then.
    pub fn count_time(&self, took: Took) {
        let now = self.now();
        let mut times = Times::default();
        times.count(took);
        self.timing.add(self.week(), &times, now);
        if self.timing.is_due(now) {
            self.keep_times();
        }
    }

    /// Writes what waits. What cannot be written goes on waiting: nobody is to be kept from
    /// logging by it.
    pub(super) fn keep_times(&self) {
        let now = self.now();
        for (week, times) in self.timing.take() {
            if let Err(error) = self.keep_week(week, &times, now) {
                tracing::warn!(error = format!("{error:?}"), "times were not written");
                self.timing.add(week, &times, now);
            }
        }
    }

    fn keep_week(&self, week: Week, times: &Times, now: Timestamp) -> Result<(), JournalError> {
        let change = Change { entity: Timing::entity(week), version: None, now };
        let event = TimingEvent::Counted { week, times: times.clone() };
        change.tell(&self.journal, &event).map(drop)
    }

    /// How long logging took in the last weeks, this one among them. What waits is not told: who
    /// reads twice, before and after one entry, would read that entry's time.
    pub fn times(&self) -> Times {
        let since = self.week().plus(1 - TIMING_WEEKS);
        let mut all = Times::default();
        for stored in self.state.timing.all() {
            if since <= stored.row.week {
                all.add_all(&stored.row.times);
            }
        }
        all
    }
}
