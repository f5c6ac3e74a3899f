//! What a text has of each kind of feature.

use std::collections::BTreeMap;

use crate::analysis::{Word, analyzer, grams};
use crate::passages::weighed;

/// Words, grams inside words, and concepts, with how often a text has them.
#[derive(Debug, Default)]
pub(super) struct Counts([BTreeMap<String, f32>; Counts::KINDS]);

impl Counts {
    /// How many kinds there are.
    pub(super) const KINDS: usize = 3;
    /// What the kinds weigh in a text: words, grams, concepts.
    pub(super) const SHARES: [f32; Counts::KINDS] = [0.15, 0.65, 0.2];

    pub(super) fn of(words: &[Word]) -> Self {
        let mut counts = Self::default();
        let [of_words, of_grams, of_concepts] = &mut counts.0;
        for word in words.iter().filter(|it| !it.is_stop) {
            *of_words.entry(word.key.clone()).or_default() += 1.0;
            for gram in grams(&word.key) {
                *of_grams.entry(gram).or_default() += 1.0;
            }
        }
        for (concept, weight) in weighed(&analyzer().concepts(words)) {
            *of_concepts.entry(concept.to_string()).or_default() += weight;
        }
        counts
    }

    /// The counts by kind.
    pub(super) fn kinds(&self) -> impl Iterator<Item = (usize, &BTreeMap<String, f32>)> {
        self.0.iter().enumerate()
    }
}
