//! Who has given the right passphrase and is asked for the second step: known by their browser,
//! for a few minutes and a few tries.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

use crate::id::Id;
use crate::people::{Person, Token};

/// So long the passphrase holds.
const LASTS: SignedDuration = SignedDuration::from_mins(5);
/// So many tries one passphrase gives.
pub(super) const TRIES_MAX: u32 = 5;
/// So many people are on their way at once; the oldest begins again.
const WAITING_MAX: usize = 10_000;

/// Everybody between the two steps.
#[derive(Debug, Default)]
pub(in crate::http) struct HalfWay {
    waiting: Mutex<BTreeMap<String, Waiting>>,
}

#[derive(Clone, Debug)]
struct Waiting {
    person: Id<Person>,
    next: String,
    tries: u32,
    since: Timestamp,
}

impl HalfWay {
    /// Somebody has given the right passphrase in the browser that holds `token`.
    pub(super) fn put(&self, token: &Token, (person, next): (Id<Person>, String), now: Timestamp) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if WAITING_MAX <= waiting.len() {
            waiting.retain(|_, it| now.duration_since(it.since) < LASTS);
        }
        if WAITING_MAX <= waiting.len() {
            let oldest = waiting.iter().min_by_key(|it| it.1.since).map(|it| it.0.clone());
            oldest.and_then(|it| waiting.remove(&it));
        }
        waiting.insert(key(token), Waiting { person, next, tries: 0, since: now });
    }

    /// Whom a browser's passphrase was of, while it holds.
    pub(super) fn who(&self, token: &Token, now: Timestamp) -> Option<Id<Person>> {
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.get(&key(token)).filter(|it| it.holds(now)).map(|it| it.person)
    }

    /// Takes one of the tries; tells who tries and where they want to go.
    pub(super) fn try_once(&self, token: &Token, now: Timestamp) -> Option<(Id<Person>, String)> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let found = waiting.get_mut(&key(token)).filter(|it| it.holds(now))?;
        found.tries += 1;
        Some((found.person, found.next.clone()))
    }

    /// Forgets every passphrase of somebody, since another one holds now.
    pub(in crate::http) fn forget_all_of(&self, person: Id<Person>) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(|_, it| it.person != person);
    }

    /// Forgets a browser's passphrase.
    pub(super) fn forget(&self, token: &Token) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).remove(&key(token));
    }
}

impl Waiting {
    fn holds(&self, now: Timestamp) -> bool {
        now.duration_since(self.since) < LASTS && self.tries < TRIES_MAX
    }
}

fn key(token: &Token) -> String {
    token.bound("half-way")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passphrase_holds_for_some_minutes_and_some_tries() {
        let (half, token, now) = (HalfWay::default(), Token::random(), Timestamp::UNIX_EPOCH);
        let person = Id::<Person>::new(now);
        half.put(&token, (person, "/today".to_owned()), now);
        assert_eq!(half.who(&token, now), Some(person));
        assert_eq!(half.who(&Token::random(), now), None);
        assert_eq!(half.who(&token, now + LASTS), None);
        for _ in 0..TRIES_MAX {
            assert_eq!(half.try_once(&token, now), Some((person, "/today".to_owned())));
        }
        assert_eq!((half.try_once(&token, now), half.who(&token, now)), (None, None));
        half.put(&token, (person, "/".to_owned()), now);
        half.forget(&token);
        assert_eq!(half.who(&token, now), None);
    }
}
