//! Wordings as sparse vectors: words, pairs of words, grams inside words and the pages that they
//! lead to.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use super::wordings::{Token, Wording, Wordings};
use crate::analysis::grams;
use crate::parallel::in_parallel;
use crate::space::{Mixed, PAIR_WEIGHT, STOP_WEIGHT, Vector, damped, pair_weight, rarity, unit};

/// What the pages that two texts both lead to weigh beside their words.
const PAGES_SHARE: f32 = 0.5;

/// In a log of so many wordings, half counts of what one wording alone has: in a small log nearly
/// all is such, and most of it would be shared in a larger one.
const OWN_HALF: f32 = 100.0;

/// So many wordings are read before what they have is numbered: all at once would take much room.
const READ_AT_ONCE: usize = 20_000;

/// How often a text has each feature.
type Counts = Vec<(u64, f32)>;

/// A kind of feature: numbers them as they come and counts the wordings that have each.
#[derive(Default)]
struct Kind {
    numbers: HashMap<u64, u32, BuildHasherDefault<Mixed>>,
    spread: Vec<u32>,
}

impl Kind {
    fn number(&mut self, feature: u64) -> u32 {
        let next = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        let number = *self.numbers.entry(feature).or_insert(next);
        if number == next {
            self.spread.push(0);
        }
        number
    }

    fn count(&mut self, counts: &Counts) -> Vector {
        let numbered = counts.iter().map(|(feature, count)| (self.number(*feature), *count));
        let vector: Vector = numbered.collect();
        vector.iter().for_each(|(number, _)| self.spread[*number as usize] += 1);
        vector
    }

    /// Weighs counts by rarity. What one wording alone has counts for the length only, and the less
    /// the smaller the log.
    fn weighed(&self, counts: &Vector, n: u32) -> Vector {
        let spread = |number: u32| self.spread[number as usize];
        let own = own_weight(n);
        let weigh = |it: &(u32, f32)| {
            let weight = damped(it.1) * rarity(n, spread(it.0));
            (it.0, if spread(it.0) == 1 { own * weight } else { weight })
        };
        let mut vector = unit(counts.iter().map(weigh).collect());
        vector.retain(|(number, _)| 1 < spread(*number));
        vector
    }
}

/// What counts of what one of `n` wordings alone has, 0 to 1.
#[expect(clippy::cast_precision_loss, reason = "exact as long as it matters")]
fn own_weight(n: u32) -> f32 {
    let square = (n as f32).powi(2);
    square / (square + OWN_HALF.powi(2))
}

/// The vectors of wordings, each of unit length.
pub(super) fn vectors(wordings: &Wordings<'_>) -> Vec<Vector> {
    let grams = grams_of(&wordings.keys);
    let (mut words, mut inner, mut pages) = (Kind::default(), Kind::default(), Kind::default());
    let mut count = |[a, b, c]: [Counts; 3]| [words.count(&a), inner.count(&b), pages.count(&c)];
    let mut counted: Vec<[Vector; 3]> = Vec::with_capacity(wordings.all.len());
    for some in wordings.all.chunks(READ_AT_ONCE) {
        let features = |it: &Wording<'_>| [words_of(it), inside_of(it, &grams), pages_of(it)];
        let read = in_parallel(some.len(), |range| some[range].iter().map(features).collect());
        counted.extend(read.into_iter().map(&mut count));
    }
    let n = u32::try_from(counted.len()).unwrap_or(u32::MAX);
    let offsets = [0, words.spread.len(), words.spread.len() + inner.spread.len()];
    let offsets = offsets.map(|it| u32::try_from(it).unwrap_or(u32::MAX));
    let vector = |[a, b, c]: &[Vector; 3]| {
        let (a, b) = (words.weighed(a, n), inner.weighed(b, n));
        let of_text = joined([(a, 0.5), (b, 0.5)], [offsets[0], offsets[1]]);
        if c.is_empty() {
            return of_text;
        }
        joined([(of_text, 1.0 - PAGES_SHARE), (unit(c.clone()), PAGES_SHARE)], [0, offsets[2]])
    };
    let own = offsets[2] + u32::try_from(pages.spread.len()).unwrap_or(u32::MAX);
    in_parallel(counted.len(), |range| {
        let own = |at: usize| own + u32::try_from(at).unwrap_or(u32::MAX);
        range.map(|at| whole(vector(&counted[at]), own(at))).collect()
    })
}

/// Puts what no other wording has into one dimension of its own, so that the length is one.
fn whole(mut vector: Vector, own: u32) -> Vector {
    let held: f32 = vector.iter().map(|it| it.1 * it.1).sum();
    if held < 1.0 {
        vector.push((own, (1.0 - held).sqrt()));
    }
    vector
}

/// The grams inside a wording's words.
fn inside_of(wording: &Wording<'_>, grams: &[Vec<u32>]) -> Counts {
    let words = wording.tokens.iter().filter(|token| !token.is_stop());
    let inside = words.flat_map(|token| &grams[token.number() as usize]);
    summed(inside.map(|gram| (u64::from(*gram), 1.0)).collect())
}

/// Words with their counts, and pairs of neighbours.
fn words_of(wording: &Wording<'_>) -> Counts {
    let weight = |token: &Token| if token.is_stop() { STOP_WEIGHT } else { 1.0 };
    let words = wording.tokens.iter().map(|it| (u64::from(it.number()), weight(it)));
    let pairs = wording.tokens.windows(2).map(|pair| {
        let feature = (u64::from(pair[0].number()) + 1) << 32 | u64::from(pair[1].number());
        (feature, PAIR_WEIGHT * pair_weight(pair[0].is_stop(), pair[1].is_stop()))
    });
    summed(words.chain(pairs).collect())
}

/// The pages and passages that a wording leads to; near ones count much more.
fn pages_of(wording: &Wording<'_>) -> Counts {
    let places = wording.pages.iter().chain(wording.passages);
    summed(places.map(|(place, score)| (*place, score * score)).collect())
}

fn summed(mut counts: Counts) -> Counts {
    counts.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
    counts.dedup_by(|next, kept| {
        let is_same = next.0 == kept.0;
        if is_same {
            kept.1 += next.1;
        }
        is_same
    });
    counts
}

/// The numbers of each word's grams.
fn grams_of(keys: &[String]) -> Vec<Vec<u32>> {
    let mut numbers: HashMap<String, u32> = HashMap::new();
    let mut number = |gram: String| {
        let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
        *numbers.entry(gram).or_insert(next)
    };
    keys.iter().map(|key| grams(key).into_iter().map(&mut number).collect()).collect()
}

/// Parts side by side, each with its share of the squared length.
fn joined(parts: [(Vector, f32); 2], offsets: [u32; 2]) -> Vector {
    let mut all = Vector::new();
    for ((part, share), offset) in parts.into_iter().zip(offsets) {
        all.extend(part.into_iter().map(|(at, weight)| (at + offset, weight * share.sqrt())));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_wording_alone_has_counts_for_less_in_a_small_log() {
        let mut kind = Kind::default();
        let counts: [Vector; 2] = [1, 2].map(|own| kind.count(&vec![(0, 1.0), (own, 1.0)]));
        let shared = |n| kind.weighed(&counts[0], n)[0].1;
        assert!(0.95 < shared(10), "{}", shared(10));
        assert!(shared(10_000) < 0.75, "{}", shared(10_000));
    }
}
