//! BM25 (Robertson & Zaragoza 2009) over what texts have of one kind: words, grams or concepts.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

use super::asked::Asked;
use crate::analysis::{Word, analyzer, grams};

/// What words of a title weigh beside words of the text.
pub(crate) const TITLE_WEIGHT: f32 = 0.7;
/// What concepts weigh beside words: they are less sure.
const CONCEPT_WEIGHT: f32 = 0.6;
/// BM25's usual parameters.
pub(super) const K1: f32 = 1.2;
const B: f32 = 0.75;

/// Words, words of titles, grams inside words, and concepts, summed.
#[derive(Default)]
pub(super) struct Scorer {
    pub(super) words: Field<String>,
    pub(super) titles: Field<String>,
    pub(super) grams: Field<String>,
    concepts: Field<u32>,
}

pub(super) struct Field<K> {
    pub(super) postings: HashMap<K, Vec<(u32, f32)>>,
    lengths: Vec<f32>,
    mean: f32,
}

impl<K> Default for Field<K> {
    fn default() -> Self {
        Self { postings: HashMap::new(), lengths: vec![], mean: 0.0 }
    }
}

impl<K: Eq + Hash + Ord> Field<K> {
    fn add(&mut self, terms: impl Iterator<Item = K>) {
        let at = u32::try_from(self.lengths.len()).unwrap_or(u32::MAX);
        let mut counts: BTreeMap<K, f32> = BTreeMap::new();
        terms.for_each(|term| *counts.entry(term).or_default() += 1.0);
        self.lengths.push(counts.values().sum());
        for (term, count) in counts {
            self.postings.entry(term).or_default().push((at, count));
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "counts of passages are far below 2^24")]
    fn finish(&mut self) {
        self.mean = self.lengths.iter().sum::<f32>() / (self.lengths.len().max(1) as f32);
    }

    /// Rarity of a term; the highest for one that no text has.
    #[expect(clippy::cast_precision_loss, reason = "counts of passages are far below 2^24")]
    pub(super) fn rarity(&self, term: &K) -> f32 {
        let n = self.lengths.len() as f32;
        let df = self.postings.get(term).map_or(0, Vec::len) as f32;
        (1.0 + (n - df + 0.5) / (df + 0.5)).ln()
    }

    fn score<'a>(&self, terms: impl Iterator<Item = (&'a K, f32)>, into: &mut [f32])
    where
        K: 'a,
    {
        for (term, weight) in terms {
            let Some(postings) = self.postings.get(term) else { continue };
            let rarity = self.rarity(term);
            for (at, count) in postings {
                let length = self.lengths[*at as usize] / self.mean.max(1.0);
                let tf = count * (K1 + 1.0) / (count + K1 * (1.0 - B + B * length));
                into[*at as usize] += weight * rarity * tf;
            }
        }
    }
}

impl Scorer {
    /// Takes in the words of a title and of a text.
    pub(super) fn add(&mut self, title: &[Word], text: &[Word]) {
        fn keys(words: &[Word]) -> impl Iterator<Item = &String> {
            words.iter().filter(|it| !it.is_stop).map(|it| &it.key)
        }
        let mentions = |words: &[Word]| analyzer().concepts(words).into_iter();
        self.grams.add(keys(text).chain(keys(title)).flat_map(|key| grams(key)));
        self.words.add(keys(text).cloned());
        self.titles.add(keys(title).cloned());
        self.concepts.add(mentions(title).chain(mentions(text)).map(|it| it.concept));
    }

    pub(super) fn finish(&mut self) {
        self.words.finish();
        self.titles.finish();
        self.grams.finish();
        self.concepts.finish();
    }

    pub(super) fn scores(&self, asked: &Asked) -> Vec<f32> {
        let mut scores = vec![0.0; self.words.lengths.len()];
        self.words.score(asked.keys.iter().map(|it| (it, 1.0)), &mut scores);
        self.titles.score(asked.keys.iter().map(|it| (it, TITLE_WEIGHT)), &mut scores);
        self.grams.score(asked.grams.iter().map(|it| (it, 1.0)), &mut scores);
        let concepts = asked.concepts.iter().map(|(it, weight)| (it, CONCEPT_WEIGHT * weight));
        self.concepts.score(concepts, &mut scores);
        scores
    }
}
