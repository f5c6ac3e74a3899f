//! A question that many ask all at once.

use jiff::{SignedDuration, Timestamp};

/// Contacts of the last hours are compared ...
pub const SURGE_WINDOW: SignedDuration = SignedDuration::from_hours(6);
/// ... with those of so many days before.
pub const USUAL_DAYS: u32 = 28;
/// Fewer contacts are no surge, however rare the question is.
const CONTACTS_MIN: u32 = 4;
/// What is asked less often than this a day counts as asked so often: a new question has no
/// past to be compared with.
const USUAL_MIN: f64 = 0.5;
/// So unlikely a number of contacts is a surge.
const CHANCE_MAX: f64 = 0.001;

/// Contacts about one question, counted over the window and over the days before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recent {
    /// Contacts within the window.
    pub now: u32,
    /// Contacts of the days before it.
    pub before: u32,
    /// When the first within the window came.
    pub since: Option<Timestamp>,
}

impl Recent {
    /// Counts a contact; one of another time is not counted.
    pub fn count(&mut self, asked: Timestamp, contacts: u32, now: Timestamp) {
        let age = now.duration_since(asked);
        let days = SignedDuration::from_hours(24 * i64::from(USUAL_DAYS));
        if asked <= now && age <= SURGE_WINDOW {
            self.now += contacts;
            self.since = Some(self.since.map_or(asked, |it| it.min(asked)));
        } else if asked <= now && age <= SURGE_WINDOW + days {
            self.before += contacts;
        }
    }

    /// Whether so many have asked that it is no chance: fewer than one in a thousand by the
    /// distribution of Poisson, were the question asked in the window as often as in a whole
    /// usual day.
    pub fn is_surge(self) -> bool {
        let usual = (f64::from(self.before) / f64::from(USUAL_DAYS)).max(USUAL_MIN);
        CONTACTS_MIN <= self.now && chance_of(self.now, usual) < CHANCE_MAX
    }
}

/// The chance of `count` or more when `mean` are to be expected.
fn chance_of(count: u32, mean: f64) -> f64 {
    let mut term = (-mean).exp();
    let mut fewer = 0.0;
    for n in 0..count {
        fewer += term;
        term *= mean / f64::from(n + 1);
    }
    (1.0 - fewer).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(now: u32, before: u32, expected: bool) {
        let recent = Recent { now, before, since: None };
        assert_eq!(recent.is_surge(), expected, "{now} now, {before} before");
    }

    #[test]
    fn a_surge_is_more_than_chance() {
        check(3, 0, false);
        check(4, 0, false);
        check(5, 0, true);
        check(6, 28, true);
        check(5, 28, false);
        check(12, 280, false);
        check(24, 280, true);
    }

    #[test]
    fn the_chances_are_those_of_the_tables() {
        assert!((chance_of(1, 1.0) - 0.632_120_6).abs() < 1e-6);
        assert!((chance_of(5, 2.0) - 0.052_653).abs() < 1e-6);
        assert!((chance_of(0, 3.0) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn contacts_count_by_when_they_came() {
        let now: Timestamp = "2026-03-02T12:00:00Z".parse().unwrap();
        let mut recent = Recent::default();
        for (hours, contacts) in [(1, 2), (5, 1), (7, 4), (24 * 28, 8), (24 * 30, 16), (-1, 32)] {
            recent.count(now - SignedDuration::from_hours(hours), contacts, now);
        }
        let since = Some(now - SignedDuration::from_hours(5));
        assert_eq!(recent, Recent { now: 3, before: 12, since });
    }
}
