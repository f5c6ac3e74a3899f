//! Where to cut a tree: by Bayesian evidence that one word distribution explains two branches
//! better than two do (Dirichlet-multinomial marginal likelihood; Heller & Ghahramani 2005 cut a
//! hierarchy so), found exactly from the leaves up.

use std::collections::BTreeMap;

use super::tree::Merge;

/// How strongly a group's words are drawn towards the log's.
const BETA: f64 = 50.0;
/// What a group costs less than its members alone would.
const GROUP_BONUS: f64 = 8.0;

/// The features of one text with their weights.
pub(super) type Bag = BTreeMap<u32, f64>;

struct Node {
    bag: Bag,
    leaves: Vec<usize>,
    /// The best partition of the leaves, and its score.
    best: Vec<Vec<usize>>,
    score: f64,
}

/// Cuts the tree; `may_merge` says which groups an editor keeps apart.
pub(super) fn cut(
    bags: Vec<Bag>,
    merges: &[Merge],
    share: &BTreeMap<u32, f64>,
    may_merge: impl Fn(&[usize]) -> bool,
) -> Vec<Vec<usize>> {
    let mut nodes: Vec<Option<Node>> = bags
        .into_iter()
        .enumerate()
        .map(|(at, bag)| {
            let score = evidence(&bag, share) + GROUP_BONUS;
            Some(Node { bag, leaves: vec![at], best: vec![vec![at]], score })
        })
        .collect();
    for merge in merges {
        let parts = (nodes[merge.left].take(), nodes[merge.right].take());
        let (Some(left), Some(right)) = parts else { continue };
        nodes.push(Some(merged(left, right, share, &may_merge)));
    }
    let mut groups: Vec<Vec<usize>> = nodes.into_iter().flatten().flat_map(|it| it.best).collect();
    groups.iter_mut().for_each(|it| it.sort_unstable());
    groups.sort_unstable();
    groups
}

fn merged(
    left: Node,
    right: Node,
    share: &BTreeMap<u32, f64>,
    may_merge: &impl Fn(&[usize]) -> bool,
) -> Node {
    let (mut large, small) =
        if left.bag.len() < right.bag.len() { (right, left) } else { (left, right) };
    for (feature, weight) in small.bag {
        *large.bag.entry(feature).or_default() += weight;
    }
    large.leaves.extend(small.leaves);
    #[expect(clippy::cast_precision_loss, reason = "sizes of groups are far below 2^52")]
    let size = large.leaves.len() as f64;
    let together = evidence(&large.bag, share) + GROUP_BONUS + ln_gamma(size);
    let apart = large.score + small.score;
    if apart < together && may_merge(&large.leaves) {
        large.best = vec![large.leaves.clone()];
        large.score = together;
    } else {
        large.best.extend(small.best);
        large.score = apart;
    }
    large
}

fn evidence(bag: &Bag, share: &BTreeMap<u32, f64>) -> f64 {
    let total: f64 = bag.values().sum();
    let words: f64 = bag
        .iter()
        .map(|(feature, count)| {
            let prior = BETA * share.get(feature).copied().unwrap_or(1e-9);
            ln_gamma(prior + count) - ln_gamma(prior)
        })
        .sum();
    ln_gamma(BETA) - ln_gamma(BETA + total) + words
}

/// The logarithm of the gamma function for positive numbers (Lanczos 1964, g = 7, n = 9).
fn ln_gamma(x: f64) -> f64 {
    #[expect(clippy::excessive_precision, reason = "the published coefficients")]
    const COEFFICIENTS: [f64; 9] = [
        0.999_999_999_999_809_93,
        676.520_368_121_885_1,
        -1_259.139_216_722_402_8,
        771.323_428_777_653_13,
        -176.615_029_162_140_6,
        12.507_343_278_686_905,
        -0.138_571_095_265_720_12,
        9.984_369_578_019_572e-6,
        1.505_632_735_149_311_6e-7,
    ];
    if x < 0.5 {
        // Γ(x) = Γ(x + 1) / x keeps small arguments accurate.
        return ln_gamma(x + 1.0) - x.ln();
    }
    let x = x - 1.0;
    let mut sum = COEFFICIENTS[0];
    for (n, coefficient) in (1_u32..).zip(&COEFFICIENTS[1..]) {
        sum += coefficient / (x + f64::from(n));
    }
    let t = x + 7.5;
    0.5 * std::f64::consts::TAU.ln() + (x + 0.5) * t.ln() - t + sum.ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gamma_function_is_the_factorial() {
        assert!((ln_gamma(5.0) - 24.0_f64.ln()).abs() < 1e-9);
        assert!((ln_gamma(0.5) - std::f64::consts::PI.sqrt().ln()).abs() < 1e-9);
        assert!((ln_gamma(1e-6) - 1e6_f64.ln()).abs() < 1e-5);
    }
}
