//! What a page says of its own age.

use skranke::gap::Verdict;
use skranke::organisation::{Settings, Site};
use skranke::{app::Decider, schedule::Job};

use super::{clock, crawl, log, open, page};
use crate::harness::town::Town;
use crate::harness::website::{Reply, Website};

#[test]
fn a_page_that_says_it_is_old_is_old_when_it_is_first_read() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let clock = clock("2026-03-02T02:00:00Z");
    let app = open(folder.path(), &clock);
    let old = "<p>Prisane gjeld.</p><p>Sist oppdatert 3. mars 2021</p>";
    let new = "<p>Sist oppdatert 3. mars 2025</p><p>Open laurdag.</p>";
    let site = Website::start(&[
        ("/", Reply::Page(page("Fjordvik", "<p>Velkomen.</p>", &["/pris", "/hall"]))),
        ("/pris", Reply::Page(page("Pris", old, &[]))),
        ("/hall", Reply::Page(page("Hall", new, &[]))),
    ]);
    crawl(&app, &site);
    let told = |app: &skranke::app::App| -> Vec<(String, String)> {
        let pages = app.untouched_pages(&site.at("/"));
        pages.into_iter().map(|it| (it.title, it.since.to_string())).collect()
    };
    assert_eq!(told(&app), [("Pris".to_owned(), "2021-03-03T00:00:00Z".to_owned())]);

    // A new stamp on the same text is noted, and makes no new text.
    let fresh = old.replace("2021", "2026").replace("mars", "januar");
    site.set("/pris", Reply::Page(page("Pris", &fresh, &[])));
    let outcome = crawl(&app, &site).pages;
    assert_eq!((outcome.unchanged, outcome.changed), (3, 0), "{outcome:?}");
    assert!(told(&app).is_empty());
}

/// An answer about a year that has passed is outdated, and the editor sees what speaks against it.
#[test]
fn an_answer_about_last_year_is_outdated_and_its_page_is_told_of() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let town = Town::open(folder.path(), &clock("2026-03-02T08:00:00Z"));
    let app = &town.app;
    let call = "2026-03-01T07:00:00Z;kva kostar barnehage\n";
    log(app, "a.csv", &call.repeat(3));
    let rates = "<p>Kva kostar barnehage? Barnehage kostar 2000 kroner.</p>\
        <p>Sist oppdatert 3. mars 2023</p>";
    let site = Website::start(&[
        ("/", Reply::Page(page("Fjordvik", "<p>Hei.</p>", &["/pris", "/skule"]))),
        ("/pris", Reply::Page(page("Prisar barnehage 2025", rates, &["/borte"]))),
        ("/skule", Reply::Page(page("Skule", "<p>Om skulane i bygda.</p>", &[]))),
    ]);
    let own = Site { allow_private: true, pace_ms: 0, ..Site::new(&site.at("/")) };
    let settings = Settings { sites: vec![own], ..app.state.settings() };
    let mut admin = town.set_up();
    app.set_settings(settings, Decider { by: None, version: None }).expect("set");
    app.settle().expect("folded");
    town.run(&mut admin, Job::Crawl);
    let topic = app.topics().expect("topics").remove(0);
    let judgement = &topic.verdict.as_ref().expect("judged").row.judgement;
    assert_eq!(judgement.verdict, Verdict::Outdated, "{judgement:?}");
    let gap = admin.get(&format!("/gaps/{}", topic.number)).body;
    for says in ["frå 2025", "Ingen har rørt sida sidan 3. mars 2023", "fører ingen stad"] {
        assert!(gap.contains(says), "{says}: {gap}");
    }

    // Who asks about that year is answered.
    let call = "2026-03-01T07:00:00Z;kva kostar barnehage 2025\n";
    log(app, "b.csv", &call.repeat(3));
    town.run(&mut admin, Job::Topics);
    let topics = app.topics().expect("topics");
    let verdict =
        |it: &skranke::app::TopicLine| it.verdict.as_ref().map(|it| it.row.judgement.verdict);
    assert!(topics.iter().all(|it| verdict(it) != Some(Verdict::Outdated)), "{topics:?}");
}
