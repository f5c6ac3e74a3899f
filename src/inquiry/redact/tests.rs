//! The masking on every vector, on odd texts and on what is published.

use proptest::prelude::*;

use super::*;

/// Texts and what comes of them; the browser's module is held to those of `both` as well.
const VECTORS: &str = include_str!("../../../tests/fixtures/personal_data/vectors.json");

/// Pieces that the finders look for, in any order.
const ODD: &str = concat!(
    r"([0-9]{1,6}[ .,:_\-/]?|\[telefon\]|fødd |f\. |gnr |bnr |KID |ENK |sak |tlf ",
    r"|Kari |Nordmann |heter |Storgata |EK|, Oslo|20[0-9]{2}/|NO|\+|½|@| at |kr|.){0,24}",
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
    for found in [&once.found, &once.hints] {
        assert!(found.windows(2).all(|pair| pair[0].end <= pair[1].start));
        assert!(found.iter().all(|it| it.start < it.end));
        assert!(found.iter().all(|it| text.get(it.start..it.end).is_some()));
    }
}

#[test]
fn every_vector_comes_out_as_it_says() {
    let vectors: std::collections::BTreeMap<String, Vec<(String, String)>> =
        serde_json::from_str(VECTORS).unwrap();
    let names: Vec<&str> = vectors.keys().map(String::as_str).collect();
    assert_eq!(names, ["both", "server"]);
    let mut wrong = vec![];
    for (text, expected) in vectors.values().flatten() {
        let once = redact(text, &Allowed::default());
        check_bounds(text, &once);
        if once.text != *expected {
            wrong.push(format!("{text:?}\n  gives {:?}\n  not   {expected:?}", once.text));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_mistyped_number_is_masked_all_the_same() {
    let right = "01818510159";
    for (place, old) in right.char_indices() {
        for new in ('0'..='9').filter(|&new| new != old) {
            let wrong = format!("{}{new}{}", &right[..place], &right[place + 1..]);
            let text = redact(&wrong, &Allowed::default()).text;
            assert!(["[11 siffer]", "[kontonummer]"].contains(&text.as_str()), "{wrong}");
        }
    }
}

#[test]
fn what_is_published_stays() {
    let numbers = ["68050000", "12345678903"].map(str::to_owned);
    let mails = ["post@example.org".to_owned()];
    let addresses = [normal_address("Storgata 1"), normal_address("5003 Bergen")];
    let allowed = Allowed {
        numbers: numbers.into(),
        mails: mails.into(),
        addresses: addresses.into(),
        ..Allowed::default()
    };
    let kept = "68 05 00 00, +47 68050000, 1234.56.78903, NO7112345678903, Post@example.org, \
                storgata  1, 5003 Bergen";
    assert_eq!(redact(kept, &allowed).text, kept);
    assert_eq!(redact("68 05 00 01", &allowed).text, "[telefon]");
    assert_eq!(redact("Storgata 2", &allowed).text, "[adresse]");
}

#[test]
fn a_page_tells_what_is_published() {
    let mut allowed = Allowed::default();
    allowed.add("Ring Kari Nordmann på +47 68 05 00 00 eller skriv til Post@example.org.");
    allowed.add("Rådhuset, Storgata 1, 5003 Bergen. Konto 1234.56.78903, fnr 01818510078");
    let text = "Kari Nordmann, 68050000, post@example.org, storgata 1, 12345678903";
    assert_eq!(redact(text, &allowed).text, text);
    assert_eq!(redact(text, &allowed).hints, []);
    assert_eq!(redact("01818510078", &allowed).text, "[fødselsnummer]");
}

#[test]
fn what_is_kept_stays_only_where_it_may() {
    let text = "konto 12345678903, 68050000, a@example.org, Storgata 5, gnr 4 bnr 7";
    let all: Kinds = Kind::ALL.into_iter().collect();
    let kept = redact_but(text, &Allowed::default(), all);
    assert_eq!(kept.text, text.replace("12345678903", "[kontonummer]"));
    let phone = redact_but(text, &Allowed::default(), Kinds::parse("phone"));
    let expected = "konto [kontonummer], 68050000, [e-post], [adresse], [gnr/bnr]";
    assert_eq!(phone.text, expected);
}

#[test]
fn what_was_found_is_told_in_bytes_of_the_original() {
    let text = "å ０１８１８５１００７８ ø";
    let found = redact(text, &Allowed::default()).found;
    assert_eq!(found, [Found { kind: Kind::NationalNumber, start: 3, end: 36 }]);
}

#[test]
fn plates_are_pointed_out_and_stay() {
    for (text, expected) in [
        ("bilen EK 12345 står i vegen", vec!["EK 12345"]),
        ("bil med skilt ek12345", vec!["ek12345"]),
        ("bilen ek 12345", vec!["ek 12345"]),
        ("tilhengar AB 1234", vec!["AB 1234"]),
        ("NS 3420 og EN 12345, TV 2000, IP 6500", vec![]),
        ("hausten i Bygg AS 2024, FN-12345-A", vec![]),
        ("er 12345 talet", vec![]),
    ] {
        let once = redact(text, &Allowed::default());
        let hints: Vec<&str> = once.hints.iter().map(|it| &text[it.start..it.end]).collect();
        assert_eq!((once.text.as_str(), hints), (text, expected));
    }
}

#[test]
fn names_are_pointed_out_and_stay() {
    for (text, expected) in [
        ("Kari Nordmann ringer om barnehageplass", vec!["Kari Nordmann"]),
        ("Når får Kari Nordmann plass?", vec!["Kari Nordmann"]),
        ("Kor er Christian Michelsens plass?", vec![]),
        ("Kan Per Olav Dahl få svar?", vec!["Per Olav Dahl"]),
        ("eg heiter Trulte, kor er kyrkja", vec!["Trulte"]),
        ("my name is Obiora Ezenwa and I", vec!["Obiora Ezenwa"]),
        ("søknad frå Kari van der Berg", vec!["Kari van der Berg"]),
        ("Wenche, Åsvegen 3, treng hjelp", vec!["Wenche"]),
        ("kari nordvik spør om hanske", vec!["kari nordvik"]),
        ("KARI NORDMANN", vec!["KARI NORDMANN"]),
        ("Takk! Mvh Ingrid", vec!["Ingrid"]),
        ("klage for Ozgur Yildirimoglu på vedtak", vec!["Ozgur Yildirimoglu"]),
        ("Hansen bakeri spør", vec![]),
        ("Norsk Folkehjelp har møte", vec![]),
        ("bussen til Øvre Eiker og Nordre Land", vec![]),
        ("bussen til Myrull Skardbu går ikkje", vec![]),
        ("Wenche, [adresse], treng hjelp", vec!["Wenche"]),
        ("Når opnar Sundvik Symjehall? Er Rådhuset ope?", vec![]),
        ("Mai er fin. Are you open? Per dag kostar det", vec![]),
        ("NAV Vest, SFO og PPT", vec![]),
        ("hans måte å vere på", vec![]),
        ("kor lenge er de opne på Jonsokberget", vec![]),
    ] {
        let once = redact(text, &Allowed::default());
        let names = once.hints.iter().filter(|it| it.kind == Kind::Name);
        let names: Vec<&str> = names.map(|it| &text[it.start..it.end]).collect();
        assert_eq!(names, expected, "{text}");
        let is_same = once.text == text || once.text.contains("[adresse]");
        assert!(is_same, "{}", once.text);
    }
    let allowed = Allowed { names: ["kari nordmann".to_owned()].into(), ..Allowed::default() };
    assert_eq!(redact("Er Kari Nordmann inne?", &allowed).hints, []);
}

#[test]
fn what_nobody_corrects_loses_its_hints_as_well() {
    let text = "the time cannot be read: Kari Nordmann, 68050000, EK 12345";
    let hidden = hide(text, &Allowed::default());
    assert_eq!(hidden, "the time cannot be read: [person], [telefon], [bilskilt]");
}

#[test]
fn an_address_loses_what_tells_of_a_person() {
    for (address, expected) in [
        ("https://a.no/side/12345678?id=3", "https://a.no/side/12345678?id=3"),
        ("https://a.no/artikkel/20260302101", "https://a.no/artikkel/20260302101"),
        ("https://a.no/min?fnr=01818510078", "https://a.no/min"),
        ("https://a.no/min?fnr=018185%2010078&x=1", "https://a.no/min"),
        ("https://a.no/min?til=kari%40example.org", "https://a.no/min"),
        ("https://a.no/min#tlf=68050000", "https://a.no/min"),
        ("https://a.no/person/01818510078/sak", "https://a.no/person/"),
        ("https://a.no/p/kari@example.org", "https://a.no/p/"),
        ("http://127.0.0.1:10050/kontakt", "http://127.0.0.1:10050/kontakt"),
    ] {
        assert_eq!(clean_address(address, &Allowed::default()), expected);
    }
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
    check("", "");
}

proptest! {
    #[test]
    fn anything_is_masked_once(text in ODD) {
        check_bounds(&text, &redact(&text, &Allowed::default()));
    }
}
