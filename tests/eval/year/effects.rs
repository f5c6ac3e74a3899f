//! Whether the intervals of effects hold what the mends have truly led to.

use skranke::app::{AsOf, MendEffect};
use skranke::week::Week;

use super::editors::{Desk, Linked};
use super::life::Life;
use super::measures::Share;

/// How many contacts an inquiry counts on average: one in twenty stands for two to four.
const CONTACTS: f64 = 1.1;

/// Of the effects that were measured of linked pages: how many intervals hold the true one.
pub(super) fn holding(life: &Life, desk: &Desk) -> Share {
    let now = life.app.clock.now();
    let last = Week::of(now, &life.app.zone).plus(-1);
    let effects = life.app.effects(AsOf { last, at: now }, false).unwrap();
    let holds: Vec<bool> = effects.iter().filter_map(|it| holds(life, desk, it)).collect();
    Share(holds.iter().filter(|it| **it).count(), holds.len())
}

fn holds(life: &Life, desk: &Desk, effect: &MendEffect) -> Option<bool> {
    let measured = effect.measured()?;
    let linked = desk.linked.iter().rev().find(|it| it.topic == effect.number)?;
    let truth = saved(life, linked, (measured.before.count, &days(life, measured)))?;
    let interval = measured.saved.interval;
    Some(interval.low <= truth && truth <= interval.high)
}

/// The days before and after a mend that its effect is measured on.
fn days(life: &Life, measured: &skranke::effect::Measured) -> [std::ops::Range<usize>; 2] {
    [&measured.before, &measured.after].map(|it| {
        let first = usize::try_from(it.first.since(life.first_week())).unwrap();
        first * 7..(first + it.weeks) * 7
    })
}

/// The logged contacts that a mend has truly saved: those to be expected of the need without it,
/// as the share of the need that the topic had before, less those that still came. None where
/// the page did not stay as it was before and after.
fn saved(
    life: &Life,
    linked: &Linked,
    (count, [before, after]): (u32, &[std::ops::Range<usize>; 2]),
) -> Option<f64> {
    let known = &life.world[linked.need];
    let moved = known.mended.filter(|it| *it != linked.day);
    if moved.is_some_and(|it| before.start < it && it < after.end) {
        return None;
    }
    let expected = |days: &std::ops::Range<usize>| -> f64 {
        days.clone().map(|it| known.unmended(it) * super::truth::logging_rate(it) * CONTACTS).sum()
    };
    let share = f64::from(count) / expected(before);
    let left = if known.mended == Some(linked.day) { known.left } else { 1.0 };
    Some(share * expected(after) * (1.0 - left))
}
