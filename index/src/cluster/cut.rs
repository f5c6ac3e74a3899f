//! Where to cut a tree: by Bayesian evidence that one group explains two branches better than two
//! do (Heller & Ghahramani 2005 cut a hierarchy so), found exactly from the leaves up.

use super::mixture::{Bag, Model};
use super::tree::Merge;
use super::wordings::Token;

/// Branches so alike are one group, whatever the evidence: a log of a few lines has little.
const ALIKE_MIN: f32 = 0.80;

/// What is cut: wordings by place, each with its distinct tokens, and the tree over them.
pub(super) struct Tree<'a> {
    pub(super) leaves: &'a [&'a [Token]],
    /// By leaf: its neighbours in the tree, and whether they want a different answer.
    pub(super) links: Vec<Vec<(usize, bool)>>,
    pub(super) merges: Vec<Merge>,
}

struct Node {
    bag: Bag,
    leaves: Vec<usize>,
    /// The best partition of the leaves, and its score.
    best: Vec<Vec<usize>>,
    score: f64,
    /// What its leaves are marked with.
    mark: usize,
}

/// Cuts the tree; `may_merge` says which leaves an editor keeps apart.
pub(super) fn cut(
    tree: &Tree<'_>,
    model: &Model,
    may_merge: impl Fn(&[usize], &[usize]) -> bool,
) -> Vec<Vec<usize>> {
    let leaf = |(at, tokens): (usize, &&[Token])| {
        let bag: Bag = tokens.iter().map(|token| (*token, 1)).collect();
        let score = model.evidence(&bag, 1);
        Some(Node { bag, leaves: vec![at], best: vec![vec![at]], score, mark: at })
    };
    let mut nodes: Vec<Option<Node>> = tree.leaves.iter().enumerate().map(leaf).collect();
    let mut marks: Vec<usize> = (0..nodes.len()).collect();
    for merge in &tree.merges {
        let parts = (nodes[merge.left].take(), nodes[merge.right].take());
        let (Some(left), Some(right)) = parts else { continue };
        let (mut large, small) =
            if left.leaves.len() < right.leaves.len() { (right, left) } else { (left, right) };
        large.bag = sum(&large.bag, &small.bag);
        let size = large.leaves.len() + small.leaves.len();
        let together = model.evidence(&large.bag, size);
        let apart = large.score + small.score;
        let is_one = (apart < together || ALIKE_MIN <= merge.likeness)
            && !tree.differ(&small, large.mark, &marks)
            && may_merge(&large.leaves, &small.leaves);
        small.leaves.iter().for_each(|leaf| marks[*leaf] = large.mark);
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

impl Tree<'_> {
    /// Whether most links from a node to the leaves with a mark join wordings that differ.
    fn differ(&self, node: &Node, mark: usize, marks: &[usize]) -> bool {
        let links = node.leaves.iter().flat_map(|leaf| &self.links[*leaf]);
        let there = links.filter(|(to, _)| marks[*to] == mark);
        let (mut all, mut differing) = (0, 0);
        for (_, differs) in there {
            all += 1;
            differing += usize::from(*differs);
        }
        all < 2 * differing
    }
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
