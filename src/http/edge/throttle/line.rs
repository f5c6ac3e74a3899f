//! The line at hashing: two passphrases at once, strangers one by one, and nobody without end.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::http::edge::serve::client::AddressKey;
use crate::http::metrics::Traffic;

/// So many passphrases are hashed at once.
const HASHES_MAX: usize = 2;
/// Of those, strangers have so many: whoever is known never waits behind a flood.
const STRANGERS_MAX: usize = 1;
/// So many strangers wait ...
const WAITING_MAX: usize = 32;
/// ... and so many of one address, so that a flood from there leaves places for others.
const WAITING_OF_ADDRESS_MAX: usize = 2;
/// So long somebody waits for their turn.
const WAIT: Duration = Duration::from_secs(5);

/// Who stands in line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whose {
    /// Somebody who is signed in, or known to the account.
    Known,
    /// Anybody else.
    Stranger(AddressKey),
}

/// The line.
#[derive(Debug)]
pub(crate) struct Line {
    turns: Arc<Semaphore>,
    strangers: Arc<Semaphore>,
    waiting: Arc<Mutex<HashMap<AddressKey, usize>>>,
    traffic: Arc<Traffic>,
}

/// A turn; the next has it when it goes. It goes along with the work: a thread cannot be stopped.
#[derive(Debug)]
pub(crate) struct Turn {
    _turn: OwnedSemaphorePermit,
    _of_strangers: Option<OwnedSemaphorePermit>,
}

/// A place in the line, given back however the waiting ends.
struct Place {
    of: Option<AddressKey>,
    waiting: Arc<Mutex<HashMap<AddressKey, usize>>>,
    traffic: Arc<Traffic>,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.traffic.hash_queue.down();
        let Some(key) = self.of else { return };
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = waiting.get_mut(&key) {
            *count -= 1;
            if *count == 0 {
                waiting.remove(&key);
            }
        }
    }
}

impl Line {
    /// A line whose length is counted.
    pub(crate) fn new(traffic: Arc<Traffic>) -> Self {
        Self {
            turns: Arc::new(Semaphore::new(HASHES_MAX)),
            strangers: Arc::new(Semaphore::new(STRANGERS_MAX)),
            waiting: Arc::default(),
            traffic,
        }
    }

    /// Waits for a turn; none where the line is too long or does not move.
    pub(crate) async fn turn(&self, whose: Whose) -> Option<Turn> {
        let _place = self.place(whose)?;
        let waiting = async {
            let of_strangers = match whose {
                Whose::Known => None,
                Whose::Stranger(_) => Some(Arc::clone(&self.strangers).acquire_owned().await.ok()?),
            };
            let turn = Arc::clone(&self.turns).acquire_owned().await.ok()?;
            Some(Turn { _turn: turn, _of_strangers: of_strangers })
        };
        tokio::time::timeout(WAIT, waiting).await.ok().flatten()
    }

    fn place(&self, whose: Whose) -> Option<Place> {
        let of = match whose {
            Whose::Known => None,
            Whose::Stranger(key) => {
                let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
                let all: usize = waiting.values().sum();
                let own = waiting.entry(key).or_default();
                if WAITING_MAX <= all || WAITING_OF_ADDRESS_MAX <= *own {
                    if *own == 0 {
                        waiting.remove(&key);
                    }
                    return None;
                }
                *own += 1;
                Some(key)
            }
        };
        self.traffic.hash_queue.up();
        let (waiting, traffic) = (Arc::clone(&self.waiting), Arc::clone(&self.traffic));
        Some(Place { of, waiting, traffic })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stranger(n: u8) -> Whose {
        Whose::Stranger(AddressKey::of([192, 0, 2, n].into()))
    }

    #[tokio::test]
    async fn strangers_never_hold_all_turns() {
        let line = Line::new(Arc::default());
        let _first = line.turn(stranger(1)).await.unwrap();
        let next = line.turn(stranger(2));
        tokio::pin!(next);
        assert!(futures_util::poll!(&mut next).is_pending(), "strangers go one by one");
        let known = line.turn(Whose::Known).await.unwrap();
        let third = line.turn(Whose::Known);
        tokio::pin!(third);
        assert!(futures_util::poll!(&mut third).is_pending(), "two at once");
        drop(known);
        assert!(third.await.is_some());
    }

    #[tokio::test]
    async fn the_line_is_short_for_one_address_and_ends_for_all() {
        let line = Line::new(Arc::default());
        let _first = line.turn(stranger(0)).await.unwrap();
        let mut places = vec![];
        for n in 0..40 {
            for _ in 0..3 {
                places.push(line.place(stranger(n)));
            }
        }
        assert_eq!(places.iter().flatten().count(), WAITING_MAX);
        assert!(places[2].is_none() && places[3].is_some(), "a third of one address");
        places.clear();
        assert!(line.place(stranger(1)).is_some());
        assert!(line.waiting.lock().unwrap().is_empty());
    }
}
