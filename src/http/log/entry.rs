//! An entry from the fields of a form.

use crate::http::Edge;
use crate::http::edge::HttpError;
use crate::http::edge::fields::Fields;
use crate::id::Id;
use crate::inquiry::redact::Kinds;
use crate::inquiry::{Channel, Entry, Inquiry, Outcome, OutcomeName, Source};
use crate::people::By;

/// Reads an entry from a form's fields. What is not chosen is what was offered first.
pub(in crate::http) fn read_entry(
    edge: &Edge,
    fields: &Fields,
    (source, by): (Source, By),
) -> Result<Entry, HttpError> {
    let settings = edge.app.state.settings();
    let channel = Channel::parse(&fields.get("channel"));
    let channel = channel.or_else(|| settings.channels.first().copied());
    let id: Id<Inquiry> = fields.get("key").parse().map_err(|_| HttpError::Invalid)?;
    // Other versions are ours: they are derived, and would be in the way of what they derive from.
    if id.uuid().get_version_num() != 7 {
        return Err(HttpError::Invalid);
    }
    // A browser that was away may hold a desk that is archived by now: its question is kept.
    let desk = fields.find("desk").map(|it| settings.desk_key(&it));
    Ok(Entry {
        id,
        text: fields.find("text").filter(|_| fields.get("act") != "count"),
        asked: edge.app.now(),
        channel: channel.unwrap_or(Channel::Phone),
        desk: desk.unwrap_or_else(|| settings.desk_or_first(None)),
        outcome: read_outcome(fields)?,
        note: fields.find("note"),
        count: 1,
        // In a rush one more is counted, and what was asked stays in the caller's mouth.
        counts_only: fields.get("act") == "count",
        source,
        by,
        keep: Kinds::parse(&fields.get("keep")),
    })
}

/// The outcome follows from the button that was pressed.
fn read_outcome(fields: &Fields) -> Result<Outcome, HttpError> {
    if let Some(address) = fields.find("page") {
        return Ok(Outcome::Page { address });
    }
    if let Some(id) = fields.find("same_as") {
        let inquiry = id.parse().map_err(|_| HttpError::Invalid)?;
        return Ok(Outcome::SameAs { inquiry });
    }
    match fields.find("outcome") {
        None => Ok(Outcome::Unknown),
        Some(name) => {
            said(OutcomeName::parse(&name).ok_or(HttpError::Invalid)?).ok_or(HttpError::Invalid)
        }
    }
}

/// An outcome that needs nothing beside its name.
pub(in crate::http) fn said(name: OutcomeName) -> Option<Outcome> {
    match name {
        OutcomeName::Answered => Some(Outcome::Answered),
        OutcomeName::NotOnSite => Some(Outcome::NotOnSite),
        OutcomeName::PassedOn => Some(Outcome::PassedOn),
        OutcomeName::OwnCase => Some(Outcome::OwnCase),
        OutcomeName::Unknown => Some(Outcome::Unknown),
        OutcomeName::Page | OutcomeName::SameAs => None,
    }
}
