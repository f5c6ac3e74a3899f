//! Signing in and out, the first start, and the language of pages.

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::edge::HttpError;
use super::edge::caller::Caller;
use super::edge::cookies::{Cookie, Keep};
use super::edge::fields::{Asking, Fields, Sought};
use super::edge::notice::{Onward, Told, own_address};
use super::edge::serve::client::Client;
use super::pages::{FieldError, SetupPage, SignInPage};
use super::routes::To;
use super::{Edge, page, wrong};
use crate::app::{AccountError, Decider, NewPerson, SignInError};
use crate::messages::Lang;
use crate::organisation::Settings;
use crate::people::Role;

/// The longest name of an organisation.
pub(super) const ORGANISATION_CHARS_MAX: usize = 200;

pub(super) async fn show(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    Sought(fields): Sought,
) -> Response {
    if edge.app.setup_code().is_some() {
        return edge.onward(To::Setup, &[]).into_response();
    }
    let next = own_address(&fields.get("next"));
    if caller.signed_in.is_some() {
        return Onward::to(next, edge.secure).into_response();
    }
    page(&sign_in_page(&edge, &caller, next))
}

fn sign_in_page(edge: &Edge, caller: &Caller, next: String) -> SignInPage {
    SignInPage {
        f: edge.frame(caller, "sign_in.title"),
        login: String::new(),
        next,
        fault: None,
        ran_out: caller.ran_out,
        demo_accounts: edge.demo_accounts.to_vec(),
    }
}

pub(super) async fn sign_in(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    (headers, Extension(client)): (HeaderMap, Extension<Client>),
    fields: Fields,
) -> Result<Response, HttpError> {
    let (login, passphrase) = (fields.get("login"), fields.get("passphrase"));
    let next = own_address(&fields.get("next"));
    let knock = match edge.knock(&login, (&headers, client)).await? {
        Ok(knock) => knock,
        Err(wait) => {
            let minutes = (wait.as_secs() / 60 + 1).to_string();
            let fault = Some(caller.lang.fill("sign_in.wait", &[("minutes", &minutes)]));
            let form = sign_in_page(&edge, &caller, next);
            let page = SignInPage { login, fault, ran_out: false, ..form };
            let after = [(header::RETRY_AFTER, wait.as_secs().max(1).to_string())];
            return Ok((StatusCode::TOO_MANY_REQUESTS, after, wrong(&page)).into_response());
        }
    };
    let typed = login.clone();
    match edge.comparing(&knock, move |app| app.sign_in(&typed, &passphrase)).await? {
        Ok(token) => {
            let device = edge.passed(knock).await;
            let onward = Onward::to(next, edge.secure)
                .cookie(Cookie::Session, token.as_str(), Keep::Session)
                .cookie(Cookie::Visit, "", Keep::Not);
            Ok(match device {
                Some(device) => onward.cookie(Cookie::Device, &device, Keep::Year),
                None => onward,
            }
            .into_response())
        }
        Err(SignInError::Wrong) => {
            edge.missed(knock).await;
            let fault = Some(caller.lang.text("sign_in.failed").to_owned());
            let form = sign_in_page(&edge, &caller, next);
            Ok(wrong(&SignInPage { login, fault, ran_out: false, ..form }))
        }
        Err(SignInError::Journal(error)) => Err(error.into()),
    }
}

pub(super) async fn sign_out(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    _: Fields,
) -> Result<Response, HttpError> {
    let token = caller.token;
    edge.off_thread(move |app| app.sign_out(&token)).await??;
    let onward = edge.onward(To::SignIn, &[]).cookie(Cookie::Session, "", Keep::Not);
    Ok(onward.saying(&Told::new("sign_in.signed_out")).into_response())
}

pub(super) async fn show_setup(State(edge): State<Edge>, Extension(caller): Asking) -> Response {
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

pub(super) async fn set_up(
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
    let token = edge.hashing(move |app| app.sign_in(&login, &passphrase)).await?;
    let onward = edge.onward(To::Sites, &[]).saying(&Told::new("setup.done"));
    Ok(match token {
        Ok(token) => onward.cookie(Cookie::Session, token.as_str(), Keep::Session),
        Err(_) => onward,
    }
    .into_response())
}

/// What is wrong with an account, at the field that can mend it.
pub(super) fn account_error(error: AccountError, lang: Lang) -> Result<FieldError, HttpError> {
    let at = |field, key: &str| Ok(FieldError { field, text: lang.text(key).to_owned() });
    match error {
        AccountError::Login(_) => at("login", "people.wrong_login"),
        AccountError::LoginTaken => at("login", "people.login_taken"),
        AccountError::Passphrase(_) => at("passphrase", "people.wrong_passphrase"),
        AccountError::Name => at("name", "people.wrong_name"),
        AccountError::SetupCode => at("code", "setup.wrong_code"),
        AccountError::LastAdmin => at("id", "people.last_admin"),
        AccountError::Unknown => Err(HttpError::NotFound),
        AccountError::Journal(error) => Err(error.into()),
    }
}

pub(super) async fn set_lang(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    fields: Fields,
) -> Result<Response, HttpError> {
    let lang = Lang::parse(&fields.get("lang")).ok_or(HttpError::Invalid)?;
    let next = own_address(&fields.get("next"));
    if let Some(person) = caller.by() {
        let told = edge.off_thread(move |app| app.set_lang(person, lang)).await?;
        told.or_else(|error| account_error(error, lang).map(|_| ()))?;
        edge.see_writes().await;
    }
    let onward = Onward::to(next, edge.secure).cookie(Cookie::Lang, lang.code(), Keep::Year);
    Ok(onward.into_response())
}
