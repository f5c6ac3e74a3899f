//! Readers of Monday's letter through the screens: the list, one's own wishes, the links that need
//! no sign-in, and how a letter looks before it goes.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

use skranke::app::NewReader;
use skranke::clock::Clock;
use skranke::id::Id;
use skranke::messages::Lang;
use skranke::post::{LinkFor, NoticeOf, Often, ReaderRow, Subscriber};
use skranke::rows::Stored;

use crate::harness::town::Town;
use crate::harness::visitor::{Answer, Visitor, add};

/// What a form always sends.
const WISHES: [(&str, &str); 6] = [
    ("lang", "nb"),
    ("often", "monthly"),
    ("edition", "desk"),
    ("day", "tuesday"),
    ("at", "08:30"),
    ("notice", "surge"),
];

fn noon() -> Clock {
    Clock::fixed("2026-03-06T11:00:00Z".parse().expect("an instant"))
}

fn with<'a>(fields: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    fields.iter().copied().chain(WISHES).collect()
}

#[track_caller]
fn change(visitor: &mut Visitor, fields: &[(&str, &str)]) -> Answer {
    visitor.submit("/readers", "/readers", &with(fields))
}

#[track_caller]
fn reader(town: &Town, mail: &str) -> Stored<ReaderRow> {
    town.app.settle().expect("folded");
    let all = town.app.state.readers.all();
    let found = all.iter().find(|it| it.row.mail == mail);
    found.unwrap_or_else(|| panic!("no reader {mail}")).as_ref().clone()
}

fn id(reader: &Stored<ReaderRow>) -> String {
    Id::<Subscriber>::from_uuid(reader.id).to_string()
}

/// A POST as a mail provider's server sends it: no cookie, no origin, no word of a browser.
#[track_caller]
fn one_click(address: SocketAddr, path: &str, more: &str) -> u16 {
    let body = "List-Unsubscribe=One-Click";
    let mut stream = TcpStream::connect(address).expect("it listens");
    let request = format!(
        "POST {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n{more}\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).expect("sent");
    let mut told = String::new();
    stream.read_to_string(&mut told).expect("an answer");
    told.split(' ').nth(1).and_then(|it| it.parse().ok()).expect("a status")
}

#[test]
fn an_editor_adds_changes_stops_and_puts_back() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let town = Town::open(folder.path(), &noon());
    let mut admin = town.set_up();
    let mut editor = add(&mut admin, "editor");
    let empty = editor.get("/readers").body;
    assert!(empty.contains("skranke@example.org"), "nobody reads it: {empty}");
    let kari = [("change", "add"), ("name", "Kari"), ("mail", "Kari@example.org ")];
    assert_eq!(change(&mut editor, &kari).status, 303);
    let row = reader(&town, "kari@example.org");
    assert!(row.row.is_open() && !row.row.waits);
    assert_eq!((row.row.wishes.often, row.row.lang.code()), (Often::Monthly, "nb"));
    assert_eq!(row.row.wishes.at.map(|it| it.to_string()).as_deref(), Some("tuesday 08:30"));
    assert!(!row.row.wishes.empty_too);
    assert_eq!(row.row.wishes.notices, [NoticeOf::Surge].into());
    assert_eq!(change(&mut editor, &kari).status, 422, "known before");
    let id = id(&row);
    let filled = editor.get(&format!("/readers?edit={id}")).body;
    assert!(filled.contains("value=\"kari@example.org\"") && filled.contains("value=\"08:30\""));
    let moved = [("change", "put"), ("id", &*id), ("name", "Kari"), ("mail", "kn@example.org")];
    assert_eq!(change(&mut editor, &moved).status, 303);
    assert!(reader(&town, "kari@example.org").row.stopped, "another address is another reader");
    let moved = self::id(&reader(&town, "kn@example.org"));
    let stopped = change(&mut editor, &[("change", "stop"), ("id", &moved)]);
    assert!(editor.get(stopped.location()).body.contains("put_back"));
    assert!(reader(&town, "kn@example.org").row.stopped);
    assert_eq!(change(&mut editor, &[("change", "put_back"), ("id", &moved)]).status, 303);
    let back = reader(&town, "kn@example.org").row;
    assert_eq!((back.is_open(), back.wishes.often), (true, Often::Monthly));
    for (name, mail, at) in [("", "a@example.org", "7"), ("A", "nei", "08:00")] {
        let fields = [("change", "add"), ("name", name), ("mail", mail), ("at", at)];
        assert_eq!(change(&mut editor, &fields).status, 422, "{name} {mail} {at}");
    }
    let audit = admin.get("/admin/audit").body;
    assert!(audit.contains("Førte opp eller endra ein lesar"), "{audit}");
}

