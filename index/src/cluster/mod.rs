//! The full run: short texts to groups that ask the same thing. Same texts, same groups, in any
//! order.
//!
//! Neighbours by words, grams and pages; a tree over each part of the log that hangs together,
//! cut where one group explains the words better than two; wordings that then move to the group
//! that explains them best; and of what is still alone, what is alike.

mod alike;
mod constraints;
mod cut;
mod features;
mod mixture;
mod nearest;
mod part;
mod settle;
mod smooth;
mod tree;
mod wordings;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::analysis::analyzer;
use crate::parallel::one_by_one;
use crate::space::{Vector, rarity, unit};

pub use wordings::Text;

use constraints::{Apart, constrained, places};
use mixture::Model;
use nearest::{Neighbors, neighbors};
use settle::Settling;
use smooth::Sums;
use wordings::{Token, Wording, Wordings, wordings};

/// Texts to group, and what editors have said of them.
#[derive(Clone, Debug, Default)]
pub struct GroupInput<'a> {
    /// The texts.
    pub texts: Vec<Text<'a>>,
    /// Keys that belong together, whatever their words.
    pub together: Vec<Vec<u64>>,
    /// Keys that do not.
    pub apart: Vec<(u64, u64)>,
}

/// Texts that ask the same thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The keys, ascending.
    pub members: Vec<u64>,
    /// The most central one.
    pub exemplar: u64,
    /// The words that tell it from others, as written, the most telling first.
    pub words: Vec<String>,
}

/// So many neighbours tell which groups a wording may belong to.
const NEIGHBORS: usize = 20;
/// A tree has at most so many leaves; larger logs fall into parts by their strongest links.
const TREE_LEAVES_MAX: usize = 1_000;

/// So many words are told of a group.
const WORDS_TOLD: usize = 3;
/// So many texts of a group are read for how its words are written.
const TEXTS_READ: usize = 100;

/// Groups texts; a group has two members or more, the rest stands alone.
pub fn group(input: &GroupInput<'_>) -> Vec<Group> {
    let wordings = wordings(&input.texts);
    let vectors = features::vectors(&wordings);
    let differ = |a: usize, b: usize| {
        wordings.asks[a].differ(&wordings.asks[b]) || wordings.all[a].parts_from(&wordings.all[b])
    };
    let neighbors = neighbors(&vectors, NEIGHBORS, &differ);
    let apart = Apart::of(&wordings.all, &input.apart);
    let tokens: Vec<Vec<Token>> = wordings.all.iter().map(distinct).collect();
    let groups = grouped(&tokens, (&vectors, &neighbors), (&apart, &differ));
    let keys = |at: &usize| wordings.all[*at].keys.iter().copied();
    let spoken = groups.iter().map(|group| group.iter().flat_map(keys).collect());
    let silent = wordings.silent.iter().map(|key| BTreeSet::from([*key]));
    let keyed = spoken.chain(silent).collect();
    let keyed = constrained(keyed, &input.together, &input.apart);
    finished(keyed, &wordings, (&vectors, &tokens))
}

fn grouped(
    tokens: &[Vec<Token>],
    (vectors, neighbors): (&[Vector], &[Neighbors]),
    (apart, differ): (&Apart, &impl Fn(usize, usize) -> bool),
) -> Vec<Vec<usize>> {
    let model = Model::of(tokens);
    let parts = alike::parts(neighbors, TREE_LEAVES_MAX);
    let in_part = |sums: &mut Sums, at: usize| {
        let part = parts[at].as_slice();
        let smooth = smooth::smoothed(part, (vectors, neighbors), sums);
        let merges = tree::average_link(part.len(), smooth::likeness(&smooth));
        let leaves: Vec<&[Token]> = part.iter().map(|at| tokens[*at].as_slice()).collect();
        let places = |leaves: &[usize]| leaves.iter().map(|it| part[*it]).collect::<Vec<usize>>();
        let may_merge =
            |a: &[usize], b: &[usize]| apart.is_empty() || !apart.between(&places(a), &places(b));
        let found = cut::cut(&leaves, &merges, &model, may_merge);
        found.iter().map(|group| places(group)).collect::<Vec<Vec<usize>>>()
    };
    let cut = one_by_one(parts.len(), || Sums::of(vectors), in_part);
    let cut: Vec<Vec<usize>> = cut.into_iter().flatten().collect();
    let mut settling = Settling::of(&model, tokens, &cut);
    settling.run(neighbors, apart);
    let (alone, groups): (Vec<_>, Vec<_>) =
        settling.members().into_iter().filter(|it| !it.is_empty()).partition(|it| it.len() == 1);
    let alone: BTreeSet<usize> = alone.into_iter().flatten().collect();
    let alike = alike::groups(&alone, (vectors, neighbors), apart);
    groups
        .into_iter()
        .chain(alike)
        .flat_map(|group| part::parted(group, neighbors, differ))
        .collect()
}

