//! The numbers of topics: what each leads to, and which are a part of another.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use super::board::Touched;
use super::state::State;
use crate::id::TopicNumber;

/// Which topics there are, and which are a part of another: asked for with every count. Clones
/// share them.
#[derive(Clone, Debug, Default)]
pub(super) struct Numbers {
    inner: Arc<RwLock<Inner>>,
}

#[derive(Debug, Default)]
struct Inner {
    all: BTreeSet<TopicNumber>,
    /// By part: what it was merged into.
    whole_of: HashMap<TopicNumber, TopicNumber>,
    /// By whole: what was merged right into it.
    parts_of: HashMap<TopicNumber, BTreeSet<TopicNumber>>,
    /// So often has anything here become another.
    turn: u64,
}

impl Numbers {
    /// Notes a topic, and what it is a part of.
    pub(super) fn note(&self, number: TopicNumber, into: Option<TopicNumber>) {
        let mut inner = self.inner.write().unwrap_or_else(PoisonError::into_inner);
        let is_new = inner.all.insert(number);
        if is_new || inner.whole_of.get(&number).copied() != into {
            inner.turn += 1;
        }
        if let Some(before) = inner.whole_of.remove(&number)
            && let Some(parts) = inner.parts_of.get_mut(&before)
        {
            parts.remove(&number);
        }
        if let Some(into) = into {
            inner.whole_of.insert(number, into);
            inner.parts_of.entry(into).or_default().insert(number);
        }
    }

    /// Takes over what `other` holds.
    pub(super) fn adopt(&self, other: &Self) {
        let mut theirs =
            std::mem::take(&mut *other.inner.write().unwrap_or_else(PoisonError::into_inner));
        let mut own = self.inner.write().unwrap_or_else(PoisonError::into_inner);
        theirs.turn += own.turn + 1;
        *own = theirs;
    }

    fn read(&self) -> RwLockReadGuard<'_, Inner> {
        self.inner.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn resolve(&self, number: TopicNumber) -> Option<TopicNumber> {
        let mut number = Some(number).filter(|it| self.all.contains(it))?;
        let mut passed = BTreeSet::new();
        while let Some(&into) = self.whole_of.get(&number) {
            // Merged in a ring, of which nothing may vanish: the oldest stands for all.
            if !passed.insert(into) {
                return passed.first().copied();
            }
            number = Some(into).filter(|it| self.all.contains(it))?;
        }
        Some(number)
    }
}

impl State {
    /// What has changed since this was last asked; whoever asks is to bring the board up.
    pub(super) fn take_touched(&self) -> Touched {
        std::mem::take(&mut *self.touched.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Says that lines of the board no longer hold.
    pub(super) fn touch(&self, touched: Touched) {
        self.touched.lock().unwrap_or_else(PoisonError::into_inner).add(touched);
    }

    /// The numbers whose inquiries are a topic's: its own, and those merged into it.
    pub fn parts(&self, number: TopicNumber) -> Vec<TopicNumber> {
        let numbers = self.numbers.read();
        let (mut parts, mut looked) = (vec![number], 0);
        while let Some(whole) = parts.get(looked) {
            let merged = numbers.parts_of.get(whole).into_iter().flatten().copied();
            let new: Vec<TopicNumber> = merged.filter(|it| !parts.contains(it)).collect();
            parts.extend(new);
            looked += 1;
        }
        parts.retain(|it| *it == number || numbers.resolve(*it) == Some(number));
        parts[1..].sort_unstable();
        parts
    }

    /// The topic that a number leads to: itself, or what it was merged into.
    pub fn resolve(&self, number: TopicNumber) -> Option<TopicNumber> {
        self.numbers.read().resolve(number)
    }

    /// The next topic number that was never used.
    pub fn next_number(&self) -> TopicNumber {
        TopicNumber(self.numbers.read().all.last().map_or(0, |it| it.0) + 1)
    }

    /// Another number for every state that the numbers of topics have been in since the start.
    pub(super) fn turn_of_numbers(&self) -> u64 {
        self.numbers.read().turn
    }

    /// The topics that were merged right into one, by number.
    pub fn merged_into(&self, number: TopicNumber) -> Vec<TopicNumber> {
        self.numbers.read().parts_of.get(&number).into_iter().flatten().copied().collect()
    }

    /// The topics that were merged into another.
    pub(super) fn merged(&self) -> Vec<TopicNumber> {
        self.numbers.read().whole_of.keys().copied().collect()
    }
}
