//! Where to cut a tree: by Bayesian evidence that one group explains two branches better than two
//! do (Heller & Ghahramani 2005 cut a hierarchy so), found exactly from the leaves up.

use super::mixture::{Bag, Model};
use super::tree::Merge;
use super::wordings::Token;

/// Branches so alike are one group, whatever the evidence: a log of a few lines has little.
const ALIKE_MIN: f32 = 0.80;

struct Node {
    bag: Bag,
    leaves: Vec<usize>,
    /// The best partition of the leaves, and its score.
    best: Vec<Vec<usize>>,
    score: f64,
}

/// Cuts the tree over wordings, each with its distinct tokens; `may_merge` says which leaves an
/// editor keeps apart.
pub(super) fn cut(
    leaves: &[&[Token]],
    merges: &[Merge],
    model: &Model,
    may_merge: impl Fn(&[usize], &[usize]) -> bool,
) -> Vec<Vec<usize>> {
    let leaf = |(at, tokens): (usize, &&[Token])| {
        let bag: Bag = tokens.iter().map(|token| (*token, 1)).collect();
        let score = model.evidence(&bag, 1);
        Some(Node { bag, leaves: vec![at], best: vec![vec![at]], score })
    };
    let mut nodes: Vec<Option<Node>> = leaves.iter().enumerate().map(leaf).collect();
    for merge in merges {
        let parts = (nodes[merge.left].take(), nodes[merge.right].take());
        let (Some(left), Some(right)) = parts else { continue };
        let (mut large, small) =
            if left.leaves.len() < right.leaves.len() { (right, left) } else { (left, right) };
        large.bag = sum(&large.bag, &small.bag);
        let size = large.leaves.len() + small.leaves.len();
        let together = model.evidence(&large.bag, size);
        let apart = large.score + small.score;
        let is_one = (apart < together || ALIKE_MIN <= merge.likeness)
            && may_merge(&large.leaves, &small.leaves);
        large.leaves.extend(small.leaves);
        if is_one {
            large.best = vec![large.leaves.clone()];
            large.score = together;
        } else {
            large.best.extend(small.best);
            large.score = apart;
        }
        nodes.push(Some(large));
    }
    nodes.into_iter().flatten().flat_map(|it| it.best).collect()
}

/// Two bags in one.
fn sum(a: &Bag, b: &Bag) -> Bag {
    let mut all = Vec::with_capacity(a.len() + b.len());
    let (mut i, mut j) = (0, 0);
    while i < a.len() && j < b.len() {
        match a[i].0.cmp(&b[j].0) {
            std::cmp::Ordering::Less => {
                all.push(a[i]);
                i += 1;
            }
            std::cmp::Ordering::Greater => {
                all.push(b[j]);
                j += 1;
            }
            std::cmp::Ordering::Equal => {
                all.push((a[i].0, a[i].1 + b[j].1));
                i += 1;
                j += 1;
            }
        }
    }
    all.extend_from_slice(&a[i..]);
    all.extend_from_slice(&b[j..]);
    all
}
