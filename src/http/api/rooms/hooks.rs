//! Webhooks: other systems that are told of news.

use std::sync::Arc;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::hook::{Happening, Hook, HookFacts, HookRow};
use crate::http::Edge;
use crate::http::admin::hooks as screen;
use crate::http::api::op::{Call, Given, List, Nothing, Wrong};
use crate::http::api::work::gaps::name_of;
use crate::http::edge::HttpError;
use crate::id::Id;
use crate::rows::Stored;

/// A webhook; its secret is told once.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct HookSeen {
    id: String,
    address: String,
    of: Vec<OfSent>,
    allow_private: bool,
    made: Timestamp,
    by: Option<String>,
    /// News that waits to be taken.
    waiting: usize,
    /// When it stopped, after three days without being taken.
    stopped: Option<Timestamp>,
    /// When it was last told something.
    last: Option<Timestamp>,
    /// The version that its end is held against.
    version: u32,
}

/// What a webhook is told of.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum OfSent {
    /// A gap is new.
    New,
    /// A gap is open again.
    Reopened,
    /// A page answers it.
    Verified,
}

/// A webhook to be made.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct HookSent {
    #[schemars(length(min = 8, max = 500))]
    address: String,
    #[schemars(length(min = 1, max = 3))]
    of: Vec<OfSent>,
    /// Whether it may lie in a private network.
    #[serde(default)]
    allow_private: bool,
}

/// A webhook that was made just now, or has another secret.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct HookMade {
    id: String,
    /// What its messages are signed with, told this once.
    secret: String,
}

/// What is done with a webhook.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "step", rename_all = "snake_case", deny_unknown_fields)]
pub(in crate::http) enum HookStep {
    /// It is told something now, to try it.
    Test {},
    /// It goes on after it has stopped.
    Resume {},
}

const fn told(it: Happening) -> OfSent {
    match it {
        Happening::New => OfSent::New,
        Happening::Reopened => OfSent::Reopened,
        Happening::Verified => OfSent::Verified,
    }
}

const fn happening(it: OfSent) -> Happening {
    match it {
        OfSent::New => Happening::New,
        OfSent::Reopened => Happening::Reopened,
        OfSent::Verified => Happening::Verified,
    }
}

fn seen(edge: &Edge, it: &Stored<HookRow>) -> HookSeen {
    HookSeen {
        id: Id::<Hook>::from_uuid(it.id).to_string(),
        address: it.row.facts.address.clone(),
        of: it.row.facts.of.iter().map(|it| told(*it)).collect(),
        allow_private: it.row.facts.allow_private,
        made: it.row.made,
        by: name_of(edge, it.row.by),
        waiting: it.row.waiting.len(),
        stopped: it.row.stopped,
        last: it.row.last.map(|it| it.0),
        version: it.version,
    }
}

fn found<Q, B>(call: &Call<Q, B>) -> Result<Id<Hook>, Wrong> {
    let id = call.path.first().map_or("", String::as_str);
    let id: Id<Hook> = id.parse().map_err(|_| HttpError::NotFound)?;
    let row = call.edge.app.state.hooks.get(id.uuid()).filter(|it| !it.row.removed);
    Ok(row.map(|_| id).ok_or(HttpError::NotFound)?)
}

fn state(edge: &Edge, id: Id<Hook>) -> Result<HookSeen, Wrong> {
    let row = edge.app.state.hooks.get(id.uuid()).ok_or(HttpError::NotFound)?;
    Ok(seen(edge, &row))
}

pub(in crate::http) async fn list(call: Call) -> Result<Given<List<HookSeen>>, Wrong> {
    let hooks = call.edge.app.hooks();
    let items = hooks.iter().map(|it| seen(&call.edge, it)).collect();
    Ok(call.list(items, Some(hooks.len()), None))
}

pub(in crate::http) async fn one(call: Call) -> Result<Given<HookSeen>, Wrong> {
    let state = state(&call.edge, found(&call)?)?;
    let version = state.version;
    Ok(Given::at(state, version))
}

pub(in crate::http) async fn make(call: Call<Nothing, HookSent>) -> Result<Given<HookMade>, Wrong> {
    let (id, by) = (call.new_id::<Hook>(), call.by());
    let facts = HookFacts {
        address: call.body.address.clone(),
        of: call.body.of.iter().map(|it| happening(*it)).collect(),
        allow_private: call.body.allow_private,
    };
    let secret = call.run(move |app| app.make_hook_under(id, facts, by)).await??;
    let (id, secret) = (id.to_string(), secret.as_str().to_owned());
    Ok(Given::made(HookMade { id, secret }))
}

pub(in crate::http) async fn renew(call: Call) -> Result<Given<HookMade>, Wrong> {
    let (id, by) = (found(&call)?, call.by());
    let secret = call.run(move |app| app.renew_hook(id, by)).await??;
    call.edge.see_writes().await;
    let version = state(&call.edge, id)?.version;
    let made = HookMade { id: id.to_string(), secret: secret.as_str().to_owned() };
    Ok(Given::made_at(made, version))
}

pub(in crate::http) async fn step(call: Call<Nothing, HookStep>) -> Result<Given<HookSeen>, Wrong> {
    let (id, by) = (found(&call)?, call.by());
    match call.body {
        HookStep::Test {} => screen::test(&call.edge, id).await?,
        HookStep::Resume {} => {
            call.run(move |app| app.resume_hook(id, by)).await??;
            let jobs = Arc::clone(&call.edge.jobs);
            tokio::spawn(async move { jobs.tell_hooks().await });
        }
    }
    call.edge.see_writes().await;
    Ok(Given::new(state(&call.edge, id)?))
}

pub(in crate::http) async fn remove(call: Call) -> Result<(), Wrong> {
    let (id, by) = (found(&call)?, call.by());
    Ok(call.run(move |app| app.remove_hook(id, by)).await??)
}
