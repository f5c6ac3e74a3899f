//! Our own key at the provider, which signs that it is us who exchange a code (RFC 7523).

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256, RSA_PSS_SHA256,
    RsaKeyPair,
};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use sha2::{Digest, Sha256};

use super::flow::random;

/// 128 bits of strength (NIST SP 800-57): the least that a key of ours has.
const RSA_BITS_MIN: usize = 3072;
/// An assertion holds no longer; Ansattporten takes at most 120 seconds.
const LASTS: SignedDuration = SignedDuration::from_secs(60);
/// The provider's clock may be so far behind ours.
const BEHIND: SignedDuration = SignedDuration::from_secs(10);

/// The key; never printed. Clones share it.
#[derive(Clone)]
pub struct ClientKey(Arc<Held>);

struct Held {
    pair: Pair,
    /// The SHA-256 of the certificate that lies beside the key, by which Entra ID finds it.
    certificate: Option<String>,
    print: [u8; 32],
}

enum Pair {
    Rsa(RsaKeyPair),
    Ec(EcdsaKeyPair),
}

/// What an assertion says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Assertion<'a> {
    /// Our name at the provider.
    pub(super) client: &'a str,
    /// Whom it is for.
    pub(super) audience: &'a str,
    /// What the key is called there; nothing where it has no name.
    pub(super) id: Option<&'a str>,
    /// How it is signed.
    pub(super) algorithm: &'static str,
    /// Now.
    pub(super) now: Timestamp,
}

impl ClientKey {
    /// Reads a key from PEM, and the certificate beside it if there is one.
    ///
    /// # Errors
    /// A sentence that says what is wrong and what to do; it never quotes the key.
    pub fn parse(pem: &str) -> Result<Self, String> {
        if pem.contains("ENCRYPTED") {
            return Err("the key is locked by a passphrase; take it off with openssl pkcs8 -in \
                        KEY and close the file instead"
                .to_owned());
        }
        let key = PrivateKeyDer::from_pem_slice(pem.as_bytes())
            .map_err(|_| "there is no private key as PEM in it".to_owned())?;
        let (pair, public) = pair(&key)?;
        let certificate = CertificateDer::from_pem_slice(pem.as_bytes()).ok();
        if certificate.as_ref().is_some_and(|it| !it.windows(public.len()).any(|it| it == public)) {
            return Err("the certificate beside the key belongs to another key".to_owned());
        }
        let certificate = certificate.map(|it| URL_SAFE_NO_PAD.encode(Sha256::digest(it)));
        let print = Sha256::digest(pem.as_bytes()).into();
        Ok(Self(Arc::new(Held { pair, certificate, print })))
    }

    /// How it signs for a provider that takes these algorithms; none where nothing fits. One that
    /// names none takes what is commonest.
    pub(super) fn algorithm(&self, taken: Option<&[String]>) -> Option<&'static str> {
        let ours: &[&'static str] = match self.0.pair {
            Pair::Rsa(_) => &["PS256", "RS256"],
            Pair::Ec(_) => &["ES256"],
        };
        match taken {
            None => ours.last().copied(),
            Some(taken) => ours.iter().copied().find(|it| taken.iter().any(|all| all == it)),
        }
    }

    /// Signs an assertion, which is good once and for a minute; none where signing fails.
    pub(super) fn sign(&self, assertion: Assertion<'_>) -> Option<String> {
        let Assertion { client, audience, id, algorithm, now } = assertion;
        let mut head = serde_json::json!({ "alg": algorithm, "typ": "JWT" });
        if let Some(id) = id {
            head["kid"] = id.into();
        }
        if let Some(print) = &self.0.certificate {
            head["x5t#S256"] = print.as_str().into();
        }
        let since = now.saturating_sub(BEHIND).ok()?.as_second();
        let claims = serde_json::json!({
            "iss": client,
            "sub": client,
            "aud": audience,
            "jti": random(),
            "iat": since,
            "nbf": since,
            "exp": now.saturating_add(LASTS).ok()?.as_second(),
        });
        let packed = |it: &serde_json::Value| URL_SAFE_NO_PAD.encode(it.to_string());
        let message = format!("{}.{}", packed(&head), packed(&claims));
        let signature = self.signature(algorithm, message.as_bytes())?;
        Some(format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    fn signature(&self, algorithm: &str, message: &[u8]) -> Option<Vec<u8>> {
        let random = SystemRandom::new();
        match &self.0.pair {
            Pair::Ec(pair) => Some(pair.sign(&random, message).ok()?.as_ref().to_vec()),
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                let padding: &dyn ring::signature::RsaEncoding =
                    if algorithm == "PS256" { &RSA_PSS_SHA256 } else { &RSA_PKCS1_SHA256 };
                pair.sign(padding, &random, message, &mut signature).ok()?;
                Some(signature)
            }
        }
    }
}

