//! How long logging takes, of all together, or not at all.

use schemars::JsonSchema;
use serde::Serialize;

use crate::app::TIMING_WEEKS;
use crate::http::admin::timing::{ENTRIES_MIN, ROWS_SECONDS, percent};
use crate::http::api::op::{Call, Given, Wrong};
use crate::inquiry::Times;

/// How long logging takes.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct TimingSeen {
    /// Of so many weeks.
    weeks: i64,
    /// Of fewer entries nothing is told: it would be of one or two persons and their day.
    entries_min: u64,
    /// The figures; null when there are too few entries.
    figures: Option<FiguresSeen>,
}

/// The figures.
#[derive(Debug, Serialize, JsonSchema)]
struct FiguresSeen {
    entries: u64,
    /// The median from the first key to the saved entry, in thousandths of a second.
    total_median_ms: Option<f64>,
    /// The same without the time in which answers were looked at.
    beyond_median_ms: Option<f64>,
    /// How many are done within some times.
    within: Vec<WithinSeen>,
}

/// How many entries are done within a time.
#[derive(Debug, Serialize, JsonSchema)]
struct WithinSeen {
    seconds: u32,
    total_percent: u32,
    beyond_percent: u32,
}

pub(in crate::http) async fn show(call: Call) -> Result<Given<TimingSeen>, Wrong> {
    let Times { total, beyond } = call.edge.app.times();
    let entries = total.n();
    let row = |seconds: u32| WithinSeen {
        seconds,
        total_percent: percent(total.share_within(seconds * 1_000)),
        beyond_percent: percent(beyond.share_within(seconds * 1_000)),
    };
    let figures = (ENTRIES_MIN <= entries).then(|| FiguresSeen {
        entries,
        total_median_ms: total.median_ms(),
        beyond_median_ms: beyond.median_ms(),
        within: ROWS_SECONDS.map(row).into(),
    });
    Ok(Given::new(TimingSeen { weeks: TIMING_WEEKS, entries_min: ENTRIES_MIN, figures }))
}
