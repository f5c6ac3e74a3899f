//! Takes personal data out of a question before anything is stored.
//!
//! The order is that of the privacy plan: IBAN, 12 digits, 11 digits, 6 + 5 digits apart, birth
//! dates, phone numbers, mail addresses. Rounds repeat until nothing is found, so that masking
//! what is masked changes nothing.

mod birth;
mod checksum;
mod keep;
mod kind;
mod mail;
mod number;
mod phone;
mod plain;

use std::collections::BTreeSet;

use regex::Regex;

pub use kind::Kind;
use plain::Plain;

/// What the organisation has published itself and is never masked.
#[derive(Clone, Debug, Default)]
pub struct Allowed {
    /// Phone and account numbers, digits only.
    pub numbers: BTreeSet<String>,
    /// Mail addresses.
    pub mails: BTreeSet<String>,
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
    Redacted {
        text: masked,
        found,
    }
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Pieces that the finders look for, in any order.
    const ODD: &str = concat!(
        r"([0-9]{1,6}[ .\-/]?|\[telefon\]|fødd |f\. ",
        r"|NO|\+|½|@| at |kr|.){0,24}",
    );

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let once = redact(text, &Allowed::default());
        assert_eq!(once.text, expected, "{text:?}");
        check_bounds(text, &once);
    }

    #[track_caller]
    fn check_bounds(text: &str, once: &Redacted) {
        let twice = redact(&once.text, &Allowed::default());
        assert_eq!(twice.text, once.text, "masking again changes {text:?}");
        assert!(
            once.found
                .windows(2)
                .all(|pair| pair[0].end <= pair[1].start)
        );
        assert!(
            once.found
                .iter()
                .all(|it| text.get(it.start..it.end).is_some())
        );
    }

    #[track_caller]
    fn check_kept(text: &str) {
        check(text, text);
    }

    #[test]
    fn every_vector_of_the_plan_is_masked() {
        for digits in [
            "15859012342",
            "01818510078",
            "41817920150",
            "01666830063",
            "01417230110",
            "02813299960",
            "02813299979",
            "02813299987",
            "29829610041",
            "29820090185",
            "03819100704",
            "03819100208",
            "03819100216",
            "03819100224",
            "16822548834",
            "11812448848",
            "01818510159",
        ] {
            check(&format!("Eg er {digits}."), "Eg er [fødselsnummer].");
            check(&format!("fnr{digits},"), "fnr[fødselsnummer],");
            let apart = format!("nr {} {}", &digits[..6], &digits[6..]);
            check(&apart, "nr [fødselsnummer]");
        }
        check("konto 1234.56.78903", "konto [kontonummer]");
        check("konto 1234.56.78904", "konto [11 siffer]");
        check("til NO7112345678903.", "til [IBAN].");
        check("til NO71 1234 5678 903 takk", "til [IBAN] takk");
        check("til NO7212345678903", "til NO72[kontonummer]");
        check("DUF 209912345608", "DUF [12 siffer]");
        check("maskin 580012345678", "maskin [12 siffer]");
        check("DUF 2099 123456 08", "DUF [12 siffer]");
    }

    #[test]
    fn a_mistyped_number_is_masked_all_the_same() {
        let right = "01818510159";
        for (place, old) in right.char_indices() {
            for new in ('0'..='9').filter(|&new| new != old) {
                let wrong = format!("{}{new}{}", &right[..place], &right[place + 1..]);
                let text = redact(&wrong, &Allowed::default()).text;
                assert!(
                    ["[11 siffer]", "[kontonummer]"].contains(&text.as_str()),
                    "{wrong}"
                );
            }
        }
    }

    #[test]
    fn separators_hide_nothing() {
        for text in [
            "01 81 85 100 78",
            "018185-10078",
            "０１８１８５１００７８",
            "018185\u{200b}10078",
            "018185\u{a0}10078",
            "018185\u{2009}10078",
            "01.81.85 10078",
            "018185 – 10078",
            "01/81/85/10078",
            "0\u{ad}18185\u{feff}10078",
            "٠١٨١٨٥١٠٠٧٨",
            "018 185 100 78",
        ] {
            check(text, "[fødselsnummer]");
            check(&format!("a {text} b"), "a [fødselsnummer] b");
        }
        check("01818510078 68050000", "[fødselsnummer] [telefon]");
    }

    #[test]
    fn parts_of_a_number_apart_are_masked() {
        check(
            "Født 018185, personnr er 10078",
            "Født [fødselsnummer], personnr er [fødselsnummer]",
        );
        check_kept("rom 018185 og hylle (10078)");
    }

    #[test]
    fn birth_dates_are_masked_close_to_their_word() {
        check("fødd 15.05.1990", "fødd [fødselsdato]");
        check(
            "Født: 2. mars 2026 i Bergen",
            "Født: [fødselsdato] i Bergen",
        );
        check("f. 02.03.26", "f. [fødselsdato]");
        check("born May 15, 1990", "born [fødselsdato]");
        check(
            "born 15th of, 15 October 1990",
            "born 15th of, [fødselsdato]",
        );
        check("fødselsdato 150590", "fødselsdato [fødselsdato]");
        check("1990-05-15 (fødd)", "[fødselsdato] (fødd)");
        check_kept("møte 02.03.2026 om f.eks. plan");
        check_kept("fødd 45.13.1990");
    }

    #[test]
    fn phone_numbers_are_masked_in_every_form() {
        for form in [
            "68 05 00 00",
            "680 50 000",
            "68050000",
            "+47 68050000",
            "+4768050000",
            "0047 68 05 00 00",
            "004768050000",
            "(+47)68050000",
            "(+47) 68 05 00 00",
            "+46 70 123 45 67",
            "+4512345678",
            "68.05.00.00",
        ] {
            check(&format!("Ring {form}, takk"), "Ring [telefon], takk");
            check(&format!("eg er på {form}"), "eg er på [telefon]");
        }
        check("tlf 6805 0000", "tlf [telefon]");
        check(
            "åpent 08.00-15.30 68 05 00 00",
            "åpent 08.00-15.30 [telefon]",
        );
    }

    #[test]
    fn mail_addresses_are_masked_also_when_spelled() {
        for form in [
            "kari@example.org",
            "kari.n+x@post.example.org",
            "kari at example.org",
            "kari(at)example.org",
            "kari [at] example.org",
            "kari krøllalfa example.org",
            "kari krøllalfa example punktum org",
            "kari＠example.org",
            "kari68050000@example.org",
            "01818510078@example.org",
        ] {
            check(&format!("skriv til: {form}."), "skriv til: [e-post].");
        }
        check_kept("eg ser at example.org er nede");
        check_kept("@kommune på nettet");
    }

    #[test]
    fn look_alikes_stay() {
        for text in [
            "110, 112 og 113",
            "ring 116 117",
            "110 112 113 117",
            "nummer 02000",
            "02000 116 117",
            "12 000 000 kr",
            "kr 12.345.678",
            "100 000 - 200 000 kroner",
            "12 000 000,50 kr",
            "12 345 678 901 kr",
            "40 000 000 mill",
            "2026",
            "2025-2026",
            "2025/2026 og 2026–27",
            "08.00-15.30",
            "08:00–15:30",
            "kl. 09.00-11.00",
            "02.03.2026",
            "2.3.2026 kl. 10.00",
            "2026-03-02",
            "20260302",
            "310000000",
            "310 000 000 MVA",
            "2026/1187",
            "2026/118734-12",
            "sak 2026/1187-12",
            "5003 Bergen",
            "måndag 08.00-15.30 09.00-11.00",
            "",
        ] {
            check_kept(text);
        }
    }

    #[test]
    fn what_is_published_stays() {
        let numbers = ["68050000", "12345678903"].map(str::to_owned);
        let mails = ["post@example.org".to_owned()];
        let allowed = Allowed {
            numbers: numbers.into(),
            mails: mails.into(),
        };
        let kept = "68 05 00 00, +47 68050000, 1234.56.78903, NO7112345678903, Post@example.org";
        assert_eq!(redact(kept, &allowed).text, kept);
        assert_eq!(redact("68 05 00 01", &allowed).text, "[telefon]");
    }

    #[test]
    fn what_was_found_is_told_in_bytes_of_the_original() {
        let text = "å ０１８１８５１００７８ ø";
        let found = redact(text, &Allowed::default()).found;
        assert_eq!(
            found,
            [Found {
                kind: Kind::NationalNumber,
                start: 3,
                end: 36
            }]
        );
    }

    #[test]
    fn odd_input_is_masked_once() {
        for text in [
            "[fødselsnummer] 018185 10078",
            "[11 siffer]12345678",
            "½½½½68050000½",
            "@@@@",
            "+",
            "[[telefon]68050000]",
            "NO",
            "no 1",
            "68050000@@kari@example.org@x.no",
            "\u{fffc}@a.no",
            "68 05 00 00 68 05 00 00 68 05 00 00",
            "+47+47 68050000",
            "00000000000000000000000",
            "01818510078\u{200b}\u{200b}",
            "f. f. 150590 10078 personnr",
            "(+47(68050000",
            "¼a@b.no",
        ] {
            check_bounds(text, &redact(text, &Allowed::default()));
        }
    }

    proptest! {
        #[test]
        fn anything_is_masked_once(text in ODD) {
            check_bounds(&text, &redact(&text, &Allowed::default()));
        }
    }
}