/// The pair, and its public half as it stands in a certificate.
fn pair(key: &PrivateKeyDer<'_>) -> Result<(Pair, Vec<u8>), String> {
    let rsa = match key {
        PrivateKeyDer::Pkcs1(it) => RsaKeyPair::from_der(it.secret_pkcs1_der()),
        PrivateKeyDer::Pkcs8(it) => {
            let random = SystemRandom::new();
            let der = it.secret_pkcs8_der();
            if let Ok(pair) =
                EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der, &random)
            {
                let public = pair.public_key().as_ref().to_vec();
                return Ok((Pair::Ec(pair), public));
            }
            RsaKeyPair::from_pkcs8(der)
        }
        _ => {
            return Err("the key is of an old form; openssl pkcs8 -topk8 -nocrypt -in KEY gives \
                        one that can be read"
                .to_owned());
        }
    };
    let rsa = rsa.map_err(|error| {
        format!(
            "the key is neither an EC key of P-256 nor an RSA key of 3072 or 4096 bits: {error}"
        )
    })?;
    let bits = rsa.public().modulus_len() * 8;
    if bits < RSA_BITS_MIN {
        return Err(format!(
            "an RSA key of {bits} bits is too weak; make one of at least {RSA_BITS_MIN}, or an EC \
             key of P-256"
        ));
    }
    let public = rsa.public().as_ref().to_vec();
    Ok((Pair::Rsa(rsa), public))
}

impl PartialEq for ClientKey {
    fn eq(&self, other: &Self) -> bool {
        self.0.print == other.0.print
    }
}

impl Eq for ClientKey {}

impl fmt::Debug for ClientKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientKey(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str) -> String {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/oidc");
        std::fs::read_to_string(format!("{folder}/{name}")).unwrap()
    }

    #[track_caller]
    fn check(pem: &str, fault: &str) {
        let said = ClientKey::parse(pem).unwrap_err();
        assert!(said.contains(fault), "{said}");
        let secret = pem.lines().nth(1).unwrap_or("-");
        assert!(!said.contains(secret), "{said}");
    }

    #[test]
    fn a_key_that_is_weak_of_another_kind_or_not_the_certificates_is_refused() {
        check(&file("rsa-2048.pem"), "2048 bits is too weak");
        check(&file("ec-384.pem"), "neither an EC key of P-256 nor an RSA key");
        check(&file("ec-certificate.pem"), "no private key");
        check("", "no private key");
        check("-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIGH\n", "locked by a passphrase");
        let old = file("ec.pem").replace("PRIVATE KEY", "EC PRIVATE KEY");
        check(&old, "of an old form");
        let certificate = file("ec-certificate.pem");
        check(&format!("{}{certificate}", file("rsa.pem")), "belongs to another key");
        assert!(ClientKey::parse(&format!("{}{certificate}", file("ec.pem"))).is_ok());
        let key = ClientKey::parse(&file("rsa.pem")).unwrap();
        assert_eq!(format!("{key:?}"), "ClientKey(***)");
    }

    #[test]
    fn it_signs_as_the_provider_takes_it_and_the_best_first() {
        let check = |name: &str, taken: Option<&[&str]>, expected: Option<&str>| {
            let key = ClientKey::parse(&file(name)).unwrap();
            let taken = taken.map(|it| it.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>());
            assert_eq!(key.algorithm(taken.as_deref()), expected, "{name} {taken:?}");
        };
        check("rsa.pem", Some(&["RS256", "ES256", "PS256"]), Some("PS256"));
        check("rsa.pem", Some(&["RS256", "ES256"]), Some("RS256"));
        check("rsa.pem", Some(&["ES256", "HS256"]), None);
        check("rsa.pem", None, Some("RS256"));
        check("ec.pem", Some(&["RS256", "ES256"]), Some("ES256"));
        check("ec.pem", Some(&["RS256", "PS256"]), None);
        check("ec.pem", None, Some("ES256"));
    }

    #[test]
    fn an_assertion_names_key_and_certificate_and_is_another_each_time() {
        let key = ClientKey::parse(&(file("ec.pem") + &file("ec-certificate.pem"))).unwrap();
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        let signed = || {
            let assertion = Assertion {
                client: "skranke",
                audience: "https://id.example",
                id: Some("key-1"),
                algorithm: "ES256",
                now,
            };
            let text = key.sign(assertion).unwrap();
            let part = |at: usize| {
                let bytes = URL_SAFE_NO_PAD.decode(text.split('.').nth(at).unwrap()).unwrap();
                serde_json::from_slice::<serde_json::Value>(&bytes).unwrap()
            };
            (part(0), part(1))
        };
        let (head, mut claims) = signed();
        // What `openssl x509 -outform der | openssl dgst -sha256` says of the certificate.
        let print = "taDR0SFS5oLvHAJ4BhwSQfI5Tj_q8NLGVwyyQC4ZX_s";
        let expected =
            serde_json::json!({ "alg": "ES256", "typ": "JWT", "kid": "key-1", "x5t#S256": print });
        assert_eq!(head, expected);
        assert_ne!(claims["jti"], signed().1["jti"]);
        claims.as_object_mut().unwrap().remove("jti");
        let (from, until) = (1_799_999_990, 1_800_000_060);
        let expected = serde_json::json!({
            "iss": "skranke", "sub": "skranke", "aud": "https://id.example",
            "iat": from, "nbf": from, "exp": until,
        });
        assert_eq!(claims, expected);
    }
}
