//! How well a group explains its wordings' words: each word is in a wording of the group or it
//! is not, with a chance that the group's wordings tell beside the whole log's (beta-Bernoulli
//! marginal likelihood; Bernardo & Smith, Bayesian Theory, 1994, section 3.2.2).

use super::wordings::Token;

/// The words of a group and how many of its wordings have each, by token.
pub(super) type Bag = Vec<(Token, u32)>;

/// For so many wordings the whole log speaks in every group.
const STRENGTH: f64 = 20.0;
/// So large a share of a log's wordings is expected to be about something of its own (the
/// concentration of a Chinese restaurant process, Aldous 1985, as a share of the log, since new
/// needs never stop coming). A group that is larger than that draws no more for its size.
const OWN_SHARE: f64 = 0.10;
/// In a small log so many could be, for it shows too little of what is common.
const OWN_MIN: f64 = 150.0;
/// What a word weighs that says nothing of the subject, but something of what is asked.
const STOP_WEIGHT: f64 = 0.3;
/// Below this a chance counts as small, and its gamma functions are read from a table.
const SMALL: f64 = 0.05;
/// So many powers approximate what words have to say that a group does not hold.
const POWERS: usize = 6;

/// What the whole log says of each word, and tables of gamma functions.
pub(super) struct Model {
    /// By token: how often the log has it, times its strength.
    prior: Vec<f64>,
    /// How many wordings are expected to be about something of their own.
    own: f64,
    /// Sums over all tokens of weight times prior to the power of 1, 2, ...
    powers: [f64; POWERS],
    /// ln Γ and its derivative at strength + 0, 1, ...
    shifted: Vec<(f64, f64)>,
    /// ln Γ at 0, 1, ... and the derivative there over that at 1.
    whole: Vec<(f64, f64)>,
}

fn weight(token: Token) -> f64 {
    if token.is_stop() { STOP_WEIGHT } else { 1.0 }
}

impl Model {
    /// Counts `wordings`, each with its distinct tokens.
    pub(super) fn of(wordings: &[Vec<Token>]) -> Self {
        let tokens = wordings.iter().flatten().map(|it| it.place() + 1).max().unwrap_or(0);
        let mut prior = vec![0.0; tokens];
        wordings.iter().flatten().for_each(|it| prior[it.place()] += 1.0);
        let mut powers = [0.0; POWERS];
        let n = wordings.len();
        for (place, chance) in prior.iter_mut().enumerate().filter(|it| 0.0 < *it.1) {
            *chance = STRENGTH * (*chance + 0.5) / (real(n) + 1.0);
            let weight = if place % 2 == 1 { STOP_WEIGHT } else { 1.0 };
            let mut term = weight;
            for power in &mut powers {
                term *= *chance;
                *power += term;
            }
        }
        let shifted = (0..=n).map(|it| STRENGTH + real(it)).map(|it| (ln_gamma(it), digamma(it)));
        let one = digamma(1.0);
        let whole = (0..=n).map(|it| real(it.max(1))).map(|it| (ln_gamma(it), digamma(it) - one));
        let own = (OWN_SHARE * real(n)).max(OWN_MIN);
        Self { prior, own, powers, shifted: shifted.collect(), whole: whole.collect() }
    }

    /// How well a group of `n` wordings with these words explains them.
    pub(super) fn evidence(&self, bag: &Bag, n: usize) -> f64 {
        let words: f64 =
            bag.iter().map(|(token, count)| weight(*token) * self.word(*token, *count, n)).sum();
        let drift = self.shifted[n].1 - self.shifted[0].1;
        words - self.powers[0] * drift + self.size(n)
    }

    /// What its size speaks for a group.
    fn size(&self, n: usize) -> f64 {
        // Where the concentration is no whole number, the step below it is near enough.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "1 to 2^32")]
        let drawing = n.min(self.own as usize);
        self.own.ln() + self.whole[drawing].0 + real(n - drawing) * self.drawn(n)
    }

