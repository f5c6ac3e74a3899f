//! Mends with a known true effect: what is said of them, and how often it holds.

use proptest::prelude::*;

use super::*;

fn week(text: &str) -> Week {
    text.parse().unwrap()
}

fn steady(counts: &[(u32, usize)]) -> Vec<WeekCount> {
    let weeks = counts.iter().flat_map(|(topic, n)| std::iter::repeat_n(*topic, *n));
    weeks.map(|topic| WeekCount { topic, others: 100, rate: None }).collect()
}

fn measured(weeks: &[WeekCount], linked: i64) -> Effect {
    let first = week("2025-W01");
    measure(&Mend { topic: TopicNumber(7), linked: first.plus(linked), first, weeks, drift: 0.0 })
}

fn told(weeks: &[WeekCount], linked: i64) -> Measured {
    match measured(weeks, linked) {
        Effect::Measured(it) => it,
        other @ (Effect::TooEarly { .. } | Effect::Incomparable) => panic!("{other:?}"),
    }
}

#[test]
fn three_weeks_are_too_early_and_four_are_not() {
    let short = steady(&[(10, 8), (5, 1), (2, 3)]);
    assert_eq!(measured(&short, 8), Effect::TooEarly { weeks: 3 });
    let it = told(&steady(&[(10, 8), (5, 1), (2, 4)]), 8);
    assert_eq!((it.before.count, it.after.count, it.after.weeks), (80, 8, 4));
    assert!((it.saved.contacts - 32.0).abs() < 1e-9, "{it:?}");
    assert_eq!(it.saved.finding(), Finding::Fewer);
    assert_eq!(it.after.first, week("2025-W10"));
}

#[test]
fn what_nobody_asked_before_has_nothing_to_compare_with() {
    assert_eq!(measured(&steady(&[(0, 8), (5, 9)]), 8), Effect::Incomparable);
    assert_eq!(measured(&steady(&[(5, 9)]), 1), Effect::Incomparable);
}

#[test]
fn a_rise_is_told_as_a_rise_and_noise_as_nothing_certain() {
    let rise = told(&steady(&[(5, 9), (15, 8)]), 8);
    assert_eq!(rise.saved.finding(), Finding::More);
    assert!(rise.saved.contacts < -70.0);
    assert_eq!(told(&steady(&[(2, 9), (1, 4)]), 8).saved.finding(), Finding::Uncertain);
}

#[test]
fn no_contact_after_the_mend_does_not_make_the_interval_certain() {
    let it = told(&steady(&[(1, 9), (0, 4)]), 8).saved;
    assert!(it.interval.high - it.interval.low > 3.0, "{it:?}");
}

#[test]
fn calls_that_nobody_logged_are_counted_where_the_rate_is_known() {
    let mut weeks = steady(&[(10, 9), (2, 4)]);
    weeks.iter_mut().for_each(|it| it.rate = Some(0.5));
    let it = told(&weeks, 8);
    assert!((it.saved.contacts - 64.0).abs() < 1e-9, "{it:?}");
    assert_eq!(it.rates, Some((0.5, 0.5)));
}

#[track_caller]
fn check_season(counts: &[(u32, usize)], linked: i64, expected: &[Season]) {
    assert_eq!(told(&steady(counts), linked).season, expected);
}

#[test]
fn the_season_is_warned_of() {
    check_season(&[(10, 9), (2, 8)], 8, &[Season::ShortHistory]);
    check_season(&[(10, 61), (2, 8)], 60, &[]);
    let likewise = [(10, 9), (2, 8), (10, 44), (2, 8)];
    check_season(&likewise, 60, &[Season::FellLastYear]);
    check_season(&[(2, 52), (10, 9), (2, 8)], 60, &[Season::PeakBefore]);
}

#[test]
fn mends_add_up_and_are_surer_together() {
    let one = told(&steady(&[(4, 9), (2, 8)]), 8);
    let first = week("2025-W01");
    let weeks = steady(&[(4, 9), (2, 8)]);
    let other =
        Mend { topic: TopicNumber(8), linked: first.plus(8), first, weeks: &weeks, drift: 0.0 };
    let Effect::Measured(other) = measure(&other) else { panic!("it is measured") };
    let width = |it: &Interval| it.high - it.low;
    let both = together([&one, &other]).unwrap();
    assert!((both.contacts - one.saved.contacts * 2.0).abs() < 1e-9);
    assert!(width(&both.interval) < width(&one.saved.interval) * 1.7);
    assert_eq!(together([]), None);
}

