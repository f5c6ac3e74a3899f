//! Who is like whom: the nearest wordings of each, by an inverted index.

use crate::parallel::in_parallel;
use crate::space::{Vector, dot};

/// The most alike wordings of one, best first.
pub(super) type Neighbors = Vec<Link>;

/// One wording's neighbour.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    to: u32,
    pub(super) likeness: f32,
    /// Whether the two want different answers, however alike they are.
    pub(super) differs: bool,
}

impl Link {
    pub(super) fn to(&self) -> usize {
        self.to as usize
    }
}

/// So many wordings are followed for a feature that many share: those in which it weighs most.
const POSTINGS_MAX: usize = 300;

/// Which wordings have a feature, and how much it weighs there.
struct Postings {
    starts: Vec<usize>,
    entries: Vec<(u32, f32)>,
}

impl Postings {
    fn of(vectors: &[Vector]) -> Self {
        let dimensions = vectors.iter().flatten().map(|it| it.0 as usize + 1).max().unwrap_or(0);
        let mut starts = vec![0_usize; dimensions + 1];
        vectors.iter().flatten().for_each(|it| starts[it.0 as usize + 1] += 1);
        for at in 0..dimensions {
            starts[at + 1] += starts[at];
        }
        let mut next = starts.clone();
        let mut entries = vec![(0, 0.0); starts[dimensions]];
        for (at, vector) in (0_u32..).zip(vectors) {
            for (dimension, weight) in vector {
                entries[next[*dimension as usize]] = (at, *weight);
                next[*dimension as usize] += 1;
            }
        }
        for range in starts.windows(2) {
            let many = &mut entries[range[0]..range[1]];
            if POSTINGS_MAX < many.len() {
                many.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            }
        }
        Self { starts, entries }
    }

    fn of_dimension(&self, dimension: u32) -> &[(u32, f32)] {
        let range = self.starts[dimension as usize]..self.starts[dimension as usize + 1];
        let all = &self.entries[range];
        &all[..all.len().min(POSTINGS_MAX)]
    }
}

/// The `k` most alike wordings of each.
pub(super) fn neighbors(
    vectors: &[Vector],
    k: usize,
    differ: impl Fn(usize, usize) -> bool + Sync,
) -> Vec<Neighbors> {
    let postings = Postings::of(vectors);
    in_parallel(vectors.len(), |range| {
        let mut scores = vec![0.0_f32; vectors.len()];
        let mut links = |at: usize| {
            let near = nearest(at, vectors, &postings, (&mut scores, k));
            let link = |(to, likeness): (u32, f32)| Link {
                to,
                likeness,
                differs: differ(at, to as usize),
            };
            near.into_iter().map(link).collect()
        };
        range.map(&mut links).collect()
    })
}

fn nearest(
    at: usize,
    vectors: &[Vector],
    postings: &Postings,
    (scores, k): (&mut [f32], usize),
) -> Vec<(u32, f32)> {
    let mut touched: Vec<u32> = vec![];
    for (dimension, weight) in &vectors[at] {
        for (other, value) in postings.of_dimension(*dimension) {
            let score = &mut scores[*other as usize];
            if *score == 0.0 {
                touched.push(*other);
            }
            *score += weight * value;
        }
    }
    let mut found: Vec<(u32, f32)> = touched
        .into_iter()
        .map(|other| (other, std::mem::take(&mut scores[other as usize])))
        .filter(|(other, score)| *other as usize != at && 0.0 < *score)
        .collect();
    let better = |a: &(u32, f32), b: &(u32, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
    if k < found.len() {
        found.select_nth_unstable_by(k, better);
        found.truncate(k);
    }
    // Features that many share were followed in part: the likeness of the best is counted anew.
    found.iter_mut().for_each(|it| it.1 = dot(&vectors[at], &vectors[it.0 as usize]));
    found.sort_unstable_by(better);
    found
}
