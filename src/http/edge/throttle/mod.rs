//! Slows down whoever guesses or asks too often. Here: links, which rest for a while after some
//! misses; beside it passphrases (`gate`), requests (`rate`) and machines (`pace`).

mod device;
mod gate;
pub(crate) mod line;
pub(crate) mod pace;
pub(crate) mod rate;
pub(crate) mod tries;

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

/// So many keys a table of limits holds; what says least makes room.
pub(super) const KEYS_MAX: usize = 10_000;
/// So many misses are free.
pub(crate) const MISSES_FREE: u32 = 5;
/// The first rest; each further miss doubles it ...
const REST_MIN: SignedDuration = SignedDuration::from_secs(30);
/// ... up to this.
const REST_MAX: SignedDuration = SignedDuration::from_mins(15);
/// Misses are forgotten after so long without another.
const FORGET_AFTER: SignedDuration = SignedDuration::from_hours(1);
/// So many names are remembered; the longest unused makes room.
const NAMES_MAX: usize = 10_000;

/// The misses by name, known or not, so that nothing tells which names exist.
#[derive(Debug, Default)]
pub(crate) struct Throttle {
    misses: Mutex<BTreeMap<String, Misses>>,
}

#[derive(Clone, Copy, Debug)]
struct Misses {
    count: u32,
    last: Timestamp,
}

impl Misses {
    fn rest(self) -> SignedDuration {
        let further = self.count.saturating_sub(MISSES_FREE);
        if self.count < MISSES_FREE {
            return SignedDuration::ZERO;
        }
        let factor = 2_i32.checked_pow(further).unwrap_or(i32::MAX);
        REST_MIN.checked_mul(factor).map_or(REST_MAX, |it| it.min(REST_MAX))
    }
}

impl Throttle {
    /// How long a name still rests; nothing when it may be tried.
    pub(crate) fn wait(&self, login: &str, now: Timestamp) -> Option<SignedDuration> {
        let held = self.misses.lock().unwrap_or_else(PoisonError::into_inner);
        let misses = held.get(&key(login))?;
        let left = misses.rest() - now.duration_since(misses.last);
        left.is_positive().then_some(left)
    }

    /// Counts a try before it is known whether it is right; how long the name still rests where it
    /// is not let through. What is right is told to [`Self::passed`].
    pub(crate) fn admit(&self, login: &str, now: Timestamp) -> Result<(), SignedDuration> {
        if let Some(wait) = self.wait(login, now) {
            return Err(wait);
        }
        self.missed(login, now);
        Ok(())
    }

    /// Counts a miss.
    pub(crate) fn missed(&self, login: &str, now: Timestamp) {
        let mut held = self.misses.lock().unwrap_or_else(PoisonError::into_inner);
        if NAMES_MAX <= held.len() {
            held.retain(|_, it| now.duration_since(it.last) < FORGET_AFTER);
        }
        if NAMES_MAX <= held.len() {
            let oldest = held.iter().min_by_key(|it| it.1.last).map(|it| it.0.clone());
            oldest.and_then(|it| held.remove(&it));
        }
        let misses = held.entry(key(login)).or_insert(Misses { count: 0, last: now });
        let is_fresh = now.duration_since(misses.last) < FORGET_AFTER;
        let count = if is_fresh { misses.count } else { 0 };
        *misses = Misses { count: count.saturating_add(1), last: now };
    }

    /// Forgets the misses of a name that was right.
    pub(crate) fn passed(&self, login: &str) {
        let mut held = self.misses.lock().unwrap_or_else(PoisonError::into_inner);
        held.remove(&key(login));
    }
}

/// A name as it is compared, and no longer than a name can be.
fn key(login: &str) -> String {
    const CHARS_MAX: usize = 80;
    login.trim().to_lowercase().chars().take(CHARS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::new(1_700_000_000 + seconds, 0).unwrap()
    }

    fn missed(times: u32) -> Throttle {
        let throttle = Throttle::default();
        (0..times).for_each(|_| throttle.missed("Kari ", at(0)));
        throttle
    }

    #[track_caller]
    fn check(misses: u32, after_seconds: i64, left_seconds: Option<i64>) {
        let left = missed(misses).wait("kari", at(after_seconds)).map(|it| it.as_secs());
        assert_eq!(left, left_seconds);
    }

    #[test]
    fn a_few_misses_are_free_and_each_further_one_doubles_the_rest() {
        check(4, 0, None);
        check(5, 0, Some(30));
        check(6, 0, Some(60));
        check(9, 0, Some(480));
        check(10, 0, Some(900));
        check(4_000, 0, Some(900));
    }

    #[test]
    fn a_rest_ends_and_concerns_one_name() {
        check(5, 29, Some(1));
        check(5, 30, None);
        assert_eq!(missed(9).wait("ola", at(0)), None);
    }

    #[test]
    fn signing_in_and_an_hour_make_misses_forgotten() {
        let throttle = missed(9);
        throttle.passed("KARI");
        assert_eq!(throttle.wait("kari", at(0)), None);
        let throttle = missed(9);
        throttle.missed("kari", at(3_600));
        assert_eq!(throttle.wait("kari", at(3_600)), None);
    }

    #[test]
    fn names_without_number_do_not_fill_the_memory() {
        let throttle = Throttle::default();
        (0..=NAMES_MAX).for_each(|n| throttle.missed(&n.to_string(), at(0)));
        assert_eq!(throttle.misses.lock().unwrap().len(), NAMES_MAX);
    }
}
