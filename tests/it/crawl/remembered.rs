//! What is remembered of pages from one crawl to the next.

use std::sync::Arc;

use skranke::app::{App, SiteTrouble, Visit};
use skranke::clock::Clock;
use skranke::organisation::Site;
use skranke::page::{CrawlEvent, Parser, ReasonCode, SiteAnswer};
use skranke::record::Change;
use skranke::schedule::Task;

use super::{clock, crawl, fjordvik, open, page, row, settings};
use crate::harness::program::{run, told, tried};
use crate::harness::website::{Reply, Website};

/// A site of so many pages, each with an `ETag`, linked from the front.
fn site_of(pages: usize) -> Website {
    let paths: Vec<String> = (0..pages).map(|it| format!("/side-{it}")).collect();
    let links: Vec<&str> = paths.iter().map(String::as_str).collect();
    let mut replies = vec![("/", Reply::Page(page("Fjordvik", "<p>Velkomen.</p>", &links)))];
    for path in &links {
        let text = format!("<p>Dette handlar om {path}.</p>");
        replies.push((path, Reply::Tagged("1".into(), page(path, &text, &[]))));
    }
    Website::start(&replies)
}

fn next_night(clock: &Clock) {
    clock.advance_by(jiff::SignedDuration::from_hours(24));
}

#[test]
fn a_site_that_loses_most_of_its_pages_asks_a_person() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let clock = clock("2026-03-02T02:00:00Z");
    let app = open(folder.path(), &clock);
    let site = site_of(10);
    let start = site.at("/");
    crawl(&app, &site);
    assert_eq!(app.site_question(&start).expect("read"), None);
    for answer in [SiteAnswer::Keep, SiteAnswer::Accept] {
        next_night(&clock);
        (0..5).for_each(|it| site.set(&format!("/side-{it}"), Reply::Status(404)));
        assert_eq!(crawl(&app, &site).pages.gone, 0);
        let question = app.site_question(&start).expect("read").expect("asked");
        assert_eq!((question.kind, question.pages.len()), (SiteTrouble::Missing, 5));
        let gone = app.answer_site(&start, answer, None).expect("answered");
        app.settle().expect("folded");
        assert_eq!(gone, if answer == SiteAnswer::Accept { 5 } else { 0 });
        assert_eq!(row(&app, &site.at("/side-3")).gone, answer == SiteAnswer::Accept);
        assert_eq!(app.site_question(&start).expect("read"), None, "it is answered once");
    }
    assert!(row(&app, &site.at("/side-3")).gone_at.is_some());
    app.close();
    drop(app);
    assert!(run(folder.path(), &["verify"]).contains("0 differences"));
}

#[test]
fn a_notice_takes_the_place_of_no_page() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let clock = clock("2026-03-02T02:00:00Z");
    let app = open(folder.path(), &clock);
    let site = site_of(6);
    crawl(&app, &site);
    let before = row(&app, &site.at("/side-1")).facts.body;
    next_night(&clock);
    let notice =
        "<title>Fjordvik</title><p>Nettstaden er nede for vedlikehald. Prøv igjen i morgon.";
    site.set("/", Reply::Page(notice.to_owned()));
    (0..6).for_each(|it| site.set(&format!("/side-{it}"), Reply::Page(notice.to_owned())));
    let outcome = crawl(&app, &site);
    assert_eq!((outcome.pages.changed, outcome.pages.gone), (0, 0), "{:?}", outcome.report);
    assert_eq!(row(&app, &site.at("/side-1")).facts.body, before);
    let question = app.site_question(&site.at("/")).expect("read").expect("asked");
    assert_eq!(question.kind, SiteTrouble::Notice);

    // All answer with an error: nothing is lost, and after two nights a person is asked.
    for nights in [1, 2] {
        next_night(&clock);
        site.set("/", Reply::Status(503));
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let read = runtime.block_on(app.crawl(&settings(&site), &Parser::InProcess, None));
        assert!(read.is_err());
        app.settle().expect("folded");
        let question = app.site_question(&site.at("/")).expect("read");
        assert_eq!(question.map(|it| it.kind), (nights == 2).then_some(SiteTrouble::Silent));
    }
}

