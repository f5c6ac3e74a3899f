//! What editors have said: these belong together, those do not.

use std::collections::{BTreeMap, BTreeSet};

use super::wordings::Wording;

/// Wordings that are not to be in one group.
#[derive(Default)]
pub(super) struct Apart {
    of: BTreeMap<usize, BTreeSet<usize>>,
}

impl Apart {
    pub(super) fn of(wordings: &[Wording<'_>], pairs: &[(u64, u64)]) -> Self {
        let mut apart = Self::default();
        if pairs.is_empty() {
            return apart;
        }
        let at = places(wordings);
        for (a, b) in pairs.iter().filter_map(|(a, b)| Some((*at.get(a)?, *at.get(b)?))) {
            apart.of.entry(a).or_default().insert(b);
            apart.of.entry(b).or_default().insert(a);
        }
        apart
    }

    /// Whether a wording is apart from one that `is_there`.
    pub(super) fn has(&self, at: usize, is_there: impl Fn(usize) -> bool) -> bool {
        self.of.get(&at).is_some_and(|others| others.iter().any(|other| is_there(*other)))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.of.is_empty()
    }

    /// Whether one of these is apart from one of those.
    pub(super) fn between(&self, a: &[usize], b: &[usize]) -> bool {
        if self.of.is_empty() {
            return false;
        }
        let there: BTreeSet<&usize> = b.iter().collect();
        a.iter().any(|it| self.has(*it, |other| there.contains(&other)))
    }
}

/// The wording of each key.
pub(super) fn places(wordings: &[Wording<'_>]) -> BTreeMap<u64, usize> {
    let mut at = BTreeMap::new();
    for (n, wording) in wordings.iter().enumerate() {
        at.extend(wording.keys.iter().map(|key| (*key, n)));
    }
    at
}

/// Groups by key, changed by what editors said: what they put together goes to the group that
/// has most of it, and who is apart from a member leaves.
pub(super) fn constrained(
    keyed: Vec<BTreeSet<u64>>,
    together: &[Vec<u64>],
    apart: &[(u64, u64)],
) -> Vec<BTreeSet<u64>> {
    let mut of = BTreeMap::new();
    for (number, group) in keyed.iter().enumerate() {
        of.extend(group.iter().map(|key| (*key, number)));
    }
    let mut keyed = Keyed { groups: keyed, of };
    let bonds = bonds(together, &keyed.of);
    let mut bond_of: BTreeMap<u64, usize> = BTreeMap::new();
    for (number, bond) in bonds.iter().enumerate() {
        let group = keyed.home(bond, |other| {
            let are_apart = |(a, b): &(u64, u64)| {
                bond.contains(a) && other.contains(b) || bond.contains(b) && other.contains(a)
            };
            let pinned: BTreeSet<u64> =
                other.iter().copied().filter(|it| bond_of.contains_key(it)).collect();
            let apart = apart.iter().filter(|(a, b)| pinned.contains(a) || pinned.contains(b));
            !apart.into_iter().any(are_apart)
        });
        bond.iter().for_each(|key| keyed.place(*key, group));
        bond_of.extend(bond.iter().map(|key| (*key, number)));
    }
    for (a, b) in apart {
        let groups = (keyed.of.get(a), keyed.of.get(b));
        let bound = (bond_of.get(a), bond_of.get(b));
        if groups.0 == groups.1 && (bound.0 != bound.1 || bound.0.is_none()) {
            let leaves = if bound.1.is_some() && bound.0.is_none() { *a } else { *b };
            keyed.place(leaves, keyed.groups.len());
        }
    }
    keyed.groups
}

/// Sets of keys that belong together; sets that share a key are one.
fn bonds(together: &[Vec<u64>], known: &BTreeMap<u64, usize>) -> Vec<BTreeSet<u64>> {
    let mut bonds: Vec<BTreeSet<u64>> = vec![];
    for pinned in together {
        let mut bond: BTreeSet<u64> =
            pinned.iter().copied().filter(|key| known.contains_key(key)).collect();
        let (meet, rest) = bonds.into_iter().partition(|it| !it.is_disjoint(&bond));
        bonds = rest;
        meet.into_iter().for_each(|it: BTreeSet<u64>| bond.extend(it));
        if !bond.is_empty() {
            bonds.push(bond);
        }
    }
    bonds
}

/// Groups by key, and the group of each key.
struct Keyed {
    groups: Vec<BTreeSet<u64>>,
    of: BTreeMap<u64, usize>,
}

impl Keyed {
    /// The group that has most of a bond, of those that it may be in; a new one if there is none.
    fn home(&self, bond: &BTreeSet<u64>, may_be: impl Fn(&BTreeSet<u64>) -> bool) -> usize {
        let mut share: BTreeMap<usize, usize> = BTreeMap::new();
        bond.iter().for_each(|key| *share.entry(self.of[key]).or_default() += 1);
        let open = share.iter().filter(|(group, _)| may_be(&self.groups[**group]));
        let most = open.max_by_key(|(group, n)| (**n, std::cmp::Reverse(**group)));
        most.map_or(self.groups.len(), |it| *it.0)
    }

    fn place(&mut self, key: u64, group: usize) {
        if let Some(before) = self.of.insert(key, group) {
            self.groups[before].remove(&key);
        }
        if self.groups.len() <= group {
            self.groups.push(BTreeSet::new());
        }
        self.groups[group].insert(key);
    }
}
