//! Sparse vectors of texts, and what words, pairs of words and grams inside words weigh.

use std::hash::Hasher;

/// A sparse vector of unit length, by dimension.
pub(crate) type Vector = Vec<(u32, f32)>;

/// What a word that says nothing of the subject still weighs.
pub(crate) const STOP_WEIGHT: f32 = 0.2;
/// What a pair of neighbours weighs.
pub(crate) const PAIR_WEIGHT: f32 = 0.5;
/// What a pair weighs in which words say nothing of the subject.
pub(crate) fn pair_weight(a_is_stop: bool, b_is_stop: bool) -> f32 {
    match (a_is_stop, b_is_stop) {
        (false, false) => 1.0,
        (true, true) => STOP_WEIGHT,
        (true, false) | (false, true) => STOP_WEIGHT * 2.2,
    }
}

/// A count, of which many are worth little more than one.
pub(crate) fn damped(count: f32) -> f32 {
    if count < 1.0 { count } else { 1.0 + count.ln() }
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
    // Which of the two goes on cannot be foretold: without branches it is twice as fast.
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        sum += if x.0 == y.0 { x.1 * y.1 } else { 0.0 };
        i += usize::from(x.0 <= y.0);
        j += usize::from(y.0 <= x.0);
    }
    sum
}

/// Spreads numbers over a table; what is hashed by it is a number already.
#[derive(Debug, Default)]
pub(crate) struct Mixed(u64);

impl Hasher for Mixed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|it| self.write_u64(u64::from(*it)));
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(u64::from(number));
    }

    fn write_u64(&mut self, number: u64) {
        const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
        let mixed = (self.0 ^ number).wrapping_mul(ODD);
        self.0 = mixed ^ (mixed >> 32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vector_has_unit_length_and_is_sorted() {
        assert_eq!(unit(vec![(3, 4.0), (1, 3.0)]), [(1, 0.6), (3, 0.8)]);
        assert_eq!(dot(&vec![(1, 0.6), (3, 0.8)], &vec![(2, 1.0), (3, 0.5)]), 0.4);
    }
}
