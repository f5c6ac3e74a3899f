//! Stored texts that are read again: what is masked, what waits for a person, and what then is
//! in no file any more.

use jiff::Timestamp;
use skranke::app::{App, OpenOptions};
use skranke::clock::Clock;
use skranke::id::Id;
use skranke::inquiry::redact::Kind;
use skranke::inquiry::{
    Channel, Inquiry, InquiryFacts, Norm, Outcome, Question, Source, log_batch,
};
use skranke::schedule::Task;
use skranke::week::Week;

use super::search::found_in;
use super::{export, text};
use crate::harness::program::run;
use crate::harness::town::Town;
use crate::harness::visitor::Visitor;

const PATH: &str = "/admin/personal-data";
const NUMBER: &str = "01818510078";

fn now() -> Timestamp {
    "2026-03-10T12:00:00Z".parse().expect("an instant")
}

/// Stores a text as a program without today's rules has stored it.
fn store(app: &App, n: u8, text: &str) -> Id<Inquiry> {
    let id = Id::<Inquiry>::derived(&[b"old", &[n]]);
    let facts = InquiryFacts {
        text: Question::redacted(text),
        asked: now(),
        week: Week::of(now(), &app.zone),
        channel: Channel::Phone,
        desk: String::new(),
        norm: Norm::Nn,
        outcome: Outcome::Unknown,
        note: None,
        count: 1,
        source: Source::Screen,
        by: None,
    };
    app.journal.append(log_batch(id, &facts, now())).expect("it is written");
    app.settle().expect("folded");
    id
}

fn text_of(app: &App, id: Id<Inquiry>) -> String {
    app.settle().expect("folded");
    let stored = app.state.inquiries.get(id).expect("the view").expect("it is there");
    stored.row.facts.text.expect("it has words").as_str().to_owned()
}

#[test]
fn what_is_surely_personal_is_masked_and_the_rest_waits_for_a_person() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let town = Town::open(folder.path(), &Clock::fixed(now()));
    let mut admin = town.set_up();
    let app = &town.app;
    assert!(admin.get(PATH).body.contains("Ikkje lese over"), "nothing was read yet");
    let number = store(app, 1, &format!("fnr {NUMBER} på skjemaet"));
    let name = store(app, 2, "når får Kari Nordmann svar på søknaden");
    let phone = store(app, 3, "svar til 68 05 00 00 om båtplassen");
    store(app, 4, "når opnar symjehallen");
    let run = app.rescan(&Task::default()).expect("it runs");
    assert_eq!((run.read, run.masked, run.waiting.len()), (4, 1, 2));
    assert_eq!(run.by_kind[&Kind::NationalNumber], 1);
    assert_eq!((run.by_kind[&Kind::Name], run.by_kind[&Kind::Phone]), (1, 1));
    assert_eq!(text_of(app, number), "fnr [fødselsnummer] på skjemaet");
    let again = app.rescan(&Task::default()).expect("it runs");
    assert_eq!((again.masked, again.waiting.len()), (0, 2), "twice masks nothing more");
    let page = admin.get(PATH).body;
    assert!(page.contains("<mark>Kari Nordmann</mark>"), "{page}");
    assert!(page.contains("<mark>68 05 00 00</mark>") && page.contains("namn: 1"), "{page}");
    decide(&mut admin, name, "mask");
    assert_eq!(text_of(app, name), "når får [person] svar på søknaden");
    decide(&mut admin, phone, "let_be");
    assert_eq!(text_of(app, phone), "svar til 68 05 00 00 om båtplassen");
    assert!(admin.get(PATH).body.contains("Ingenting ventar."));
    assert!(app.rescan(&Task::default()).expect("it runs").waiting.is_empty(), "it was let be");
    let said: Vec<String> = app.state.audit.all().iter().map(|it| it.row.action.clone()).collect();
    assert!(said.contains(&"inquiry.mask".to_owned()), "{said:?}");
}

fn decide(admin: &mut Visitor, id: Id<Inquiry>, change: &str) {
    let fields = [("id", id.to_string()), ("change", change.to_owned())];
    let fields = [(fields[0].0, fields[0].1.as_str()), (fields[1].0, fields[1].1.as_str())];
    assert_eq!(admin.submit(PATH, PATH, &fields).status, 303);
}

#[test]
fn what_was_masked_is_in_no_file_after_the_next_opening() {
    const ODD: &str = "wqxzpomel";
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    let open = || {
        let zone = jiff::tz::TimeZone::UTC;
        let options = OpenOptions { data: data.clone(), clock: Clock::fixed(now()), zone };
        App::open(options).expect("it opens")
    };
    let app = open();
    let number = store(&app, 1, &format!("fnr {NUMBER} på skjemaet"));
    let name = store(&app, 2, &format!("når får Kari {ODD} Nordmann, EK 12345, svar"));
    app.rescan(&Task::default()).expect("it runs");
    app.mask_proposed(name, None).expect("it is masked");
    app.settle().expect("folded");
    app.close();
    drop(app);
    assert!(!found_in(&data, NUMBER).is_empty(), "the older wording is there until then");
    let app = open();
    let before = [text_of(&app, number), text_of(&app, name)];
    assert_eq!(before[0], "fnr [fødselsnummer] på skjemaet");
    assert!(before[1].contains("[bilskilt]"), "{}", before[1]);
    app.close();
    drop(app);
    assert_eq!(found_in(&data, NUMBER), [""; 0]);
    assert_eq!(found_in(&data, "12345"), [""; 0]);
    // Opened once more, nothing is left to do.
    let app = open();
    assert_eq!([text_of(&app, number), text_of(&app, name)], before);
    app.close();
}

