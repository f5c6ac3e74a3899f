//! What was logged in a period, for whoever asks to see it: masked anew with the rules of today,
//! names and plates too, and saying what was left out and why.

use axum::Extension;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::app::{Inspected, Noted};
use crate::http::edge::HttpError;
use crate::http::edge::caller::Caller;
use crate::http::edge::fields::{Asking, Fields, Sought};
use crate::http::pages::{FieldError, InspectedSeen, InspectionPage};
use crate::http::{Edge, page, wrong};
use crate::organisation::Labels;
use crate::sheet::csv::{cell, sheet};
use crate::week;

/// So many rows stand on the page; the file has all.
const ROWS_SHOWN: usize = 500;
/// A period of so many days is suggested.
const USUAL_DAYS: i64 = 30;

/// The days of a period, as forms hold them.
pub(super) fn usual_period(edge: &Edge) -> (String, String) {
    let today = edge.app.now().to_zoned(edge.app.zone.clone()).date();
    let first = today.saturating_sub(jiff::Span::new().days(USUAL_DAYS));
    (first.to_string(), today.to_string())
}

/// A period: its first instant, and the first one after it.
struct Period {
    from: Timestamp,
    until: Timestamp,
}

fn period(edge: &Edge, fields: &Fields) -> Option<Period> {
    let zone = &edge.app.zone;
    let from = fields.get("from").trim().parse::<Date>().ok()?;
    let from = from.to_zoned(zone.clone()).ok()?.timestamp();
    let until = week::end_of_day(&fields.get("to"), zone)?;
    (from < until).then_some(Period { from, until })
}

pub(in crate::http) async fn show(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    Sought(fields): Sought,
) -> Result<Response, HttpError> {
    let (from, to) = (fields.get("from"), fields.get("to"));
    let Some(asked) = period(&edge, &fields) else {
        let text = caller.lang.text("inspection.wrong").to_owned();
        let empty = built(&edge, &caller, (from, to), &[]);
        let errors = vec![FieldError { field: "from", text }];
        return Ok(wrong(&InspectionPage { errors, ..empty }));
    };
    let rows = edge.off_thread(move |app| app.inspect(asked.from, asked.until)).await??;
    Ok(page(&built(&edge, &caller, (from, to), &rows)))
}

fn built(
    edge: &Edge,
    caller: &Caller,
    period: (String, String),
    rows: &[Inspected],
) -> InspectionPage {
    let labels = edge.labels(caller.lang);
    InspectionPage {
        f: edge.frame(caller, "inspection.title"),
        organisation: edge.app.state.settings().name,
        made: edge.day(caller, edge.app.now()),
        total: rows.len(),
        masked: rows.iter().map(|it| it.masked).sum(),
        without_words: rows.iter().filter(|it| it.text.is_none()).count(),
        rows: rows.iter().take(ROWS_SHOWN).map(|it| seen(edge, (caller, &labels), it)).collect(),
        more: rows.len().saturating_sub(ROWS_SHOWN),
        period,
        errors: vec![],
    }
}

fn seen(edge: &Edge, (caller, labels): (&Caller, &Labels), row: &Inspected) -> InspectedSeen {
    let lang = caller.lang;
    let why = match (row.masked, row.text.is_some()) {
        (_, false) => lang.text("inspection.no_words").to_owned(),
        (0, true) => String::new(),
        (n, true) => lang.count("inspection.masked", n),
    };
    InspectedSeen {
        day: edge.day(caller, row.asked),
        channel: row.channel.name(),
        desk: labels.desk(&row.desk).to_owned(),
        text: row.text.clone().unwrap_or_default(),
        note: row.note.clone().unwrap_or_default(),
        outcome: row.outcome.name(),
        count: row.count,
        why,
    }
}

/// The same for a spreadsheet. That it was made is noted.
pub(in crate::http) async fn file(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    Sought(fields): Sought,
) -> Result<Response, HttpError> {
    let asked = period(&edge, &fields).ok_or(HttpError::NotFound)?;
    let target = format!("{} – {}", fields.get("from").trim(), fields.get("to").trim());
    let by = caller.by();
    let rows = edge
        .off_thread(move |app| {
            let rows = app.inspect(asked.from, asked.until)?;
            app.note(Noted { by, action: "inspection.export", target }, true)?;
            Ok::<_, HttpError>(rows)
        })
        .await??;
    let lang = caller.lang;
    let head = ["day", "channel", "desk", "question", "answer", "outcome", "count", "left_out"];
    let head = head.map(|it| lang.text(&format!("inspection.{it}")).to_owned());
    let zone = &edge.app.zone;
    let labels = edge.labels(lang);
    let table = rows.iter().map(|row| {
        let it = seen(&edge, (&caller, &labels), row);
        [
            row.asked.to_zoned(zone.clone()).date().to_string(),
            cell(&labels.channel(row.channel)),
            cell(&it.desk),
            cell(&it.text),
            cell(&it.note),
            lang.text(&format!("outcome.{}", it.outcome)).to_owned(),
            it.count.to_string(),
            it.why,
        ]
    });
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"inspection.csv\""),
    ];
    Ok((headers, sheet(std::iter::once(head).chain(table))).into_response())
}
