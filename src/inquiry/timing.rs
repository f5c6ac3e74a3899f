//! How long it takes to log a question: counts by length, of the whole organization in a week.
//!
//! No person, no desk and no inquiry is named, here or in the records.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::id::{Id, Named};
use crate::record::{Event, Kind};
use crate::rows::{Head, Row};
use crate::week::Week;

/// How long logging took in a week.
#[derive(Debug)]
pub struct Timing;

impl Timing {
    /// The entity of a week.
    pub fn entity(week: Week) -> Uuid {
        Id::<Self>::derived(&[b"timing", week.to_string().as_bytes()]).uuid()
    }
}

impl Named for Timing {
    const PREFIX: &'static str = "tim";
}

/// What one entry took, as its screen measured it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Took {
    total_ms: u32,
    beyond_ms: u32,
}

impl Took {
    /// The longest entry that is counted: after that somebody went away from the keys.
    pub const MS_MAX: u32 = 30 * 60 * 1_000;

    /// From the first key to the acknowledgement, and the part of it that was not search; none
    /// when it cannot be so.
    pub fn new(total_ms: u32, beyond_ms: u32) -> Option<Self> {
        let is_one = beyond_ms <= total_ms && total_ms <= Self::MS_MAX;
        is_one.then_some(Self { total_ms, beyond_ms })
    }
}

/// How many took how long. A bound is told in each record, so that others may come later.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Lengths(BTreeMap<u32, u32>);

impl Lengths {
    /// Each count is of what took at most so long, and longer than the bound before.
    pub const BOUNDS_MS: [u32; 32] = [
        250,
        500,
        750,
        1_000,
        1_250,
        1_500,
        1_750,
        2_000,
        2_500,
        3_000,
        3_500,
        4_000,
        5_000,
        6_000,
        7_000,
        8_000,
        9_000,
        10_000,
        12_000,
        14_000,
        16_000,
        18_000,
        20_000,
        25_000,
        30_000,
        40_000,
        60_000,
        90_000,
        120_000,
        300_000,
        600_000,
        Took::MS_MAX,
    ];

    /// Counts one more.
    pub fn count(&mut self, ms: u32) {
        let at = Self::BOUNDS_MS.partition_point(|bound| *bound < ms);
        let bound = Self::BOUNDS_MS.get(at).copied().unwrap_or(Took::MS_MAX);
        self.add(bound, 1);
    }

    /// Counts all that another has counted.
    pub fn add_all(&mut self, other: &Self) {
        other.0.iter().for_each(|(bound, n)| self.add(*bound, *n));
    }

    fn add(&mut self, bound: u32, n: u32) {
        let count = self.0.entry(bound).or_default();
        *count = count.saturating_add(n);
    }

    /// How many there are.
    pub fn n(&self) -> u64 {
        self.0.values().map(|it| u64::from(*it)).sum()
    }

    /// The length that half of them do not pass: lengths are spread evenly between two bounds, as
    /// far as is known.
    pub fn median_ms(&self) -> Option<f64> {
        let (half, mut before) = (self.share_of(0.5)?, 0.0);
        for (bound, n) in &self.0 {
            let n = f64::from(*n);
            if half <= before + n && 0.0 < n {
                let low = f64::from(Self::bound_below(*bound));
                return Some(low + (f64::from(*bound) - low) * (half - before) / n);
            }
            before += n;
        }
        None
    }

    /// The share that took at most so long, where that is a bound.
    pub fn share_within(&self, ms: u32) -> f64 {
        let within: u64 = self.0.range(..=ms).map(|it| u64::from(*it.1)).sum();
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
        let share = within as f64 / self.n().max(1) as f64;
        share
    }

    fn share_of(&self, share: f64) -> Option<f64> {
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
        let n = self.n() as f64;
        (0.0 < n).then_some(n * share)
    }

    fn bound_below(bound: u32) -> u32 {
        let at = Self::BOUNDS_MS.partition_point(|it| *it < bound);
        at.checked_sub(1).map_or(0, |at| Self::BOUNDS_MS[at])
    }
}

/// How long entries took, twice: all of it, and the part that was not search.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Times {
    /// From the first key to the acknowledgement.
    pub total: Lengths,
    /// From the last key of the text, or the first for one of the hits, to the acknowledgement.
    pub beyond: Lengths,
}

impl Times {
    /// Counts one more entry.
    pub fn count(&mut self, took: Took) {
        self.total.count(took.total_ms);
        self.beyond.count(took.beyond_ms);
    }

    /// Counts all that another has counted.
    pub fn add_all(&mut self, other: &Self) {
        self.total.add_all(&other.total);
        self.beyond.add_all(&other.beyond);
    }
}

/// What can happen to the times of a week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimingEvent {
    /// More entries were logged.
    Counted {
        /// In this week.
        week: Week,
        /// How long those took, and no others.
        times: Times,
    },
}

impl Event for TimingEvent {
    const KIND: Kind = Kind::Timing;
}

/// The times of a week as they stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimingRow {
    /// The week.
    pub week: Week,
    /// How long all its entries took.
    pub times: Times,
}

impl Row for TimingRow {
    type Event = TimingEvent;

    fn fold(old: Option<Self>, event: TimingEvent, _: Head) -> Option<Self> {
        let TimingEvent::Counted { week, times: more } = event;
        let mut times = old.map(|it| it.times).unwrap_or_default();
        times.add_all(&more);
        Some(Self { week, times })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lengths(ms: &[u32]) -> Lengths {
        let mut lengths = Lengths::default();
        ms.iter().for_each(|it| lengths.count(*it));
        lengths
    }

    #[track_caller]
    fn check(ms: &[u32], median: Option<f64>) {
        assert_eq!(lengths(ms).median_ms(), median);
    }

    #[test]
    fn the_median_lies_in_the_count_that_holds_the_half() {
        check(&[], None);
        check(&[1_900, 1_900], Some(1_875.0));
        check(&[100, 9_500, 9_600], Some(9_250.0));
        check(&[Took::MS_MAX], Some(1_200_000.0));
    }

    #[test]
    fn a_bound_belongs_to_its_own_count() {
        let all = lengths(&[0, 10_000, 10_001, Took::MS_MAX]);
        assert_eq!((all.n(), all.share_within(10_000)), (4, 0.5));
    }

    #[test]
    fn what_cannot_be_is_no_measurement() {
        assert!(Took::new(Took::MS_MAX, 0).is_some() && Took::new(0, 0).is_some());
        assert_eq!((Took::new(Took::MS_MAX + 1, 0), Took::new(5, 6)), (None, None));
    }

    #[test]
    fn counts_of_a_week_add_up_and_bounds_of_another_version_stay() {
        let week: Week = "2026-W10".parse().unwrap();
        let text = r#"{"counted":{"week":"2026-W10","times":{"total":{"7777":2},"beyond":{}}}}"#;
        let event: TimingEvent = serde_json::from_str(text).unwrap();
        let head = Head { seq: 1, at: jiff::Timestamp::UNIX_EPOCH };
        let mut times = Times::default();
        times.count(Took::new(8_000, 900).unwrap());
        let row = TimingRow::fold(None, event, head);
        let row = TimingRow::fold(row, TimingEvent::Counted { week, times }, head).unwrap();
        assert_eq!(row.times.total, Lengths(BTreeMap::from([(7_777, 2), (8_000, 1)])));
        assert_eq!(row.times.beyond.n(), 1);
    }
}
