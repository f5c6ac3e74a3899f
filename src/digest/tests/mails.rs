//! Letters as mails: their headers, their addresses and their files.

use std::fs;

use proptest::prelude::*;

use super::eml::MailError;
use super::*;

/// The names and values of a mail's header, unfolded.
fn headers(mail: &str) -> Vec<(String, String)> {
    let (head, _) = mail.split_once("\r\n\r\n").unwrap();
    let head = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    assert!(!head.replace("\r\n", "").contains(['\r', '\n']), "a bare end of line in {head}");
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
        headers.iter().find(|(name, _)| name == wanted).map_or("", |(_, value)| value)
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
    for stop in [None, Some("http://skranke.example/stop"), Some("https://"), Some("mailto:x@y")] {
        let reader = Reader { stop: stop.map(str::to_owned), ..reader(Lang::Nb) };
        assert!(!mail(&busy(), &reader).contains("List-Unsubscribe"), "{stop:?}");
    }
}

#[test]
fn no_name_can_begin_a_header() {
    let ends =
        ["\r\n", "\n", "\r", "\r\n ", "\u{2028}", "\u{85}", "\0\r\n", "%0d%0a", "\n\n", "?=\r\n"];
    let rests = [
        "Bcc: eva@evil.example",
        "To: eva@evil.example, x@evil.example",
        "Content-Type: text/html\r\n\r\n<script>",
        ".\r\nMAIL FROM:<eva@evil.example>",
        "=?utf-8?q?Bcc:_eva=40evil.example?=\", <eva@evil.example>",
    ];
    for name in ends.iter().flat_map(|end| rests.map(|rest| format!("Kari{end}{rest}"))) {
        let mut facts = busy();
        facts.decide[0].name.clone_from(&name);
        facts.organization.clone_from(&name);
        let reader = Reader { name: name.clone(), ..reader(Lang::Nn) };
        let from = Sender { name: name.clone(), ..sender() };
        let bytes = eml::message(&compose(&facts, &reader), &reader, &from).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let head = text.split("\r\n\r\n").next().unwrap().to_ascii_lowercase();
        assert!(!head.contains("\r\nbcc"), "{name:?}");
        assert!(!head.contains("\r\nmail from"), "{name:?}");
        assert!(!head.contains("=?utf-8?q?bcc"), "{name:?}");
        let names: Vec<String> = headers(&text).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names.len(), HEADERS.len(), "{name:?}: {names:?}");
    }
}

#[test]
fn a_name_that_a_header_cannot_show_is_made_one_that_it_can() {
    for (name, expected) in [
        (".", "To: kari@fjordvik.example\r\n"),
        (". .Kari", "To: Kari <kari@fjordvik.example>\r\n"),
        ("=?utf-8?q?Eva?=", "To: =?utf-8?b?PSA/dXRmLTg/cT9FdmE/PQ==?= <kari@fjordvik.example>\r\n"),
        ("\"K\", <x>", "To: =?utf-8?b?IksiLCA8eD4=?= <kari@fjordvik.example>\r\n"),
    ] {
        let reader = Reader { name: name.into(), ..reader(Lang::Nn) };
        let mail = mail(&busy(), &reader);
        assert!(mail.contains(expected), "{name}: {}", mail.lines().nth(1).unwrap());
    }
}

#[test]
fn an_address_that_is_none_is_refused_without_being_told() {
    for address in ["", "kari", "a@b\r\nBcc: x@y", "a@b, c@d", "\"a b\"@c.no", "å@b.no", "a@b>"] {
        let reader = Reader { address: address.into(), ..reader(Lang::Nn) };
        let error = eml::message(&compose(&busy(), &reader), &reader, &sender()).unwrap_err();
        assert!(matches!(error, MailError::Address { .. }), "{address}");
        assert_eq!(error.to_string(), "could not read the address of reader usr_kari");
    }
    let from = Sender { address: "nobody".into(), ..sender() };
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
    let file = Outgoing::new(&outbox, week(43), Some(&reader.id));
    assert_eq!(file.path().file_name().unwrap(), "2026-W43-usr_kari.eml");
    let write = || file.hold(mail().as_bytes()).and_then(|()| file.release()).unwrap();
    assert!(write());
    let before = fs::read(file.path()).unwrap();
    assert!(write());
    assert_eq!(fs::read(file.path()).unwrap(), before);
    assert_eq!(fs::read_dir(&outbox).unwrap().count(), 1, "no half file is left");
}

#[test]
fn a_letter_that_is_held_back_shows_when_it_is_released() {
    let folder = tempfile::tempdir().unwrap();
    let file = Outgoing::new(folder.path(), week(9), None);
    assert!(!file.release().unwrap(), "there is none yet");
    file.hold(b"letter").unwrap();
    assert!(!file.path().exists());
    assert!(file.release().unwrap());
    assert_eq!(fs::read(folder.path().join("2026-W09.eml")).unwrap(), b"letter");
    assert!(!file.release().unwrap(), "it was released");
}

#[test]
fn an_outbox_that_is_a_file_is_told() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let id = ReaderId::parse("x").unwrap();
    let error = Outgoing::new(file.path(), week(1), Some(&id)).hold(b"").unwrap_err();
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
