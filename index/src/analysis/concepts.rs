//! Words that mean the same: callers say "søppel" and pages say "renovasjon".
//!
//! The table is `lang/concepts.txt`, one concept a line: Norwegian words in either norm, then
//! after a semicolon English ones. A word may stand in several concepts, and an expression of
//! several words is found where its words stand side by side.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use super::Word;

/// A concept that a text names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// The concept's number: its place in the table.
    pub concept: u32,
    /// The words that name it, as places in the list of words.
    pub words: Range<usize>,
    /// Whether they name it by themselves, and not as a part of a compound.
    pub is_whole: bool,
}

/// The keys of an expression, and the concepts that it names.
type Expression = (Vec<String>, Vec<u32>);

/// A table of concepts, by the keys of their words.
#[derive(Debug, Default)]
pub(super) struct Concepts {
    /// By an expression's first key: the whole expression and its concepts.
    by_first: HashMap<String, Vec<Expression>>,
    /// Words that may be the first or the last part of a compound.
    parts: HashMap<String, Vec<u32>>,
    /// By concept: the single words of it.
    words: Vec<Vec<String>>,
}

/// What makes the keys of an expression: of a Norwegian one, of an English one.
pub(super) struct Keys<'a> {
    pub(super) norwegian: &'a dyn Fn(&str) -> Vec<String>,
    pub(super) english: &'a dyn Fn(&str) -> Vec<String>,
}

/// A part of a compound has at least so many letters, ...
const PART_CHARS_MIN: usize = 4;
/// ... and what is left of it has at least so many.
const REST_CHARS_MIN: usize = 3;

impl Concepts {
    pub(super) fn of(table: &str, keys: &Keys<'_>) -> Self {
        let mut found: BTreeMap<Vec<String>, Vec<u32>> = BTreeMap::new();
        let rows = table.lines().map(|it| it.split('#').next().unwrap_or_default());
        let mut concepts = Self::default();
        for (row, concept) in rows.filter(|it| !it.trim().is_empty()).zip(0..) {
            let (norwegian, english) = row.split_once(';').unwrap_or((row, ""));
            let norwegian = norwegian.split(',').map(keys.norwegian);
            let english = english.split([',', ';']).map(keys.english);
            let mut words = vec![];
            for expression in norwegian.chain(english).filter(|it| !it.is_empty()) {
                if let [word] = expression.as_slice()
                    && !words.contains(word)
                {
                    words.push(word.clone());
                }
                let of = found.entry(expression).or_default();
                if !of.contains(&concept) {
                    of.push(concept);
                }
            }
            concepts.words.push(words);
        }
        found.into_iter().for_each(|(expression, of)| concepts.learn(expression, of));
        let longest_first = |it: &Expression| std::cmp::Reverse(it.0.len());
        concepts.by_first.values_mut().for_each(|it| it.sort_by_key(longest_first));
        concepts
    }

    fn learn(&mut self, expression: Vec<String>, of: Vec<u32>) {
        let Some(first) = expression.first().cloned() else { return };
        if expression.len() == 1 && PART_CHARS_MIN <= first.chars().count() {
            self.parts.insert(first.clone(), of.clone());
        }
        self.by_first.entry(first).or_default().push((expression, of));
    }

    /// The concepts that words name, in order; of two expressions the longer one counts. A stop
    /// word names none by itself; another word that names none is looked into as a compound.
    pub(super) fn of_words(&self, words: &[Word]) -> Vec<Mention> {
        let mut mentions = vec![];
        let mut at = 0;
        while at < words.len() {
            let (of, length, is_whole) = match self.longest(&words[at..]) {
                Some((expression, of)) => (of.clone(), expression.len(), true),
                None if words[at].is_stop => (vec![], 1, false),
                None => (self.of_parts(&words[at].key), 1, false),
            };
            let named = at..at + length;
            mentions.extend(of.into_iter().map(|concept| Mention {
                concept,
                words: named.clone(),
                is_whole,
            }));
            at += length;
        }
        mentions
    }

