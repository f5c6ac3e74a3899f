//! English beside Norwegian: its own stemmer for words that are English for sure.

use std::collections::HashSet;

use rust_stemmers::{Algorithm, Stemmer};

use super::norwegian::Norwegian;
use super::{listed, tokens};

/// Makes keys of English words.
pub(super) struct English {
    stemmer: Stemmer,
    stop: HashSet<&'static str>,
    words: HashSet<&'static str>,
}

impl English {
    pub(super) fn new() -> Self {
        Self {
            stemmer: Stemmer::create(Algorithm::English),
            stop: listed(include_str!("../../lang/stop-en.txt"))
                .filter(|it| 2 < it.len())
                .collect(),
            words: listed(include_str!("../../lang/english.txt")).collect(),
        }
    }

    pub(super) fn key(&self, token: &str) -> String {
        self.stemmer.stem(token).into_owned()
    }

    pub(super) fn knows(&self, token: &str) -> bool {
        self.words.contains(token) || (self.stop.contains(token) && !norwegian_too(token))
    }

    pub(super) fn is_stop(&self, token: &str) -> bool {
        token.chars().count() < 2 || SHORT.contains(&token) || self.stop.contains(token)
    }

    /// Whether a text is English: so many of its words are, and fewer are surely Norwegian.
    pub(super) fn has_the_upper_hand(&self, text: &[tokens::Raw], norwegian: &Norwegian) -> bool {
        const WORDS_LOOKED_AT: usize = 200;
        let (mut english, mut other) = (0_usize, 0_usize);
        for token in text.iter().take(WORDS_LOOKED_AT) {
            let short = SHORT.contains(&token.lower.as_str()) && !norwegian_too(&token.lower);
            if self.knows(&token.lower) || short {
                english += 1;
            } else if norwegian.knows(&token.lower) || token.lower.contains(['æ', 'ø', 'å']) {
                other += 1;
            } else if NORWEGIAN.contains(&token.lower.as_str()) {
                other += 1;
            }
        }
        other * 2 < english
    }
}

/// Two letters that say nothing in English.
const SHORT: [&str; 30] = [
    "i", "my", "me", "we", "he", "it", "is", "am", "be", "to", "of", "in", "on", "at", "by", "or",
    "an", "as", "if", "so", "do", "no", "us", "up", "im", "go", "my", "id", "vs", "oh",
];

/// Norwegian function words that the exact table has as they are.
const NORWEGIAN: [&str; 30] = [
    "jeg", "eg", "og", "på", "til", "som", "det", "er", "når", "hva", "kva", "ikke", "ikkje",
    "hvor", "korleis", "hvordan", "med", "av", "har", "kan", "skal", "vil", "må", "får", "fra",
    "frå", "ein", "om", "vi", "jei",
];

/// English stop words that are Norwegian words too.
fn norwegian_too(token: &str) -> bool {
    matches!(
        token,
        "for"
            | "over"
            | "under"
            | "her"
            | "are"
            | "have"
            | "so"
            | "no"
            | "at"
            | "i"
            | "me"
            | "do"
            | "am"
            | "to"
            | "if"
            | "all"
            | "must"
            | "some"
            | "did"
            | "had"
            | "an"
            | "as"
            | "in"
            | "by"
            | "on"
            | "get"
            | "most"
            | "mine"
            | "men"
            | "my"
            | "ask"
            | "us"
    )
}
