//! Takes personal data out of a question before anything is stored.
//!
//! The order is that of the privacy plan: IBAN, 12 digits, 11 digits, 6 + 5 digits apart, birth
//! dates, phone numbers, mail addresses. Rounds repeat until nothing is found, so that masking
//! what is masked changes nothing.

mod birth;
mod checksum;
mod keep;
mod mail;
mod number;
mod phone;
mod plain;

use std::collections::BTreeSet;

use regex::Regex;

use plain::Plain;

/// What the organisation has published itself and is never masked.
#[derive(Clone, Debug, Default)]
pub struct Allowed {
    /// Phone and account numbers, digits only.
    pub numbers: BTreeSet<String>,
    /// Mail addresses.
    pub mails: BTreeSet<String>,
}

/// What was found. The label is a hint; the mask does not depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A Norwegian IBAN.
    Iban,
    /// Twelve digits with the control digits of a DUF number.
    Duf,
    /// Any other twelve digits.
    Digits12,
    /// Fødselsnummer, D-nummer, H-nummer, felles hjelpenummer or a synthetic one.
    NationalNumber,
    /// Kontonummer.
    Account,
    /// Any other eleven digits: a mistyped number is still somebody's.
    Digits11,
    /// A date close to a word about being born.
    BirthDate,
    /// A phone number.
    Phone,
    /// A mail address.
    Mail,
}

/// One masked passage, in bytes of the original text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// What it was.
    pub kind: Kind,
    /// Its first byte.
    pub start: usize,
    /// The byte after its last.
    pub end: usize,
}

/// The text with masks, and what they hide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redacted {
    /// The text that may be stored.
    pub text: String,
    /// In the order of the text; never overlapping.
    pub found: Vec<Found>,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::Iban,
        Self::Duf,
        Self::Digits12,
        Self::NationalNumber,
        Self::Account,
        Self::Digits11,
        Self::BirthDate,
        Self::Phone,
        Self::Mail,
    ];

    /// What stands in the text instead.
    pub const fn mask(self) -> &'static str {
        match self {
            Self::Iban => "[IBAN]",
            Self::Duf | Self::Digits12 => "[12 siffer]",
            Self::NationalNumber => "[fødselsnummer]",
            Self::Account => "[kontonummer]",
            Self::Digits11 => "[11 siffer]",
            Self::BirthDate => "[fødselsdato]",
            Self::Phone => "[telefon]",
            Self::Mail => "[e-post]",
        }
    }
}

/// Masks personal data in `text`, except what is `allowed`.
pub fn redact(text: &str, allowed: &Allowed) -> Redacted {
    let mut plain = Plain::new(text);
    while round(&mut plain, allowed) {}
    let found = plain.into_found();
    let mut masked = String::with_capacity(text.len());
    let mut kept = 0;
    for found in &found {
        masked.push_str(&text[kept..found.start]);
        masked.push_str(found.kind.mask());
        kept = found.end;
    }
    masked.push_str(&text[kept..]);
    Redacted { text: masked, found }
}

/// Masks once with every finder; whether there was anything. Each mask is shorter than what it
/// covers by at least one digit or one sign, so rounds end.
fn round(plain: &mut Plain, allowed: &Allowed) -> bool {
    let finders: [fn(&Plain, &Allowed) -> Vec<number::Find>; 7] = [
        number::ibans,
        number::twelve_digits,
        number::eleven_digits,
        |plain, _| number::apart(plain),
        |plain, _| birth::find(plain),
        phone::find,
        mail::find,
    ];
    let mut any = false;
    for finder in finders {
        let finds = finder(plain, allowed);
        any |= !finds.is_empty();
        plain.cover(finds);
    }
    any
}

/// Our patterns are constants; each is used by a test.
fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the pattern is valid")
}