    fn longest(&self, words: &[Word]) -> Option<&Expression> {
        self.by_first.get(&words.first()?.key)?.iter().find(|(expression, _)| {
            let says_nothing = expression.len() == 1 && words[0].is_stop;
            !says_nothing
                && expression.len() <= words.len()
                && expression.iter().zip(words).all(|(key, word)| *key == word.key)
        })
    }

    /// The concepts of a compound's longest first part and longest last part.
    fn of_parts(&self, key: &str) -> Vec<u32> {
        let cuts: Vec<usize> = key.char_indices().map(|it| it.0).collect();
        let Some(most) = cuts.len().checked_sub(REST_CHARS_MIN) else { return vec![] };
        let mut of = vec![];
        let lengths = || (PART_CHARS_MIN..=most).rev();
        let first = lengths().find_map(|length| self.parts.get(&key[..cuts[length]]));
        let last = lengths().find_map(|length| self.parts.get(&key[cuts[cuts.len() - length]..]));
        for concept in first.into_iter().chain(last).flatten() {
            if !of.contains(concept) {
                of.push(*concept);
            }
        }
        of
    }

    /// The single words of a concept, by key.
    pub(super) fn words_of(&self, concept: u32) -> &[String] {
        self.words.get(concept as usize).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::super::analyzer;
    use super::*;

    const TABLE: &str = "# comment\n\
        avfall, søppel, rusk; waste, garbage\n\
        \n\
        økonomisk sosialhjelp, sosialhjelp, økonomisk stønad # trailing\n\
        penger, stønad; money\n\
        forurensning, søppel\n\
        kor, korps; choir\n\
        der borte, her borte\n";

    fn concepts() -> Concepts {
        let keys = |text: &str| analyzer().words(text).into_iter().map(|it| it.key).collect();
        Concepts::of(TABLE, &Keys { norwegian: &keys, english: &keys })
    }

    #[track_caller]
    fn check(text: &str, expected: &[(u32, Range<usize>, bool)]) {
        let mentions = concepts().of_words(&analyzer().words(text));
        let mentions: Vec<_> =
            mentions.into_iter().map(|it| (it.concept, it.words, it.is_whole)).collect();
        assert_eq!(mentions, expected, "{text}");
    }

    #[test]
    fn words_name_their_concepts() {
        check("når hentes rusket", &[(0, 2..3, true)]);
        check("mye søppel", &[(0, 1..2, true), (3, 1..2, true)]);
        check("where can I leave garbage", &[(0, 4..5, true)]);
        check("hvor er hun", &[]);
        check("det er der borte", &[(5, 2..4, true)]);
        check("", &[]);
    }

    #[test]
    fn the_longer_expression_counts() {
        check("søke økonomisk stønad", &[(1, 1..3, true)]);
        check("økonomisk hjelp", &[]);
        check("få stønad", &[(2, 1..2, true)]);
        check("økonomisk", &[]);
    }

    #[test]
    fn a_compound_names_what_its_parts_name() {
        check("avfallsdunk", &[(0, 0..1, false)]);
        check("restavfallet", &[(0, 0..1, false)]);
        check("garbageavfall", &[(0, 0..1, false)]);
        check("avfall", &[(0, 0..1, true)]);
        check("xavfall", &[]);
        check("æøå", &[]);
    }

    #[test]
    fn a_concept_tells_its_words() {
        assert_eq!(concepts().words_of(0), ["avfall", "søppel", "rusk", "wast", "garbag"]);
        assert!(concepts().words_of(99).is_empty());
    }

    #[test]
    fn the_shipped_table_is_read() {
        let mentions = |text| analyzer().concepts(&analyzer().words(text));
        let (a, b) = (mentions("søppel"), mentions("renovasjonen"));
        assert!(a.iter().any(|a| b.iter().any(|b| a.concept == b.concept)));
    }
}
