//! Who is like whom: the nearest wordings of each, by an inverted index.

use crate::parallel::one_by_one;
use crate::space::{Vector, dot};

/// The most alike wordings of one, best first.
pub(super) type Neighbors = Vec<Link>;

/// One wording's neighbour.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    pub(super) to: u32,
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
        Self { starts, entries }.shortened()
    }

    /// Keeps the heaviest of each feature, in order of their places: so they are read fastest.
    fn shortened(mut self) -> Self {
        let (mut from, mut end) = (0, 0);
        for next in 1..self.starts.len() {
            let to = self.starts[next];
            let many = &mut self.entries[from..to];
            if POSTINGS_MAX < many.len() {
                let heavier =
                    |a: &(u32, f32), b: &(u32, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
                many.select_nth_unstable_by(POSTINGS_MAX, heavier);
                many[..POSTINGS_MAX].sort_unstable_by_key(|it| it.0);
            }
            let kept = many.len().min(POSTINGS_MAX);
            self.entries.copy_within(from..from + kept, end);
            (from, end) = (to, end + kept);
            self.starts[next] = end;
        }
        self.entries.truncate(end);
        self.entries.shrink_to_fit();
        self
    }

    fn of_dimension(&self, dimension: u32) -> &[(u32, f32)] {
        &self.entries[self.starts[dimension as usize]..self.starts[dimension as usize + 1]]
    }
}

/// The `k` most alike wordings of each.
pub(super) fn neighbors(
    vectors: &[Vector],
    k: usize,
    differ: impl Fn(usize, usize) -> bool + Sync,
) -> Vec<Neighbors> {
    let postings = Postings::of(vectors);
    let links = |search: &mut Search<'_>, at: usize| {
        let link = |(to, likeness): (u32, f32)| {
            let differs = differ(at, to as usize);
            Link { to, likeness, differs }
        };
        search.nearest(at).into_iter().map(link).collect()
    };
    one_by_one(vectors.len(), || Search::of(vectors, &postings, k), links)
}

/// Finds the nearest of one after another.
struct Search<'a> {
    vectors: &'a [Vector],
    postings: &'a Postings,
    k: usize,
    scores: Vec<f32>,
    /// Who has a score; as long as there are wordings.
    touched: Vec<u32>,
}

impl<'a> Search<'a> {
    fn of(vectors: &'a [Vector], postings: &'a Postings, k: usize) -> Self {
        let (scores, touched) = (vec![0.0; vectors.len()], vec![0; vectors.len() + 1]);
        Self { vectors, postings, k, scores, touched }
    }

    fn nearest(&mut self, at: usize) -> Vec<(u32, f32)> {
        let mut n = 0;
        for (dimension, weight) in &self.vectors[at] {
            for (other, value) in self.postings.of_dimension(*dimension) {
                let (score, more) = (&mut self.scores[*other as usize], weight * value);
                // Written always and counted at the first time: faster than asking.
                self.touched[n] = *other;
                n += usize::from((*score == 0.0) & (more != 0.0));
                *score += more;
            }
        }
        self.scores[at] = 0.0;
        let mut best = Best { k: self.k, kept: Vec::with_capacity(4 * self.k), least: 0 };
        for other in &self.touched[..n] {
            best.push(*other, std::mem::take(&mut self.scores[*other as usize]));
        }
        // Features that many share were followed in part: the likeness of the best is counted anew.
        let likeness = |other: u32| dot(&self.vectors[at], &self.vectors[other as usize]);
        let mut found: Vec<(u32, f32)> = best.found().map(|it| (it, likeness(it))).collect();
        found.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        found
    }
}

/// The best of many; most are worse than those found so far and are not kept at all.
struct Best {
    k: usize,
    /// Score and place in one number each: of equals the first place is the best.
    kept: Vec<u64>,
    /// What a number must surpass.
    least: u64,
}

impl Best {
    fn push(&mut self, place: u32, score: f32) {
        // Numbers above zero are ordered as their bits are.
        let number = u64::from(score.to_bits()) << 32 | u64::from(!place);
        if 0.0 < score && self.least < number {
            if self.kept.len() == self.kept.capacity() {
                self.shorten();
            }
            self.kept.push(number);
        }
    }

    fn shorten(&mut self) {
        if self.k < self.kept.len() {
            self.kept.select_nth_unstable_by(self.k, |a, b| b.cmp(a));
            self.least = self.kept[self.k];
            self.kept.truncate(self.k);
        }
    }

    fn found(mut self) -> impl Iterator<Item = u32> {
        self.shorten();
        self.kept.into_iter().map(|it| u32::try_from(!it & u64::from(u32::MAX)).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_are_kept_and_of_equals_the_first() {
        let scores: Vec<f32> = (0..500_u16).map(|at| f32::from(at * 7 % 100)).collect();
        let mut best = Best { k: 12, kept: Vec::with_capacity(48), least: 0 };
        (0..).zip(&scores).for_each(|(at, score)| best.push(at, *score));
        let mut expected: Vec<usize> = (0..500).collect();
        expected.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]).then(a.cmp(b)));
        expected.truncate(12);
        expected.sort_unstable();
        let mut found: Vec<usize> = best.found().map(|it| it as usize).collect();
        found.sort_unstable();
        assert_eq!(found, expected);
    }
}
