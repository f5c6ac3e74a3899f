//! The main axes of sparse vectors: a randomised truncated singular value decomposition
//! (Halko, Martinsson & Tropp 2011). The same vectors give the same axes every time.

use crate::space::Vector;

/// So many axes more than wanted are followed: the last ones come out blurred.
const SPARE_AXES: usize = 60;
/// So often the vectors are passed through, so that strong axes stand out.
const POWER_ROUNDS: usize = 12;
/// A column that is shorter after what it shares with others is taken out, is noise.
const LENGTH_MIN: f32 = 1e-4;
/// Rotations end when what is left beside the diagonal is so small a share of it.
const OFF_DIAGONAL_MAX: f64 = 1e-9;
/// ... or after so many sweeps.
const SWEEPS_MAX: usize = 30;

/// A matrix, row by row.
#[derive(Clone, Debug, Default)]
pub(super) struct Matrix {
    pub(super) width: usize,
    pub(super) cells: Vec<f32>,
}

impl Matrix {
    fn zeros(rows: usize, width: usize) -> Self {
        Self { width, cells: vec![0.0; rows * width] }
    }

    pub(super) fn row(&self, at: usize) -> &[f32] {
        &self.cells[at * self.width..][..self.width]
    }

    fn row_mut(&mut self, at: usize) -> &mut [f32] {
        &mut self.cells[at * self.width..][..self.width]
    }

    fn turned(&self) -> Self {
        let rows = self.cells.len().checked_div(self.width).unwrap_or(0);
        let mut turned = Self::zeros(self.width, rows);
        for (at, row) in self.cells.chunks_exact(self.width.max(1)).enumerate() {
            row.iter().enumerate().for_each(|(column, it)| turned.cells[column * rows + at] = *it);
        }
        turned
    }
}

/// The axes along which vectors differ most, strongest first, at most `rank`: one row for each of
/// the `dimensions`, one column for each axis.
pub(super) fn axes(vectors: &[Vector], dimensions: usize, rank: usize) -> Matrix {
    let width = (rank + SPARE_AXES).min(vectors.len()).min(dimensions);
    let mut along = signs(dimensions, width);
    let mut across = times(vectors, &along);
    for _ in 0..POWER_ROUNDS {
        across = orthonormal(&across);
        along = turned_times(vectors, &across, dimensions);
        across = times(vectors, &along);
    }
    let along = turned_times(vectors, &orthonormal(&across), dimensions);
    turned_by(&along, &eigen(inner(&along), width), rank)
}

/// Random signs: xorshift (Marsaglia 2003) from a fixed seed.
fn signs(rows: usize, width: usize) -> Matrix {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        if state >> 63 == 0 { 1.0 } else { -1.0 }
    };
    Matrix { width, cells: std::iter::repeat_with(&mut next).take(rows * width).collect() }
}

fn times(vectors: &[Vector], along: &Matrix) -> Matrix {
    let mut product = Matrix::zeros(vectors.len(), along.width);
    for (at, vector) in vectors.iter().enumerate() {
        let row = product.row_mut(at);
        vector.iter().for_each(|(dimension, it)| add(row, *it, along.row(*dimension as usize)));
    }
    product
}

fn turned_times(vectors: &[Vector], across: &Matrix, dimensions: usize) -> Matrix {
    let mut product = Matrix::zeros(dimensions, across.width);
    for (at, vector) in vectors.iter().enumerate() {
        for (dimension, it) in vector {
            add(product.row_mut(*dimension as usize), *it, across.row(at));
        }
    }
    product
}

pub(super) fn add(to: &mut [f32], share: f32, row: &[f32]) {
    to.iter_mut().zip(row).for_each(|(to, it)| *to += share * it);
}

