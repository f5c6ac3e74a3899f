//! Texts as sparse vectors: words, pairs of words and grams inside words, weighed by rarity.

use std::collections::{BTreeMap, HashMap};

use crate::analysis::{Word, analyzer, grams};

/// A sparse vector of unit length, by dimension.
pub(crate) type Vector = Vec<(u32, f32)>;

/// What a word that says nothing of the subject still weighs.
const STOP_WEIGHT: f32 = 0.2;
/// What a pair of neighbours weighs.
const PAIR_WEIGHT: f32 = 0.5;
/// What words and grams weigh against each other; both parts have unit length before.
const WORDS_SHARE: f32 = 0.5;

/// Counts of one text, by feature.
pub(crate) struct Features {
    pub(crate) words: BTreeMap<String, f32>,
    pub(crate) grams: BTreeMap<String, f32>,
}

/// Texts in one space, so that they can be compared.
pub(crate) struct Space {
    pub(crate) vectors: Vec<Vector>,
}

impl Space {
    /// Puts texts in a space. Rarity is counted over all of them.
    pub(crate) fn of<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let features: Vec<Features> = texts.map(features).collect();
        let words = vectors(features.iter().map(|it| &it.words), 0);
        let offset = words.1;
        let grams = vectors(features.iter().map(|it| &it.grams), offset).0;
        let vectors = words.0.into_iter().zip(grams).map(|(words, grams)| joined(words, grams));
        Self { vectors: vectors.collect() }
    }
}

fn joined(words: Vector, grams: Vector) -> Vector {
    let (a, b) = (WORDS_SHARE.sqrt(), (1.0 - WORDS_SHARE).sqrt());
    let mut all: Vector = words.into_iter().map(|(it, w)| (it, w * a)).collect();
    all.extend(grams.into_iter().map(|(it, w)| (it, w * b)));
    unit(all)
}

pub(crate) fn features(text: &str) -> Features {
    let words = analyzer().words(text);
    let mut features = Features { words: BTreeMap::new(), grams: BTreeMap::new() };
    for word in &words {
        let weight = if word.is_stop { STOP_WEIGHT } else { 1.0 };
        *features.words.entry(word.key.clone()).or_default() += weight;
        if !word.is_stop {
            for gram in grams(&word.key) {
                *features.grams.entry(gram).or_default() += 1.0;
            }
        }
    }
    for pair in words.windows(2) {
        let weight = PAIR_WEIGHT * pair_weight(&pair[0], &pair[1]);
        *features.words.entry(format!("{} {}", pair[0].key, pair[1].key)).or_default() += weight;
    }
    features
}

fn pair_weight(a: &Word, b: &Word) -> f32 {
    match (a.is_stop, b.is_stop) {
        (false, false) => 1.0,
        (true, true) => STOP_WEIGHT,
        (true, false) | (false, true) => STOP_WEIGHT * 2.2,
    }
}

/// Weighs counts by rarity; dimensions are numbered from `offset` in the order of the features'
/// names, so that the order of texts does not matter. A gram or pair of one text alone is left
/// out: it says nothing of likeness.
fn vectors<'a>(
    counts: impl Iterator<Item = &'a BTreeMap<String, f32>> + Clone,
    offset: u32,
) -> (Vec<Vector>, u32) {
    let mut spread: BTreeMap<&str, u32> = BTreeMap::new();
    let mut n = 0_u32;
    for text in counts.clone() {
        n += 1;
        text.keys().for_each(|it| *spread.entry(it).or_default() += 1);
    }
    let numbered: HashMap<&str, (u32, f32)> = spread
        .iter()
        .zip(offset..)
        .map(|((feature, df), at)| (*feature, (at, rarity(n, *df))))
        .collect();
    let end = offset + u32::try_from(numbered.len()).unwrap_or(u32::MAX - offset);
    let weigh = |text: &BTreeMap<String, f32>| {
        let weighed = text.iter().map(|(feature, count)| {
            let (at, idf) = numbered[feature.as_str()];
            let tf = if *count < 1.0 { *count } else { 1.0 + count.ln() };
            (at, tf * idf)
        });
        unit(weighed.collect())
    };
    (counts.map(weigh).collect(), end)
}

#[expect(clippy::cast_precision_loss, reason = "counts of texts are far below 2^24")]
pub(crate) fn rarity(n: u32, df: u32) -> f32 {
    ((1.0 + n as f32) / (1.0 + df as f32)).ln() + 1.0
}

/// Gives a vector unit length; sorts it by dimension.
pub(crate) fn unit(mut vector: Vector) -> Vector {
    vector.sort_unstable_by_key(|it| it.0);
    let length = vector.iter().map(|it| it.1 * it.1).sum::<f32>().sqrt();
    if 0.0 < length {
        vector.iter_mut().for_each(|it| it.1 /= length);
    }
    vector
}

/// The inner product of two vectors sorted by dimension.
pub(crate) fn dot(a: &Vector, b: &Vector) -> f32 {
    let (mut i, mut j, mut sum) = (0, 0, 0.0);
    while i < a.len() && j < b.len() {
        match a[i].0.cmp(&b[j].0) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                sum += a[i].1 * b[j].1;
                i += 1;
                j += 1;
            }
        }
    }
    sum
}

/// An inverted index over vectors: who shares a dimension with whom.
pub(crate) struct Inverted {
    postings: HashMap<u32, Vec<(u32, f32)>>,
    n: usize,
}

/// A dimension that so many vectors share is not followed: it finds everybody.
const POSTINGS_MAX: usize = 2_000;

impl Inverted {
    pub(crate) fn of(vectors: &[Vector]) -> Self {
        let mut postings: HashMap<u32, Vec<(u32, f32)>> = HashMap::new();
        for (at, vector) in (0_u32..).zip(vectors) {
            for (dimension, weight) in vector {
                postings.entry(*dimension).or_default().push((at, *weight));
            }
        }
        postings.retain(|_, it| it.len() <= POSTINGS_MAX);
        Self { postings, n: vectors.len() }
    }

    /// The vectors most like `vector`, best first, ties to the earlier.
    pub(crate) fn nearest(&self, vector: &Vector, k: usize, not: Option<u32>) -> Vec<(u32, f32)> {
        let mut scores = vec![0.0_f32; self.n];
        let mut touched: Vec<u32> = vec![];
        for (dimension, weight) in vector {
            for (at, other) in self.postings.get(dimension).into_iter().flatten() {
                let score = &mut scores[*at as usize];
                if *score == 0.0 {
                    touched.push(*at);
                }
                *score += weight * other;
            }
        }
        touched.retain(|at| Some(*at) != not);
        let mut found: Vec<(u32, f32)> =
            touched.into_iter().map(|at| (at, scores[at as usize])).collect();
        found.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        found.truncate(k);
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn likeness_is_between_nothing_and_the_same() {
        let texts = ["når opnar symjehallen", "når opnar symjehallen", "kva kostar SFO"];
        let space = Space::of(texts.into_iter());
        assert!(0.999 < dot(&space.vectors[0], &space.vectors[1]));
        assert!(dot(&space.vectors[0], &space.vectors[2]) < 0.1);
    }

    #[test]
    fn the_nearest_come_best_first_without_oneself() {
        let texts = ["barnehage frist", "frist for barnehage", "hund i bandtvang"];
        let space = Space::of(texts.into_iter());
        let inverted = Inverted::of(&space.vectors);
        let nearest = inverted.nearest(&space.vectors[0], 2, Some(0));
        assert_eq!(nearest.first().map(|it| it.0), Some(1));
    }
}
