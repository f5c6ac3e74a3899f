//! The demo: inputs alone go in, and everything that it shows comes out of the verbs.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::net::TcpListener;

use jiff::tz::TimeZone;
use skranke::app::{self, App, GapFilter, OpenOptions};
use skranke::clock::Clock;
use skranke::demo::{Demo, LoadOptions, WEEKS, load};
use skranke::gap::Verdict;
use skranke::page::Parser;
use skranke::review::StateName;

/// A Thursday at noon.
const END: &str = "2026-04-16T10:00:00Z";

fn clock() -> Clock {
    Clock::fixed(END.parse().unwrap())
}

fn zone() -> TimeZone {
    TimeZone::get("Europe/Oslo").unwrap()
}

/// The demo, filled into a folder.
pub(crate) async fn loaded(data: &std::path::Path) -> Demo {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let data = data.to_owned();
    let parser = Parser::InProcess;
    let options =
        LoadOptions { data, listener, zone: zone(), clock: clock(), parser, tell: |_| {} };
    load(options).await.unwrap()
}

/// The list of gaps of every state, as it is shown.
fn list(app: &App) -> String {
    let shown = app.gaps(&GapFilter { all: true, ..GapFilter::default() }).unwrap();
    format!("{shown:#?}")
}

#[tokio::test(flavor = "multi_thread")]
async fn twelve_weeks_come_out_of_the_verbs_and_out_of_the_journal_alone() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let begun = std::time::Instant::now();
    let demo = loaded(&data).await;
    println!("filled in {:?}", begun.elapsed());
    drop(demo.router(demo.jobs(Parser::InProcess)).unwrap());
    let app = &demo.app;
    check_amounts(app);
    check_addresses(&demo);
    check_kinds(app);
    check_letters(&data);
    let before = list(app);
    let Demo { app, .. } = demo;
    app.close();
    drop(app);
    tokio::task::spawn_blocking(move || {
        std::fs::remove_dir_all(data.join("view")).unwrap();
        app::rebuild(&data, clock().now()).unwrap();
        let app = App::open(OpenOptions { data, clock: clock(), zone: zone() }).unwrap();
        assert_eq!(list(&app), before);
    })
    .await
    .unwrap();
}

/// The pages were visited where the browser finds them.
fn check_addresses(demo: &Demo) {
    let start = demo.site.address("/");
    assert!(start.starts_with("http://127.0.0.1:"), "{start}");
    let pages = demo.app.state.pages.all();
    assert!(pages.iter().all(|it| it.row.facts.address.starts_with(&start)));
    assert!(pages.iter().any(|it| it.row.gone), "one page left the website");
    let visits = demo.app.state.crawls.all();
    assert_eq!(visits.len(), usize::from(WEEKS) + 2);
}

fn check_amounts(app: &App) {
    let pages = app.state.pages.all().iter().filter(|it| !it.row.gone).count();
    assert!(60 <= pages, "{pages} pages");
    let columns = app.state.inquiries.columns();
    let weeks: BTreeSet<_> = columns.live().map(|it| it.week).collect();
    assert_eq!(weeks.len(), usize::from(WEEKS) + 1);
    assert!(1_500 <= columns.live().count(), "{} inquiries", columns.live().count());
}

/// Each Monday after a whole week, both readers got their letter.
fn check_letters(data: &std::path::Path) {
    let letters = std::fs::read_dir(data.join("outbox")).unwrap();
    let names: Vec<_> = letters.map(|it| it.unwrap().file_name()).collect();
    let last = names.iter().filter(|it| it.to_string_lossy().contains("2026-W15")).count();
    assert_eq!((names.len(), last), (2 * usize::from(WEEKS), 2), "{names:?}");
}

fn check_kinds(app: &App) {
    let mut verdicts: BTreeMap<Verdict, u32> = BTreeMap::new();
    let mut states: BTreeMap<StateName, u32> = BTreeMap::new();
    for topic in app.topics().unwrap() {
        if let Some(judged) = &topic.verdict {
            *verdicts.entry(judged.row.judgement.verdict).or_default() += 1;
        }
    }
    for gap in app.gaps(&GapFilter { all: true, ..GapFilter::default() }).unwrap().gaps {
        *states.entry(gap.topic.state.name()).or_default() += 1;
    }
    println!("{verdicts:?} {states:?}");
    // No page of the demo stands under a past year, and none is two years old.
    let missing = Verdict::ALL.into_iter().filter(|it| !verdicts.contains_key(it));
    assert_eq!(missing.collect::<Vec<_>>(), [Verdict::Outdated], "{verdicts:?}");
    let missing = StateName::ALL.into_iter().filter(|it| !states.contains_key(it));
    assert_eq!(missing.collect::<Vec<_>>(), [], "{states:?}");
}
