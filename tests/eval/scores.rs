//! What the numbers mean, over gold labels and what was found.

use std::collections::{BTreeMap, BTreeSet};

/// A recurring question that a reader would look for has so many inquiries.
const LARGE_MIN: usize = 3;

/// How well inquiries were put together.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clustering {
    /// BCubed F1 (Amigó et al. 2009): the mean precision and recall of the questions.
    pub(crate) b3_f1: f64,
    /// F1 of the large gold clusters that a large found one covers by half, one to one.
    pub(crate) det_f1: f64,
}

/// Scores clusters by place; none is a question of its own.
pub(crate) fn clustering(gold: &[Option<&str>], found: &[Option<&str>]) -> Clustering {
    let named = |labels: &[Option<&str>]| -> Vec<String> {
        let name = |(at, it): (usize, &Option<&str>)| it.map_or(format!("\0{at}"), str::to_owned);
        labels.iter().enumerate().map(name).collect()
    };
    let (gold, found) = (named(gold), named(found));
    let (golds, founds) = (counts(gold.iter()), counts(found.iter()));
    let both = counts(gold.iter().zip(&found));
    let mean = |sizes: &dyn Fn(&str, &str) -> f64| {
        let parts = both.iter().map(|((a, b), n)| count(*n).powi(2) / sizes(a, b));
        parts.sum::<f64>() / count(gold.len())
    };
    let precision = mean(&|_, b| count(founds[&b.to_owned()]));
    let recall = mean(&|a, _| count(golds[&a.to_owned()]));
    Clustering { b3_f1: f1(precision, recall), det_f1: detected(&gold, &found) }
}

fn detected(gold: &[String], found: &[String]) -> f64 {
    let (golds, founds) = (counts(gold.iter()), counts(found.iter()));
    let both = counts(gold.iter().zip(found));
    let (mut seen, mut taken, mut used) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    // By first appearance, as ties at exactly a half need an order.
    for (a, b) in gold.iter().zip(found).filter(|it| seen.insert(*it)) {
        let (n, m, shared) = (golds[a], founds[b], both[&(a, b)]);
        let is_large = LARGE_MIN <= n && LARGE_MIN <= m;
        let overlaps = n + m - shared <= 2 * shared;
        if is_large && overlaps && !taken.contains(a) && !used.contains(b) {
            taken.insert(a);
            used.insert(b);
        }
    }
    let large = |it: &BTreeMap<&String, usize>| it.values().filter(|n| LARGE_MIN <= **n).count();
    f1(share(taken.len(), large(&founds)), share(taken.len(), large(&golds)))
}

/// The area under the ROC curve: how often a positive scores above a negative, ties half.
pub(crate) fn auroc(scored: &[(bool, f64)]) -> Option<f64> {
    let mut sorted: Vec<&(bool, f64)> = scored.iter().collect();
    sorted.sort_by(|a, b| a.1.total_cmp(&b.1));
    let positives = scored.iter().filter(|it| it.0).count();
    let negatives = scored.len() - positives;
    if positives == 0 || negatives == 0 {
        return None;
    }
    let (mut below, mut won) = (0.0, 0.0);
    for tied in sorted.chunk_by(|a, b| a.1 == b.1) {
        let above = count(tied.iter().filter(|it| it.0).count());
        let under = count(tied.len()) - above;
        won += above * (below + under / 2.0);
        below += under;
    }
    Some(won / (count(positives) * count(negatives)))
}

/// The mean over kinds of the F1 of (gold, found) pairs.
pub(crate) fn macro_f1(pairs: &[(&str, Option<&str>)], kinds: &[&str]) -> f64 {
    let of_kind = |kind: &str| {
        let hits = pairs.iter().filter(|it| it.0 == kind && it.1 == Some(kind)).count();
        let gold = pairs.iter().filter(|it| it.0 == kind).count();
        let found = pairs.iter().filter(|it| it.1 == Some(kind)).count();
        2.0 * share(hits, gold + found)
    };
    kinds.iter().map(|it| of_kind(it)).sum::<f64>() / count(kinds.len())
}

/// The commonest, the first by name among equals.
pub(crate) fn most<'a>(names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let counts = counts(names);
    counts.into_iter().min_by_key(|(name, n)| (std::cmp::Reverse(*n), *name)).map(|it| it.0)
}

/// The share of first hits (places from 1) that lie within the first `k`.
pub(crate) fn recall(places: &[Option<usize>], k: usize) -> Option<f64> {
    let hits = places.iter().filter(|it| it.is_some_and(|place| place <= k)).count();
    (!places.is_empty()).then(|| share(hits, places.len()))
}

fn counts<T: Ord>(items: impl Iterator<Item = T>) -> BTreeMap<T, usize> {
    let mut counts = BTreeMap::new();
    items.for_each(|it| *counts.entry(it).or_default() += 1);
    counts
}

fn f1(precision: f64, recall: f64) -> f64 {
    if precision + recall == 0.0 { 0.0 } else { 2.0 * precision * recall / (precision + recall) }
}

fn share(part: usize, all: usize) -> f64 {
    if all == 0 { 0.0 } else { count(part) / count(all) }
}

#[expect(clippy::cast_precision_loss, reason = "sets are far smaller than 2^52")]
pub(crate) fn count(n: usize) -> f64 {
    n as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-9, "{found}, not {expected}");
    }

    #[test]
    fn clusters_are_scored_by_question_and_by_cluster() {
        let gold = ["a", "a", "a", "b", "b", "b"].map(Some);
        let all = clustering(&gold, &gold);
        check(all.b3_f1, 1.0);
        check(all.det_f1, 1.0);
        let alone = clustering(&gold, &[None; 6]);
        check(alone.b3_f1, 2.0 * (1.0 / 3.0) / (1.0 + 1.0 / 3.0));
        check(alone.det_f1, 0.0);
        let one = clustering(&gold, &[Some("x"); 6]);
        check(one.b3_f1, 2.0 * 0.5 / 1.5);
        // Half of it is enough, for one of the two.
        check(one.det_f1, 2.0 * 0.5 / 1.5);
    }

    #[test]
    fn the_area_counts_pairs() {
        let scored = [(true, 0.9), (false, 0.1), (true, 0.5), (false, 0.5)];
        check(auroc(&scored).unwrap(), 3.5 / 4.0);
        assert_eq!(auroc(&[(true, 1.0)]), None);
    }

    #[test]
    fn kinds_and_places_are_counted() {
        let pairs = [("a", Some("a")), ("a", Some("b")), ("b", Some("b")), ("b", None)];
        check(macro_f1(&pairs, &["a", "b"]), (2.0 / 3.0 + 0.5) / 2.0);
        assert_eq!(most(["b", "a", "b", "a"].into_iter()), Some("a"));
        check(recall(&[Some(1), Some(3), None, Some(4)], 3).unwrap(), 0.5);
        assert_eq!(recall(&[], 3), None);
    }
}