pub(super) fn dot(a: &[f32], b: &[f32]) -> f32 {
    // Eight sums side by side: the processor adds them at once.
    let mut sums = [0.0_f32; 8];
    let (a_parts, b_parts) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f32 = a_parts.remainder().iter().zip(b_parts.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in a_parts.zip(b_parts) {
        sums.iter_mut().zip(a.iter().zip(b)).for_each(|(sum, (a, b))| *sum += a * b);
    }
    sums.iter().sum::<f32>() + rest
}

/// The columns made perpendicular to each other and of length one (Gram & Schmidt, twice).
fn orthonormal(matrix: &Matrix) -> Matrix {
    let mut columns = matrix.turned();
    let (n, length) = (matrix.width, columns.width);
    for at in 0..n {
        let (before, from) = columns.cells.split_at_mut(at * length);
        let column = &mut from[..length];
        let first = dot(column, column).sqrt();
        for _ in 0..2 {
            for other in before.chunks_exact(length.max(1)) {
                let shared = dot(column, other);
                add(column, -shared, other);
            }
        }
        let left = dot(column, column).sqrt();
        let scale = if LENGTH_MIN * first < left { 1.0 / left } else { 0.0 };
        column.iter_mut().for_each(|it| *it *= scale);
    }
    columns.turned()
}

/// The inner products of the columns.
fn inner(matrix: &Matrix) -> Vec<f64> {
    let width = matrix.width;
    let mut sums = vec![0.0_f64; width * width];
    for row in matrix.cells.chunks_exact(width.max(1)) {
        for (at, a) in row.iter().enumerate().filter(|it| *it.1 != 0.0) {
            let a = f64::from(*a);
            let to = &mut sums[at * width..][..width];
            to.iter_mut().zip(row).for_each(|(sum, b)| *sum += a * f64::from(*b));
        }
    }
    sums
}

/// Eigenvalues with their eigenvectors, largest first, by Jacobi's rotations (Jacobi 1846).
fn eigen(mut square: Vec<f64>, n: usize) -> Vec<(f64, Vec<f64>)> {
    let mut vectors = vec![0.0; n * n];
    (0..n).for_each(|at| vectors[at * n + at] = 1.0);
    for _ in 0..SWEEPS_MAX {
        let diagonal: f64 = (0..n).map(|at| square[at * n + at].powi(2)).sum();
        let all: f64 = square.iter().map(|it| it * it).sum();
        if all - diagonal <= OFF_DIAGONAL_MAX * OFF_DIAGONAL_MAX * all {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                rotate(&mut square, &mut vectors, (n, p, q));
            }
        }
    }
    // Rotations turned the rows of `vectors`, so each row is an eigenvector.
    let mut found: Vec<(f64, Vec<f64>)> =
        (0..n).map(|at| (square[at * n + at], vectors[at * n..][..n].to_vec())).collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found
}

fn rotate(square: &mut [f64], vectors: &mut [f64], (n, p, q): (usize, usize, usize)) {
    let between = square[p * n + q];
    if between == 0.0 {
        return;
    }
    let theta = (square[q * n + q] - square[p * n + p]) / (2.0 * between);
    let tangent = theta.signum() / (theta.abs() + theta.hypot(1.0));
    let cosine = 1.0 / tangent.hypot(1.0);
    let sine = tangent * cosine;
    let turn = |a: &mut [f64], i: usize, j: usize| {
        let (x, y) = (a[i], a[j]);
        a[i] = cosine * x - sine * y;
        a[j] = sine * x + cosine * y;
    };
    for at in 0..n {
        turn(square, at * n + p, at * n + q);
    }
    for at in 0..n {
        turn(square, p * n + at, q * n + at);
        turn(vectors, p * n + at, q * n + at);
    }
}

/// The columns put together as the eigenvectors say, each of length one.
fn turned_by(along: &Matrix, eigen: &[(f64, Vec<f64>)], rank: usize) -> Matrix {
    const SHARE_MIN: f64 = 1e-8;
    let largest = eigen.first().map_or(0.0, |it| it.0);
    let kept: Vec<Vec<f32>> = eigen
        .iter()
        .take(rank)
        .filter(|it| largest * SHARE_MIN < it.0)
        .map(|(value, vector)| vector.iter().map(|it| narrow(it / value.sqrt())).collect())
        .collect();
    let rows = along.cells.len().checked_div(along.width).unwrap_or(0);
    let mut turned = Matrix::zeros(rows, kept.len());
    for at in 0..rows {
        let row = along.row(at);
        let to = turned.row_mut(at);
        to.iter_mut().zip(&kept).for_each(|(to, vector)| *to = dot(row, vector));
    }
    turned
}

#[expect(clippy::cast_possible_truncation, reason = "the parts of a unit vector need few digits")]
pub(super) fn narrow(it: f64) -> f32 {
    it as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three subjects with words of their own; the third is half as frequent.
    fn vectors() -> Vec<Vector> {
        let of = |subject: u32, n: u32| {
            let word = move |at: u32| vec![(3 * subject + at % 3, 0.8), (3 * subject + 2, 0.6)];
            (0..n).map(word).collect::<Vec<Vector>>()
        };
        [of(0, 8), of(1, 8), of(2, 4)].concat()
    }

    #[test]
    fn axes_are_perpendicular_and_of_length_one() {
        let axes = axes(&vectors(), 9, 3).turned();
        for a in 0..3 {
            for b in 0..3 {
                let expected = if a == b { 1.0 } else { 0.0 };
                assert!((dot(axes.row(a), axes.row(b)) - expected).abs() < 1e-3, "{a} {b}");
            }
        }
    }

    #[test]
    fn what_stands_together_lies_together() {
        let axes = axes(&vectors(), 9, 3);
        let (same, other) = (dot(axes.row(0), axes.row(2)), dot(axes.row(0), axes.row(5)));
        assert!(0.1 < same && other.abs() < 1e-3, "{same} {other}");
    }

    #[test]
    fn the_same_vectors_give_the_same_axes() {
        assert_eq!(axes(&vectors(), 9, 3).cells, axes(&vectors(), 9, 3).cells);
    }

    #[test]
    fn few_vectors_give_few_axes() {
        assert_eq!(axes(&[], 0, 5).cells.len(), 0);
        assert_eq!(axes(&[vec![(0, 1.0)]], 1, 5).width, 1);
        assert_eq!(axes(&vec![vec![(0, 0.6), (1, 0.8)]; 4], 2, 5).width, 1);
    }
}
