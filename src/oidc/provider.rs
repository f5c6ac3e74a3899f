//! The provider that is set: asks it for its metadata and keys, sends people there, and exchanges
//! the code that they come back with.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use tokio::sync::Mutex;
use url::Url;

use super::discovery::Metadata;
use super::fault::{OidcFault, TokenFault};
use super::flow::Began;
use super::id_token::{Expected, Identified, identify};
use super::keys::{self, Keys};
use super::logout::{Heard, SignedOut, signed_out};
use super::settings::Settings;
use crate::net::{Body, Client, FormPost, Get, Guard, IpRange, Manner, NetError, Patience};

/// The largest answer that is read.
const BODY_BYTES_MAX: usize = 256 * 1024;
/// Whoever signs in waits no longer for each answer of the provider.
const PATIENCE: Patience = Patience {
    headers: Duration::from_secs(5),
    grace: Duration::from_secs(5),
    total: Duration::from_secs(8),
};
/// Metadata and keys are asked for anew after so long ...
const FRESH: SignedDuration = SignedDuration::from_hours(1);
/// ... and go on being used for so long while that fails.
const STALE_MAX: SignedDuration = SignedDuration::from_hours(24);
/// For a key that is not known, the keys are asked for at most so often.
const KEYS_PACE: SignedDuration = SignedDuration::from_mins(1);
/// A provider that does not answer is left alone for so long, so that nobody waits in a queue.
const REST: SignedDuration = SignedDuration::from_secs(5);
/// The longest code that is sent on.
const CODE_BYTES_MAX: usize = 4096;

/// The provider. Clones share what it has told.
#[derive(Clone)]
pub struct Provider {
    settings: Arc<Settings>,
    places: Places,
    client: Client,
    held: Arc<Mutex<Held>>,
    heard: Arc<Heard>,
}

/// The addresses of ours that the provider sends people to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// Where they come back to.
    pub back: Url,
    /// Where they land who have signed out of it.
    pub lands: Url,
}

#[derive(Debug, Default)]
struct Held {
    metadata: Option<(Metadata, Timestamp)>,
    keys: Option<(Keys, Timestamp)>,
    failed: Option<Timestamp>,
}

/// What somebody came back with.
#[derive(Clone, Copy, Debug, Default)]
pub struct Answered<'a> {
    /// The code.
    pub code: Option<&'a str>,
    /// What the provider says went wrong.
    pub error: Option<&'a str>,
    /// The provider's name for itself.
    pub issuer: Option<&'a str>,
}

#[derive(Deserialize)]
struct Tokens {
    id_token: String,
}

#[derive(Deserialize)]
struct Refusal {
    error: String,
}

