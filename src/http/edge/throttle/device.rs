//! What a browser keeps of having signed in: a proof for each account, good for a year, which lets
//! it try a passphrase while strangers at that account have to wait. It lets nobody in.
//!
//! The cookie holds one proof for each of the last accounts. Which they are cannot be read from
//! it: a proof is only recognised by whoever knows the account and the data folder's secret.

use std::io;

use crate::id::Id;
use crate::people::{BrowserKeys, DayNumber, Person};

/// What tells one browser from another.
pub(crate) type DeviceId = [u8; 16];

/// A browser keeps proofs of so many accounts: a desk is shared.
const PROOFS_MAX: usize = 8;
/// A proof is good for so many days.
const DAYS_MAX: DayNumber = 365;
const ID_DIGITS: usize = 32;
const DAY_DIGITS: usize = 8;
const TAG_DIGITS: usize = 32;
const PROOF_DIGITS: usize = ID_DIGITS + DAY_DIGITS + TAG_DIGITS;

/// A proof as the cookie holds it.
#[derive(Clone, Copy, Debug)]
struct Proof<'a> {
    text: &'a str,
    id: DeviceId,
    day: DayNumber,
}

impl<'a> Proof<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let is_plain = text.len() == PROOF_DIGITS && text.bytes().all(|it| it.is_ascii_hexdigit());
        let (id, rest) = text.split_at_checked(ID_DIGITS).filter(|_| is_plain)?;
        let id = u128::from_str_radix(id, 16).ok()?.to_be_bytes();
        let day = DayNumber::from_str_radix(rest.get(..DAY_DIGITS)?, 16).ok()?;
        Some(Self { text, id, day })
    }
}

fn proofs(cookie: &str) -> impl Iterator<Item = Proof<'_>> {
    cookie.split('.').take(PROOFS_MAX).filter_map(Proof::parse)
}

/// Finds the proof of having signed in to an account. May read a file.
pub(crate) fn find(
    (keys, today): (&BrowserKeys, DayNumber),
    cookie: &str,
    person: Id<Person>,
) -> io::Result<Option<DeviceId>> {
    for proof in proofs(cookie) {
        let holds = proof.day <= today && today - proof.day <= DAYS_MAX;
        if holds && made(keys, person, (proof.id, proof.day))? == *proof.text {
            return Ok(Some(proof.id));
        }
    }
    Ok(None)
}

/// The cookie with a proof of having signed in to an account today. May read a file.
pub(crate) fn with(
    (keys, today): (&BrowserKeys, DayNumber),
    cookie: &str,
    person: Id<Person>,
) -> io::Result<String> {
    let before = find((keys, today), cookie, person)?;
    let id = match before {
        Some(id) => id,
        None => {
            let mut id = DeviceId::default();
            getrandom::fill(&mut id).map_err(io::Error::other)?;
            id
        }
    };
    let mut all = vec![made(keys, person, (id, today))?];
    let others = proofs(cookie).filter(|it| Some(it.id) != before).map(|it| it.text.to_owned());
    all.extend(others.take(PROOFS_MAX - 1));
    Ok(all.join("."))
}

fn made(
    keys: &BrowserKeys,
    person: Id<Person>,
    (id, day): (DeviceId, DayNumber),
) -> io::Result<String> {
    let tag = keys.device_tag(person, id, day)?;
    let mut text = format!("{:032x}{day:08x}", u128::from_be_bytes(id));
    tag[..TAG_DIGITS / 2].iter().for_each(|byte| text += &format!("{byte:02x}"));
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(n: u8) -> Id<Person> {
        Id::derived(&[b"test", &[n]])
    }

    #[test]
    fn a_browser_is_known_for_a_year_to_the_accounts_that_signed_in_there() {
        let folder = tempfile::tempdir().unwrap();
        let keys = BrowserKeys::new(folder.path());
        let cookie = with((&keys, 100), "", person(1)).unwrap();
        let cookie = with((&keys, 100), &cookie, person(2)).unwrap();
        let known = |cookie: &str, n, today| find((&keys, today), cookie, person(n)).unwrap();
        assert!(known(&cookie, 1, 100).is_some() && known(&cookie, 2, 465).is_some());
        assert_eq!(known(&cookie, 3, 100), None);
        assert_eq!(known(&cookie, 2, 466), None, "a year is over");
        assert_eq!(known(&cookie, 2, 99), None, "it was not made yet");
        let renewed = with((&keys, 400), &cookie, person(1)).unwrap();
        assert_eq!(known(&renewed, 1, 700), known(&cookie, 1, 100), "it stays the same browser");
        assert_eq!(proofs(&renewed).count(), 2);
        let full = (3..30).fold(cookie, |it, n| with((&keys, 100), &it, person(n)).unwrap());
        assert_eq!(proofs(&full).count(), PROOFS_MAX);
        assert!(known(&full, 29, 100).is_some() && known(&full, 1, 100).is_none());
    }

    #[test]
    fn a_proof_cannot_be_made_up_or_changed() {
        let folder = tempfile::tempdir().unwrap();
        let keys = BrowserKeys::new(folder.path());
        let cookie = with((&keys, 100), "", person(1)).unwrap();
        for place in 0..cookie.len() {
            let mut changed = cookie.clone().into_bytes();
            changed[place] = if changed[place] == b'0' { b'1' } else { b'0' };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(find((&keys, 100), &changed, person(1)).unwrap(), None, "at {place}");
        }
        let other = tempfile::tempdir().unwrap();
        let other = BrowserKeys::new(other.path());
        assert_eq!(find((&other, 100), &cookie, person(1)).unwrap(), None);
        for odd in ["", ".", "å", &"0".repeat(PROOF_DIGITS), &"å".repeat(PROOF_DIGITS / 2)] {
            assert_eq!(find((&keys, 0), odd, person(1)).unwrap(), None);
        }
    }
}
