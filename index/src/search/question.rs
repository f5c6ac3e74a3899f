//! From a question to terms: limits, and what to ask for a word that the index lacks.

use std::collections::BTreeSet;

use tantivy::schema::Field;
use tantivy::{Searcher, Term};

use super::schema::Fields;
use crate::analysis::{analyzer, grams};
use crate::repair::{Repairs, bounds};

/// So much of a question is read.
pub const QUESTION_CHARS_MAX: usize = 512;
/// So many of its words are asked for.
pub const QUESTION_TERMS_MAX: usize = 32;
/// So many words that the index lacks are repaired; the rest is asked for by grams alone.
const REPAIRED_MAX: usize = 3;
/// So many of the index's words are compared with one that it lacks.
const COMPARED_MAX: usize = 50_000;

/// A word of a question as an index reads it.
#[derive(Clone)]
pub(super) struct Read {
    /// Its key.
    pub(super) key: String,
    /// Whether the index has it.
    pub(super) is_known: bool,
    /// The index's word that was most likely meant when it does not.
    pub(super) instead: Option<String>,
}

/// Reads a question's words.
pub(super) fn read(
    question: &str,
    fields: Fields,
    searcher: &Searcher,
) -> tantivy::Result<Vec<Read>> {
    let text: String = question.chars().take(QUESTION_CHARS_MAX).collect();
    let mut repaired = 0;
    let mut words = vec![];
    for key in analyzer().keys(&text).into_iter().take(QUESTION_TERMS_MAX) {
        let is_known = has(&key, fields, searcher)?;
        let mut instead = None;
        if !is_known && repaired < REPAIRED_MAX {
            instead = repair(&key, fields, searcher)?;
            repaired += 1;
        }
        words.push(Read { key, is_known, instead });
    }
    Ok(words)
}

/// What is asked of an index.
pub(super) struct Terms {
    /// Words that the index has.
    pub(super) words: Vec<Term>,
    /// The same in titles.
    pub(super) titles: Vec<Term>,
    /// Grams of all words.
    pub(super) grams: Vec<Term>,
    /// Grams of the words that the index lacks.
    pub(super) lacking: Vec<Term>,
}

impl Terms {
    pub(super) fn of(words: Vec<Read>, fields: Fields) -> Self {
        let (mut known, mut lacking) = (BTreeSet::new(), BTreeSet::new());
        for word in words {
            known.extend(word.instead);
            if word.is_known {
                known.insert(word.key);
            } else {
                lacking.insert(word.key);
            }
        }
        let inner = |keys: &BTreeSet<String>| keys.iter().flat_map(|key| grams(key)).collect();
        let missing: BTreeSet<String> = inner(&lacking);
        let mut all: BTreeSet<String> = inner(&known);
        all.extend(missing.iter().cloned());
        Self {
            words: terms(fields.words, &known),
            titles: terms(fields.titles, &known),
            grams: terms(fields.grams, &all),
            lacking: terms(fields.grams, &missing),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.grams.is_empty()
    }
}

fn terms(field: Field, texts: &BTreeSet<String>) -> Vec<Term> {
    texts.iter().map(|it| Term::from_field_text(field, it)).collect()
}

/// In how many texts a word stands, in the text or in a title.
pub(super) fn spread(key: &str, fields: Fields, searcher: &Searcher) -> tantivy::Result<u64> {
    let count = |field| searcher.doc_freq(&Term::from_field_text(field, key));
    Ok(count(fields.words)?.max(count(fields.titles)?))
}

fn has(key: &str, fields: Fields, searcher: &Searcher) -> tantivy::Result<bool> {
    Ok(0 < spread(key, fields, searcher)?)
}

/// The index's word that was most likely meant.
fn repair(key: &str, fields: Fields, searcher: &Searcher) -> tantivy::Result<Option<String>> {
    let mut repairs = Repairs::of(key);
    let mut left = COMPARED_MAX;
    for (from, to) in bounds(key) {
        for segment in searcher.segment_readers() {
            let inverted = segment.inverted_index(fields.words)?;
            let mut words = inverted.terms().range().ge(&from).lt(&to).into_stream()?;
            while let Some((word, info)) = words.next() {
                if left == 0 {
                    return Ok(repairs.best());
                }
                left -= 1;
                if let Ok(word) = std::str::from_utf8(word) {
                    repairs.compare(word, info.doc_freq);
                }
            }
        }
    }
    Ok(repairs.best())
}
