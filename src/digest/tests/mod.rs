//! Facts and readers to test with; the tests of letters and of mails stand in their own files.

mod letters;
mod mails;

use super::eml::{self, Outgoing, Sender};
use super::*;
use crate::gap::Verdict;
use crate::inquiry::Channel;
use crate::messages::Lang;
use crate::organisation::Names;
use crate::topic::Trend;
use crate::week::Week;

/// The most bytes an HTML part may have; some mail programs cut what is longer.
const HTML_BYTES_MAX: usize = 30_000;
/// The most lines that the text part of a typical letter has.
const LINES_MAX: usize = 82;

fn week(number: i64) -> Week {
    "2026-W01".parse::<Week>().unwrap().plus(number - 1)
}

fn by(channel: Channel, inquiries: u64, before: Option<f64>) -> ByChannel {
    ByChannel { channel, names: Names::default(), inquiries, before }
}

fn gap(topic: &str, name: &str, count: u64) -> OpenGap {
    OpenGap {
        topic: topic.into(),
        name: name.into(),
        count,
        is_new: true,
        trend: Some(Trend::New),
        verdict: Verdict::Missing,
        nearest: None,
        link: format!("/gaps/{topic}"),
    }
}

fn gaps() -> Vec<OpenGap> {
    let place = |title: &str, path: &str| {
        Some(Place { title: title.into(), url: format!("https://www.fjordvik.example/{path}") })
    };
    vec![
        OpenGap {
            trend: Some(Trend::Rising),
            nearest: place("Symjehallen", "symjehall"),
            ..gap("T12", "Når opnar symjehallen?", 27)
        },
        gap("T31", "Korleis melder eg flytting av bossdunk?", 14),
        OpenGap {
            is_new: false,
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
        period: Period::Week(week(43)),
        inquiries: 574,
        inquiries_before: Some(588.25),
        channels: vec![
            by(Channel::Phone, 410, Some(431.5)),
            by(Channel::Desk, 131, Some(120.75)),
            by(Channel::Email, 33, Some(36.0)),
        ],
        answered: Some(Answered { percent: 70, percent_before: Some(68) }),
        open_gaps: 7,
        decide: Vec::new(),
        verified: Vec::new(),
        still_asked: Vec::new(),
        taken: Vec::new(),
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
        channels: vec![by(Channel::Phone, 1_448, Some(431.5)), by(Channel::Social, 164, Some(0.5))],
        open_gaps: 9,
        decide: gaps(),
        verified: vec![
            Verified {
                name: "Frist for barnehageplass".into(),
                inquiries: 214,
                before: 31.2,
                after: Some(5.5),
                published: week(41),
                link: "/gaps/T3".into(),
            },
            Verified {
                name: "T7: brøyting, gangveg".into(),
                inquiries: 32,
                before: 8.0,
                after: None,
                published: week(43),
                link: "/gaps/T7".into(),
            },
        ],
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
        taken: taken(4),
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
        channels: vec![by(Channel::Phone, 1, None)],
        answered: None,
        open_gaps: 1,
        decide: vec![OpenGap { trend: None, ..gap("T1", "Når opnar symjehallen?", 3) }],
        n_masked: 1,
        is_new: true,
        ..empty()
    }
}

/// Few asked, one page was mended, and there is nothing to decide.
fn quiet() -> Facts {
    Facts {
        period: week(31).into(),
        inquiries: 212,
        inquiries_before: Some(240.5),
        channels: vec![by(Channel::Phone, 180, Some(200.0)), by(Channel::Desk, 32, Some(40.5))],
        answered: Some(Answered { percent: 74, percent_before: Some(71) }),
        open_gaps: 1,
        verified: vec![Verified {
            name: "Opningstider i symjehallen".into(),
            inquiries: 96,
            before: 12.0,
            after: Some(1.5),
            published: week(29),
            link: "/gaps/T12".into(),
        }],
        taken: taken(1),
        logging_rate: Some(91),
        ..empty()
    }
}

/// The week of Easter: next to nobody asked, and nobody mended anything.
fn holiday() -> Facts {
    Facts {
        period: week(14).into(),
        inquiries: 9,
        inquiries_before: Some(561.0),
        channels: vec![by(Channel::Phone, 7, Some(520.0)), by(Channel::Desk, 2, Some(41.0))],
        answered: None,
        decide: vec![OpenGap { is_new: false, ..gap("T51", "Tømming av boss i påska", 11) }],
        n_waiting: 1,
        ..empty()
    }
}

/// The week that not every year has.
fn last_of_a_long_year() -> Facts {
    Facts {
        period: week(53).into(),
        inquiries: 148,
        inquiries_before: Some(430.0),
        channels: vec![by(Channel::Phone, 148, Some(430.0))],
        answered: Some(Answered { percent: 58, percent_before: Some(66) }),
        rises: Some(Rise {
            name: "Fyrverkeri: kor er det lov?".into(),
            from: 2.5,
            to: 31.0,
            link: "/topics/T60".into(),
        }),
        ..empty()
    }
}

/// October, which has five weeks.
fn month() -> Facts {
    let year = busy();
    Facts {
        period: Period::Month(week(44)),
        inquiries: 6_431,
        inquiries_before: Some(5_980.0),
        channels: vec![
            by(Channel::Phone, 4_911, Some(4_700.0)),
            by(Channel::Desk, 1_520, Some(1_280.0)),
        ],
        rises: year.rises.clone().map(|it| Rise { from: 16.0, to: 74.0, ..it }),
        ..year
    }
}

fn taken(n: usize) -> Vec<Taken> {
    let names = ["Bossdunk: flytting", "Tilskot til lag", "SFO i haustferien", "Båtplass"];
    let taken = |name: &str| Taken { name: name.into(), link: "/gaps/T31".into() };
    names.into_iter().take(n).map(taken).collect()
}

/// The letters that people look at, by name: six weeks, one without calls, a month, and the
/// desk's editions.
fn typical(lang: Lang) -> Vec<(&'static str, Letter)> {
    let newcomer = Reader { is_first: true, why: Why::Account, stop: None, ..reader(lang) };
    let itself = Reader { name: String::new(), why: Why::NobodyYet, stop: None, ..reader(lang) };
    let monthly = Reader { is_first: true, why: Why::SignedUp, ..reader(lang) };
    let desk = Reader { edition: Edition::Desk, why: Why::SignedUp, ..reader(lang) };
    let new_desk = Reader { is_first: true, ..desk.clone() };
    vec![
        ("busy", compose(&busy(), &reader(lang))),
        ("quiet", compose(&quiet(), &reader(lang))),
        ("empty", compose(&empty(), &reader(lang))),
        ("first", compose(&first(), &newcomer)),
        ("holiday", compose(&holiday(), &reader(lang))),
        ("week_53", compose(&last_of_a_long_year(), &reader(lang))),
        ("silent", compose(&silent(), &itself)),
        ("month", compose(&month(), &monthly)),
        ("desk", compose(&busy(), &desk)),
        ("desk_quiet", compose(&quiet(), &desk)),
        ("desk_week_53", compose(&last_of_a_long_year(), &desk)),
        ("desk_first", compose(&first(), &new_desk)),
        ("desk_month", compose(&month(), &desk)),
    ]
}

/// The most that a letter may have to tell, with the longest names.
fn largest() -> Facts {
    let long = "Fylkeskommunale \"kollektivtransport\" & <skyss> ".repeat(20);
    let mut facts = busy();
    facts.organization = long.clone();
    let place = Some(Place { title: long.clone(), url: format!("https://x.example/{long}") });
    facts.decide = vec![OpenGap { nearest: place, ..gap("T1", &long, u64::MAX) }; 40];
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
        edition: Edition::Editors,
        why: Why::SetUpBy("Ola i kommunikasjon".into()),
        settings: "/me/digest".into(),
        stop: Some("https://skranke.fjordvik.example/stop/abc".into()),
    }
}

/// A week in which nobody logged anything, told to the organization itself.
fn silent() -> Facts {
    Facts {
        organization: String::new(),
        inquiries: 0,
        channels: Vec::new(),
        answered: None,
        open_gaps: 0,
        ..empty()
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