impl Provider {
    /// Makes the provider of these settings.
    ///
    /// # Errors
    /// When no client can be made.
    pub fn new(settings: Settings, places: Places, manner: Manner) -> Result<Self, NetError> {
        // It decides who is an administrator, so it may as well lie on the inside.
        let guard = Guard::opening(&IpRange::INSIDE);
        let manner = Manner { patience: PATIENCE, ..manner };
        let contact = places.back.origin().ascii_serialization();
        let client = Client::with(guard, &contact, &manner)?;
        Ok(Self {
            settings: Arc::new(settings),
            places,
            client,
            held: Arc::default(),
            heard: Arc::default(),
        })
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The address that somebody is sent to, to sign in.
    pub async fn authorization(&self, began: &Began) -> Result<Url, OidcFault> {
        let mut address = self.metadata(began.at).await?.authorization;
        let settings = &self.settings;
        let mut query = address.query_pairs_mut();
        query
            .append_pair("response_type", "code")
            .append_pair("response_mode", "query")
            .append_pair("client_id", &settings.client)
            .append_pair("redirect_uri", self.places.back.as_str())
            .append_pair("scope", &settings.scopes)
            .append_pair("state", &began.state)
            .append_pair("nonce", &began.nonce)
            .append_pair("code_challenge", &began.challenge())
            .append_pair("code_challenge_method", "S256");
        if !settings.acr.is_empty() {
            query.append_pair("acr_values", &settings.acr);
        }
        if let Some(context) = &settings.context {
            let wanted = serde_json::json!({ "essential": true, "value": context });
            let claims = serde_json::json!({ "id_token": { "acrs": wanted } });
            query.append_pair("claims", &claims.to_string());
        }
        if let Some(acting_for) = &settings.acting_for {
            query.append_pair("authorization_details", &acting_for.asked);
        }
        if began.purpose.is_anew() {
            query.append_pair("prompt", "login").append_pair("max_age", "0");
        }
        drop(query);
        Ok(address)
    }

    /// Finds out who came back.
    pub async fn identify(
        &self,
        began: &Began,
        answered: Answered<'_>,
        now: Timestamp,
    ) -> Result<Identified, OidcFault> {
        let metadata = self.metadata(now).await?;
        // First of all: an answer of somebody else must not get our code (RFC 9207).
        let is_named = answered.issuer.is_some() || metadata.names_itself;
        if is_named && answered.issuer != Some(&self.settings.issuer) {
            return Err(OidcFault::MixedUp);
        }
        if let Some(error) = answered.error {
            return Err(OidcFault::Refused(code_of(error)));
        }
        let code = answered.code.filter(|it| it.len() <= CODE_BYTES_MAX);
        let code = code.ok_or_else(|| OidcFault::Refused("no_code".to_owned()))?;
        let token = self.exchange(&metadata, (began, code), now).await?;
        let claims = self.claims(&metadata, &token, now).await?;
        let anew_since = Some(began.at).filter(|_| began.purpose.is_anew());
        let expected = Expected { settings: &self.settings, nonce: &began.nonce, anew_since, now };
        Ok(identify(&claims, expected)?)
    }

    /// Where somebody signs out of the provider as well, if it lets itself be asked.
    pub async fn sign_out(&self, now: Timestamp) -> Option<Url> {
        let mut address = self.metadata(now).await.ok()?.end_session?;
        address
            .query_pairs_mut()
            .append_pair("client_id", &self.settings.client)
            .append_pair("post_logout_redirect_uri", self.places.lands.as_str());
        Some(address)
    }

    /// Whose sessions have ended there, as a logout token says that the provider has sent.
    pub async fn signed_out(&self, token: &str, now: Timestamp) -> Result<SignedOut, OidcFault> {
        let metadata = self.metadata(now).await?;
        let claims = self.claims(&metadata, token, now).await?;
        let kind = keys::kind(token);
        let known = (self.settings.as_ref(), self.heard.as_ref());
        Ok(signed_out((kind.as_deref(), &claims), known, now)?)
    }

    /// Exchanges the code for an ID token. What else comes with it is dropped.
    async fn exchange(
        &self,
        metadata: &Metadata,
        (began, code): (&Began, &str),
        now: Timestamp,
    ) -> Result<String, OidcFault> {
        let Settings { client, issuer, proof, .. } = self.settings.as_ref();
        let shown = proof.show((client, issuer), metadata, now)?;
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", self.places.back.as_str()),
            ("code_verifier", &began.verifier),
        ];
        fields.extend(shown.fields.iter().map(|(name, value)| (*name, value.as_str())));
        let post = FormPost {
            address: &metadata.token,
            headers: &shown.headers,
            fields: &fields,
            body_bytes_max: BODY_BYTES_MAX,
        };
        let (status, body) = self.client.post_form(post).await.map_err(OidcFault::Unreachable)?;
        match status {
            200 => serde_json::from_slice::<Tokens>(&body)
                .map(|it| it.id_token)
                .map_err(|error| OidcFault::Unusable { what: "tokens", why: error.to_string() }),
            400..500 => {
                let told = serde_json::from_slice::<Refusal>(&body).map(|it| code_of(&it.error));
                Err(OidcFault::Refused(told.unwrap_or_else(|_| format!("status {status}"))))
            }
            status => Err(OidcFault::Status { what: "the exchange of a code", status }),
        }
    }

