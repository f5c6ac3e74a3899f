//! The provider's public keys (RFC 7517), and whether one of them made a signature.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;
use serde_json::Value;

use super::fault::{OidcFault, TokenFault};

/// So many keys are looked at.
const KEYS_MAX: usize = 100;
/// The longest token that is read.
const TOKEN_BYTES_MAX: usize = 32 * 1024;
/// What we take; above all not `none`, and nothing that is signed with a shared secret.
const ALGORITHMS: [Algorithm; 3] = [Algorithm::RS256, Algorithm::PS256, Algorithm::ES256];

/// All keys that can check a signature we take.
#[derive(Clone, Default)]
pub struct Keys(Vec<Key>);

#[derive(Clone)]
struct Key {
    id: Option<String>,
    /// The one algorithm that it says it is for.
    only: Option<String>,
    is_rsa: bool,
    key: DecodingKey,
}

#[derive(Deserialize)]
struct Told {
    keys: Vec<Value>,
}

#[derive(Deserialize)]
struct ToldKey {
    kty: String,
    kid: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    for_what: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

/// The head of a token, as far as it decides anything.
#[derive(Deserialize)]
struct Head {
    alg: String,
    typ: Option<String>,
    kid: Option<String>,
    crit: Option<Value>,
}

impl Keys {
    /// Reads a key set; keys of other kinds are passed over.
    pub fn parse(bytes: &[u8]) -> Result<Self, OidcFault> {
        let told: Told = serde_json::from_slice(bytes)
            .map_err(|error| OidcFault::Unusable { what: "key set", why: error.to_string() })?;
        let keys = told.keys.into_iter().take(KEYS_MAX);
        Ok(Self(keys.filter_map(|it| key(serde_json::from_value(it).ok()?)).collect()))
    }

    /// Checks the signature of a token and gives its claims, which say nothing before that.
    pub fn claims(&self, token: &str) -> Result<Value, TokenFault> {
        let head = head(token)?;
        let algorithm = ALGORITHMS
            .into_iter()
            .find(|it| format!("{it:?}") == head.alg)
            .ok_or(TokenFault::Algorithm)?;
        if head.crit.is_some() {
            return Err(TokenFault::Critical);
        }
        let key = self.find(&head, algorithm).ok_or(TokenFault::Key)?;
        let mut signature_only = Validation::new(algorithm);
        // The claims are looked at by our own clock, in `id_token.rs`.
        signature_only.validate_exp = false;
        signature_only.validate_aud = false;
        signature_only.required_spec_claims.clear();
        let read = jsonwebtoken::decode::<Value>(token, &key.key, &signature_only);
        read.map(|it| it.claims).map_err(|_| TokenFault::Signature)
    }

    /// The key that a token names; without a name, the only one that can be meant.
    fn find(&self, head: &Head, algorithm: Algorithm) -> Option<&Key> {
        let is_rsa = algorithm != Algorithm::ES256;
        let mut fitting = self.0.iter().filter(|it| {
            it.is_rsa == is_rsa
                && it.only.as_ref().is_none_or(|only| *only == head.alg)
                && head.kid.as_ref().is_none_or(|kid| it.id.as_ref() == Some(kid))
        });
        let first = fitting.next()?;
        fitting.next().is_none().then_some(first)
    }
}

/// What the head of a token says it is.
pub(super) fn kind(token: &str) -> Option<String> {
    head(token).ok()?.typ
}

fn head(token: &str) -> Result<Head, TokenFault> {
    if TOKEN_BYTES_MAX < token.len() || token.split('.').count() != 3 {
        return Err(TokenFault::Form);
    }
    let head = token.split('.').next().unwrap_or_default();
    let bytes = URL_SAFE_NO_PAD.decode(head).map_err(|_| TokenFault::Form)?;
    serde_json::from_slice(&bytes).map_err(|_| TokenFault::Form)
}

fn key(told: ToldKey) -> Option<Key> {
    if told.for_what.as_deref().is_some_and(|it| it != "sig") {
        return None;
    }
    let (is_rsa, key) = match told.kty.as_str() {
        "RSA" => (true, DecodingKey::from_rsa_components(&told.n?, &told.e?).ok()?),
        "EC" if told.crv.as_deref() == Some("P-256") => {
            (false, DecodingKey::from_ec_components(&told.x?, &told.y?).ok()?)
        }
        _ => return None,
    };
    Some(Key { id: told.kid, only: told.alg, is_rsa, key })
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keys({})", self.0.len())
    }
}
