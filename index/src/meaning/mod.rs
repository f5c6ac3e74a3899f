//! What texts mean on one website: latent semantic analysis (Deerwester et al. 1990) of its pages
//! and its log together, with the thesaurus as one more kind of words.

mod calibrate;
mod counts;
mod learned;
mod svd;

use std::collections::{BTreeMap, HashMap};

use crate::space::{Vector, damped, rarity, unit};
use counts::Counts;
pub(crate) use learned::Learned;
use svd::{Matrix, add, dot};

/// So many axes tell texts apart.
const RANK: usize = 120;
/// What stands in one text alone tells nothing about others.
const TEXTS_MIN: u32 = 2;

/// The features of a kind: their places and rarities.
type Features = HashMap<String, (u32, f32)>;

/// A space in which texts that mean the same lie close together.
struct Meaning {
    features: [Features; Counts::KINDS],
    axes: Matrix,
    /// Where texts lie on average: what all have in common is no likeness.
    mean: Vec<f32>,
}

impl Meaning {
    fn of(texts: &[Counts]) -> Self {
        Self::along_axes(texts, RANK)
    }

    fn along_axes(texts: &[Counts], rank: usize) -> Self {
        let (features, dimensions) = features(texts);
        let mut meaning = Self { features, axes: Matrix::default(), mean: vec![] };
        let vectors: Vec<Vector> = texts.iter().map(|it| meaning.sparse(it)).collect();
        meaning.axes = svd::axes(&vectors, dimensions, rank);
        let mut sum = vec![0.0; meaning.axes.width];
        vectors.iter().for_each(|it| add(&mut sum, 1.0, &meaning.along(it)));
        #[expect(clippy::cast_precision_loss, reason = "so many texts are not looked at")]
        let n = texts.len().max(1) as f32;
        meaning.mean = sum.into_iter().map(|it| it / n).collect();
        meaning
    }

    /// Where a text lies, at distance one from the middle; none when it has nothing that other
    /// texts have.
    fn place(&self, text: &Counts) -> Option<Vec<f32>> {
        let sparse = self.sparse(text);
        if sparse.is_empty() || self.axes.width == 0 {
            return None;
        }
        let mut place = self.along(&sparse);
        add(&mut place, -1.0, &self.mean);
        scaled(place)
    }

    fn along(&self, sparse: &Vector) -> Vec<f32> {
        let mut place = vec![0.0; self.axes.width];
        sparse.iter().for_each(|(at, it)| add(&mut place, *it, self.axes.row(*at as usize)));
        place
    }

    fn sparse(&self, text: &Counts) -> Vector {
        let mut all = vec![];
        for (kind, counts) in text.kinds() {
            let known = counts.iter().filter_map(|(feature, count)| {
                let (at, rarity) = self.features[kind].get(feature)?;
                Some((*at, damped(*count) * rarity))
            });
            let share = Counts::SHARES[kind].sqrt();
            all.extend(unit(known.collect()).into_iter().map(|(at, it)| (at, it * share)));
        }
        unit(all)
    }
}

/// Numbers the features that several texts have, in the order of their names, so that the order
/// of texts does not matter.
fn features(texts: &[Counts]) -> ([Features; Counts::KINDS], usize) {
    let mut spread: [BTreeMap<&str, u32>; Counts::KINDS] = Default::default();
    for (kind, counts) in texts.iter().flat_map(Counts::kinds) {
        counts.keys().for_each(|it| *spread[kind].entry(it).or_default() += 1);
    }
    let n = u32::try_from(texts.len()).unwrap_or(u32::MAX);
    let mut next = 0_u32;
    let numbered = spread.map(|spread| {
        let shared = spread.into_iter().filter(|it| TEXTS_MIN <= it.1);
        shared
            .map(|(feature, df)| {
                next += 1;
                (feature.to_owned(), (next - 1, rarity(n, df)))
            })
            .collect()
    });
    (numbered, next as usize)
}

/// A direction of length one; none when there is no direction.
fn scaled(mut direction: Vec<f32>) -> Option<Vec<f32>> {
    let length = dot(&direction, &direction).sqrt();
    direction.iter_mut().for_each(|it| *it /= length);
    (f32::EPSILON < length).then_some(direction)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::analyzer;

    fn counts(text: &str) -> Counts {
        Counts::of(&analyzer().words(text))
    }

    /// Notes on two subjects; "lekse" and "rektor" never stand together, but both with "skole".
    fn meaning() -> Meaning {
        let texts = [
            "skole lekse",
            "skole rektor",
            "skole lekse klasse",
            "skole rektor klasse",
            "hund bånd",
            "hund tur",
            "hund bånd park",
            "hund tur park",
        ];
        Meaning::along_axes(&texts.map(counts), 2)
    }

    #[track_caller]
    fn likeness(a: &str, b: &str) -> f32 {
        let meaning = meaning();
        let place = |text| meaning.place(&counts(text)).unwrap();
        dot(&place(a), &place(b))
    }

    #[test]
    fn words_that_stand_beside_the_same_words_mean_alike() {
        assert!(0.5 < likeness("lekse", "rektor"));
        assert!(likeness("lekse", "hund") < 0.0);
        assert!(0.999 < likeness("bånd", "bånd"));
    }

    #[test]
    fn a_text_of_unknown_words_lies_nowhere() {
        assert!(meaning().place(&counts("zyx")).is_none());
        assert!(meaning().place(&counts("")).is_none());
        assert!(Meaning::of(&[]).place(&counts("skole")).is_none());
    }
}
