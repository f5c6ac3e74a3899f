//! Whole letters as people read them, and what no letter may ever hold.

use std::fs;

use proptest::prelude::*;

use super::eml::{self, MailError, Sender};
use super::*;
use crate::messages::Lang;
use crate::report::{Trend, Verdict};
use crate::week::Week;

/// The most bytes an HTML part may have; some mail programs cut what is longer.
const HTML_BYTES_MAX: usize = 30_000;

fn week(number: i64) -> Week {
    "2026-W01".parse::<Week>().unwrap().plus(number - 1)
}

fn gap(topic: &str, name: &str, count: u64) -> NewGap {
    NewGap {
        topic: topic.into(),
        name: name.into(),
        count,
        trend: Some(Trend::New),
        verdict: Verdict::Missing,
        nearest: None,
        link: format!("/gaps/{topic}"),
    }
}

fn gaps() -> Vec<NewGap> {
    let place = |title: &str, path: &str| {
        Some(Place {
            title: title.into(),
            url: format!("https://www.fjordvik.example/{path}"),
        })
    };
    vec![
        NewGap {
            trend: Some(Trend::Rising),
            nearest: place("Symjehallen", "symjehall"),
            ..gap("T12", "Når opnar symjehallen?", 27)
        },
        gap("T31", "Korleis melder eg flytting av bossdunk?", 14),
        NewGap {
            trend: None,
            verdict: Verdict::HardToFind,
            nearest: place("Betaling og faktura", "faktura"),
            ..gap("T8", "Kan eg betale kommunale avgifter kvar månad?", 9)
        },
    ]
}

fn empty() -> Facts {
    Facts {
        organization: "Fjordvik kommune".into(),
        base: "https://skranke.fjordvik.example".into(),
        week: week(43),
        inquiries: 574,
        inquiries_before: Some(588.25),
        answered: Some(Answered {
            percent: 70,
            percent_before: Some(68),
        }),
        open_gaps: 7,
        decide: Vec::new(),
        verified: Vec::new(),
        still_asked: Vec::new(),
        effect: None,
        rises: None,
        n_waiting: 0,
        logging_rate: None,
        n_masked: 0,
        is_new: false,
    }
}

fn busy() -> Facts {
    Facts {
        inquiries: 1_612,
        open_gaps: 9,
        decide: gaps(),
        verified: vec![Verified {
            name: "Frist for barnehageplass".into(),
            before: 31.2,
            after: 5.5,
            published: week(41),
            link: "/gaps/T3".into(),
        }],
        still_asked: vec![StillAsked {
            name: "Kvar søkjer eg om parkeringsløyve?".into(),
            count: 8,
            published: week(38),
            link: "/gaps/T5".into(),
        }],
        effect: Some(Effect {
            n_gaps: 12,
            n_weeks: 8,
            fewer: 140,
            range: Some((110, 171)),
            minutes_each: Some(6),
        }),
        rises: Some(Rise {
            name: "Influensavaksine".into(),
            from: 4.0,
            to: 19.0,
            link: "/topics/T40".into(),
        }),
        n_waiting: 2,
        logging_rate: Some(84),
        n_masked: 3,
        ..empty()
    }
}

fn first() -> Facts {
    Facts {
        inquiries: 1,
        inquiries_before: None,
        answered: None,
        open_gaps: 1,
        decide: vec![NewGap {
            trend: None,
            ..gap("T1", "Når opnar symjehallen?", 3)
        }],
        n_masked: 1,
        is_new: true,
        ..empty()
    }
}

/// The most that a letter may have to tell, with the longest names.
fn largest() -> Facts {
    let long = "Fylkeskommunale \"kollektivtransport\" & <skyss> ".repeat(20);
    let mut facts = busy();
    facts.organization = long.clone();
    let place = Some(Place {
        title: long.clone(),
        url: format!("https://x.example/{long}"),
    });
    facts.decide = vec![
        NewGap {
            nearest: place,
            ..gap("T1", &long, u64::MAX)
        };
        40
    ];
    facts.verified[0].name = long.clone();
    facts.verified = vec![facts.verified[0].clone(); 40];
    facts.still_asked[0].name = long;
    facts.still_asked = vec![facts.still_asked[0].clone(); 40];
    facts
}

fn reader(lang: Lang) -> Reader {
    Reader {
        id: ReaderId::parse("usr_kari").unwrap(),
        name: "Kari".into(),
        address: "kari@fjordvik.example".into(),
        lang,
        is_first: false,
        set_up_by: Some("Ola i kommunikasjon".into()),
        settings: "/me/digest".into(),
        stop: Some("https://skranke.fjordvik.example/stop/abc".into()),
    }
}

