//! The full run: short texts to groups that ask the same thing. Same texts, same groups, in any
//! order.

mod cut;
mod tree;
mod wordings;

use std::collections::{BTreeMap, BTreeSet};

use crate::analysis::{analyzer, grams};
use crate::space::{Inverted, Space, Vector, dot, unit};

pub use wordings::Text;
use wordings::{Wording, wordings};

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
}

/// So many neighbours smooth a text.
const NEIGHBORS: usize = 10;
/// What the pages that two texts both lead to weigh beside their words.
const PAGES_SHARE: f32 = 0.5;
/// A tree has at most so many leaves; larger logs fall into parts by their strongest links.
const TREE_LEAVES_MAX: usize = 3_000;
/// Grams of words this long count in the cut.
const GRAM_WORD_CHARS_MIN: usize = 4;
/// What a gram weighs in the cut beside a word.
const GRAM_WEIGHT: f64 = 0.3;

/// Groups texts; a group has two members or more, the rest stands alone.
pub fn group(input: &GroupInput<'_>) -> Vec<Group> {
    let wordings = wordings(&input.texts);
    let vectors = vectors(&wordings);
    let neighbors = neighbors(&vectors);
    let smooth = smoothed(&vectors, &neighbors);
    let bags = bags(&wordings);
    let share = shares(&bags);
    let apart = apart(&wordings, &input.apart);
    let mut groups: Vec<Vec<usize>> = vec![];
    for part in parts(wordings.len(), &neighbors) {
        let merges = tree::average_link(part.len(), likeness(&part, &smooth));
        let part_bags = part.iter().map(|at| bags[*at].clone()).collect();
        let may_merge = |leaves: &[usize]| !has_apart(leaves.iter().map(|it| part[*it]), &apart);
        let found = cut::cut(part_bags, &merges, &share, may_merge);
        groups.extend(found.into_iter().map(|it| it.into_iter().map(|at| part[at]).collect()));
    }
    let keyed = constrained(&groups, &wordings, &input.together);
    finished(keyed, &wordings, &smooth)
}

