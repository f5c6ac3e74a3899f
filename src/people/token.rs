//! What a browser holds of its session.

use std::fmt;

use sha2::{Digest, Sha256};

/// What the browser holds: 256 random bits in hex. Only its hash is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

/// The SHA-256 of a token.
pub(super) type TokenHash = [u8; 32];

impl Token {
    /// Makes a new one.
    pub fn random() -> Self {
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
        Self(hex(&bytes))
    }

    /// Takes what a browser sent; anything of the right length may be tried.
    pub fn parse(text: &str) -> Option<Self> {
        (text.len() == 64 && text.bytes().all(|it| it.is_ascii_hexdigit()))
            .then(|| Self(text.to_owned()))
    }

    /// The text for the cookie.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A value bound to the session for one purpose, such as a form's hidden field.
    pub fn bound(&self, purpose: &str) -> String {
        let digest = Sha256::new().chain_update(purpose).chain_update(":").chain_update(&self.0);
        hex(&digest.finalize()[..16])
    }

    /// What the session is called in forms.
    pub fn handle(&self) -> String {
        handle(&self.hash())
    }

    pub(super) fn hash(&self) -> TokenHash {
        Sha256::digest(self.0.as_bytes()).into()
    }
}

/// The hash itself stands in the short-lived stream and nowhere else, so another one is shown.
pub(super) fn handle(hash: &TokenHash) -> String {
    hex(&Sha256::new().chain_update("handle:").chain_update(hash).finalize()[..8])
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(***)")
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn unhex(text: &str) -> Option<TokenHash> {
    let mut hash = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (byte, at) in hash.iter_mut().zip((0..64).step_by(2)) {
        *byte = u8::from_str_radix(&text[at..at + 2], 16).ok()?;
    }
    Some(hash)
}
