//! One-time links: whoever has one chooses a passphrase and is in. And what to do without.
//!
//! The link comes in an address and leaves it at once, for a cookie: what stands in an address is
//! kept by the browser's history, where the next one at a shared desk finds it.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

use crate::app::AccountError;
use crate::http::edge::HttpError;
use crate::http::edge::caller::Caller;
use crate::http::edge::cookies::{Cookie, Keep};
use crate::http::edge::fields::{Asking, Fields};
use crate::http::edge::notice::Told;
use crate::http::pages::{FieldError, ForgottenPage, WelcomePage, Welcomed, render};
use crate::http::routes::To;
use crate::http::sign_in::{account_error, remembered};
use crate::http::{Edge, page};
use crate::id::Id;
use crate::people::{LinkText, PersonRow};
use crate::rows::Stored;

pub(in crate::http) async fn come(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    Path(secret): Path<String>,
) -> Result<Response, HttpError> {
    if follow(&edge, &secret)?.is_none() {
        return Ok(answer(&edge, &caller, (None, &secret), vec![]));
    }
    let onward = edge.onward(To::WelcomeForm, &[]).cookie(Cookie::Welcome, &secret, Keep::Hour);
    Ok((UNTOLD, onward).into_response())
}

pub(in crate::http) async fn show(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let secret = Cookie::Welcome.read(&headers, edge.secure).unwrap_or_default();
    let found = follow(&edge, &secret)?;
    Ok(answer(&edge, &caller, (found.as_deref(), &secret), vec![]))
}

/// The address is told to nobody.
const UNTOLD: [(HeaderName, HeaderValue); 2] = [
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex, nofollow")),
];

/// Whose link it is. Whoever tries one public part again and again has to wait, as at the door.
fn follow(edge: &Edge, secret: &str) -> Result<Option<Arc<Stored<PersonRow>>>, HttpError> {
    let Some(text) = LinkText::parse(secret) else { return Ok(None) };
    let now = edge.app.now();
    if edge.link_throttle.wait(text.public(), now).is_some() {
        return Err(HttpError::TooMany);
    }
    let found = edge.app.person_by_link(&text);
    if found.is_none() {
        edge.link_throttle.missed(text.public(), now);
    }
    Ok(found)
}

/// The page, in the person's own language; the same one for a used, an ended, an old and an
/// unknown link.
fn answer(
    edge: &Edge,
    caller: &Caller,
    (found, secret): (Option<&Stored<PersonRow>>, &str),
    errors: Vec<FieldError>,
) -> Response {
    let lang = found.map_or(caller.lang, |it| it.row.lang);
    // Never the path that was asked for: it may hold the secret.
    let path = To::WelcomeForm.link(&[]);
    let caller = Caller { lang, path, signed_in: None, ..caller.clone() };
    let status = match found {
        None => StatusCode::NOT_FOUND,
        Some(_) if errors.is_empty() => StatusCode::OK,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let who = found.map(|it| Welcomed {
        name: it.row.name.clone(),
        login: it.row.login.as_str().to_owned(),
        organisation: edge.app.state.settings().name,
        link: LinkText::parse(secret).map_or_else(String::new, |it| it.public().to_owned()),
    });
    let built = WelcomePage { f: edge.frame(&caller, "welcome.title"), who, errors };
    (status, UNTOLD, Html(render(&built))).into_response()
}

pub(in crate::http) async fn choose(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response, HttpError> {
    let secret = Cookie::Welcome.read(&headers, edge.secure).unwrap_or_default();
    let (Some(found), Some(text)) = (follow(&edge, &secret)?, LinkText::parse(&secret)) else {
        return Ok(answer(&edge, &caller, (None, &secret), vec![]));
    };
    // In another window somebody has come by another link since: nobody chooses for others.
    if fields.get("link") != text.public() {
        return Ok(edge.onward(To::WelcomeForm, &[]).into_response());
    }
    let (lang, typed) = (found.row.lang, fields.get("passphrase"));
    match edge.hashing(move |app| app.come_by_link(&text, &typed)).await? {
        Ok(token) => {
            edge.half_way.forget_all_of(Id::from_uuid(found.id));
            edge.see_writes().await;
            let onward = match token {
                Some(token) => {
                    let onward = edge.onward(To::Log, &[]).saying(&Told::new("welcome.done"));
                    let onward = onward.cookie(Cookie::Session, token.as_str(), Keep::Session);
                    remembered(onward, edge.knows(&headers, &token).await)
                }
                None => edge.onward(To::SignIn, &[]).saying(&Told::new("welcome.then_second")),
            };
            let onward = onward.cookie(Cookie::Visit, "", Keep::Not);
            Ok(onward.cookie(Cookie::Welcome, "", Keep::Not).into_response())
        }
        Err(AccountError::Link) => Ok(answer(&edge, &caller, (None, &secret), vec![])),
        Err(error) => {
            let errors = vec![account_error(error, lang)?];
            Ok(answer(&edge, &caller, (Some(&found), &secret), errors))
        }
    }
}

/// What to do without a passphrase, in plain words, the same for everybody.
pub(in crate::http) async fn forgotten(
    State(edge): State<Edge>,
    Extension(caller): Asking,
) -> Response {
    page(&ForgottenPage { f: edge.frame(&caller, "forgotten.title") })
}
