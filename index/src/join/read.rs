//! A text as it is read: hashes of its words and of what they have inside, and what it asks.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::analysis::{analyzer, grams};
use crate::asks::Kinds;

/// So many words of a text are held.
const WORDS_MAX: usize = 256;

/// A text as it is read.
pub(super) struct Read {
    pub(super) words: Vec<ReadWord>,
    pub(super) kinds: Kinds,
    /// Of all its words in order, stop words too: exact repeats have it in common.
    pub(super) wording: u64,
}

pub(super) struct ReadWord {
    pub(super) hash: u64,
    pub(super) is_stop: bool,
    /// Whether it says what is asked of the subject.
    pub(super) asks: bool,
    pub(super) grams: Vec<u64>,
}

/// Reads a text.
pub(super) fn read(text: &str) -> Read {
    let all = analyzer().words(text);
    let keys: Vec<&str> = all.iter().map(|it| it.key.as_str()).collect();
    let wording = if keys.is_empty() { 0 } else { hashed(&keys) };
    let (kinds, asking) = Kinds::of(&all);
    let words = all.iter().zip(asking).take(WORDS_MAX).map(|(word, asks)| ReadWord {
        hash: hashed(&word.key),
        is_stop: word.is_stop,
        asks,
        grams: grams(&word.key).iter().map(hashed).collect(),
    });
    Read { words: words.collect(), kinds, wording }
}

fn hashed<T: Hash + ?Sized>(what: &T) -> u64 {
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    hasher.finish()
}
