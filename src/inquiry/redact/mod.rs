//! Takes personal data out of a question before anything is stored.
//!
//! The order is the longest first: IBAN, 12 digits, 11 digits, 6 + 5 digits apart, birth dates,
//! references, sole traders, phone numbers, mail addresses, street addresses, properties, cases.
//! Rounds repeat until nothing is found, so that masking what is masked changes nothing. Plates
//! and names are no more than likely: they are pointed out and stay until a person decides.

mod address;
mod birth;
mod checksum;
mod keep;
mod kind;
mod mail;
mod names;
mod number;
mod phone;
mod plain;
mod register;

use std::collections::BTreeSet;

use regex::Regex;

pub use kind::{Handling, Kind, Kinds};
use plain::Plain;

/// What the organisation has published itself and is never masked.
#[derive(Clone, Debug, Default)]
pub struct Allowed {
    /// Phone and account numbers, digits only.
    pub numbers: BTreeSet<String>,
    /// Mail addresses.
    pub mails: BTreeSet<String>,
    /// Street addresses, as `normal_address` writes them.
    pub addresses: BTreeSet<String>,
    /// Names of people and places as the pages write them, in small letters.
    pub names: BTreeSet<String>,
}

impl Allowed {
    /// Adds what a text of the organisation's publishes. A fødselsnummer that stands on a page by
    /// mistake is none of it.
    pub fn add(&mut self, text: &str) {
        self.add_numbers(text);
        self.names.extend(names::proper(&Plain::new(text)));
    }

    /// Adds the numbers and addresses of a text, not its names.
    pub fn add_numbers(&mut self, text: &str) {
        let (plain, nothing) = (Plain::new(text), Self::default());
        let phones = phone::find(&plain, &nothing);
        let phones = phones.into_iter().map(|(_, at)| phone::national(&plain.digits(&at)));
        self.numbers.extend(phones);
        let accounts = number::eleven_digits(&plain, &nothing).into_iter();
        let accounts = accounts.filter(|(kind, _)| *kind == Kind::Account);
        self.numbers.extend(accounts.map(|(_, at)| plain.digits(&at)));
        let ibans = number::ibans(&plain, &nothing).into_iter();
        self.numbers.extend(ibans.map(|(_, at)| plain.digits(&at)));
        let mails = mail::find(&plain, &nothing).into_iter().map(|(_, at)| plain.text(at));
        self.mails.extend(mails.filter(|it| it.contains('@') && !it.contains(' ')));
        let addresses = address::find(&plain, &nothing).into_iter();
        self.addresses.extend(addresses.map(|(_, at)| normal_address(&plain.text(at))));
    }

    /// Adds what another text publishes.
    pub fn extend(&mut self, other: &Self) {
        self.numbers.extend(other.numbers.iter().cloned());
        self.mails.extend(other.mails.iter().cloned());
        self.addresses.extend(other.addresses.iter().cloned());
        self.names.extend(other.names.iter().cloned());
    }

    fn has_address(&self, text: &str) -> bool {
        !self.addresses.is_empty() && self.addresses.contains(&normal_address(text))
    }
}

/// An address without what people write in two ways: capitals, spaces and dots.
pub fn normal_address(text: &str) -> String {
    text.to_lowercase().chars().filter(|ch| ch.is_alphanumeric()).collect()
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
    /// What was masked, in the order of the text; never overlapping.
    pub found: Vec<Found>,
    /// What may be personal too and still stands in the text, in bytes of the original.
    pub hints: Vec<Found>,
}

/// Masks personal data in `text`, except what is `allowed`.
pub fn redact(text: &str, allowed: &Allowed) -> Redacted {
    redact_but(text, allowed, Kinds::NONE)
}

