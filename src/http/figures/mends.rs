//! What the mends have led to, in words, as a table and as bars.

use super::blocks::{about, columns};
use crate::app::{Figures, MendEffect};
use crate::effect::{AFTER_WEEKS_MIN, Effect, Finding, Measured, Period, Saved, together};
use crate::http::pages::{Cell, MendBar, Table, along, percent_of};
use crate::messages::Lang;
use crate::report::figures::count;

/// The columns of the method that KS has for gains: topic, periods, counts, minutes, hours saved;
/// what the gain rests on stands beside.
const COLUMNS: [&str; 19] = [
    "topic",
    "number",
    "before",
    "after",
    "count_before",
    "count_after",
    "expected",
    "saved",
    "saved_low",
    "saved_high",
    "minutes",
    "hours",
    "hours_low",
    "hours_high",
    "mended",
    "finding",
    "season",
    "rate_before",
    "rate_after",
];

fn measured(figures: &Figures) -> impl Iterator<Item = &Measured> {
    figures.effects.iter().filter_map(MendEffect::measured)
}

pub(super) fn is_any_measured(figures: &Figures) -> bool {
    measured(figures).next().is_some()
}

/// What all mends together have led to.
pub(super) fn finding(lang: Lang, figures: &Figures) -> String {
    if figures.effects.is_empty() {
        return lang.text("figures.effects.none").to_owned();
    }
    let Some(saved) = together(measured(figures)) else {
        return lang.text("figures.effects.early").to_owned();
    };
    let gaps = count(lang, "figures.mended", measured(figures).count() as u64, &[]);
    lang.fill("figures.effects.all", &[("gaps", &gaps), ("says", &says(lang, saved))])
}

/// A number of contacts saved, in words, with its interval.
fn says(lang: Lang, saved: Saved) -> String {
    let Saved { contacts, interval } = saved;
    let (low, high) = match saved.finding() {
        Finding::Fewer | Finding::Uncertain => (interval.low, interval.high),
        Finding::More => (interval.high, interval.low),
    };
    let key = match saved.finding() {
        Finding::Fewer => "figures.effect.fewer",
        Finding::More => "figures.effect.more",
        Finding::Uncertain => "figures.effect.unsure",
    };
    let [n, low, high] = [contacts, low, high].map(|it| about(it.abs(), lang));
    lang.fill(key, &[("n", &n), ("low", &low), ("high", &high)])
}

/// What one mend has led to, in words.
fn says_of(lang: Lang, effect: &Effect) -> String {
    match effect {
        Effect::TooEarly { weeks } => {
            let (n, min) = (weeks.to_string(), AFTER_WEEKS_MIN.to_string());
            lang.fill("figures.effect.early", &[("n", &n), ("min", &min)])
        }
        Effect::Incomparable => lang.text("figures.effect.incomparable").to_owned(),
        Effect::Measured(measured) => says(lang, measured.saved),
    }
}

/// The hours saved by all mends together, in words; none when no minutes were said, or nothing is
/// certain.
pub(super) fn hours(lang: Lang, figures: &Figures) -> Option<String> {
    let minutes = figures.minutes_each?;
    let saved = together(measured(figures))?;
    let key = match saved.finding() {
        Finding::Fewer => "figures.hours.fewer",
        Finding::More => "figures.hours.more",
        Finding::Uncertain => return None,
    };
    let hours = |contacts: f64| about(contacts.abs() * f64::from(minutes) / 60.0, lang);
    let ends = (saved.interval.low, saved.interval.high);
    let (low, high) = if ends.0 < 0.0 { (ends.1, ends.0) } else { ends };
    let [n, low, high] = [saved.contacts, low, high].map(hours);
    let minutes = minutes.to_string();
    let values = [("n", &*n), ("low", &low), ("high", &high), ("minutes", &minutes)];
    Some(lang.fill(key, &values))
}

fn seasons(lang: Lang, effect: &Effect) -> Vec<String> {
    let Effect::Measured(measured) = effect else { return vec![] };
    let key = |name| format!("figures.season.{name}");
    measured.season.iter().map(|it| lang.text(&key(it.name())).to_owned()).collect()
}

