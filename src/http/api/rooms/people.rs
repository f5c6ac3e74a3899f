//! Those who can sign in. Accounts are made and closed on the screens, where a person sees to it
//! that the right one gets in.

use schemars::JsonSchema;
use serde::Serialize;

use crate::http::api::op::{Call, Given, List, Wrong};
use crate::http::api::shapes;
use crate::http::edge::HttpError;
use crate::id::Id;
use crate::people::{Person, PersonRow};
use crate::rows::Stored;

/// Somebody who can sign in.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct PersonSeen {
    id: String,
    login: String,
    name: String,
    #[schemars(schema_with = "shapes::role")]
    role: &'static str,
    #[schemars(schema_with = "shapes::lang")]
    lang: &'static str,
    /// Whether the account is closed.
    disabled: bool,
}

fn seen(it: &Stored<PersonRow>) -> PersonSeen {
    PersonSeen {
        id: Id::<Person>::from_uuid(it.id).to_string(),
        login: it.row.login.as_str().to_owned(),
        name: it.row.name.clone(),
        role: it.row.role.name(),
        lang: it.row.lang.code(),
        disabled: it.row.disabled,
    }
}

pub(in crate::http) async fn list(call: Call) -> Result<Given<List<PersonSeen>>, Wrong> {
    let people = call.edge.app.state.people.all();
    let items = people.iter().map(|it| seen(it)).collect();
    Ok(call.list(items, Some(people.len()), None))
}

pub(in crate::http) async fn one(call: Call) -> Result<Given<PersonSeen>, Wrong> {
    let id = call.id::<Person>()?;
    let row = call.edge.app.state.people.get(id.uuid()).ok_or(HttpError::NotFound)?;
    Ok(Given::at(seen(&row), row.version))
}
