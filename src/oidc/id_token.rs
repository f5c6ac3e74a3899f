//! What an ID token must say to be taken (OpenID Connect Core 1.0, 3.1.3.7), by our own clock.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::fault::TokenFault;
use super::settings::{KnownBy, Settings};

/// Two clocks may differ by so much.
pub(super) const LEEWAY: SignedDuration = SignedDuration::from_secs(60);
/// OpenID Connect Core allows so many signs in `sub`.
const SUBJECT_BYTES_MAX: usize = 255;
/// The longest name that is taken over.
const NAME_CHARS_MAX: usize = 120;
/// So many roles are looked at.
const ROLES_MAX: usize = 200;

/// What a token is compared with.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// The settings.
    pub settings: &'a Settings,
    /// The number that was sent along.
    pub nonce: &'a str,
    /// The person must have signed in since then.
    pub anew_since: Option<Timestamp>,
    /// Now.
    pub now: Timestamp,
}

/// Who somebody is, as the provider says. Mail addresses and national numbers are never read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identified {
    /// The provider.
    pub issuer: String,
    /// The name that never changes there.
    pub subject: String,
    /// The name to show; empty when it tells none.
    pub name: String,
    /// The roles there.
    pub roles: Vec<String>,
    /// What the session there is called, for when it ends.
    pub session: Option<String>,
}

/// Takes the claims of a token whose signature holds.
pub(super) fn identify(claims: &Value, expected: Expected<'_>) -> Result<Identified, TokenFault> {
    let Expected { settings, nonce, anew_since, now } = expected;
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    check_parties(claims, settings)?;
    check_times(claims, now)?;
    if text("nonce") != Some(nonce) {
        return Err(TokenFault::Nonce);
    }
    check_strength(claims, settings)?;
    if let Some(then) = anew_since {
        check_anew(claims, then)?;
    }
    if settings.acting_for.as_ref().is_some_and(|it| !it.holds(claims)) {
        return Err(TokenFault::ActingFor);
    }
    let name = text("name").or_else(|| text("preferred_username")).unwrap_or_default();
    let name = name.chars().filter(|it| !it.is_control()).take(NAME_CHARS_MAX);
    Ok(Identified {
        issuer: settings.issuer.clone(),
        subject: subject(claims, settings.known_by).ok_or(TokenFault::Subject)?,
        name: name.collect::<String>().trim().to_owned(),
        roles: roles(claims, &settings.roles_claim),
        session: part(claims, "sid").map(str::to_owned),
    })
}

/// It comes from the provider, and is for us.
pub(super) fn check_parties(claims: &Value, settings: &Settings) -> Result<(), TokenFault> {
    if claims.get("iss").and_then(Value::as_str) != Some(&settings.issuer) {
        return Err(TokenFault::Issuer);
    }
    is_for_us(claims, &settings.client).then_some(()).ok_or(TokenFault::Audience)
}

/// It holds now.
pub(super) fn check_times(claims: &Value, now: Timestamp) -> Result<(), TokenFault> {
    let time = |name: &str| time(claims.get(name)?);
    let is_late = |it: Timestamp| it.saturating_add(LEEWAY).is_ok_and(|it| it <= now);
    if time("exp").is_none_or(is_late) {
        return Err(TokenFault::Old);
    }
    let is_early = |it: Timestamp| it.saturating_sub(LEEWAY).is_ok_and(|it| now < it);
    let has_broken_start = claims.get("nbf").is_some() && time("nbf").is_none();
    if time("iat").is_none_or(is_early) || has_broken_start || time("nbf").is_some_and(is_early) {
        return Err(TokenFault::Early);
    }
    Ok(())
}

/// It was made on proof as strong as is demanded. A provider may give less than it was asked for.
fn check_strength(claims: &Value, settings: &Settings) -> Result<(), TokenFault> {
    let level = claims.get("acr").and_then(Value::as_str);
    let mut demanded = settings.acr.split_whitespace().peekable();
    if demanded.peek().is_some() && !demanded.any(|it| Some(it) == level) {
        return Err(TokenFault::Acr);
    }
    let context = settings.context.as_deref();
    let has = |wanted: &str| match claims.get("acrs") {
        Some(Value::Array(all)) => all.iter().any(|it| it.as_str() == Some(wanted)),
        _ => false,
    };
    if context.is_some_and(|it| !has(it)) {
        return Err(TokenFault::Acr);
    }
    Ok(())
}

/// The person has signed in since then. We asked by `max_age`, so it must say when (OpenID Connect
/// Core 1.0, 2): a provider that knows of no such thing proves nothing.
fn check_anew(claims: &Value, then: Timestamp) -> Result<(), TokenFault> {
    let signed_in = claims.get("auth_time").and_then(time).ok_or(TokenFault::NoTime)?;
    let is_before = signed_in.saturating_add(LEEWAY).is_ok_and(|it| it < then);
    if is_before { Err(TokenFault::NotAnew) } else { Ok(()) }
}

/// We are the whole audience, and the party that it was given to where it says one.
fn is_for_us(claims: &Value, client: &str) -> bool {
    let is_client = |it: &Value| it.as_str() == Some(client);
    let audience = match claims.get("aud") {
        Some(Value::Array(all)) => !all.is_empty() && all.iter().all(is_client),
        Some(one) => is_client(one),
        None => false,
    };
    audience && claims.get("azp").is_none_or(is_client)
}

/// Seconds since the first of 1970; some providers give parts of them.
pub(super) fn time(value: &Value) -> Option<Timestamp> {
    let seconds = value.as_f64()?.floor();
    // The range of a calendar, so that the cast keeps the number.
    (0.0..=253_402_300_799.0).contains(&seconds).then_some(())?;
    Timestamp::from_second(seconds as i64).ok()
}

/// What names somebody or something at the provider.
pub(super) fn part<'a>(claims: &'a Value, name: &str) -> Option<&'a str> {
    let text = claims.get(name)?.as_str()?;
    let fits =
        !text.is_empty() && text.len() <= SUBJECT_BYTES_MAX && !text.contains(char::is_control);
    fits.then_some(text)
}

/// Who it is about, in the form that people are known by here.
pub(super) fn subject(claims: &Value, known_by: KnownBy) -> Option<String> {
    let sub = part(claims, "sub")?;
    Some(match known_by {
        KnownBy::Subject => sub.to_owned(),
        KnownBy::TenantAndObject => {
            format!("tid:{} oid:{}", part(claims, "tid")?, part(claims, "oid")?)
        }
    })
}

/// The roles that a claim names: one, or a list. A name with dots may lead into the claims.
fn roles(claims: &Value, name: &str) -> Vec<String> {
    let inside = || name.split('.').try_fold(claims, |at, part| at.get(part));
    match claims.get(name).or_else(inside) {
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(all)) => {
            all.iter().take(ROLES_MAX).filter_map(|it| Some(it.as_str()?.to_owned())).collect()
        }
        _ => vec![],
    }
}
