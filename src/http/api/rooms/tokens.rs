//! The tokens of machines. A token makes no tokens: a person answers for each.

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::app::NewToken;
use crate::http::Edge;
use crate::http::api::op::{Call, Given, List, Nothing, Wrong};
use crate::http::api::shapes;
use crate::http::api::work::gaps::name_of;
use crate::http::api::work::links::public;
use crate::http::edge::HttpError;
use crate::id::Id;
use crate::inquiry::Channel;
use crate::people::{ApiToken, ApiTokenRow, Scope};
use crate::rows::Stored;
use crate::week::{day_of_number, end_of_day, last_day};

/// A machine's token; its secret is told once, when it is made.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct TokenSeen {
    id: String,
    name: String,
    #[schemars(schema_with = "shapes::token_scopes")]
    scopes: Vec<&'static str>,
    /// The one desk that it logs under.
    desk: Option<String>,
    /// The one channel that it logs under.
    #[schemars(schema_with = "shapes::channel_or_null")]
    channel: Option<&'static str>,
    /// The last day that it holds; null for an old one until the service has started anew.
    until: Option<Date>,
    made: Timestamp,
    by: Option<String>,
    /// The last day that it was used.
    used: Option<Date>,
    /// When it was taken back.
    taken_back: Option<Timestamp>,
    /// The version that taking it back is held against.
    version: u32,
}

/// A token to be made.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct TokenSent {
    /// The name of the machine.
    #[schemars(length(min = 1, max = 80))]
    name: String,
    #[schemars(schema_with = "shapes::token_scopes")]
    scopes: Vec<Scope>,
    #[serde(default)]
    #[schemars(length(max = 80))]
    desk: Option<String>,
    #[serde(default)]
    #[schemars(schema_with = "shapes::channel_or_null")]
    channel: Option<Channel>,
    /// The last day that it holds, a year ahead at most; in 90 days when left out.
    #[serde(default)]
    until: Option<Date>,
}

/// A token that was made just now.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct TokenMade {
    id: String,
    /// The token, told this once.
    token: String,
}

fn seen(edge: &Edge, it: &Stored<ApiTokenRow>) -> TokenSeen {
    let ApiTokenRow { grant, made, by, used, taken_back, .. } = &it.row;
    TokenSeen {
        id: Id::<ApiToken>::from_uuid(it.id).to_string(),
        name: grant.name.clone(),
        scopes: grant.scopes.iter().map(|it| it.name()).collect(),
        desk: grant.desk.clone(),
        channel: grant.channel.map(Channel::name),
        until: grant.until.map(|it| last_day(it, &edge.app.zone)),
        made: *made,
        by: name_of(edge, *by),
        used: used.map(day_of_number),
        taken_back: *taken_back,
        version: it.version,
    }
}

pub(in crate::http) async fn list(call: Call) -> Result<Given<List<TokenSeen>>, Wrong> {
    let tokens = call.edge.app.state.tokens.all();
    let items = tokens.iter().rev().map(|it| seen(&call.edge, it)).collect();
    Ok(call.list(items, Some(tokens.len()), None))
}

pub(in crate::http) async fn one(call: Call) -> Result<Given<TokenSeen>, Wrong> {
    let id = call.id::<ApiToken>()?;
    let row = call.edge.app.state.tokens.get(id.uuid()).ok_or(HttpError::NotFound)?;
    Ok(Given::at(seen(&call.edge, &row), row.version))
}

pub(in crate::http) async fn make(
    call: Call<Nothing, TokenSent>,
) -> Result<Given<TokenMade>, Wrong> {
    let TokenSent { name, scopes, desk, channel, until } = &call.body;
    let end = |it: &Date| end_of_day(&it.to_string(), &call.edge.app.zone);
    let new = NewToken {
        public: public(&call),
        name: name.clone(),
        scopes: scopes.clone(),
        desk: desk.clone(),
        channel: *channel,
        until: until.as_ref().map(|it| end(it).unwrap_or(Timestamp::UNIX_EPOCH)),
    };
    let by = call.by();
    let token = call.run(move |app| app.make_token(new, by)).await??;
    let (id, token) = (token.id().to_string(), token.as_str().to_owned());
    Ok(Given::made(TokenMade { id, token }))
}

pub(in crate::http) async fn take_back(call: Call) -> Result<(), Wrong> {
    let (id, by) = (call.id::<ApiToken>()?, call.by());
    Ok(call.run(move |app| app.take_token_back(id, by)).await??)
}
