//! How often one may ask: so many requests a minute for an account, or for an address whose people
//! have not signed in, with a heap in hand for bursts. A whole town hall may share one address, so
//! whoever has signed in is counted alone.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

use super::KEYS_MAX;
use crate::http::edge::serve::client::AddressKey;
use crate::id::Id;
use crate::people::Person;

/// Whose requests are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum RateKey {
    /// An address, for whoever has not signed in.
    Address(AddressKey),
    /// An account.
    Account(Id<Person>),
    /// What an account saves: it is never held up by what it reads.
    Saves(Id<Person>),
}

/// How much of the heap is given back in a minute, and how large it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Allowance {
    /// So many at once.
    pub(crate) burst: u32,
    /// So many a minute in the long run.
    pub(crate) per_minute: u32,
}

impl RateKey {
    /// The name in headers.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Address(_) => "address",
            Self::Account(_) => "account",
            Self::Saves(_) => "saves",
        }
    }

    /// What is allowed. A desk that was cut off for days sends all that waits at once.
    pub(crate) const fn allowance(self) -> Allowance {
        match self {
            Self::Address(_) => Allowance { burst: 600, per_minute: 600 },
            Self::Account(_) => Allowance { burst: 1_200, per_minute: 1_200 },
            Self::Saves(_) => Allowance { burst: 3_000, per_minute: 3_000 },
        }
    }
}

/// What is left after a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Left {
    /// Whether it is answered.
    pub(crate) is_admitted: bool,
    /// So many more at once.
    pub(crate) requests: u32,
    /// The heap is whole again, or there is one more where none was left, after so many seconds.
    pub(crate) seconds: u32,
}

/// All heaps.
#[derive(Debug, Default)]
pub(crate) struct Rates {
    heaps: Mutex<HashMap<RateKey, Heap>>,
}

#[derive(Clone, Copy, Debug)]
struct Heap {
    left: f64,
    at: Timestamp,
}

impl Heap {
    fn refilled(self, Allowance { burst, per_minute }: Allowance, now: Timestamp) -> f64 {
        let seconds = now.duration_since(self.at).as_secs_f64().abs();
        (self.left + seconds * f64::from(per_minute) / 60.0).min(f64::from(burst))
    }
}

impl Rates {
    /// Takes one request from a heap.
    pub(crate) fn take(&self, key: RateKey, now: Timestamp) -> Left {
        let allowance = key.allowance();
        let mut heaps = self.heaps.lock().unwrap_or_else(PoisonError::into_inner);
        if KEYS_MAX <= heaps.len() && !heaps.contains_key(&key) {
            make_room(&mut heaps, now);
        }
        let heap = heaps.entry(key).or_insert(Heap { left: f64::from(allowance.burst), at: now });
        let whole = heap.refilled(allowance, now);
        let is_admitted = 1.0 <= whole;
        let left = if is_admitted { whole - 1.0 } else { whole };
        *heap = Heap { left, at: now };
        let missing = if is_admitted { f64::from(allowance.burst) - left } else { 1.0 - left };
        let seconds = (missing * 60.0 / f64::from(allowance.per_minute)).ceil().max(1.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "both lie between nothing and the burst"
        )]
        let (requests, seconds) = (left as u32, seconds as u32);
        Left { is_admitted, requests, seconds }
    }
}

/// Forgets heaps that are whole again; where that is not enough, the fuller half.
fn make_room(heaps: &mut HashMap<RateKey, Heap>, now: Timestamp) {
    let missing = |key: &RateKey, heap: &Heap| {
        f64::from(key.allowance().burst) - heap.refilled(key.allowance(), now)
    };
    heaps.retain(|key, heap| 0.5 < missing(key, heap));
    if heaps.len() < KEYS_MAX {
        return;
    }
    let mut all: Vec<(RateKey, f64)> =
        heaps.iter().map(|(key, heap)| (*key, missing(key, heap))).collect();
    all.sort_unstable_by(|one, other| one.1.total_cmp(&other.1));
    for (key, _) in all.into_iter().take(KEYS_MAX / 2) {
        heaps.remove(&key);
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millisecond(1_700_000_000_000 + millis).unwrap()
    }

    fn address(n: u32) -> RateKey {
        RateKey::Address(AddressKey::of(std::net::IpAddr::V4(n.into())))
    }

    #[test]
    fn a_burst_is_answered_and_then_so_many_a_minute() {
        let rates = Rates::default();
        let n = (0..2_000).filter(|_| rates.take(address(1), at(0)).is_admitted).count();
        assert_eq!(n, 600);
        let refused = rates.take(address(1), at(0));
        assert_eq!(refused, Left { is_admitted: false, requests: 0, seconds: 1 });
        assert!(rates.take(address(1), at(100)).is_admitted);
        assert!(!rates.take(address(1), at(150)).is_admitted);
        assert!(rates.take(address(2), at(0)).is_admitted, "another address has its own");
        let later = rates.take(address(1), at(0) + SignedDuration::from_mins(5));
        assert_eq!((later.requests, later.seconds), (599, 1));
    }

    #[test]
    fn what_is_saved_is_counted_apart_from_what_is_read() {
        let (rates, person) = (Rates::default(), Id::derived(&[b"one"]));
        while rates.take(RateKey::Account(person), at(0)).is_admitted {}
        assert!(rates.take(RateKey::Saves(person), at(0)).is_admitted);
    }

    #[test]
    fn addresses_without_number_fill_no_memory_and_give_nobody_a_new_heap() {
        let rates = Rates::default();
        while rates.take(address(0), at(0)).is_admitted {}
        for n in 1..3 * u32::try_from(KEYS_MAX).unwrap() {
            rates.take(address(n), at(0));
        }
        assert!(rates.heaps.lock().unwrap().len() <= KEYS_MAX);
        assert!(!rates.take(address(0), at(0)).is_admitted);
    }
}
