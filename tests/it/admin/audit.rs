//! Who did what, in words: filtered, a page at a time, and as a file.

use skranke::clock::Clock;

use crate::harness::town::Town;
use crate::harness::visitor::add;

const PATH: &str = "/admin/audit";

fn town(data: &std::path::Path) -> (Town, Clock) {
    let clock = Clock::fixed("2026-03-10T12:00:00Z".parse().expect("an instant"));
    (Town::open(data, &clock), clock)
}

#[test]
fn a_line_says_who_what_and_whom_in_words_and_leads_there() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, _clock) = town(folder.path());
    let mut admin = town.set_up();
    let _editor = add(&mut admin, "editor");
    let page = admin.get(PATH).body;
    assert!(page.contains("Inviterte ein person"), "{page}");
    assert!(page.contains("Logga inn"), "{page}");
    assert!(page.contains("href=\"/admin/people/per_"), "{page}");
    assert!(page.contains("<td role=\"cell\">Marit</td>"), "who did it: {page}");
    assert!(!page.contains(">per_"), "no id is shown: {page}");
}

#[test]
fn whoever_has_left_keeps_their_name() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, _clock) = town(folder.path());
    let mut admin = town.set_up();
    let _editor = add(&mut admin, "editor");
    let people = admin.get("/admin/people").body;
    let row = people.split("<tr").find(|it| it.contains(">editor<")).expect("a row");
    let id = row.split("value=\"per_").nth(1).and_then(|it| it.split('"').next());
    let id = format!("per_{}", id.expect("an id"));
    let fields = [("change", "disable"), ("id", id.as_str())];
    assert_eq!(admin.submit("/admin/people", "/admin/people", &fields).status, 303);
    let page = admin.get(&format!("{PATH}?who={id}")).body;
    assert!(page.contains("editor (stengd konto)</option>"), "{page}");
    assert!(page.contains("<td role=\"cell\">editor</td>"), "{page}");
    assert!(!page.contains("<td role=\"cell\">Marit</td>"), "only theirs: {page}");
}

#[test]
fn lines_are_found_by_area_and_period_and_the_address_keeps_the_choice() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, clock) = town(folder.path());
    drop(town.set_up());
    clock.advance_by(jiff::SignedDuration::from_hours(24));
    let mut admin_later = crate::harness::visitor::Visitor::sign_in(town.address, "marit");
    let fields = [("job", "topics")];
    assert_eq!(admin_later.submit("/admin/jobs", "/admin/jobs", &fields).status, 303);
    town.wait_for(skranke::schedule::Job::Topics);
    let page = admin_later.get(&format!("{PATH}?area=jobs")).body;
    assert!(
        page.contains("Starta ein jobb") && !page.contains("<td role=\"cell\" title=\"sign_in")
    );
    assert!(page.contains("/admin/jobs#topics"), "{page}");
    assert!(page.contains("/admin/audit.csv?area=jobs"), "{page}");
    let first = admin_later.get(&format!("{PATH}?from=2026-03-10&to=2026-03-10")).body;
    assert!(first.contains("title=\"person.invited\"") && !first.contains("title=\"job.start\""));
    let second = admin_later.get(&format!("{PATH}?from=2026-03-11")).body;
    assert!(!second.contains("title=\"person.invited\"") && second.contains("title=\"job.start\""));
    let none = admin_later.get(&format!("{PATH}?to=2020-01-01")).body;
    assert!(none.contains("Ingen linjer passar til valet"), "{none}");
    let odd = admin_later.get(&format!("{PATH}?who=x&area=y&from=z&to=-1&page=999"));
    assert_eq!(odd.status, 200);
}

#[test]
fn the_file_holds_what_the_page_shows_and_no_formula() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, _clock) = town(folder.path());
    let mut admin = town.set_up();
    let fields = [
        ("change", "invite"),
        ("login", "rekneark"),
        ("name", "=HYPERLINK(1)"),
        ("role", "reader"),
        ("lang", "nn"),
    ];
    assert_eq!(admin.submit("/admin/people", "/admin/people", &fields).status, 200);
    let file = admin.get("/admin/audit.csv?area=access");
    assert_eq!(file.status, 200);
    let lines: Vec<&str> = file.body.lines().collect();
    assert_eq!(lines[0].trim_start_matches('\u{feff}'), "Når;Kven;Kva;Gjeld;Gjort");
    assert!(lines[1].starts_with("2026-03-10 13:00:00;Marit;Inviterte ein person;"), "{lines:?}");
    assert!(lines[1].contains(";'=HYPERLINK(1);"), "{lines:?}");
}

#[test]
fn many_lines_are_turned_over_a_page_at_a_time() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, _clock) = town(folder.path());
    let mut admin = town.set_up();
    for _ in 0..120 {
        let by = None;
        let noted = skranke::app::Noted { by, action: "job.start", target: "topics".to_owned() };
        town.app.note(noted, true).expect("noted");
    }
    town.app.settle().expect("folded");
    let first = admin.get(&format!("{PATH}?area=jobs")).body;
    assert!(first.contains("120 linjer") && first.contains("Side 1 av 2"), "{first}");
    let second = admin.get(&format!("{PATH}?area=jobs&page=2")).body;
    assert_eq!(second.matches("title=\"job.start\"").count(), 20);
}
