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
use crate::app::{App, GapFilter, GapLine};
use crate::inquiry::Line;
use crate::review::{State as GapState, StateName};
use crate::week::Week;

/// So many gaps stand in a part of the letter.
const ITEMS_MAX: usize = 5;
/// So many weeks stand in the chart.
const WEEKS_SHOWN: i64 = 13;
/// A week is measured against so many before it.
const WEEKS_BEFORE: u32 = 4;

pub(super) async fn latest(State(edge): State<Edge>, Extension(_): Asking) -> Response {
    edge.onward(To::Digest, &[&edge.app.week().plus(-1).to_string()]).into_response()
}

/// What a letter is made of.
struct Facts {
    /// Contacts a week, the wanted one last.
    weeks: Vec<u32>,
    /// Open gaps, most wanted first.
    open: Vec<GapLine>,
    /// Gaps that were verified in the week.
    verified: Vec<GapLine>,
    /// Gaps that came back.
    reopened: Vec<GapLine>,
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
    let facts = edge.off_thread(move |app| gather(app, week)).await??;
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
        headline: headline(&caller, &facts),
        figures: figures(&caller, &facts),
        chart: Chart::new(&facts.weeks, week),
        sections: sections(&caller, &facts),
        f,
    }))
}

fn gather(app: &App, week: Week) -> Result<Facts, HttpError> {
    let mut weeks = vec![0; usize::try_from(WEEKS_SHOWN).unwrap_or(1)];
    {
        let columns = app.state.inquiries.columns();
        columns.live().for_each(|line| count(&mut weeks, line, week));
    }
    let in_state = |state| {
        let filter = GapFilter { state: Some(state), ..GapFilter::default() };
        app.gaps(filter).map(|it| it.gaps)
    };
    let mut verified = in_state(StateName::Verified)?;
    verified.retain(|it| {
        matches!(it.topic.state, GapState::Verified { since, .. }
            if Week::of(since, &app.zone) == week)
    });
    let open = app.gaps(GapFilter::default())?.gaps;
    Ok(Facts { weeks, open, verified, reopened: in_state(StateName::Reopened)? })
}

fn count(weeks: &mut [u32], line: &Line, last: Week) {
    let back = usize::try_from(last.since(line.week)).ok();
    let at = back.and_then(|back| weeks.len().checked_sub(back + 1));
    if let Some(at) = at {
        weeks[at] += line.count;
    }
}

fn logged(facts: &Facts) -> u32 {
    facts.weeks.last().copied().unwrap_or(0)
}

fn headline(caller: &Caller, facts: &Facts) -> String {
    let n = u64::from(logged(facts));
    let logged = caller.lang.count("digest.logged", n);
    match facts.open.first() {
        None => logged,
        Some(gap) => {
            let most = caller.lang.fill("digest.most", &[("name", &gap.topic.name)]);
            format!("{logged} {most}")
        }
    }
}

fn figures(caller: &Caller, facts: &Facts) -> Vec<DigestFigure> {
    let n = logged(facts);
    if n == 0 && facts.open.is_empty() {
        return vec![];
    }
    let before: u32 = facts.weeks.iter().rev().skip(1).take(4).sum();
    let mean = (before / WEEKS_BEFORE).to_string();
    let figure = |key: &str, value: usize, before: String| DigestFigure {
        label: caller.lang.text(key).to_owned(),
        value: value.to_string(),
        before,
    };
    let mean = caller.lang.fill("digest.mean", &[("n", &mean)]);
    vec![
        figure("digest.questions", usize::try_from(n).unwrap_or(0), mean),
        figure("digest.open_gaps", facts.open.len(), String::new()),
        figure("digest.verified_gaps", facts.verified.len(), String::new()),
    ]
}

fn sections(caller: &Caller, facts: &Facts) -> Vec<DigestSection> {
    let section = |key: &str, gaps: &[GapLine]| DigestSection {
        title: caller.lang.text(&format!("digest.{key}")).to_owned(),
        items: gaps.iter().take(ITEMS_MAX).map(|it| item(caller, it)).collect(),
        empty: caller.lang.text(&format!("digest.{key}_none")).to_owned(),
    };
    vec![
        section("decide", &facts.open),
        section("verified", &facts.verified),
        section("still", &facts.reopened),
    ]
}

fn item(caller: &Caller, gap: &GapLine) -> DigestItem {
    let demand = &gap.topic.demand;
    let key = format!("trend.{}", demand.trend.name());
    let trend = caller.lang.text(&key);
    let times = caller.lang.fill("digest.times", &[("n", &demand.last_28_days.to_string())]);
    let nearest = gap.nearest_title.as_deref().unwrap_or(caller.lang.text("gaps.no_page"));
    DigestItem {
        number: gap.topic.number.to_string(),
        name: gap.topic.name.clone(),
        detail: format!("{times}, {trend} · {nearest}"),
    }
}
