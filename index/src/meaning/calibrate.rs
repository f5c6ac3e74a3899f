//! How surely no page answers, told from how near the nearest page comes.
//!
//! One threshold does not travel between websites, so each is its own yardstick: hide the page
//! that comes nearest, with those about the same, and what is left does not answer. How near the
//! left ones come is how near a page comes by chance (an empirical null and a local false
//! discovery rate, Efron 2004).

/// How near pages come to one question.
#[derive(Clone, Copy, Debug)]
pub(super) struct Near {
    /// The nearest page.
    pub(super) best: f32,
    /// The nearest page that does not answer.
    pub(super) by_chance: f32,
}

/// How surely no page answers, by how near the nearest one comes.
#[derive(Clone, Debug)]
pub(super) struct Curve {
    from: f32,
    step: f32,
    /// From no nearness to the most; never rising.
    gap: Vec<f32>,
}

/// So many points of the curve are kept.
const POINTS: u16 = 200;
/// So often the share of gaps and who counts as answered are told from each other.
const ROUNDS: usize = 5;
/// Silverman's rule of thumb for the width of a bump (Silverman 1986).
const WIDTH: f32 = 1.06;
/// How near a page comes of which not even a part of a word is in the question.
pub(super) const NOWHERE: f32 = -1.0;
/// A question that no page answers says little of what is near by chance: its second best page is
/// beaten by chance already.
const SAY_MIN: f32 = 1e-3;

impl Curve {
    /// Reads the curve off a log.
    pub(super) fn of(log: &[Near]) -> Self {
        let bests = || log.iter().map(|it| it.best);
        let all = || bests().chain(log.iter().map(|it| it.by_chance));
        let (from, to) = all().fold((NOWHERE, 0.0_f32), |(a, b), it| (a.min(it), b.max(it)));
        let step = ((to - from) / f32::from(POINTS)).max(f32::MIN_POSITIVE);
        let mut curve = Self { from, step, gap: vec![0.5; usize::from(POINTS) + 1] };
        let width = width(&bests().filter(|it| NOWHERE < *it).collect::<Vec<f32>>());
        let found = curve.density(&bests().map(|it| (it, 1.0)).collect::<Vec<_>>(), width);
        for _ in 0..ROUNDS {
            let say = |it: &Near| (it.by_chance, 1.0 - curve.at(it.best) + SAY_MIN);
            let chance: Vec<(f32, f32)> = log.iter().map(say).collect();
            let middle = middle(&chance);
            let share = share_of_gaps(log, middle);
            let by_chance = curve.density(&chance, width);
            let masses = by_chance.iter().zip(&found).zip(curve.points());
            curve.gap = falling(masses.map(|((chance, found), at)| {
                let chance = share * chance;
                (if at <= middle { chance.max(*found) } else { chance }, *found)
            }));
        }
        curve
    }

    /// How surely no page answers when the nearest one comes so near, 0 to 1.
    pub(super) fn at(&self, near: f32) -> f32 {
        let place = ((near - self.from) / self.step).clamp(0.0, f32::from(POINTS));
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
        let before = place as usize;
        let part = place.fract();
        let after = (before + 1).min(self.gap.len() - 1);
        self.gap[before] * (1.0 - part) + self.gap[after] * part
    }

    fn points(&self) -> impl Iterator<Item = f32> {
        (0..=POINTS).map(|it| self.from + self.step * f32::from(it))
    }

    /// How dense weighed values lie at each point, each spread out to a bump.
    fn density(&self, values: &[(f32, f32)], width: f32) -> Vec<f32> {
        let total: f32 = values.iter().map(|it| it.1).sum();
        let bump = |point: f32, at: f32| (-0.5 * ((point - at) / width).powi(2)).exp();
        let at = |point| values.iter().map(|(at, weight)| weight * bump(point, *at)).sum::<f32>();
        self.points().map(|point| at(point) / total.max(f32::MIN_POSITIVE)).collect()
    }
}

