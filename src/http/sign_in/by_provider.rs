//! Signing in by the provider of identities: the way there, and the way back.

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};

use super::lock::locked_page;
use super::{let_in, remembered, sign_in_page};
use crate::app::{CameBy, CameError, SignedIn};
use crate::http::edge::HttpError;
use crate::http::edge::caller::Caller;
use crate::http::edge::cookies::{Cookie, Keep};
use crate::http::edge::fields::{Asking, Fields, Sought};
use crate::http::edge::notice::{Onward, own_address};
use crate::http::pages::{LockedPage, SignInPage, render};
use crate::http::routes::To;
use crate::http::{Edge, oidc_provider};
use crate::oidc::{Answered, Began, OidcFault, Provider, Purpose, TokenFault};
use crate::people::{Identity, Token};

/// Why somebody is not let in: the key of the sentence, and the status.
struct Kept {
    key: &'static str,
    status: StatusCode,
}

const fn kept(key: &'static str, status: StatusCode) -> Kept {
    Kept { key, status }
}

/// The way there. By a link, since a form of ours may lead nowhere else.
pub(in crate::http) async fn show(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    headers: HeaderMap,
    Sought(fields): Sought,
) -> Result<Response, HttpError> {
    let provider = oidc_provider(&edge)?;
    // A foreign page must not sign anybody in: whoever comes from there presses the button here.
    let comes_from = headers.get("sec-fetch-site").and_then(|it| it.to_str().ok());
    if comes_from == Some("cross-site") {
        return Ok(edge.onward(To::SignIn, &[]).into_response());
    }
    let purpose = match &caller.locked {
        Some(who) if fields.find("unlock").is_some() => Purpose::Unlock(who.person),
        Some(_) => Purpose::TakeOver,
        None if fields.find("prove").is_some() => Purpose::Prove,
        None => Purpose::SignIn,
    };
    let next = own_address(&fields.get("next"));
    let browser = Cookie::Flow.read(&headers, edge.secure).and_then(|it| Token::parse(&it));
    let browser = browser.unwrap_or_else(Token::random);
    let began = edge.flows.begin(browser.as_str(), (purpose, next.clone()), edge.app.now());
    Ok(match provider.authorization(&began).await {
        Ok(address) => Onward::to(address.into(), edge.secure)
            .cookie(Cookie::Flow, browser.as_str(), Keep::Session)
            .into_response(),
        Err(fault) => turned_away(&edge, &caller, (&told(&fault), next)),
    })
}

/// The way back.
pub(in crate::http) async fn came_back(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    headers: HeaderMap,
    Sought(fields): Sought,
) -> Result<Response, HttpError> {
    let provider = oidc_provider(&edge)?.clone();
    let browser = Cookie::Flow.read(&headers, edge.secure);
    let now = edge.app.now();
    let began = match edge.flows.take(&fields.get("state"), browser.as_deref(), now) {
        Ok(began) => began,
        Err(fault) => {
            return Ok(turned_away(&edge, &caller, (&told(&fault.into()), "/".to_owned())));
        }
    };
    let came = match identify(&edge, (&provider, &began), &fields).await {
        Ok(came) => came,
        Err(fault) => {
            let why = told_for(&fault, began.purpose);
            if matches!(fault, OidcFault::Token(_) | OidcFault::MixedUp) {
                note_refusal(&edge).await?;
            }
            return Ok(match &caller.locked {
                Some(who) if matches!(began.purpose, Purpose::Unlock(_)) => {
                    still_locked(&edge, (&caller, who), (&why, began.next))
                }
                Some(_) | None => turned_away(&edge, &caller, (&why, began.next)),
            });
        }
    };
    match began.purpose {
        Purpose::SignIn | Purpose::TakeOver | Purpose::Prove => {
            sign_in(&edge, (&caller, &headers), (came, began.next)).await
        }
        Purpose::Unlock(person) => {
            let own = caller.locked.as_ref().filter(|it| it.person == person);
            match own {
                Some(who) => unlock(&edge, (&caller, &headers, who), (came, began.next)).await,
                // The lock has ended meanwhile: then this is a signing in like any other.
                None => sign_in(&edge, (&caller, &headers), (came, began.next)).await,
            }
        }
    }
}

async fn identify(
    edge: &Edge,
    (provider, began): (&Provider, &Began),
    fields: &Fields,
) -> Result<CameBy, OidcFault> {
    let (code, error, issuer) = (fields.find("code"), fields.find("error"), fields.find("iss"));
    let answered =
        Answered { code: code.as_deref(), error: error.as_deref(), issuer: issuer.as_deref() };
    let identified = provider.identify(began, answered, edge.app.now()).await?;
    Ok(CameBy {
        role: provider.settings().role(&identified.roles),
        identity: Identity { issuer: identified.issuer, subject: identified.subject },
        name: identified.name,
        session: identified.session,
        anew: began.purpose.is_anew(),
    })
}

async fn sign_in(
    edge: &Edge,
    (caller, headers): (&Caller, &HeaderMap),
    (came, next): (CameBy, String),
) -> Result<Response, HttpError> {
    let lang = caller.lang;
    match edge.off_thread(move |app| app.sign_in_by(came, lang)).await? {
        Ok(token) => {
            // Somebody who comes for the first time is known once the view has the account.
            edge.see_writes().await;
            let device = edge.knows(headers, &token).await;
            let onward = let_in(edge, caller, (&token, next)).await?;
            Ok(remembered(onward, device).into_response())
        }
        Err(CameError::NoRole) => {
            let why = kept("sign_in.by_no_role", StatusCode::FORBIDDEN);
            Ok(turned_away(edge, caller, (&why, next)))
        }
        Err(CameError::Closed) => {
            let why = kept("sign_in.by_closed", StatusCode::FORBIDDEN);
            Ok(turned_away(edge, caller, (&why, next)))
        }
        Err(CameError::Journal(error)) => Err(error.into()),
    }
}

