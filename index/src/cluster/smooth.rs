//! Wordings drawn towards their neighbours, so that two which share no word but have neighbours
//! in common come near; and how alike they are.

use super::nearest::Neighbors;
use crate::space::{Vector, unit};

/// So many neighbours draw.
const NEIGHBORS: usize = 10;
/// So many dimensions are kept, those that weigh most: the others say next to nothing and cost
/// the most.
const DIMENSIONS_MAX: usize = 64;
/// So many columns of a matrix are written side by side: one at a time would touch all of memory.
const COLUMNS: usize = 16;

/// Sums by dimension, laid out in full and used for one vector after another: several times
/// faster than a table of those that are there.
pub(super) struct Sums {
    full: Vec<f32>,
    held: Vec<u32>,
}

impl Sums {
    /// Room for the sum of any of these vectors.
    pub(super) fn of(vectors: &[Vector]) -> Self {
        let dimensions = vectors.iter().flat_map(|it| it.last()).map(|it| it.0 as usize + 1);
        Self { full: vec![0.0; dimensions.max().unwrap_or(0)], held: vec![] }
    }

    /// Adds a vector to the sum.
    pub(super) fn add(&mut self, vector: &Vector, weight: f32) {
        for (dimension, value) in vector {
            let (sum, more) = (&mut self.full[*dimension as usize], weight * value);
            if *sum == 0.0 && more != 0.0 {
                self.held.push(*dimension);
            }
            *sum += more;
        }
    }

    /// What the sum has in common with a vector: their inner product.
    pub(super) fn dot(&self, vector: &Vector) -> f32 {
        vector.iter().fold(0.0, |sum, it| sum + self.full[it.0 as usize] * it.1)
    }

    /// The sum, in no order; the next one begins anew.
    pub(super) fn take(&mut self) -> Vector {
        let full = &mut self.full;
        self.held.drain(..).map(|it| (it, std::mem::take(&mut full[it as usize]))).collect()
    }
}

/// The vectors of a part, each halfway to its neighbours, near ones more.
pub(super) fn smoothed(
    part: &[usize],
    (vectors, neighbors): (&[Vector], &[Neighbors]),
    sums: &mut Sums,
) -> Vec<Vector> {
    let smooth = |at: &usize| {
        let near = &neighbors[*at][..neighbors[*at].len().min(NEIGHBORS)];
        let total: f32 = near.iter().map(|it| it.likeness.powi(3)).sum();
        if total <= 0.0 {
            return vectors[*at].clone();
        }
        sums.add(&vectors[*at], 0.5);
        for link in near {
            sums.add(&vectors[link.to()], 0.5 * link.likeness.powi(3) / total);
        }
        unit(heaviest(sums.take()))
    };
    part.iter().map(smooth).collect()
}

/// The dimensions that weigh most.
fn heaviest(mut vector: Vector) -> Vector {
    if DIMENSIONS_MAX < vector.len() {
        vector
            .select_nth_unstable_by(DIMENSIONS_MAX, |a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        vector.truncate(DIMENSIONS_MAX);
        vector.shrink_to_fit();
    }
    vector
}

/// The likeness of each pair, a full matrix row by row. Most pairs share few dimensions: each
/// vector follows its own to the vectors before it that have them too.
pub(super) fn likeness(vectors: &[Vector]) -> Vec<f32> {
    let n = vectors.len();
    let mut lists = Lists::of(vectors);
    let mut numbers = std::mem::take(&mut lists.numbers).into_iter();
    let mut likeness = vec![0.0; n * n];
    for ((i, vector), at) in vectors.iter().enumerate().zip(0_u32..) {
        let row = &mut likeness[i * n..=i * n + i];
        for ((_, weight), number) in vector.iter().zip(&mut numbers) {
            for (other, value) in lists.before(number) {
                row[*other as usize] += weight * value;
            }
            lists.push(number, (at, *weight));
        }
        row[i] = 1.0;
    }
    mirrored(&mut likeness, n);
    likeness
}

/// Copies what is below the diagonal of a matrix to above it.
fn mirrored(matrix: &mut [f32], n: usize) {
    for from in (0..n).step_by(COLUMNS) {
        let to = (from + COLUMNS).min(n);
        for column in 0..to {
            for row in from.max(column + 1)..to {
                matrix[column * n + row] = matrix[row * n + column];
            }
        }
    }
}

/// Which vectors have a dimension and how much it weighs there, the dimensions numbered anew.
struct Lists {
    /// The number of each entry's dimension, vector by vector.
    numbers: Vec<u32>,
    /// Where the list of each dimension starts, and where it ends by now.
    ranges: Vec<(u32, u32)>,
    entries: Vec<(u32, f32)>,
}

impl Lists {
    /// Room for the lists of these vectors; they are empty yet.
    fn of(vectors: &[Vector]) -> Self {
        let mut places: Vec<(u32, u32)> =
            vectors.iter().flatten().map(|it| it.0).zip(0_u32..).collect();
        places.sort_unstable();
        let mut numbers = vec![0; places.len()];
        let (mut ranges, mut start) = (vec![], 0);
        for (same, number) in places.chunk_by(|a, b| a.0 == b.0).zip(0_u32..) {
            for (_, place) in same {
                numbers[*place as usize] = number;
            }
            ranges.push((start, start));
            start += u32::try_from(same.len()).unwrap_or(u32::MAX);
        }
        Self { numbers, ranges, entries: vec![(0, 0.0); places.len()] }
    }

    fn before(&self, number: u32) -> &[(u32, f32)] {
        let (start, end) = self.ranges[number as usize];
        &self.entries[start as usize..end as usize]
    }

    fn push(&mut self, number: u32, entry: (u32, f32)) {
        let end = &mut self.ranges[number as usize].1;
        self.entries[*end as usize] = entry;
        *end += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::space::dot;

    #[test]
    fn likeness_is_the_inner_product_of_each_pair() {
        let vector = |at: u32| unit((0..at % 5).map(|it| ((at + it * it) % 23, 1.0)).collect());
        let vectors: Vec<Vector> = (0..40).map(vector).collect();
        let likeness = likeness(&vectors);
        for (i, a) in vectors.iter().enumerate() {
            for (j, b) in vectors.iter().enumerate() {
                let expected = if i == j { 1.0 } else { dot(a, b) };
                assert!((likeness[i * 40 + j] - expected).abs() < 1e-6, "{i} {j}");
            }
        }
    }
}
