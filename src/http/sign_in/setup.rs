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
use crate::http::pages::{FieldError, SetupPage};
use crate::http::routes::To;
use crate::http::{Edge, page, wrong};
use crate::organisation::Settings;
use crate::people::{Passphrase, Role};

/// The shortest name of an organisation.
const ORGANISATION_CHARS_MIN: usize = 2;

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

/// The name as it is kept. It stands on every page and letter, so something must be said by it.
fn organisation_name(typed: &str) -> Option<String> {
    let name = typed.trim();
    let count = name.chars().count();
    let is_name = (ORGANISATION_CHARS_MIN..=ORGANISATION_CHARS_MAX).contains(&count)
        && name.chars().any(char::is_alphabetic)
        && !name.chars().any(char::is_control);
    is_name.then(|| name.to_owned())
}

pub(in crate::http) async fn set_up(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    fields: Fields,
) -> Result<Response, HttpError> {
    let refused = |errors| Ok(wrong(&SetupPage { errors, ..setup_page(&edge, &caller, &fields) }));
    let Some(name) = organisation_name(&fields.get("organisation")) else {
        let text = caller.lang.text("setup.wrong_organisation").to_owned();
        return refused(vec![FieldError { field: "organisation", text }]);
    };
    let new = NewPerson {
        login: fields.get("login"),
        name: fields.get("name"),
        role: Role::Admin,
        lang: caller.lang,
        passphrase: fields.get("passphrase"),
    };
    // The name is not among the settings yet, and is what is tried first.
    if let Err(fault) = Passphrase::parse(&new.passphrase, &[&name]) {
        return refused(vec![account_error(fault.into(), caller.lang)?]);
    }
    let (code, login, passphrase) = (fields.get("code"), new.login.clone(), new.passphrase.clone());
    let made = edge.hashing(move |app| app.set_up(&code, new)).await?;
    let person = match made {
        Ok(person) => person,
        Err(error) => return refused(vec![account_error(error, caller.lang)?]),
    };
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

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(typed: &str, kept: Option<&str>) {
        assert_eq!(organisation_name(typed).as_deref(), kept, "{typed:?}");
    }

    #[test]
    fn a_name_says_something_and_fits_on_a_page() {
        check("Fjordvik kommune", Some("Fjordvik kommune"));
        check("  Ås \t", Some("Ås"));
        check("Krins 4", Some("Krins 4"));
        check(&"å".repeat(200), Some(&"å".repeat(200)));
        for absurd in ["", "   ", "\u{a0}", "x", "...", "1234", "-- --", "Fjord\nvik", "a\u{1b}[2J"]
        {
            check(absurd, None);
        }
        check(&"å".repeat(201), None);
    }
}
