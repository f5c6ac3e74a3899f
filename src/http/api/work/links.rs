//! Links to a gap for somebody without an account.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::gaps::name_of;
use crate::app::NewLink;
use crate::http::Edge;
use crate::http::api::op::{Call, Given, List, Nothing, Wrong};
use crate::http::edge::HttpError;
use crate::http::links::address;
use crate::http::routes::To;
use crate::id::{Id, TopicNumber};
use crate::people::{LeadsTo, Link, LinkRow, TokenText};
use crate::rows::Stored;
use crate::week::{end_of_day, last_day};

/// A link to a gap; its secret is told once, when it is made.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct LinkSeen {
    id: String,
    /// The last day that it holds.
    until: Option<Date>,
    made: Timestamp,
    by: Option<String>,
    /// On how many days somebody has come by it.
    days_used: u32,
    /// The version that an end is held against.
    version: u32,
}

/// A link that was made just now.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct LinkMade {
    id: String,
    /// The address, told this once.
    address: String,
}

/// A link to be made.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct LinkSent {
    /// The last day that it holds, within 90 days.
    until: Date,
}

fn seen(edge: &Edge, it: &Stored<LinkRow>) -> LinkSeen {
    LinkSeen {
        id: Id::<Link>::from_uuid(it.id).to_string(),
        until: it.row.until.map(|it| last_day(it, &edge.app.zone)),
        made: it.row.made,
        by: name_of(edge, it.row.by),
        days_used: it.row.n_days,
        version: it.version,
    }
}

fn topic<Q, B>(call: &Call<Q, B>) -> Result<TopicNumber, Wrong> {
    Ok(call.edge.app.resolve(call.number()?).ok_or(HttpError::NotFound)?)
}

pub(in crate::http) async fn list(call: Call) -> Result<Given<List<LinkSeen>>, Wrong> {
    let links = call.edge.app.links_of(topic(&call)?);
    let items = links.iter().map(|it| seen(&call.edge, it)).collect();
    Ok(call.list(items, Some(links.len()), None))
}

pub(in crate::http) async fn make(call: Call<Nothing, LinkSent>) -> Result<Given<LinkMade>, Wrong> {
    let (topic, by) = (topic(&call)?, call.by());
    // A topic that nobody asks has no page.
    call.run(move |app| app.topic(topic)).await??.ok_or(HttpError::NotFound)?;
    let until = end_of_day(&call.body.until.to_string(), &call.edge.app.zone);
    let until = Some(until.unwrap_or(Timestamp::UNIX_EPOCH));
    let leads_to = LeadsTo::Gap { topic };
    let new = NewLink { public: public(&call), leads_to, until };
    let text = call.run(move |app| app.make_link(new, by)).await??;
    let (id, address) = (text.id().to_string(), address(&call.edge, To::Shared, &text));
    Ok(Given::made(LinkMade { id, address }))
}

/// The public part of what is made once: the same for the same key.
pub(in crate::http) fn public<Q, B>(call: &Call<Q, B>) -> String {
    const DIGITS: usize = 12;
    match call.key {
        Some(_) => call.new_id::<Link>().uuid().simple().to_string()[..DIGITS].to_owned(),
        None => TokenText::new_public(),
    }
}

/// The link of the address. Another gap's link, or a person's feed, is not there.
fn found(call: &Call) -> Result<Arc<Stored<LinkRow>>, Wrong> {
    let (topic, id) = (topic(call)?, call.id::<Link>()?);
    let row = call.edge.app.state.links.get(id.uuid()).ok_or(HttpError::NotFound)?;
    let is_of = |it: TopicNumber| call.edge.app.resolve(it) == Some(topic);
    let is_here = matches!(row.row.leads_to, LeadsTo::Gap { topic } if is_of(topic));
    Ok(is_here.then_some(row).ok_or(HttpError::NotFound)?)
}

pub(in crate::http) async fn one(call: Call) -> Result<Given<LinkSeen>, Wrong> {
    let row = found(&call)?;
    Ok(Given::at(seen(&call.edge, &row), row.version))
}

pub(in crate::http) async fn end(call: Call) -> Result<(), Wrong> {
    let (id, by) = (Id::<Link>::from_uuid(found(&call)?.id), call.by());
    Ok(call.run(move |app| app.end_link(id, by)).await??)
}