pub(super) fn table(lang: Lang, figures: &Figures) -> Table {
    table_of(lang, figures, usize::MAX)
}

/// The newest `n` mends as a table.
pub(super) fn table_of(lang: Lang, figures: &Figures, n: usize) -> Table {
    let row = |it: &MendEffect| {
        let text = |text: String| Cell::Text(text);
        let mut row = vec![text(it.name.clone()), text(it.number.to_string())];
        row.extend(numbers(&it.effect, figures.minutes_each));
        row.push(text(it.linked.to_string()));
        row.push(text(says_of(lang, &it.effect)));
        row.push(text(seasons(lang, &it.effect).join(" ")));
        let rates = it.measured().and_then(|it| it.rates);
        let rate = |of: Option<f64>| of.map_or(Cell::None, Cell::Percent);
        row.extend([rate(rates.map(|it| it.0)), rate(rates.map(|it| it.1))]);
        row
    };
    let rows = figures.effects.iter().take(n).map(row).collect();
    Table { columns: columns(lang, &COLUMNS), rows }
}

/// Periods, counts, what was saved, minutes and hours.
fn numbers(effect: &Effect, minutes: Option<u16>) -> [Cell; 12] {
    let each = minutes.map_or(Cell::None, |it| Cell::count(it.into()));
    let Effect::Measured(it) = effect else {
        let mut row = [const { Cell::None }; 12];
        row[8] = each;
        return row;
    };
    let period = |it: Period| Cell::Text(format!("{}–{}", it.first, it.last));
    let hours = |contacts: f64| {
        minutes.map_or(Cell::None, |it| Cell::Number(contacts * f64::from(it) / 60.0, 1))
    };
    let Saved { contacts, interval } = it.saved;
    [
        period(it.before),
        period(it.after),
        Cell::count(it.before.count),
        Cell::count(it.after.count),
        Cell::Number(it.expected, 1),
        Cell::Number(contacts, 1),
        Cell::Number(interval.low, 1),
        Cell::Number(interval.high, 1),
        each,
        hours(contacts),
        hours(interval.low),
        hours(interval.high),
    ]
}

/// The newest mends on one scale, with zero where nothing was saved.
pub(super) fn bars(lang: Lang, figures: &Figures, n: usize) -> Vec<MendBar> {
    let shown = || figures.effects.iter().take(n);
    let ends =
        |it: &MendEffect| it.measured().map(|it| (it.saved.interval.low, it.saved.interval.high));
    let (low, high) = shown()
        .filter_map(ends)
        .fold((0.0_f64, 0.0_f64), |all, it| (all.0.min(it.0), all.1.max(it.1)));
    let place = |n: f64| along((n - low) / (high - low).max(1.0), MendBar::WIDTH);
    let bar = |it: &MendEffect| {
        let places = it.measured().map(|it| {
            let Saved { contacts, interval } = it.saved;
            [0.0, interval.low, contacts, interval.high].map(place)
        });
        MendBar {
            number: it.number.to_string(),
            name: it.name.clone(),
            says: says_of(lang, &it.effect),
            when: when(lang, it),
            season: seasons(lang, &it.effect),
            places,
        }
    };
    shown().map(bar).collect()
}

/// When a page was mended, and how many asked in how many weeks before and after.
fn when(lang: Lang, mend: &MendEffect) -> String {
    let week = mend.linked.to_string();
    let Effect::Measured(it) = &*mend.effect else {
        return lang.fill("figures.effect.when", &[("week", &week)]);
    };
    let texts = [it.before.count, it.after.count].map(|it| it.to_string());
    let weeks = [it.before.weeks, it.after.weeks].map(|it| it.to_string());
    let values = [
        ("week", &*week),
        ("before", &texts[0]),
        ("after", &texts[1]),
        ("weeks_before", &weeks[0]),
        ("weeks_after", &weeks[1]),
    ];
    let counts = lang.fill("figures.effect.counts", &values);
    let Some((before, after)) = it.rates else { return counts };
    let values = [before, after].map(|it| percent_of(it, lang));
    let values = [("before", &*values[0]), ("after", &values[1])];
    format!("{counts} {}", lang.fill("figures.effect.rates", &values))
}
