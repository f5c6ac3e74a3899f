//! Where the work on a gap stood at an earlier time, walked from the steps that its row keeps.

use jiff::Timestamp;

use super::record::{State, StateName, StepName};
use super::row::{GapRow, Happened};

/// Where the work on a gap stood.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Past {
    /// In which state.
    pub name: StateName,
    /// Since when; none for a gap that nobody had touched.
    pub since: Option<Timestamp>,
    /// When a page was linked last, if one still counts.
    pub linked: Option<Timestamp>,
}

impl GapRow {
    /// Where the work stood when `end` was over.
    ///
    /// A row keeps its last steps only: a gap with more steps after `end` than a row keeps shows
    /// as one that nobody had touched.
    pub fn stood_at(&self, end: Timestamp) -> Past {
        let (mut now, mut before) = (Past::default(), Past::default());
        let steps = self.history.iter().filter(|it| it.step != StepName::Comment);
        for step in steps.take_while(|it| it.at <= end) {
            let next = after(step, now, before);
            before = std::mem::replace(&mut now, next);
        }
        if self.history.last().is_none_or(|it| it.at <= end) {
            // All steps are known: the row says more than its last steps do.
            now.name = self.state.name();
        }
        match self.snoozed_until(now) {
            Some(until) if until <= end => Past { name: StateName::New, since: Some(until), ..now },
            Some(_) | None => now,
        }
    }

    /// Until when the snooze lasts that `past` is in, when the row still holds it.
    fn snoozed_until(&self, past: Past) -> Option<Timestamp> {
        if past.name != StateName::Snoozed {
            return None;
        }
        [&self.state, &self.before].into_iter().find_map(|state| match state {
            State::Snoozed { until, since } => (past.since == Some(*since)).then_some(*until),
            State::New
            | State::Taken { .. }
            | State::Done { .. }
            | State::Verified { .. }
            | State::Reopened { .. }
            | State::Dismissed { .. } => None,
        })
    }
}

/// Where the work stands after `step`, by the rules that records are folded by.
fn after(step: &Happened, now: Past, before: Past) -> Past {
    let to = |name| Past { name, since: Some(step.at), linked: None };
    match step.step {
        StepName::Take => to(StateName::Taken),
        StepName::Release => to(StateName::New),
        StepName::LinkPage => Past { linked: Some(step.at), ..to(StateName::Done) },
        StepName::Dismiss => to(StateName::Dismissed),
        StepName::Snooze => to(StateName::Snoozed),
        StepName::Reopen | StepName::Reopened => {
            Past { linked: now.linked, ..to(StateName::Reopened) }
        }
        StepName::Undo => before,
        StepName::Verified if now.name == StateName::Done => {
            Past { linked: now.linked, ..to(StateName::Verified) }
        }
        StepName::Verified | StepName::NotYet | StepName::Due | StepName::Comment => now,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{Id, TopicNumber};
    use crate::review::{GapEvent, Step};
    use crate::rows::{Head, Row};

    fn at(day: i8) -> Timestamp {
        format!("2026-03-{day:02}T07:00:00Z").parse().unwrap()
    }

    fn row(steps: &[(i8, Step)]) -> GapRow {
        let fold = |row, (day, step): &(i8, Step)| {
            let event = GapEvent::Changed { topic: TopicNumber(4), step: step.clone(), by: None };
            GapRow::fold(row, event, Head { seq: 1, at: at(*day) })
        };
        steps.iter().fold(None, fold).unwrap()
    }

    fn life() -> Vec<(i8, Step)> {
        let link = Step::LinkPage { address: "https://www.example.org/a".to_owned() };
        vec![
            (2, Step::Take { owner: Id::derived(&[b"kari"]) }),
            (3, link),
            (5, Step::Verified { found: 3, of: 3, missing: vec![] }),
            (9, Step::Reopen),
            (10, Step::Undo),
        ]
    }

    #[track_caller]
    fn check(day: i8, name: StateName, since: Option<i8>, linked: Option<i8>) {
        let expected = Past { name, since: since.map(at), linked: linked.map(at) };
        assert_eq!(row(&life()).stood_at(at(day)), expected);
    }

    #[test]
    fn a_gap_stands_where_its_steps_had_led_it() {
        check(1, StateName::New, None, None);
        check(2, StateName::Taken, Some(2), None);
        check(4, StateName::Done, Some(3), Some(3));
        check(5, StateName::Verified, Some(5), Some(3));
        check(9, StateName::Reopened, Some(9), Some(3));
        check(10, StateName::Verified, Some(5), Some(3));
    }

    #[test]
    fn a_snooze_that_had_run_out_shows_as_new() {
        let row = row(&[(2, Step::Snooze { until: at(6) })]);
        assert_eq!(row.stood_at(at(5)).name, StateName::Snoozed);
        assert_eq!(row.stood_at(at(6)).name, StateName::New);
    }

    #[test]
    fn the_end_of_the_walk_is_where_the_row_stands() {
        for n in 1..=life().len() {
            let row = row(&life()[..n]);
            assert_eq!(row.stood_at(at(20)).name, row.state.name(), "after {n} steps");
        }
    }
}