fn distinct(wording: &Wording<'_>) -> Vec<Token> {
    let mut tokens = wording.tokens.clone();
    tokens.sort_unstable();
    tokens.dedup();
    tokens
}

fn finished(
    keyed: Vec<BTreeSet<u64>>,
    wordings: &Wordings<'_>,
    (vectors, tokens): (&[Vector], &[Vec<Token>]),
) -> Vec<Group> {
    let at = places(&wordings.all);
    let mut spread: HashMap<Token, u32> = HashMap::new();
    tokens.iter().flatten().for_each(|token| *spread.entry(*token).or_default() += 1);
    let keyed: Vec<BTreeSet<u64>> = keyed.into_iter().filter(|it| 1 < it.len()).collect();
    let named = |sums: &mut Sums, number: usize| {
        let members = &keyed[number];
        // A text without a word has no place; only an editor can have put it here.
        let own: Vec<(u64, usize)> =
            members.iter().filter_map(|key| Some((*key, *at.get(key)?))).collect();
        let members: Vec<u64> = members.iter().copied().collect();
        let exemplar = central(&own, (&wordings.all, vectors), sums).unwrap_or(members[0]);
        Group { exemplar, words: telling(&own, (tokens, &spread), wordings), members }
    };
    let mut groups: Vec<Group> = one_by_one(keyed.len(), || Sums::of(vectors), named);
    groups.sort_by_key(|it| (std::cmp::Reverse(it.members.len()), it.members.first().copied()));
    groups
}

/// The words that most members have and few others; one that a single member has tells of that
/// member only.
fn telling(
    members: &[(u64, usize)],
    (tokens, spread): (&[Vec<Token>], &HashMap<Token, u32>),
    wordings: &Wordings<'_>,
) -> Vec<String> {
    let mut counts: BTreeMap<Token, u32> = BTreeMap::new();
    for token in members.iter().flat_map(|it| &tokens[it.1]).filter(|it| !it.is_stop()) {
        *counts.entry(*token).or_default() += 1;
    }
    let n = u32::try_from(wordings.all.len()).unwrap_or(u32::MAX);
    #[expect(clippy::cast_precision_loss, reason = "groups are far below 2^24")]
    let score = |token: Token, count: u32| count as f32 * rarity(n, spread[&token]);
    let mut scored: Vec<(Token, f32)> = counts
        .into_iter()
        .filter(|(_, count)| 1 < *count)
        .map(|(token, count)| (token, score(token, count)))
        .collect();
    scored.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let written = written(members.iter().map(|it| wordings.all[it.1].text).take(TEXTS_READ));
    let keys = scored.iter().map(|it| wordings.keys[it.0.number() as usize].as_str());
    keys.filter_map(|key| written.get(key).cloned()).take(WORDS_TOLD).collect()
}

/// By key: how most texts write it.
fn written<'a>(texts: impl Iterator<Item = &'a str>) -> HashMap<String, String> {
    let mut forms: HashMap<String, BTreeMap<String, u32>> = HashMap::new();
    for word in texts.flat_map(|text| analyzer().words(text)) {
        *forms.entry(word.key).or_default().entry(word.written.to_lowercase()).or_default() += 1;
    }
    let commonest = |forms: BTreeMap<String, u32>| {
        forms.into_iter().max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(&a.0))).map(|it| it.0)
    };
    forms.into_iter().filter_map(|(key, forms)| Some((key, commonest(forms)?))).collect()
}

