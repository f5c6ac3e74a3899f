//! Whether a topic is new, rises, falls or goes steadily.

use serde::{Deserialize, Serialize};

use crate::messages::Lang;

/// Which way the inquiries of a topic go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trend {
    /// None before the last four weeks.
    New,
    /// Clearly more than in the four weeks before.
    Rising,
    /// Neither clearly more nor clearly fewer.
    Steady,
    /// Clearly fewer.
    Falling,
}

/// How many weeks are held against as many before.
const WEEKS: usize = 4;
/// The least change that counts, in inquiries over four weeks.
const CHANGE_MIN: u64 = 4;

impl Trend {
    /// Reads the trend from inquiries per week, the oldest first.
    ///
    /// None when less than two times four weeks are known: the past is not a fall to zero.
    pub fn of(weeks: &[u64]) -> Option<Self> {
        let (before, now) = weeks.split_at_checked(weeks.len().checked_sub(WEEKS)?)?;
        let earlier = before.len().checked_sub(WEEKS)?;
        let sum = |weeks: &[u64]| weeks.iter().fold(0_u64, |sum, &n| sum.saturating_add(n));
        let (old, now) = (sum(&before[earlier..]), sum(now));
        if sum(before) == 0 && 0 < now {
            return Some(Self::New);
        }
        // Clear: at least four inquiries and a third apart.
        let apart = |less: u64, more: u64| {
            CHANGE_MIN <= more.saturating_sub(less)
                && less.saturating_mul(4) <= more.saturating_mul(3)
        };
        Some(match (apart(old, now), apart(now, old)) {
            (true, _) => Self::Rising,
            (_, true) => Self::Falling,
            (false, false) => Self::Steady,
        })
    }

    /// The word for it.
    pub fn word(self, lang: Lang) -> &'static str {
        lang.text(match self {
            Self::New => "report.trend.new",
            Self::Rising => "report.trend.rising",
            Self::Steady => "report.trend.steady",
            Self::Falling => "report.trend.falling",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(weeks: &[u64], expected: Option<Trend>) {
        assert_eq!(Trend::of(weeks), expected);
    }

    #[test]
    fn a_trend_needs_eight_weeks() {
        check(&[], None);
        check(&[9, 9, 9, 9, 9, 9, 9], None);
    }

    #[test]
    fn four_weeks_are_held_against_the_four_before() {
        check(&[0, 0, 0, 0, 0, 0, 1, 2], Some(Trend::New));
        check(&[3, 3, 3, 3, 4, 4, 4, 4], Some(Trend::Rising));
        check(&[4, 4, 4, 4, 3, 3, 3, 3], Some(Trend::Falling));
        check(&[0, 0, 1, 0, 1, 0, 1, 1], Some(Trend::Steady));
        check(&[9, 9, 9, 9, 9, 9, 9, 9], Some(Trend::Steady));
        check(&[0; 8], Some(Trend::Steady));
        check(
            &[u64::MAX, u64::MAX, 0, 0, 0, 0, 0, 0],
            Some(Trend::Falling),
        );
    }
}
