//! Topics that an editor keeps apart: no run may put questions of two of them together.

use std::collections::{BTreeMap, BTreeSet};

use crate::id::TopicNumber;
use crate::journal::Seq;

/// Leaves under its topic what a run would put together with a topic that is kept apart from it,
/// in one of the two or in a third one. There the smaller one goes back, or else the younger.
pub fn keep_apart(
    topic_of: &mut BTreeMap<Seq, TopicNumber>,
    before: &BTreeMap<Seq, TopicNumber>,
    apart: &BTreeSet<(TopicNumber, TopicNumber)>,
) {
    let mut by_place: BTreeMap<TopicNumber, BTreeMap<TopicNumber, Vec<Seq>>> = BTreeMap::new();
    for (seq, topic) in topic_of.iter() {
        if let Some(old) = before.get(seq) {
            by_place.entry(*topic).or_default().entry(*old).or_default().push(*seq);
        }
    }
    for (place, mut parts) in by_place {
        for (a, b) in apart {
            let count = |it: &TopicNumber| parts.get(it).map_or(0, Vec::len);
            let (is_a, is_b) = (*a == place || 0 < count(a), *b == place || 0 < count(b));
            if !is_a || !is_b {
                continue;
            }
            let goes =
                if *a == place || *b != place && (count(b), *a) <= (count(a), *b) { b } else { a };
            for seq in parts.remove(goes).unwrap_or_default() {
                topic_of.insert(seq, *goes);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn topics(pairs: &[(Seq, u32)]) -> BTreeMap<Seq, TopicNumber> {
        pairs.iter().map(|it| (it.0, TopicNumber(it.1))).collect()
    }

    fn pairs(apart: &[(u32, u32)]) -> BTreeSet<(TopicNumber, TopicNumber)> {
        apart.iter().map(|it| (TopicNumber(it.0), TopicNumber(it.1))).collect()
    }

    #[track_caller]
    fn check(found: &[(Seq, u32)], expected: &[(Seq, u32)]) {
        let before = topics(&[(1, 1), (2, 1), (3, 2), (4, 3)]);
        let mut topic_of = topics(found);
        keep_apart(&mut topic_of, &before, &pairs(&[(1, 2)]));
        assert_eq!(topic_of, topics(expected));
    }

    #[test]
    fn what_is_kept_apart_stays_where_it_was() {
        check(&[(1, 1), (2, 1), (3, 1)], &[(1, 1), (2, 1), (3, 2)]);
        check(&[(1, 2), (2, 2), (3, 2)], &[(1, 1), (2, 1), (3, 2)]);
        check(&[(1, 3), (2, 3), (3, 3), (4, 3)], &[(1, 3), (2, 3), (3, 2), (4, 3)]);
        check(&[(1, 1), (4, 1), (9, 1)], &[(1, 1), (4, 1), (9, 1)]);
    }

    proptest! {
        #[test]
        fn no_two_of_them_are_ever_in_one_place(
            before in prop::collection::btree_map(0_u64..40, 1_u32..7, 0..40),
            found in prop::collection::btree_map(0_u64..40, 1_u32..9, 0..40),
            apart in prop::collection::btree_set((1_u32..4, 4_u32..7), 0..6),
        ) {
            let of = |it: BTreeMap<Seq, u32>| -> BTreeMap<Seq, TopicNumber> {
                it.into_iter().map(|it| (it.0, TopicNumber(it.1))).collect()
            };
            let (before, mut found) = (of(before), of(found));
            let apart = pairs(&apart.into_iter().collect::<Vec<_>>());
            keep_apart(&mut found, &before, &apart);
            for (a, b) in apart {
                let places = |old| -> BTreeSet<TopicNumber> {
                    let was = |it: &(&Seq, &TopicNumber)| before.get(it.0) == Some(&old);
                    found.iter().filter(was).map(|it| *it.1).collect()
                };
                let (of_a, of_b) = (places(a), places(b));
                prop_assert!(of_a.is_disjoint(&of_b) && !of_a.contains(&b) && !of_b.contains(&a));
            }
        }
    }
}
