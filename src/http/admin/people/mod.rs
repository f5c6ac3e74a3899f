//! Those who can sign in, and the invitation of one more.

pub(in crate::http) mod person;

use std::collections::BTreeSet;

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use crate::app::{Decider, Invitation, LINK_LASTS};
use crate::http::edge::HttpError;
use crate::http::edge::caller::Caller;
use crate::http::edge::fields::{Asking, Fields};
use crate::http::edge::notice::Told;
use crate::http::pages::{
    Choice, FieldError, Frame, LinkShown, Notice, PeoplePage, PersonForm, PersonSeen,
};
use crate::http::routes::To;
use crate::http::sign_in::account_error;
use crate::http::{Edge, page, wrong};
use crate::id::Id;
use crate::messages::Lang;
use crate::people::{LinkText, Person, PersonRow, Role};

pub(in crate::http) async fn show(State(edge): State<Edge>, Extension(caller): Asking) -> Response {
    page(&build(&edge, &caller, &Fields::default()))
}

/// Where an account stands; its words stand under `person.state`.
fn state(edge: &Edge, row: &PersonRow) -> &'static str {
    let holds = row.link.as_ref().is_some_and(|it| edge.app.now() < it.until);
    match row {
        _ if row.disabled => "closed",
        _ if row.has_come() => "open",
        _ if holds => "invited",
        _ => "link_over",
    }
}

fn roles(f: &Frame, chosen: Role) -> Vec<Choice> {
    let roles = [Role::Reception, Role::Editor, Role::Admin, Role::Auditor, Role::Reader];
    let choice = |it: Role| Choice {
        value: it.name().to_owned(),
        label: f.of("role", it.name()),
        chosen: it == chosen,
    };
    roles.map(choice).into()
}

/// The desks to choose from; with one or none there is nothing to choose.
fn desks(edge: &Edge, f: &Frame, chosen: &[String]) -> Vec<Choice> {
    let settings = edge.app.state.settings();
    let offered: Vec<Choice> = settings
        .offered_desks()
        .map(|it| Choice {
            value: it.key.clone(),
            label: f.labels.desk(&it.key).to_owned(),
            chosen: chosen.contains(&it.key),
        })
        .collect();
    if offered.len() < 2 { vec![] } else { offered }
}

fn build(edge: &Edge, caller: &Caller, fields: &Fields) -> PeoplePage {
    let f = edge.frame(caller, "people.title");
    let me = caller.by();
    let mut people: Vec<PersonSeen> = edge
        .app
        .state
        .people
        .all()
        .iter()
        .map(|it| {
            let id = Id::<Person>::from_uuid(it.id);
            PersonSeen {
                id: id.to_string(),
                login: it.row.login.as_str().to_owned(),
                name: it.row.name.clone(),
                role: it.row.role.name().to_owned(),
                state: state(edge, &it.row),
                is_me: Some(id) == me,
            }
        })
        .collect();
    people.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.login.cmp(&b.login)));
    let lang = Lang::parse(&fields.get("lang")).unwrap_or(caller.lang);
    let langs =
        f.languages().into_iter().map(|it| Choice { chosen: it.value == lang.code(), ..it });
    let form = PersonForm {
        login: fields.get("login"),
        name: fields.get("name"),
        roles: roles(&f, Role::parse(&fields.get("role")).unwrap_or(Role::Reception)),
        langs: langs.collect(),
        desks: desks(edge, &f, &sent_desks(fields)),
        errors: vec![],
    };
    let is_demanded = edge.app.state.settings().code_roles;
    let code_role = |it: Choice| Choice {
        chosen: Role::parse(&it.value).is_some_and(|role| is_demanded.contains(&role)),
        ..it
    };
    let code_roles = roles(&f, Role::Admin).into_iter().map(code_role).collect();
    let n_owing = edge.app.n_owing_codes();
    PeoplePage { f, people, form, code_roles, n_owing, made: None }
}

fn sent_desks(fields: &Fields) -> Vec<String> {
    fields.all("desk").into_iter().map(str::to_owned).collect()
}

/// A link that was made just now: no page after this one can show it.
fn shown(edge: &Edge, caller: &Caller, (name, text): (String, &LinkText)) -> LinkShown {
    let mut address = edge.jobs.base().clone();
    address.set_path(&To::Welcome.link(&[text.as_str()]));
    let until = edge.day_and_time(caller, edge.app.now() + LINK_LASTS);
    LinkShown { name, address: address.into(), until }
}

pub(in crate::http) async fn change(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    fields: Fields,
) -> Result<Response, HttpError> {
    let by = caller.by();
    match fields.get("change").as_str() {
        "invite" => invite(&edge, &caller, &fields).await,
        change @ ("disable" | "enable") => {
            let id: Id<Person> = fields.get("id").parse().map_err(|_| HttpError::NotFound)?;
            let disabled = change == "disable";
            let key = if disabled { "people.was_disabled" } else { "people.was_enabled" };
            match edge.off_thread(move |app| app.set_disabled(id, disabled, by)).await? {
                Ok(()) => {
                    edge.see_writes().await;
                    Ok(edge.onward(To::People, &[]).saying(&Told::new(key)).into_response())
                }
                Err(error) => back(&edge, &caller, &fields, account_error(error, caller.lang)?),
            }
        }
        "codes" => demand_codes(&edge, &caller, &fields).await,
        _ => Err(HttpError::Invalid),
    }
}

/// Sets the roles whose people must use a code.
async fn demand_codes(
    edge: &Edge,
    caller: &Caller,
    fields: &Fields,
) -> Result<Response, HttpError> {
    let sent = fields.all("code_role").into_iter().map(Role::parse);
    let roles: Option<BTreeSet<Role>> = sent.collect();
    let roles = roles.ok_or(HttpError::Invalid)?;
    let who = Decider { by: caller.by(), version: None };
    edge.off_thread(move |app| app.set_code_roles(roles, who)).await??;
    edge.see_writes().await;
    let told = Told::new("people.codes_set");
    Ok(edge.onward(To::People, &[]).saying(&told).into_response())
}

/// Invites somebody. The answer shows the link.
async fn invite(edge: &Edge, caller: &Caller, fields: &Fields) -> Result<Response, HttpError> {
    let by = caller.by();
    let invitation = Invitation {
        login: fields.get("login"),
        name: fields.get("name"),
        role: Role::parse(&fields.get("role")).ok_or(HttpError::Invalid)?,
        lang: Lang::parse(&fields.get("lang")).ok_or(HttpError::Invalid)?,
        desks: sent_desks(fields),
    };
    let name = invitation.name.trim().to_owned();
    match edge.off_thread(move |app| app.invite(invitation, by)).await? {
        Ok((_, text)) => {
            edge.see_writes().await;
            let made = Some(shown(edge, caller, (name, &text)));
            Ok(page(&PeoplePage { made, ..build(edge, caller, &Fields::default()) }))
        }
        Err(error) => back(edge, caller, fields, account_error(error, caller.lang)?),
    }
}

fn back(
    edge: &Edge,
    caller: &Caller,
    fields: &Fields,
    error: FieldError,
) -> Result<Response, HttpError> {
    let built = build(edge, caller, fields);
    if error.field == "id" {
        // It is said of the list, not of the form.
        let notice = Some(Notice { text: error.text, is_warning: true });
        let f = Frame { notice, ..built.f };
        return Ok(wrong(&PeoplePage { f, ..built }));
    }
    let form = PersonForm { errors: vec![error], ..built.form };
    Ok(wrong(&PeoplePage { form, ..built }))
}
