//! A week's letter as a page.

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use jiff::ToSpan;

use super::edge::HttpError;
use super::edge::caller::Caller;
use super::edge::fields::Asking;
use super::pages::{Chart, DigestFigure, DigestItem, DigestPage, DigestSection};
use super::routes::To;
use super::{Edge, page};
use crate::app::App;
use crate::digest::{Facts, OpenGap, StillAsked, Verified};
use crate::id::TopicNumber;
use crate::inquiry::WeekSums;
use crate::people::Role;
use crate::report::figures::{count as counted, percent, rate};
use crate::report::trend_word;
use crate::topic::Topic;
use crate::week::Week;

/// So many gaps stand in a part of the letter.
const ITEMS_MAX: usize = 5;
/// So many weeks stand in the chart.
const WEEKS_SHOWN: i64 = 13;

pub(super) async fn latest(State(edge): State<Edge>, Extension(_): Asking) -> Response {
    edge.onward(To::Digest, &[&edge.app.week().plus(-1).to_string()]).into_response()
}

pub(super) async fn show(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    Path(week): Path<String>,
) -> Result<Response, HttpError> {
    let week: Week = week.parse().map_err(|_| HttpError::NotFound)?;
    let this = edge.app.week();
    if this < week {
        return Err(HttpError::NotFound);
    }
    let (facts, weeks) =
        edge.off_thread(move |app| (app.letter_page(week), weeks(app, week))).await?;
    let facts = facts?;
    let monday = week.monday();
    let sunday = monday.checked_add(6.days()).unwrap_or(monday);
    let day = |it| super::pages::day(caller.lang, it, edge.year());
    let f = edge.frame(&caller, "digest.title");
    Ok(page(&DigestPage {
        week: week.to_string(),
        week_number: week.number(),
        days: (day(monday), day(sunday)),
        before: week.plus(-1).to_string(),
        after: (week < this).then(|| week.plus(1).to_string()),
        headline: headline(&edge, &caller, &facts),
        figures: figures(&caller, &facts),
        chart: Chart::new(&weeks, week),
        sections: sections(&edge, &caller, &facts),
        f,
    }))
}

/// Contacts a week, the wanted one last.
fn weeks(app: &App, week: Week) -> Vec<u32> {
    let columns = app.state.inquiries.columns();
    let contacts = |it| columns.in_week(it).map_or(0, WeekSums::contacts);
    (1 - WEEKS_SHOWN..=0).map(|back| contacts(week.plus(back))).collect()
}

fn headline(edge: &Edge, caller: &Caller, facts: &Facts) -> String {
    let logged = caller.lang.count("digest.logged", facts.inquiries);
    let Some(gap) = facts.decide.first() else { return logged };
    let (_, name) = topic((edge, caller), &gap.link, &gap.name);
    format!("{logged} {}", caller.lang.fill("digest.most", &[("name", &name)]))
}

fn figures(caller: &Caller, facts: &Facts) -> Vec<DigestFigure> {
    if facts.inquiries == 0 && facts.open_gaps == 0 {
        return vec![];
    }
    let figure = |key: &str, value: String, before: String| DigestFigure {
        label: caller.lang.text(key).to_owned(),
        value,
        before,
    };
    let mean = facts.inquiries_before.map(|it| rate(it, caller.lang));
    let mean = mean.map(|it| caller.lang.fill("digest.mean", &[("n", &it)])).unwrap_or_default();
    let mut figures = vec![
        figure("digest.questions", facts.inquiries.to_string(), mean),
        figure("digest.open_gaps", facts.open_gaps.to_string(), String::new()),
        figure("digest.verified_gaps", facts.verified.len().to_string(), String::new()),
    ];
    figures.extend(facts.answered.map(|it| {
        let shown = |n: u8| percent(n.into(), caller.lang);
        let before = it.percent_before.map(shown);
        let before = before.map(|it| caller.lang.fill("digest.mean", &[("n", &it)]));
        figure("letter.figure.answered", shown(it.percent), before.unwrap_or_default())
    }));
    figures
}

fn sections(edge: &Edge, caller: &Caller, facts: &Facts) -> Vec<DigestSection> {
    let section = |key: &str, items: Vec<DigestItem>| DigestSection {
        title: caller.lang.text(&format!("digest.{key}")).to_owned(),
        items,
        empty: caller.lang.text(&format!("digest.{key}_none")).to_owned(),
    };
    let shown = ITEMS_MAX;
    let decide = facts.decide.iter().take(shown).map(|it| open(edge, caller, it));
    let verified = facts.verified.iter().take(shown).map(|it| mended(edge, caller, it));
    let still = facts.still_asked.iter().take(shown).map(|it| still_asked(edge, caller, it));
    vec![
        section("decide", decide.collect()),
        section("verified", verified.collect()),
        section("still", still.collect()),
    ]
}

/// A topic's number and its name. To whoever reads gaps it may be what a caller said; all others
/// see what the letter tells.
fn topic((edge, caller): (&Edge, &Caller), link: &str, name: &str) -> (String, String) {
    let number = link.rsplit('/').next().unwrap_or_default().to_owned();
    let reads = matches!(caller.role(), Some(Role::Auditor | Role::Editor | Role::Admin));
    let parsed: Option<TopicNumber> = number.parse().ok().filter(|_| reads);
    let known = parsed.and_then(|it| edge.app.state.topics.get(Topic::entity(it)));
    let name = known.and_then(|it| edge.app.name_of(&it.row).ok()).unwrap_or_else(|| name.into());
    (number, name)
}

fn open(edge: &Edge, caller: &Caller, gap: &OpenGap) -> DigestItem {
    let (number, name) = topic((edge, caller), &gap.link, &gap.name);
    let times = caller.lang.fill("digest.times", &[("n", &gap.count.to_string())]);
    let trend = gap.trend.map(|it| trend_word(it, caller.lang));
    let trend = trend.map(|it| format!(", {it}")).unwrap_or_default();
    let nearest = gap.nearest.as_ref().map(|it| it.title.as_str());
    let nearest = nearest.unwrap_or(caller.lang.text("gaps.no_page"));
    DigestItem { number, name, detail: format!("{times}{trend} · {nearest}") }
}

fn mended(edge: &Edge, caller: &Caller, gap: &Verified) -> DigestItem {
    let (number, name) = topic((edge, caller), &gap.link, &gap.name);
    let (before, week) = (rate(gap.before, caller.lang), gap.published.number().to_string());
    let after = gap.after.map(|it| rate(it, caller.lang));
    let key = if after.is_some() { "letter.verified" } else { "letter.verified_lately" };
    let after = after.unwrap_or_default();
    let values = [("before", before.as_str()), ("after", &after), ("week", &week)];
    DigestItem { number, name, detail: caller.lang.fill(key, &values) }
}

fn still_asked(edge: &Edge, caller: &Caller, gap: &StillAsked) -> DigestItem {
    let (number, name) = topic((edge, caller), &gap.link, &gap.name);
    let week = gap.published.number().to_string();
    let detail = counted(caller.lang, "letter.still", gap.count, &[("week", &week)]);
    DigestItem { number, name, detail }
}