fn sender() -> Sender {
    Sender {
        name: "Skranke".into(),
        address: "skranke@fjordvik.example".into(),
        at: "2026-10-26T06:00:00Z".parse().unwrap(),
    }
}

fn mail(facts: &Facts, reader: &Reader) -> String {
    let bytes = eml::message(&compose(facts, reader), reader, &sender()).unwrap();
    String::from_utf8(bytes).expect("a mail is plain ASCII")
}

#[test]
fn the_letters_of_three_weeks_read_well_in_three_languages() {
    for lang in Lang::ALL {
        let newcomer = Reader {
            is_first: true,
            set_up_by: None,
            stop: None,
            ..reader(lang)
        };
        let letters = [
            ("busy", compose(&busy(), &reader(lang))),
            ("empty", compose(&empty(), &reader(lang))),
            ("first", compose(&first(), &newcomer)),
        ];
        for (name, letter) in letters {
            let whole = format!(
                "{}\n{}\n\n{}",
                letter.subject, letter.preheader, letter.text
            );
            insta::assert_snapshot!(format!("letter_{name}_{}", lang.code()), whole);
        }
    }
}

#[test]
fn the_html_part_of_a_busy_week_is_whole() {
    insta::assert_snapshot!("letter_html_nn", compose(&busy(), &reader(Lang::Nn)).html);
}

#[test]
fn every_letter_is_filled_in_and_says_its_language() {
    for lang in Lang::ALL {
        for facts in [busy(), empty(), first(), largest()] {
            let letter = compose(&facts, &reader(lang));
            let without_style = letter.html.split("</style>").nth(1).unwrap();
            for text in [
                &letter.subject,
                &letter.preheader,
                &letter.text,
                without_style,
            ] {
                assert!(!text.contains(['{', '}']), "{text}");
                assert!(
                    !text.contains("letter.") && !text.contains("report."),
                    "{text}"
                );
            }
            assert!(
                letter
                    .html
                    .contains(&format!("<html lang=\"{}\"", lang.code()))
            );
        }
    }
}

#[test]
fn the_html_part_keeps_to_thirty_kilobytes_and_loads_nothing() {
    for facts in [busy(), largest()] {
        let html = compose(&facts, &reader(Lang::Nn)).html;
        assert!(html.len() <= HTML_BYTES_MAX, "{} bytes", html.len());
        for word in [
            "<img",
            "<script",
            "src=",
            "url(",
            "<link",
            "@import",
            "background=",
        ] {
            assert!(!html.contains(word), "{word}");
        }
    }
}

#[test]
fn headings_come_in_order_and_tables_are_for_layout_only() {
    let html = compose(&busy(), &reader(Lang::Nb)).html;
    assert_eq!(html.matches("<h1").count(), 1);
    assert_eq!(html.matches("<h2").count(), 7);
    assert_eq!(html.matches("<h3").count(), 0);
    assert_eq!(
        html.matches("<table").count(),
        html.matches("role=\"presentation\"").count()
    );
}

#[test]
fn both_parts_tell_the_same() {
    let letter = compose(&busy(), &reader(Lang::Nn));
    let text = letter.text.split_whitespace().collect::<Vec<_>>().join(" ");
    for fact in [
        "Når opnar symjehallen?",
        "Spurt 27 gonger, aukar. Inga side svarer.",
        "Svaret står på nettsidene, men er vanskeleg å finne.",
        "https://www.fjordvik.example/symjehall",
        "31 spørsmål i veka før, 5,5 no. Publisert i veke 41.",
        "12 hol er retta: 140 færre spørsmål enn venta på 8 veker.",
        "Talet ligg truleg mellom 110 og 171. Det svarer til om lag 14 timar.",
        "https://skranke.fjordvik.example/gaps/T12",
        "https://skranke.fjordvik.example/stop/abc",
    ] {
        assert!(text.contains(fact), "{fact} is not in the text\n{text}");
        assert!(letter.html.contains(fact), "{fact} is not in the html");
    }
}

#[test]
fn a_letter_shows_five_gaps_and_counts_the_rest() {
    let letter = compose(&largest(), &reader(Lang::En));
    assert!(letter.text.contains("See 35 more"));
    assert!(
        letter
            .subject
            .starts_with("Week 43: 1,612 questions, 40 new gaps. Top: Fylkes")
    );
    assert!(!letter.text.contains("\n6. "));
}

#[test]
fn an_empty_week_says_that_there_is_nothing_to_decide() {
    assert!(empty().is_empty());
    assert!(!busy().is_empty());
    let letter = compose(&empty(), &reader(Lang::Nb));
    assert_eq!(letter.subject, "Uke 43: 574 spørsmål, ingenting å avgjøre");
    assert!(letter.html.contains("ingenting å avgjøre denne uken"));
}

