//! News of gaps as Atom: valid, in order, fetched again only when something is new.

use jiff::{SignedDuration, Timestamp};
use skranke::app::Decider;
use skranke::clock::Clock;
use skranke::id::TopicNumber;
use skranke::review::Step;

use super::town_with_gap;
use crate::harness::visitor::{Answer, Visitor, add};

/// Makes a feed and tells its path.
fn make(visitor: &mut Visitor) -> String {
    let public = visitor.get("/account").hidden("public");
    let fields = [("change", "make_feed"), ("public", public.as_str())];
    let answer = visitor.submit("/account", "/account", &fields);
    let at = answer.body.find("/feed/").unwrap_or_else(|| panic!("{}", answer.body));
    answer.body[at..].chars().take_while(|it| *it != '<').collect()
}

/// The texts of an element that stand in entries; reading all of it shows that it is XML.
fn texts(feed: &Answer, name: &str) -> Vec<String> {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(&feed.body);
    let (mut found, mut path, mut in_entry) = (vec![], vec![], false);
    loop {
        match reader.read_event().expect("well formed") {
            Event::Start(it) => {
                let tag = it.name().as_ref().to_owned();
                in_entry |= tag == "entry";
                path.push(tag);
                if in_entry && path.last().is_some_and(|it| it == name) {
                    found.push(String::new());
                }
            }
            Event::End(_) => {
                let ended = path.pop().expect("as many begin as end");
                in_entry &= ended != "entry";
            }
            Event::Text(text) if in_entry && path.last().is_some_and(|it| it == name) => {
                found.last_mut().expect("begun").push_str(text.as_ref());
            }
            Event::Eof => return found,
            _ => {}
        }
    }
}

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.headers.iter().find(|it| it.0 == name).map_or("", |it| it.1.as_str())
}

#[test]
fn the_feed_tells_what_is_new_the_newest_first_and_only_when_it_is() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let clock = Clock::fixed("2026-03-06T11:00:00Z".parse().expect("an instant"));
    let (town, mut admin, number) = town_with_gap(folder.path(), &clock);
    let path = make(&mut admin);
    assert!(!admin.get("/account").body.contains("/feed/"), "shown once");
    let mut reader = Visitor::new(town.address);
    let first = reader.get(&path);
    assert_eq!(
        (first.status, header(&first, "content-type")),
        (200, "application/atom+xml; charset=utf-8")
    );
    let titles = texts(&first, "title");
    assert!(titles.len() == 1 && titles[0].starts_with("Nytt hol: k"), "{}", first.body);
    let tag = header(&first, "etag").to_owned();
    let fresh = reader.get_with(&path, &format!("if-none-match: {tag}\r\n"));
    assert_eq!((fresh.status, fresh.body.as_str()), (304, ""));
    assert_eq!(header(&fresh, "etag"), tag);
    let since = format!("if-modified-since: {}\r\n", header(&first, "last-modified"));
    assert_eq!(reader.get_with(&path, &since).status, 304);

    clock.advance_by(SignedDuration::from_hours(24));
    let topic: TopicNumber = number.parse().expect("a number");
    let who = Decider { by: None, version: None };
    town.app.step(topic, Step::Dismiss { reason: "nei".into(), inquiries: 4 }, who).expect("out");
    town.app.settle().expect("folded");
    town.app.step(topic, Step::Reopen, who).expect("open again");
    town.app.settle().expect("folded");
    let second = reader.get_with(&path, &format!("if-none-match: {tag}\r\n"));
    assert_eq!(second.status, 200);
    let name = titles[0].trim_start_matches("Nytt hol: ");
    assert_eq!(texts(&second, "title"), [format!("Ope igjen: {name}"), titles[0].clone()]);
    let (ids, times) = (texts(&second, "id"), texts(&second, "updated"));
    assert_eq!(ids[1], texts(&first, "id")[0], "an id stays");
    assert_ne!(ids[0], ids[1]);
    assert!(ids.iter().all(|it| it.starts_with("urn:uuid:")), "{ids:?}");
    let times: Vec<Timestamp> = times.iter().map(|it| it.parse().expect("a time")).collect();
    assert_eq!(times[0], clock.now());
    assert!(times[1] < times[0], "the newest first");
    assert_eq!(reader.get_with(&path, &since).status, 200);
    assert_eq!(texts(&reader.get(&path), "id"), ids, "noticed once");
}

#[test]
fn a_feed_dies_with_its_person_and_another_takes_its_place() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let clock = Clock::fixed("2026-03-06T11:00:00Z".parse().expect("an instant"));
    let (town, mut admin, _) = town_with_gap(folder.path(), &clock);
    let mut editor = add(&mut admin, "editor");
    let (first, second) = (make(&mut editor), make(&mut editor));
    let mut reader = Visitor::new(town.address);
    assert_eq!([reader.get(&first).status, reader.get(&second).status], [404, 200]);
    let shared = second.replace("/feed/", "/shared/");
    assert_eq!(reader.get(&shared).status, 404, "it leads to one thing");
    let people = town.app.state.people.all();
    let id = people.iter().find(|it| it.row.name == "editor").map(|it| it.id).expect("somebody");
    let id = skranke::id::Id::<skranke::people::Person>::from_uuid(id).to_string();
    for (change, status) in [("disable", 404), ("enable", 200)] {
        let fields = [("change", change), ("id", id.as_str())];
        assert_eq!(admin.submit("/admin/people", "/admin/people", &fields).status, 303);
        town.app.settle().expect("folded");
        assert_eq!(reader.get(&second).status, status, "{change}");
    }
    let mut editor = Visitor::sign_in(town.address, "editor");
    assert_eq!(editor.submit("/account", "/account", &[("change", "end_feed")]).status, 303);
    assert_eq!(reader.get(&second).status, 404);
    let mut desk = add(&mut admin, "reception");
    assert!(!desk.get("/account").body.contains("make_feed"));
    assert_eq!(desk.submit("/account", "/account", &[("change", "make_feed")]).status, 403);
}
