//! The desk's own day: a rush written down later, a surge, messages, answers to be read aloud.

use jiff::{SignedDuration, Timestamp};
use skranke::app::Decider;
use skranke::clock::Clock;

use crate::harness::town::Town;
use crate::harness::visitor::{Visitor, add};

fn noon() -> Clock {
    Clock::fixed("2026-03-06T11:00:00Z".parse::<Timestamp>().expect("a time"))
}

/// Logs a question through the form of the log screen.
#[track_caller]
fn log(visitor: &mut Visitor, field: (&str, &str)) {
    let key = visitor.get("/").hidden("key");
    let answer = visitor.submit("/", "/log", &[("key", &key), field]);
    assert_eq!(answer.status, 303, "{}", answer.body);
}

/// Looks again until it is so: what is asked is indexed beside the service.
#[expect(clippy::disallowed_methods, reason = "the index follows when it follows")]
fn until(mut look: impl FnMut() -> String, is_so: impl Fn(&str) -> bool) -> bool {
    (0..500).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(10));
        is_so(&look())
    })
}

#[test]
fn a_rush_is_logged_later_and_sent_twice_adds_nothing() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let town = Town::open(folder.path(), &noon());
    let mut admin = town.set_up();
    let mut desk = add(&mut admin, "reception");
    let key = desk.get("/today").hidden("key");
    let lines = "3 x når opnar symjehallen\n12\nkvar søkjer eg om barnehage\n";
    let fields = [("key", key.as_str()), ("lines", lines), ("day", "2026-03-05")];
    for _ in 0..2 {
        let answer = desk.submit("/today", "/today/batch", &fields);
        assert_eq!(answer.status, 303, "{}", answer.body);
    }
    let columns = town.app.state.inquiries.columns();
    let logged: Vec<_> = columns.live().map(|it| (it.count, it.has_text)).collect();
    assert_eq!(logged, [(3, true), (12, false), (1, true)]);
    let asked: Vec<String> = columns.live().map(|it| it.asked.to_string()).collect();
    assert_eq!(asked, ["2026-03-05T11:00:00Z"; 3], "noon of the day, in Norway");
    drop(columns);

    // One line that cannot be taken keeps all from being taken, and nothing typed is lost.
    let key = desk.get("/today").hidden("key");
    let wrong = [("key", key.as_str()), ("lines", "kvar er rådhuset\n900 x bos"), ("day", "")];
    let answer = desk.submit("/today", "/today/batch", &wrong);
    assert_eq!(answer.status, 422);
    assert!(answer.body.contains("kvar er rådhuset\n900 x bos"), "{}", answer.body);
    assert!(answer.body.contains("Linje 2"), "{}", answer.body);
    for day in ["2026-03-07", "2025-03-05", "i går"] {
        let wrong = [("key", key.as_str()), ("lines", "kvar er rådhuset"), ("day", day)];
        let answer = desk.submit("/today", "/today/batch", &wrong);
        assert_eq!(answer.status, 422, "{day}");
    }
    assert_eq!(town.app.state.inquiries.columns().live().count(), 3);
}

#[test]
fn in_a_rush_one_more_is_counted_without_words() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let town = Town::open(folder.path(), &noon());
    let mut desk = town.set_up();
    let key = desk.get("/").hidden("key");
    let fields = [("key", key.as_str()), ("text", "halvskrive"), ("act", "count")];
    assert_eq!(desk.submit("/", "/log", &fields).status, 303);
    let columns = town.app.state.inquiries.columns();
    assert_eq!(columns.live().map(|it| (it.count, it.has_text)).collect::<Vec<_>>(), [(1, false)]);
}

#[test]
fn one_own_entry_is_corrected_and_nobody_elses() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let clock = noon();
    let town = Town::open(folder.path(), &clock);
    let mut admin = town.set_up();
    let (mut desk, mut other) = (add(&mut admin, "reception"), add(&mut admin, "editor"));
    log(&mut desk, ("text", "når opnar symjehalen"));
    let id = town.app.state.inquiries.columns().live().next().expect("logged").id;
    let edit = format!("/log/{id}/edit");
    let right = [("text", "når opnar symjehallen, ring 68 05 01 23"), ("note", "klokka 10")];
    assert_eq!(other.submit("/today", &edit, &right).status, 403);
    assert_eq!(desk.submit("/today", &edit, &[("text", " ")]).status, 422);
    assert_eq!(desk.submit("/today", &edit, &right).status, 303);
    let facts = town.app.state.inquiries.get(id).expect("read").expect("there").row.facts;
    let text = facts.text.expect("words").as_str().to_owned();
    assert!(text.starts_with("når opnar symjehallen") && !text.contains("68 05"), "{text}");
    assert_eq!(facts.note.expect("a note").as_str(), "klokka 10");

    // The desk finds it again; after a day it stands as it is.
    assert!(desk.get("/today?q=SYMJEHALLEN").body.contains("klokka 10"));
    assert!(!desk.get("/today?q=bibliotek").body.contains("<li>når opnar"));
    clock.advance_by(SignedDuration::from_hours(25));
    let mut desk = Visitor::sign_in(town.address, "reception");
    assert_eq!(desk.submit("/today", &edit, &right).status, 403);
}

