//! An organisation's own words: what its callers say, and what its pages say for the same.
//!
//! It is the thesaurus that editors write. Unlike the one that is shipped it leads one way, from
//! callers to pages, and it finds pages only: no question is grouped by it.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use super::{Word, analyzer};

/// Words of callers, and the pages' words for each.
#[derive(Debug, Default)]
pub struct OwnWords {
    /// By the first key of what callers say, longer expressions first.
    by_first: HashMap<String, Vec<Row>>,
}

/// What callers say, and what a page says for it.
#[derive(Debug)]
struct Row {
    said: Vec<String>,
    meant: Meant,
}

/// What a page says for something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Meant {
    /// Its words that say something.
    pub(crate) words: Vec<Word>,
    /// As the editor wrote it.
    pub(crate) written: String,
}

impl OwnWords {
    /// Reads pairs of what callers say and what pages say; on either side several expressions
    /// may stand with commas between them. A pair without words on one side says nothing.
    pub fn of<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut own = Self::default();
        for (said, meant) in pairs {
            for said in said.split(',').map(keys).filter(|it| !it.is_empty()) {
                for meant in meant.split(',').filter_map(Meant::of) {
                    let first = said[0].clone();
                    let rows = own.by_first.entry(first).or_default();
                    rows.push(Row { said: said.clone(), meant });
                }
            }
        }
        let longest_first = |it: &Row| std::cmp::Reverse(it.said.len());
        own.by_first.values_mut().for_each(|it| it.sort_by_key(longest_first));
        own
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.by_first.is_empty()
    }

    /// Whether both sides of a pair have words that say something.
    pub fn can_be(said: &str, meant: &str) -> bool {
        let says = |it: &str| it.split(',').any(|it| !keys(it).is_empty());
        says(said) && meant.split(',').any(|it| Meant::of(it).is_some())
    }

    /// What pages say for what a question says, as editors wrote it; in order, each once.
    pub fn for_question(&self, question: &str) -> BTreeSet<&str> {
        if self.is_empty() {
            return BTreeSet::new();
        }
        let found = self.in_words(&analyzer().words(question));
        found.into_iter().map(|it| it.1.written.as_str()).collect()
    }

    /// What pages say for words of a text, with the places of the words. Of two expressions that
    /// begin at one place the longer one counts.
    pub(crate) fn in_words(&self, words: &[Word]) -> Vec<(Range<usize>, &Meant)> {
        let mut found = vec![];
        let mut at = 0;
        while at < words.len() {
            let rows = self.by_first.get(&words[at].key).into_iter().flatten();
            let mut fits = rows.filter(|it| it.is_at(&words[at..])).peekable();
            let length = fits.peek().map_or(1, |it| it.said.len());
            let longest = fits.take_while(|it| it.said.len() == length);
            found.extend(longest.map(|it| (at..at + length, &it.meant)));
            at += length;
        }
        found
    }
}

impl Row {
    fn is_at(&self, words: &[Word]) -> bool {
        self.said.len() <= words.len()
            && self.said.iter().zip(words).all(|(key, word)| *key == word.key)
    }
}

impl Meant {
    fn of(written: &str) -> Option<Self> {
        let words = analyzer().words(written).into_iter().filter(|it| !it.is_stop).collect();
        let meant = Self { words, written: written.trim().to_owned() };
        (!meant.words.is_empty()).then_some(meant)
    }
}

/// The keys of an expression; none when all its words say nothing.
fn keys(expression: &str) -> Vec<String> {
    let words = analyzer().words(expression);
    if words.iter().all(|it| it.is_stop) {
        return vec![];
    }
    words.into_iter().map(|it| it.key).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(question: &str, expected: &[&str]) {
        let pairs = [
            ("bosspann, dunk", "avfallsbehaldar"),
            ("lang dunk", "container"),
            ("hun", "kvinne"),
            ("fast lege", "fastlege, legekontor"),
            ("barn", "der"),
        ];
        let own = OwnWords::of(pairs);
        assert_eq!(own.for_question(question).into_iter().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn callers_words_lead_to_pages_words_and_not_back() {
        check("Kvar får eg bosspannet?", &["avfallsbehaldar"]);
        check("ny dunken", &["avfallsbehaldar"]);
        check("avfallsbehaldaren", &[]);
        check("", &[]);
    }

    #[test]
    fn the_longer_expression_counts_and_each_page_word_is_found() {
        check("treng ein lang dunk", &["container"]);
        check("kven er fast lege", &["fastlege", "legekontor"]);
    }

    #[test]
    fn words_that_say_nothing_make_no_row() {
        check("hun har barn", &[]);
        assert!(!OwnWords::can_be("hun", "kvinne") && !OwnWords::can_be("barn", "der"));
        assert!(OwnWords::can_be("hun, dame", "kvinne"));
    }
}
