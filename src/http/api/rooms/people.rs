//! Those who can sign in: invited, changed, closed. A program never sets a passphrase: whoever is
//! invited chooses it by a link, and a machine makes no administrator and no way in for one.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::app::{AccountError, App, Invitation, LINK_LASTS};
use crate::http::api::op::{Call, Given, List, Nothing, Wrong};
use crate::http::api::shapes;
use crate::http::edge::HttpError;
use crate::http::routes::To;
use crate::id::Id;
use crate::messages::Lang;
use crate::people::{LinkText, Person, PersonRow, Role};
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
    /// The keys of the desks that the person logs under; all when there are none.
    desks: Vec<String>,
    /// Whether the account is closed.
    disabled: bool,
    /// Whether a passphrase was chosen, or the provider of identities has let the person in.
    has_come: bool,
    /// Until when a one-time link holds; null when there is none.
    link_until: Option<Timestamp>,
    /// Whether a code is asked for after the passphrase.
    has_second_step: bool,
    /// How many sessions are open.
    sessions: usize,
    /// The version that a change is held against.
    version: u32,
}

/// Somebody to be invited.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct PersonSent {
    /// The name to sign in with: letters, digits, dots, hyphens or @.
    #[schemars(length(min = 2, max = 80))]
    login: String,
    /// The name that others see.
    #[schemars(length(min = 1, max = 120))]
    name: String,
    #[schemars(schema_with = "shapes::role")]
    role: Role,
    /// The language of the person's pages.
    #[schemars(schema_with = "shapes::lang")]
    lang: Lang,
    /// The keys of the desks that the person logs under; all when there are none.
    #[serde(default)]
    #[schemars(length(max = 500))]
    desks: Vec<String>,
}

/// A link by which somebody chooses a passphrase.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct PersonLink {
    /// The person's id.
    id: String,
    /// The address, told this once; it is good once.
    address: String,
    until: Timestamp,
}

/// A change of an account.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "change", rename_all = "snake_case", deny_unknown_fields)]
pub(in crate::http) enum PersonChange {
    /// Another name that others see.
    Name {
        #[schemars(length(min = 1, max = 120))]
        name: String,
    },
    /// Another role; the person's sessions end.
    Role {
        #[schemars(schema_with = "shapes::role")]
        role: Role,
    },
    /// Other desks; all when there are none.
    Desks {
        #[schemars(length(max = 500))]
        desks: Vec<String>,
    },
    /// The one-time link ends.
    EndLink {},
    /// All sessions end.
    EndSessions {},
    /// The code after the passphrase is no longer asked for: it was lost.
    EndSecondStep {},
    /// The account is closed, and its sessions end.
    Disable {},
    /// The account is open again.
    Enable {},
}

fn seen(app: &App, it: &Stored<PersonRow>) -> PersonSeen {
    let id = Id::<Person>::from_uuid(it.id);
    PersonSeen {
        id: id.to_string(),
        login: it.row.login.as_str().to_owned(),
        name: it.row.name.clone(),
        role: it.row.role.name(),
        lang: it.row.lang.code(),
        desks: it.row.desks.clone(),
        disabled: it.row.disabled,
        has_come: it.row.has_come(),
        link_until: it.row.link.as_ref().map(|it| it.until).filter(|it| app.now() < *it),
        has_second_step: it.row.second_step.is_some(),
        sessions: app.sessions.of(id, app.now()).len(),
        version: it.version,
    }
}

fn found<Q, B>(call: &Call<Q, B>) -> Result<std::sync::Arc<Stored<PersonRow>>, Wrong> {
    let id = call.path.first().map_or("", String::as_str);
    let id: Id<Person> = id.parse().map_err(|_| HttpError::NotFound)?;
    Ok(call.edge.app.state.people.get(id.uuid()).ok_or(HttpError::NotFound)?)
}

/// A machine gives nobody an administrator's rights, or a way into an administrator's account:
/// by those it would make itself a token.
fn check_machine<Q, B>(call: &Call<Q, B>, role: Role) -> Result<(), Wrong> {
    let is_machine = call.caller.machine().is_some();
    if is_machine && role == Role::Admin {
        return Err(HttpError::Forbidden.into());
    }
    Ok(())
}

pub(in crate::http) async fn list(call: Call) -> Result<Given<List<PersonSeen>>, Wrong> {
    let people = call.edge.app.state.people.all();
    let items = people.iter().map(|it| seen(&call.edge.app, it)).collect();
    Ok(call.list(items, Some(people.len()), None))
}

pub(in crate::http) async fn one(call: Call) -> Result<Given<PersonSeen>, Wrong> {
    let row = found(&call)?;
    Ok(Given::at(seen(&call.edge.app, &row), row.version))
}

fn told<Q, B>(call: &Call<Q, B>, id: Id<Person>, text: &LinkText) -> PersonLink {
    let mut address = call.edge.jobs.base().clone();
    address.set_path(&To::Welcome.link(&[text.as_str()]));
    let until = call.edge.app.now() + LINK_LASTS;
    PersonLink { id: id.to_string(), address: address.into(), until }
}

pub(in crate::http) async fn invite(
    call: Call<Nothing, PersonSent>,
) -> Result<Given<PersonLink>, Wrong> {
    let PersonSent { login, name, role, lang, desks } = &call.body;
    check_machine(&call, *role)?;
    let (login, name, desks) = (login.clone(), name.clone(), desks.clone());
    let (invitation, by) = (Invitation { login, name, role: *role, lang: *lang, desks }, call.by());
    match call.run(move |app| app.invite(invitation, by)).await? {
        Ok((id, text)) => Ok(Given::made(told(&call, id, &text))),
        // The name is the person's own for good, so it is a key by itself.
        Err(AccountError::LoginTaken) if call.key.is_some() => Err(Wrong::made_before()),
        Err(error) => Err(error.into()),
    }
}

pub(in crate::http) async fn link(call: Call) -> Result<Given<PersonLink>, Wrong> {
    let row = found(&call)?;
    check_machine(&call, row.row.role)?;
    let (id, by) = (Id::<Person>::from_uuid(row.id), call.by());
    let text = call.run(move |app| app.make_person_link(id, by)).await??;
    Ok(Given::new(told(&call, id, &text)))
}

pub(in crate::http) async fn change(
    call: Call<Nothing, PersonChange>,
) -> Result<Option<String>, Wrong> {
    let row = found(&call)?;
    check_machine(&call, row.row.role)?;
    if call.version.is_some_and(|it| it != row.version) {
        return Err(Wrong::Stale(None));
    }
    let (id, by) = (Id::<Person>::from_uuid(row.id), call.by());
    match &call.body {
        PersonChange::Name { name } => {
            let name = name.clone();
            call.run(move |app| app.set_person_name(id, &name, by)).await??;
        }
        PersonChange::Role { role } => {
            check_machine(&call, *role)?;
            let role = *role;
            call.run(move |app| app.set_role(id, role, by)).await??;
        }
        PersonChange::Desks { desks } => {
            let desks = desks.clone();
            call.run(move |app| app.set_desks(id, desks, by)).await??;
        }
        PersonChange::EndLink {} => call.run(move |app| app.end_person_link(id, by)).await??,
        PersonChange::EndSessions {} => call.run(move |app| app.end_sessions(id, by)).await??,
        PersonChange::EndSecondStep {} => {
            call.run(move |app| app.end_second_step(id, by)).await??;
        }
        PersonChange::Disable {} => call.run(move |app| app.set_disabled(id, true, by)).await??,
        PersonChange::Enable {} => call.run(move |app| app.set_disabled(id, false, by)).await??,
    }
    Ok(None)
}