/// The same, where the person who typed it says that some kinds stay. Only kinds that are masked
/// *unless kept* can be kept; the others are masked whatever is said.
pub fn redact_but(text: &str, allowed: &Allowed, kept: Kinds) -> Redacted {
    let stays = |kind: &Kind| kept.contains(*kind) && kind.handling() == Handling::UnlessKept;
    let kept: Kinds = Kind::ALL.into_iter().filter(stays).collect();
    let mut plain = Plain::new(text);
    while round(&mut plain, allowed, kept) {}
    let hints = hints(&plain, allowed);
    let found = plain.into_found();
    Redacted { text: mask(text, &found), found, hints }
}

/// Puts the masks in place of what was found, which is in order and does not overlap.
pub fn mask(text: &str, found: &[Found]) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut kept = 0;
    for found in found {
        masked.push_str(&text[kept..found.start]);
        masked.push_str(found.kind.mask());
        kept = found.end;
    }
    masked.push_str(&text[kept..]);
    masked
}

/// Masks what is only likely as well: for a text that nobody will look at and correct.
pub fn hide(text: &str, allowed: &Allowed) -> String {
    let Redacted { found, hints, .. } = redact(text, allowed);
    mask(text, &in_order(found, hints))
}

/// Masks what is only likely, and nothing else: what was kept on purpose stays.
pub fn hide_likely(text: &str, allowed: &Allowed) -> String {
    let hints = redact_but(text, allowed, Kinds::ALL).hints;
    mask(text, &in_order(hints, vec![]))
}

/// An address without the parts that tell of a person. A number in a path names a page as a
/// rule; only what proves itself cuts it off.
pub fn clean_address(address: &str, allowed: &Allowed) -> String {
    let (path, rest) = address.split_at(address.find(['?', '#']).unwrap_or(address.len()));
    // A host may be four numbers and a port, and is nobody.
    let host = path.find("://").map_or(0, |it| it + 3);
    let begin = path[host..].find('/').map_or(path.len(), |it| host + it);
    let proves = |it: &&Found| matches!(it.kind, Kind::Iban | Kind::NationalNumber | Kind::Mail);
    if let Some(found) = redact(&path[begin..], allowed).found.iter().find(proves) {
        let end = path[..begin + found.start].rfind('/').map_or(begin, |it| it + 1);
        return path[..end].to_owned();
    }
    let is_personal = |text: &str| !redact(text, allowed).found.is_empty();
    let query = rest.trim_start_matches(['?', '#']);
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    let tells =
        is_personal(rest) || pairs.any(|(name, value)| is_personal(&format!("{name} {value}")));
    if tells { path.to_owned() } else { address.to_owned() }
}

/// What was found and what is pointed out, in the order of the text.
pub fn in_order(found: Vec<Found>, hints: Vec<Found>) -> Vec<Found> {
    let mut all = [found, hints].concat();
    all.sort_by_key(|it| it.start);
    all
}

/// Points out what is likely to be personal in what is left.
fn hints(plain: &Plain, allowed: &Allowed) -> Vec<Found> {
    let mut finds = register::plates(plain);
    finds.extend(names::find(plain, allowed));
    plain.located(finds)
}

/// Masks once with every finder; whether there was anything. Each mask is shorter than what it
/// covers by at least one digit or one sign, so rounds end.
fn round(plain: &mut Plain, allowed: &Allowed, kept: Kinds) -> bool {
    let finders: [fn(&Plain, &Allowed) -> Vec<number::Find>; 12] = [
        number::ibans,
        number::twelve_digits,
        number::eleven_digits,
        |plain, _| number::apart(plain),
        |plain, _| birth::find(plain),
        |plain, _| register::references(plain),
        |plain, _| register::sole_traders(plain),
        phone::find,
        mail::find,
        address::find,
        |plain, _| register::properties(plain),
        |plain, _| register::cases(plain),
    ];
    let mut any = false;
    for finder in finders {
        let mut finds = finder(plain, allowed);
        finds.retain(|(kind, _)| !kept.contains(*kind));
        any |= !finds.is_empty();
        plain.cover(finds);
    }
    any
}

/// Our patterns are constants; each is used by a test.
fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the pattern is valid")
}

#[cfg(test)]
mod tests;
