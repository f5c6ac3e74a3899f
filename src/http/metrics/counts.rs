//! What is counted while the service runs: numbers alone, in memory alone, never of a person.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::durations::{Count, Durations};
use crate::http::routes::{ROUTES, Route};

/// A number that goes up and down.
#[derive(Debug, Default)]
pub struct Level(AtomicUsize);

impl Level {
    /// Sets it.
    pub fn set(&self, to: usize) {
        self.0.store(to, Ordering::Relaxed);
    }

    /// One more.
    pub fn up(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// One less.
    pub fn down(&self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }

    /// The number.
    pub fn get(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

/// What limited a request or a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Requests of one address.
    Address,
    /// Requests of one account.
    Account,
    /// Calls with one token.
    Token,
    /// Tries to sign in.
    SignIn,
    /// Turns at hashing a passphrase.
    Hashing,
    /// The size of a header or an address.
    Header,
}

impl Limit {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Address, Self::Account, Self::Token, Self::SignIn, Self::Hashing, Self::Header];

    /// Its name in a label.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Account => "account",
            Self::Token => "token",
            Self::SignIn => "sign_in",
            Self::Hashing => "hashing",
            Self::Header => "header",
        }
    }
}

/// What became of a try to sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TryEnd {
    /// Somebody is signed in.
    Passed,
    /// The name or the passphrase was wrong.
    Wrong,
    /// It was refused before anything was hashed.
    Refused,
}

impl TryEnd {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Passed, Self::Wrong, Self::Refused];

    /// Its name in a label.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Wrong => "wrong",
            Self::Refused => "refused",
        }
    }
}

/// The answers of one route.
#[derive(Debug, Default)]
pub(super) struct Answers {
    /// By class of status, from 1xx to 5xx.
    pub(super) classes: [Count; 5],
    pub(super) durations: Durations,
}

impl Answers {
    /// How many so far.
    pub(super) fn count(&self) -> u64 {
        self.durations.count()
    }
}

/// All that is counted.
#[derive(Debug)]
pub struct Traffic {
    /// Connections that were made.
    pub accepted: Count,
    /// Connections that made room for others.
    pub closed_for_room: Count,
    /// Connections that took too long.
    pub closed_late: Count,
    /// Connections that found no room.
    pub refused_connections: Count,
    /// Requests of proxies on one's own network that tell for whom they ask and are not trusted to.
    pub unheard_proxies: Count,
    /// Connections that are held.
    pub connections: Level,
    /// Passphrases that were hashed or compared for somebody who signs in.
    pub hashes: Count,
    /// Whoever waits for a turn at that.
    pub hash_queue: Level,
    /// How long look-ups took.
    pub look_ups: Durations,
    limited: [Count; Limit::ALL.len()],
    tries: [Count; TryEnd::ALL.len()],
    /// By route, in the order of places; the last is for what no route answers.
    pub(super) answers: Vec<Answers>,
}

impl Default for Traffic {
    fn default() -> Self {
        Self {
            accepted: Count::default(),
            closed_for_room: Count::default(),
            closed_late: Count::default(),
            refused_connections: Count::default(),
            unheard_proxies: Count::default(),
            connections: Level::default(),
            hashes: Count::default(),
            hash_queue: Level::default(),
            look_ups: Durations::default(),
            limited: Default::default(),
            tries: Default::default(),
            answers: (0..=ROUTES.len()).map(|_| Answers::default()).collect(),
        }
    }
}

impl Traffic {
    /// Counts an answer.
    pub(crate) fn answered(&self, route: Option<&Route>, status: u16, took: Duration) {
        let place = route.map_or(ROUTES.len(), |it| it.to as usize);
        let Some(answers) = self.answers.get(place) else { return };
        if let Some(class) = answers.classes.get(usize::from(status / 100).saturating_sub(1)) {
            class.add(1);
        }
        answers.durations.took(took);
    }

    /// Counts what was refused by a limit.
    pub(crate) fn limited(&self, by: Limit) {
        self.limited[by as usize].add(1);
    }

    /// How often a limit has refused something.
    pub fn n_limited(&self, by: Limit) -> u64 {
        self.limited[by as usize].get()
    }

    /// Counts a try to sign in.
    pub(crate) fn tried(&self, end: TryEnd) {
        self.tries[end as usize].add(1);
    }

    /// How many tries ended so.
    pub fn n_tried(&self, end: TryEnd) -> u64 {
        self.tries[end as usize].get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_limit_and_each_end_has_a_place_of_its_own() {
        assert!(Limit::ALL.iter().enumerate().all(|(place, it)| *it as usize == place));
        assert!(TryEnd::ALL.iter().enumerate().all(|(place, it)| *it as usize == place));
        assert!(ROUTES.iter().all(|it| (it.to as usize) < ROUTES.len()));
    }
}