/// What is near by chance over what is near, point by point, made to fall all the way: where it
/// would rise, points are taken together (Ayer et al. 1955).
fn falling(masses: impl Iterator<Item = (f32, f32)>) -> Vec<f32> {
    let ratio = |it: (f32, f32)| (it.0 / it.1.max(f32::MIN_POSITIVE)).min(1.0);
    let mut blocks: Vec<((f32, f32), usize)> = vec![];
    for mass in masses {
        let mut block = (mass, 1);
        while let Some((before, n)) = blocks.pop_if(|it| ratio(it.0) < ratio(block.0)) {
            block = ((block.0.0 + before.0, block.0.1 + before.1), block.1 + n);
        }
        blocks.push(block);
    }
    blocks.into_iter().flat_map(|(mass, n)| std::iter::repeat_n(ratio(mass), n)).collect()
}

fn width(values: &[f32]) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "so many questions are not looked at")]
    let n = values.len().max(1) as f32;
    let mean = values.iter().sum::<f32>() / n;
    let variance = values.iter().map(|it| (it - mean).powi(2)).sum::<f32>() / n;
    (WIDTH * variance.sqrt() * n.powf(-0.2)).max(1e-3)
}

/// What half of the weight lies at or under.
fn middle(values: &[(f32, f32)]) -> f32 {
    let mut sorted = values.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = sorted.iter().map(|it| it.1).sum::<f32>() / 2.0;
    let mut sum = 0.0;
    let middle = sorted.iter().find(|it| {
        sum += it.1;
        half <= sum
    });
    middle.map_or(NOWHERE, |it| it.0)
}

/// The share of questions that no page answers: of those, half lie under the middle of what comes
/// near by chance, and hardly any other does (Storey 2002).
fn share_of_gaps(log: &[Near], middle: f32) -> f32 {
    let under = log.iter().filter(|it| it.best <= middle).count();
    #[expect(clippy::cast_precision_loss, reason = "so many questions are not looked at")]
    let share = under as f32 / log.len().max(1) as f32;
    (share / 0.5).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A log in which so many of 200 questions are answered: near 0.6, and by chance near 0.2.
    fn log(answered: u16) -> Vec<Near> {
        let spread = |at: u16| f32::from(at * 37 % 101) / 500.0 - 0.1;
        let near = |at: u16| {
            let chance = 0.2 + spread(at);
            match at < answered {
                true => Near { best: 0.6 + spread(at + 7), by_chance: chance },
                false => Near { best: chance, by_chance: chance - 0.02 },
            }
        };
        (0..200).map(near).collect()
    }

    #[track_caller]
    fn check_share(answered: u16, expected: f32) {
        let log = log(answered);
        let curve = Curve::of(&log);
        #[expect(clippy::cast_precision_loss, reason = "200")]
        let share = log.iter().map(|it| curve.at(it.best)).sum::<f32>() / log.len() as f32;
        assert!((share - expected).abs() < 0.15, "{answered}: {share}, not {expected}");
    }

    #[test]
    fn the_share_of_gaps_is_told_from_the_log_itself() {
        check_share(200, 0.0);
        check_share(180, 0.1);
        check_share(100, 0.5);
        check_share(20, 0.9);
    }

    #[test]
    fn the_nearer_the_surer() {
        let curve = Curve::of(&log(100));
        assert!(curve.at(0.6) < 0.1, "{}", curve.at(0.6));
        assert!(0.9 < curve.at(0.15), "{}", curve.at(0.15));
        assert!(curve.gap.is_sorted_by(|a, b| b <= a));
        assert!((0.0..=1.0).contains(&curve.at(-9.0)) && curve.at(9.0) <= curve.at(0.0));
    }

    #[track_caller]
    fn check_falling(masses: &[(f32, f32)], expected: &[f32]) {
        assert_eq!(falling(masses.iter().copied()), expected, "{masses:?}");
    }

    #[test]
    fn a_rise_is_levelled() {
        check_falling(&[(1.0, 1.0), (1.0, 2.0), (0.0, 1.0)], &[1.0, 0.5, 0.0]);
        check_falling(&[(0.0, 1.0), (3.0, 3.0), (1.0, 2.0)], &[0.75, 0.75, 0.5]);
        check_falling(&[(0.0, 0.0), (5.0, 1.0)], &[1.0, 1.0]);
        check_falling(&[], &[]);
    }

    #[test]
    fn a_log_of_nothing_has_a_curve() {
        assert!((0.0..=1.0).contains(&Curve::of(&[]).at(0.3)));
        let same = vec![Near { best: 0.3, by_chance: 0.3 }; 50];
        assert!((0.0..=1.0).contains(&Curve::of(&same).at(0.3)));
    }
}
