//! How the machine does.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use crate::app::{Condition, Room};
use crate::http::api::op::{Call, Given, Wrong};

/// How the machine does.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct SystemSeen {
    version: &'static str,
    started: Timestamp,
    room: RoomSeen,
    free_mb: Option<u64>,
    used_mb: u64,
    /// So many days the room lasts at the pace so far.
    days_left: Option<u64>,
    /// Records in the journal.
    records: u64,
    inquiries: u64,
    pages: u64,
    /// Whether the stored lists and the search agree with the journal; null while something is
    /// being written.
    agrees: Option<bool>,
    parts: Vec<PartSeen>,
}

/// How much room the disk has.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum RoomSeen {
    /// Enough.
    Enough,
    /// Little.
    Scarce,
    /// So little that work in the background waits.
    Tight,
    /// None: nothing new is kept.
    Full,
}

/// A part of the service.
#[derive(Debug, Serialize, JsonSchema)]
struct PartSeen {
    part: &'static str,
    /// Whether it is as it should be, or on its way there.
    state: PartState,
    /// When it was last found whole.
    whole: Option<Timestamp>,
}

/// How a part is. Why it is so stands in the log.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum PartState {
    /// As it should be.
    Good,
    /// On its way there.
    Coming,
    /// Not as it should be.
    Bad,
}

pub(in crate::http) async fn show(call: Call) -> Result<Given<SystemSeen>, Wrong> {
    let (counted, outlook) = call.run(|app| (app.count_all(), app.outlook())).await?;
    let app = &call.edge.app;
    let parts = app.parts_health().into_iter().map(|it| PartSeen {
        part: it.part.name(),
        state: match it.condition {
            Condition::Good => PartState::Good,
            Condition::Coming(_) => PartState::Coming,
            Condition::Bad(_) => PartState::Bad,
        },
        whole: it.whole,
    });
    Ok(Given::new(SystemSeen {
        version: env!("CARGO_PKG_VERSION"),
        started: call.edge.started,
        room: match app.room() {
            Room::Enough => RoomSeen::Enough,
            Room::Scarce => RoomSeen::Scarce,
            Room::Tight => RoomSeen::Tight,
            Room::Full => RoomSeen::Full,
        },
        free_mb: outlook.free_mb,
        used_mb: outlook.used_mb,
        days_left: outlook.days_left,
        records: counted.journal,
        inquiries: counted.inquiries.0,
        pages: counted.pages.0,
        agrees: counted.is_still.then(|| counted.agrees()),
        parts: parts.collect(),
    }))
}
