//! Half a year of a gap as a chart and a table, with what was done about it marked in both.

use crate::app::{GapDetail, Marked, TrendMark};
use crate::http::Edge;
use crate::http::edge::caller::Caller;
use crate::http::pages::{Cell, MarkSeen, Stacked, Table, TrendSeen};
use crate::week::Week;

pub(super) fn trend(edge: &Edge, caller: &Caller, detail: &GapDetail) -> TrendSeen {
    let (lang, trend) = (caller.lang, &detail.trend);
    let names: Vec<String> = trend.weeks.iter().map(|it| it.number().to_string()).collect();
    let series = |at: usize| trend.channels.iter().map(|it| it.1[at]).collect();
    let weeks: Vec<Vec<u32>> = (0..trend.weeks.len()).map(series).collect();
    let bars = Stacked::new(&names, &weeks);
    let marks: Vec<(Week, String)> =
        trend.marks.iter().map(|it| (it.week, says(edge, caller, it))).collect();
    let text = |key: &str| lang.text(key).to_owned();
    let mut columns = vec![text("figures.column.week")];
    let labels = edge.labels(lang);
    columns.extend(trend.channels.iter().map(|it| labels.channel(it.0)));
    columns.extend([text("figures.column.all"), text("gap.trend_marks")]);
    let row = |at: usize| {
        let week = trend.weeks[at];
        let mut row = vec![Cell::Text(week.to_string())];
        row.extend(weeks[at].iter().map(|it| Cell::count(*it)));
        row.push(Cell::count(weeks[at].iter().sum()));
        let said = marks.iter().filter(|it| it.0 == week).map(|it| it.1.clone());
        row.push(Cell::Text(said.collect::<Vec<_>>().join(" ")));
        row
    };
    let rows = (0..weeks.len()).map(row).collect();
    let place = |week: Week| {
        let at = trend.weeks.iter().position(|it| *it == week).unwrap_or(0);
        bars.step * u32::try_from(at).unwrap_or(0) + bars.step / 2
    };
    let mut seen: Vec<MarkSeen> = vec![];
    for (n, (week, says)) in (1_u32..).zip(&marks) {
        let x = place(*week);
        match seen.iter_mut().find(|it| it.x == x) {
            Some(known) => known.label = format!("{}, {n}", known.label),
            None => seen.push(MarkSeen { x, label: n.to_string(), says: vec![] }),
        }
        if let Some(known) = seen.iter_mut().find(|it| it.x == x) {
            known.says.push(says.clone());
        }
    }
    TrendSeen {
        channels: trend.channels.iter().map(|it| it.0.name()).collect(),
        marks: seen,
        table: Table { columns, rows },
        bars,
    }
}

fn says(edge: &Edge, caller: &Caller, mark: &TrendMark) -> String {
    let day = edge.day(caller, mark.at);
    let lang = caller.lang;
    match &mark.what {
        Marked::PageChanged(title) => {
            lang.fill("gap.trend_changed", &[("day", &day), ("page", title)])
        }
        Marked::Step(step) => {
            let step = lang.text(&format!("step.{}", step.name())).to_owned();
            lang.fill("gap.trend_step", &[("day", &day), ("step", &step)])
        }
    }
}
