//! One's own way in: the passphrase, and where one is signed in.

use axum::response::{IntoResponse, Response};

use crate::app::{AccountError, SignedIn};
use crate::http::Edge;
use crate::http::edge::HttpError;
use crate::http::edge::caller::Caller;
use crate::http::edge::cookies::{Cookie, Keep};
use crate::http::edge::fields::Fields;
use crate::http::edge::notice::Told;
use crate::http::pages::{FieldError, OwnAccess, SessionSeen};
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

/// What came of a wish: the way onward, or what is wrong.
type Came = Result<Result<Response, FieldError>, HttpError>;

/// Changes one's own passphrase. Whoever guesses the old one waits, and keeps nobody from
/// signing in elsewhere.
pub(super) async fn change_passphrase(
    edge: &Edge,
    caller: &Caller,
    (who, fields): (&SignedIn, &Fields),
) -> Came {
    let (id, lang) = (who.person, caller.lang);
    let stored = edge.app.state.people.get(id.uuid()).ok_or(HttpError::NotFound)?;
    let name = format!("own:{}", stored.row.login.as_str());
    if let Err(wait) = edge.throttle.admit(&name, edge.app.now()) {
        let minutes = (wait.as_secs() / 60 + 1).to_string();
        let text = lang.fill("sign_in.wait", &[("minutes", &minutes)]);
        return Ok(Err(FieldError { field: "old", text }));
    }
    let (old, typed) = (fields.get("old"), fields.get("passphrase"));
    match edge.hashing(move |app| app.change_passphrase(id, &old, &typed)).await? {
        Ok(token) => {
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
pub(super) async fn end_sessions(
    edge: &Edge,
    caller: &Caller,
    (who, fields): (&SignedIn, &Fields),
) -> Result<Response, HttpError> {
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
    Ok(edge.onward(To::Account, &[]).saying(&Told::new(key)).into_response())
}
