//! Names made to break headers, in five hundred mails that another parser reads back.

use mail_parser::{Address, MessageParser};
use skranke::digest::eml::{self, Sender};
use skranke::digest::{
    Edition, Facts, OpenGap, Period, Place, Reader, ReaderId, Rise, StillAsked, Taken, Verified,
    Why, compose,
};
use skranke::gap::Verdict;
use skranke::messages::Lang;
use skranke::topic::Trend;
use skranke::week::Week;

const MAILS: u64 = 500;
/// The longest line of a mail (RFC 5322, 2.1.1).
const LINE_BYTES_MAX: usize = 998;

/// The headers of every letter, and no others.
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

/// Pieces that have broken headers somewhere, among harmless ones.
const PIECES: &[&str] = &[
    "\r",
    "\n",
    "\r\n",
    "\r\nBcc: eva@evil.example",
    "\nTo: eva@evil.example",
    "\r\n\r\n<h1>",
    "\r\n.\r\n",
    "\n.\n",
    "\r\n\t",
    "=?utf-8?q?Bcc:_eva=40evil.example?=",
    "=?utf-8?b?",
    "?=",
    "=?",
    "=0D=0A",
    "%0d%0a",
    "\0",
    "\u{b}",
    "\u{1b}[2J",
    "\u{7f}",
    "\u{85}",
    "\u{2028}",
    "\u{2029}",
    "\u{202e}",
    "\u{202a}",
    "\u{2066}",
    "\u{2069}",
    "\u{200f}",
    "\u{200e}",
    "\u{61c}",
    "\u{feff}",
    "\u{200b}",
    "שלום 12",
    "مرحبا",
    "👩‍👩‍👧",
    "🇳🇴",
    "e\u{301}\u{301}\u{301}",
    "\"",
    "\\",
    "<eva@evil.example>",
    ", eva@evil.example",
    ";",
    ":",
    "(",
    ")",
    "@",
    ".",
    " ",
    "  ",
    "ø",
    "Kari",
    "symjehallen",
    "{name}",
    "&lt;",
    "'",
    "--",
];

/// A seeded table: the same names in each run (xorshift, as G. Marsaglia described it in 2003).
struct Names(u64);

impl Names {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n
    }

    fn next(&mut self) -> String {
        let n = self.below(9);
        let piece = |it: &mut Self| PIECES[it.below(PIECES.len() as u64) as usize];
        let name: String = (0..n).map(|_| piece(self)).collect();
        // One in sixteen is 10 kB and more.
        if self.below(16) == 0 { format!("{name}x").repeat(10_240) } else { name }
    }
}

fn facts(names: &mut Names, week: Week) -> Facts {
    let published = week.plus(-2);
    let link = String::from("/gaps/T1");
    let gap = OpenGap {
        topic: "T1".into(),
        name: names.next(),
        count: 3,
        is_new: true,
        trend: Some(Trend::Rising),
        verdict: Verdict::Missing,
        nearest: Some(Place { title: names.next(), url: format!("https://x.no/{}", names.next()) }),
        link: link.clone(),
    };
    let verified = Verified {
        name: names.next(),
        inquiries: 9,
        before: 4.0,
        after: Some(1.0),
        published,
        link: link.clone(),
    };
    let is_month = names.below(3) == 0;
    Facts {
        organization: names.next(),
        base: "https://skranke.fjordvik.example".into(),
        period: if is_month { Period::month_of(week) } else { week.into() },
        inquiries: 12,
        inquiries_before: Some(9.5),
        channels: vec![],
        answered: None,
        open_gaps: 1,
        decide: if names.below(3) == 0 { vec![] } else { vec![gap] },
        verified: if names.below(3) == 0 { vec![] } else { vec![verified] },
        still_asked: vec![StillAsked {
            name: names.next(),
            count: 2,
            published,
            link: link.clone(),
        }],
        taken: vec![Taken { name: names.next(), link: link.clone() }],
        effect: None,
        rises: Some(Rise { name: names.next(), from: 1.0, to: 9.0, link }),
        n_waiting: 0,
        logging_rate: None,
        n_masked: 0,
        is_new: false,
    }
}

fn reader(names: &mut Names) -> Reader {
    Reader {
        id: ReaderId::parse("red_kari").expect("an id"),
        name: names.next(),
        address: "kari@fjordvik.example".into(),
        lang: Lang::ALL[names.below(3) as usize],
        is_first: names.below(2) == 0,
        edition: Edition::ALL[names.below(2) as usize],
        why: Why::SetUpBy(names.next()),
        settings: "/me/digest".into(),
        stop: Some("https://skranke.fjordvik.example/stop/abc".into()),
    }
}

/// Characters that turn the direction of what stands after them, or end a line, or show nothing.
fn steers(c: char) -> bool {
    let turns = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}');
    turns || c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

#[track_caller]
fn check_only(address: Option<&Address<'_>>, expected: &str) -> String {
    let all: Vec<_> = address.expect("the header is there").iter().collect();
    let addresses: Vec<_> = all.iter().map(|it| it.address().unwrap_or_default()).collect();
    assert_eq!(addresses, [expected]);
    let name = all[0].name().unwrap_or_default().to_owned();
    assert!(!name.contains(steers), "{name:?}");
    name
}

#[test]
fn five_hundred_names_made_to_break_headers_break_none() {
    let mut names = Names(0x5eed_5eed_5eed_5eed);
    let first: Week = "2026-W02".parse().expect("a week");
    for n in 0..MAILS {
        let (facts, reader) = (facts(&mut names, first.plus(n as i64 % 60)), reader(&mut names));
        let address = "skranke@fjordvik.example".to_owned();
        let at = "2026-10-26T06:00:00Z".parse().expect("an instant");
        let from = Sender { name: names.next(), address, at };
        let letter = compose(&facts, &reader);
        let bytes = eml::message(&letter, &reader, &from).expect("a mail");
        check_raw(&bytes);

        let mail = MessageParser::default().parse(&bytes).expect("it parses");
        let mut found: Vec<&str> = mail.headers().iter().map(|it| it.name()).collect();
        found.sort_unstable();
        assert_eq!(found, HEADERS, "mail {n}");
        check_only(mail.to(), "kari@fjordvik.example");
        check_only(mail.from(), "skranke@fjordvik.example");
        assert_eq!((mail.cc(), mail.bcc()), (None, None));
        let subject = mail.subject().expect("a subject");
        assert_eq!(subject, letter.subject, "mail {n}");
        assert!(!subject.contains(steers), "mail {n}: {subject:?}");
        assert!(subject.chars().count() <= 200, "mail {n}: {subject:?}");
        assert_eq!(mail.message_id(), Some(letter.message_id.as_str()));
        let ends = |text: &str| text.replace("\r\n", "\n").trim_end().to_owned();
        let parts = [(mail.body_text(0), &letter.text), (mail.body_html(0), &letter.html)];
        for (part, expected) in parts {
            assert_eq!(ends(&part.expect("the part")), ends(expected), "mail {n}");
        }
        assert_eq!(mail.parts.len(), 3, "mail {n}: two parts in one");
    }
}

/// Plain ASCII, every line ended by both signs and none too long; no line is a dot alone, with
/// which SMTP would end the letter if a server in between forgot to double it.
fn check_raw(bytes: &[u8]) {
    let text = std::str::from_utf8(bytes).expect("a mail is ASCII");
    assert!(text.is_ascii());
    for line in text.split("\r\n") {
        assert!(!line.contains(['\r', '\n', '\0']), "{line:?}");
        assert!(line.len() <= LINE_BYTES_MAX && line != ".", "{line:?}");
    }
}
