//! The first start: the first administrator, by the printed code.

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use super::{ORGANISATION_CHARS_MAX, account_error};
use crate::app::{Decider, NewPerson, Passed};
use crate::http::edge::HttpError;
use crate::http::edge::caller::Caller;
use crate::http::edge::cookies::{Cookie, Keep};
use crate::http::edge::fields::{Asking, Fields};
use crate::http::edge::notice::Told;
use crate::http::pages::SetupPage;
use crate::http::routes::To;
use crate::http::{Edge, page, wrong};
use crate::organisation::Settings;
use crate::people::Role;

pub(in crate::http) async fn show_setup(
    State(edge): State<Edge>,
    Extension(caller): Asking,
) -> Response {
    if edge.app.setup_code().is_none() {
        return edge.onward(To::SignIn, &[]).into_response();
    }
    page(&setup_page(&edge, &caller, &Fields::default()))
}

fn setup_page(edge: &Edge, caller: &Caller, fields: &Fields) -> SetupPage {
    SetupPage {
        f: edge.frame(caller, "setup.title"),
        code: fields.get("code"),
        organisation: fields.get("organisation"),
        login: fields.get("login"),
        name: fields.get("name"),
        errors: vec![],
    }
}

pub(in crate::http) async fn set_up(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    fields: Fields,
) -> Result<Response, HttpError> {
    let new = NewPerson {
        login: fields.get("login"),
        name: fields.get("name"),
        role: Role::Admin,
        lang: caller.lang,
        passphrase: fields.get("passphrase"),
    };
    let (code, login, passphrase) = (fields.get("code"), new.login.clone(), new.passphrase.clone());
    let made = edge.hashing(move |app| app.set_up(&code, new)).await?;
    let person = match made {
        Ok(person) => person,
        Err(error) => {
            let form = setup_page(&edge, &caller, &fields);
            let errors = vec![account_error(error, caller.lang)?];
            return Ok(wrong(&SetupPage { errors, ..form }));
        }
    };
    let name: String = fields.get("organisation").chars().take(ORGANISATION_CHARS_MAX).collect();
    let lang = caller.lang;
    edge.see_writes().await;
    let named = edge.off_thread(move |app| {
        let settings = Settings { name, lang, ..app.state.settings() };
        app.set_settings(settings, Decider { by: Some(person), version: None })
    });
    named.await??;
    edge.see_writes().await;
    let passed = edge.hashing(move |app| app.sign_in(&login, &passphrase)).await?;
    let onward = edge.onward(To::Sites, &[]).saying(&Told::new("setup.done"));
    Ok(match passed {
        Ok(Passed::In(token)) => onward.cookie(Cookie::Session, token.as_str(), Keep::Session),
        Ok(Passed::Half(_)) | Err(_) => onward,
    }
    .into_response())
}
