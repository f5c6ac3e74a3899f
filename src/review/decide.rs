//! What an editor may decide, checked before it becomes a record.

use jiff::Timestamp;

use super::record::Step;
use super::row::GapRow;

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
    /// A day that has passed, or that lies further away than a year.
    #[error("the day must lie in the coming year")]
    Due,
    /// A comment without words, or with too many.
    #[error("a comment has 1 to {} characters", GapRow::COMMENT_CHARS_MAX)]
    Comment,
    /// A page that no crawl reads, so that nothing could be proved of it.
    #[error("the page lies on none of the websites that are read")]
    NotOurs,
    /// Somebody who cannot work on gaps.
    #[error("only those who may decide about gaps can have one")]
    Owner,
    /// Only a crawl or a run may say this.
    #[error("only a crawl verifies or reopens by itself")]
    NotForPeople,
    /// There is nothing to undo.
    #[error("there is no step to undo")]
    NothingToUndo,
}

/// A day that is set lies at most so far ahead.
const AHEAD_HOURS_MAX: i64 = 366 * 24;

fn is_ahead(until: Timestamp, now: Timestamp) -> bool {
    now < until && until <= now + jiff::SignedDuration::from_hours(AHEAD_HOURS_MAX)
}

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
        Step::Snooze { until } => is_ahead(*until, now).then_some(()).ok_or(DecideError::Until),
        Step::Due { until: None } => Ok(()),
        Step::Due { until: Some(until) } => {
            is_ahead(*until, now).then_some(()).ok_or(DecideError::Due)
        }
        Step::Comment { text } => {
            let count = text.trim().chars().count();
            (0 < count && count <= GapRow::COMMENT_CHARS_MAX)
                .then_some(())
                .ok_or(DecideError::Comment)
        }
        Step::Undo => {
            row.is_some_and(GapRow::can_undo).then_some(()).ok_or(DecideError::NothingToUndo)
        }
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
    fn a_day_lies_ahead_and_a_comment_has_words() {
        let due = |text: &str| Step::Due { until: text.parse().ok() };
        check(due("2026-03-02T23:00:00Z"), Ok(()));
        check(due("2026-03-01T23:00:00Z"), Err(DecideError::Due));
        check(due(""), Ok(()));
        let says = |text: &str| Step::Comment { text: text.to_owned() };
        check(says(" "), Err(DecideError::Comment));
        check(says(&"a".repeat(GapRow::COMMENT_CHARS_MAX)), Ok(()));
        check(says(&"a".repeat(GapRow::COMMENT_CHARS_MAX + 1)), Err(DecideError::Comment));
    }

    #[test]
    fn people_link_pages_and_only_crawls_verify() {
        let link = |address: &str| Step::LinkPage { address: address.to_owned() };
        check(link("https://www.example.org/barnehage"), Ok(()));
        check(link("javascript:alert(1)"), Err(DecideError::Address));
        check(Step::Verified { found: 1, of: 1, missing: vec![] }, Err(DecideError::NotForPeople));
        check(Step::Undo, Err(DecideError::NothingToUndo));
    }
}
