//! Sign-ins that have begun and whose answer is awaited: each of one browser, for ten minutes,
//! used once.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use super::fault::StateFault;
use crate::id::Id;
use crate::people::Person;

/// An answer must come within so long.
const LASTS: SignedDuration = SignedDuration::from_mins(10);
/// So many are awaited; the oldest gives way.
const FLOWS_MAX: usize = 10_000;

/// What somebody goes to the provider for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To sign in.
    SignIn,
    /// To sign in at a desk that somebody else has locked, whom the provider may still know.
    TakeOver,
    /// To show once more who they are, before something that matters.
    Prove,
    /// To unlock their own session, by signing in anew.
    Unlock(Id<Person>),
}

impl Purpose {
    /// Whether the provider must ask anew, however well it knows the browser.
    pub const fn is_anew(self) -> bool {
        matches!(self, Self::TakeOver | Self::Prove | Self::Unlock(_))
    }
}

/// A sign-in that has begun.
#[derive(Clone, PartialEq, Eq)]
pub struct Began {
    /// What the answer carries.
    pub state: String,
    /// What the ID token carries.
    pub nonce: String,
    /// What only we can show for the code.
    pub(super) verifier: String,
    /// Where to go afterwards.
    pub next: String,
    /// What for.
    pub purpose: Purpose,
    /// When.
    pub at: Timestamp,
    browser: [u8; 32],
}

/// All of them, by their state.
#[derive(Debug, Default)]
pub struct Flows {
    awaited: Mutex<BTreeMap<String, Began>>,
}

impl Began {
    /// What the provider is told of the verifier: its SHA-256.
    pub(super) fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.verifier.as_bytes()))
    }
}

impl std::fmt::Debug for Began {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Began").field("purpose", &self.purpose).finish_non_exhaustive()
    }
}

impl Flows {
    /// Begins a sign-in in a browser, which is known by a secret cookie.
    pub fn begin(
        &self,
        browser: &str,
        (purpose, next): (Purpose, String),
        now: Timestamp,
    ) -> Began {
        let began = Began {
            state: random(),
            nonce: random(),
            verifier: random(),
            next,
            purpose,
            at: now,
            browser: Sha256::digest(browser.as_bytes()).into(),
        };
        let mut awaited = self.awaited.lock().unwrap_or_else(PoisonError::into_inner);
        if FLOWS_MAX <= awaited.len() {
            awaited.retain(|_, it| now.duration_since(it.at) < LASTS);
        }
        if FLOWS_MAX <= awaited.len() {
            let oldest = awaited.iter().min_by_key(|it| it.1.at).map(|it| it.0.clone());
            oldest.and_then(|it| awaited.remove(&it));
        }
        awaited.insert(began.state.clone(), began.clone());
        began
    }

    /// Takes the sign-in that an answer belongs to; it cannot be taken again. One of another
    /// browser stays: who lures somebody here must not spoil it either.
    pub fn take(
        &self,
        state: &str,
        browser: Option<&str>,
        now: Timestamp,
    ) -> Result<Began, StateFault> {
        let mut awaited = self.awaited.lock().unwrap_or_else(PoisonError::into_inner);
        let began = awaited.get(state).ok_or(StateFault::Unknown)?;
        let same = browser.is_some_and(|it| {
            let hash: [u8; 32] = Sha256::digest(it.as_bytes()).into();
            hash == began.browser
        });
        if !same {
            return Err(StateFault::Foreign);
        }
        let began = awaited.remove(state).ok_or(StateFault::Unknown)?;
        if LASTS <= now.duration_since(began.at) {
            return Err(StateFault::Old);
        }
        Ok(began)
    }
}

/// 256 random bits, in signs that need no quoting.
pub(super) fn random() -> String {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begin(flows: &Flows, browser: &str, at: Timestamp) -> Began {
        flows.begin(browser, (Purpose::SignIn, "/today".to_owned()), at)
    }

    #[test]
    fn an_answer_is_taken_once_and_in_the_browser_that_began() {
        let (flows, now) = (Flows::default(), Timestamp::UNIX_EPOCH);
        let began = begin(&flows, "mine", now);
        assert_eq!(flows.take(&began.state, None, now), Err(StateFault::Foreign));
        assert_eq!(flows.take(&began.state, Some("theirs"), now), Err(StateFault::Foreign));
        assert_eq!(flows.take("x", Some("mine"), now), Err(StateFault::Unknown));
        assert_eq!(flows.take(&began.state, Some("mine"), now), Ok(began.clone()));
        assert_eq!(flows.take(&began.state, Some("mine"), now), Err(StateFault::Unknown));
    }

    #[test]
    fn an_answer_that_comes_after_ten_minutes_is_too_late() {
        let (flows, now) = (Flows::default(), Timestamp::UNIX_EPOCH);
        let take = |after: SignedDuration| {
            let began = begin(&flows, "mine", now);
            flows.take(&began.state, Some("mine"), now + after).map(|it| it.next)
        };
        assert_eq!(take(LASTS - SignedDuration::from_secs(1)), Ok("/today".to_owned()));
        assert_eq!(take(LASTS), Err(StateFault::Old));
    }

    #[test]
    fn many_that_never_come_back_cost_no_more_than_the_limit() {
        let (flows, now) = (Flows::default(), Timestamp::UNIX_EPOCH);
        let first = begin(&flows, "mine", now);
        for n in 0..FLOWS_MAX {
            let at = now + SignedDuration::from_millis(i64::try_from(n).unwrap() / 100 + 1);
            begin(&flows, "flood", at);
        }
        assert_eq!(flows.awaited.lock().unwrap().len(), FLOWS_MAX);
        assert_eq!(flows.take(&first.state, Some("mine"), now), Err(StateFault::Unknown));
    }

    #[test]
    fn nothing_of_it_is_guessable_or_the_same_twice() {
        let flows = Flows::default();
        let one = begin(&flows, "mine", Timestamp::UNIX_EPOCH);
        let two = begin(&flows, "mine", Timestamp::UNIX_EPOCH);
        let all = [one.state, one.nonce, one.verifier, two.state, two.nonce, two.verifier];
        let different: std::collections::BTreeSet<&String> = all.iter().collect();
        assert_eq!(different.len(), all.len());
        assert!(all.iter().all(|it| it.len() == 43));
    }

    #[test]
    fn the_challenge_is_that_of_the_standard() {
        // RFC 7636, appendix B.
        let mut began = begin(&Flows::default(), "mine", Timestamp::UNIX_EPOCH);
        began.verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".to_owned();
        assert_eq!(began.challenge(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }
}
