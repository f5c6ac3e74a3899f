//! One's own second step: set up, its recovery codes, its end.

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};

use super::{too_many, waits};
use crate::app::{App, SecondStepError, SignedIn};
use crate::http::edge::HttpError;
use crate::http::edge::caller::Caller;
use crate::http::edge::cookies::{Cookie, Keep};
use crate::http::edge::fields::{Asking, Fields, Sought};
use crate::http::edge::notice::Told;
use crate::http::pages::{FieldError, NewSecondStep, SecondStepPage, SecondStepSeen};
use crate::http::routes::To;
use crate::http::{Edge, page, wrong};
use crate::id::Id;
use crate::people::{Person, RecoveryCode, StepSecret};

/// What the page's forms ask for.
const CHANGES: [&str; 4] = ["set_up", "replace", "codes", "end"];

/// What the page is to show.
#[derive(Clone, Copy)]
enum Wanted {
    /// How it stands.
    Standing,
    /// The way to another telephone.
    Another,
}

pub(in crate::http) async fn show(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    Sought(fields): Sought,
) -> Result<Response, HttpError> {
    let is_another = fields.get("phone") == "new";
    let wanted = if is_another { Wanted::Another } else { Wanted::Standing };
    Ok(page(&build(&edge, &caller, (wanted, StepSecret::new_public())).await?))
}

async fn build(
    edge: &Edge,
    caller: &Caller,
    (wanted, public): (Wanted, String),
) -> Result<SecondStepPage, HttpError> {
    let who = caller.at_second_step().ok_or(HttpError::SignIn)?;
    let stored = edge.app.state.people.get(who.person.uuid()).ok_or(HttpError::SignIn)?;
    let is_demanded = edge.app.must_use_code(&stored.row);
    let seen = match (&stored.row.second_step, wanted) {
        (Some(_), Wanted::Another) => SecondStepSeen::Another(new(edge, who, public).await?),
        (Some(step), Wanted::Standing) => {
            let (since, left) = (edge.day(caller, step.since), step.recovery.len());
            SecondStepSeen::SetUp { since, left }
        }
        (None, _) if stored.row.hash.is_some() => {
            SecondStepSeen::New(new(edge, who, public).await?)
        }
        (None, _) => SecondStepSeen::Elsewhere,
    };
    let (owes, codes, errors) = (caller.owing.is_some(), vec![], vec![]);
    let f = edge.frame(caller, "second_step.title");
    Ok(SecondStepPage { f, seen, is_demanded, owes, codes, errors })
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
    let person = caller.at_second_step().ok_or(HttpError::SignIn)?.person;
    let public = fields.get("public");
    let public = if StepSecret::is_public(&public) { public } else { StepSecret::new_public() };
    let is_another = fields.get("change") == "replace";
    let wanted = if is_another { Wanted::Another } else { Wanted::Standing };
    if !CHANGES.contains(&fields.get("change").as_str()) {
        return Err(HttpError::Invalid);
    }
    // A code is no better guarded here than at the door; but guessing here must not keep the
    // person from coming in there.
    let account = format!("own:{person}");
    if let Err(wait) = edge.code_throttle.admit(&account, edge.app.now()) {
        let text = waits(caller.lang, "second_step.wait", wait);
        let errors = vec![FieldError { field: "code", text }];
        let built = build(&edge, &caller, (wanted, public)).await?;
        return Ok(too_many(wait, &SecondStepPage { errors, ..built }));
    }
    let done = fulfil(&edge, person, (&fields, public.clone())).await?;
    edge.see_writes().await;
    match done {
        Ok(Some(codes)) => {
            edge.code_throttle.passed(&account);
            let (caller, onward) = come_in(&edge, caller, person).await?;
            let built = build(&edge, &caller, (Wanted::Standing, public)).await?;
            let codes = codes.iter().map(RecoveryCode::grouped).collect();
            Ok((onward, page(&SecondStepPage { codes, ..built })).into_response())
        }
        Ok(None) => {
            edge.code_throttle.passed(&account);
            let told = Told::new("second_step.ended");
            Ok(edge.onward(To::SecondStep, &[]).saying(&told).into_response())
        }
        Err(error) => {
            let (field, key) = at_field(error)?;
            let errors = vec![FieldError { field, text: caller.lang.text(key).to_owned() }];
            let built = build(&edge, &caller, (wanted, public)).await?;
            Ok(wrong(&SecondStepPage { errors, ..built }))
        }
    }
}

/// What came of a wish: recovery codes to show, if any were made.
type Done = Result<Option<Vec<RecoveryCode>>, SecondStepError>;

async fn fulfil(
    edge: &Edge,
    person: Id<Person>,
    (fields, public): (&Fields, String),
) -> Result<Done, HttpError> {
    let (code, passphrase) = (fields.get("code"), fields.get("passphrase"));
    Ok(match fields.get("change").as_str() {
        "set_up" => {
            let set = move |app: &App| app.set_second_step(person, &public, (&passphrase, &code));
            edge.hashing(set).await?.map(Some)
        }
        "replace" => {
            let old = fields.get("old");
            let set = move |app: &App| {
                app.replace_second_step(person, &public, (&passphrase, &old, &code))
            };
            edge.hashing(set).await?.map(Some)
        }
        "codes" => edge.off_thread(move |app| app.renew_recovery(person, &code)).await?.map(Some),
        "end" => {
            let ended = edge.off_thread(move |app| app.end_own_second_step(person, &code));
            ended.await?.map(|()| None)
        }
        _ => return Err(HttpError::Invalid),
    })
}

/// Lets in whoever owed a code until now, under another token.
async fn come_in(
    edge: &Edge,
    caller: Caller,
    person: Id<Person>,
) -> Result<(Caller, HeaderMap), HttpError> {
    let mut headers = HeaderMap::new();
    if caller.owing.is_none() {
        return Ok((caller, headers));
    }
    let half = caller.token.clone();
    let token = edge.off_thread(move |app| app.come_in_from(&half, person)).await??;
    let cookie = Cookie::Session.set(token.as_str(), Keep::Session, edge.secure);
    headers.extend(cookie.map(|it| (header::SET_COOKIE, it)));
    let signed_in = edge.app.signed_in(&token);
    Ok((Caller { signed_in, owing: None, token, ..caller }, headers))
}

/// The field that can mend it, and the key of what is said there.
fn at_field(error: SecondStepError) -> Result<(&'static str, &'static str), HttpError> {
    match error {
        SecondStepError::Passphrase => Ok(("passphrase", "second_step.wrong_passphrase")),
        SecondStepError::Old => Ok(("old", "second_step.wrong")),
        SecondStepError::Wrong => Ok(("code", "second_step.wrong")),
        SecondStepError::Demanded => Err(HttpError::Forbidden),
        SecondStepError::Unknown => Err(HttpError::Conflict),
        SecondStepError::Journal(error) => Err(error.into()),
        error @ SecondStepError::Secret(_) => Err(HttpError::internal(error)),
    }
}
