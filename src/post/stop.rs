//! The link in a letter that answers for its reader without signing in: stop, or yes.
//!
//! It holds the reader's id and a MAC over it and what it is for, under a key of the reader's own
//! (HMAC, RFC 2104). It opens nothing else, so it does not run out: a letter of last year must
//! still be a way out (RFC 8058).

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::reader::{ReaderRow, Subscriber};
use crate::id::Id;

/// What a link does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkFor {
    /// It ends the letters.
    Stop,
    /// It says that the reader wants them.
    Agree,
}

/// So many bytes of the MAC stand in the link.
const MAC_BYTES: usize = 16;

/// The end of the address; none for a reader of the first form, who has no key.
pub fn link_text(reader: Id<Subscriber>, row: &ReaderRow, what: LinkFor) -> Option<String> {
    let mac = mac(reader, row, what)?.finalize().into_bytes();
    let hex: String = mac.iter().take(MAC_BYTES).map(|byte| format!("{byte:02x}")).collect();
    Some(format!("{reader}.{hex}"))
}

/// Whose link a text could be; [`is_link_of`] tells whether it is.
pub fn reader_of(text: &str) -> Option<Id<Subscriber>> {
    text.split_once('.')?.0.parse().ok()
}

/// Whether a text is the reader's link for this; takes as long whatever differs.
pub fn is_link_of(text: &str, (reader, row): (Id<Subscriber>, &ReaderRow), what: LinkFor) -> bool {
    let Some((_, hex)) = text.split_once('.') else { return false };
    let bytes: Option<Vec<u8>> = (0..MAC_BYTES)
        .map(|at| hex.get(2 * at..2 * at + 2).and_then(|it| u8::from_str_radix(it, 16).ok()))
        .collect();
    let Some(bytes) = bytes.filter(|_| hex.len() == 2 * MAC_BYTES) else { return false };
    mac(reader, row, what).is_some_and(|it| it.verify_truncated_left(&bytes).is_ok())
}

fn mac(reader: Id<Subscriber>, row: &ReaderRow, what: LinkFor) -> Option<Hmac<Sha256>> {
    if row.key.is_empty() {
        return None;
    }
    let mut mac = Hmac::<Sha256>::new_from_slice(row.key.as_bytes()).ok()?;
    mac.update(match what {
        LinkFor::Stop => b"stop ",
        LinkFor::Agree => b"agree",
    });
    mac.update(reader.uuid().as_bytes());
    Some(mac)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::messages::Lang;
    use crate::post::{ReaderEvent, Wishes};
    use crate::rows::{Head, Row};

    fn row(key: &str) -> ReaderRow {
        let event = ReaderEvent::Added {
            name: "Kari".to_owned(),
            mail: "kari@example.org".to_owned(),
            lang: Lang::Nn,
            by: None,
            wishes: Wishes::default(),
            person: None,
            asks: false,
            chat: None,
            key: key.to_owned(),
        };
        let head = Head { seq: 1, at: jiff::Timestamp::UNIX_EPOCH };
        ReaderRow::fold(None, event, head).unwrap()
    }

    #[test]
    fn a_link_is_one_readers_and_does_one_thing() {
        let (kari, ola) = (Id::derived(&[b"kari"]), Id::derived(&[b"ola"]));
        let (hers, his) = (row("a"), row("b"));
        let stop = link_text(kari, &hers, LinkFor::Stop).unwrap();
        assert_eq!(reader_of(&stop), Some(kari));
        assert!(is_link_of(&stop, (kari, &hers), LinkFor::Stop));
        assert!(!is_link_of(&stop, (kari, &hers), LinkFor::Agree));
        let other = stop.replace(&kari.to_string(), &ola.to_string());
        assert!(!is_link_of(&other, (ola, &his), LinkFor::Stop));
        for cut in 0..stop.len() {
            assert!(!is_link_of(&stop[..cut], (kari, &hers), LinkFor::Stop), "{cut}");
        }
        assert!(!is_link_of(&format!("{stop}0"), (kari, &hers), LinkFor::Stop));
        for text in ["", ".", "rdr_x.y", "æ.ø", &format!("{kari}.ææææææææææææææææ")]
        {
            assert!(!is_link_of(text, (kari, &hers), LinkFor::Stop), "{text}");
        }
    }

    #[test]
    fn without_a_key_there_is_no_link() {
        let kari = Id::derived(&[b"kari"]);
        assert_eq!(link_text(kari, &row(""), LinkFor::Stop), None);
        assert!(!is_link_of(
            &format!("{kari}.{}", "0".repeat(32)),
            (kari, &row("")),
            LinkFor::Stop
        ));
    }
}
