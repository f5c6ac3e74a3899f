//! Signing in and out, and the language of pages; the ways in beside it.

mod by_provider;
mod code;
mod ended;
mod half_way;
mod lock;
mod second_step;
mod setup;

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::SignedDuration;

use super::edge::HttpError;
use super::edge::caller::Caller;
use super::edge::cookies::{Cookie, Keep};
use super::edge::fields::{Asking, Fields, Sought};
use super::edge::notice::{Onward, Told, own_address};
use super::edge::serve::client::Client;
use super::pages::{FieldError, SignInPage};
use super::routes::To;
use super::{Edge, page, wrong};
use crate::app::{AccountError, Passed, SignInError};
use crate::messages::Lang;
use crate::people::Token;

pub(super) use by_provider::{came_back, out, show as by_provider};
pub(super) use code::{check as check_code, show as show_code};
pub(super) use ended::ended as ended_by_provider;
pub(super) use half_way::HalfWay;
pub(super) use lock::{lock, onward_to_lock, show as show_lock, unlock};
pub(super) use second_step::{change as change_second_step, show as show_second_step};
pub(super) use setup::{set_up, show_setup};

/// The longest name of an organisation.
pub(super) const ORGANISATION_CHARS_MAX: usize = 200;

pub(super) async fn show(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    Sought(fields): Sought,
) -> Response {
    // By a provider, the first administrator may come here as well.
    if edge.provider.is_none() && edge.app.setup_code().is_some() {
        return edge.onward(To::Setup, &[]).into_response();
    }
    let next = own_address(&fields.get("next"));
    if caller.signed_in.is_some() {
        return Onward::to(next, edge.secure).into_response();
    }
    let form = sign_in_page(&edge, &caller, next);
    let by = form.by.clone().filter(|_| fields.find("out").is_some());
    let is_local = form.is_local || fields.find("local").is_some();
    page(&SignInPage { out_by: by, is_local, ..form })
}

fn sign_in_page(edge: &Edge, caller: &Caller, next: String) -> SignInPage {
    let provider = edge.provider.as_ref().as_ref().map(|it| it.settings());
    SignInPage {
        f: edge.frame(caller, "sign_in.title"),
        login: String::new(),
        next,
        fault: None,
        trouble: None,
        ran_out: caller.ran_out,
        by: provider.map(|it| it.name.clone()),
        out_by: None,
        is_local: provider.is_none_or(|it| !it.is_only),
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
    let form = || SignInPage {
        login: login.clone(),
        ran_out: false,
        // Whoever has sent the form is to see it again.
        is_local: true,
        ..sign_in_page(&edge, &caller, next.clone())
    };
    let knock = match edge.knock(&login, (&headers, client)).await? {
        Ok(knock) => knock,
        Err(wait) => {
            let fault = Some(waits(caller.lang, "sign_in.wait", wait));
            return Ok(too_many(wait, &SignInPage { fault, ..form() }));
        }
    };
    let typed = login.clone();
    match edge.comparing(&knock, move |app| app.sign_in(&typed, &passphrase)).await? {
        Ok(Passed::In(token)) => {
            let device = edge.passed(knock).await;
            let onward = let_in(&edge, &caller, (&token, next)).await?;
            Ok(remembered(onward, device).into_response())
        }
        Ok(Passed::Half(person)) => {
            let device = edge.passed(knock).await;
            edge.half_way.put(&caller.token, (person, next), edge.app.now());
            Ok(remembered(edge.onward(To::SignInCode, &[]), device).into_response())
        }
        Err(SignInError::Wrong) => {
            edge.missed(knock).await;
            let fault = Some(caller.lang.text("sign_in.failed").to_owned());
            Ok(wrong(&SignInPage { fault, ..form() }))
        }
        Err(SignInError::Journal(error)) => Err(error.into()),
    }
}

/// Sends somebody on with a new session. One that the browser had before ends with it.
async fn let_in(
    edge: &Edge,
    caller: &Caller,
    (token, next): (&Token, String),
) -> Result<Onward, HttpError> {
    let (before, now) = (caller.token.clone(), token.clone());
    edge.off_thread(move |app| app.give_way(&before, &now)).await??;
    Ok(Onward::to(next, edge.secure).cookie(Cookie::Session, token.as_str(), Keep::Session).cookie(
        Cookie::Visit,
        "",
        Keep::Not,
    ))
}

/// How long somebody has to wait, in words.
fn waits(lang: Lang, key: &str, wait: SignedDuration) -> String {
    lang.fill(key, &[("minutes", &(wait.as_secs() / 60 + 1).to_string())])
}

/// The browser is known from now on: its tries have a budget of their own.
pub(super) fn remembered(onward: Onward, device: Option<String>) -> Onward {
    match device {
        Some(device) => onward.cookie(Cookie::Device, &device, Keep::Year),
        None => onward,
    }
}

/// A form that comes back because there were too many tries.
fn too_many(wait: SignedDuration, filled: &impl askama::Template) -> Response {
    let after = [(header::RETRY_AFTER, wait.as_secs().max(1).to_string())];
    (StatusCode::TOO_MANY_REQUESTS, after, wrong(filled)).into_response()
}

pub(super) async fn sign_out(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    _: Fields,
) -> Result<Response, HttpError> {
    let token = caller.token.clone();
    let came = caller.signed_in.as_ref().or(caller.locked.as_ref());
    let by_provider =
        edge.provider.is_some() && came.is_some_and(|it| edge.app.identity_of(it.person).is_some());
    edge.off_thread(move |app| app.sign_out(&token)).await??;
    let to = To::SignIn.link(&[]);
    let to = if by_provider { format!("{to}?out=yes") } else { to };
    let onward = Onward::to(to, edge.secure).cookie(Cookie::Session, "", Keep::Not);
    Ok(onward.saying(&Told::new("sign_in.signed_out")).into_response())
}

/// What is wrong with an account, at the field that can mend it.
pub(super) fn account_error(error: AccountError, lang: Lang) -> Result<FieldError, HttpError> {
    let at = |field, key: &str| Ok(FieldError { field, text: lang.text(key).to_owned() });
    match error {
        AccountError::Login(_) => at("login", "people.wrong_login"),
        AccountError::LoginTaken => at("login", "people.login_taken"),
        AccountError::Passphrase(fault) => at("passphrase", fault.key()),
        AccountError::WrongPassphrase => at("old", "account.passphrase_wrong"),
        AccountError::OwnRole => at("role", "people.own_role"),
        AccountError::Own => at("id", "people.own_account"),
        AccountError::Desk(_) => at("desk", "people.wrong_desk"),
        AccountError::Link => Err(HttpError::NotFound),
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
