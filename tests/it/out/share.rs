//! One gap for a colleague without an account: what is shown, and when it is no longer.

use jiff::SignedDuration;
use skranke::app::{Decider, TopicDecision};
use skranke::clock::Clock;
use skranke::id::TopicNumber;

use super::town_with_gap;
use crate::harness::visitor::{Answer, Visitor};

fn noon() -> Clock {
    Clock::fixed("2026-03-06T11:00:00Z".parse().expect("an instant"))
}

/// Makes a link and tells its path.
#[track_caller]
fn share(editor: &mut Visitor, number: &str, more: &[(&str, &str)]) -> String {
    let on = format!("/gaps/{number}");
    let public = editor.get(&on).hidden("public");
    let fields = [&[("change", "make"), ("public", public.as_str())], more].concat();
    let answer = editor.submit(&on, &format!("{on}/links"), &fields);
    assert_eq!(answer.status, 200, "{}", answer.body);
    let at = answer.body.find("/shared/").expect("the address is shown");
    let path: String = answer.body[at..].chars().take_while(|it| *it != '<').collect();
    assert!(!editor.get(&on).body.contains("/shared/"), "shown once");
    path
}

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.headers.iter().find(|it| it.0 == name).map_or("", |it| it.1.as_str())
}

#[test]
fn whoever_has_the_link_reads_the_gap_and_nothing_of_who_works_on_it() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, mut admin, number) = town_with_gap(folder.path(), &noon());
    let who = Decider { by: None, version: None };
    let step = skranke::review::Step::Comment { text: "hugs å ringe Teknisk".to_owned() };
    town.app.step(TopicNumber(1), step, who).expect("said");
    let path = share(&mut admin, &number, &[("term", "7")]);
    let mut colleague = Visitor::new(town.address);
    let page = colleague.get(&path);
    assert_eq!(page.status, 200);
    assert!(page.body.contains("kvervlingen") && page.body.contains("Markdown"), "{}", page.body);
    for hidden in ["Marit", "Teknisk", "<nav", "<form", "href=\"/gaps", "href=\"/help"] {
        assert!(!page.body.contains(hidden), "{hidden}: {}", page.body);
    }
    assert_eq!(header(&page, "referrer-policy"), "no-referrer");
    assert_eq!(header(&page, "x-robots-tag"), "noindex, nofollow");
    assert_eq!(header(&page, "cache-control"), "no-store");
    assert_eq!(header(&colleague.get("/help"), "referrer-policy"), "same-origin");
    let secret = path.trim_start_matches("/shared/");
    for file in std::fs::read_dir(folder.path().join("journal")).expect("a folder") {
        let bytes = std::fs::read(file.expect("a file").path()).unwrap_or_default();
        let kept = bytes.windows(secret.len()).any(|it| it == secret.as_bytes());
        assert!(!kept, "only a hash of it is kept");
    }
    let feed = path.replace("/shared/", "/feed/");
    assert_eq!(colleague.get(&feed).status, 404, "it leads to one thing");
}

#[test]
fn ended_expired_and_unknown_links_get_the_same_page() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let clock = noon();
    let (town, mut admin, number) = town_with_gap(folder.path(), &clock);
    let on = format!("/gaps/{number}");
    for (term, day) in [("day", "2026-03-05"), ("day", "2026-06-06"), ("day", "nei")] {
        let public = admin.get(&on).hidden("public");
        let wish = [("change", "make"), ("public", &public), ("term", term), ("day", day)];
        let answer = admin.submit(&on, &format!("{on}/links"), &wish);
        assert_eq!(answer.status, 422, "{day}");
    }
    let ended = share(&mut admin, &number, &[("term", "30")]);
    let expired = share(&mut admin, &number, &[("term", "day"), ("day", "2026-03-07")]);
    let page = admin.get(&on).body;
    let ids: Vec<&str> = page.split("name=\"id\" value=\"link_").skip(1).collect();
    assert_eq!(ids.len(), 2, "both are listed");
    let id = format!("link_{}", ids[1].split('"').next().unwrap_or_default());
    let mut colleague = Visitor::new(town.address);
    assert_eq!(colleague.get(&ended).status, 200);
    let end = [("change", "end"), ("id", id.as_str())];
    assert_eq!(admin.submit(&on, &format!("{on}/links"), &end).status, 303);
    let first = colleague.get(&ended);
    assert_eq!(first.status, 404);
    assert_eq!(colleague.get(&expired).status, 200, "the last day is whole");
    clock.advance_by(SignedDuration::from_hours(36));
    let unknown = format!("/shared/{}", "a".repeat(76));
    for path in [expired.as_str(), &unknown, "/shared/x"] {
        let answer = colleague.get(path);
        assert_eq!((answer.status, &answer.body), (404, &first.body), "{path}");
    }
}

#[test]
fn a_merged_gap_is_found_by_its_old_link_and_guessing_is_slowed_down() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, mut admin, number) = town_with_gap(folder.path(), &noon());
    let path = share(&mut admin, &number, &[("term", "7")]);
    let old: TopicNumber = number.parse().expect("a number");
    let lines = town.app.lines_of(old);
    let new = town.app.split(old, &[lines[0].id], None).expect("split");
    town.app.settle().expect("folded");
    let merge = TopicDecision::Merge(new);
    town.app.decide_topic(old, merge, Decider { by: None, version: None }).expect("merged");
    town.app.settle().expect("folded");
    let mut colleague = Visitor::new(town.address);
    assert_eq!(colleague.get(&path).status, 200);
    let links = town.app.links_of(new);
    assert_eq!(links.len(), 1, "it stands on the page that it leads to");

    let guess = format!("{}{}", &path[..20], "0".repeat(64));
    assert_eq!(guess.len(), path.len());
    let told: Vec<u16> = (0..6).map(|_| colleague.get(&guess).status).collect();
    assert_eq!(told, [404, 404, 404, 404, 404, 429]);
    assert_eq!(colleague.get(&path).status, 429, "the right one waits too");
}
