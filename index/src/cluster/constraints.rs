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

/// Groups by key; what editors put together goes to the group that has most of it, and who is
/// apart from one of these leaves it.
pub(super) fn constrained(
    mut keyed: Vec<BTreeSet<u64>>,
    together: &[Vec<u64>],
    apart: &[(u64, u64)],
) -> Vec<BTreeSet<u64>> {
    let mut of: BTreeMap<u64, usize> = BTreeMap::new();
    for (number, group) in keyed.iter().enumerate() {
        of.extend(group.iter().map(|key| (*key, number)));
    }
    for pinned in together {
        let known: Vec<u64> = pinned.iter().copied().filter(|key| of.contains_key(key)).collect();
        let mut share: BTreeMap<usize, usize> = BTreeMap::new();
        known.iter().for_each(|key| *share.entry(of[key]).or_default() += 1);
        let most = share.iter().max_by_key(|(group, n)| (**n, std::cmp::Reverse(**group)));
        let Some(most) = most.map(|it| *it.0) else { continue };
        for key in known {
            keyed[of[&key]].remove(&key);
            keyed[most].insert(key);
            of.insert(key, most);
        }
    }
    part(&mut keyed, &mut of, (together, apart));
    keyed
}

/// Takes out of a group who is apart from a member: the one that no editor has put there.
fn part(
    keyed: &mut Vec<BTreeSet<u64>>,
    of: &mut BTreeMap<u64, usize>,
    (together, apart): (&[Vec<u64>], &[(u64, u64)]),
) {
    let pinned: BTreeSet<u64> = together.iter().flatten().copied().collect();
    for (a, b) in apart {
        let (Some(group), Some(other)) = (of.get(a).copied(), of.get(b)) else { continue };
        if group != *other {
            continue;
        }
        let leaves = if pinned.contains(b) && !pinned.contains(a) { *a } else { *b };
        keyed[group].remove(&leaves);
        of.insert(leaves, keyed.len());
        keyed.push(BTreeSet::from([leaves]));
    }
}
