//! How much of a question a text has: what tells a weak hit from a good one.
//!
//! A score says which hit comes first and not whether it is any good; the share of the
//! question's words that a text has, rare words counting more, does.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

use tantivy::Term;

use super::IndexError;
use super::question::{ALIKE_WEIGHT, GRAMS_MAX, OWN_WEIGHT, Read, Terms, all_grams, rarest, read};
use super::schema::{Columns, Fields, Part};
use super::spread::Spreads;
use crate::analysis::{OwnWords, analyzer};
use crate::space::rarity;

/// From so many letters the beginning of a word stands for the word: it may be half typed.
const BEGINNING_CHARS_MIN: usize = 3;
/// From so many letters a part of a compound stands for the compound.
const PART_CHARS_MIN: usize = 5;
/// What a part of a word of the question counts, as `barnehage` for `barnehageplass`.
const PART_SHARE: f32 = 0.5;

/// With so few texts grams are asked for at once, which costs more and finds a little more.
const GRAMS_AT_ONCE_MAX: u64 = 10_000;

/// A question as an index reads it at one moment.
pub struct Reading {
    searcher: tantivy::Searcher,
    fields: Fields,
    pub(super) columns: Columns,
    spreads: Spreads,
    words: Vec<(Read, f32)>,
    /// With no more texts than these, grams of all words are asked for at once.
    pub(super) grams_at_once_max: u64,
    /// Texts that are compared share most of their words.
    rarities: RefCell<HashMap<String, f32>>,
}

impl Reading {
    pub(super) fn of(part: &Part, question: &str, own: &OwnWords) -> Result<Self, IndexError> {
        let searcher = part.reader.searcher();
        let failed = IndexError::when("search");
        let spreads = Spreads::of(&searcher, part.fields).map_err(&failed)?;
        let read = read(question, own, &spreads).map_err(&failed)?;
        let rarities = RefCell::default();
        let mut reading = Self {
            searcher,
            fields: part.fields,
            columns: part.columns.clone(),
            spreads,
            words: vec![],
            grams_at_once_max: GRAMS_AT_ONCE_MAX,
            rarities,
        };
        for word in read {
            let rarity = reading.rarity(word.instead.as_ref().unwrap_or(&word.key))?;
            reading.words.push((word, rarity));
        }
        Ok(reading)
    }

    /// What to ask the index for.
    pub(super) fn terms(&self) -> tantivy::Result<Terms> {
        Terms::of(&self.read(), &self.spreads)
    }

    /// Grams of all its words; the rarest of them or all.
    pub(super) fn grams(&self, all: bool) -> tantivy::Result<Vec<Term>> {
        let grams = all_grams(&self.read(), self.fields);
        if all {
            return Ok(grams.into_iter().collect());
        }
        rarest(grams.into_iter(), GRAMS_MAX, &self.searcher)
    }

    /// Whether nothing in it says anything of the subject.
    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    fn read(&self) -> Vec<&Read> {
        self.words.iter().map(|it| &it.0).collect()
    }

    /// The index as it was then.
    pub(super) fn searcher(&self) -> &tantivy::Searcher {
        &self.searcher
    }

    fn total(&self) -> f32 {
        self.words.iter().map(|it| it.1).sum()
    }

    fn rarity(&self, key: &str) -> Result<f32, IndexError> {
        if let Some(known) = self.rarities.borrow().get(key) {
            return Ok(*known);
        }
        let spread = self.spreads.most(key).map_err(IndexError::when("search"))?;
        let short = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
        let found = rarity(short(self.searcher.num_docs().max(spread)), short(spread));
        self.rarities.borrow_mut().insert(key.to_owned(), found);
        Ok(found)
    }

    /// The share of the question that a text has, 0 to 1.
    pub fn coverage(&self, text: &str) -> f32 {
        let held: BTreeSet<String> = analyzer().keys(text).into_iter().collect();
        let total = self.total();
        if total <= 0.0 { 0.0 } else { self.shared(&held) / total }
    }

    /// How alike the question and a text are, 0 to 1: the mean of what each has of the other.
    pub fn likeness(&self, text: &str) -> Result<f32, IndexError> {
        let held: BTreeSet<String> = analyzer().keys(text).into_iter().collect();
        let total = self.total();
        let mut own = 0.0;
        for key in &held {
            own += self.rarity(key)?;
        }
        if total <= 0.0 || own <= 0.0 {
            return Ok(0.0);
        }
        let shared = self.shared(&held);
        Ok(((shared / total).min(1.0) + (shared / own).min(1.0)) / 2.0)
    }

    fn shared(&self, held: &BTreeSet<String>) -> f32 {
        let share = |(word, rarity): &(Read, f32)| {
            let instead = word.instead.as_ref().map_or(0.0, |it| share(it, held));
            let alike = word.alike.iter().any(|it| held.contains(it));
            let alike = if alike { ALIKE_WEIGHT } else { 0.0 };
            let has_all = |keys: &Vec<String>| keys.iter().all(|it| held.contains(it));
            let own = if word.own.iter().any(has_all) { OWN_WEIGHT } else { 0.0 };
            rarity * instead.max(share(&word.key, held)).max(alike).max(own)
        };
        self.words.iter().map(share).sum()
    }
}

/// How much of a word a text has: all, a part of it, or nothing.
fn share(key: &str, held: &BTreeSet<String>) -> f32 {
    let chars = key.chars().count();
    if held.contains(key) {
        return 1.0;
    }
    let begins = BEGINNING_CHARS_MIN <= chars && held.iter().any(|it| it.starts_with(key));
    let is_part = PART_CHARS_MIN <= chars && held.iter().any(|it| it.contains(key));
    if begins || is_part {
        return 1.0;
    }
    let has_part = |it: &String| PART_CHARS_MIN <= it.chars().count() && key.contains(it.as_str());
    if held.iter().any(has_part) { PART_SHARE } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(key: &str, held: &[&str], expected: f32) {
        let held = held.iter().map(|it| (*it).to_owned()).collect();
        assert!((share(key, &held) - expected).abs() < f32::EPSILON, "{key}");
    }

    #[test]
    fn a_half_typed_word_counts_whole_and_a_part_of_it_counts_half() {
        check("barneh", &["barnehageplass"], 1.0);
        check("barnehageplass", &["barnehage"], 0.5);
        check("plass", &["barnehageplass"], 1.0);
        check("ba", &["barnehage"], 0.0);
        check("hund", &["barnehage"], 0.0);
    }
}
