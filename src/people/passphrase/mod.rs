//! Passphrases: refused when they are easily guessed, kept as Argon2id hashes (RFC 9106).

mod breached;
mod guessed;

use std::fmt;

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};

use crate::messages::Lang;

pub use breached::{Breached, BreachedError};

/// A passphrase that is not easily guessed; never shown, logged or kept.
pub struct Passphrase(String);

/// Why a passphrase cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PassphraseError {
    /// It is too short or too long.
    Length,
    /// Little is left of it without the words that everybody chooses.
    Common,
    /// Little is left of it without the names of the person, the organisation and the product.
    Own,
    /// It repeats itself, counts on, or follows the keys of a keyboard.
    Pattern,
    /// It stands in the list of stolen ones.
    Breached,
}

impl PassphraseError {
    /// The key of its words in the catalogues.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Length => "people.wrong_passphrase",
            Self::Common => "people.passphrase_common",
            Self::Own => "people.passphrase_own",
            Self::Pattern => "people.passphrase_pattern",
            Self::Breached => "people.passphrase_breached",
        }
    }
}

/// The command line says what the screens say.
impl fmt::Display for PassphraseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Lang::En.text(self.key()))
    }
}

impl std::error::Error for PassphraseError {}

/// What costs as much as a hash of [`Passphrase::hash`], and nobody knows a passphrase for.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c2tyYW5rZS1ub2JvZHk\
    $AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

impl Passphrase {
    /// The shortest passphrase.
    pub const CHARS_MIN: usize = 12;
    /// The longest passphrase.
    pub const CHARS_MAX: usize = 200;

    /// Checks a passphrase as typed: every sign counts, and none must be there. `names` are those
    /// of whom and what it opens, which are tried first.
    ///
    /// # Errors
    /// When it is too short, too long, or easily guessed.
    pub fn parse(text: &str, names: &[&str]) -> Result<Self, PassphraseError> {
        let count = text.chars().count();
        if !(Self::CHARS_MIN..=Self::CHARS_MAX).contains(&count) {
            return Err(PassphraseError::Length);
        }
        guessed::check(text, names)?;
        Ok(Self(text.to_owned()))
    }

    /// Hashes it with a random salt; takes tens of milliseconds and 19 MiB.
    pub fn hash(&self) -> String {
        Argon2::default()
            .hash_password(self.0.as_bytes())
            .expect("the default parameters fit and the system gives random bytes")
            .to_string()
    }

    /// Hashes anew what was found to be the passphrase behind a hash, where that was made by
    /// other means than hashes are made by now. Rules that came later are no matter here: whoever
    /// has a passphrase comes in with it.
    pub fn renewed(typed: &str, hash: &str) -> Option<String> {
        is_outdated(hash).then(|| Self(typed.to_owned()).hash())
    }

    /// Whether `typed` is the passphrase behind `hash`. Costs the same when there is no such
    /// person: pass no hash, and a hash of nothing is tried.
    pub fn matches(typed: &str, hash: Option<&str>) -> bool {
        // What is too long is hashed in part, so that length costs nothing, and never fits.
        let short: String = typed.chars().take(Self::CHARS_MAX).collect();
        let stored = argon2::password_hash::phc::PasswordHash::new(hash.unwrap_or(NOBODY));
        let fits = stored.is_ok_and(|stored| {
            Argon2::default().verify_password(short.as_bytes(), &stored).is_ok()
        });
        hash.is_some() && fits && short.len() == typed.len()
    }
}

/// Whether a hash was made by another algorithm or other parameters than hashes are made by now.
fn is_outdated(hash: &str) -> bool {
    let Ok(stored) = argon2::password_hash::phc::PasswordHash::new(hash) else { return false };
    let Ok(made) = Params::try_from(&stored) else { return true };
    let now = Params::default();
    let costs = |it: &Params| (it.m_cost(), it.t_cost(), it.p_cost());
    let kind = Algorithm::try_from(stored.algorithm.as_str());
    let is_same_kind = kind.is_ok_and(|it| it == Algorithm::Argon2id)
        && stored.version == Some(Version::V0x13 as u32);
    !is_same_kind || costs(&made) != costs(&now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_of_other_means_is_made_anew_and_a_new_one_is_left_alone() {
        let words = "korleis er veret";
        let by = |algorithm, version, (m, t, p)| {
            let params = Params::new(m, t, p, None).unwrap();
            let hasher = Argon2::new(algorithm, version, params);
            hasher.hash_password(words.as_bytes()).unwrap().to_string()
        };
        let now = (Params::DEFAULT_M_COST, Params::DEFAULT_T_COST, Params::DEFAULT_P_COST);
        for (algorithm, version, costs, is_old) in [
            (Algorithm::Argon2id, Version::V0x13, now, false),
            (Algorithm::Argon2id, Version::V0x13, (8_192, now.1, now.2), true),
            (Algorithm::Argon2id, Version::V0x13, (now.0, 1, now.2), true),
            (Algorithm::Argon2i, Version::V0x13, now, true),
            (Algorithm::Argon2id, Version::V0x10, now, true),
        ] {
            let hash = by(algorithm, version, costs);
            assert!(Passphrase::matches(words, Some(&hash)), "{hash}");
            let renewed = Passphrase::renewed(words, &hash);
            assert_eq!(renewed.is_some(), is_old, "{hash}");
            if let Some(renewed) = renewed {
                assert!(Passphrase::matches(words, Some(&renewed)), "{renewed}");
                assert_eq!(Passphrase::renewed(words, &renewed), None);
            }
        }
        assert_eq!(Passphrase::renewed(words, "nothing"), None);
    }

    #[test]
    fn only_the_right_passphrase_matches() {
        let hash = Passphrase::parse("korleis er veret", &[]).unwrap().hash();
        assert!(Passphrase::matches("korleis er veret", Some(&hash)));
        for wrong in ["korleis er vêret", "korleis er veret ", "Korleis er veret", ""] {
            assert!(!Passphrase::matches(wrong, Some(&hash)), "{wrong}");
        }
        assert!(!Passphrase::matches("korleis er veret", None));
    }

    /// Else the time would tell which names there are.
    #[test]
    fn a_name_that_is_not_there_costs_what_a_hash_of_today_costs() {
        let hash = Passphrase::parse("korleis er veret", &[]).unwrap().hash();
        let cost = |hash: &str| {
            let read = argon2::password_hash::phc::PasswordHash::new(hash).unwrap();
            let bytes = read.hash.map(|it| it.as_bytes().len());
            (read.algorithm.to_string(), read.version, read.params.to_string(), bytes)
        };
        assert_eq!(cost(NOBODY), cost(&hash));
        assert_eq!(cost(&hash).2, "m=19456,t=2,p=1");
    }

    #[test]
    fn length_is_checked_at_both_ends_and_every_sign_counts() {
        let words = (0..100).map(|n| format!("katt {} ", n * 7_919)).collect::<String>();
        let long: String = words.chars().take(Passphrase::CHARS_MAX).collect();
        let parsed = Passphrase::parse(&long, &[]);
        let hash = parsed.map(|it| it.hash()).unwrap();
        assert!(!Passphrase::matches(&format!("{long}n"), Some(&hash)));
        let refused = |text: &str| Passphrase::parse(text, &[]).err();
        assert_eq!(refused(&format!("{long}n")), Some(PassphraseError::Length));
        assert_eq!(refused("kuå på bett"), Some(PassphraseError::Length));
        assert_eq!(refused("kua på beite"), None);
    }
}
