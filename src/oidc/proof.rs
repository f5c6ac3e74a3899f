//! How we show the provider that it is us who exchange a code: by a secret, or by a key.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;

use super::client_key::{Assertion, ClientKey};
use super::discovery::Metadata;
use super::fault::OidcFault;

/// The kind of assertion that we send (RFC 7523, 2.2).
const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The secret that we show the provider; never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct ClientSecret(String);

impl ClientSecret {
    /// Takes a secret.
    pub fn new(secret: &str) -> Self {
        Self(secret.to_owned())
    }
}

impl fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientSecret(***)")
    }
}

/// Whom an assertion is addressed to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Audience {
    /// The issuer, as Ansattporten wants it.
    #[default]
    Issuer,
    /// The place where codes are exchanged, as Entra ID wants it.
    Token,
}

/// What we show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// A secret that both know.
    Secret(ClientSecret),
    /// What we sign with a key whose public half the provider has.
    Key {
        /// The key.
        key: ClientKey,
        /// What it is called at the provider; nothing where it has no name.
        id: Option<String>,
        /// Whom what we sign is addressed to.
        audience: Audience,
    },
}

/// What is sent along with a code.
#[derive(Debug, Default)]
pub(super) struct Shown {
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) fields: Vec<(&'static str, String)>,
}

impl Proof {
    /// What a provider with this metadata is shown.
    pub(super) fn show(
        &self,
        (client, issuer): (&str, &str),
        metadata: &Metadata,
        now: Timestamp,
    ) -> Result<Shown, OidcFault> {
        // Without a list the first is meant (OpenID Connect Discovery, 3); Entra ID has one.
        let methods = metadata.methods.as_deref();
        let takes = |name: &str| methods.is_some_and(|all| all.iter().any(|it| it == name));
        match self {
            Self::Secret(secret) if methods.is_none() || takes("client_secret_basic") => {
                Ok(basic(client, secret))
            }
            Self::Secret(secret) if takes("client_secret_post") => Ok(Shown {
                fields: vec![("client_id", client.to_owned()), ("client_secret", secret.0.clone())],
                ..Shown::default()
            }),
            Self::Secret(_) => Err(unfit("it takes no secret; set SKRANKE_OIDC_KEY_FILE")),
            Self::Key { .. } if methods.is_some() && !takes("private_key_jwt") => {
                Err(unfit("it takes no key; set SKRANKE_OIDC_SECRET"))
            }
            Self::Key { key, id, audience } => {
                let algorithm = key.algorithm(metadata.algorithms.as_deref());
                let algorithm =
                    algorithm.ok_or_else(|| unfit("it takes no signature by our kind of key"))?;
                let audience = match audience {
                    Audience::Issuer => issuer,
                    Audience::Token => metadata.token.as_str(),
                };
                let id = id.as_deref();
                let signed = key.sign(Assertion { client, audience, id, algorithm, now });
                let signed = signed.ok_or_else(|| unfit("our key does not sign for it"))?;
                Ok(Shown {
                    fields: vec![
                        ("client_id", client.to_owned()),
                        ("client_assertion_type", ASSERTION.to_owned()),
                        ("client_assertion", signed),
                    ],
                    ..Shown::default()
                })
            }
        }
    }
}

/// RFC 6749, 2.3.1: both are quoted before they are joined.
fn basic(client: &str, secret: &ClientSecret) -> Shown {
    let quoted =
        |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let joined = STANDARD.encode(format!("{}:{}", quoted(client), quoted(&secret.0)));
    Shown { headers: vec![("authorization", format!("Basic {joined}"))], ..Shown::default() }
}

fn unfit(why: &str) -> OidcFault {
    OidcFault::Unusable { what: "way to know us", why: why.to_owned() }
}