#[track_caller]
fn check_effect(fewer: i64, range: Option<(i64, i64)>, expected: &str) {
    let effect = Effect {
        n_gaps: 1,
        n_weeks: 1,
        fewer,
        range,
        minutes_each: None,
    };
    let facts = Facts {
        effect: Some(effect),
        ..empty()
    };
    let text = compose(&facts, &reader(Lang::En)).text;
    assert!(text.contains(expected), "{text}");
}

#[test]
fn an_effect_is_told_honestly() {
    check_effect(
        9,
        None,
        "One gap mended: 9 fewer questions than expected in one week.",
    );
    check_effect(9, Some((-1, 20)), "One gap mended. No sure effect yet.");
    check_effect(0, None, "No sure effect yet.");
    check_effect(
        -9,
        Some((-20, -1)),
        "9 more questions than expected in one week. The",
    );
    check_effect(-9, Some((-20, -1)), "likely between 1 and 20.");
    check_effect(i64::MIN, None, "9,223,372,036,854,775,808 more questions");
}

#[test]
fn links_that_could_run_something_are_no_links() {
    let mut facts = busy();
    facts.decide[0].nearest.as_mut().unwrap().url = "javascript:alert(1)".into();
    facts.decide[0].link = "data:text/html,x".into();
    let letter = compose(&facts, &reader(Lang::Nn));
    assert!(!letter.html.contains("javascript:") && !letter.html.contains("data:"));
    assert!(!letter.text.contains("javascript:"));
}

#[test]
fn a_letter_is_keyed_by_reader_and_week() {
    let id = |facts: &Facts, reader: &Reader| compose(facts, reader).message_id;
    let kari = reader(Lang::Nn);
    let in_english = Reader {
        lang: Lang::En,
        name: "K".into(),
        ..kari.clone()
    };
    let ola = Reader {
        id: ReaderId::parse("usr_ola").unwrap(),
        ..kari.clone()
    };
    assert_eq!(id(&busy(), &kari), id(&empty(), &in_english));
    assert_ne!(id(&busy(), &kari), id(&busy(), &ola));
    let next = Facts {
        week: week(44),
        ..busy()
    };
    assert_ne!(id(&busy(), &kari), id(&next, &kari));
    assert!(id(&busy(), &kari).ends_with("@skranke.fjordvik.example"));
    assert!(!id(&busy(), &kari).contains("kari"));
}

#[test]
fn a_reader_id_cannot_leave_its_folder() {
    for text in ["", "../x", "a/b", "a b", "å", "a\n", &"x".repeat(65)] {
        assert!(ReaderId::parse(text).is_err(), "{text:?}");
    }
    assert!(ReaderId::parse(&"x".repeat(64)).is_ok());
}

/// The names and values of a mail's header, unfolded.
fn headers(mail: &str) -> Vec<(String, String)> {
    let (head, _) = mail.split_once("\r\n\r\n").unwrap();
    let head = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    assert!(
        !head.replace("\r\n", "").contains(['\r', '\n']),
        "a bare end of line in {head}"
    );
    let pair = |line: &str| {
        let (name, value) = line.split_once(": ").expect("a header has a name");
        (name.to_owned(), value.to_owned())
    };
    head.split("\r\n").map(pair).collect()
}

/// The headers that every letter has, and no others.
const HEADERS: [&str; 11] = [
    "Auto-Submitted",
    "Content-Language",
    "Content-Type",
    "Date",
    "From",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "MIME-Version",
    "Message-ID",
    "Subject",
    "To",
];

#[track_caller]
fn check_headers(mail: &str) {
    let headers = headers(mail);
    let mut names: Vec<&str> = headers.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, HEADERS);
    let value = |wanted: &str| {
        headers
            .iter()
            .find(|(name, _)| name == wanted)
            .map_or("", |(_, value)| value)
    };
    assert!(
        value("To").ends_with("kari@fjordvik.example>") || value("To") == "kari@fjordvik.example"
    );
    assert_eq!(value("To").matches('@').count(), 1, "{}", value("To"));
    assert_eq!(value("From").matches('@').count(), 1, "{}", value("From"));
}

#[test]
fn the_headers_are_those_of_a_letter() {
    let mail = mail(&busy(), &reader(Lang::Nn));
    check_headers(&mail);
    for line in [
        "Date: Mon, 26 Oct 2026 06:00:00 +0000\r\n",
        "List-Unsubscribe: <https://skranke.fjordvik.example/stop/abc>\r\n",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
        "Auto-Submitted: auto-generated\r\n",
    ] {
        assert!(mail.contains(line), "{line}");
    }
}

