//! How many calls the switchboard has counted: brought in as a table, or typed for a day.

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;

use crate::app::{CallsError, CallsTaken, DecisionError};
use crate::http::edge::HttpError;
use crate::http::edge::caller::Caller;
use crate::http::edge::fields::{Asking, Fields};
use crate::http::edge::notice::Told;
use crate::http::pages::{CallsForm, CallsPage, CallsSeen, Choice, FieldError};
use crate::http::routes::To;
use crate::http::{Edge, page, wrong};
use crate::id::Id;
use crate::inquiry::{CallCount, CallFault, CallRow, Channel, Entry};
use crate::messages::Lang;

/// So many bad lines of a table are named.
const BAD_LINES_SHOWN: usize = 20;
/// So many of the latest tables are listed.
const TAKEN_SHOWN: usize = 30;

pub(in crate::http) async fn show(
    State(edge): State<Edge>,
    Extension(caller): Asking,
) -> Result<Response, HttpError> {
    Ok(page(&build(&edge, &caller, &Fields::default()).await?))
}

async fn build(edge: &Edge, caller: &Caller, fields: &Fields) -> Result<CallsPage, HttpError> {
    let taken = edge.off_thread(|app| app.calls_taken()).await?;
    let f = edge.frame(caller, "calls.title");
    let wanted = fields.find("channel").unwrap_or_else(|| Channel::Phone.name().to_owned());
    let choice = |it: Channel| Choice {
        value: it.name().to_owned(),
        label: f.channel(it.name()),
        chosen: it.name() == wanted,
    };
    let form = CallsForm {
        day: fields.get("day"),
        today: edge.app.now().to_zoned(edge.app.zone.clone()).date().to_string(),
        desk: fields.get("desk"),
        desks: desk_names(edge, caller.lang),
        channels: Channel::ALL.into_iter().filter(|it| it.is_contact()).map(choice).collect(),
        calls: fields.get("calls"),
        table: fields.get("table"),
        bad_lines: vec![],
        errors: vec![],
    };
    let more = taken.len().saturating_sub(TAKEN_SHOWN);
    let taken = taken.iter().take(TAKEN_SHOWN).map(|it| seen(edge, caller, it)).collect();
    Ok(CallsPage { taken, more, form, f })
}

fn seen(edge: &Edge, caller: &Caller, it: &CallsTaken) -> CallsSeen {
    let [first, last] = [it.days.0, it.days.1].map(|day| edge.date(caller, day));
    CallsSeen {
        id: it.import.to_string(),
        days: if it.days.0 == it.days.1 { first } else { format!("{first} – {last}") },
        n_days: it.n_days,
        calls: it.calls,
        at: edge.day_and_time(caller, it.at),
        by: it.by.and_then(|it| edge.app.person_name(it)),
    }
}

pub(in crate::http) async fn change(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    fields: Fields,
) -> Result<Response, HttpError> {
    let by = caller.by();
    let told = match fields.get("change").as_str() {
        "put" => match read_day(&edge, &fields) {
            Ok((day, count)) => {
                edge.off_thread(move |app| app.put_call_count(day, count, by)).await??;
                Told::new("calls.saved")
            }
            Err((field, key)) => {
                let mut built = build(&edge, &caller, &fields).await?;
                let text = caller.lang.text(key).to_owned();
                built.form.errors = vec![FieldError { field, text }];
                return Ok(wrong(&built));
            }
        },
        "import" => {
            let table = fields.get("table");
            match edge.off_thread(move |app| app.import_calls(&table, by)).await? {
                Ok(n) => Told::new("calls.imported").with("n", &n.to_string()),
                Err(CallsError::Journal(error)) => return Err(error.into()),
                Err(CallsError::Table(fault)) => {
                    let mut built = build(&edge, &caller, &fields).await?;
                    built.form.bad_lines = says(caller.lang, &fault);
                    return Ok(wrong(&built));
                }
            }
        }
        "take_back" => {
            let id = fields.get("id").parse::<Id<_>>().map_err(|_| HttpError::NotFound)?;
            match edge.off_thread(move |app| app.take_back_calls(id, by)).await? {
                Ok(()) => Told::new("calls.taken_back"),
                Err(DecisionError::Unknown(_)) => return Err(HttpError::NotFound),
                Err(error) => return Err(error.into()),
            }
        }
        _ => return Err(HttpError::Invalid),
    };
    edge.see_writes().await;
    Ok(edge.onward(To::Calls, &[]).saying(&told).into_response())
}

/// What the desks that are offered are called.
pub(super) fn desk_names(edge: &Edge, lang: Lang) -> Vec<String> {
    let settings = edge.app.state.settings();
    settings.offered_desks().map(|it| it.name(lang, settings.lang).to_owned()).collect()
}

/// The day and the count of the form, or which field is wrong and why.
fn read_day(
    edge: &Edge,
    fields: &Fields,
) -> Result<(Date, CallCount), (&'static str, &'static str)> {
    let today = edge.app.now().to_zoned(edge.app.zone.clone()).date();
    let day = fields.get("day").trim().parse::<Date>().ok().filter(|it| *it <= today);
    let day = day.ok_or(("day", "calls.wrong_day"))?;
    let calls = fields.get("calls").trim().parse().ok();
    let calls = calls.filter(|it| *it <= CallRow::CALLS_MAX);
    let calls = calls.ok_or(("calls", "calls.wrong_calls"))?;
    let desk = Some(fields.get("desk").trim().to_owned()).filter(|it| !it.is_empty());
    if desk.as_ref().is_some_and(|it| Entry::DESK_CHARS_MAX < it.chars().count()) {
        return Err(("desk", "calls.wrong_desk"));
    }
    let desk = desk.map(|it| edge.app.state.settings().desk_key(&it));
    let channel = Channel::parse(&fields.get("channel")).filter(|it| it.is_contact());
    Ok((day, CallCount { desk, channel: channel.unwrap_or_default(), calls }))
}

/// What is wrong with a table, in words, a sentence each.
pub(in crate::http) fn says(lang: Lang, fault: &CallFault) -> Vec<String> {
    let lines = match fault {
        CallFault::Heading => return vec![lang.text("calls.bad_heading").to_owned()],
        CallFault::Empty => return vec![lang.text("calls.bad_empty").to_owned()],
        CallFault::Long => {
            let max = CallRow::DAYS_MAX.to_string();
            return vec![lang.fill("calls.bad_long", &[("max", &max)])];
        }
        CallFault::Lines(lines) => lines,
    };
    let line = |it: &crate::inquiry::CallLineFault| {
        let key = format!("calls.bad_{}", it.what);
        lang.fill(&key, &[("n", &it.line.to_string()), ("found", &it.found)])
    };
    let mut says: Vec<String> = lines.iter().take(BAD_LINES_SHOWN).map(line).collect();
    let more = lines.len().saturating_sub(BAD_LINES_SHOWN);
    if 0 < more {
        says.push(lang.fill("calls.bad_more", &[("n", &more.to_string())]));
    }
    says
}