#[test]
fn an_address_outside_is_asked_and_says_yes_by_its_link() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let town = Town::open(folder.path(), &noon());
    let mut admin = town.set_up();
    let ola = [("change", "add"), ("name", "Ola"), ("mail", "ola@elsewhere.example")];
    assert_eq!(change(&mut admin, &ola).status, 303);
    let list = admin.get("/readers").body;
    assert!(list.contains("Ola har fått ein e-post") && list.contains("Spurd, ikkje svart"));
    let row = reader(&town, "ola@elsewhere.example");
    assert!(row.row.waits);
    let link = town.app.reader_link(&row, LinkFor::Agree).expect("a link");
    let (path, mut ola) = (format!("/agree/{link}"), Visitor::new(town.address));
    let page = ola.get(&path);
    assert_eq!(page.status, 200);
    assert!(page.body.contains("Vil du ha ukesbrevet?"), "in the reader's language");
    assert!(page.body.contains("o…@elsewhere.example") && !page.body.contains("ola@"));
    assert!(reader(&town, "ola@elsewhere.example").row.waits, "looking changes nothing");
    assert_eq!(one_click(town.address, &path.replace("/agree/", "/stop/"), ""), 404);
    for _ in 0..2 {
        assert_eq!(one_click(town.address, &path, ""), 200);
        assert!(reader(&town, "ola@elsewhere.example").row.is_open());
        assert!(ola.get(&path).body.contains("Du får ukesbrevet"));
    }
}

#[test]
fn one_click_stops_the_letter_without_cookie_origin_or_hidden_field() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let town = Town::open(folder.path(), &noon());
    let mut admin = town.set_up();
    let kari = [("change", "add"), ("name", "Kari"), ("mail", "kari@example.org")];
    assert_eq!(change(&mut admin, &kari).status, 303);
    let row = reader(&town, "kari@example.org");
    let link = town.app.reader_link(&row, LinkFor::Stop).expect("a link");
    let path = format!("/stop/{link}");
    let mut scanner = Visitor::new(town.address);
    let page = scanner.get(&path);
    let has = |name: &str, value: &str| {
        page.headers.iter().any(|it| it.0 == name && it.1.contains(value))
    };
    assert!(has("x-robots-tag", "noindex") && has("referrer-policy", "no-referrer"));
    assert!(reader(&town, "kari@example.org").row.is_open(), "looking changes nothing");
    assert_eq!(one_click(town.address, &path, "origin: https://evil.example\r\n"), 403);
    assert!(reader(&town, "kari@example.org").row.is_open(), "not from another site's page");
    for _ in 0..2 {
        assert_eq!(one_click(town.address, &path, ""), 200);
        assert!(reader(&town, "kari@example.org").row.stopped);
        let page = scanner.get(&path);
        assert!(page.status == 200 && page.body.contains("Brevet er stoppet"));
    }
    let other = if path.ends_with('0') { "1" } else { "0" };
    let forged = format!("{}{other}", &path[..path.len() - 1]);
    let unknown = format!("/stop/{}.{}", Id::<Subscriber>::derived(&[b"x"]), "0".repeat(32));
    for path in [&*forged, &unknown, "/stop/x"] {
        let page = scanner.get(path);
        assert_eq!(page.status, 404, "{path}");
        assert!(page.body.contains("Lenkja er ikkje rett"), "{}", page.body);
        assert_eq!(one_click(town.address, path, ""), 404, "{path}");
    }
    let statuses: Vec<u16> = (0..9).map(|_| scanner.get(&forged).status).collect();
    assert!(statuses.contains(&429), "guessing is slowed down: {statuses:?}");
    assert_eq!(scanner.get(&path).status, 200, "who has the right link never waits");
}

