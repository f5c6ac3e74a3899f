//! Desks and channels: named, put in order, archived, and what was logged stays with them.

use std::path::Path;

use jiff::SignedDuration;
use skranke::app::{Decider, DecisionError};
use skranke::clock::Clock;
use skranke::inquiry::Channel;
use skranke::messages::Lang;
use skranke::organisation::{Desk, PlaceError, Settings};

use crate::harness::town::Town;
use crate::harness::visitor::{Answer, Visitor, add};

const PATH: &str = "/admin/desks";

fn noon() -> Clock {
    Clock::fixed("2026-03-10T12:00:00Z".parse().expect("an instant"))
}

fn open(folder: &Path) -> Town {
    Town::open(folder, &noon())
}

fn change(admin: &mut Visitor, fields: &[(&str, &str)]) -> Answer {
    let version = admin.get(PATH).hidden("version");
    let mut all = vec![("version", version.as_str())];
    all.extend(fields);
    admin.submit(PATH, PATH, &all)
}

#[track_caller]
fn done(admin: &mut Visitor, fields: &[(&str, &str)]) {
    let answer = change(admin, fields);
    assert_eq!(answer.status, 303, "{}", answer.body);
}

#[track_caller]
fn add_desk(admin: &mut Visitor, name: &str) {
    done(admin, &[("kind", "desk"), ("change", "add"), ("name_nn", name)]);
}

#[track_caller]
fn does(admin: &mut Visitor, (kind, place): (&str, &str), change: &str) {
    done(admin, &[("kind", kind), ("place", place), ("change", change)]);
}

#[track_caller]
fn log(visitor: &mut Visitor, text: &str, fields: &[(&str, &str)]) {
    let key = visitor.get("/").hidden("key");
    let mut all = vec![("key", key.as_str()), ("text", text), ("act", "save")];
    all.extend(fields);
    let answer = visitor.submit("/", "/log", &all);
    assert_eq!(answer.status, 303, "{}", answer.body);
}

/// What stands on a page between two marks, the first time.
fn part<'a>(page: &'a str, from: &str, to: &str) -> &'a str {
    let rest = page.split_once(from).unwrap_or_else(|| panic!("no {from}: {page}")).1;
    rest.split_once(to).unwrap_or_else(|| panic!("no {to}: {page}")).0
}

fn offered(page: &str) -> Vec<String> {
    let select = part(page, "<select class=\"ds-input\" id=\"desk\"", "</select>");
    let options = select.split("<option ").skip(1);
    options.map(|it| part(it, ">", "<").to_owned()).collect()
}

#[test]
fn a_desk_that_gets_another_name_keeps_its_questions() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let town = open(folder.path());
    let mut admin = town.set_up();
    add_desk(&mut admin, "Rådhuset");
    add_desk(&mut admin, "Nordbygda");
    log(&mut admin, "når opnar symjehallen", &[("desk", "Nordbygda")]);
    log(&mut admin, "kvar søkjer eg om barnehage", &[("desk", "Rådhuset")]);
    let rename = [
        ("kind", "desk"),
        ("place", "Nordbygda"),
        ("change", "rename"),
        ("name_nn", "Innbyggjartorget"),
        ("name_en", "Citizen centre"),
    ];
    done(&mut admin, &rename);
    assert_eq!(offered(&admin.get("/").body), ["Rådhuset", "Innbyggjartorget"]);
    assert_eq!(offered(&admin.get("/today").body), ["Rådhuset", "Innbyggjartorget"]);
    // An address of before, such as a saved view, finds what it found.
    let page = admin.get("/inquiries?desk=Nordbygda").body;
    assert!(page.contains("når opnar symjehallen"), "{page}");
    assert!(!page.contains("kvar søkjer eg om barnehage"), "{page}");
    let select = part(&page, "id=\"f-desk\"", "</select>");
    assert!(select.contains("value=\"Nordbygda\" selected>Innbyggjartorget<"), "{select}");
    let today = admin.get("/today?desk=Nordbygda&q=symjehallen").body;
    assert!(today.contains("når opnar symjehallen"), "the desk's own questions: {today}");
    // Readers of another language read its name in theirs, or the organisation's own.
    admin.submit("/help", "/lang", &[("lang", "en")]);
    assert_eq!(offered(&admin.get("/").body), ["Rådhuset", "Citizen centre"]);
    admin.submit("/help", "/lang", &[("lang", "nb")]);
    assert_eq!(offered(&admin.get("/").body), ["Rådhuset", "Innbyggjartorget"]);
    // What is logged under the new name is logged at the same desk.
    log(&mut admin, "når opnar biblioteket", &[("desk", "citizen CENTRE")]);
    let page = admin.get("/inquiries?desk=Nordbygda").body;
    assert!(page.contains("når opnar biblioteket"), "{page}");
}

