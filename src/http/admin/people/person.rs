//! One account, as administrators see and change it.

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

use super::{desks, roles, sent_desks, shown, state};
use crate::app::{AccountError, App};
use crate::http::edge::HttpError;
use crate::http::edge::caller::Caller;
use crate::http::edge::fields::{Asking, Fields};
use crate::http::edge::notice::Told;
use crate::http::pages::{LinkHeld, PersonPage};
use crate::http::routes::To;
use crate::http::sign_in::account_error;
use crate::http::{Edge, page, wrong};
use crate::id::Id;
use crate::people::{By, Person, Role};

pub(in crate::http) async fn show(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    Path(id): Path<String>,
) -> Result<Response, HttpError> {
    let id = id.parse().map_err(|_| HttpError::NotFound)?;
    Ok(page(&build(&edge, &caller, id)?))
}

fn build(edge: &Edge, caller: &Caller, id: Id<Person>) -> Result<PersonPage, HttpError> {
    let stored = edge.app.state.people.get(id.uuid()).ok_or(HttpError::NotFound)?;
    let (row, now) = (&stored.row, edge.app.now());
    let f = edge.frame(caller, "person.title");
    // The day and no more: when somebody comes and goes is nobody's business.
    let last_seen = edge.app.sessions.last_seen(id).map(|it| edge.day(caller, it));
    let link = row
        .link
        .as_ref()
        .map(|it| LinkHeld { until: edge.day_and_time(caller, it.until), holds: now < it.until });
    Ok(PersonPage {
        id: id.to_string(),
        login: row.login.as_str().to_owned(),
        name: row.name.clone(),
        typed_name: row.name.clone(),
        role: row.role.name().to_owned(),
        roles: roles(&f, row.role),
        desks: desks(edge, &f, &row.desks),
        state: state(edge, row),
        is_me: caller.by() == Some(id),
        sessions: edge.app.sessions.of(id, now).len(),
        last_seen,
        link,
        has_second_step: row.second_step.is_some(),
        made: None,
        errors: vec![],
        f,
    })
}

pub(in crate::http) async fn change(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, HttpError> {
    let id: Id<Person> = id.parse().map_err(|_| HttpError::NotFound)?;
    if fields.get("change") == "link" {
        return make_link(&edge, &caller, id).await;
    }
    let (wish, told) = Wish::read(&fields)?;
    let by = caller.by();
    match edge.off_thread(move |app| wish.fulfil(app, id, by)).await? {
        Ok(()) => {
            edge.see_writes().await;
            let onward = edge.onward(To::Person, &[&id.to_string()]);
            Ok(onward.saying(&Told::new(told)).into_response())
        }
        Err(error) => {
            let error = account_error(error, caller.lang)?;
            let built = build(&edge, &caller, id)?;
            let typed_name = fields.find("name").unwrap_or(built.typed_name);
            Ok(wrong(&PersonPage { typed_name, errors: vec![error], ..built }))
        }
    }
}

/// Makes a link for a new passphrase. The answer shows it.
async fn make_link(edge: &Edge, caller: &Caller, id: Id<Person>) -> Result<Response, HttpError> {
    let by = caller.by();
    match edge.off_thread(move |app| app.make_person_link(id, by)).await? {
        Ok(text) => {
            edge.see_writes().await;
            let built = build(edge, caller, id)?;
            let made = Some(shown(edge, caller, (built.name.clone(), &text)));
            Ok(page(&PersonPage { made, ..built }))
        }
        Err(error) => {
            account_error(error, caller.lang)?;
            Err(HttpError::Invalid)
        }
    }
}

/// What an administrator wants of an account. What else a form holds counts for nothing.
enum Wish {
    Name(String),
    Role(Role),
    Desks(Vec<String>),
    EndLink,
    EndSessions,
    EndSecondStep,
    Close(bool),
}

impl Wish {
    /// Reads a form, with the key of what is said once it is done.
    fn read(fields: &Fields) -> Result<(Self, &'static str), HttpError> {
        Ok(match fields.get("change").as_str() {
            "name" => (Self::Name(fields.get("name")), "person.name_set"),
            "role" => {
                let role = Role::parse(&fields.get("role")).ok_or(HttpError::Invalid)?;
                (Self::Role(role), "person.role_set")
            }
            "desks" => (Self::Desks(sent_desks(fields)), "person.desks_set"),
            "end_link" => (Self::EndLink, "person.link_ended"),
            "end_sessions" => (Self::EndSessions, "person.sessions_ended"),
            "second_step" => (Self::EndSecondStep, "person.second_step_ended"),
            "disable" => (Self::Close(true), "people.was_disabled"),
            "enable" => (Self::Close(false), "people.was_enabled"),
            _ => return Err(HttpError::Invalid),
        })
    }

    fn fulfil(self, app: &App, id: Id<Person>, by: By) -> Result<(), AccountError> {
        match self {
            Self::Name(name) => app.set_person_name(id, &name, by),
            Self::Role(role) => app.set_role(id, role, by),
            Self::Desks(desks) => app.set_desks(id, desks, by),
            Self::EndLink => app.end_person_link(id, by),
            Self::EndSessions => app.end_sessions(id, by),
            Self::EndSecondStep => app.end_second_step(id, by),
            Self::Close(disabled) => app.set_disabled(id, disabled, by),
        }
    }
}