#[test]
fn a_page_has_a_history_and_a_state() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let clock = clock("2026-03-02T02:00:00Z");
    let app = open(folder.path(), &clock);
    let site = fjordvik();
    crawl(&app, &site);
    next_night(&clock);
    let hall = "<h2>Opningstid</h2><p>Open søndag.</p><h2>Pris</h2><p>Gratis.</p>";
    site.set("/hall", Reply::Page(page("Symjehallen", hall, &["/borte", "/gamal"])));
    site.set("/skule/sfo", Reply::Status(503));
    crawl(&app, &site);
    let row = row(&app, &site.at("/hall"));
    let (_, change) = row.history.last().expect("it has changed");
    assert_eq!((change.n_came, change.n_went), (2, 1), "{change:?}");
    assert!(change.came[1].contains("Gratis"), "{change:?}");
    let trouble = |app: &App| super::row(app, &site.at("/skule/sfo")).trouble;
    assert!(trouble(&app).expect("it does not answer").1.detail.contains("503"));
    let story = app.page_story(&site.at("/skule")).expect("known");
    assert_eq!(story.checked, clock.now(), "it was asked for, and was as before");
    assert_ne!(story.page.changed, clock.now());
    let dead = app.dead_links(&site.at("/")).expect("read");
    let dead: Vec<_> =
        dead.iter().map(|it| (it.address.clone(), it.status, it.on.clone())).collect();
    assert_eq!(dead, [(site.at("/borte"), 404, vec![site.at("/hall")])]);

    next_night(&clock);
    site.set("/skule/sfo", Reply::Page(page("Sfo", "<p>Sfo opnar klokka 7.</p>", &[])));
    crawl(&app, &site);
    assert_eq!(trouble(&app), None);
    assert!(app.untouched_pages(&site.at("/")).is_empty());
    clock.advance_by(jiff::SignedDuration::from_hours(3 * 365 * 24));
    assert_eq!(app.untouched_pages(&site.at("/")).len(), 5);
}

#[test]
fn a_crawl_that_was_cut_off_is_gone_on_with() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let clock = clock("2026-03-02T02:00:00Z");
    let app = open(folder.path(), &clock);
    let site = site_of(40);
    let slow = Site { pace_ms: 20, ..settings(&site) };
    let task = Task::default();
    let cut_off = |app: &Arc<App>| {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let visit = Visit { site: &slow, parser: &Parser::InProcess, by: None, task: &task };
        runtime.block_on(async {
            let halfway = async {
                let mut progress = loop {
                    match app.watch_crawl(&slow.start) {
                        Some(progress) => break progress,
                        None => tokio::task::yield_now().await,
                    }
                };
                progress.wait_for(|it| 20 <= it.report.found).await.expect("it goes on");
                assert!(app.stop_crawl(&slow.start));
            };
            tokio::join!(app.visit(visit), halfway).0
        })
    };
    assert!(cut_off(&app).is_err());
    app.settle().expect("folded");
    let n_before = app.state.pages.all().len();
    assert!((20..40).contains(&n_before), "{n_before}");
    site.asked();
    crawl(&app, &site);
    let asked = site.asked().iter().filter(|it| it.contains("/side-")).count();
    assert_eq!(app.state.pages.all().len(), 41);
    assert!(asked <= 41 - n_before + 1, "{asked} pages asked for, {n_before} known");

    // The next one begins anew, and asks for each.
    next_night(&clock);
    crawl(&app, &site);
    assert_eq!(site.asked().iter().filter(|it| it.starts_with("304 /side-")).count(), 40);
    // A process that ended here left a crawl without an end, and what it had asked for.
    next_night(&clock);
    let id = skranke::id::Id::<skranke::page::Crawl>::new(clock.now()).uuid();
    let tell = |version, event: &CrawlEvent| {
        let change = Change { entity: id, version, now: clock.now() };
        change.tell(&app.journal, event).expect("written");
    };
    tell(Some(0), &CrawlEvent::Started { site: slow.start.clone(), by: None });
    let rows = app.state.pages.all();
    let pages = rows.iter().skip(1).take(30).map(|it| [it.first, it.first]).collect();
    tell(None, &CrawlEvent::Checked { pages });
    app.settle().expect("folded");
    crawl(&app, &site);
    assert_eq!(site.asked().iter().filter(|it| it.starts_with("304 /side-")).count(), 10);
}

