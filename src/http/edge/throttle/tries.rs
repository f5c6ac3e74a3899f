//! Who may try a passphrase: budgets of addresses and accounts for strangers, and budgets of their
//! own for browsers and addresses that an account has signed in from, so that no flood of wrong
//! tries keeps its owner out.
//!
//! A try is counted before anything is hashed, and taken back when it was right. Names count alike
//! whether there is such an account or not. Each table is bounded, and holds some megabytes at
//! most; after a restart all is forgotten but the browsers, which bring their own proof along.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

use super::KEYS_MAX;
use super::device::DeviceId;
use crate::http::edge::serve::client::AddressKey;

/// So many tries in so long a time.
#[derive(Clone, Copy, Debug)]
struct Budget {
    tries: usize,
    within: SignedDuration,
}

/// Strangers at one address.
const OF_ADDRESS: Budget = Budget { tries: 10, within: SignedDuration::from_mins(1) };
/// All strangers at one account.
const OF_ACCOUNT: Budget = Budget { tries: 30, within: SignedDuration::from_mins(15) };
/// One browser that has signed in to the account before.
const OF_DEVICE: Budget = Budget { tries: 10, within: SignedDuration::from_mins(15) };
/// One account at an address that it has signed in from.
const OF_KNOWN_ADDRESS: Budget = Budget { tries: 10, within: SignedDuration::from_mins(15) };
/// An address is known for so long after an account has signed in from it.
const KNOWN_FOR: SignedDuration = SignedDuration::from_hours(30 * 24);

/// An account as tries count it: a name, typed somehow, known or not.
pub(crate) type AccountKey = u64;

/// The times of tries by key.
#[derive(Debug)]
struct Windows<K> {
    budget: Budget,
    times: HashMap<K, Vec<i64>>,
}

impl<K: Copy + Eq + Hash> Windows<K> {
    fn new(budget: Budget) -> Self {
        Self { budget, times: HashMap::new() }
    }

    /// How long a key waits for its next try; nothing when it need not.
    fn wait(&self, key: K, now: i64) -> Option<SignedDuration> {
        let within = self.budget.within.as_secs();
        let times = self.times.get(&key)?.iter().filter(|it| (now - **it).abs() < within);
        let times: Vec<i64> = times.copied().collect();
        if times.len() < self.budget.tries {
            return None;
        }
        let first = times[times.len() - self.budget.tries];
        Some(SignedDuration::from_secs((first + within - now).clamp(1, within)))
    }

    fn count(&mut self, key: K, now: i64) {
        let within = self.budget.within.as_secs();
        if KEYS_MAX <= self.times.len() && !self.times.contains_key(&key) {
            self.make_room(now);
        }
        let times = self.times.entry(key).or_default();
        times.retain(|it| (now - *it).abs() < within);
        times.push(now);
    }

    fn take_back(&mut self, key: K) {
        self.times.get_mut(&key).and_then(Vec::pop);
    }

    /// Forgets what no longer counts; where that is not enough, half of the keys: those with the
    /// fewest tries first, so that a flood of names does not wash a full window away.
    fn make_room(&mut self, now: i64) {
        let within = self.budget.within.as_secs();
        let lasts = |times: &[i64]| times.last().is_some_and(|it| (now - it).abs() < within);
        self.times.retain(|_, times| lasts(times));
        if self.times.len() < KEYS_MAX {
            return;
        }
        let rank = |times: &[i64]| (times.len(), times.last().copied());
        let mut ranked: Vec<(K, _)> =
            self.times.iter().map(|(key, times)| (*key, rank(times))).collect();
        ranked.sort_unstable_by_key(|it| it.1);
        for (key, _) in ranked.into_iter().take(KEYS_MAX / 2) {
            self.times.remove(&key);
        }
    }
}

/// Who tries, and at what.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attempt {
    /// The account.
    pub(crate) account: AccountKey,
    /// Where from.
    pub(crate) address: AddressKey,
    /// The browser's proof that it has signed in to this account before.
    pub(crate) device: Option<DeviceId>,
}

/// By which budget a try was let through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// A browser that the account knows.
    Device,
    /// An address that the account knows.
    KnownAddress,
    /// Neither.
    Stranger,
}

/// All budgets.
#[derive(Debug)]
pub(crate) struct Tries {
    hasher: RandomState,
    held: Mutex<Held>,
}

#[derive(Debug)]
struct Held {
    addresses: Windows<AddressKey>,
    accounts: Windows<AccountKey>,
    devices: Windows<(AccountKey, DeviceId)>,
    at_known: Windows<(AccountKey, AddressKey)>,
    /// When an account signed in last from an address.
    known: HashMap<(AccountKey, AddressKey), i64>,
}

impl Default for Tries {
    fn default() -> Self {
        let held = Held {
            addresses: Windows::new(OF_ADDRESS),
            accounts: Windows::new(OF_ACCOUNT),
            devices: Windows::new(OF_DEVICE),
            at_known: Windows::new(OF_KNOWN_ADDRESS),
            known: HashMap::new(),
        };
        Self { hasher: RandomState::new(), held: Mutex::new(held) }
    }
}

impl Tries {
    /// The account that a typed name stands for.
    pub(crate) fn account(&self, login: &str) -> AccountKey {
        self.hasher.hash_one(super::key(login))
    }

