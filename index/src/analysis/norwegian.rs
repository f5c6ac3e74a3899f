//! The key of a Norwegian word: Bokmål, Nynorsk and hurried spelling get one.
//!
//! Exact table for closed-class words, Snowball stemmer, then a stem table that also acts on the
//! first and last part of a compound. The tables are `lang/nn-surface.txt` and
//! `lang/nn-stems.txt`.

use std::collections::HashMap;

use rust_stemmers::{Algorithm, Stemmer};

use super::chars::normalized;
use super::endings;

const SURFACE: &str = include_str!("../../lang/nn-surface.txt");
const STEMS: &str = include_str!("../../lang/nn-stems.txt");

/// The first part of a compound has at least so many letters.
const FIRST_PART_CHARS_MIN: usize = 4;
/// The stem of a last part has at least so many letters.
const LAST_PART_CHARS_MIN: usize = 3;
/// The rest of a compound has at least so many letters.
const REST_CHARS_MIN: usize = 3;

/// Makes keys of Norwegian words.
pub(super) struct Norwegian {
    stemmer: Stemmer,
    surface: HashMap<&'static str, String>,
    stems: HashMap<String, String>,
    first_parts: Parts,
    last_parts: Parts,
}

/// Parts of compounds with what to write instead, by length, longest first.
#[derive(Default)]
struct Parts {
    table: HashMap<String, String>,
    lengths: Vec<usize>,
}

impl Parts {
    fn insert(&mut self, part: String, instead: String) {
        self.table.entry(part).or_insert(instead);
    }

    fn sort(&mut self) {
        self.lengths = self.table.keys().map(|it| it.chars().count()).collect();
        self.lengths.sort_unstable_by(|a, b| b.cmp(a));
        self.lengths.dedup();
    }
}

impl Norwegian {
    pub(super) fn new() -> Self {
        let mut it = Self {
            stemmer: Stemmer::create(Algorithm::Norwegian),
            surface: HashMap::new(),
            stems: HashMap::new(),
            first_parts: Parts::default(),
            last_parts: Parts::default(),
        };
        for (variant, word) in rows(SURFACE).filter(|(variant, word)| variant != word) {
            // As if it had been written: a word and its variants take the same way on.
            it.surface.entry(variant).or_insert_with(|| normalized(word));
        }
        for (variant, word) in rows(STEMS) {
            it.learn_stem(variant, word);
        }
        it.first_parts.sort();
        it.last_parts.sort();
        it
    }

    fn learn_stem(&mut self, variant: &str, word: &str) {
        let (last, first) = (variant.starts_with('*'), variant.ends_with('*'));
        let variant = variant.trim_matches('*');
        let (from, to) = (self.stemmed(variant), self.stemmed(word));
        if first && variant != word && FIRST_PART_CHARS_MIN <= variant.chars().count() {
            self.first_parts.insert(variant.to_owned(), word.to_owned());
        }
        if from != to {
            if last && LAST_PART_CHARS_MIN <= from.chars().count() {
                self.last_parts.insert(from.clone(), to.clone());
            }
            self.stems.entry(from).or_insert(to);
        }
    }

    fn stemmed(&self, word: &str) -> String {
        let mut word = word.replace("heit", "het").replace("leige", "leie");
        if word.ends_with("leiga") {
            word.replace_range(word.len() - 2.., "a");
        }
        endings::finished(&word, self.stemmer.stem(&word).into_owned())
    }

    /// The key of a lower-case NFC token.
    pub(super) fn key(&self, token: &str) -> String {
        let spelled = normalized(token);
        let word = self.surface.get(token).or_else(|| self.surface.get(spelled.as_str()));
        let word = word.map_or(spelled.as_str(), String::as_str);
        let doers = endings::doers(word, |one| self.first_parts.table.get(one).cloned());
        let word = doers.as_deref().unwrap_or(word);
        let key = self.stemmed(word);
        if let Some(known) = self.stems.get(&key) {
            return known.clone();
        }
        let key = self.with_first_parts(word).map_or(key, |it| self.stemmed(&it));
        self.with_last_part(&key).unwrap_or(key)
    }

    /// A compound with its first parts as Bokmål has them: "heimesjukepleie" has two.
    fn with_first_parts(&self, word: &str) -> Option<String> {
        let letters: Vec<char> = word.chars().collect();
        let parts = &self.first_parts;
        parts.lengths.iter().filter(|len| **len + REST_CHARS_MIN <= letters.len()).find_map(|len| {
            let (part, rest) = letters.split_at(*len);
            let instead = parts.table.get(&part.iter().collect::<String>())?;
            let rest: String = rest.iter().collect();
            let rest = self.with_first_parts(&rest).unwrap_or(rest);
            Some(format!("{instead}{rest}"))
        })
    }

    fn with_last_part(&self, key: &str) -> Option<String> {
        let letters: Vec<char> = key.chars().collect();
        let parts = &self.last_parts;
        parts.lengths.iter().filter(|len| **len + REST_CHARS_MIN <= letters.len()).find_map(|len| {
            let (rest, part) = letters.split_at(letters.len() - len);
            let instead = parts.table.get(&part.iter().collect::<String>())?;
            Some(format!("{}{instead}", rest.iter().collect::<String>()))
        })
    }

    /// Whether the exact table knows the word, so that it is Norwegian for sure.
    pub(super) fn knows(&self, token: &str) -> bool {
        self.surface.contains_key(token)
    }
}

/// Reads `word : variant variant` lines as (variant, word), in order.
fn rows(table: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    table
        .lines()
        .filter_map(|line| line.split('#').next()?.split_once(':'))
        .flat_map(|(word, variants)| variants.split_whitespace().map(move |it| (it, word.trim())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_test_vector_gets_its_key() {
        let norwegian = Norwegian::new();
        let vectors = include_str!("../../tests/vectors.tsv");
        let wrong: Vec<String> = vectors
            .lines()
            .skip(1)
            .filter_map(|line| {
                let mut cells = line.split('\t');
                let (token, expected) = (cells.next()?, cells.next()?);
                let key = norwegian.key(token);
                (key != expected).then(|| format!("{token}: {key}, not {expected}"))
            })
            .collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
        assert_eq!(vectors.lines().count(), 181);
    }
}