#[test]
fn an_archived_desk_is_not_offered_and_its_questions_are_found() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let town = open(folder.path());
    let mut admin = town.set_up();
    ["Rådhuset", "Nordbygda", "Biblioteket"].iter().for_each(|it| add_desk(&mut admin, it));
    log(&mut admin, "når opnar symjehallen", &[("desk", "Nordbygda")]);
    log(&mut admin, "kvar søkjer eg om barnehage", &[("desk", "Rådhuset")]);
    does(&mut admin, ("desk", "Nordbygda"), "archive");
    assert_eq!(offered(&admin.get("/").body), ["Rådhuset", "Biblioteket"]);
    let page = admin.get("/inquiries?desk=Nordbygda").body;
    assert!(page.contains("når opnar symjehallen"), "{page}");
    // A browser that was away sends what it has: nothing is lost, nothing is moved.
    log(&mut admin, "kva kostar byggjesak", &[("desk", "Nordbygda")]);
    assert!(admin.get("/inquiries?desk=Nordbygda").body.contains("kva kostar byggjesak"));
    assert_eq!(offered(&admin.get("/today").body), ["Rådhuset", "Biblioteket"]);
    does(&mut admin, ("desk", "Nordbygda"), "put_back");
    assert_eq!(offered(&admin.get("/").body), ["Rådhuset", "Biblioteket", "Nordbygda"]);
    does(&mut admin, ("desk", "Nordbygda"), "up");
    // The next press goes on where the last one ended.
    let page = admin.get(PATH).body;
    assert!(page.contains("«Nordbygda» er flytta."), "{page}");
    let row = part(&page, "<tr role=\"row\" id=\"desk-1\"", "</tr>");
    assert!(row.contains("Nordbygda") && row.contains("value=\"up\" autofocus"), "{row}");
    assert_eq!(offered(&admin.get("/").body), ["Rådhuset", "Nordbygda", "Biblioteket"]);
    // What was used stays; what never was may go.
    let remove = [("kind", "desk"), ("place", "Nordbygda"), ("change", "remove")];
    let answer = change(&mut admin, &remove);
    assert_eq!(answer.status, 422);
    assert!(answer.body.contains("Arkiver det i staden"), "{}", answer.body);
    does(&mut admin, ("desk", "Biblioteket"), "remove");
    assert_eq!(offered(&admin.get("/").body), ["Rådhuset", "Nordbygda"]);
}

#[test]
fn what_cannot_be_is_said_where_it_was_typed_and_nothing_is_lost() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let town = open(folder.path());
    let mut admin = town.set_up();
    add_desk(&mut admin, "Rådhuset");
    let long = "å".repeat(81);
    let wrong = [
        ("rådhuset", "Noko anna heiter dette"),
        (&long, "høgst 80 teikn"),
        (" ", "Skriv eit namn"),
    ];
    for (name, says) in wrong {
        let fields = [("kind", "desk"), ("change", "add"), ("name_nn", name), ("name_en", "Hall")];
        let answer = change(&mut admin, &fields);
        assert_eq!(answer.status, 422, "{name}");
        assert!(answer.body.contains(says), "{name}: {}", answer.body);
        assert!(answer.body.contains("value=\"Hall\""), "{}", answer.body);
    }
    // Numbers of people do not get into names either.
    add_desk(&mut admin, "Ring 40012345");
    let page = admin.get(PATH).body;
    assert!(!page.contains("40012345"), "{page}");
    // Whoever saves too late sees what stands, and has what was typed.
    let version = admin.get(PATH).hidden("version");
    add_desk(&mut admin, "Biblioteket");
    let late =
        [("version", version.as_str()), ("kind", "desk"), ("change", "add"), ("name_nn", "Torget")];
    let answer = admin.submit(PATH, PATH, &late);
    assert_eq!(answer.status, 412);
    assert!(answer.body.contains("Biblioteket") && answer.body.contains("value=\"Torget\""));
    let rename = [("kind", "desk"), ("place", "Rådhuset"), ("change", "rename")];
    let late = [&rename[..], &[("version", &version), ("name_nn", "Kulturhuset")]].concat();
    let answer = admin.submit(PATH, PATH, &late);
    assert_eq!(answer.status, 412);
    assert!(answer.body.contains("value=\"Kulturhuset\""), "{}", answer.body);
    let version = answer.hidden("version");
    let again =
        [("version", version.as_str()), ("kind", "desk"), ("change", "add"), ("name_nn", "Torget")];
    assert_eq!(admin.submit(PATH, PATH, &again).status, 303);
    assert_eq!(change(&mut admin, &[("kind", "desk"), ("change", "burn")]).status, 422);
    let mut auditor = add(&mut admin, "auditor");
    let page = auditor.get(PATH).body;
    assert!(page.contains("Torget") && !page.contains("name=\"change\""), "{page}");
    let audit = admin.get("/admin/audit").body;
    assert!(audit.contains("La til eit mottak") && audit.contains(">Torget<"), "{audit}");
}

