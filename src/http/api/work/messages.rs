//! What editors tell every desk.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::desk::{Message, MessageRow};
use crate::http::api::op::{Call, Given, List, Nothing, Wrong};
use crate::http::edge::HttpError;
use crate::id::Id;
use crate::rows::Stored;

/// A message to every desk.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct MessageSeen {
    id: String,
    text: String,
    put: Timestamp,
    /// It is shown until then.
    until: Timestamp,
    /// The version that an end is held against.
    version: u32,
}

/// A message to be put up.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct MessageSent {
    #[schemars(length(min = 1, max = 300))]
    text: String,
    /// It is shown until then.
    until: Timestamp,
}

fn seen(it: &Stored<MessageRow>) -> MessageSeen {
    let MessageRow { text, put, until } = it.row.clone();
    let id = Id::<Message>::from_uuid(it.id).to_string();
    MessageSeen { id, text, put, until, version: it.version }
}

pub(in crate::http) async fn list(call: Call) -> Result<Given<List<MessageSeen>>, Wrong> {
    let messages = call.edge.app.messages();
    Ok(call.list(messages.iter().map(seen).collect(), Some(messages.len()), None))
}

pub(in crate::http) async fn one(call: Call) -> Result<Given<MessageSeen>, Wrong> {
    let id = call.id::<Message>()?;
    let row = call.edge.app.state.messages.get(id.uuid()).ok_or(HttpError::NotFound)?;
    Ok(Given::at(seen(&row), row.version))
}

pub(in crate::http) async fn put(call: Call<Nothing, MessageSent>) -> Result<String, Wrong> {
    let (id, by, until) = (call.new_id(), call.by(), call.body.until);
    let text = call.body.text.clone();
    call.run(move |app| app.put_message_under(id, (&text, until), by)).await??;
    Ok(id.to_string())
}

pub(in crate::http) async fn end(call: Call) -> Result<(), Wrong> {
    let (id, who) = (call.id()?, call.who());
    call.run(move |app| app.end_message(id, who)).await??;
    Ok(())
}
