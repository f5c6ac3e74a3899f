//! What an editor links is verified when the questions find their answer there, and not before.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use skranke::app::{App, Decider, OpenOptions};
use skranke::clock::Clock;
use skranke::id::Id;
use skranke::inquiry::redact::Kinds;
use skranke::inquiry::{Channel, Entry, Inquiry, Outcome, Source};
use skranke::page::read_pages;
use skranke::review::{Gap, State, Step};

const SITE: &str = "https://www.fjordvik.example/";
const HALL: &str = "https://www.fjordvik.example/hall";
/// About the hall, and nothing of what is asked.
const BARE: &str = "<p>Symjehallen ligg ved skulen og har badstove.</p>";
const MENDED: &str = "<h2>Når opnar symjehallen?</h2><p>Når opnar symjehallen på laurdag? \
     Symjehallen opnar laurdag klokka 10.</p>";

fn crawl(app: &App, hall: &str) {
    let page = |slug: &str, html: &str| {
        let html = format!("<html lang=nn><body><main><h1>{slug}</h1>{html}</main></body></html>");
        serde_json::json!({"url": format!("{SITE}{slug}"), "html": html}).to_string()
    };
    let lines = [
        page("hall", hall),
        page("boss", "<p>Bosset blir henta annakvar måndag. Set dunken ved vegen.</p>"),
        page("veg", "<p>Vegane blir brøytte når det har snødd ti centimeter.</p>"),
        page("gebyr", "<p>Gebyret for byggjesak blir fastsett i desember.</p>"),
    ];
    let (pages, faults) = read_pages(&lines.join("\n"));
    assert_eq!(faults, []);
    app.take_pages(SITE, &pages, None).expect("taken");
    app.after_crawl().expect("judged");
    app.settle().expect("folded");
}

fn log(app: &App, n: u8, text: &str) {
    let entry = Entry {
        id: Id::<Inquiry>::derived(&[b"proof", &[n]]),
        text: Some(text.to_owned()),
        asked: app.now(),
        channel: Channel::Phone,
        desk: String::new(),
        outcome: Outcome::Unknown,
        note: None,
        count: 1,
        counts_only: false,
        source: Source::default(),
        by: None,
        keep: Kinds::NONE,
    };
    app.log(entry).expect("logged");
}

/// A town in which some have asked one thing, and an editor has linked the page on the hall.
fn linked(folder: &std::path::Path, hall: &str) -> Arc<App> {
    let start: Timestamp = "2026-03-02T08:00:00Z".parse().expect("a time");
    let zone = TimeZone::get("Europe/Oslo").expect("a zone");
    let options = OpenOptions { data: folder.join("data"), clock: Clock::fixed(start), zone };
    let app = App::open(options).expect("opened");
    let asked = [
        "når opnar symjehallen på laurdag",
        "når opnar symjehallen laurdag",
        "opnar symjehallen på laurdag",
        "symjehallen, når opnar han laurdag",
    ];
    (0_u8..).zip(asked).for_each(|(n, text)| log(&app, n, text));
    crawl(&app, hall);
    let topic = app.topics().expect("topics")[0].number;
    let step = Step::LinkPage { address: HALL.to_owned() };
    app.step(topic, step, Decider { by: None, version: None }).expect("linked");
    app.settle().expect("folded");
    app
}

fn is_verified(app: &App) -> bool {
    let topic = app.topics().expect("topics")[0].number;
    let row = app.state.gaps.get(Gap::entity(topic)).expect("linked");
    matches!(row.row.state, State::Verified { .. })
}

#[test]
fn the_nearest_page_is_not_verified_until_it_answers() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let app = linked(folder.path(), BARE);
    crawl(&app, BARE);
    assert!(!is_verified(&app), "nothing was mended");
    crawl(&app, &format!("{BARE}<p>Sida er gått gjennom.</p>"));
    assert!(!is_verified(&app), "what was written answers nothing");
    crawl(&app, &format!("{BARE}{MENDED}"));
    assert!(is_verified(&app), "now it answers");
}

#[test]
fn an_answer_of_a_past_year_is_not_verified() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let old = MENDED.replace("symjehallen?</h2>", "symjehallen 2024?</h2>");
    let app = linked(folder.path(), &old);
    crawl(&app, &old);
    assert!(!is_verified(&app), "it is of 2024");
    crawl(&app, MENDED);
    assert!(is_verified(&app), "it is of no year");
}
