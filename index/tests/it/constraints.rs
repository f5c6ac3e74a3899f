//! Editors' words bind, also where they meet.

use proptest::prelude::*;
use skranke_index::{Group, GroupInput, Text, group};

const NOTES: [&str; 10] = [
    "når opnar symjehallen",
    "når åpner svømmehallen",
    "når opnar symjehallen",
    "opningstid symjehallen",
    "kva kostar SFO",
    "hva koster SFO i måneden",
    "kva kostar SFO",
    "hund uten bånd i parken",
    "hunden er uten bånd",
    "asbest i taket",
];

fn grouped(together: &[Vec<u64>], apart: &[(u64, u64)]) -> Vec<Group> {
    let texts = (0..).zip(NOTES).map(|(key, text)| Text { key, text, ..Text::default() }).collect();
    group(&GroupInput { texts, together: together.to_vec(), apart: apart.to_vec() })
}

fn are_joined(groups: &[Group], a: u64, b: u64) -> bool {
    groups.iter().any(|it| it.members.contains(&a) && it.members.contains(&b))
}

#[track_caller]
fn check(together: &[Vec<u64>], apart: &[(u64, u64)]) {
    let groups = grouped(together, apart);
    for (a, b) in apart {
        assert!(!are_joined(&groups, *a, *b), "{a} and {b} are apart: {groups:?}");
    }
    for keys in together {
        let joined = keys.iter().all(|it| *it == keys[0] || are_joined(&groups, keys[0], *it));
        assert!(joined, "{keys:?} are together: {groups:?}");
    }
}

#[test]
fn pinned_groups_that_meet_stay_apart() {
    check(&[vec![0, 1], vec![2, 3]], &[(0, 2)]);
    check(&[vec![0, 7], vec![1, 8]], &[(0, 1)]);
    check(&[vec![4, 7], vec![5, 8]], &[(7, 8)]);
}

#[test]
fn even_exact_repeats_can_be_kept_apart() {
    check(&[], &[(0, 2)]);
    check(&[], &[(4, 6), (0, 2)]);
}

#[test]
fn what_is_pinned_to_two_lies_with_both() {
    check(&[vec![0, 4], vec![4, 7]], &[]);
}

/// Each note is pinned to a name or to none; names that are apart never meet.
fn words() -> impl Strategy<Value = (Vec<Vec<u64>>, Vec<(u64, u64)>)> {
    let names = prop::collection::vec(prop::option::of(0..4_usize), NOTES.len());
    (names, prop::collection::vec((0..10_u64, 0..10_u64), 0..6)).prop_map(|(names, pairs)| {
        let at = |key: u64| names[usize::try_from(key).unwrap()];
        let mut together: Vec<Vec<u64>> = vec![vec![]; 4];
        (0..).zip(&names).for_each(|(key, name)| {
            name.iter().for_each(|name| together[*name].push(key));
        });
        together.retain(|it| 1 < it.len());
        let differ = |it: &(u64, u64)| it.0 != it.1 && (at(it.0).is_none() || at(it.0) != at(it.1));
        (together, pairs.into_iter().filter(differ).collect())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn editors_words_bind((together, apart) in words()) {
        check(&together, &apart);
    }
}