#[test]
fn a_name_that_a_desk_takes_out_leaves_the_journal_at_night() {
    const ODD: &str = "wqxzpomel";
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    let open = || {
        let zone = jiff::tz::TimeZone::UTC;
        let options = OpenOptions { data: data.clone(), clock: Clock::fixed(now()), zone };
        App::open(options).expect("it opens")
    };
    let app = open();
    let name = store(&app, 1, &format!("når får Kari {} Nordmann svar", ODD.to_uppercase()));
    app.mask_names(name, None).expect("it is masked");
    app.settle().expect("folded");
    assert_eq!(text_of(&app, name), "når får [person] svar");
    assert!(!data.join("wishes.jsonl").exists(), "the service would begin again at once");
    app.rescan(&Task::default()).expect("it runs");
    assert!(data.join("wishes.jsonl").exists(), "at night it does");
    app.close();
    drop(app);
    assert!(!found_in(&data, ODD).is_empty(), "the older wording is there");
    let app = open();
    assert_eq!(text_of(&app, name), "når får [person] svar");
    app.close();
    drop(app);
    assert_eq!(found_in(&data, ODD), [""; 0]);
}

#[test]
fn the_interface_points_out_masks_and_remembers_nothing() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let town = Town::open(folder.path(), &Clock::fixed(now()));
    let mut admin = town.set_up();
    let csrf = admin.get("/").csrf().expect("a form");
    let text = "😀 Kari Nordmann, tlf 68 05 00 00, fnr 01818510078";
    let body = serde_json::json!({ "text": text, "keep": "phone,national_number" });
    let answer = admin.send("/api/v1/personal-data", &csrf, &body).expect("an answer").json();
    let expected = "😀 Kari Nordmann, tlf 68 05 00 00, fnr [fødselsnummer]";
    assert_eq!(answer["text"], expected, "a phone may stay, a fødselsnummer may not");
    let hint = &answer["hints"][0];
    assert_eq!(
        (&hint["kind"], &hint["start"], &hint["end"]),
        (&"name".into(), &3.into(), &16.into())
    );
    assert_eq!(answer["found"][0]["may_keep"], false);
    let key = "inq_01970001-0001-7000-8000-000000000009";
    let body = serde_json::json!({ "key": key, "text": text, "keep": "phone" });
    let logged = admin.send("/api/v1/inquiries", &csrf, &body).expect("an answer").json();
    assert_eq!((&logged["masked"], &logged["hints"]), (&1.into(), &1.into()), "{logged}");
    assert_eq!(logged["masked_kinds"], serde_json::json!(["national_number"]));
    let id: Id<Inquiry> = key.parse().expect("an id");
    assert_eq!(text_of(&town.app, id), expected);
    // An outcome that is set afterwards leaves what was kept.
    let path = format!("/log/{key}/outcome");
    assert_eq!(admin.submit("/", &path, &[("outcome", "answered")]).status, 303);
    assert_eq!(text_of(&town.app, id), expected);
    // Nor does it go when the words around it are corrected; a number that is new does.
    let path = format!("/log/{key}/edit");
    let words = "Kari Nordmann, ring 68 05 00 00, ikkje 68 05 01 23";
    assert_eq!(admin.submit("/today", &path, &[("text", words)]).status, 303);
    assert_eq!(text_of(&town.app, id), "Kari Nordmann, ring 68 05 00 00, ikkje [telefon]");
    // The name goes with one press; the number that stays stays then too.
    let path = format!("/log/{key}/names");
    assert_eq!(admin.submit("/", &path, &[]).status, 303);
    assert_eq!(text_of(&town.app, id), "[person], ring 68 05 00 00, ikkje [telefon]");
}

#[test]
fn what_a_page_publishes_stays_in_what_is_logged() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    let (page, log) = (folder.path().join("page.jsonl"), folder.path().join("log.jsonl"));
    let published = serde_json::json!({
        "url": "https://www.example.org/kontakt", "title": "Kontakt",
        "text": "Sentralbordet har telefon 68 05 01 00 og held til i Storgata 1.",
    });
    std::fs::write(&page, format!("{published}\n")).expect("written");
    run(&data, &["pages", &text(&page)]);
    let said = "ingen svarer på 68050100, ring 68 05 01 23, eg bur ikkje i Storgata 1";
    let row = serde_json::json!({ "id": "1", "text": said });
    std::fs::write(&log, format!("{row}\n")).expect("written");
    run(&data, &["import", &text(&log)]);
    let stored = &export(&data)["inquiries.jsonl"];
    let expected = "ingen svarer på 68050100, ring [telefon], eg bur ikkje i Storgata 1";
    assert!(stored.contains(expected), "{stored}");
}
