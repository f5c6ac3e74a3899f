//! Keeps one machine from taking the service for itself: so many calls a minute, and no more.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

use crate::id::Id;
use crate::people::ApiToken;

/// A token is good for so many calls a minute.
pub(crate) const CALLS_PER_MINUTE_MAX: u32 = 300;
/// What a minute is here.
pub(crate) const MINUTE: SignedDuration = SignedDuration::from_secs(60);

/// The calls of this minute by token. There are few tokens, so nothing is forgotten.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    minutes: Mutex<HashMap<Id<ApiToken>, (Timestamp, u32)>>,
}

impl Pace {
    /// Counts a call; whether it is one of those that are answered.
    pub(crate) fn admits(&self, token: Id<ApiToken>, now: Timestamp) -> bool {
        let mut minutes = self.minutes.lock().unwrap_or_else(PoisonError::into_inner);
        let (begun, calls) = minutes.entry(token).or_insert((now, 0));
        if MINUTE <= now.duration_since(*begun).abs() {
            (*begun, *calls) = (now, 0);
        }
        *calls = calls.saturating_add(1);
        *calls <= CALLS_PER_MINUTE_MAX
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_holds_so_many_calls_of_each_token() {
        let (pace, now) = (Pace::default(), Timestamp::UNIX_EPOCH);
        let [one, other] = [b"one", b"two"].map(|it| Id::derived(&[it]));
        assert!((0..CALLS_PER_MINUTE_MAX).all(|_| pace.admits(one, now)));
        assert!(!pace.admits(one, now + SignedDuration::from_secs(59)));
        assert!(pace.admits(other, now), "another machine is not held up");
        assert!(pace.admits(one, now + MINUTE));
    }
}