    /// Counts a try and tells by which budget it goes through; otherwise how long to wait.
    pub(crate) fn admit(&self, it: Attempt, now: Timestamp) -> Result<Way, SignedDuration> {
        let now = now.as_second();
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(device) = it.device
            && held.devices.wait((it.account, device), now).is_none()
        {
            held.devices.count((it.account, device), now);
            return Ok(Way::Device);
        }
        let pair = (it.account, it.address);
        let known = held.known.get(&pair).is_some_and(|it| now - it < KNOWN_FOR.as_secs());
        if known && held.at_known.wait(pair, now).is_none() {
            held.at_known.count(pair, now);
            return Ok(Way::KnownAddress);
        }
        // The address first: what it has no budget for takes nothing of the account's.
        if let Some(wait) = held.addresses.wait(it.address, now) {
            return Err(wait);
        }
        held.addresses.count(it.address, now);
        if let Some(wait) = held.accounts.wait(it.account, now) {
            return Err(wait);
        }
        held.accounts.count(it.account, now);
        Ok(Way::Stranger)
    }

    /// Takes a try back that was right, and remembers where from.
    pub(crate) fn passed(&self, it: Attempt, way: Way, now: Timestamp) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let pair = (it.account, it.address);
        match (way, it.device) {
            (Way::Device, Some(device)) => held.devices.take_back((it.account, device)),
            (Way::Device, None) => {}
            (Way::KnownAddress, _) => held.at_known.take_back(pair),
            (Way::Stranger, _) => {
                held.addresses.take_back(it.address);
                held.accounts.take_back(it.account);
            }
        }
        if KEYS_MAX <= held.known.len() && !held.known.contains_key(&pair) {
            let oldest = held.known.iter().min_by_key(|it| it.1).map(|it| *it.0);
            oldest.and_then(|it| held.known.remove(&it));
        }
        held.known.insert(pair, now.as_second());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::new(1_700_000_000 + seconds, 0).unwrap()
    }

    fn from(n: u32) -> AddressKey {
        AddressKey::of(std::net::IpAddr::V4(n.into()))
    }

    /// How many of so many tries at one account go through.
    fn through(tries: &Tries, n: u32, seconds: i64, address: impl Fn(u32) -> AddressKey) -> usize {
        let account = tries.account("marit");
        let attempt = |n| Attempt { account, address: address(n), device: None };
        (0..n).filter(|n| tries.admit(attempt(*n), at(seconds)).is_ok()).count()
    }

    #[test]
    fn one_address_has_ten_tries_a_minute() {
        let tries = Tries::default();
        assert_eq!(through(&tries, 1_000, 0, |_| from(1)), 10);
        assert_eq!(through(&tries, 1_000, 59, |_| from(1)), 0);
        assert_eq!(through(&tries, 1_000, 60, |_| from(1)), 10);
    }

    #[test]
    fn one_account_has_thirty_tries_of_strangers_in_a_quarter_of_an_hour() {
        let tries = Tries::default();
        assert_eq!(through(&tries, 1_000, 0, from), 30);
        assert_eq!(through(&tries, 1_000, 899, from), 0);
        assert_eq!(through(&tries, 1_000, 900, from), 30);
        let other = Attempt { account: tries.account("ola"), address: from(5_000), device: None };
        assert!(tries.admit(other, at(0)).is_ok(), "another account is another's");
    }

    #[test]
    fn a_flood_keeps_neither_a_known_browser_nor_a_known_address_out() {
        let tries = Tries::default();
        let account = tries.account(" Marit");
        assert_eq!(account, tries.account("marit"));
        let home = Attempt { account, address: from(7), device: None };
        let way = tries.admit(home, at(0)).unwrap();
        tries.passed(home, way, at(0));
        through(&tries, 3_000, 1, from);
        assert_eq!(tries.admit(home, at(2)), Ok(Way::KnownAddress));
        let device = Attempt { address: from(8), device: Some([7; 16]), ..home };
        assert_eq!(tries.admit(device, at(2)), Ok(Way::Device));
        let stranger = Attempt { address: from(9_999), ..home };
        let wait = tries.admit(stranger, at(2)).unwrap_err();
        assert!((1..=900).contains(&wait.as_secs()), "{wait}");
        // A browser that was stolen has a budget as well.
        let n = (0..100).filter(|_| tries.admit(device, at(3)) == Ok(Way::Device)).count();
        assert_eq!(n, 9);
    }

    #[test]
    fn a_right_try_costs_nothing() {
        let tries = Tries::default();
        for n in 0..100 {
            let account = tries.account(&format!("person {n}"));
            let attempt = Attempt { account, address: from(1), device: None };
            let way = tries.admit(attempt, at(0)).unwrap();
            tries.passed(attempt, way, at(0));
        }
    }

    #[test]
    fn names_and_addresses_without_number_fill_no_memory_and_wash_no_window_away() {
        let tries = Tries::default();
        assert_eq!(through(&tries, 100, 0, from), 30);
        for n in 0..3 * u32::try_from(KEYS_MAX).unwrap() {
            let account = tries.account(&n.to_string());
            let attempt = Attempt { account, address: from(1_000 + n), device: Some([0; 16]) };
            let _ = tries.admit(Attempt { device: None, ..attempt }, at(1));
            tries.passed(attempt, Way::Device, at(1));
        }
        let held = tries.held.lock().unwrap();
        assert!(held.addresses.times.len() <= KEYS_MAX && held.accounts.times.len() <= KEYS_MAX);
        assert!(held.known.len() <= KEYS_MAX);
        drop(held);
        assert_eq!(through(&tries, 100, 2, |n| from(n + 900_000)), 0);
    }
}
