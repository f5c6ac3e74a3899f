//! How much of what came is logged, and how much of that tells anything.

use super::blocks::{columns, names};
use crate::app::{Figures, Share, WEEKS_BEFORE, WeekFigures};
use crate::http::pages::{Cell, FigurePoint, Shares, Table, percent_of};
use crate::inquiry::Quality;
use crate::messages::Lang;

/// Whether the switchboard's totals are known for any of the weeks: then they are what is
/// measured against.
fn has_calls(figures: &Figures) -> bool {
    figures.weeks.iter().any(|it| it.logged.is_some())
}

/// What a week's share is of, as far as it is known.
fn share_of(week: &WeekFigures, has_calls: bool) -> Option<Share> {
    if has_calls { week.logged } else { Some(week.told()) }.filter(|it| 0 < it.all)
}

fn percent(share: Share, lang: Lang) -> String {
    percent_of(share.value(), lang)
}

pub(super) fn measured(lang: Lang, figures: &Figures) -> String {
    let key = if has_calls(figures) { "calls" } else { "told" };
    lang.text(&format!("figures.coverage.measured_{key}")).to_owned()
}

/// The weeks that the finding is about.
fn recent(figures: &Figures, year: Option<i16>) -> impl Iterator<Item = &WeekFigures> {
    let n = match year {
        Some(_) => figures.weeks.len(),
        None => usize::try_from(WEEKS_BEFORE).unwrap_or(1),
    };
    figures.weeks.iter().rev().take(n)
}

pub(super) fn finding(lang: Lang, figures: &Figures, year: Option<i16>) -> String {
    let has_calls = has_calls(figures);
    let shares = recent(figures, year).filter_map(|it| share_of(it, has_calls));
    let share = shares.fold(Share::default(), Share::with);
    let name = if has_calls { "calls" } else { "told" };
    if share.all == 0 {
        return lang.text(&format!("figures.coverage.{name}_none")).to_owned();
    }
    let when = if year.is_some() { "year" } else { "recent" };
    let year = year.map(|it| it.to_string()).unwrap_or_default();
    let values = [("percent", &*percent(share, lang)), ("year", &year)];
    lang.fill(&format!("figures.coverage.{name}_{when}"), &values)
}

/// How much of what is logged tells anything, a sentence each.
pub(super) fn says(lang: Lang, figures: &Figures, year: Option<i16>) -> Vec<String> {
    let weeks = || recent(figures, year);
    let quality = weeks().map(|it| it.quality).fold(Quality::default(), Quality::with);
    let told = weeks().map(WeekFigures::told).fold(Share::default(), Share::with);
    let mut says = vec![];
    if has_calls(figures) && 0 < told.all {
        says.push(lang.fill("figures.coverage.with_words", &[("percent", &percent(told, lang))]));
    }
    let undecided = Share { had: quality.undecided, all: told.had };
    let masked = Share { had: quality.masked, all: quality.texts };
    for (share, key) in [(undecided, "undecided"), (masked, "masked")] {
        if 0 < share.all {
            let values = [("percent", &*percent(share, lang))];
            says.push(lang.fill(&format!("figures.coverage.{key}"), &values));
        }
    }
    says
}

pub(super) fn table(lang: Lang, figures: &Figures) -> Table {
    const COLUMNS: [&str; 10] = [
        "week",
        "calls",
        "calls_logged",
        "rate",
        "all",
        "with_words",
        "only_counted",
        "undecided",
        "texts",
        "masked",
    ];
    let row = |it: &WeekFigures| {
        let (told, quality) = (it.told(), it.quality);
        let mut row = vec![Cell::Text(it.week.to_string())];
        match it.logged {
            Some(Share { had, all }) => {
                row.extend([Cell::count(all), Cell::count(had)]);
                row.push(Cell::Percent(Share { had, all }.value()));
            }
            None => row.extend([Cell::None, Cell::None, Cell::None]),
        }
        row.extend([told.all, told.had, quality.only_counted, quality.undecided].map(Cell::count));
        row.extend([quality.texts, quality.masked].map(Cell::count));
        row
    };
    Table { columns: columns(lang, &COLUMNS), rows: figures.weeks.iter().map(row).collect() }
}

pub(super) fn shares(figures: &Figures) -> Shares {
    let has_calls = has_calls(figures);
    let point = |it: &WeekFigures| {
        let share = share_of(it, has_calls)?;
        // More may be logged than the switchboard has counted; no chart goes past the whole.
        let at = share.value().min(1.0);
        Some(FigurePoint { share: at, interval: (at, at), is_sure: share.is_sure() })
    };
    let points: Vec<Option<FigurePoint>> = figures.weeks.iter().map(point).collect();
    Shares::new(&names(figures), &points)
}
