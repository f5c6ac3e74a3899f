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
    /// Inquiries under the topic in the four weeks before its page was linked, or before it was
    /// dismissed.
    pub inquiries_before: u32,
    /// Inquiries under the topic in the last four weeks.
    pub inquiries_lately: u32,
    /// The time.
    pub now: Timestamp,
}

/// So large a share of the questions must find the answer.
const FOUND_SHARE: f64 = 0.6;
/// So many inquiries after the verification reopen a gap ...
const RETURNS_MIN: u32 = 3;
/// ... when they come within so many days of looking back, and are more than chance makes of half
/// as many as came in as many days before the mend: few pages keep everybody from calling.
pub const RETURN_WATCH: SignedDuration = SignedDuration::from_hours(28 * 24);
/// So unlikely a number is no chance. One editor looking in vain in five is as much as the gaps
/// that do come back are worth.
const CHANCE_MAX: f64 = 0.2;

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
        State::Dismissed { .. } if grown(seen.inquiries_before) <= seen.inquiries_lately => {
            let why = Return::Grown { inquiries: seen.inquiries_lately };
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
    let come_back = RETURNS_MIN <= seen.inquiries_since
        && chance_of_half(seen.inquiries_before, seen.inquiries_since) < CHANCE_MAX;
    (watched && come_back).then_some(Return::KeepsComing { inquiries: seen.inquiries_since })
}

/// The chance that so many or more come after a mend that halved how often people ask, when so many
/// came before it: of both together, a third comes after (Przyborowski & Wilenski 1940).
fn chance_of_half(before: u32, since: u32) -> f64 {
    const AFTER: f64 = 1.0 / 3.0;
    let all = before.saturating_add(since);
    let odds = (AFTER / (1.0 - AFTER)).ln();
    let mut log_chance = f64::from(all) * (1.0 - AFTER).ln();
    let mut fewer = 0.0;
    for n in 0..since {
        fewer += log_chance.exp();
        log_chance += odds + f64::from(all - n).ln() - f64::from(n + 1).ln();
    }
    (1.0 - fewer).max(0.0)
}

/// With so many inquiries in four weeks does a topic come back that had `inquiries` in the four
/// weeks before it was dismissed: when it is asked half as often again, and by five more at least.
/// What is asked as often as ever grows too, and nobody wants to decide it anew each month.
pub fn grown(inquiries: u32) -> u32 {
    inquiries + (inquiries / 2).max(5)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(found: u32, inquiries_since: u32) -> AfterCrawl {
        let now = "2026-03-20T02:00:00Z".parse().unwrap();
        let (of, is_new, inquiries_before, inquiries_lately) = (10, true, 7, 0);
        AfterCrawl { found, of, is_new, inquiries_since, inquiries_before, inquiries_lately, now }
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
        check(&verified(), &seen(9, 6), None);
        let why = Return::KeepsComing { inquiries: 7 };
        check(&verified(), &seen(9, 7), Some(Step::Reopened { why }));
        let seldom =
            |inquiries_since| AfterCrawl { inquiries_before: 2, ..seen(9, inquiries_since) };
        check(&verified(), &seldom(3), None);
        let why = Return::KeepsComing { inquiries: 4 };
        check(&verified(), &seldom(4), Some(Step::Reopened { why }));
    }

    #[test]
    fn a_page_that_stops_answering_reopens_its_gap() {
        let why = Return::NoLongerAnswers;
        check(&verified(), &seen(2, 0), Some(Step::Reopened { why }));
    }

    #[test]
    fn a_dismissal_holds_until_the_topic_has_grown() {
        let (reason, inquiries) = (String::new(), 40);
        let dismissed = State::Dismissed { reason, inquiries, since: since() };
        let lately = |inquiries_lately| AfterCrawl { inquiries_lately, ..seen(0, 30) };
        check(&dismissed, &lately(11), None);
        let why = Return::Grown { inquiries: 12 };
        check(&dismissed, &lately(12), Some(Step::Reopened { why }));
    }

    #[test]
    fn nothing_happens_to_a_gap_that_nobody_has_mended() {
        check(&State::New, &seen(10, 0), None);
    }
}
