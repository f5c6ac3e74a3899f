//! Passphrases: checked by length, kept as Argon2id hashes (RFC 9106).

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

/// A passphrase that is long enough; never shown, logged or kept.
pub struct Passphrase(String);

/// Why a passphrase cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a passphrase has {} to {} characters", Passphrase::CHARS_MIN, Passphrase::CHARS_MAX)]
pub struct PassphraseError;

impl Passphrase {
    /// The shortest passphrase.
    pub const CHARS_MIN: usize = 12;
    /// The longest passphrase.
    pub const CHARS_MAX: usize = 200;

    /// Checks a passphrase as typed.
    pub fn parse(text: &str) -> Result<Self, PassphraseError> {
        let count = text.chars().count();
        (Self::CHARS_MIN..=Self::CHARS_MAX)
            .contains(&count)
            .then(|| Self(text.to_owned()))
            .ok_or(PassphraseError)
    }

    /// Hashes it with a random salt; takes tens of milliseconds and 19 MiB.
    pub fn hash(&self) -> String {
        Argon2::default()
            .hash_password(self.0.as_bytes())
            .expect("the default parameters fit and the system gives random bytes")
            .to_string()
    }

    /// Whether `typed` is the passphrase behind `hash`. Costs the same when there is no such
    /// person: pass no hash, and a hash of nothing is tried.
    pub fn matches(typed: &str, hash: Option<&str>) -> bool {
        // Made once by `hash`; nobody knows a passphrase for it.
        const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c2tyYW5rZS1ub2JvZHk\
            $AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        let short: String = typed.chars().take(Self::CHARS_MAX).collect();
        let stored = argon2::password_hash::phc::PasswordHash::new(hash.unwrap_or(NOBODY));
        let fits = stored.is_ok_and(|stored| {
            Argon2::default().verify_password(short.as_bytes(), &stored).is_ok()
        });
        hash.is_some() && fits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_passphrase_matches() {
        let hash = Passphrase::parse("korleis er veret").unwrap().hash();
        assert!(Passphrase::matches("korleis er veret", Some(&hash)));
        assert!(!Passphrase::matches("korleis er vêret", Some(&hash)));
        assert!(!Passphrase::matches("korleis er veret", None));
    }

    #[test]
    fn length_is_checked_at_both_ends() {
        assert!(Passphrase::parse(&"a".repeat(Passphrase::CHARS_MIN - 1)).is_err());
        assert!(Passphrase::parse(&"a".repeat(Passphrase::CHARS_MIN)).is_ok());
        assert!(Passphrase::parse(&"a".repeat(Passphrase::CHARS_MAX + 1)).is_err());
    }
}
