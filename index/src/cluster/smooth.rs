//! Wordings drawn towards their neighbours, so that two which share no word but have neighbours
//! in common come near; and how alike they are.

use std::collections::BTreeMap;

use super::nearest::Neighbors;
use crate::space::{Vector, unit};

/// So many neighbours draw.
const NEIGHBORS: usize = 10;
/// So many dimensions are kept, those that weigh most: the others say next to nothing and cost
/// the most.
const DIMENSIONS_MAX: usize = 64;

/// The vectors of a part, each halfway to its neighbours, near ones more.
pub(super) fn smoothed(part: &[usize], vectors: &[Vector], neighbors: &[Neighbors]) -> Vec<Vector> {
    let smooth = |at: &usize| {
        let near = &neighbors[*at][..neighbors[*at].len().min(NEIGHBORS)];
        let total: f32 = near.iter().map(|it| it.likeness.powi(3)).sum();
        if total <= 0.0 {
            return vectors[*at].clone();
        }
        let own = vectors[*at].iter().map(|(it, weight)| (*it, weight * 0.5));
        let mut sum: BTreeMap<u32, f32> = own.collect();
        for link in near {
            let weight = 0.5 * link.likeness.powi(3) / total;
            for (dimension, value) in &vectors[link.to()] {
                *sum.entry(*dimension).or_default() += weight * value;
            }
        }
        unit(heaviest(sum.into_iter().collect()))
    };
    part.iter().map(smooth).collect()
}

/// The dimensions that weigh most.
fn heaviest(mut vector: Vector) -> Vector {
    if DIMENSIONS_MAX < vector.len() {
        vector
            .select_nth_unstable_by(DIMENSIONS_MAX, |a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        vector.truncate(DIMENSIONS_MAX);
    }
    vector
}

/// The likeness of each pair, a full matrix row by row. One vector at a time is laid out in full:
/// looking up where the other has something is several times faster than walking two sorted
/// lists, and adds up the same.
pub(super) fn likeness(vectors: &[Vector]) -> Vec<f32> {
    let n = vectors.len();
    let dimensions = vectors.iter().flat_map(|it| it.last()).map(|it| it.0 as usize + 1);
    let mut full = vec![0.0_f32; dimensions.max().unwrap_or(0)];
    let mut likeness = vec![0.0; n * n];
    for (i, a) in vectors.iter().enumerate() {
        a.iter().for_each(|(it, weight)| full[*it as usize] = *weight);
        likeness[i * n + i] = 1.0;
        for (j, b) in vectors.iter().enumerate().take(i) {
            let both = b.iter().map(|(it, weight)| full[*it as usize] * weight);
            let value = both.fold(0.0, |sum, it| sum + it);
            likeness[i * n + j] = value;
            likeness[j * n + i] = value;
        }
        a.iter().for_each(|(it, _)| full[*it as usize] = 0.0);
    }
    likeness
}
