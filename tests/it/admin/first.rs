//! The list of first steps: shown until all is done, to those who can do it.

use skranke::clock::Clock;
use skranke::schedule::Job;

use crate::harness::town::Town;
use crate::harness::visitor::add;
use crate::harness::website::{Reply, Website};

const TITLE: &str = "Kom i gang";

#[test]
fn the_first_steps_are_ticked_one_by_one_and_then_the_list_is_gone() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let clock = Clock::fixed("2026-03-10T12:00:00Z".parse().expect("an instant"));
    let town = Town::open(folder.path(), &clock);
    let mut admin = town.set_up();
    let ticked = |page: &str| page.matches("data-done=\"yes\"").count();
    for screen in ["/", "/gaps", "/admin", "/admin/sites", "/admin/people"] {
        let page = admin.get(screen).body;
        assert!(page.contains(TITLE) && ticked(&page) == 0, "{screen}: {page}");
    }
    let page = "<h1>Symjehallen</h1><p>Symjehallen opnar klokka 10 på laurdagar.</p>";
    let site = Website::start(&[("/", Reply::Page(page.to_owned()))]);
    let start = format!("{}/", site.address);
    let version = admin.get("/admin/sites").hidden("version");
    let fields = [
        ("version", version.as_str()),
        ("change", "add"),
        ("start", start.as_str()),
        ("allow_private", "yes"),
        ("pace_ms", "0"),
        ("pages_max", "10"),
    ];
    assert_eq!(admin.submit("/admin/sites", "/admin/sites", &fields).status, 303);
    town.wait_for(Job::Crawl);
    assert_eq!(ticked(&admin.get("/admin").body), 1, "the site was read");
    let mut reception = add(&mut admin, "reception");
    assert_eq!(ticked(&admin.get("/admin").body), 2, "somebody was added");
    assert!(!reception.get("/").body.contains(TITLE), "who cannot set up is not asked to");
    let key = "inq_01970001-0001-7000-8000-000000000001";
    let fields = [("key", key), ("text", "når opnar symjehallen"), ("act", "save")];
    assert_eq!(reception.submit("/", "/log", &fields).status, 303);
    let page = admin.get("/admin").body;
    assert!(!page.contains(TITLE), "desks are for those who have several: {page}");
}