#[test]
fn a_channel_is_called_what_the_organisation_calls_it_and_machines_keep_the_key() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let clock = noon();
    let town = Town::open(folder.path(), &clock);
    let mut admin = town.set_up();
    log(&mut admin, "når opnar symjehallen", &[("channel", "desk")]);
    let rename = [
        ("kind", "channel"),
        ("place", "desk"),
        ("change", "rename"),
        ("name_nn", "Innbyggjartorg"),
    ];
    done(&mut admin, &rename);
    does(&mut admin, ("channel", "desk"), "up");
    for page in ["/", "/today", "/gaps", "/inquiries", "/inquiries?channel=desk"] {
        let body = admin.get(page).body;
        assert!(body.contains("Innbyggjartorg"), "{page}: {body}");
    }
    let page = admin.get("/").body;
    let first = part(&page, "name=\"channel\" id=\"", "\"");
    assert_eq!(first, "channel-desk", "the order of the form");
    let file = admin.get("/lists/inquiries.json").body;
    assert!(
        file.contains("\"desk\"") && !file.contains("\"channel\":\"Innbyggjartorg\""),
        "{file}"
    );
    let inspected = admin.get("/admin/inspection?from=2026-03-01&to=2026-03-10").body;
    assert!(inspected.contains("Innbyggjartorg"), "{inspected}");
    let paper = admin.get("/admin/papers/screening.md").body;
    assert!(paper.contains("Innbyggjartorg"), "{paper}");
    // Not offered any more, it is still found.
    does(&mut admin, ("channel", "desk"), "archive");
    assert!(!admin.get("/").body.contains("id=\"channel-desk\""));
    let gaps = admin.get("/gaps").body;
    assert!(gaps.contains("value=\"desk\">Innbyggjartorg<"), "{gaps}");
    assert!(admin.get("/inquiries?channel=desk").body.contains("når opnar symjehallen"));
    for channel in ["phone", "email"] {
        does(&mut admin, ("channel", channel), "archive");
    }
    let last = [("kind", "channel"), ("place", "chat"), ("change", "archive")];
    let answer = change(&mut admin, &last);
    assert_eq!(answer.status, 422);
    assert!(answer.body.contains("Minst éin kanal"), "{}", answer.body);
    does(&mut admin, ("channel", "letter"), "put_back");
    assert!(admin.get("/").body.contains("id=\"channel-letter\""));
    // Once the week is over it stands in the figures, and the keys of a file are as ever.
    clock.advance_by(SignedDuration::from_hours(24 * 8));
    let mut admin = Visitor::sign_in(town.address, "marit");
    for path in ["/figures", "/figures/weeks.csv"] {
        let body = admin.get(path).body;
        assert!(body.contains("Innbyggjartorg"), "{path}: {body}");
    }
    let file = admin.get("/figures/weeks.json").body;
    let column = "{\"key\":\"counter\",\"head\":\"Innbyggjartorg\"";
    assert!(file.contains(column), "{file}");
    let week: skranke::week::Week = "2026-W11".parse().expect("a week");
    let facts = town.app.letter_facts(week).expect("read");
    let desk = facts.channels.iter().find(|it| it.channel == Channel::Desk).expect("it was used");
    assert_eq!(desk.names.given(Lang::Nb), Some("Innbyggjartorg"), "the letter says it too");
}

#[test]
fn settings_that_a_view_could_not_hold_are_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let town = open(folder.path());
    let long = |n: usize| format!("{n:02}{}", "å".repeat(78));
    let desk = |n: usize| Desk {
        names: Lang::ALL.into_iter().map(|lang| (lang, long(n))).collect(),
        ..Desk::from(long(n).as_str())
    };
    let desks = (0..Settings::DESKS_MAX).map(desk).collect();
    let settings = Settings { desks, ..Settings::default() };
    let refused = town.app.set_settings(settings, Decider { by: None, version: None });
    assert!(matches!(refused, Err(DecisionError::Place(PlaceError::TooMuch))), "{refused:?}");
}