    /// The claims of a token. For a key that is not known, the keys are asked for anew.
    async fn claims(
        &self,
        metadata: &Metadata,
        token: &str,
        now: Timestamp,
    ) -> Result<serde_json::Value, OidcFault> {
        let mut held = self.held.lock().await;
        let age = held.keys.as_ref().map(|it| now.duration_since(it.1));
        if age.is_none_or(|it| FRESH <= it)
            && let Err(fault) = self.renew_keys(&mut held, metadata, now).await
            && age.is_none_or(|it| STALE_MAX <= it)
        {
            return Err(fault);
        }
        let (keys, since) = held.keys.clone().unwrap_or_default();
        match keys.claims(token) {
            Err(TokenFault::Key) if KEYS_PACE <= now.duration_since(since) => {
                self.renew_keys(&mut held, metadata, now).await?;
                let (keys, _) = held.keys.clone().unwrap_or_default();
                Ok(keys.claims(token)?)
            }
            read => Ok(read?),
        }
    }

    async fn renew_keys(
        &self,
        held: &mut Held,
        metadata: &Metadata,
        now: Timestamp,
    ) -> Result<(), OidcFault> {
        let keys = Keys::parse(&self.fetch(&metadata.keys, "the key set").await?)?;
        held.keys = Some((keys, now));
        Ok(())
    }

    async fn metadata(&self, now: Timestamp) -> Result<Metadata, OidcFault> {
        let mut held = self.held.lock().await;
        let known = held.metadata.clone();
        let age = known.as_ref().map(|it| now.duration_since(it.1));
        if let Some((metadata, _)) = known.as_ref().filter(|_| age.is_some_and(|it| it < FRESH)) {
            return Ok(metadata.clone());
        }
        let is_resting = held.failed.is_some_and(|it| now.duration_since(it) < REST);
        let told = if is_resting { Err(OidcFault::Resting) } else { self.ask_metadata().await };
        match told {
            Ok(metadata) => {
                held.metadata = Some((metadata.clone(), now));
                held.failed = None;
                Ok(metadata)
            }
            Err(fault) => {
                if !is_resting {
                    held.failed = Some(now);
                }
                known.filter(|_| age.is_some_and(|it| it < STALE_MAX)).map(|it| it.0).ok_or(fault)
            }
        }
    }

    async fn ask_metadata(&self) -> Result<Metadata, OidcFault> {
        let issuer = &self.settings.issuer;
        let bytes = self.fetch(&Metadata::address(issuer)?, "the metadata").await?;
        Metadata::parse(issuer, &bytes)
    }

    /// Fetches JSON. No redirect is followed: what is trusted stands where it was said to.
    async fn fetch(&self, address: &Url, what: &'static str) -> Result<Vec<u8>, OidcFault> {
        let get = Get {
            address,
            pass: &|_| false,
            accept: &["application/json", "application/jwk-set+json"],
            body_bytes_max: BODY_BYTES_MAX,
            etag: None,
            last_modified: None,
        };
        let answer = self.client.get(get).await.map_err(OidcFault::Unreachable)?;
        match answer.body {
            Body::Read(bytes) => Ok(bytes),
            Body::Unread => Err(OidcFault::Status { what, status: answer.status }),
        }
    }
}

impl std::fmt::Debug for Provider {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Provider").field("settings", &self.settings).finish_non_exhaustive()
    }
}

/// An error's name, as the standards form them; anything else says no more than that.
fn code_of(error: &str) -> String {
    let fits = error.len() <= 60 && error.bytes().all(|it| it.is_ascii_lowercase() || it == b'_');
    if fits { error.to_owned() } else { "other".to_owned() }
}
