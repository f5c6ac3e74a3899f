//! One's own second step: set up, its recovery codes, its end.

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use super::{too_many, waits};
use crate::app::{SecondStepError, SignedIn};
use crate::http::edge::HttpError;
use crate::http::edge::caller::Caller;
use crate::http::edge::fields::{Asking, Fields};
use crate::http::edge::notice::Told;
use crate::http::pages::{FieldError, NewSecondStep, SecondStepPage, SecondStepSeen};
use crate::http::routes::To;
use crate::http::{Edge, page, wrong};
use crate::people::{RecoveryCode, StepSecret};

pub(in crate::http) async fn show(
    State(edge): State<Edge>,
    Extension(caller): Asking,
) -> Result<Response, HttpError> {
    Ok(page(&build(&edge, &caller, StepSecret::new_public()).await?))
}

async fn build(edge: &Edge, caller: &Caller, public: String) -> Result<SecondStepPage, HttpError> {
    let who = caller.signed_in.as_ref().ok_or(HttpError::SignIn)?;
    let seen = if let Some(step) = edge.app.second_step(who.person) {
        SecondStepSeen::SetUp { since: edge.day(caller, step.since), left: step.recovery.len() }
    } else if edge.app.has_passphrase(who.person) {
        SecondStepSeen::New(new(edge, who, public).await?)
    } else {
        SecondStepSeen::Elsewhere
    };
    Ok(SecondStepPage {
        f: edge.frame(caller, "second_step.title"),
        seen,
        codes: vec![],
        errors: vec![],
    })
}

async fn new(edge: &Edge, who: &SignedIn, public: String) -> Result<NewSecondStep, HttpError> {
    let (person, part) = (who.person, public.clone());
    let secret = edge.off_thread(move |app| app.browser_keys.second_step(person, &part)).await?;
    let secret = secret.map_err(HttpError::internal)?;
    let organisation = edge.app.state.settings().name;
    let login = edge.app.login_of(who.person).unwrap_or_default();
    Ok(NewSecondStep::new(public, &secret, (&organisation, &login)))
}

pub(in crate::http) async fn change(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    fields: Fields,
) -> Result<Response, HttpError> {
    let person = caller.by().ok_or(HttpError::SignIn)?;
    let public = fields.get("public");
    let public = if StepSecret::is_public(&public) { public } else { StepSecret::new_public() };
    // A code is no better guarded here than at the door.
    let account = person.to_string();
    if let Err(wait) = edge.code_throttle.admit(&account, edge.app.now()) {
        let text = waits(caller.lang, "second_step.wait", wait);
        let errors = vec![FieldError { field: "code", text }];
        let built = build(&edge, &caller, public).await?;
        return Ok(too_many(wait, &SecondStepPage { errors, ..built }));
    }
    let (code, passphrase) = (fields.get("code"), fields.get("passphrase"));
    let done = match fields.get("change").as_str() {
        "set_up" => {
            let part = public.clone();
            let set = edge
                .hashing(move |app| app.set_second_step(person, &part, (&passphrase, &code)))
                .await?;
            set.map(Some)
        }
        "codes" => edge.off_thread(move |app| app.renew_recovery(person, &code)).await?.map(Some),
        "end" => {
            let ended = edge.off_thread(move |app| app.end_own_second_step(person, &code));
            ended.await?.map(|()| None)
        }
        _ => return Err(HttpError::Invalid),
    };
    edge.see_writes().await;
    match done {
        Ok(Some(codes)) => {
            edge.code_throttle.passed(&account);
            let built = build(&edge, &caller, public).await?;
            let codes = codes.iter().map(RecoveryCode::grouped).collect();
            Ok(page(&SecondStepPage { codes, ..built }))
        }
        Ok(None) => {
            edge.code_throttle.passed(&account);
            let told = Told::new("second_step.ended");
            Ok(edge.onward(To::SecondStep, &[]).saying(&told).into_response())
        }
        Err(SecondStepError::Journal(error)) => Err(error.into()),
        Err(SecondStepError::Unknown) => Err(HttpError::Conflict),
        Err(error @ SecondStepError::Secret(_)) => Err(HttpError::internal(error)),
        Err(error @ (SecondStepError::Wrong | SecondStepError::Passphrase)) => {
            let (field, key) = match error {
                SecondStepError::Passphrase => ("passphrase", "second_step.wrong_passphrase"),
                _ => ("code", "second_step.wrong"),
            };
            let errors = vec![FieldError { field, text: caller.lang.text(key).to_owned() }];
            let built = build(&edge, &caller, public).await?;
            Ok(wrong(&SecondStepPage { errors, ..built }))
        }
    }
}
