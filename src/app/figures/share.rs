//! A share of few, with how sure it is.

use crate::effect::Interval;
use crate::inquiry::{OutcomeName, WeekSums};

/// So many of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// So many ...
    pub had: u32,
    /// ... of these.
    pub all: u32,
}

impl Share {
    /// Of fewer, a share is chance more than anything.
    pub const ALL_MIN: u32 = 20;

    /// Whether it rests on enough to be told.
    pub const fn is_sure(self) -> bool {
        Self::ALL_MIN <= self.all
    }

    /// The share, 0 to 1.
    pub fn value(self) -> f64 {
        f64::from(self.had) / f64::from(self.all.max(1))
    }

    /// The share in whole per cent, halves upward; a hundred when more than all had it.
    pub fn percent(self) -> u8 {
        let (had, all) = (u64::from(self.had), u64::from(self.all.max(1)));
        u8::try_from((had * 100 + all / 2) / all).unwrap_or(100).min(100)
    }

    /// How many of a week's questions the website answered, of those of which the staff said
    /// whether it did.
    pub fn answered(week: &WeekSums) -> Self {
        let had = week.with(OutcomeName::Page);
        let not = week.with(OutcomeName::NotOnSite) + week.with(OutcomeName::Answered);
        Self { had, all: had + not }
    }

    /// Where the true share lies in 95 of 100 cases: Wilson's score interval, which never leaves
    /// 0 to 1 (Wilson, "Probable Inference", 1927).
    pub fn interval(self) -> Interval {
        const NORMAL: f64 = 1.96;
        let (n, share) = (f64::from(self.all.max(1)), self.value());
        let widened = 1.0 + NORMAL * NORMAL / n;
        let middle = (share + NORMAL * NORMAL / (2.0 * n)) / widened;
        let spread = share * (1.0 - share) / n + (NORMAL / (2.0 * n)).powi(2);
        let half = NORMAL * spread.sqrt() / widened;
        Interval { low: (middle - half).max(0.0), high: (middle + half).min(1.0) }
    }

    /// Both together.
    pub const fn with(self, other: Self) -> Self {
        Self { had: self.had + other.had, all: self.all + other.all }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(had: u32, all: u32, expected: (f64, f64)) {
        let Interval { low, high } = Share { had, all }.interval();
        let is_near = |a: f64, b: f64| (a - b).abs() < 0.000_5;
        assert!(is_near(low, expected.0) && is_near(high, expected.1), "{low} {high}");
    }

    /// As R's `prop.test(.., correct = FALSE)` has them.
    #[test]
    fn an_interval_is_wilsons() {
        check(50, 100, (0.403_8, 0.596_2));
        check(0, 20, (0.0, 0.161_1));
        check(20, 20, (0.838_9, 1.0));
    }

    #[test]
    fn of_fewer_than_twenty_a_share_is_not_sure() {
        assert!(!Share { had: 19, all: 19 }.is_sure());
        assert!(Share { had: 0, all: 20 }.is_sure());
    }
}
