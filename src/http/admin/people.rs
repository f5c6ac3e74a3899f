//! Those who can sign in.

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use crate::app::NewPerson;
use crate::http::edge::HttpError;
use crate::http::edge::caller::Caller;
use crate::http::edge::fields::{Asking, Fields};
use crate::http::edge::notice::Told;
use crate::http::pages::{Choice, FieldError, Notice, PeoplePage, PersonForm, PersonSeen};
use crate::http::routes::To;
use crate::http::sign_in::account_error;
use crate::http::{Edge, page, wrong};
use crate::id::Id;
use crate::messages::Lang;
use crate::people::{Person, Role};

pub(in crate::http) async fn show(State(edge): State<Edge>, Extension(caller): Asking) -> Response {
    page(&build(&edge, &caller, &Fields::default()))
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
                disabled: it.row.disabled,
                is_me: Some(id) == me,
            }
        })
        .collect();
    people.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.login.cmp(&b.login)));
    let chosen = Role::parse(&fields.get("role")).unwrap_or(Role::Reception);
    let role = |it: Role| Choice {
        value: it.name().to_owned(),
        label: f.of("role", it.name()),
        chosen: it == chosen,
    };
    let lang = Lang::parse(&fields.get("lang")).unwrap_or(caller.lang);
    let langs =
        f.languages().into_iter().map(|it| Choice { chosen: it.value == lang.code(), ..it });
    let roles = [Role::Reception, Role::Editor, Role::Admin, Role::Auditor, Role::Reader];
    let form = PersonForm {
        login: fields.get("login"),
        name: fields.get("name"),
        roles: roles.map(role).into(),
        langs: langs.collect(),
        errors: vec![],
    };
    PeoplePage { f, people, form }
}

pub(in crate::http) async fn change(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    fields: Fields,
) -> Result<Response, HttpError> {
    let by = caller.by();
    let (changed, told) = match fields.get("change").as_str() {
        "add" => {
            let new = NewPerson {
                login: fields.get("login"),
                name: fields.get("name"),
                role: Role::parse(&fields.get("role")).ok_or(HttpError::Invalid)?,
                lang: Lang::parse(&fields.get("lang")).ok_or(HttpError::Invalid)?,
                passphrase: fields.get("passphrase"),
            };
            let told = Told::new("people.added").with("name", new.name.trim());
            (edge.hashing(move |app| app.add_person(new, by).map(|_| ())).await?, told)
        }
        change @ ("disable" | "enable") => {
            let id: Id<Person> = fields.get("id").parse().map_err(|_| HttpError::NotFound)?;
            let disabled = change == "disable";
            let key = if disabled { "people.was_disabled" } else { "people.was_enabled" };
            let set = edge.off_thread(move |app| app.set_disabled(id, disabled, by));
            (set.await?, Told::new(key))
        }
        _ => return Err(HttpError::Invalid),
    };
    match changed {
        Ok(()) => {
            edge.see_writes().await;
            Ok(edge.onward(To::People, &[]).saying(&told).into_response())
        }
        Err(error) => back(&edge, &caller, &fields, account_error(error, caller.lang)?),
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
        let f = crate::http::pages::Frame { notice, ..built.f };
        return Ok(wrong(&PeoplePage { f, ..built }));
    }
    let form = PersonForm { errors: vec![error], ..built.form };
    Ok(wrong(&PeoplePage { form, ..built }))
}
