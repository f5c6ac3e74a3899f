//! What grouping promises whatever the texts: order, repeats, later inquiries, editors' words.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::select;
use skranke_index::{Group, GroupInput, Text, analyzer, group};

const WORDS: [&str; 24] = [
    "kva",
    "hva",
    "kostar",
    "koster",
    "når",
    "opnar",
    "åpner",
    "ikkje",
    "ikke",
    "symjehallen",
    "svømmehallen",
    "sfo",
    "SFO?",
    "barnehage",
    "frist",
    "parkering",
    "2",
    "3",
    "hund",
    "på",
    "mann:",
    "the",
    "pool",
    "🎈",
];

fn note() -> impl Strategy<Value = String> {
    prop::collection::vec(select(WORDS.to_vec()), 0..6).prop_map(|it| it.join(" "))
}

fn notes() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(note(), 0..40)
}

fn grouped<'a>(texts: impl Iterator<Item = (u64, &'a String)>) -> Vec<Group> {
    let texts = texts.map(|(key, text)| Text { key, text, ..Text::default() }).collect();
    group(&GroupInput { texts, ..GroupInput::default() })
}

/// By key: its group.
fn places(groups: &[Group]) -> BTreeMap<u64, usize> {
    let members =
        groups.iter().enumerate().flat_map(|(at, it)| it.members.iter().map(move |key| (*key, at)));
    members.collect()
}

/// Whether all notes that say the same lie in one group.
fn repeats_are_together(notes: &[String], groups: &[Group]) -> bool {
    let places = places(groups);
    let mut first: BTreeMap<String, u64> = BTreeMap::new();
    (0..).zip(notes).all(|(key, note)| {
        let said = analyzer().normalized(note);
        let earlier = *first.entry(said.clone()).or_insert(key);
        said.is_empty()
            || earlier == key
            || (places.contains_key(&key) && places.get(&key) == places.get(&earlier))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn the_order_of_notes_does_not_matter(
        (notes, turned) in notes().prop_flat_map(|notes| {
            let keyed: Vec<(u64, String)> = (0..).zip(notes.clone()).collect();
            (Just(notes), Just(keyed).prop_shuffle())
        }),
    ) {
        let straight = grouped((0..).zip(&notes));
        let turned = grouped(turned.iter().map(|(key, note)| (*key, note)));
        prop_assert_eq!(straight, turned);
    }

    #[test]
    fn repeats_stay_together_when_others_come(
        mut notes in notes(),
        later in notes(),
        repeated in note(),
    ) {
        notes.extend([repeated.clone(), repeated]);
        prop_assert!(repeats_are_together(&notes, &grouped((0..).zip(&notes))));
        notes.extend(later);
        prop_assert!(repeats_are_together(&notes, &grouped((0..).zip(&notes))));
    }

    #[test]
    fn each_note_lies_in_one_group_of_two_or_more(notes in notes()) {
        let groups = grouped((0..).zip(&notes));
        let members: usize = groups.iter().map(|it| it.members.len()).sum();
        prop_assert_eq!(places(&groups).len(), members);
        for group in &groups {
            prop_assert!(2 <= group.members.len() && group.members.is_sorted());
            prop_assert!(group.members.contains(&group.exemplar));
        }
    }
}
