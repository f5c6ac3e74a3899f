//! The numbers of topics: what each leads to, and which are a part of another.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, RwLock};

use super::board::Touched;
use super::state::State;
use crate::id::TopicNumber;
use crate::topic::{Topic, TopicRow};

/// The topics that were merged into another: few among many, asked for with every count. Clones
/// share them.
#[derive(Clone, Debug, Default)]
pub(super) struct Merged {
    numbers: Arc<RwLock<BTreeSet<TopicNumber>>>,
}

impl Merged {
    /// Notes whether a topic is a part of another.
    pub(super) fn note(&self, row: &TopicRow) {
        let mut numbers = self.numbers.write().unwrap_or_else(PoisonError::into_inner);
        if row.merged_into.is_some() {
            numbers.insert(row.number);
        } else {
            numbers.remove(&row.number);
        }
    }

    /// All of them.
    pub(super) fn all(&self) -> Vec<TopicNumber> {
        self.numbers.read().unwrap_or_else(PoisonError::into_inner).iter().copied().collect()
    }

    /// Takes over what `other` holds.
    pub(super) fn adopt(&self, other: &Self) {
        let theirs =
            std::mem::take(&mut *other.numbers.write().unwrap_or_else(PoisonError::into_inner));
        *self.numbers.write().unwrap_or_else(PoisonError::into_inner) = theirs;
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
        let is_part = |it: &TopicNumber| self.resolve(*it) == Some(number);
        let merged = self.merged.all().into_iter().filter(|it| *it != number && is_part(it));
        std::iter::once(number).chain(merged).collect()
    }

    /// The topic that a number leads to: itself, or what it was merged into.
    pub fn resolve(&self, number: TopicNumber) -> Option<TopicNumber> {
        /// Mergers may follow each other; a chain cannot be longer than there are topics.
        const STEPS_MAX: usize = 1_000;
        let topics = self.topics.read();
        let mut number = number;
        let mut passed = BTreeSet::new();
        for _ in 0..STEPS_MAX {
            match topics.get(Topic::entity(number))?.row.merged_into {
                // Merged in a ring, of which nothing may vanish: the oldest stands for all.
                Some(into) if !passed.insert(into) => return passed.first().copied(),
                Some(into) => number = into,
                None => return Some(number),
            }
        }
        None
    }

    /// The next topic number that was never used.
    pub fn next_number(&self) -> TopicNumber {
        let topics = self.topics.read();
        TopicNumber(topics.iter().map(|it| it.row.number.0).max().unwrap_or(0) + 1)
    }
}
