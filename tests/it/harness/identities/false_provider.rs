//! A provider of identities that a test lets say whatever it likes.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};

/// A key that tokens are signed with.
pub(crate) struct Key {
    private: Vec<u8>,
    /// The public half, as it stands in a key set.
    pub(crate) public: Value,
}

impl Key {
    /// Makes one, under a name.
    pub(crate) fn new(name: &str) -> Self {
        let random = SystemRandom::new();
        let private = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random);
        let private = private.expect("a key").as_ref().to_vec();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &private, &random);
        let point = pair.expect("it was just made").public_key().as_ref().to_vec();
        let part = |from: usize| URL_SAFE_NO_PAD.encode(&point[from..from + 32]);
        let public = json!({
            "kty": "EC", "crv": "P-256", "use": "sig", "kid": name, "x": part(1), "y": part(33),
        });
        Self { private, public }
    }

    /// Signs claims under a header.
    pub(crate) fn sign(&self, header: &Value, claims: &Value) -> String {
        let message = format!("{}.{}", packed(header), packed(claims));
        let key = EncodingKey::from_ec_der(&self.private);
        let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &key, Algorithm::ES256);
        format!("{message}.{}", signature.expect("signed"))
    }
}

/// A part of a token.
pub(crate) fn packed(part: &Value) -> String {
    URL_SAFE_NO_PAD.encode(part.to_string())
}

/// The same claims, signed with a secret that is no secret: the public key.
pub(crate) fn signed_with_public(key: &Key, claims: &Value) -> String {
    let header = Header {
        kid: key.public["kid"].as_str().map(str::to_owned),
        ..Header::new(Algorithm::HS256)
    };
    let secret = EncodingKey::from_secret(key.public.to_string().as_bytes());
    jsonwebtoken::encode(&header, claims, &secret).expect("signed")
}

/// What the provider says.
#[derive(Clone)]
pub(crate) struct Says {
    pub(crate) metadata: Value,
    pub(crate) keys: Value,
    /// The status and the body of an exchange.
    pub(crate) token: (u16, String),
}

/// The provider; it ends with the process.
pub(crate) struct FalseProvider {
    pub(crate) issuer: String,
    says: Arc<Mutex<Says>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl FalseProvider {
    /// Starts it; until it is told otherwise, it is an honest one with these keys.
    pub(crate) fn start(keys: &[&Key]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let issuer = format!("http://{}", listener.local_addr().expect("it is bound"));
        let metadata = json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{issuer}/authorize"),
            "token_endpoint": format!("{issuer}/token"),
            "jwks_uri": format!("{issuer}/keys"),
            "authorization_response_iss_parameter_supported": true,
        });
        let says = Says { metadata, keys: key_set(keys), token: (400, "{}".to_owned()) };
        let provider = Self { issuer, says: Arc::new(Mutex::new(says)), asked: Arc::default() };
        let (says, asked) = (Arc::clone(&provider.says), Arc::clone(&provider.asked));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                serve(&stream, &says, &asked);
            }
        });
        provider
    }

    /// Lets it say something else from now on.
    pub(crate) fn change(&self, change: impl FnOnce(&mut Says)) {
        change(&mut self.says.lock().expect("no test panics with it"));
    }

    /// What was asked since the last time: each path, with the body of a form.
    pub(crate) fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().expect("no test panics with it"))
    }
}

/// A key set.
pub(crate) fn key_set(keys: &[&Key]) -> Value {
    json!({ "keys": keys.iter().map(|it| it.public.clone()).collect::<Vec<_>>() })
}

/// Serves one request. The other end may hang up whenever it likes.
fn serve(mut stream: &TcpStream, says: &Mutex<Says>, asked: &Mutex<Vec<String>>) {
    let mut head = String::new();
    let mut reader = BufReader::new(stream);
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).unwrap_or(0) == 0 {
            return;
        }
    }
    let length = head.lines().find_map(|it| it.strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    if reader.read_exact(&mut body).is_err() {
        return;
    }
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    let body = String::from_utf8_lossy(&body).into_owned();
    asked.lock().expect("no test panics with it").push(format!("{path} {body}"));
    let says = says.lock().expect("no test panics with it").clone();
    let (status, body) = match path.as_str() {
        "/.well-known/openid-configuration" => (200, says.metadata.to_string()),
        "/keys" => (200, says.keys.to_string()),
        "/token" => says.token,
        _ => (404, String::new()),
    };
    let length = body.len();
    let answer = format!(
        "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\
         Connection: close\r\n\r\n{body}"
    );
    drop(stream.write_all(answer.as_bytes()));
}
