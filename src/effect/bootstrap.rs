//! How sure an effect is: the weeks are drawn again and again (Efron and Tibshirani, "An
//! Introduction to the Bootstrap", 1993, chapters 6 and 13).
//!
//! A week is drawn whole, with the topic's contacts beside all others: what moves both stays
//! together. A few weeks vary less than the weeks they stand for, so their deviations are widened
//! by n / (n - 1) and by Student's distribution (Hesterberg, "What Teachers Should Know About the
//! Bootstrap", 2015). Weeks that by chance vary less than Poisson counts do, such as four without
//! a contact, say nothing by being drawn: there the count's own distribution is drawn from.

use super::random::Random;
use super::{Interval, Mend, WeekCount, sums, weighted};

/// So often is drawn.
pub(super) const DRAWS: usize = 1_000;
/// This share of the draws lies outside at each end.
const TAIL: f64 = 0.025;
/// The normal distribution's quantile for that.
const NORMAL: f64 = 1.96;

/// Contacts saved, as each draw has it; the same for the same weeks, whenever it is asked.
pub(super) fn draws((before, after): (&[WeekCount], &[WeekCount]), mend: &Mend<'_>) -> Vec<f64> {
    let (topic, week) = (mend.topic, mend.linked);
    let (year, number) = (week.year().unsigned_abs(), week.number().unsigned_abs());
    let names = [u64::from(topic.0), u64::from(year), u64::from(number)];
    let mut random = Random::part(1, &names);
    let others = f64::from(sums(before).1);
    let ahead = weighted(after, |it| it.others);
    let saved = |before: f64, after: f64| before / others * ahead - after;
    let (was, now) = (f64::from(sums(before).0), weighted(after, |it| it.topic));
    let (estimate, widening) = (saved(was, now), student(before.len() + after.len() - 2) / NORMAL);
    // What came before is counted as it was logged: the others there were logged alike.
    let logged: Vec<WeekCount> = before.iter().map(|it| WeekCount { rate: None, ..*it }).collect();
    let (before, after) = (Window::of(&logged), Window::of(after));
    let mut draw = || {
        let moved = (mend.drift.sqrt() * random.normal()).exp();
        saved(moved * before.draw(&mut random), after.draw(&mut random))
    };
    (0..DRAWS).map(|_| estimate + widening * (draw() - estimate)).collect()
}

/// The interval that all but the outermost draws lie in.
pub(super) fn interval(draws: &[f64]) -> Interval {
    let mut sorted = draws.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a share of a thousand"
    )]
    let cut = (sorted.len() as f64 * TAIL) as usize;
    let at = |place: usize| sorted.get(place).copied().unwrap_or(0.0);
    Interval { low: at(cut), high: at(sorted.len().saturating_sub(1 + cut)) }
}

/// The quantile of Student's distribution (Cornish and Fisher's expansion).
fn student(degrees: usize) -> f64 {
    let degrees = f64::from(u32::try_from(degrees.max(1)).unwrap_or(u32::MAX));
    NORMAL + 2.372 / degrees + 2.823 / (degrees * degrees)
}

/// The weeks before or after, to draw from.
struct Window<'a> {
    weeks: &'a [WeekCount],
    /// The topic's contacts, and all others'.
    topic: f64,
    others: f64,
    /// What one logged contact of the topic stands for.
    each: f64,
    is_dispersed: bool,
}

impl<'a> Window<'a> {
    fn of(weeks: &'a [WeekCount]) -> Self {
        let (topic, others) = (weighted(weeks, |it| it.topic), weighted(weeks, |it| it.others));
        let logged = sums(weeks);
        let each = match logged.0 {
            0 => others / f64::from(logged.1.max(1)),
            count => topic / f64::from(count),
        };
        Self { weeks, topic, others, each, is_dispersed: 1.0 < dispersion(weeks) }
    }

    /// The topic's contacts, had the weeks been others of their kind.
    fn draw(&self, random: &mut Random) -> f64 {
        if !self.is_dispersed {
            // A count's distribution as the count alone tells it, with Jeffreys' prior.
            return self.each * random.gamma(f64::from(sums(self.weeks).0) + 0.5);
        }
        let n = self.weeks.len();
        let drawn: Vec<WeekCount> = (0..n).map(|_| self.weeks[random.below(n)]).collect();
        let (topic, others) = (weighted(&drawn, |it| it.topic), weighted(&drawn, |it| it.others));
        let moved = if 0.0 < others { topic / others * self.others } else { self.topic };
        let n = f64::from(u32::try_from(n).unwrap_or(u32::MAX));
        self.topic + (n / (n - 1.0).max(1.0)).sqrt() * (moved - self.topic)
    }
}

/// How much more the topic's share varies from week to week than counts do: 1 is Poisson.
fn dispersion(weeks: &[WeekCount]) -> f64 {
    let (topic, others) = sums(weeks);
    if topic == 0 || others == 0 {
        return 0.0;
    }
    let share = f64::from(topic) / f64::from(others);
    let off = weeks.iter().filter(|it| 0 < it.others).map(|it| {
        let expected = share * f64::from(it.others);
        (f64::from(it.topic) - expected).powi(2) / expected
    });
    let freedom = u32::try_from(weeks.len()).unwrap_or(u32::MAX).saturating_sub(1).max(1);
    off.sum::<f64>() / f64::from(freedom)
}