    /// What the size of a group speaks for one more wording.
    pub(super) fn drawn(&self, n: usize) -> f64 {
        if n == 0 { self.own.ln() } else { real(n).min(self.own).ln() }
    }

    /// A word's part, beyond what it would be if no wording had it.
    fn word(&self, token: Token, count: u32, n: usize) -> f64 {
        let (prior, k) = (self.prior[token.place()], count as usize);
        let rest = self.shifted[n - k];
        let all = self.shifted[n];
        if prior < SMALL {
            let rising = prior.ln() + self.whole[k].0 + prior * self.whole[k].1;
            return rising + rest.0 - all.0 + prior * (all.1 - rest.1);
        }
        let other = STRENGTH - prior;
        ln_gamma(prior + f64::from(count)) - ln_gamma(prior) + ln_gamma(other + real(n - k))
            - ln_gamma(other)
            - (all.0 - self.shifted[0].0)
            + prior * (all.1 - self.shifted[0].1)
    }

    /// What a group of `n` wordings gives a wording without any word: the chances of not having
    /// the group's words nor any other.
    pub(super) fn base(&self, bag: &Bag, n: usize) -> f64 {
        let size = real(n);
        let held = bag.iter().map(|(token, count)| {
            let other = STRENGTH - self.prior[token.place()] + size;
            weight(*token) * ((other - f64::from(*count)) / other).ln()
        });
        let all = STRENGTH + size;
        let mut power = 1.0;
        let mut absent = 0.0;
        for (nth, sum) in (1_u32..).zip(self.powers) {
            power *= all;
            absent += sum / (f64::from(nth) * power);
        }
        held.sum::<f64>() - absent
    }

    /// What a word of a wording adds to that, if `count` of `n` have it. Half of what is said comes
    /// from the whole log, whatever the group: a word that a large group lacks speaks no more
    /// against it than one that a small group lacks.
    pub(super) fn gain(&self, token: Token, count: u32, n: usize) -> f64 {
        let prior = self.prior[token.place()];
        let (has, lacks) =
            (prior + f64::from(count), STRENGTH - prior + real(n) - f64::from(count));
        let in_the_log = 0.5 * prior / (STRENGTH - prior);
        let odds = if count == 0 { (has / lacks).max(in_the_log) } else { has / lacks };
        weight(token) * odds.ln()
    }
}

#[expect(clippy::cast_precision_loss, reason = "sizes of logs are far below 2^52")]
fn real(n: usize) -> f64 {
    n as f64
}

/// The logarithm of the gamma function for positive numbers (Stirling's series, after a step up
/// to where it is exact; Abramowitz & Stegun 1964, 6.1.15 and 6.1.41).
fn ln_gamma(mut x: f64) -> f64 {
    let mut product = 1.0;
    while x < 8.0 {
        product *= x;
        x += 1.0;
    }
    let inverse = 1.0 / (x * x);
    let series = (1.0 / 12.0 - inverse * (1.0 / 360.0 - inverse * (1.0 / 1260.0))) / x;
    (x - 0.5) * x.ln() - x + 0.5 * std::f64::consts::TAU.ln() + series - f64::ln(product)
}

/// Its derivative (Abramowitz & Stegun 1964, 6.3.5 and 6.3.18).
fn digamma(mut x: f64) -> f64 {
    let mut steps = 0.0;
    while x < 8.0 {
        steps += 1.0 / x;
        x += 1.0;
    }
    let inverse = 1.0 / (x * x);
    x.ln() - 0.5 / x - inverse * (1.0 / 12.0 - inverse * (1.0 / 120.0 - inverse / 252.0)) - steps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gamma_function_is_the_factorial() {
        assert!((ln_gamma(5.0) - 24.0_f64.ln()).abs() < 1e-8);
        assert!((ln_gamma(0.5) - std::f64::consts::PI.sqrt().ln()).abs() < 1e-8);
        assert!((ln_gamma(1e-6) - 1e6_f64.ln()).abs() < 1e-5);
        assert!((digamma(1.0) + 0.577_215_664_9).abs() < 1e-8);
    }
}
