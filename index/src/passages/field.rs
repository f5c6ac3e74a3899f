//! BM25 (Robertson & Zaragoza 2009) over what texts have of one kind: words, grams or concepts.

use std::borrow::Borrow;
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

/// What texts have of one kind.
pub(super) struct Field<K> {
    terms: HashMap<K, Term>,
    lengths: Vec<f32>,
}

/// Where a term stands.
#[derive(Default)]
struct Term {
    rarity: f32,
    /// The texts that have it, and what it is worth there; how often it stands there at first.
    postings: Vec<(u32, f32)>,
}

impl<K> Default for Field<K> {
    fn default() -> Self {
        Self { terms: HashMap::new(), lengths: vec![] }
    }
}

impl<K: Eq + Hash + Ord> Field<K> {
    fn add(&mut self, terms: impl Iterator<Item = K>) {
        let at = u32::try_from(self.lengths.len()).unwrap_or(u32::MAX);
        let mut counts: BTreeMap<K, f32> = BTreeMap::new();
        terms.for_each(|term| *counts.entry(term).or_default() += 1.0);
        self.lengths.push(counts.values().sum());
        for (term, count) in counts {
            self.terms.entry(term).or_default().postings.push((at, count));
        }
    }

    /// Weighs every term, once all texts are known.
    #[expect(clippy::cast_precision_loss, reason = "counts of passages are far below 2^24")]
    fn finish(&mut self) {
        let n = self.lengths.len() as f32;
        let mean = (self.lengths.iter().sum::<f32>() / n.max(1.0)).max(1.0);
        for term in self.terms.values_mut() {
            term.rarity = rarity(n, term.postings.len() as f32);
            for (at, count) in &mut term.postings {
                let length = self.lengths[*at as usize] / mean;
                let tf = *count * (K1 + 1.0) / (*count + K1 * (1.0 - B + B * length));
                *count = term.rarity * tf;
            }
        }
    }

    pub(super) fn contains<Q: Eq + Hash + ?Sized>(&self, term: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.terms.contains_key(term)
    }

    /// Every term, and how many texts have it.
    pub(super) fn spread(&self) -> impl Iterator<Item = (&K, usize)> {
        self.terms.iter().map(|(term, it)| (term, it.postings.len()))
    }

    /// Rarity of a term; the highest for one that no text has.
    #[expect(clippy::cast_precision_loss, reason = "counts of passages are far below 2^24")]
    pub(super) fn rarity(&self, term: &K) -> f32 {
        let of_none = || rarity(self.lengths.len() as f32, 0.0);
        self.terms.get(term).map_or_else(of_none, |it| it.rarity)
    }

    fn score<'a>(&self, terms: impl Iterator<Item = (&'a K, f32)>, into: &mut [f32])
    where
        K: 'a,
    {
        for (term, weight) in terms {
            let postings = self.terms.get(term).map_or(&[][..], |it| &it.postings);
            postings.iter().for_each(|(at, worth)| into[*at as usize] += weight * worth);
        }
    }
}

fn rarity(n: f32, df: f32) -> f32 {
    (1.0 + (n - df + 0.5) / (df + 0.5)).ln()
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
