//! What the provider says when somebody has signed out there (OpenID Connect Back-Channel Logout
//! 1.0): what a logout token must say to be taken, and that each is taken once.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::fault::TokenFault;
use super::id_token::{self, LEEWAY};
use super::settings::Settings;

/// What the token's kind is called, so that no other token of the provider's can stand for one.
const KIND: &str = "logout+jwt";
/// The event that it tells of.
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// A token is taken for so long after it was made.
const LASTS: SignedDuration = SignedDuration::from_mins(5);
/// So many that were taken are remembered; the oldest gives way.
const HEARD_MAX: usize = 10_000;
/// The longest name of a token.
const NAME_BYTES_MAX: usize = 255;

/// Whose sessions have ended at the provider: one by its name there, or all of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedOut {
    /// The provider.
    pub issuer: String,
    /// The person's name there, if it is told in the form that people are known by here.
    pub subject: Option<String>,
    /// The session's name there.
    pub session: Option<String>,
}

/// The tokens that were taken, as long as they could be sent again.
#[derive(Debug, Default)]
pub(super) struct Heard(Mutex<BTreeMap<[u8; 32], Timestamp>>);

impl Heard {
    /// Takes note of a token by its name; whether it is the first time.
    fn is_new(&self, name: &str, now: Timestamp) -> bool {
        let mut heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_over = |at: Timestamp| LASTS + LEEWAY + LEEWAY < now.duration_since(at);
        if HEARD_MAX <= heard.len() {
            heard.retain(|_, at| !is_over(*at));
        }
        if HEARD_MAX <= heard.len() {
            let oldest = heard.iter().min_by_key(|it| it.1).map(|it| *it.0);
            oldest.and_then(|it| heard.remove(&it));
        }
        heard.insert(Sha256::digest(name.as_bytes()).into(), now).is_none_or(is_over)
    }
}

/// Takes the claims of a logout token whose signature holds; `kind` is what its head says it is.
pub(super) fn signed_out(
    (kind, claims): (Option<&str>, &Value),
    (settings, heard): (&Settings, &Heard),
    now: Timestamp,
) -> Result<SignedOut, TokenFault> {
    let kind = kind.map(str::to_ascii_lowercase);
    let kind = kind.as_deref().map(|it| it.strip_prefix("application/").unwrap_or(it));
    if kind != Some(KIND) {
        return Err(TokenFault::Kind);
    }
    id_token::check_parties(claims, settings)?;
    id_token::check_times(claims, now)?;
    let made = claims.get("iat").and_then(id_token::time).ok_or(TokenFault::Early)?;
    if LASTS + LEEWAY < now.duration_since(made) {
        return Err(TokenFault::Old);
    }
    let tells = claims.get("events").and_then(|it| it.get(EVENT)).is_some_and(Value::is_object);
    if !tells {
        return Err(TokenFault::Event);
    }
    if claims.get("nonce").is_some() {
        return Err(TokenFault::Nonce);
    }
    let session = id_token::part(claims, "sid").map(str::to_owned);
    let is_broken =
        |name: &str| claims.get(name).is_some() && id_token::part(claims, name).is_none();
    let subject = id_token::subject(claims, settings.known_by);
    if is_broken("sid") || is_broken("sub") || (subject.is_none() && session.is_none()) {
        return Err(TokenFault::Subject);
    }
    // Last of all: a token that is not taken must not use up the name of one that is.
    let name = claims.get("jti").and_then(Value::as_str);
    let name = name.filter(|it| (1..=NAME_BYTES_MAX).contains(&it.len()));
    if !heard.is_new(name.ok_or(TokenFault::Again)?, now) {
        return Err(TokenFault::Again);
    }
    Ok(SignedOut { issuer: settings.issuer.clone(), subject, session })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_remembered_as_long_as_it_could_be_sent_again_and_many_cost_the_limit() {
        let (heard, now) = (Heard::default(), Timestamp::UNIX_EPOCH);
        assert!(heard.is_new("a", now) && !heard.is_new("a", now + LASTS));
        assert!(heard.is_new("a", now + LASTS + LASTS + LASTS));
        for n in 0..=HEARD_MAX {
            let at = SignedDuration::from_nanos(i64::try_from(n).unwrap());
            heard.is_new(&n.to_string(), now + at);
        }
        assert_eq!(heard.0.lock().unwrap().len(), HEARD_MAX);
    }
}
