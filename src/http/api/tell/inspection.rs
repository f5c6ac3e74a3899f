//! What was logged in a period, for whoever asks to see it: masked anew with the rules of today.

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::app::{App, Inspected, Noted};
use crate::http::api::op::{Call, Given, List, Wrong};
use crate::http::api::shapes;
use crate::week::end_of_day;

/// Which days are wanted.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct InspectionAsked {
    /// The first day.
    from: Date,
    /// The last day.
    to: Date,
}

/// An inquiry as it is shown to whoever asks to see what is kept.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct InspectedSeen {
    asked: Timestamp,
    #[schemars(schema_with = "shapes::channel")]
    channel: &'static str,
    desk: String,
    /// The words; null for one that was only counted, or whose words are erased.
    text: Option<String>,
    note: Option<String>,
    #[schemars(schema_with = "shapes::outcome")]
    outcome: &'static str,
    count: u32,
    /// So many passages are masked.
    masked: u64,
}

fn seen(it: Inspected) -> InspectedSeen {
    InspectedSeen {
        asked: it.asked,
        channel: it.channel.name(),
        desk: it.desk,
        text: it.text,
        note: it.note,
        outcome: it.outcome.name(),
        count: it.count,
        masked: it.masked,
    }
}

/// All of a period. That it was handed out is noted, as of the file.
pub(in crate::http) async fn list(
    call: Call<InspectionAsked>,
) -> Result<Given<List<InspectedSeen>>, Wrong> {
    let InspectionAsked { from, to } = call.query;
    let zone = &call.edge.app.zone;
    let wrong = |field: &str| Wrong::field(field, "the first day is not after the last");
    let begin = from.to_zoned(zone.clone()).map_err(|_| wrong("from"))?.timestamp();
    let end = end_of_day(&to.to_string(), zone).filter(|it| begin < *it);
    let end = end.ok_or_else(|| wrong("from"))?;
    let (by, target) = (call.by(), format!("{from} – {to}"));
    let read = move |app: &App| {
        let rows = app.inspect(begin, end)?;
        app.note(Noted { by, action: "inspection.export", target }, true)?;
        Ok::<_, Wrong>(rows)
    };
    let rows = call.run(read).await??;
    let total = rows.len();
    Ok(call.list(rows.into_iter().map(seen).collect(), Some(total), None))
}
