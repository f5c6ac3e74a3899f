//! One's own way in: the passphrase, and where one is signed in.

use axum::response::{IntoResponse, Response};

use crate::app::{AccountError, SignedIn};
use crate::http::Edge;
use crate::http::edge::HttpError;
use crate::http::edge::caller::Caller;
use crate::http::edge::cookies::{Cookie, Keep};
use crate::http::edge::fields::Fields;
use crate::http::edge::notice::{Onward, Told};
use crate::http::pages::{FieldError, OwnAccess, ProofAsked, SessionSeen};
use crate::http::routes::To;
use crate::http::sign_in::account_error;

/// What the page shows of it.
pub(super) fn access(edge: &Edge, caller: &Caller, who: &SignedIn) -> OwnAccess {
    let own = caller.token.handle();
    let stored = edge.app.state.people.get(who.person.uuid());
    let with_passphrase = stored.filter(|it| it.row.hash.is_some());
    let sessions = edge.app.sessions.of(who.person, edge.app.now());
    let labels = edge.app.state.settings().labels(caller.lang);
    let desks: Vec<&str> = who.desks.iter().map(|it| labels.desk(it)).collect();
    OwnAccess {
        proof: proof(edge, who, with_passphrase.is_some()),
        login: with_passphrase.map(|it| it.row.login.as_str().to_owned()),
        sessions: sessions
            .into_iter()
            .map(|it| SessionSeen {
                begun: edge.day_and_time(caller, it.session.started),
                seen: edge.day_and_time(caller, it.session.seen),
                is_this: it.handle == own,
                handle: it.handle,
            })
            .collect(),
        desks: (!desks.is_empty()).then(|| desks.join(", ")),
        errors: vec![],
    }
}

/// What is asked for before other sessions are ended.
fn proof(edge: &Edge, who: &SignedIn, has_passphrase: bool) -> ProofAsked {
    if who.session.is_proved(edge.app.now()) {
        return ProofAsked::None;
    }
    let provider = edge.provider.as_ref().as_ref().map(|it| it.settings().name.clone());
    let comes_by = edge.app.identity_of(who.person).and(provider);
    match comes_by {
        Some(name) if !has_passphrase => ProofAsked::Provider(name),
        Some(_) | None => ProofAsked::Passphrase,
    }
}

/// What came of a wish: the way onward, or what is wrong.
type Came = Result<Result<Response, FieldError>, HttpError>;

/// Does what somebody wants of their own way in.
pub(super) async fn change(
    edge: &Edge,
    caller: &Caller,
    (who, fields): (&SignedIn, &Fields),
) -> Came {
    match fields.get("change").as_str() {
        "passphrase" => change_passphrase(edge, caller, (who, fields)).await,
        "prove" => prove(edge, caller, (who, fields)).await,
        _ => end_sessions(edge, caller, (who, fields)).await,
    }
}

/// Counts a try at the passphrase of one's own account. Whoever guesses it waits, and keeps nobody
/// from signing in elsewhere. The name that it is counted under.
fn admit(
    edge: &Edge,
    caller: &Caller,
    (who, field): (&SignedIn, &'static str),
) -> Result<String, FieldError> {
    let login = edge.app.login_of(who.person).unwrap_or_default();
    let name = format!("own:{login}");
    edge.throttle.admit(&name, edge.app.now()).map(|()| name).map_err(|wait| {
        let minutes = (wait.as_secs() / 60 + 1).to_string();
        let text = caller.lang.fill("sign_in.wait", &[("minutes", &minutes)]);
        FieldError { field, text }
    })
}

/// Takes the passphrase once more.
async fn prove(edge: &Edge, caller: &Caller, (who, fields): (&SignedIn, &Fields)) -> Came {
    let name = match admit(edge, caller, (who, "proof")) {
        Ok(name) => name,
        Err(error) => return Ok(Err(error)),
    };
    let (id, token, typed) = (who.person, caller.token.clone(), fields.get("proof"));
    match edge.hashing(move |app| app.prove(id, &typed, &token)).await? {
        Ok(()) => {
            edge.throttle.passed(&name);
            let to = format!("{}#sessions", To::Account.link(&[]));
            let told = Told::new("account.proved");
            Ok(Ok(Onward::to(to, edge.secure).saying(&told).into_response()))
        }
        Err(error) => {
            let error = account_error(error, caller.lang)?;
            Ok(Err(FieldError { field: "proof", ..error }))
        }
    }
}

/// Changes one's own passphrase.
async fn change_passphrase(
    edge: &Edge,
    caller: &Caller,
    (who, fields): (&SignedIn, &Fields),
) -> Came {
    let (id, lang) = (who.person, caller.lang);
    let name = match admit(edge, caller, (who, "old")) {
        Ok(name) => name,
        Err(error) => return Ok(Err(error)),
    };
    let (old, typed) = (fields.get("old"), fields.get("passphrase"));
    let here = caller.token.clone();
    match edge.hashing(move |app| app.change_passphrase((id, &here), &old, &typed)).await? {
        Ok(token) => {
            edge.half_way.forget_all_of(id);
            edge.throttle.passed(&name);
            edge.see_writes().await;
            let onward = edge.onward(To::Account, &[]);
            let onward = onward.cookie(Cookie::Session, token.as_str(), Keep::Session);
            Ok(Ok(onward.saying(&Told::new("account.passphrase_changed")).into_response()))
        }
        Err(error) => {
            // The old one was right: only the new one was not taken.
            if !matches!(error, AccountError::WrongPassphrase) {
                edge.throttle.passed(&name);
            }
            Ok(Err(account_error(error, lang)?))
        }
    }
}

/// Ends one of one's own sessions, or all but this one.
///
/// Whoever sits down at somebody else's open session must not throw the owner out.
async fn end_sessions(edge: &Edge, caller: &Caller, (who, fields): (&SignedIn, &Fields)) -> Came {
    if !who.session.is_proved(edge.app.now()) {
        let text = caller.lang.text("account.proof_first").to_owned();
        return Ok(Err(FieldError { field: "proof", text }));
    }
    let (id, own, meant) = (who.person, caller.token.handle(), fields.find("session"));
    let is_one = fields.get("change") == "end_session";
    if is_one && meant.is_none() {
        return Err(HttpError::Invalid);
    }
    let ended = edge.off_thread(move |app| {
        app.end_own_sessions(id, |it| match &meant {
            Some(meant) if is_one => it == meant,
            Some(_) | None => it != own,
        })
    });
    if ended.await?? == 0 && is_one {
        return Err(HttpError::NotFound);
    }
    let key = if is_one { "account.session_ended" } else { "account.others_ended" };
    Ok(Ok(edge.onward(To::Account, &[]).saying(&Told::new(key)).into_response()))
}
