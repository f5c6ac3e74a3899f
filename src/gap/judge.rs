//! The verdict on a topic: what the site's words say, and what the staff have said.

use skranke_index::Finding;

use super::outdated::Age;
use super::record::Verdict;
use crate::inquiry::OutcomeName;

/// What the staff have said about the site when a topic was asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Answered from a page.
    pub page: u32,
    /// Said expressly: not on the site.
    pub not_on_site: u32,
}

/// So many words of staff outweigh what the search finds.
const STAFF_MIN: u32 = 2;

impl Asked {
    /// Counts what is evidence about the site; the other outcomes say nothing of it.
    pub fn count(outcomes: impl Iterator<Item = (OutcomeName, u32)>) -> Self {
        let mut asked = Self::default();
        for (outcome, count) in outcomes {
            match outcome {
                OutcomeName::Page => asked.page += count,
                OutcomeName::NotOnSite => asked.not_on_site += count,
                OutcomeName::SameAs
                | OutcomeName::Answered
                | OutcomeName::PassedOn
                | OutcomeName::OwnCase
                | OutcomeName::Unknown => {}
            }
        }
        asked
    }
}

impl From<Finding> for Verdict {
    fn from(finding: Finding) -> Self {
        match finding {
            Finding::Answered => Self::Answered,
            Finding::Partly => Self::Partly,
            Finding::HardToFind => Self::HardToFind,
            Finding::OtherNorm => Self::OtherNorm,
            Finding::Missing => Self::Missing,
        }
    }
}

/// Judges a topic. Staff who found the page again and again prove that it is there; staff who
/// looked in vain prove that it is not found. An answer about a year that has passed is outdated
/// unless staff still answer from it, and so is one that nobody touches and that staff pass over.
/// `found` is what the pages alone say.
pub fn verdict(found: Verdict, asked: Asked, age: Age) -> Verdict {
    let there = STAFF_MIN <= asked.page && asked.not_on_site < asked.page;
    let not_there = STAFF_MIN <= asked.not_on_site && asked.page < asked.not_on_site;
    match found {
        Verdict::Missing | Verdict::Partly if there => Verdict::HardToFind,
        Verdict::Answered | Verdict::HardToFind if age.is_of_past_year && !there => {
            Verdict::Outdated
        }
        Verdict::Answered | Verdict::HardToFind if not_there && age.is_untouched => {
            Verdict::Outdated
        }
        Verdict::Answered | Verdict::HardToFind if not_there => Verdict::Partly,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(finding: Finding, page: u32, not_on_site: u32, expected: Verdict) {
        let asked = Asked { page, not_on_site };
        assert_eq!(verdict(finding.into(), asked, Age::default()), expected);
    }

    #[test]
    fn an_answer_about_a_past_year_is_outdated_unless_staff_answer_from_it() {
        let age = Age { is_of_past_year: true, is_untouched: false };
        let judge = |finding: Finding, page, not_on_site| {
            verdict(finding.into(), Asked { page, not_on_site }, age)
        };
        assert_eq!(judge(Finding::Answered, 0, 0), Verdict::Outdated);
        assert_eq!(judge(Finding::HardToFind, 0, 3), Verdict::Outdated);
        assert_eq!(judge(Finding::Answered, 3, 0), Verdict::Answered);
        assert_eq!(judge(Finding::Partly, 0, 0), Verdict::Partly);
        assert_eq!(judge(Finding::Missing, 0, 0), Verdict::Missing);
    }

    #[test]
    fn an_answer_that_nobody_touches_is_outdated_once_staff_pass_over_it() {
        let age = Age { is_of_past_year: false, is_untouched: true };
        let judge = |not_on_site| verdict(Verdict::Answered, Asked { page: 0, not_on_site }, age);
        assert_eq!(judge(0), Verdict::Answered);
        assert_eq!(judge(2), Verdict::Outdated);
    }

    #[test]
    fn the_search_decides_when_the_staff_have_said_little() {
        check(Finding::Answered, 0, 1, Verdict::Answered);
        check(Finding::Missing, 1, 0, Verdict::Missing);
        check(Finding::OtherNorm, 0, 0, Verdict::OtherNorm);
        check(Finding::HardToFind, 0, 0, Verdict::HardToFind);
    }

    #[test]
    fn staff_who_found_the_page_prove_that_it_is_there() {
        check(Finding::Missing, 2, 0, Verdict::HardToFind);
        check(Finding::Partly, 3, 1, Verdict::HardToFind);
        check(Finding::Answered, 3, 0, Verdict::Answered);
        check(Finding::HardToFind, 3, 0, Verdict::HardToFind);
    }

    #[test]
    fn staff_who_looked_in_vain_prove_that_it_is_not_found() {
        check(Finding::Answered, 1, 2, Verdict::Partly);
        check(Finding::HardToFind, 0, 2, Verdict::Partly);
        check(Finding::Missing, 0, 5, Verdict::Missing);
    }
}