#[test]
fn what_the_lists_say_saves_requests_until_they_are_wrong() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let clock = clock("2026-03-02T02:00:00Z");
    let app = open(folder.path(), &clock);
    let site = site_of(40);
    let list: String = (0..40)
        .map(|it| format!("<url><loc>/side-{it}</loc><lastmod>2026-02-01</lastmod></url>"))
        .collect();
    site.set("/sitemap.xml", Reply::File("text/xml", format!("<urlset>{list}</urlset>")));
    let asked = || site.asked().iter().filter(|it| it.contains("/side-")).count();
    crawl(&app, &site);
    assert_eq!(asked(), 40);
    next_night(&clock);
    assert_eq!(crawl(&app, &site).pages.unchanged, 41);
    let some = asked();
    assert!((1..20).contains(&some), "{some} asked for: some are, whatever the list says");
    for it in 0..40 {
        let changed = page("Ny", &format!("<p>Noko heilt anna, nummer {it}.</p>"), &[]);
        site.set(&format!("/side-{it}"), Reply::Page(changed));
    }
    next_night(&clock);
    assert!(0 < crawl(&app, &site).report.listed_wrongly);
    site.asked();
    next_night(&clock);
    crawl(&app, &site);
    assert_eq!(asked(), 40, "a list that was wrong is not believed");
}

#[test]
fn one_page_is_read_anew_when_an_editor_wants_it() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let app = open(folder.path(), &clock("2026-03-02T02:00:00Z"));
    let site = fjordvik();
    crawl(&app, &site);
    site.asked();
    let (settings, task) = (settings(&site), Task::default());
    let recrawl = |path: &str| {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let visit = Visit { site: &settings, parser: &Parser::InProcess, by: None, task: &task };
        let outcome = runtime.block_on(app.recrawl_page(visit, &site.at(path)));
        app.settle().expect("folded");
        outcome
    };
    site.set("/hall", Reply::Page(page("Symjehallen", "<p>Open søndag.</p>", &["/ny"])));
    assert_eq!(recrawl("/hall").expect("read").changed, 1);
    assert!(!site.asked().iter().any(|it| it.ends_with("/ny") || it.ends_with("/liste.xml")));
    site.set("/hall", Reply::Status(404));
    assert_eq!(recrawl("/hall").expect("read").gone, 1);
    assert!(row(&app, &site.at("/hall")).gone);
    assert!(recrawl("/intern").is_err(), "robots.txt says no");

    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let seen = runtime.block_on(app.preview_site(&settings, &Parser::InProcess)).expect("seen");
    assert_eq!((seen.listed, seen.sitemaps.len()), (1, 1), "{seen:?}");
    let one = |path: &str| {
        let address = site.at(path);
        runtime.block_on(app.try_address(&settings, &Parser::InProcess, &address)).expect("tried")
    };
    assert_eq!(one("/skule").body.passages.len(), 2);
    assert!(one("/skule").source.contains("<main>"));
    assert_eq!(one("/intern").left_out, Some(ReasonCode::Robots.into()));
    assert_eq!(one("/borte").status, 404);
}

#[test]
fn a_saved_site_is_taken_in_without_a_crawl() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (data, site) = (folder.path().join("data"), folder.path().join("site"));
    std::fs::create_dir_all(site.join("skule")).expect("made");
    for (name, text) in [("index.html", "Velkomen."), ("skule/sfo.html", "Sfo opnar klokka 7.")] {
        let html = format!("<title>{name}</title><p>{text}");
        std::fs::write(site.join(name), html).expect("written");
    }
    let path = site.to_string_lossy();
    let said = run(&data, &["pages", &path, "--site", "https://www.example.org/"]);
    assert!(said.contains("2 new, 0 changed, 0 unchanged, 0 gone, 2 passages"), "{said}");
    let block = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<title>A</title><p>Ny.";
    let archive = format!(
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://www.example.org/a\r\n\
         Content-Length: {}\r\n\r\n{block}\r\n\r\n",
        block.len()
    );
    let file = folder.path().join("site.warc");
    std::fs::write(&file, archive).expect("written");
    let said =
        run(&data, &["pages", &file.to_string_lossy(), "--site", "https://www.example.org/"]);
    assert!(said.contains("1 new, 0 changed, 0 unchanged, 2 gone, 1 passages"), "{said}");
    let refused = tried(&data, &["pages", &path]);
    assert!(told(&refused).contains("say by --site which address"), "{}", told(&refused));
}
