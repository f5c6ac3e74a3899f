//! The norm or language of a text: which language's common words, beginnings and endings of words
//! it has most of; unsure without evidence.

use std::collections::HashMap;
use std::sync::OnceLock;

use unicode_normalization::UnicodeNormalization;

/// A norm of Norwegian, or another language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// Bokmål.
    Nb,
    /// Nynorsk.
    Nn,
    /// English.
    En,
    /// Another language.
    Other,
    /// Too little to tell.
    #[default]
    Unsure,
}

/// So much of a text is looked at.
const CHARS_MAX: usize = 4_000;
/// A longer word tells nothing.
const WORD_BYTES_MAX: usize = 60;
/// What a common word weighs; endings say in the table what they do.
const WORD_WEIGHT: u8 = 4;
/// What the beginning of a longer word weighs.
const BEGINNING_WEIGHT: u8 = 3;
/// What letters that only some languages have weigh.
const LETTERS_WEIGHT: u32 = 1;
/// Endings are looked for in words this long.
const ENDING_WORD_BYTES_MIN: usize = 6;
/// Letters from here on are not Latin.
const LATIN_END: char = '\u{370}';
/// With so many words, words that nobody knows are another language's.
const WORDS_TO_TELL: u32 = 12;
/// Of a text in a known language one word in so many is known at least.
const KNOWN_SHARE: u32 = 8;

/// Evidence for a language that is not asked for must lie so far above that of those that are.
const OTHER_LEAD_MIN: u32 = 8;
/// English needs so much evidence.
const ENGLISH_MIN: u32 = 8;
/// A norm needs so much evidence.
const NORM_MIN: u32 = 2;

/// The languages of the table.
const NAMES: [&str; 15] =
    ["nb", "nn", "en", "da", "sv", "de", "nl", "fr", "es", "it", "pl", "se", "fi", "lt", "so"];
const NB: usize = 0;
const NN: usize = 1;
const DA: usize = 3;
const SV: usize = 4;

type Weights = [u8; NAMES.len()];

/// What words, beginnings and endings say of each language.
#[derive(Default)]
struct Table {
    words: HashMap<&'static str, Weights>,
    beginnings: Parts,
    endings: Parts,
}

#[derive(Default)]
struct Parts {
    table: HashMap<&'static str, Weights>,
    /// In bytes, longest first.
    lengths: Vec<usize>,
}

impl Parts {
    fn measured(mut self) -> Self {
        self.lengths = self.table.keys().map(|it| it.len()).collect();
        self.lengths.sort_unstable_by(|a, b| b.cmp(a));
        self.lengths.dedup();
        self
    }
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table = Table::default();
        for row in include_str!("../../lang/languages.txt").lines() {
            let Some((name, words)) = row.split_once(": ") else { continue };
            let Some(at) = NAMES.iter().position(|it| *it == name.trim_matches('-')) else {
                continue;
            };
            let (part, usual) = match (name.starts_with('-'), name.ends_with('-')) {
                (true, _) => (&mut table.endings.table, 0),
                (false, true) => (&mut table.beginnings.table, BEGINNING_WEIGHT),
                (false, false) => (&mut table.words, WORD_WEIGHT),
            };
            for word in words.split_whitespace() {
                let (word, weight) = word.split_once(':').unwrap_or((word, ""));
                part.entry(word).or_default()[at] = weight.parse().unwrap_or(usual);
            }
        }
        let Table { words, beginnings, endings } = table;
        Table { words, beginnings: beginnings.measured(), endings: endings.measured() }
    })
}

/// Guesses the language of a text.
pub fn detect(text: &str) -> Language {
    let is_mark = |it: char| ('\u{300}'..'\u{370}').contains(&it);
    let start = text.char_indices().nth(CHARS_MAX).map_or(text, |(end, _)| &text[..end]);
    if start.contains(is_mark) {
        return tally(start.nfc()).language();
    }
    tally(start.chars()).language()
}

fn tally(letters: impl Iterator<Item = char>) -> Tally {
    let mut tally = Tally::default();
    let mut word = String::with_capacity(2 * WORD_BYTES_MAX);
    for letter in letters.chain(std::iter::once(' ')) {
        if !letter.is_alphabetic() {
            tally.count(&word);
            word.clear();
        } else if letter.is_ascii() {
            word.push(letter.to_ascii_lowercase());
        } else if word.len() < WORD_BYTES_MAX {
            word.extend(letter.to_lowercase());
        }
    }
    tally
}

