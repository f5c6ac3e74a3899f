//! Whether a job is due: a pure decision from its runs, its schedule and the time.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::record::{End, JobRow};
use super::rhythm::Schedule;

/// A slot is tried so often in all.
const TRIES_MAX: usize = 3;
/// After a failure it is left alone for so long.
const TRY_AGAIN_AFTER: SignedDuration = SignedDuration::from_mins(20);
/// So long after its slot a job that has not begun is late.
const LATE_AFTER: SignedDuration = SignedDuration::from_hours(1);

/// When and where the question is asked.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    /// The time.
    pub now: Timestamp,
    /// The organization's zone.
    pub zone: &'a TimeZone,
    /// The start by the clock is put off by so much.
    pub spread: SignedDuration,
}

/// How a job stands with the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The clock does not start it.
    Off,
    /// A run is under way.
    Running,
    /// It comes by itself at this time.
    Waits(Timestamp),
    /// This slot's run is due.
    Due {
        /// The slot.
        slot: Timestamp,
        /// Whether it should have begun long ago.
        is_late: bool,
    },
    /// Everything known of it lies after `now`: the machine's clock has been set back, and what
    /// would be due by it may have been done. A run by hand takes the new time for true.
    ClockBehind,
}

/// Says how a job stands. Whatever was missed is one run, that of the last slot; a slot whose
/// run failed or was cut off is tried again a few times.
pub fn standing(row: &JobRow, schedule: &Schedule, moment: Moment<'_>) -> Standing {
    let Moment { now, zone, spread } = moment;
    if row.open().is_some() {
        return Standing::Running;
    }
    if !schedule.is_on {
        return Standing::Off;
    }
    let waits = |from: Timestamp| {
        let next = schedule.rhythm.next(from, zone);
        next.map_or(Standing::Off, |it| Standing::Waits(later(it, spread)))
    };
    if row.runs.is_empty() && row.awaited.is_none() {
        return waits(now);
    }
    let Some(handled) = handled(row, schedule.since, now) else { return Standing::ClockBehind };
    let Some(slot) = schedule.rhythm.last(now, zone) else { return waits(now) };
    let tries = row.runs.iter().filter(|it| it.due == Some(slot)).count();
    let last_try = row.runs.last().filter(|it| it.due == Some(slot));
    let begin = match last_try.and_then(|it| it.ended.as_ref()) {
        Some((at, End::Failed(_) | End::CutOff)) if tries < TRIES_MAX => {
            later(*at, TRY_AGAIN_AFTER)
        }
        _ if slot <= handled => return waits(now),
        Some(_) | None => later(slot, spread),
    };
    if now < begin {
        return Standing::Waits(begin);
    }
    Standing::Due { slot, is_late: later(slot, spread + LATE_AFTER) < now }
}

/// The last time up to `now` for which the job was seen to: a slot that was run, a run by hand,
/// the day it was first waited for or last set. Times after `now` are those of a wrong clock.
fn handled(row: &JobRow, since: Timestamp, now: Timestamp) -> Option<Timestamp> {
    let runs = row.runs.iter().map(|it| it.due.unwrap_or(it.started));
    let known = runs.chain(row.awaited).filter(|it| *it <= now).max();
    known.map(|it| if since <= now { it.max(since) } else { it })
}

fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::rows::{Head, Row};
    use crate::schedule::{JobEvent, Rhythm};

    /// A job that is looked at by a clock; its runs take no time.
    struct Watched {
        row: JobRow,
        schedule: Schedule,
        zone: TimeZone,
        spread: SignedDuration,
    }

    impl Watched {
        fn new(rhythm: &str, now: Timestamp) -> Self {
            let zone = TimeZone::get("Europe/Oslo").unwrap();
            let rhythm: Rhythm = rhythm.parse().unwrap();
            let schedule = Schedule { is_on: true, rhythm, since: Timestamp::MIN };
            let spread = SignedDuration::ZERO;
            let mut new = Self { row: JobRow::default(), schedule, zone, spread };
            new.tell(now, JobEvent::Awaited);
            new
        }

        fn tell(&mut self, at: Timestamp, event: JobEvent) {
            self.row = JobRow::fold(Some(self.row.clone()), event, Head { seq: 1, at }).unwrap();
        }

        fn standing(&self, now: Timestamp) -> Standing {
            let moment = Moment { now, zone: &self.zone, spread: self.spread };
            standing(&self.row, &self.schedule, moment)
        }

        /// Looks once and runs what is due; tells the slot.
        fn look(&mut self, now: Timestamp, end: &End) -> Option<Timestamp> {
            let Standing::Due { slot, .. } = self.standing(now) else { return None };
            let n = self.row.next_n();
            self.tell(now, JobEvent::Started { n, due: Some(slot), by: None });
            self.tell(now, JobEvent::Ended { n, end: end.clone() });
            Some(slot)
        }
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn minutes(n: i64) -> SignedDuration {
        SignedDuration::from_mins(n)
    }

    const DONE: End = End::Done(vec![]);

    /// From `begin` on, with looks so far apart: each of these slots is run once.
    fn each_once(begin: Timestamp, looks: &[i64], slots: [&str; 3]) -> Result<(), TestCaseError> {
        let mut watched = Watched::new("02:30", begin);
        let (mut now, mut ran) = (begin, vec![]);
        let end = at(slots[2]) + minutes(720);
        for step in looks.iter().cycle() {
            now += minutes(*step);
            if end <= now {
                break;
            }
            ran.extend(watched.look(now, &DONE));
        }
        prop_assert_eq!(ran, slots.map(at).to_vec());
        Ok(())
    }

    proptest! {
        #[test]
        fn a_night_without_half_past_two_has_its_run(
            start in 0..1_440_i64,
            looks in prop::collection::vec(1..700_i64, 1..20),
        ) {
            let begin = at("2026-03-27T01:30:00Z") + minutes(start);
            let slots = ["2026-03-28T01:30:00Z", "2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z"];
            each_once(begin, &looks, slots)?;
        }

        #[test]
        fn a_night_with_half_past_two_twice_has_one_run(
            start in 0..1_440_i64,
            looks in prop::collection::vec(1..700_i64, 1..20),
        ) {
            let begin = at("2026-10-23T00:30:00Z") + minutes(start);
            let slots = ["2026-10-24T00:30:00Z", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"];
            each_once(begin, &looks, slots)?;
        }

        #[test]
        fn a_clock_that_jumps_starts_no_slot_twice_and_never_for_ever(
            jumps in prop::collection::vec((0..5_usize, 0..3_000_i64), 1..30),
        ) {
            let truth = at("2026-03-02T12:00:00Z");
            let mut watched = Watched::new("monday 07:00", truth);
            let (mut passed, mut ran) = (0, vec![]);
            for (jump, minutes_on) in &jumps {
                passed += minutes_on;
                let true_now = truth + minutes(passed);
                let now = match jump {
                    0 => true_now,
                    1 => true_now + minutes(60),
                    2 => true_now - minutes(60),
                    3 => true_now + minutes(10 * 525_960),
                    _ => at("1970-01-01T00:10:00Z") + minutes(passed),
                };
                // Three looks in a row start one run at most.
                let slots: Vec<_> = (0..3).filter_map(|_| watched.look(now, &DONE)).collect();
                prop_assert!(slots.len() <= 1, "{slots:?}");
                ran.extend(slots);
            }
            let mut distinct = ran.clone();
            distinct.sort_unstable();
            distinct.dedup();
            prop_assert_eq!(distinct.len(), ran.len(), "{:?}", ran);
            prop_assert!(ran.iter().all(|it| truth < *it), "nothing of 1970: {:?}", ran);
            // When the clock is right again, so are the jobs.
            // A week, and the hour that the clock may have been ahead.
            let next = truth + minutes(passed) + minutes(7 * 1_440 + 61);
            prop_assert!(watched.look(next, &DONE).is_some());
        }
    }

    #[test]
    fn what_was_missed_in_three_weeks_is_one_run() {
        let mut watched = Watched::new("monday 07:00", at("2026-03-02T12:00:00Z"));
        let now = at("2026-03-26T09:00:00Z");
        assert_eq!(watched.look(now, &DONE), Some(at("2026-03-23T06:00:00Z")));
        assert_eq!(watched.look(now, &DONE), None);
    }

    #[test]
    fn a_slot_that_fails_is_tried_three_times_with_a_pause() {
        let mut watched = Watched::new("02:30", at("2026-03-09T12:00:00Z"));
        let failed = End::Failed(vec![]);
        let from = at("2026-03-10T01:30:00Z");
        let tried: Vec<i64> =
            (0..600).filter(|it| watched.look(from + minutes(*it), &failed).is_some()).collect();
        assert_eq!(tried, [0, 20, 40]);
        let next = at("2026-03-11T01:30:00Z");
        assert_eq!(watched.standing(from + minutes(600)), Standing::Waits(next));
    }

    #[test]
    fn a_run_by_hand_ends_the_trying_and_takes_no_slot_away() {
        let mut watched = Watched::new("02:30", at("2026-03-09T12:00:00Z"));
        let slot = at("2026-03-10T01:30:00Z");
        watched.look(slot, &End::Failed(vec![]));
        let n = watched.row.next_n();
        watched.tell(slot + minutes(5), JobEvent::Started { n, due: None, by: None });
        watched.tell(slot + minutes(9), JobEvent::Ended { n, end: DONE });
        assert_eq!(watched.look(slot + minutes(60), &DONE), None);
        let next = at("2026-03-11T01:30:00Z");
        assert_eq!(watched.look(next, &DONE), Some(next));
    }

    #[test]
    fn a_time_set_anew_makes_up_for_nothing_before() {
        let mut watched = Watched::new("02:30", at("2026-03-09T12:00:00Z"));
        watched.look(at("2026-03-10T01:30:00Z"), &DONE);
        let now = at("2026-03-10T12:00:00Z");
        let rhythm = "05:00".parse().unwrap();
        watched.schedule = Schedule { is_on: true, rhythm, since: now };
        assert_eq!(watched.standing(now), Standing::Waits(at("2026-03-11T04:00:00Z")));
        watched.schedule.is_on = false;
        assert_eq!(watched.standing(now), Standing::Off);
    }

    #[test]
    fn a_start_is_put_off_and_late_after_an_hour_more() {
        let mut watched = Watched::new("02:30", at("2026-03-09T12:00:00Z"));
        watched.spread = minutes(7);
        let slot = at("2026-03-10T01:30:00Z");
        assert_eq!(watched.standing(slot + minutes(6)), Standing::Waits(slot + minutes(7)));
        let due = |is_late| Standing::Due { slot, is_late };
        assert_eq!(watched.standing(slot + minutes(7)), due(false));
        assert_eq!(watched.standing(slot + minutes(68)), due(true));
    }

    #[test]
    fn a_clock_before_all_that_is_known_starts_nothing_until_a_run_by_hand() {
        let mut watched = Watched::new("02:30", at("2026-03-09T12:00:00Z"));
        let then = at("2020-01-01T12:00:00Z");
        assert_eq!(watched.standing(then), Standing::ClockBehind);
        watched.tell(then, JobEvent::Started { n: 1, due: None, by: None });
        watched.tell(then, JobEvent::Ended { n: 1, end: DONE });
        let next = at("2020-01-02T01:30:00Z");
        assert_eq!(watched.standing(then), Standing::Waits(next));
        assert_eq!(watched.look(next, &DONE), Some(next));
    }
}