/// The member nearest to all others; of equals the shorter text, then the older.
fn central(
    members: &[(u64, usize)],
    (wordings, vectors): (&[Wording<'_>], &[Vector]),
    sums: &mut Sums,
) -> Option<u64> {
    members.iter().for_each(|it| sums.add(&vectors[it.1], 1.0));
    let center = unit(sums.take());
    sums.add(&center, 1.0);
    // A long text is a poor name.
    #[expect(clippy::cast_precision_loss, reason = "texts are short")]
    let fitness = |it: &(u64, usize)| {
        let chars = wordings[it.1].text.chars().count();
        sums.dot(&vectors[it.1]) - 0.002 * chars.saturating_sub(40) as f32
    };
    let fit = members.iter().map(|it| (fitness(it), it.0));
    let best = fit.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
    sums.take();
    best.map(|it| it.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTES: [&str; 9] = [
        "når opnar symjehallen",
        "når åpner svømmehallen på lørdag",
        "symjehallen opningstid",
        "opningstid symjehallen i helga",
        "kva kostar SFO",
        "pris på sfo",
        "hva koster SFO i måneden",
        "hund uten bånd i parken",
        "når opnar symjehallen",
    ];

    fn texts() -> Vec<Text<'static>> {
        (0_u64..).zip(NOTES).map(|(key, text)| Text { key, text, ..Text::default() }).collect()
    }

    fn groups(input: GroupInput<'_>) -> Vec<Vec<u64>> {
        group(&input).into_iter().map(|it| it.members).collect()
    }

    #[test]
    fn exact_repeats_are_always_together() {
        let found = groups(GroupInput { texts: texts(), ..GroupInput::default() });
        assert!(found.iter().any(|it| it.contains(&0) && it.contains(&8)), "{found:?}");
    }

    #[test]
    fn the_order_of_texts_does_not_matter() {
        let mut turned = texts();
        turned.reverse();
        turned.swap(1, 5);
        let straight = group(&GroupInput { texts: texts(), ..GroupInput::default() });
        assert_eq!(straight, group(&GroupInput { texts: turned, ..GroupInput::default() }));
    }

    #[test]
    fn editors_words_bind() {
        let together = vec![vec![0, 7]];
        let found = groups(GroupInput { texts: texts(), together, ..GroupInput::default() });
        assert!(found.iter().any(|it| it.contains(&0) && it.contains(&7)), "{found:?}");
        let apart = vec![(4, 5), (4, 6)];
        let found = groups(GroupInput { texts: texts(), apart, ..GroupInput::default() });
        assert!(!found.iter().any(|it| it.contains(&4) && it.contains(&5)), "{found:?}");
    }

    /// Notes in the same words on one page; the later three lead to another passage if so said.
    fn on_passages(later: u64) -> Vec<Vec<u64>> {
        let notes = [
            "symjehallen i Sundvik skule",
            "symjehallen Sundvik",
            "Sundvik skule symjehallen",
            "symjehallen ved Sundvik skule",
            "symjehallen på Sundvik",
            "Sundvik si symjehallen",
        ];
        let text = |(key, text)| {
            let passage = if key < 3 { 70 } else { later };
            Text { key, text, pages: vec![(7, 1.0)], passages: vec![(passage, 1.0)] }
        };
        let texts = (0..).zip(notes).map(text).collect();
        groups(GroupInput { texts, ..GroupInput::default() })
    }

    #[test]
    fn what_the_site_answers_in_different_passages_is_parted() {
        assert_eq!(on_passages(70), [[0, 1, 2, 3, 4, 5]]);
        assert_eq!(on_passages(71), [[0, 1, 2], [3, 4, 5]]);
    }

    #[test]
    fn a_group_is_named_by_words_as_written() {
        let found = group(&GroupInput { texts: texts(), ..GroupInput::default() });
        let of = |key: u64| found.iter().find(|it| it.members.contains(&key));
        let words = of(4).map(|it| it.words.clone()).unwrap_or_default();
        assert!(words.contains(&"sfo".to_owned()), "{words:?}");
        let words = of(0).map(|it| it.words.clone()).unwrap_or_default();
        assert!(words.contains(&"symjehallen".to_owned()), "{words:?}");
    }

    #[test]
    fn an_editor_may_put_a_text_without_a_word_anywhere() {
        let silent = |key| Text { key, text: "?!", ..Text::default() };
        let mut input = GroupInput { texts: texts(), ..GroupInput::default() };
        input.texts.extend([silent(20), silent(21), silent(22)]);
        input.together = vec![vec![4, 20], vec![21, 22]];
        let found = group(&input);
        let of = |key: u64| found.iter().find(|it| it.members.contains(&key));
        assert!(of(20).is_some_and(|it| it.members.contains(&4) && it.exemplar != 20));
        assert!(of(21).is_some_and(|it| it.members == [21, 22] && it.words.is_empty()));
    }

    #[test]
    fn nothing_gives_nothing() {
        assert!(group(&GroupInput::default()).is_empty());
        let texts = vec![Text { key: 1, text: "", ..Text::default() }];
        assert!(group(&GroupInput { texts, ..GroupInput::default() }).is_empty());
    }
}
