//! The day at the desk: what is asked today, what one has logged oneself, and a search among what
//! the desk has logged.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::http::api::op::{Call, Given, Wrong};
use crate::http::log::{own_desk, own_entries};

/// So many questions of today are told.
const ASKED_SHOWN: usize = 30;
/// So many of one's own entries are told.
const OWN_SHOWN: usize = 50;

/// What is wanted of the day.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct TodayAsked {
    /// Words to be found among what the desk has logged.
    #[serde(default)]
    #[schemars(length(max = 200))]
    q: Option<String>,
    /// The desk, by its key; one's own or the first when left out.
    #[serde(default)]
    #[schemars(length(max = 80))]
    desk: Option<String>,
}

/// The day at the desk.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct TodaySeen {
    /// The desk whose entries are searched.
    desk: String,
    /// What most have asked today, the most asked first.
    asked: Vec<AskedSeen>,
    /// What one has logged oneself, the newest first; nothing for a machine.
    own: Vec<EntrySeen>,
    /// What was found of the desk's entries; nothing where nothing was looked for.
    found: Vec<EntrySeen>,
}

/// A question of today.
#[derive(Debug, Serialize, JsonSchema)]
struct AskedSeen {
    /// The inquiry that one more is logged as a repeat of, by `same_as`.
    inquiry: String,
    text: String,
    contacts: u32,
    /// Since when many ask this at once.
    surge_since: Option<Timestamp>,
}

/// An entry.
#[derive(Debug, Serialize, JsonSchema)]
struct EntrySeen {
    id: String,
    text: Option<String>,
    note: Option<String>,
    asked: Timestamp,
}

pub(in crate::http) async fn show(call: Call<TodayAsked>) -> Result<Given<TodaySeen>, Wrong> {
    let desk = own_desk::own_or_first(&call.edge, &call.caller, call.query.desk.as_deref());
    let desks = call.caller.signed_in.as_ref().map(|it| it.desks.clone()).unwrap_or_default();
    let (by, query) = (call.caller.by(), call.query.q.clone().unwrap_or_default());
    let of = desk.clone();
    let read = move |app: &App| {
        let found = match query.trim() {
            "" => vec![],
            query => app.desk_entries(&of, query)?,
        };
        let own = if by.is_some() { own_entries(app, by, OWN_SHOWN)? } else { vec![] };
        Ok::<_, Wrong>((app.asked_today(ASKED_SHOWN, &desks)?, own, found))
    };
    let (asked, own, found) = call.run(read).await??;
    let asked = asked.into_iter().map(|it| AskedSeen {
        inquiry: it.inquiry.to_string(),
        text: it.text,
        contacts: it.contacts,
        surge_since: it.surge_since,
    });
    let own = own.into_iter().map(|it| EntrySeen {
        id: it.id.to_string(),
        text: it.text,
        note: it.note,
        asked: it.asked,
    });
    let found = found.into_iter().map(|it| EntrySeen {
        id: it.id.to_string(),
        text: Some(it.text),
        note: it.note,
        asked: it.asked,
    });
    let (asked, own, found) = (asked.collect(), own.collect(), found.collect());
    Ok(Given::new(TodaySeen { desk, asked, own, found }))
}
