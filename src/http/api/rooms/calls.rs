//! How many calls the switchboard has counted.

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::app::{CallsError, CallsTaken};
use crate::http::admin::calls::says;
use crate::http::api::op::{Call, Given, List, Nothing, Wrong};
use crate::http::api::shapes;
use crate::http::api::work::gaps::name_of;
use crate::http::edge::HttpError;
use crate::inquiry::{CallCount, CallImport, Channel, Entry};

/// Counts that were taken in together.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct CallsSeen {
    id: String,
    at: Timestamp,
    by: Option<String>,
    first: Date,
    last: Date,
    days: usize,
    calls: u32,
}

/// The count of a day.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct CallsSent {
    day: Date,
    #[schemars(range(max = 1_000_000))]
    calls: u32,
    /// The desk; all desks together when left out.
    #[serde(default)]
    #[schemars(length(max = 80))]
    desk: Option<String>,
    /// How they came; `phone` when left out.
    #[serde(default)]
    #[schemars(schema_with = "shapes::channel")]
    channel: Channel,
}

fn seen(edge: &crate::http::Edge, it: &CallsTaken) -> CallsSeen {
    CallsSeen {
        id: it.import.to_string(),
        at: it.at,
        by: name_of(edge, it.by),
        first: it.days.0,
        last: it.days.1,
        days: it.n_days,
        calls: it.calls,
    }
}

pub(in crate::http) async fn list(call: Call) -> Result<Given<List<CallsSeen>>, Wrong> {
    let taken = call.run(|app| app.calls_taken()).await?;
    let items = taken.iter().map(|it| seen(&call.edge, it)).collect();
    Ok(call.list(items, Some(taken.len()), None))
}

pub(in crate::http) async fn one(call: Call) -> Result<Given<CallsSeen>, Wrong> {
    let id = call.id::<CallImport>()?;
    let taken = call.run(|app| app.calls_taken()).await?;
    let one = taken.iter().find(|it| it.import == id).ok_or(HttpError::NotFound)?;
    Ok(Given::new(seen(&call.edge, one)))
}

/// A table of counts.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct CallTableSent {
    /// CSV with a heading: a date, a number of calls, and perhaps a desk and a channel.
    #[schemars(length(min = 1, max = 50_000))]
    table: String,
}

/// What came of a table.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct DaysTaken {
    /// So many days were taken in; one that was known is replaced.
    days: usize,
}

pub(in crate::http) async fn import(
    call: Call<Nothing, CallTableSent>,
) -> Result<Given<DaysTaken>, Wrong> {
    let (table, by) = (call.body.table.clone(), call.by());
    match call.run(move |app| app.import_calls(&table, by)).await? {
        Ok(days) => Ok(Given::new(DaysTaken { days })),
        Err(CallsError::Journal(error)) => Err(error.into()),
        Err(CallsError::Table(fault)) => {
            Err(Wrong::table(says(crate::messages::Lang::En, &fault).into_iter()))
        }
    }
}

pub(in crate::http) async fn put(
    call: Call<Nothing, CallsSent>,
) -> Result<Given<List<CallsSeen>>, Wrong> {
    let app = &call.edge.app;
    let CallsSent { day, calls, desk, channel } = &call.body;
    if app.now().to_zoned(app.zone.clone()).date() < *day {
        return Err(Wrong::field("day", "it lies ahead"));
    }
    let desk = desk.as_ref().map(|it| it.trim().to_owned()).filter(|it| !it.is_empty());
    if desk.as_ref().is_some_and(|it| Entry::DESK_CHARS_MAX < it.chars().count()) {
        return Err(Wrong::field("desk", "the desk's name is too long"));
    }
    if !channel.is_contact() {
        return Err(Wrong::field("channel", "nobody calls by this channel"));
    }
    let desk = desk.map(|it| app.state.settings().desk_key(&it));
    let count = CallCount { desk, channel: *channel, calls: *calls };
    let (day, by) = (*day, call.by());
    call.run(move |app| app.put_call_count(day, count, by)).await??;
    call.edge.see_writes().await;
    let taken = call.run(|app| app.calls_taken()).await?;
    let items = taken.iter().map(|it| seen(&call.edge, it)).collect();
    Ok(call.list(items, Some(taken.len()), None))
}

pub(in crate::http) async fn take_back(call: Call) -> Result<(), Wrong> {
    let (id, by) = (call.id::<CallImport>()?, call.by());
    Ok(call.run(move |app| app.take_back_calls(id, by)).await??)
}