/// Only the person whose session it is opens it again.
async fn unlock(
    edge: &Edge,
    (caller, headers, who): (&Caller, &HeaderMap, &SignedIn),
    (came, next): (CameBy, String),
) -> Result<Response, HttpError> {
    if edge.app.identity_of(who.person).as_ref() == Some(&came.identity) {
        return sign_in(edge, (caller, headers), (came, next)).await;
    }
    let why = kept("lock.other", StatusCode::FORBIDDEN);
    Ok(still_locked(edge, (caller, who), (&why, next)))
}

/// The locked page with what went wrong; it stays locked.
fn still_locked(
    edge: &Edge,
    (caller, who): (&Caller, &SignedIn),
    (why, next): (&Kept, String),
) -> Response {
    let page = locked_page(edge, (caller, who), next);
    let name = page.by.clone().unwrap_or_default();
    let fault = Some(caller.lang.fill(why.key, &[("name", &name)]));
    (why.status, Html(render(&LockedPage { fault, ..page }))).into_response()
}

/// The sign-in page with what went wrong and what to do; the local form goes on working.
fn turned_away(edge: &Edge, caller: &Caller, (why, next): (&Kept, String)) -> Response {
    let form = sign_in_page(edge, caller, next);
    let name = form.by.clone().unwrap_or_default();
    let trouble = Some(caller.lang.fill(why.key, &[("name", &name)]));
    let page = SignInPage { trouble, ran_out: false, ..form };
    (why.status, Html(render(&page))).into_response()
}

/// The same to whoever came from an open session, which is as open as before.
fn told_for(fault: &OidcFault, purpose: Purpose) -> Kept {
    let why = told(fault);
    match (fault, purpose) {
        (OidcFault::Token(TokenFault::NotAnew | TokenFault::NoTime), Purpose::Prove) => {
            kept("sign_in.by_not_proved", why.status)
        }
        _ => why,
    }
}

/// What a visitor is told of a fault; the log gets the chain where somebody can mend it.
fn told(fault: &OidcFault) -> Kept {
    let chain = chain(fault);
    match fault {
        OidcFault::State(_) => kept("sign_in.by_again", StatusCode::BAD_REQUEST),
        OidcFault::Refused(code) if code == "access_denied" => {
            kept("sign_in.by_cancelled", StatusCode::FORBIDDEN)
        }
        OidcFault::Refused(code) if code == "invalid_grant" || code == "no_code" => {
            tracing::warn!(error = chain, "the provider of identities did not take a code");
            kept("sign_in.by_again", StatusCode::BAD_REQUEST)
        }
        OidcFault::Token(fault) => {
            tracing::warn!(
                event = "provider_answer_refused",
                error = chain,
                "an answer of the provider of identities was refused"
            );
            kept(why_no_token(*fault), StatusCode::FORBIDDEN)
        }
        OidcFault::MixedUp => {
            tracing::warn!(
                event = "provider_answer_refused",
                error = chain,
                "an answer came from another provider than was asked"
            );
            kept("sign_in.by_wrong", StatusCode::FORBIDDEN)
        }
        OidcFault::Unreachable(_) | OidcFault::Resting | OidcFault::Status { .. } => {
            tracing::warn!(error = chain, "the provider of identities does not answer");
            kept("sign_in.by_unreachable", StatusCode::SERVICE_UNAVAILABLE)
        }
        OidcFault::Refused(_) | OidcFault::Unusable { .. } => {
            tracing::error!(
                error = chain,
                "the provider of identities is not set up as it must be"
            );
            kept("sign_in.by_set_up", StatusCode::BAD_GATEWAY)
        }
    }
}

/// What somebody can do about a token that is not taken, where they can do anything.
const fn why_no_token(fault: TokenFault) -> &'static str {
    match fault {
        TokenFault::Acr => "sign_in.by_weak",
        TokenFault::NotAnew | TokenFault::NoTime => "sign_in.by_not_anew",
        TokenFault::ActingFor => "sign_in.by_not_for",
        TokenFault::Form
        | TokenFault::Algorithm
        | TokenFault::Critical
        | TokenFault::Key
        | TokenFault::Signature
        | TokenFault::Issuer
        | TokenFault::Audience
        | TokenFault::Old
        | TokenFault::Early
        | TokenFault::Nonce
        | TokenFault::Subject
        | TokenFault::Kind
        | TokenFault::Event
        | TokenFault::Again => "sign_in.by_wrong",
    }
}

/// A fault with all its causes.
pub(super) fn chain(fault: &OidcFault) -> String {
    let mut chain = fault.to_string();
    let mut next = std::error::Error::source(fault);
    while let Some(cause) = next {
        chain = format!("{chain}: {cause}");
        next = cause.source();
    }
    chain
}

async fn note_refusal(edge: &Edge) -> Result<(), HttpError> {
    Ok(edge.off_thread(crate::app::App::note_false_answer).await??)
}

/// Signs out of the provider as well.
pub(in crate::http) async fn out(State(edge): State<Edge>) -> Result<Response, HttpError> {
    let address = oidc_provider(&edge)?.sign_out(edge.app.now()).await;
    let address = address.map_or_else(|| To::SignIn.link(&[]), String::from);
    Ok(Onward::to(address, edge.secure).into_response())
}