#[test]
fn one_click_needs_a_secure_address() {
    for stop in [
        None,
        Some("http://skranke.example/stop"),
        Some("https://"),
        Some("mailto:x@y"),
    ] {
        let reader = Reader {
            stop: stop.map(str::to_owned),
            ..reader(Lang::Nb)
        };
        assert!(
            !mail(&busy(), &reader).contains("List-Unsubscribe"),
            "{stop:?}"
        );
    }
}

#[test]
fn no_name_can_begin_a_header() {
    let ends = [
        "\r\n", "\n", "\r", "\r\n ", "\u{2028}", "\u{85}", "\0\r\n", "%0d%0a", "\n\n", "?=\r\n",
    ];
    let rests = [
        "Bcc: eva@evil.example",
        "To: eva@evil.example, x@evil.example",
        "Content-Type: text/html\r\n\r\n<script>",
        ".\r\nMAIL FROM:<eva@evil.example>",
        "=?utf-8?q?Bcc:_eva=40evil.example?=\", <eva@evil.example>",
    ];
    for name in ends
        .iter()
        .flat_map(|end| rests.map(|rest| format!("Kari{end}{rest}")))
    {
        let mut facts = busy();
        facts.decide[0].name.clone_from(&name);
        facts.organization.clone_from(&name);
        let reader = Reader {
            name: name.clone(),
            ..reader(Lang::Nn)
        };
        let from = Sender {
            name: name.clone(),
            ..sender()
        };
        let bytes = eml::message(&compose(&facts, &reader), &reader, &from).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let head = text.split("\r\n\r\n").next().unwrap().to_ascii_lowercase();
        assert!(!head.contains("\r\nbcc"), "{name:?}");
        assert!(!head.contains("\r\nmail from"), "{name:?}");
        let names: Vec<String> = headers(&text).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names.len(), HEADERS.len(), "{name:?}: {names:?}");
    }
}

#[test]
fn an_address_that_is_none_is_refused_without_being_told() {
    for address in [
        "",
        "kari",
        "a@b\r\nBcc: x@y",
        "a@b, c@d",
        "\"a b\"@c.no",
        "å@b.no",
        "a@b>",
    ] {
        let reader = Reader {
            address: address.into(),
            ..reader(Lang::Nn)
        };
        let error = eml::message(&compose(&busy(), &reader), &reader, &sender()).unwrap_err();
        assert!(matches!(error, MailError::Address { .. }), "{address}");
        assert_eq!(
            error.to_string(),
            "could not read the address of reader usr_kari"
        );
    }
    let from = Sender {
        address: "nobody".into(),
        ..sender()
    };
    let reader = reader(Lang::Nn);
    let error = eml::message(&compose(&busy(), &reader), &reader, &from).unwrap_err();
    assert!(matches!(error, MailError::Sender { .. }));
}

#[test]
fn the_same_letter_written_twice_is_the_same_file() {
    let folder = tempfile::tempdir().unwrap();
    let outbox = folder.path().join("outbox");
    let reader = reader(Lang::Nn);
    let mail = || mail(&busy(), &reader);
    let path = eml::write(&outbox, week(43), &reader.id, mail().as_bytes()).unwrap();
    let before = fs::read(&path).unwrap();
    assert_eq!(path.file_name().unwrap(), "2026-W43-usr_kari.eml");
    let again = eml::write(&outbox, week(43), &reader.id, mail().as_bytes()).unwrap();
    assert_eq!(again, path);
    assert_eq!(fs::read(&path).unwrap(), before);
    assert_eq!(
        fs::read_dir(&outbox).unwrap().count(),
        1,
        "no half file is left"
    );
}

#[test]
fn an_outbox_that_is_a_file_is_told() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let id = ReaderId::parse("x").unwrap();
    let error = eml::write(file.path(), week(1), &id, b"").unwrap_err();
    assert!(error.to_string().ends_with("2026-W01-x.eml"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_name_makes_a_sound_letter(name in any::<String>(), lang in 0..3_usize) {
        let mut facts = busy();
        facts.organization.clone_from(&name);
        facts.decide[0].name.clone_from(&name);
        facts.verified[0].name.clone_from(&name);
        let reader = Reader { name, ..reader(Lang::ALL[lang]) };
        let letter = compose(&facts, &reader);
        prop_assert!(!letter.subject.contains(char::is_control));
        prop_assert!(letter.html.len() <= HTML_BYTES_MAX);
        prop_assert_eq!(letter.html.matches("<a ").count(), letter.html.matches("</a>").count());
        check_headers(&mail(&facts, &reader));
    }
}