#[test]
fn a_receptionist_asks_for_the_letter_and_moves_it_and_stops_it() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let town = Town::open(folder.path(), &noon());
    let mut admin = town.set_up();
    let mut liv = add(&mut admin, "reception");
    let page = liv.get("/account").body;
    assert!(page.contains("value=\"desk\" selected"), "{page}");
    assert!(!page.contains("value=\"assigned\"") && !page.contains("make_feed"));
    let mut wish = |mail: &str| {
        let fields = [("change", "letter"), ("mail", mail)];
        liv.submit("/account", "/account", &with(&fields)).status
    };
    assert_eq!(wish("nei"), 422);
    assert_eq!(wish("liv@example.org"), 303);
    let row = reader(&town, "liv@example.org").row;
    assert!(row.waits && row.person.is_some() && row.person == row.set_up_by);
    assert_eq!(row.name, "reception");
    assert_eq!(wish("liv@example.org"), 303);
    let asked = reader(&town, "liv@example.org");
    assert!(asked.row.waits, "saving again is no answer");
    town.app.answer_by_link(&asked, LinkFor::Agree).expect("told");
    town.app.settle().expect("folded");
    assert_eq!(wish("liv@example.org"), 303);
    assert!(reader(&town, "liv@example.org").row.is_open(), "an answer is asked for once");
    assert_eq!(wish("liv@home.example"), 303);
    assert!(reader(&town, "liv@example.org").row.stopped);
    assert!(reader(&town, "liv@home.example").row.waits, "outside, so that it is asked");
    let mut editor = add(&mut admin, "editor");
    let taken = with(&[("change", "letter"), ("mail", "liv@home.example")]);
    assert_eq!(editor.submit("/account", "/account", &taken).status, 422, "it is another's");
    let new = NewReader::new("Ordføraren", "ordforar@example.org", Lang::Nn);
    town.app.add_reader(new, None).expect("added");
    town.app.settle().expect("folded");
    let taken = with(&[("change", "letter"), ("mail", "ordforar@example.org")]);
    assert_eq!(editor.submit("/account", "/account", &taken).status, 422, "nor one on the list");
    let page = liv.get("/account").body;
    assert!(page.contains("liv@home.example") && page.contains("Spurd, ikkje svart"), "{page}");
    let stop = liv.submit("/account", "/account", &[("change", "stop_letter")]);
    assert_eq!(stop.status, 303);
    assert!(reader(&town, "liv@home.example").row.stopped);
    let feed = liv.submit("/account", "/account", &[("change", "make_feed")]);
    assert_eq!(feed.status, 403, "news of gaps are for those who read gaps");
}

#[test]
fn a_chat_is_an_administrators_to_add_and_its_address_is_never_shown() {
    const SECRET: &str = "https://hooks.chat.example/services/T0/xyzzy";
    let folder = tempfile::tempdir().expect("a temporary folder");
    let town = Town::open(folder.path(), &noon());
    let mut admin = town.set_up();
    let mut editor = add(&mut admin, "editor");
    let chat = |address| {
        [("change", "add_chat"), ("name", "Nettgruppa"), ("kind", "teams"), ("address", address)]
    };
    assert_eq!(change(&mut editor, &chat(SECRET)).status, 403);
    assert!(town.app.readers().is_empty());
    let wrong = change(&mut admin, &chat("http://hooks.chat.example/xyzzy"));
    assert!(wrong.status == 422 && !wrong.body.contains("xyzzy"), "{}", wrong.body);
    assert_eq!(change(&mut admin, &chat(SECRET)).status, 303);
    let row = reader(&town, "");
    let id = id(&row);
    for visitor in [&mut admin, &mut editor] {
        for path in ["/readers".to_owned(), format!("/readers?edit={id}")] {
            let page = visitor.get(&path).body;
            assert!(page.contains("Microsoft Teams") && page.contains("Nettgruppa"), "{page}");
            assert!(!page.contains("xyzzy"), "{page}");
        }
    }
    let rename = [("change", "put"), ("id", &*id), ("name", "Nettlaget")];
    assert_eq!(change(&mut editor, &rename).status, 303);
    let row = reader(&town, "").row;
    assert_eq!(row.chat.map(|it| it.address).as_deref(), Some(SECRET));
    assert_eq!((row.name.as_str(), row.stopped), ("Nettlaget", false));
}

