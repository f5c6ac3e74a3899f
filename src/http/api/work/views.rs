//! Saved views: one's own, and those that others share. They are of people alone.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Removal;
use super::gaps::name_of;
use crate::app::App;
use crate::http::Edge;
use crate::http::api::op::{Call, Given, List, Nothing, Wrong};
use crate::http::api::shapes;
use crate::http::edge::HttpError;
use crate::id::Id;
use crate::people::{Person, SavedView, ViewFacts, ViewOf, ViewRow};
use crate::rows::Stored;

/// A list with its filter under a name.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct ViewSeen {
    id: String,
    name: String,
    #[schemars(schema_with = "shapes::view_of")]
    of: &'static str,
    /// The filter as the list's address has it.
    query: String,
    /// Whether others see it.
    shared: bool,
    /// Whose it is, by name.
    owner: Option<String>,
    /// Whether it was deleted; whoever deleted it can put it back.
    removed: bool,
    /// The version that a change is held against.
    version: u32,
}

/// A view as it is sent.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct ViewSent {
    #[schemars(length(min = 1, max = 60))]
    name: String,
    #[schemars(schema_with = "shapes::view_of")]
    of: ViewOf,
    #[serde(default)]
    #[schemars(length(max = 600))]
    query: String,
    #[serde(default)]
    shared: bool,
}

impl ViewSent {
    fn facts(&self) -> ViewFacts {
        let Self { name, of, query, shared } = self;
        ViewFacts { name: name.clone(), of: *of, query: query.clone(), is_shared: *shared }
    }
}

fn seen(edge: &Edge, it: &Stored<ViewRow>) -> ViewSeen {
    let ViewFacts { name, of, query, is_shared } = it.row.facts.clone();
    ViewSeen {
        id: Id::<SavedView>::from_uuid(it.id).to_string(),
        name,
        of: of.name(),
        query,
        shared: is_shared,
        owner: name_of(edge, Some(it.row.owner)),
        removed: it.row.removed,
        version: it.version,
    }
}

fn person<Q, B>(call: &Call<Q, B>) -> Result<Id<Person>, Wrong> {
    Ok(call.caller.by().ok_or(HttpError::Forbidden)?)
}

pub(in crate::http) async fn list(call: Call) -> Result<Given<List<ViewSeen>>, Wrong> {
    let person = person(&call)?;
    let all = ViewOf::ALL.into_iter().flat_map(|of| call.edge.app.views_of(of, person));
    let items: Vec<ViewSeen> = all.map(|it| seen(&call.edge, &it)).collect();
    let total = items.len();
    Ok(call.list(items, Some(total), None))
}

pub(in crate::http) async fn one(call: Call) -> Result<Given<ViewSeen>, Wrong> {
    let (person, id) = (person(&call)?, call.id::<SavedView>()?);
    let row = call.edge.app.state.saved_views.get(id.uuid());
    let is_seen = |it: &std::sync::Arc<Stored<ViewRow>>| {
        it.row.owner == person || (it.row.facts.is_shared && !it.row.removed)
    };
    let row = row.filter(is_seen).ok_or(HttpError::NotFound)?;
    Ok(Given::at(seen(&call.edge, &row), row.version))
}

pub(in crate::http) async fn add(call: Call<Nothing, ViewSent>) -> Result<String, Wrong> {
    let (id, facts, person) = (call.new_id(), call.body.facts(), person(&call)?);
    call.run(move |app| app.add_view(id, facts, person)).await??;
    Ok(id.to_string())
}

pub(in crate::http) async fn put(call: Call<Nothing, ViewSent>) -> Result<Option<String>, Wrong> {
    let (id, facts, person) = (call.id::<SavedView>()?, call.body.facts(), person(&call)?);
    let known = call.edge.app.state.saved_views.get(id.uuid());
    let version = call.version.or_else(|| known.map(|it| it.version)).unwrap_or(0);
    call.run(move |app| app.put_view(Some((id, version)), facts, person)).await??;
    Ok(None)
}

/// One's own view, also one that was deleted.
fn own<Q, B>(call: &Call<Q, B>) -> Result<(Id<SavedView>, u32, bool), Wrong> {
    let (person, id) = (person(call)?, call.path.first().map_or("", String::as_str));
    let id: Id<SavedView> = id.parse().map_err(|_| HttpError::NotFound)?;
    let known = call.edge.app.state.saved_views.get(id.uuid());
    let known = known.filter(|it| it.row.owner == person).ok_or(HttpError::NotFound)?;
    Ok((id, call.version.unwrap_or(known.version), known.row.removed))
}

async fn set_removed<B>(call: &Call<Nothing, B>, removed: bool) -> Result<(), Wrong> {
    let (person, (id, version, is_removed)) = (person(call)?, own(call)?);
    if is_removed == removed {
        return Ok(());
    }
    let set = move |app: &App| app.set_view_removed((id, version), removed, person);
    Ok(call.run(set).await??)
}

pub(in crate::http) async fn remove(call: Call) -> Result<(), Wrong> {
    set_removed(&call, true).await
}

pub(in crate::http) async fn step(call: Call<Nothing, Removal>) -> Result<Option<String>, Wrong> {
    set_removed(&call, call.body.removed).await.map(|()| None)
}
