//! Parts of a log that hang together by their strongest links, and groups of what is alike.

use std::collections::{BTreeMap, BTreeSet};

use super::constraints::Apart;
use super::nearest::{Link, Neighbors};
use super::smooth::likeness;
use super::tree;
use crate::space::Vector;

/// Wordings that no group explains are one when they are so alike on average.
const ALIKE_MIN: f32 = 0.45;
/// So many of them are looked at together.
const PART_MAX: usize = 1_000;

/// Groups of those that are alone (average linkage); what is like no other makes one by itself.
pub(super) fn groups(
    alone: &BTreeSet<usize>,
    (vectors, neighbors): (&[Vector], &[Neighbors]),
    apart: &Apart,
) -> Vec<Vec<usize>> {
    let near = |at: usize, near: &Neighbors| {
        let near = near.iter().filter(|it| ALIKE_MIN <= it.likeness && alone.contains(&it.to()));
        if alone.contains(&at) { near.copied().collect() } else { vec![] }
    };
    let links: Vec<Neighbors> = neighbors.iter().enumerate().map(|(at, it)| near(at, it)).collect();
    let parts = linked(&links, PART_MAX).into_iter().filter(|it| alone.contains(&it[0]));
    parts.flat_map(|part| grouped(&part, vectors, apart)).collect()
}

fn grouped(part: &[usize], vectors: &[Vector], apart: &Apart) -> Vec<Vec<usize>> {
    let own: Vec<Vector> = part.iter().map(|at| vectors[*at].clone()).collect();
    let mut nodes: Vec<Option<Vec<usize>>> = part.iter().map(|at| Some(vec![*at])).collect();
    for merge in tree::average_link(part.len(), likeness(&own)) {
        let is_one = |a: &[usize], b: &[usize]| ALIKE_MIN <= merge.likeness && !apart.between(a, b);
        let (left, right) = (nodes[merge.left].take(), nodes[merge.right].take());
        let both = match (left, right) {
            (Some(mut left), Some(right)) if is_one(&left, &right) => {
                left.extend(right);
                Some(left)
            }
            (left, right) => {
                nodes[merge.left] = left;
                nodes[merge.right] = right;
                None
            }
        };
        nodes.push(both);
    }
    nodes.into_iter().flatten().collect()
}

/// Parts of at most `max` wordings: everything, or what the strongest links hold together.
pub(super) fn parts(neighbors: &[Neighbors], max: usize) -> Vec<Vec<usize>> {
    match neighbors.len() {
        0 => vec![],
        n if n <= max => vec![(0..n).collect()],
        _ => linked(neighbors, max),
    }
}

fn linked(neighbors: &[Neighbors], max: usize) -> Vec<Vec<usize>> {
    let mut links: Vec<(f32, u32, u32)> = vec![];
    for (at, near) in (0_u32..).zip(neighbors) {
        // A link that both hold is as good from either side.
        let is_new = |it: &&Link| at < it.to || !neighbors[it.to()].iter().any(|it| it.to == at);
        links.extend(near.iter().filter(is_new).map(|it| (it.likeness, at, it.to)));
    }
    links.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let n = neighbors.len();
    let (mut top, mut size): (Vec<usize>, Vec<usize>) = ((0..n).collect(), vec![1; n]);
    for (_, a, b) in links {
        let (a, b) = (root(&mut top, a as usize), root(&mut top, b as usize));
        if a != b && size[a] + size[b] <= max {
            top[b.max(a)] = a.min(b);
            size[a.min(b)] = size[a] + size[b];
        }
    }
    let mut parts: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for at in 0..n {
        parts.entry(root(&mut top, at)).or_default().push(at);
    }
    parts.into_values().collect()
}

fn root(top: &mut [usize], mut at: usize) -> usize {
    while top[at] != at {
        top[at] = top[top[at]];
        at = top[at];
    }
    at
}