proptest! {
    #[test]
    fn any_weeks_give_finite_numbers_in_order_and_the_same_ones_again(
        counts in prop::collection::vec((0_u32..200, 0_u32..2_000, prop::option::of(0.0..1.0_f64)),
            0..90),
        linked in -5_i64..100,
    ) {
        let week = |(topic, others, rate): &(u32, u32, Option<f64>)| WeekCount {
            topic: *topic,
            others: *others,
            rate: rate.map(|it| it + 0.01),
        };
        let weeks: Vec<WeekCount> = counts.iter().map(week).collect();
        let effect = measured(&weeks, linked);
        prop_assert_eq!(&effect, &measured(&weeks, linked));
        if let Effect::Measured(it) = effect {
            let Interval { low, high } = it.saved.interval;
            prop_assert!(low <= high && low.is_finite() && high.is_finite(), "{:?}", it.saved);
            prop_assert!(it.before.weeks <= BEFORE_WEEKS_MAX && it.after.weeks <= AFTER_WEEKS_MAX);
        }
    }
}

/// A made-up mend: its weeks, and how many contacts it truly saved.
struct Made {
    weeks: Vec<WeekCount>,
    linked: usize,
    saved: f64,
}

fn poisson(random: &mut Random, mean: f64) -> u32 {
    let (end, mut product, mut n) = ((-mean).exp(), 1.0 - random.share(), 0);
    while end < product {
        product *= 1.0 - random.share();
        n += 1;
    }
    n
}

/// A topic that falls by `share`, in a log with a season and a rate that wanders from 40 to 90 %.
fn made(random: &mut Random, knows_rate: bool) -> Made {
    let linked = 8 + random.below(45);
    let after = AFTER_WEEKS_MIN + random.below(AFTER_WEEKS_MAX - AFTER_WEEKS_MIN);
    let (mean, share) = (0.5 + 9.5 * random.share(), random.share() * 0.95);
    let (phase, mut rate, mut saved) = (random.share(), 0.65, 0.0);
    let mut weeks = vec![];
    for at in 0..=linked + after {
        rate = f64::clamp(rate + 0.16 * (random.share() - 0.5), 0.4, 0.9);
        let place = f64::from(u32::try_from(at).unwrap()) / 52.0 + phase;
        let season = 1.0 + 0.4 * (std::f64::consts::TAU * place).sin();
        let asked = mean * season;
        let left = if linked < at { 1.0 - share } else { 1.0 };
        if linked < at {
            saved += asked * share * if knows_rate { 1.0 } else { rate };
        }
        weeks.push(WeekCount {
            topic: poisson(random, asked * left * rate),
            others: poisson(random, 120.0 * season * rate),
            rate: knows_rate.then_some(rate),
        });
    }
    Made { weeks, linked, saved }
}

/// The share of made-up mends whose interval holds the truth, and of those found to be fewer.
fn coverage(seed: u64, knows_rate: bool) -> (f64, f64, u32) {
    let mut random = Random::new(seed);
    let (mut n, mut held, mut found) = (0_u32, 0_u32, 0_u32);
    while n < 1_000 {
        let made = made(&mut random, knows_rate);
        let linked = i64::try_from(made.linked).unwrap();
        let Effect::Measured(it) = measured(&made.weeks, linked) else { continue };
        let Interval { low, high } = it.saved.interval;
        n += 1;
        held += u32::from(low <= made.saved && made.saved <= high);
        found += u32::from(it.saved.finding() == Finding::Fewer);
    }
    (f64::from(held) / f64::from(n), f64::from(found) / f64::from(n), n)
}

#[test]
fn the_interval_holds_the_true_effect_of_made_up_mends() {
    for (seed, knows_rate) in [(11, true), (12, false)] {
        let (held, found, n) = coverage(seed, knows_rate);
        println!("of {n} mends {held:.3} hold the truth, {found:.3} are found");
        assert!((0.90..0.99).contains(&held), "seed {seed}: {held}");
        assert!(0.3 < found, "seed {seed}: intervals that find nothing: {found}");
    }
}
