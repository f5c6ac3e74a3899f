//! The organisation's numbers as charts, and as files for spreadsheets.

mod blocks;
mod coverage;
mod mends;
mod norms;

use axum::Extension;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;

use super::edge::HttpError;
use super::edge::caller::Caller;
use super::edge::fields::{Asking, Fields};
use super::files::give;
use super::pages::{Block, FiguresPage, FiguresShown, Table};
use super::{Edge, page};
use crate::app::{Figures, FiguresOf};
use crate::messages::Lang;
use crate::organisation::Labels;
use crate::people::Role;
use crate::sheet::Form;

/// So many mends stand on the page; the file has all.
const MENDS_SHOWN: usize = 40;

pub(super) async fn show(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    RawQuery(query): RawQuery,
) -> Result<Response, HttpError> {
    let of = asked(&caller, query.as_deref())?;
    let figures = edge.off_thread(move |app| app.figures(of)).await??;
    let labels = edge.labels(caller.lang);
    Ok(page(&FiguresPage {
        f: edge.frame(&caller, "figures.title"),
        year: of.year,
        years: figures.years.clone(),
        shown: shown(&labels, &figures, of.year),
    }))
}

/// A chart's numbers as a file.
pub(super) async fn file(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, HttpError> {
    let of = asked(&caller, query.as_deref())?;
    let (block, ending) = name.split_once('.').ok_or(HttpError::NotFound)?;
    let form = Form::parse(ending).ok_or(HttpError::NotFound)?;
    let make: (&str, fn(Lang, &Figures) -> Table) = match block {
        "weeks" => ("weeks", blocks::weeks_table),
        "answers" => ("answers", blocks::answers_table),
        "topics" => ("topics_asked", blocks::topics_table),
        "effects" => ("effects", mends::table),
        "coverage" => ("coverage", coverage::table),
        "norms" => ("norms", norms::table),
        _ => return Err(HttpError::NotFound),
    };
    let figures = edge.off_thread(move |app| app.figures(of)).await??;
    let (name, make) = make;
    let mut table = make(caller.lang, &figures);
    if name == "weeks" {
        table = blocks::with_own_names(table, &figures, &edge.labels(caller.lang));
    }
    let mut sheet = table.sheet(name, &make(Lang::En, &figures));
    sheet.filter = of.year.map_or_else(String::new, |it| format!("year={it}"));
    give(&edge, &caller, sheet, form).await
}

/// What is asked for: readers get no caller's words.
fn asked(caller: &Caller, query: Option<&str>) -> Result<FiguresOf, HttpError> {
    let fields = Fields::parse(query.unwrap_or_default().as_bytes());
    let year = fields.find("year").map(|it| it.parse::<i16>());
    let year = year.transpose().map_err(|_| HttpError::NotFound)?;
    if year.is_some_and(|it| !(1900..=2200).contains(&it)) {
        return Err(HttpError::NotFound);
    }
    let quotes = matches!(caller.role(), Some(Role::Auditor | Role::Editor | Role::Admin));
    Ok(FiguresOf { year, quotes })
}

pub(super) fn shown(labels: &Labels, figures: &Figures, year: Option<i16>) -> Option<FiguresShown> {
    let lang = labels.lang();
    let last = figures.weeks.last()?;
    let (bars, channels) = blocks::bars(figures);
    let block = |name: &'static str, finding, table| Block {
        name,
        finding,
        measured: blocks::measured(lang, name, year.is_some()),
        table,
    };
    let weeks = blocks::with_own_names(blocks::weeks_table(lang, figures), figures, labels);
    let answers = blocks::answers_table(lang, figures);
    let topics = blocks::topics_table(lang, figures);
    let effects = mends::table_of(lang, figures, MENDS_SHOWN);
    Some(FiguresShown {
        last: last.week.to_string(),
        weeks: block("weeks", blocks::weeks_finding(lang, figures, year), weeks),
        bars,
        channels,
        answers: block("answers", blocks::answers_finding(lang, figures, year), answers),
        shares: blocks::shares(figures),
        topics: block("topics", blocks::topics_finding(lang, figures, year), topics),
        top: blocks::top(lang, figures),
        effects: block("effects", mends::finding(lang, figures), effects),
        mends: mends::bars(lang, figures, MENDS_SHOWN),
        more_mends: figures.effects.len().saturating_sub(MENDS_SHOWN) as u64,
        coverage: Block {
            name: "coverage",
            finding: coverage::finding(lang, figures, year),
            measured: coverage::measured(lang, figures),
            table: coverage::table(lang, figures),
        },
        norms: block("norms", norms::finding(lang, figures), norms::table(lang, figures)),
        norm_bars: norms::bars(lang, figures),
        norms_wait: norms::waits(lang, figures),
        covered: coverage::shares(figures),
        covers: coverage::says(lang, figures, year),
        hours: mends::hours(lang, figures),
        lacks_minutes: figures.minutes_each.is_none() && mends::is_any_measured(figures),
    })
}
