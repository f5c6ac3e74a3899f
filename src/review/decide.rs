//! What an editor may decide, checked before it becomes a record.

use jiff::Timestamp;

use super::record::{GapRow, State, Step};

/// Why a decision cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecideError {
    /// A dismissal without a reason.
    #[error("a dismissal needs a reason of at most {} characters", GapRow::REASON_CHARS_MAX)]
    Reason,
    /// A snooze into the past, or for longer than a year.
    #[error("the date must lie in the coming year")]
    Until,
    /// An address that no page can have.
    #[error("the page needs a web address of at most {} characters", GapRow::ADDRESS_CHARS_MAX)]
    Address,
    /// Only a crawl or a run may say this.
    #[error("only a crawl verifies or reopens by itself")]
    NotForPeople,
    /// There is nothing to undo.
    #[error("there is no step to undo")]
    NothingToUndo,
}

/// A snooze lasts at most so long.
const SNOOZE_HOURS_MAX: i64 = 366 * 24;

/// Checks a step that a person wants to take on a gap that stands at `row`.
pub fn check_step(step: &Step, row: Option<&GapRow>, now: Timestamp) -> Result<(), DecideError> {
    match step {
        Step::Take { .. } | Step::Release | Step::Reopen => Ok(()),
        Step::LinkPage { address } => {
            let short = address.chars().count() <= GapRow::ADDRESS_CHARS_MAX;
            let web = address.starts_with("https://") || address.starts_with("http://");
            (short && web).then_some(()).ok_or(DecideError::Address)
        }
        Step::Dismiss { reason, .. } => {
            let count = reason.trim().chars().count();
            (0 < count && count <= GapRow::REASON_CHARS_MAX)
                .then_some(())
                .ok_or(DecideError::Reason)
        }
        Step::Snooze { until } => {
            let latest = now + jiff::SignedDuration::from_hours(SNOOZE_HOURS_MAX);
            (now < *until && *until <= latest).then_some(()).ok_or(DecideError::Until)
        }
        Step::Undo => match row {
            Some(row) if row.before != row.state => Ok(()),
            Some(GapRow { state: State::New, .. }) | None => Err(DecideError::NothingToUndo),
            Some(_) => Err(DecideError::NothingToUndo),
        },
        Step::Verified { .. } | Step::NotYet { .. } | Step::Reopened { .. } => {
            Err(DecideError::NotForPeople)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(step: Step, expected: Result<(), DecideError>) {
        let now = "2026-03-02T07:00:00Z".parse().unwrap();
        assert_eq!(check_step(&step, None, now), expected);
    }

    #[test]
    fn a_dismissal_needs_a_reason() {
        check(Step::Dismiss { reason: " ".into(), inquiries: 3 }, Err(DecideError::Reason));
        check(Step::Dismiss { reason: "sesongen er over".into(), inquiries: 3 }, Ok(()));
        let long = "a".repeat(GapRow::REASON_CHARS_MAX + 1);
        check(Step::Dismiss { reason: long, inquiries: 3 }, Err(DecideError::Reason));
    }

    #[test]
    fn a_snooze_ends_within_a_year() {
        let until = |text: &str| Step::Snooze { until: text.parse().unwrap() };
        check(until("2026-03-02T06:00:00Z"), Err(DecideError::Until));
        check(until("2026-04-02T06:00:00Z"), Ok(()));
        check(until("2028-04-02T06:00:00Z"), Err(DecideError::Until));
    }

    #[test]
    fn people_link_pages_and_only_crawls_verify() {
        let link = |address: &str| Step::LinkPage { address: address.to_owned() };
        check(link("https://www.example.org/barnehage"), Ok(()));
        check(link("javascript:alert(1)"), Err(DecideError::Address));
        check(Step::Verified { found: 1, of: 1 }, Err(DecideError::NotForPeople));
        check(Step::Undo, Err(DecideError::NothingToUndo));
    }
}
