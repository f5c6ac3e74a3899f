//! Parts a group whose wordings share their subject but want different answers: the nearest are
//! joined first, and never two sides of which half of the links or more differ.

use std::collections::{BTreeMap, HashMap};

use super::nearest::Neighbors;

/// So many members of each side are asked whether they differ where no link tells.
const MEMBERS_ASKED: usize = 8;

/// How strong the links between two sides are, and how strong those of them that differ.
type Between = BTreeMap<usize, (f32, f32)>;

/// A group in parts, or as it is where nothing differs.
pub(super) fn parted(
    group: Vec<usize>,
    neighbors: &[Neighbors],
    differ: impl Fn(usize, usize) -> bool,
) -> Vec<Vec<usize>> {
    let place: HashMap<usize, usize> = group.iter().copied().zip(0..).collect();
    let mut links: Vec<(f32, usize, usize, bool)> = vec![];
    for (a, at) in group.iter().enumerate() {
        let near = neighbors[*at].iter();
        let within =
            near.filter_map(|it| Some((it.likeness, a, *place.get(&it.to())?, it.differs)));
        links.extend(within);
    }
    links.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let mut sides = Sides::of(group.len(), &links);
    links.iter().for_each(|(_, a, b, _)| sides.join(*a, *b));
    sides.join_rest(|a, b| differ(group[a], group[b]));
    let named = |side: Vec<usize>| side.into_iter().map(|it| group[it]).collect();
    sides.members.into_iter().filter(|it| !it.is_empty()).map(named).collect()
}

/// Sides of a group that grow together.
struct Sides {
    side_of: Vec<usize>,
    members: Vec<Vec<usize>>,
    between: Vec<Between>,
}

impl Sides {
    fn of(n: usize, links: &[(f32, usize, usize, bool)]) -> Self {
        let mut between = vec![Between::new(); n];
        for (likeness, a, b, differs) in links {
            let strength = likeness.powi(6);
            for (a, b) in [(*a, *b), (*b, *a)] {
                let count = between[a].entry(b).or_default();
                let differing = if *differs { strength } else { 0.0 };
                *count = (count.0 + strength, count.1 + differing);
            }
        }
        Self { side_of: (0..n).collect(), members: (0..n).map(|it| vec![it]).collect(), between }
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.side_of[a], self.side_of[b]);
        if a != b && !self.differ(a, b) {
            self.join_sides(a, b);
        }
    }

    fn differ(&self, a: usize, b: usize) -> bool {
        let (all, differing) = self.between[a].get(&b).copied().unwrap_or_default();
        0.0 < differing && all <= 2.0 * differing
    }

    /// Whether two sides want different answers: by their links, and where they have none by
    /// their members.
    fn are_others(&self, a: usize, b: usize, differ: &impl Fn(usize, usize) -> bool) -> bool {
        if self.between[a].contains_key(&b) {
            return self.differ(a, b);
        }
        let some = |side: usize| self.members[side].iter().take(MEMBERS_ASKED);
        let pairs = || some(a).flat_map(|a| some(b).map(|b| (*a, *b)));
        let differing = pairs().filter(|it| differ(it.0, it.1)).count();
        pairs().count() <= 2 * differing
    }

    /// Sides join the largest from which they do not differ.
    fn join_rest(&mut self, differ: impl Fn(usize, usize) -> bool) {
        let mut order: Vec<usize> =
            (0..self.members.len()).filter(|it| !self.members[*it].is_empty()).collect();
        order.sort_by_key(|it| (std::cmp::Reverse(self.members[*it].len()), *it));
        let mut kept: Vec<usize> = vec![];
        for side in order {
            match kept.iter().position(|it| !self.are_others(*it, side, &differ)) {
                Some(at) => kept[at] = self.join_sides(kept[at], side),
                None => kept.push(side),
            }
        }
    }

    /// Joins two sides under the number of the one with more links.
    fn join_sides(&mut self, a: usize, b: usize) -> usize {
        let (keep, gone) =
            if self.between[a].len() < self.between[b].len() { (b, a) } else { (a, b) };
        for member in std::mem::take(&mut self.members[gone]) {
            self.side_of[member] = keep;
            self.members[keep].push(member);
        }
        for (other, count) in std::mem::take(&mut self.between[gone]) {
            self.between[other].remove(&gone);
            if other != keep {
                for (a, b) in [(keep, other), (other, keep)] {
                    let sum = self.between[a].entry(b).or_default();
                    *sum = (sum.0 + count.0, sum.1 + count.1);
                }
            }
        }
        keep
    }
}
