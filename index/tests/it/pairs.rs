//! Pairs of notes that ask the same, or nearly the same words for something else.

use std::collections::BTreeMap;

use skranke_index::{GroupInput, Text, group};

use crate::notes::others;

/// So many other notes lie in the log.
const OTHERS: usize = 2_000;
/// The least share of the pairs that is told right.
const RIGHT_MIN: [(&str, f64); 2] = [("same", 0.93), ("not", 0.90)];
/// At most so many pairs lie in a group with another pair, which is about something else.
const CROWDS_MAX: usize = 50;

struct Pair {
    texts: [&'static str; 2],
    is_same: bool,
    why: &'static str,
}

fn pairs() -> Vec<Pair> {
    let rows = include_str!("../pairs.tsv").lines().skip(1);
    rows.map(|row| match row.split('\t').collect::<Vec<&str>>()[..] {
        [a, b, verdict @ ("same" | "not"), why] => {
            Pair { texts: [a, b], is_same: verdict == "same", why }
        }
        _ => panic!("{row}: not two notes, same or not, and why"),
    })
    .collect()
}

/// By place of a pair's two notes in the list of pairs: the group of each.
fn groups(pairs: &[Pair]) -> Vec<[Option<usize>; 2]> {
    let others = others(OTHERS);
    let notes = pairs.iter().flat_map(|it| it.texts).chain(others.iter().map(String::as_str));
    let texts = (0..).zip(notes).map(|(key, text)| Text { key, text, ..Text::default() }).collect();
    let found = group(&GroupInput { texts, ..GroupInput::default() });
    let mut group_of: BTreeMap<u64, usize> = BTreeMap::new();
    for (at, group) in found.iter().enumerate() {
        group_of.extend(group.members.iter().map(|key| (*key, at)));
    }
    let keys = (0..).zip(pairs).map(|(at, _)| [2 * at, 2 * at + 1]);
    keys.map(|keys| keys.map(|key| group_of.get(&key).copied())).collect()
}

fn is_joined(groups: [Option<usize>; 2]) -> bool {
    groups[0].is_some() && groups[0] == groups[1]
}

/// By verdict and kind of difference: how many pairs there are, and those that are told wrong.
type Told<'a> = BTreeMap<(&'a str, &'a str), (u32, Vec<String>)>;

fn told<'a>(pairs: &'a [Pair], groups: &[[Option<usize>; 2]]) -> Told<'a> {
    let mut told = Told::new();
    for (pair, groups) in pairs.iter().zip(groups) {
        let verdict = if pair.is_same { "same" } else { "not" };
        let kind = pair.why.split([':', ',']).next().unwrap_or_default();
        let (n, wrong) = told.entry((verdict, kind)).or_default();
        *n += 1;
        if is_joined(*groups) != pair.is_same {
            wrong.push(format!("{} | {} ({})", pair.texts[0], pair.texts[1], pair.why));
        }
    }
    told
}

#[test]
fn pairs_are_told_apart_within_a_log() {
    let pairs = pairs();
    assert!(120 <= pairs.len());
    let groups = groups(&pairs);
    let told = told(&pairs, &groups);
    for ((verdict, kind), (n, wrong)) in &told {
        println!("{verdict}, {kind}: {} of {n} wrong", wrong.len());
        wrong.iter().for_each(|it| println!("  {it}"));
    }
    for (verdict, least) in RIGHT_MIN {
        let of = || told.iter().filter(|it| it.0.0 == verdict);
        let n: u32 = of().map(|it| it.1.0).sum();
        let wrong: Vec<&String> = of().flat_map(|it| &it.1.1).collect();
        let right = n - u32::try_from(wrong.len()).unwrap();
        println!("{verdict}: {right} of {n} right");
        assert!(least * f64::from(n) <= f64::from(right), "{verdict}: wrong are {wrong:#?}");
    }
    let crowds = crowds(&pairs, &groups);
    println!("{} of {} pairs lie with another pair: {crowds:#?}", crowds.len(), pairs.len());
    assert!(crowds.len() <= CROWDS_MAX, "{}: {crowds:#?}", crowds.len());
}

/// Each pair whose first note lies in a group with the first of an earlier pair.
fn crowds<'a>(pairs: &'a [Pair], groups: &[[Option<usize>; 2]]) -> Vec<[&'a str; 2]> {
    let mut first: BTreeMap<usize, &str> = BTreeMap::new();
    let mut crowds = vec![];
    for (pair, groups) in pairs.iter().zip(groups) {
        let Some(group) = groups[0] else { continue };
        let text = pair.texts[0];
        match first.get(&group) {
            Some(earlier) => crowds.push([*earlier, text]),
            None => first.extend([(group, text)]),
        }
    }
    crowds
}
