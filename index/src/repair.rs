//! Words that the index lacks: the one that was most likely meant.

use std::collections::BTreeMap;

use crate::analysis::folded;

/// A shorter word is taken as it is: too many others are near.
const CHARS_MIN: usize = 4;
/// From so many letters one slip is forgiven.
const ONE_SLIP_CHARS_MIN: usize = 5;
/// From so many letters two slips are forgiven.
const TWO_SLIPS_CHARS_MIN: usize = 8;

/// The words that come into question for one that the index lacks.
///
/// First those that are the same without å, æ and ø, then those within one or two slips
/// (Damerau 1964) with the same first letter; the most frequent of the nearest, ties to the
/// first in the alphabet.
pub(crate) struct Repairs<'a> {
    key: &'a str,
    folded: String,
    chars: usize,
    /// How often each word stands, by slips from the key; 0 slips: the same when folded.
    found: BTreeMap<usize, BTreeMap<String, u32>>,
}

impl<'a> Repairs<'a> {
    pub(crate) fn of(key: &'a str) -> Self {
        let found = BTreeMap::new();
        Self { key, folded: folded(key), chars: key.chars().count(), found }
    }

    /// Looks at a word of the index that stands in `count` texts.
    pub(crate) fn compare(&mut self, word: &str, count: u32) {
        if let Some(slips) = self.slips(word) {
            let words = self.found.entry(slips).or_default();
            *words.entry(word.to_owned()).or_default() += count;
        }
    }

    /// How many slips are forgiven, besides letters that fold alike; none when the word is taken
    /// as it is.
    pub(crate) fn allowed(&self) -> Option<usize> {
        match self.chars {
            TWO_SLIPS_CHARS_MIN.. => Some(2),
            ONE_SLIP_CHARS_MIN.. => Some(1),
            CHARS_MIN.. => Some(0),
            _ => None,
        }
    }

    fn slips(&self, word: &str) -> Option<usize> {
        let apart = word.chars().count().abs_diff(self.chars);
        if self.chars < CHARS_MIN || 2 < apart || word == self.key {
            return None;
        }
        if apart == 0 && folded(word) == self.folded {
            return Some(0);
        }
        let allowed = self.allowed()?;
        let same_first = word.chars().next() == self.key.chars().next();
        if allowed < apart || allowed == 0 || !same_first {
            return None;
        }
        Some(strsim::osa_distance(word, self.key)).filter(|it| *it <= allowed)
    }

    /// The one most likely meant.
    pub(crate) fn best(self) -> Option<String> {
        let nearest = self.found.into_values().next()?;
        let best = nearest
            .into_iter()
            .max_by_key(|(word, count)| (*count, std::cmp::Reverse(word.clone())));
        best.map(|it| it.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(key: &str, words: &[(&str, u32)], expected: Option<&str>) {
        let mut repairs = Repairs::of(key);
        words.iter().for_each(|(word, count)| repairs.compare(word, *count));
        assert_eq!(repairs.best().as_deref(), expected, "{key}");
    }

    #[test]
    fn letters_typed_without_rings_come_before_slips() {
        check("barnehag", &[("barnehår", 9), ("barnehagx", 1)], Some("barnehagx"));
        check("sokn", &[("søkn", 1), ("sogn", 50)], Some("søkn"));
        check("apningstid", &[("åpningstid", 3)], Some("åpningstid"));
    }

    #[test]
    fn slips_are_forgiven_by_length() {
        check("bile", &[("bild", 4)], None);
        check("byggj", &[("bygg", 4)], Some("bygg"));
        check("svmmehall", &[("svømmehall", 2), ("svømmebasseng", 9)], Some("svømmehall"));
        check("renovsajon", &[("renovasjon", 2)], Some("renovasjon"));
        check("hund", &[("hund", 3)], None);
    }

    #[test]
    fn the_more_frequent_of_the_equally_near_is_meant() {
        check("skoel", &[("skole", 5), ("skoer", 1)], Some("skole"));
        check("", &[("skole", 5)], None);
    }
}
