//! The lock of a shared desk: the session stays, and opens for its own person alone.

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use super::{let_in, too_many, waits};
use crate::app::{SignInError, SignedIn};
use crate::http::edge::HttpError;
use crate::http::edge::caller::Caller;
use crate::http::edge::fields::{Asking, Fields, Sought};
use crate::http::edge::notice::{Onward, own_address};
use crate::http::pages::LockedPage;
use crate::http::routes::To;
use crate::http::{Edge, page, wrong};

pub(in crate::http) async fn lock(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    fields: Fields,
) -> Result<Response, HttpError> {
    let (token, person) = (caller.token.clone(), caller.by());
    edge.off_thread(move |app| app.lock(&token, person)).await??;
    let next = own_address(&fields.get("next"));
    Ok(onward_to_lock(&edge, &next).into_response())
}

/// The way to the locked page, from where one wants to be.
pub(in crate::http) fn onward_to_lock(edge: &Edge, next: &str) -> Onward {
    let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
    Onward::to(format!("{}?next={next}", To::Locked.link(&[])), edge.secure)
}

pub(in crate::http) async fn show(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    Sought(fields): Sought,
) -> Response {
    let next = own_address(&fields.get("next"));
    match &caller.locked {
        Some(who) => page(&locked_page(&edge, (&caller, who), next)),
        // Unlocked in another window, or ended.
        None => Onward::to(next, edge.secure).into_response(),
    }
}

pub(super) fn locked_page(
    edge: &Edge,
    (caller, who): (&Caller, &SignedIn),
    next: String,
) -> LockedPage {
    let by = edge.provider.as_ref().as_ref().map(|it| it.settings().name.clone());
    let has_identity = edge.app.identity_of(who.person).is_some();
    LockedPage {
        f: edge.frame(caller, "lock.title"),
        name: who.name.clone(),
        next,
        has_passphrase: edge.app.has_passphrase(who.person),
        by: by.filter(|_| has_identity),
        fault: None,
    }
}

pub(in crate::http) async fn unlock(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    fields: Fields,
) -> Result<Response, HttpError> {
    let next = own_address(&fields.get("next"));
    let Some(who) = caller.locked.clone() else {
        return Ok(Onward::to(next, edge.secure).into_response());
    };
    let form = || locked_page(&edge, (&caller, &who), next.clone());
    // Under its own name: guessing here must not keep the person from signing in elsewhere.
    let account = who.person.to_string();
    if let Err(wait) = edge.throttle.admit(&account, edge.app.now()) {
        let fault = Some(waits(caller.lang, "lock.wait", wait));
        return Ok(too_many(wait, &LockedPage { fault, ..form() }));
    }
    let (person, passphrase) = (who.person, fields.get("passphrase"));
    match edge.hashing(move |app| app.unlock(person, &passphrase)).await? {
        Ok(token) => {
            edge.throttle.passed(&account);
            Ok(let_in(&edge, &caller, (&token, next)).await?.into_response())
        }
        Err(SignInError::Wrong) => {
            let fault = Some(caller.lang.text("lock.wrong").to_owned());
            Ok(wrong(&LockedPage { fault, ..form() }))
        }
        Err(SignInError::Journal(error)) => Err(error.into()),
    }
}
