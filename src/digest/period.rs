//! What a letter tells of: a week, or the weeks of a month.

use crate::week::Week;

/// A week is measured against the mean of so many before it.
const WEEKS_BEFORE: u32 = 4;

/// A week, or the weeks of a month.
///
/// A month has the weeks whose Thursday lies in it, as the year of ISO 8601 has: each week is in
/// one month only, and a month has four or five.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    /// This week.
    Week(Week),
    /// The weeks of a month, of which this is the last.
    Month(Week),
}

impl From<Week> for Period {
    fn from(week: Week) -> Self {
        Self::Week(week)
    }
}

impl Period {
    /// The month that `week` counts in, whole.
    pub fn month_of(week: Week) -> Self {
        let mut last = week;
        while !last.is_last_of_month() {
            last = last.plus(1);
        }
        Self::Month(last)
    }

    /// The first week.
    pub fn first(self) -> Week {
        match self {
            Self::Week(week) => week,
            Self::Month(last) => {
                let mut first = last;
                while first.plus(-1).month() == last.month() {
                    first = first.plus(-1);
                }
                first
            }
        }
    }

    /// The last week, which names it.
    pub const fn last(self) -> Week {
        match self {
            Self::Week(week) | Self::Month(week) => week,
        }
    }

    /// How many weeks it has.
    pub fn n_weeks(self) -> u32 {
        u32::try_from(self.last().since(self.first()) + 1).unwrap_or(1)
    }

    /// How many weeks before it are compared with: four for a week, and as many as it has itself
    /// for a month.
    pub fn n_before(self) -> u32 {
        match self {
            Self::Week(_) => WEEKS_BEFORE,
            Self::Month(_) => self.n_weeks(),
        }
    }

    /// The weeks, first to last.
    pub fn weeks(self) -> impl Iterator<Item = Week> {
        let first = self.first();
        (0..i64::from(self.n_weeks())).map(move |n| first.plus(n))
    }

    /// The weeks that are compared with, last to first.
    pub fn before(self) -> impl Iterator<Item = Week> {
        let first = self.first();
        (1..=i64::from(self.n_before())).map(move |n| first.plus(-n))
    }

    /// The name in catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Week(_) => "week",
            Self::Month(_) => "month",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn week(text: &str) -> Week {
        text.parse().unwrap()
    }

    #[track_caller]
    fn check(within: &str, (first, last): (&str, &str), n_weeks: u32) {
        let month = Period::month_of(week(within));
        assert_eq!((month.first(), month.last()), (week(first), week(last)));
        assert_eq!((month.n_weeks(), month.n_before()), (n_weeks, n_weeks));
        assert!(month.weeks().all(|it| Period::month_of(it) == month));
    }

    #[test]
    fn a_month_has_the_weeks_whose_thursday_lies_in_it() {
        check("2026-W43", ("2026-W40", "2026-W44"), 5); // Thursdays 1 to 29 October
        check("2026-W45", ("2026-W45", "2026-W48"), 4);
        check("2026-W49", ("2026-W49", "2026-W53"), 5); // 31 December is a Thursday
        check("2027-W01", ("2027-W01", "2027-W04"), 4); // 7 to 28 January
        check("2025-W01", ("2025-W01", "2025-W05"), 5); // 2 to 30 January
    }

    /// Every week of forty years is in one month, in order, and the last of one only.
    #[test]
    fn months_follow_each_other_without_a_gap() {
        let mut month = Period::month_of(week("2000-W01"));
        for _ in 0..40 * 12 {
            let next = Period::month_of(month.last().plus(1));
            assert_eq!(next.first(), month.last().plus(1));
            assert!((4..=5).contains(&next.n_weeks()));
            assert_eq!(next.weeks().filter(|it| it.is_last_of_month()).count(), 1);
            month = next;
        }
        assert_eq!(month.last().month(), (2040, 1));
    }

    #[test]
    fn a_week_is_compared_with_four_and_a_month_with_as_many_as_it_has() {
        let before = |it: Period| it.before().last().unwrap().to_string();
        assert_eq!(before(Period::Week(week("2026-W44"))), "2026-W40");
        assert_eq!(before(Period::Month(week("2026-W44"))), "2026-W35");
    }
}
