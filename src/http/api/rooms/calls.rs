//! How many calls the switchboard has counted.

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::app::CallsTaken;
use crate::http::api::op::{Call, Given, List, Nothing, Wrong};
use crate::http::api::shapes;
use crate::http::api::work::gaps::name_of;
use crate::inquiry::{CallCount, CallImport, CallRow, Channel, Entry};

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
    #[schemars(range(max = 9_999_999))]
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

pub(in crate::http) async fn put(
    call: Call<Nothing, CallsSent>,
) -> Result<Given<List<CallsSeen>>, Wrong> {
    let app = &call.edge.app;
    let CallsSent { day, calls, desk, channel } = &call.body;
    if app.now().to_zoned(app.zone.clone()).date() < *day {
        return Err(Wrong::field("day", "it lies ahead"));
    }
    if CallRow::CALLS_MAX < *calls {
        return Err(Wrong::field("calls", format!("it must be at most {}", CallRow::CALLS_MAX)));
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
