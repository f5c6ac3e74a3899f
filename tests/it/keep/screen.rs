//! How long what is kept for, on the administrator's screen.

use jiff::{SignedDuration, Timestamp};
use skranke::clock::Clock;
use skranke::organisation::Retention;

use crate::harness::town::Town;
use crate::harness::visitor::{Answer, Visitor, add};

const PATH: &str = "/admin/retention";

/// Types the times and asks for a count or a change; the version is the one on the screen.
fn send(admin: &mut Visitor, change: &str, (text, author): (&str, &str)) -> Answer {
    let version = admin.get(PATH).hidden("version");
    let fields = [
        ("version", version.as_str()),
        ("change", change),
        ("text_months", text),
        ("author_days", author),
        ("audit_months", "24"),
        ("session_days", "30"),
    ];
    admin.submit(PATH, PATH, &fields)
}

/// A town in which two questions were logged, `days` ago.
fn town(data: &std::path::Path, days: i64) -> (Town, Visitor, Clock) {
    let begun: Timestamp = "2026-03-10T12:00:00Z".parse().expect("an instant");
    let clock = Clock::fixed(begun);
    let town = Town::open(data, &clock);
    let mut admin = town.set_up();
    for (n, text) in ["når opnar symjehallen", "kven tømmer bosset"].iter().enumerate() {
        let key = format!("inq_01970001-0001-7000-8000-{n:012x}");
        let fields = [("key", key.as_str()), ("text", text), ("act", "save")];
        assert_eq!(admin.submit("/", "/log", &fields).status, 303);
    }
    clock.advance_by(SignedDuration::from_hours(24 * days));
    let admin = Visitor::sign_in(town.address, "marit");
    (town, admin, clock)
}

#[test]
fn an_administrator_sees_what_would_go_before_it_is_set() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, mut admin, _clock) = town(folder.path(), 40);
    let page = admin.get(PATH).body;
    assert!(page.contains("name=\"text_months\" type=\"number\" required min=\"1\" max=\"120\""));
    assert!(page.contains("value=\"13\"") && page.contains("Neste sletting: "), "{page}");
    assert!(!page.contains("id=\"would-go\""), "nobody has asked: {page}");
    let page = send(&mut admin, "count", ("13", "60"));
    assert_eq!(page.status, 200);
    assert!(page.body.contains("Ingenting er så gamalt enno."), "{}", page.body);
    let page = send(&mut admin, "count", ("1", "30")).body;
    assert!(page.contains("2 spørsmål mistar orda."), "{page}");
    assert!(page.contains("2 postar seier ikkje lenger kven som loggførte."), "{page}");
    assert!(!page.contains("linjer seier ikkje"), "what stays is not listed: {page}");
    assert!(page.contains("value=\"1\"") && page.contains("ikkje lagra"), "typed stays: {page}");
    // Counting has neither set nor erased anything.
    town.app.settle().expect("folded");
    assert!(town.app.state.settings().retention.is_usual());
    assert!(!folder.path().join("wishes.jsonl").exists());
    assert!(!super::search::found_in(&folder.path().join("journal"), "symjehallen").is_empty());
}

#[test]
fn a_clock_far_from_the_newest_record_is_told_beside_the_counts() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, mut admin, clock) = town(folder.path(), 40);
    let off = "meir enn eit døgn unna";
    assert!(!send(&mut admin, "count", ("1", "30")).body.contains(off));
    clock.advance_by(SignedDuration::from_hours(-30));
    // What was begun while the clock was ahead is over.
    let mut admin = Visitor::sign_in(town.address, "marit");
    let page = send(&mut admin, "count", ("1", "30")).body;
    assert!(page.contains(off) && page.contains("2 spørsmål mistar orda."), "{page}");
}

#[test]
fn a_time_is_set_noted_and_refused_where_it_cannot_be() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, mut admin, _clock) = town(folder.path(), 0);
    for (wrong, limits) in [(("0", "30"), "1 til 120"), (("121", "30"), "1 til 120")] {
        let page = send(&mut admin, "set", wrong);
        assert_eq!(page.status, 422);
        assert!(page.body.contains(&format!("Skriv eit heilt tal frå {limits}.")), "{}", page.body);
        assert!(page.body.contains("aria-describedby=\"text_months-hint text_months-error\""));
        assert!(page.body.contains(&format!("value=\"{}\"", wrong.0)), "it stays to be mended");
    }
    for wrong in ["", "x", "366", "1.5"] {
        assert_eq!(send(&mut admin, "count", ("13", wrong)).status, 422, "{wrong}");
    }
    assert!(send(&mut admin, "count", ("13", "30")).body.contains("Ingenting er så gamalt enno."));
    let old = admin.get(PATH).hidden("version");
    assert_eq!(send(&mut admin, "set", ("6", "14")).status, 303);
    let page = admin.get(PATH).body;
    assert!(page.contains("Tidene er lagra.") && page.contains("value=\"6\""), "{page}");
    town.app.settle().expect("folded");
    let expected = Retention { text_months: 6, author_days: 14, ..Retention::default() };
    assert_eq!(town.app.state.settings().retention, expected);
    let lines = town.app.state.audit.all();
    let line = &lines.last().expect("a line").row;
    assert_eq!((line.action.as_str(), line.target.as_str()), ("settings.set", "retention"));
    assert!(line.who.is_some());
    // Somebody who has seen older settings is told so, and sees what was typed.
    let stale = [
        ("version", old.as_str()),
        ("change", "set"),
        ("text_months", "7"),
        ("author_days", "14"),
        ("audit_months", "24"),
        ("session_days", "30"),
    ];
    let page = admin.submit(PATH, PATH, &stale);
    assert_eq!(page.status, 412);
    assert!(page.body.contains("Nokon har endra dette") && page.body.contains("value=\"7\""));
    assert_eq!(town.app.state.settings().retention, expected);
    let mut editor = add(&mut admin, "editor");
    assert_eq!(editor.get(PATH).status, 403);
    let mut auditor = add(&mut admin, "auditor");
    let page = auditor.get(PATH);
    assert!(page.status == 200 && !page.body.contains("value=\"set\""), "an auditor reads");
}