/// The vectors of wordings: words and grams, and the pages that they lead to.
fn vectors(wordings: &[Wording<'_>]) -> Vec<Vector> {
    let space = Space::of(wordings.iter().map(|it| it.text));
    let first_page = space.vectors.iter().flatten().map(|it| it.0).max().map_or(0, |it| it + 1);
    let pages: BTreeSet<u64> =
        wordings.iter().flat_map(|it| it.pages.iter().map(|page| page.0)).collect();
    let numbers: BTreeMap<u64, u32> = pages.into_iter().zip(first_page..).collect();
    let with_pages = |(wording, words): (&Wording<'_>, Vector)| {
        if wording.pages.is_empty() {
            return words;
        }
        let pages = wording.pages.iter().map(|(page, score)| (numbers[page], score * score));
        let pages = unit(pages.collect());
        let (a, b) = ((1.0 - PAGES_SHARE).sqrt(), PAGES_SHARE.sqrt());
        let mut all: Vector = words.into_iter().map(|(it, w)| (it, w * a)).collect();
        all.extend(pages.into_iter().map(|(it, w)| (it, w * b)));
        unit(all)
    };
    wordings.iter().zip(space.vectors).map(with_pages).collect()
}

fn neighbors(vectors: &[Vector]) -> Vec<Vec<(u32, f32)>> {
    let inverted = Inverted::of(vectors);
    (0_u32..).zip(vectors).map(|(at, it)| inverted.nearest(it, NEIGHBORS, Some(at))).collect()
}

/// Draws each vector halfway to its neighbours, near ones more.
fn smoothed(vectors: &[Vector], neighbors: &[Vec<(u32, f32)>]) -> Vec<Vector> {
    let smooth = |(vector, near): (&Vector, &Vec<(u32, f32)>)| {
        let total: f32 = near.iter().map(|it| it.1.powi(3)).sum();
        if total <= 0.0 {
            return vector.clone();
        }
        let mut sum: BTreeMap<u32, f32> = vector.iter().map(|(it, w)| (*it, w * 0.5)).collect();
        for (other, likeness) in near {
            let weight = 0.5 * likeness.powi(3) / total;
            for (dimension, value) in &vectors[*other as usize] {
                *sum.entry(*dimension).or_default() += weight * value;
            }
        }
        unit(sum.into_iter().collect())
    };
    vectors.iter().zip(neighbors).map(smooth).collect()
}

/// The likeness of each pair. One vector at a time is laid out in full: looking up where the other
/// has something is several times faster than walking two sorted lists, and adds up the same.
fn likeness(part: &[usize], vectors: &[Vector]) -> Vec<f32> {
    let n = part.len();
    let dimensions = part.iter().flat_map(|at| vectors[*at].last()).map(|it| it.0 as usize + 1);
    let mut full = vec![0.0_f32; dimensions.max().unwrap_or(0)];
    let mut likeness = vec![0.0; n * n];
    for (i, a) in part.iter().enumerate() {
        vectors[*a].iter().for_each(|(it, weight)| full[*it as usize] = *weight);
        likeness[i * n + i] = 1.0;
        for (j, b) in part.iter().enumerate().take(i) {
            let both = vectors[*b].iter().map(|(it, weight)| full[*it as usize] * weight);
            let value = both.fold(0.0, |sum, it| sum + it);
            likeness[i * n + j] = value;
            likeness[j * n + i] = value;
        }
        vectors[*a].iter().for_each(|(it, _)| full[*it as usize] = 0.0);
    }
    likeness
}

/// Parts small enough for a tree: everything, or what the strongest links hold together.
fn parts(n: usize, neighbors: &[Vec<(u32, f32)>]) -> Vec<Vec<usize>> {
    if n <= TREE_LEAVES_MAX {
        return if n == 0 { vec![] } else { vec![(0..n).collect()] };
    }
    let mut links: Vec<(f32, usize, usize)> = vec![];
    for (at, near) in neighbors.iter().enumerate() {
        links.extend(near.iter().map(|(other, likeness)| (*likeness, at, *other as usize)));
    }
    links.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let (mut top, mut size): (Vec<usize>, Vec<usize>) = ((0..n).collect(), vec![1; n]);
    for (_, a, b) in links {
        let (a, b) = (root(&mut top, a), root(&mut top, b));
        if a != b && size[a] + size[b] <= TREE_LEAVES_MAX {
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

/// What the cut weighs: words that say something, grams of longer ones, the best two pages.
fn bags(wordings: &[Wording<'_>]) -> Vec<cut::Bag> {
    const PAGES: usize = 2;
    let mut numbers: BTreeMap<String, u32> = BTreeMap::new();
    let mut named: Vec<BTreeMap<String, f64>> = vec![];
    for wording in wordings {
        let mut bag: BTreeMap<String, f64> = BTreeMap::new();
        for key in analyzer().keys(wording.text) {
            if GRAM_WORD_CHARS_MIN <= key.chars().count() {
                bag.extend(grams(&key).into_iter().map(|gram| (format!("g{gram}"), GRAM_WEIGHT)));
            }
            *bag.entry(format!("w{key}")).or_default() += 1.0;
        }
        let best = wording.pages.first().map_or(1.0, |it| it.1);
        for (page, score) in wording.pages.iter().take(PAGES) {
            bag.insert(format!("p{page}"), f64::from(score / best));
        }
        numbers.extend(bag.keys().map(|it| (it.clone(), 0)));
        named.push(bag);
    }
    numbers.values_mut().zip(0_u32..).for_each(|(number, at)| *number = at);
    let numbered = |bag: BTreeMap<String, f64>| {
        bag.into_iter().map(|(feature, weight)| (numbers[&feature], weight)).collect()
    };
    named.into_iter().map(numbered).collect()
}

fn shares(bags: &[cut::Bag]) -> BTreeMap<u32, f64> {
    let mut share: BTreeMap<u32, f64> = BTreeMap::new();
    for (feature, weight) in bags.iter().flatten() {
        *share.entry(*feature).or_default() += weight;
    }
    let total: f64 = share.values().sum();
    share.values_mut().for_each(|it| *it /= total);
    share
}

/// The wordings that editors keep apart.
fn apart(wordings: &[Wording<'_>], pairs: &[(u64, u64)]) -> BTreeSet<(usize, usize)> {
    let mut at: BTreeMap<u64, usize> = BTreeMap::new();
    for (n, wording) in wordings.iter().enumerate() {
        at.extend(wording.keys.iter().map(|key| (*key, n)));
    }
    let found = pairs.iter().filter_map(|(a, b)| Some((*at.get(a)?, *at.get(b)?)));
    found.map(|(a, b)| (a.min(b), a.max(b))).collect()
}

fn has_apart(leaves: impl Iterator<Item = usize>, apart: &BTreeSet<(usize, usize)>) -> bool {
    if apart.is_empty() {
        return false;
    }
    let leaves: BTreeSet<usize> = leaves.collect();
    apart.iter().any(|(a, b)| leaves.contains(a) && leaves.contains(b))
}

/// Groups by key; what editors put together goes to the group that has most of it.
fn constrained(
    groups: &[Vec<usize>],
    wordings: &[Wording<'_>],
    together: &[Vec<u64>],
) -> Vec<BTreeSet<u64>> {
    let mut keyed: Vec<BTreeSet<u64>> = groups
        .iter()
        .map(|group| group.iter().flat_map(|at| wordings[*at].keys.iter().copied()).collect())
        .collect();
    for pinned in together {
        let share = |group: &BTreeSet<u64>| pinned.iter().filter(|it| group.contains(it)).count();
        let most = (0..keyed.len()).max_by_key(|at| (share(&keyed[*at]), std::cmp::Reverse(*at)));
        let Some(most) = most.filter(|at| 0 < share(&keyed[*at])) else { continue };
        let known: Vec<u64> =
            pinned.iter().copied().filter(|key| keyed.iter().any(|it| it.contains(key))).collect();
        keyed.iter_mut().for_each(|group| group.retain(|key| !known.contains(key)));
        keyed[most].extend(known);
    }
    keyed
}

fn finished(keyed: Vec<BTreeSet<u64>>, wordings: &[Wording<'_>], vectors: &[Vector]) -> Vec<Group> {
    let mut at: BTreeMap<u64, usize> = BTreeMap::new();
    for (n, wording) in wordings.iter().enumerate() {
        at.extend(wording.keys.iter().map(|key| (*key, n)));
    }
    let mut groups: Vec<Group> = keyed
        .into_iter()
        .filter(|it| 1 < it.len())
        .map(|it| {
            let members: Vec<u64> = it.into_iter().collect();
            let exemplar = central(&members, &at, wordings, vectors);
            Group { members, exemplar }
        })
        .collect();
    groups.sort_by_key(|it| (std::cmp::Reverse(it.members.len()), it.members.first().copied()));
    groups
}

/// The member nearest to all others; of equals the shorter text, then the older.
fn central(
    members: &[u64],
    at: &BTreeMap<u64, usize>,
    wordings: &[Wording<'_>],
    vectors: &[Vector],
) -> u64 {
    let mut sum: BTreeMap<u32, f32> = BTreeMap::new();
    for (dimension, weight) in members.iter().flat_map(|key| &vectors[at[key]]) {
        *sum.entry(*dimension).or_default() += weight;
    }
    let center: Vector = unit(sum.into_iter().collect());
    // A long text is a poor name.
    #[expect(clippy::cast_precision_loss, reason = "texts are short")]
    let fitness = |key: &u64| {
        let chars = wordings[at[key]].text.chars().count();
        dot(&vectors[at[key]], &center) - 0.002 * chars.saturating_sub(40) as f32
    };
    let best = members.iter().max_by(|a, b| fitness(a).total_cmp(&fitness(b)).then(b.cmp(a)));
    best.copied().unwrap_or_default()
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
        (0_u64..).zip(NOTES).map(|(key, text)| Text { key, text, pages: vec![] }).collect()
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

    #[test]
    fn nothing_gives_nothing() {
        assert!(group(&GroupInput::default()).is_empty());
        let texts = vec![Text { key: 1, text: "", pages: vec![] }];
        assert!(group(&GroupInput { texts, ..GroupInput::default() }).is_empty());
    }
}