/// The evidence of a text.
#[derive(Default)]
struct Tally {
    n_words: u32,
    n_foreign: u32,
    scores: [u32; NAMES.len()],
    /// What speaks for each norm against the other.
    norms: [u32; 2],
}

impl Tally {
    fn count(&mut self, word: &str) {
        if word.is_empty() || WORD_BYTES_MAX < word.len() {
            return;
        }
        self.n_words += 1;
        if word.chars().next().is_some_and(|it| LATIN_END <= it) {
            self.n_foreign += 1;
            return;
        }
        if !word.is_ascii() {
            self.count_letters(word);
        }
        let table = table();
        if let Some(weights) = table.words.get(word) {
            return self.add(weights);
        }
        let parts = &table.beginnings;
        let fit = parts.lengths.iter().filter(|it| **it < word.len());
        if let Some(weights) = fit.filter_map(|it| parts.table.get(word.get(..*it)?)).next() {
            self.add(weights);
        }
        if ENDING_WORD_BYTES_MIN <= word.len() {
            let parts = &table.endings;
            let fit = parts.lengths.iter().filter(|it| **it < word.len());
            let found = fit.filter_map(|it| parts.table.get(word.get(word.len() - it..)?)).next();
            found.iter().for_each(|weights| self.add(weights));
        }
    }

    fn add(&mut self, weights: &Weights) {
        for (score, weight) in self.scores.iter_mut().zip(weights) {
            *score += u32::from(*weight);
        }
        self.norms[0] += u32::from(weights[NB].saturating_sub(weights[NN]));
        self.norms[1] += u32::from(weights[NN].saturating_sub(weights[NB]));
    }

    fn count_letters(&mut self, word: &str) {
        if word.contains(['æ', 'ø', 'å']) {
            for at in [NB, NN, DA] {
                self.scores[at] += LETTERS_WEIGHT;
            }
        }
        if word.contains(['ä', 'ö', 'å']) {
            self.scores[SV] += LETTERS_WEIGHT;
        }
    }

    fn language(&self) -> Language {
        let [nb, nn, en, ..] = self.scores;
        let norwegian = nb.max(nn);
        let other = self.scores[DA..].iter().copied().max().unwrap_or(0);
        let known = norwegian.max(en).max(other);
        let is_unknown = WORDS_TO_TELL <= self.n_words
            && known * KNOWN_SHARE < self.n_words * u32::from(WORD_WEIGHT);
        if self.n_words < 2 * self.n_foreign
            || is_unknown
            || norwegian.max(en) + OTHER_LEAD_MIN <= other
        {
            Language::Other
        } else if norwegian < en && ENGLISH_MIN <= en {
            Language::En
        } else {
            self.norm()
        }
    }

    /// The norm that has half as much evidence again as the other.
    fn norm(&self) -> Language {
        let [nb, nn] = self.norms;
        if NORM_MIN <= nb && 3 * nn <= 2 * nb {
            Language::Nb
        } else if NORM_MIN <= nn && 3 * nb <= 2 * nn {
            Language::Nn
        } else {
            Language::Unsure
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Language) {
        assert_eq!(detect(text), expected, "{text}");
    }

    #[test]
    fn a_few_words_tell_the_norm() {
        check("korleis søkjer eg om barnehageplass", Language::Nn);
        check("hvordan søker jeg om barnehageplass", Language::Nb);
        check("what are the opening hours of the library", Language::En);
        check("frist sfo", Language::Unsure);
        check("", Language::Unsure);
        check("ka\u{30a}pe pa\u{30a} na\u{30a}r hva hvor", Language::Nb);
    }

    #[test]
    fn other_languages_are_told() {
        check("kiedy jest otwarty urząd gminy i jak złożyć wniosek", Language::Other);
        check("متى يفتح المسبح", Language::Other);
        check("hvornår åbner svømmehallen og hvad koster det for børn og unge", Language::Other);
    }

    #[test]
    fn every_row_of_the_table_is_read() {
        let rows = include_str!("../../lang/languages.txt").lines();
        for row in rows.filter(|it| !it.starts_with('#')) {
            let name = row.split_once(": ").map(|it| it.0.trim_matches('-'));
            assert!(name.is_some_and(|it| NAMES.contains(&it)), "{row}");
        }
    }
}
