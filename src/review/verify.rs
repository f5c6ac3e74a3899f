//! What a crawl says of mended gaps: people publish an answer, only a crawl verifies it.

use jiff::{SignedDuration, Timestamp};

use super::record::{Return, State, Step};

/// A gap after a crawl, as the site and the log now stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AfterCrawl {
    /// So many of the topic's questions find the linked page among the first three.
    pub found: u32,
    /// Of so many questions.
    pub of: u32,
    /// Whether the page says something of what callers ask that it did not say before: that a
    /// page comes first proves nothing when it was first before.
    pub is_new: bool,
    /// Inquiries under the topic since the gap came to its state.
    pub inquiries_since: u32,
    /// Inquiries under the topic in the four weeks before its page was linked.
    pub inquiries_before: u32,
    /// All inquiries under the topic.
    pub inquiries: u32,
    /// The time.
    pub now: Timestamp,
}

/// So large a share of the questions must find the answer.
const FOUND_SHARE: f64 = 0.6;
/// So many inquiries after the verification reopen a gap ...
const RETURNS_MIN: u32 = 3;
/// ... when they come within so many days of looking back, and are at least half as many as came
/// in as many days before the mend: few pages keep everybody from calling.
pub const RETURN_WATCH: SignedDuration = SignedDuration::from_hours(28 * 24);

impl AfterCrawl {
    fn answers(&self) -> bool {
        0 < self.of && FOUND_SHARE * f64::from(self.of) <= f64::from(self.found)
    }
}

/// The step that a crawl takes on a gap, if any.
pub fn after_crawl(state: &State, seen: &AfterCrawl) -> Option<Step> {
    match state {
        State::Done { .. } if seen.answers() && seen.is_new => {
            Some(Step::Verified { found: seen.found, of: seen.of, missing: vec![] })
        }
        State::Done { .. } => {
            Some(Step::NotYet { found: seen.found, of: seen.of, missing: vec![] })
        }
        State::Verified { since, .. } => returned(*since, seen).map(|why| Step::Reopened { why }),
        State::Dismissed { inquiries, .. } if grown(*inquiries) <= seen.inquiries => {
            let why = Return::Grown { inquiries: seen.inquiries };
            Some(Step::Reopened { why })
        }
        State::Dismissed { .. }
        | State::New
        | State::Taken { .. }
        | State::Reopened { .. }
        | State::Snoozed { .. } => None,
    }
}

/// Why a verified gap is open again.
fn returned(since: Timestamp, seen: &AfterCrawl) -> Option<Return> {
    if !seen.answers() {
        return Some(Return::NoLongerAnswers);
    }
    let watched = seen.now < since + RETURN_WATCH;
    let come_back =
        RETURNS_MIN <= seen.inquiries_since && seen.inquiries_before <= 2 * seen.inquiries_since;
    (watched && come_back).then_some(Return::KeepsComing { inquiries: seen.inquiries_since })
}

/// With so many inquiries does a topic come back that was dismissed with `inquiries`: when it has
/// grown by half, and by five at least.
pub fn grown(inquiries: u32) -> u32 {
    inquiries + (inquiries / 2).max(5)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(found: u32, inquiries_since: u32) -> AfterCrawl {
        let now = "2026-03-20T02:00:00Z".parse().unwrap();
        let (of, is_new, inquiries_before, inquiries) = (10, true, 7, 14);
        AfterCrawl { found, of, is_new, inquiries_since, inquiries_before, inquiries, now }
    }

    fn since() -> Timestamp {
        "2026-03-06T02:00:00Z".parse().unwrap()
    }

    fn verified() -> State {
        State::Verified { address: String::new(), done: since(), since: since() }
    }

    #[track_caller]
    fn check(state: &State, seen: &AfterCrawl, expected: Option<Step>) {
        assert_eq!(after_crawl(state, seen), expected);
    }

    #[test]
    fn a_linked_page_is_verified_when_most_questions_find_it() {
        let done = State::Done { address: String::new(), since: since() };
        check(&done, &seen(6, 0), Some(Step::Verified { found: 6, of: 10, missing: vec![] }));
        check(&done, &seen(5, 0), Some(Step::NotYet { found: 5, of: 10, missing: vec![] }));
    }

    #[test]
    fn a_page_that_nobody_has_touched_is_no_mend() {
        let done = State::Done { address: String::new(), since: since() };
        let untouched = AfterCrawl { is_new: false, ..seen(10, 0) };
        let missing = vec![];
        check(&done, &untouched, Some(Step::NotYet { found: 10, of: 10, missing }));
        check(&verified(), &untouched, None);
    }

    #[test]
    fn a_returning_question_reopens_its_gap() {
        check(&verified(), &seen(9, 3), None);
        let why = Return::KeepsComing { inquiries: 4 };
        check(&verified(), &seen(9, 4), Some(Step::Reopened { why }));
        let seldom =
            |inquiries_since| AfterCrawl { inquiries_before: 2, ..seen(9, inquiries_since) };
        check(&verified(), &seldom(2), None);
        let why = Return::KeepsComing { inquiries: 3 };
        check(&verified(), &seldom(3), Some(Step::Reopened { why }));
    }

    #[test]
    fn a_page_that_stops_answering_reopens_its_gap() {
        let why = Return::NoLongerAnswers;
        check(&verified(), &seen(2, 0), Some(Step::Reopened { why }));
    }

    #[test]
    fn a_dismissal_holds_until_the_topic_has_grown() {
        let dismissed =
            |inquiries| State::Dismissed { reason: String::new(), inquiries, since: since() };
        check(&dismissed(10), &seen(0, 4), None);
        let why = Return::Grown { inquiries: 14 };
        check(&dismissed(9), &seen(0, 5), Some(Step::Reopened { why }));
    }

    #[test]
    fn nothing_happens_to_a_gap_that_nobody_has_mended() {
        check(&State::New, &seen(10, 0), None);
    }
}
