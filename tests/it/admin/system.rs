//! What the system page says, and that it says so when something does not agree.

use jiff::SignedDuration;
use skranke::app::Decider;
use skranke::clock::Clock;
use skranke::organisation::{Settings, Site};
use skranke::schedule::Job;

use crate::harness::town::Town;
use crate::harness::visitor::add;
use crate::harness::website::{Reply, Website};

const PATH: &str = "/admin/system";

#[test]
fn an_administrator_sees_how_the_machine_does() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let clock = Clock::fixed("2026-03-10T12:00:00Z".parse().expect("an instant"));
    let town = Town::open(folder.path(), &clock);
    let mut admin = town.set_up();
    assert!(town.app.settle_index(std::time::Duration::from_secs(30)));
    let page = admin.get(PATH);
    assert_eq!(page.status, 200);
    let page = page.body;
    assert!(page.contains(env!("CARGO_PKG_VERSION")), "{page}");
    assert!(page.contains("Alt stemmer"), "{page}");
    assert!(page.contains("Det er ikkje sett noka mappe for kopiar"), "{page}");
    assert!(!page.contains("skulle ha gått"), "no job is late yet: {page}");
    // Three hours later the service runs for three hours, by the same clock.
    clock.advance_by(SignedDuration::from_hours(3));
    assert!(admin.get(PATH).body.contains("3 t"), "how long it has been up");
    let mut auditor = add(&mut admin, "auditor");
    assert_eq!(auditor.get(PATH).status, 200, "an auditor reads");
    let mut editor = add(&mut admin, "editor");
    assert_eq!(editor.get(PATH).status, 403);
}

#[test]
fn a_job_that_needs_a_look_is_a_red_line_that_leads_to_it() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let clock = Clock::fixed("2026-03-10T12:00:00Z".parse().expect("an instant"));
    let town = Town::open(folder.path(), &clock);
    let mut admin = town.set_up();
    assert!(!admin.get(PATH).body.contains("data-color=\"danger\""), "nothing is wrong yet");
    let broken = Website::start(&[("/", Reply::Status(500))]);
    let start = format!("{}/", broken.address);
    let site = Site { allow_private: true, pace_ms: 0, ..Site::new(&start) };
    let settings = Settings { sites: vec![site], ..town.app.state.settings() };
    let who = Decider { by: None, version: None };
    town.app.set_settings(settings, who).expect("they are set");
    town.app.settle().expect("folded");
    let fields = [("job", "crawl")];
    assert_eq!(admin.submit("/admin/jobs", "/admin/jobs", &fields).status, 303);
    while town.jobs.look(Job::Crawl).progress.is_some() {
        std::thread::yield_now();
    }
    let page = admin.get(PATH).body;
    assert!(page.contains("data-color=\"danger\""), "{page}");
    assert!(page.contains("href=\"/admin/jobs#crawl\">Lese nettstaden</a>: Siste"), "{page}");
}

#[test]
fn what_the_program_is_made_of_can_be_read_without_a_net() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let clock = Clock::fixed("2026-03-10T12:00:00Z".parse().expect("an instant"));
    let town = Town::open(folder.path(), &clock);
    let mut admin = town.set_up();
    let list = admin.get("/admin/licences");
    assert!(list.status == 200 && list.body.contains("tantivy"), "{}", list.body);
    let texts = admin.get("/admin/licences.txt");
    assert_eq!(texts.status, 200);
    assert!(texts.body.contains("Permission is hereby granted"));
}