#[test]
fn a_letter_is_looked_at_under_a_policy_of_its_own_and_answers_for_nobody() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let clock = noon();
    let (town, admin, _) = super::town_with_gap(folder.path(), &clock);
    clock.advance_by(jiff::SignedDuration::from_hours(24 * 7));
    // The session did not last so long.
    let mut admin = Visitor::sign_in(admin.address, "marit");
    let kari = [("change", "add"), ("name", "Kari"), ("mail", "kari@example.org")];
    assert_eq!(change(&mut admin, &kari).status, 303);
    let row = reader(&town, "kari@example.org");
    let (id, link) = (id(&row), town.app.reader_link(&row, LinkFor::Stop).expect("a link"));
    let policy = |answer: &Answer| {
        let found = answer.headers.iter().find(|it| it.0 == "content-security-policy");
        found.map(|it| it.1.clone()).expect("a policy")
    };
    let page = admin.get(&format!("/digest/2026-W10/letter?reader={id}"));
    assert_eq!(page.status, 200);
    assert!(policy(&page).ends_with("frame-src 'self'"), "{}", policy(&page));
    assert!(page.body.contains("sandbox=\"\""));
    let html = admin.get(&format!("/digest/2026-W10/letter/html?reader={id}"));
    assert!(policy(&html).ends_with("; sandbox") && !policy(&html).contains("script"));
    assert!(html.headers.contains(&("x-frame-options".to_owned(), "SAMEORIGIN".to_owned())));
    let text = admin.get(&format!("/digest/2026-W10/letter/text?reader={id}"));
    assert!(text.headers.iter().any(|it| it.1 == "text/plain; charset=utf-8"));
    for part in [&html.body, &text.body] {
        assert!(part.contains("/stop/preview") && !part.contains(&link), "{part}");
        assert!(part.contains("Hei, Kari!") && part.contains("Uke 10"), "to her: {part}");
    }
    let editors = admin.get("/digest/2026-W10/letter/html?lang=nn&edition=editors").body;
    assert!(editors.to_lowercase().contains("kvervling"), "{editors}");
    assert_ne!(editors, html.body);
    assert_eq!(admin.get("/digest/2026-W11/letter").status, 404, "it is not over");
    assert!(!policy(&admin.get("/digest/2026-W10")).contains("frame-src"));
    assert!(policy(&admin.get("/digest/2026-W10/letter/pdf")).contains("script-src 'self'"));
}

#[test]
fn two_thousand_readers_are_shown_a_hundred_at_a_time_and_searched() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let town = Town::open(folder.path(), &noon());
    let mut admin = town.set_up();
    for n in 0..2_000 {
        let (name, mail) = (format!("Lesar {n:04}"), format!("l{n}@example.org"));
        let new = skranke::app::NewReader::new(name, mail, skranke::messages::Lang::Nn);
        town.app.add_reader(new, None).expect("added");
    }
    town.app.settle().expect("folded");
    let first = admin.get("/readers").body;
    assert_eq!(first.matches("value=\"stop\"").count(), 100);
    assert!(first.contains("Lesar 0099") && !first.contains("Lesar 0100"));
    assert!(admin.get("/readers?page=20").body.contains("Lesar 1999"));
    let found = admin.get("/readers?q=l1999%40").body;
    assert!(found.contains("Lesar 1999") && !found.contains("Lesar 0000"), "{found}");
}
