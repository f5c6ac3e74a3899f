//! Average linkage (UPGMA, Sokal & Michener 1958) by nearest-neighbour chains (Murtagh 1983).

/// A merger of two nodes. Leaves are 0 to n-1, mergers follow in order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Merge {
    pub(super) left: usize,
    pub(super) right: usize,
    pub(super) likeness: f32,
}

/// Links `n` leaves by their likeness (a full matrix, row by row), most alike first.
pub(super) fn average_link(n: usize, mut likeness: Vec<f32>) -> Vec<Merge> {
    let mut size = vec![1.0_f32; n];
    let mut alive: Vec<usize> = (0..n).collect();
    let mut found: Vec<(usize, usize, f32)> = vec![];
    let mut chain: Vec<usize> = vec![];
    while 1 < alive.len() {
        if chain.is_empty() {
            chain.push(alive[0]);
        }
        let at = chain[chain.len() - 1];
        let before = chain.len().checked_sub(2).map(|it| chain[it]);
        let (next, best) = nearest(at, before, &alive, &likeness[at * n..(at + 1) * n]);
        if before != Some(next) {
            chain.push(next);
            continue;
        }
        chain.truncate(chain.len() - 2);
        let (keep, gone) = (at.min(next), at.max(next));
        found.push((keep, gone, best));
        for &other in alive.iter().filter(|it| **it != keep && **it != gone) {
            let joint =
                size[keep] * likeness[keep * n + other] + size[gone] * likeness[gone * n + other];
            let mean = joint / (size[keep] + size[gone]);
            likeness[keep * n + other] = mean;
            likeness[other * n + keep] = mean;
        }
        size[keep] += size[gone];
        alive.retain(|it| *it != gone);
    }
    in_order(n, found)
}

/// The most alike of the living; the one before in the chain wins a tie, then the first.
fn nearest(at: usize, before: Option<usize>, alive: &[usize], row: &[f32]) -> (usize, f32) {
    let mut best = before.map_or((usize::MAX, f32::NEG_INFINITY), |it| (it, row[it]));
    for &other in alive.iter().filter(|it| **it != at) {
        if best.1 < row[other] {
            best = (other, row[other]);
        }
    }
    best
}

/// Sorts mergers by likeness and names their nodes.
fn in_order(n: usize, mut found: Vec<(usize, usize, f32)>) -> Vec<Merge> {
    found.sort_by(|a, b| b.2.total_cmp(&a.2));
    let mut top: Vec<usize> = (0..n).collect();
    let mut merges = Vec::with_capacity(found.len());
    for (node, (keep, gone, likeness)) in (n..).zip(found) {
        let (left, right) = (root(&mut top, keep), root(&mut top, gone));
        top.push(node);
        top[left] = node;
        top[right] = node;
        merges.push(Merge { left, right, likeness });
    }
    merges
}

fn root(top: &mut [usize], mut node: usize) -> usize {
    while top[node] != node {
        top[node] = top[top[node]];
        node = top[node];
    }
    node
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_alike_are_linked_first() {
        #[rustfmt::skip]
        let likeness = vec![
            1.0, 0.9, 0.1, 0.2,
            0.9, 1.0, 0.3, 0.0,
            0.1, 0.3, 1.0, 0.8,
            0.2, 0.0, 0.8, 1.0,
        ];
        let merges = average_link(4, likeness);
        let pairs: Vec<(usize, usize)> = merges.iter().map(|it| (it.left, it.right)).collect();
        assert_eq!(pairs, [(0, 1), (2, 3), (4, 5)]);
        assert!((merges[2].likeness - 0.15).abs() < 1e-6);
    }

    #[test]
    fn one_leaf_has_no_merger() {
        assert!(average_link(1, vec![1.0]).is_empty());
        assert!(average_link(0, vec![]).is_empty());
    }
}
