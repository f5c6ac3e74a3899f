//! One analyzer for Bokmål, Nynorsk, hurried notes and English, the same for pages and questions.

mod chars;
mod concepts;
mod detect;
mod endings;
mod english;
mod leadin;
mod norwegian;
mod own;
mod tokens;

use std::collections::{BTreeSet, HashSet};
use std::ops::Range;
use std::sync::OnceLock;

pub(crate) use chars::{bare, folded};
pub use concepts::Mention;
pub use detect::{Language, detect};
pub(crate) use own::Meant;
pub use own::OwnWords;

use concepts::{Concepts, Keys};
use english::English;
use norwegian::Norwegian;

/// Raised by every change of a table, the stemmer or the tokenizer: an index that was made with
/// another version is made anew.
pub const ANALYZER_VERSION: u32 = 3;
/// So many masks of a text are looked for.
const MASKS_MAX: usize = 20;
/// The length of the grams inside a word.
const GRAM_CHARS: usize = 4;

/// A word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// As written.
    pub written: String,
    /// What the index knows it by.
    pub key: String,
    /// Whether it says nothing of the subject.
    pub is_stop: bool,
}

/// Makes words of texts. There is one for the whole process.
pub struct Analyzer {
    norwegian: Norwegian,
    english: English,
    stop_keys: HashSet<String>,
    concepts: Concepts,
}

/// The analyzer.
pub fn analyzer() -> &'static Analyzer {
    static ANALYZER: OnceLock<Analyzer> = OnceLock::new();
    ANALYZER.get_or_init(Analyzer::new)
}

impl Analyzer {
    fn new() -> Self {
        let norwegian = Norwegian::new();
        let english = English::new();
        let lists =
            [include_str!("../../lang/stop-nb.txt"), include_str!("../../lang/stop-nn.txt")];
        let words = lists.iter().flat_map(|list| listed(list));
        let stop_keys = words.map(|word| norwegian.key(word)).collect();
        let keys = |text: &str, key: &dyn Fn(&str) -> String| {
            tokens::split(text).iter().map(|it| key(&it.lower)).collect()
        };
        let concepts = Concepts::of(
            include_str!("../../lang/concepts.txt"),
            &Keys {
                norwegian: &|text| keys(text, &|it| norwegian.key(it)),
                english: &|text| keys(text, &|it| english.key(it)),
            },
        );
        Self { norwegian, english, stop_keys, concepts }
    }

    /// The words of a text in order. Those that tell who asks say nothing of the subject.
    pub fn words(&self, text: &str) -> Vec<Word> {
        let tokens = tokens::split(text);
        let lead_in = match leadin::end(text) {
            0 => 0,
            end => tokens::split(&text[..end]).len(),
        };
        let asides = match leadin::asides(text) {
            at if at == text.len() => tokens.len(),
            at => tokens::split(&text[..at]).len(),
        };
        let masks = masks(text);
        let is_english = self.english.has_the_upper_hand(&tokens, &self.norwegian);
        let word = |(at, token)| {
            let word = self.word(token, is_english);
            let says_nothing =
                at < lead_in || asides <= at || masks.iter().any(|it| it.contains(&at));
            Word { is_stop: word.is_stop || says_nothing, ..word }
        };
        tokens.into_iter().enumerate().map(word).collect()
    }

    fn word(&self, token: tokens::Raw, is_english: bool) -> Word {
        let known_english = self.english.knows(&token.lower) && !self.norwegian.knows(&token.lower);
        if known_english || (is_english && !self.norwegian.knows(&token.lower)) {
            let is_stop = self.english.is_stop(&token.lower);
            return Word { key: self.english.key(&token.lower), written: token.written, is_stop };
        }
        let key = self.norwegian.key(&token.lower);
        let is_stop = self.stop_keys.contains(&key) || key.chars().count() < 2;
        Word { written: token.written, key, is_stop }
    }

    /// The distinct keys of a text that say something of the subject, in order.
    pub fn keys(&self, text: &str) -> Vec<String> {
        let mut seen = BTreeSet::new();
        let words = self.words(text).into_iter().filter(|word| !word.is_stop);
        words.map(|word| word.key).filter(|key| seen.insert(key.clone())).collect()
    }

    /// The concepts that words of a text name, in order.
    pub fn concepts(&self, words: &[Word]) -> Vec<Mention> {
        self.concepts.of_words(words)
    }

    /// The keys of a concept's words; an expression of several words is not among them.
    pub fn concept_words(&self, concept: u32) -> &[String] {
        self.concepts.words_of(concept)
    }

    /// A text as exact repeats have it in common: its keys in order, stop words too.
    pub fn normalized(&self, text: &str) -> String {
        let keys: Vec<String> = self.words(text).into_iter().map(|word| word.key).collect();
        keys.join(" ")
    }
}

/// Where a text has a mask in brackets, in place of a number or a name that was taken out: the
/// places of its words.
fn masks(text: &str) -> Vec<Range<usize>> {
    const MASK_CHARS_MAX: usize = 30;
    let words_to = |end: usize| tokens::split(&text[..end]).len();
    let opened = text.match_indices('[').take(MASKS_MAX);
    let closed = opened.filter_map(|(start, _)| {
        let length = text[start..].find(']').filter(|it| *it <= MASK_CHARS_MAX)?;
        Some(words_to(start)..words_to(start + length))
    });
    closed.collect()
}

/// The 4-grams of `_key_`; a shorter one whole.
pub fn grams(key: &str) -> Vec<String> {
    let letters: Vec<char> = format!("_{key}_").chars().collect();
    if letters.len() <= GRAM_CHARS {
        return vec![letters.into_iter().collect()];
    }
    letters.windows(GRAM_CHARS).map(|it| it.iter().collect()).collect()
}

/// The words of a list, without its comments.
fn listed(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_same(a: &str, b: &str) {
        assert_eq!(analyzer().keys(a), analyzer().keys(b));
    }

    #[test]
    fn both_norms_have_the_same_keys() {
        check_same("korleis søkjer eg om skuleskyss", "hvordan søker jeg om skoleskyss");
        check_same("Kva kostar byggjeløyve?", "hva koster byggetillatelse");
    }

    #[test]
    fn english_words_are_not_read_as_norwegian_ones() {
        let keys =
            analyzer().keys("where does the school bus stop, and what are the opening hours");
        assert!(keys.contains(&"school".to_owned()), "{keys:?}");
        assert!(!keys.iter().any(|key| key.contains('ø')), "{keys:?}");
    }

    #[test]
    fn a_question_of_stop_words_has_no_keys() {
        assert!(analyzer().keys("hvem kan jeg").is_empty());
        assert!(analyzer().keys("hei, lurer på").is_empty());
    }

    #[test]
    fn a_mask_says_nothing_of_the_subject() {
        check_same("høns i hagen, fnr [fødselsnummer] lov", "høns i hagen lov");
        check_same("høns [i hagen", "høns i hagen");
    }

    #[test]
    fn grams_lie_within_the_word() {
        assert_eq!(grams("sfo"), ["_sfo", "sfo_"]);
        assert_eq!(grams("a"), ["_a_"]);
    }
}
