//! What a page says of its own age.

use super::{clock, crawl, open, page};
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
