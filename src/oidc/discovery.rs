//! What the provider says of itself (OpenID Connect Discovery 1.0).

use serde::Deserialize;
use url::Url;

use super::fault::OidcFault;
use super::settings::is_safe;

/// Where it says so, below the issuer.
const WELL_KNOWN: &str = "/.well-known/openid-configuration";

/// The part of it that is needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metadata {
    /// Where people are sent.
    pub authorization: Url,
    /// Where codes are exchanged.
    pub token: Url,
    /// Where its keys are.
    pub keys: Url,
    /// Where people sign out, if that can be asked for.
    pub end_session: Option<Url>,
    /// Whether its answers name it (RFC 9207).
    pub names_itself: bool,
    /// How it wants to know us when codes are exchanged; none where it does not say.
    pub methods: Option<Vec<String>>,
    /// How what we sign for that may be signed; none where it does not say.
    pub algorithms: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Told {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    end_session_endpoint: Option<String>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
    code_challenge_methods_supported: Option<Vec<String>>,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    token_endpoint_auth_signing_alg_values_supported: Option<Vec<String>>,
}

impl Metadata {
    /// Where the metadata of an issuer is.
    pub(super) fn address(issuer: &str) -> Result<Url, OidcFault> {
        let text = format!("{}{WELL_KNOWN}", issuer.trim_end_matches('/'));
        Url::parse(&text).map_err(|error| unusable(&error.to_string()))
    }

    /// Reads it. An issuer other than the one that was set is refused, whatever it says.
    pub fn parse(issuer: &str, bytes: &[u8]) -> Result<Self, OidcFault> {
        let told: Told =
            serde_json::from_slice(bytes).map_err(|error| unusable(&error.to_string()))?;
        if told.issuer != issuer {
            return Err(unusable(&format!("it is of {:?}, not of {issuer:?}", told.issuer)));
        }
        // Entra ID has it and does not say so: only a list without it is a no.
        let methods = told.code_challenge_methods_supported.as_deref();
        if methods.is_some_and(|it| !it.iter().any(|it| it == "S256")) {
            return Err(unusable("it does not know PKCE with S256"));
        }
        Ok(Self {
            authorization: address(&told.authorization_endpoint)?,
            token: address(&told.token_endpoint)?,
            keys: address(&told.jwks_uri)?,
            end_session: told.end_session_endpoint.as_deref().map(address).transpose()?,
            names_itself: told.authorization_response_iss_parameter_supported,
            methods: told.token_endpoint_auth_methods_supported,
            algorithms: told.token_endpoint_auth_signing_alg_values_supported,
        })
    }
}

fn address(text: &str) -> Result<Url, OidcFault> {
    let address = Url::parse(text).map_err(|_| unusable(&format!("{text:?} is no address")))?;
    if !is_safe(&address) || address.fragment().is_some() {
        return Err(unusable(&format!("{address} is not reached by TLS")));
    }
    Ok(address)
}

fn unusable(why: &str) -> OidcFault {
    let why = why.chars().filter(|it| !it.is_control()).take(300).collect();
    OidcFault::Unusable { what: "metadata", why }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ISSUER: &str = "https://id.example";

    fn told(change: &[(&str, serde_json::Value)]) -> Result<Metadata, String> {
        let mut told = serde_json::json!({
            "issuer": ISSUER,
            "authorization_endpoint": "https://id.example/auth",
            "token_endpoint": "https://id.example/token",
            "jwks_uri": "https://id.example/keys",
        });
        for (name, value) in change {
            told[*name] = value.clone();
        }
        Metadata::parse(ISSUER, told.to_string().as_bytes()).map_err(|it| it.to_string())
    }

    #[test]
    fn the_least_is_enough() {
        let told = told(&[]).unwrap();
        assert_eq!((told.end_session, told.names_itself), (None, false));
    }

    #[test]
    fn what_cannot_be_trusted_is_refused() {
        for (name, value, why) in [
            ("issuer", "https://id.example/", "it is of"),
            ("issuer", "https://id.example/{tenantid}", "it is of"),
            ("token_endpoint", "http://id.example/token", "by TLS"),
            ("end_session_endpoint", "javascript:alert(1)", "by TLS"),
            ("jwks_uri", "file:///etc/passwd", "by TLS"),
            ("authorization_endpoint", "no address", "is no address"),
        ] {
            let fault = told(&[(name, value.into())]).unwrap_err();
            assert!(fault.contains(why), "{name} {value}: {fault}");
        }
        let plain = serde_json::json!(["plain"]);
        assert!(told(&[("code_challenge_methods_supported", plain)]).unwrap_err().contains("PKCE"));
        assert!(Metadata::parse(ISSUER, b"<html>").is_err());
    }

    #[test]
    fn it_stands_below_the_issuer() {
        for issuer in ["https://id.example/a", "https://id.example/a/"] {
            let address = Metadata::address(issuer).unwrap();
            assert_eq!(address.as_str(), "https://id.example/a/.well-known/openid-configuration");
        }
    }
}