#[test]
fn what_many_ask_all_at_once_is_told_at_every_desk() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let clock = noon();
    let town = Town::open(folder.path(), &clock);
    let mut admin = town.set_up();
    let mut desk = add(&mut admin, "reception");
    log(&mut admin, ("text", "kvifor er vatnet borte i Sjøgata"));
    let id = town.app.state.inquiries.columns().live().next().expect("logged").id.to_string();
    for _ in 0..3 {
        log(&mut admin, ("same_as", &id));
    }
    let surge = |desk: &mut Visitor, at: &str| desk.get(at).body.contains("gonger sidan 12.00");
    assert!(!surge(&mut desk, "/"), "four may be chance");
    log(&mut desk, ("same_as", &id));
    assert!(surge(&mut desk, "/") && surge(&mut desk, "/today"));
    clock.advance_by(SignedDuration::from_hours(7));
    assert!(!surge(&mut desk, "/"), "it is over");
}

#[test]
fn an_editor_tells_every_desk_until_a_time() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let clock = Clock::fixed("2026-03-06T20:00:00Z".parse().expect("a time"));
    let town = Town::open(folder.path(), &clock);
    let mut admin = town.set_up();
    let (mut editor, mut desk) = (add(&mut admin, "editor"), add(&mut admin, "reception"));
    let message = [("change", "put"), ("text", "Vatnet er stengt"), ("until", "today")];
    assert_eq!(desk.submit("/today", "/today/message", &message).status, 403);
    let empty = [("change", "put"), ("text", " "), ("until", "today")];
    assert_eq!(editor.submit("/today", "/today/message", &empty).status, 422);
    assert_eq!(editor.submit("/today", "/today/message", &message).status, 303);
    assert!(desk.get("/").body.contains("Vatnet er stengt"));
    let id = editor.get("/today").hidden("id");
    let end = [("change", "end"), ("id", id.as_str())];
    assert_eq!(editor.submit("/today", "/today/message", &end).status, 303);
    assert!(!desk.get("/").body.contains("Vatnet er stengt"));

    assert_eq!(editor.submit("/today", "/today/message", &message).status, 303);
    clock.advance_to("2026-03-06T22:59:00Z".parse().expect("a time"));
    assert!(desk.get("/").body.contains("Vatnet er stengt"), "until midnight in Norway");
    clock.advance_to("2026-03-06T23:01:00Z".parse().expect("a time"));
    assert!(!desk.get("/").body.contains("Vatnet er stengt"));
}

#[test]
fn an_approved_answer_is_there_the_next_time_somebody_asks() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let town = Town::open(folder.path(), &noon());
    let app = &town.app;
    let mut editor = town.set_up();
    for text in ["når opnar symjehallen på laurdag", "når opnar symjehallen laurdag"] {
        log(&mut editor, ("text", text));
    }
    app.group().expect("grouped");
    app.settle().expect("folded");
    let topic = app.topics().expect("topics")[0].number;
    let on = format!("/topics/{topic}");
    let version = editor.get(&on).hidden("version");
    let long = "a".repeat(301);
    let decide = |answer| [("version", version.as_str()), ("decision", "set_answer"), answer];
    assert_eq!(editor.submit(&on, &on, &decide(("answer", &long))).status, 422);
    let answered = editor.submit(&on, &on, &decide(("answer", "Klokka 10, til 16.")));
    assert_eq!(answered.status, 303, "{}", answered.body);
    let looked = || {
        let asked = [("act", "look_up"), ("text", "opnar symjehallen på laurdag")];
        editor.submit("/", "/log", &asked).body
    };
    assert!(until(looked, |it| it.contains("Klokka 10, til 16.")), "it is found");
    let row = app.topic(topic).expect("read").expect("there");
    let who = Decider { by: None, version: Some(row.version) };
    let back = skranke::app::TopicDecision::SetAnswer(String::new());
    app.decide_topic(topic, back, who).expect("taken back");
    app.settle().expect("folded");
    let asked = [("act", "look_up"), ("text", "opnar symjehallen på laurdag")];
    let looked = editor.submit("/", "/log", &asked).body;
    assert!(looked.contains("spurt") && !looked.contains("Klokka 10, til 16."), "{looked}");
}
