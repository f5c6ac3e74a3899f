//! How much of what callers ask a text speaks of.

use std::collections::BTreeSet;

use crate::analysis::{Word, analyzer};

/// The words of a text, and what they mean.
pub struct SaidWords {
    keys: BTreeSet<String>,
    concepts: BTreeSet<u32>,
}

impl SaidWords {
    /// Reads a text.
    pub fn of(text: &str) -> Self {
        let words = analyzer().words(text);
        let concepts = concepts(&words).map(|it| it.0).collect();
        let keys = words.into_iter().filter(|it| !it.is_stop).map(|it| it.key).collect();
        Self { keys, concepts }
    }

    /// The share of a question's words that it has, or for which it has others, 0 to 1; none when
    /// the question has no word that says something.
    pub fn share_of(&self, question: &str) -> Option<f32> {
        let words = analyzer().words(question);
        let meant: BTreeSet<usize> = concepts(&words)
            .filter(|it| self.concepts.contains(&it.0))
            .flat_map(|it| it.1)
            .collect();
        let asked = || words.iter().enumerate().filter(|it| !it.1.is_stop);
        let has = |(at, word): &(usize, &Word)| self.keys.contains(&word.key) || meant.contains(at);
        #[expect(clippy::cast_precision_loss, reason = "questions are short")]
        let share = |said: usize, all: usize| (0 < all).then(|| said as f32 / all as f32);
        share(asked().filter(has).count(), asked().count())
    }
}

/// Whole concepts with the places of the words that name them.
fn concepts(words: &[Word]) -> impl Iterator<Item = (u32, std::ops::Range<usize>)> {
    let mentions = analyzer().concepts(words).into_iter();
    mentions.filter(|it| it.is_whole).map(|it| (it.concept, it.words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, question: &str, expected: Option<f32>) {
        assert_eq!(SaidWords::of(text).share_of(question), expected, "{question}");
    }

    #[test]
    fn a_text_says_what_it_has_in_these_words_or_in_others() {
        let page = "Når hentes boss? Renovasjonsruta vert køyrd kvar tysdag.";
        check(page, "når hentar de bosset", Some(1.0));
        check(page, "når hentes søppelet", Some(1.0));
        check(page, "kva kostar barnehagen", Some(0.0));
        check(page, "??", None);
    }
}
