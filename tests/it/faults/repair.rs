//! Reconciliation: what is changed behind the application's back is found, said and repaired.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use skranke::app::{App, Condition, OpenOptions, Part};
use skranke::clock::Clock;
use skranke::id::Id;
use skranke::inquiry::{Channel, Entry, Outcome, Source};
use skranke_index::{Index, Opened};

use super::wait;

const LONG: Duration = Duration::from_secs(60);

fn now() -> Timestamp {
    "2026-03-04T10:00:00Z".parse().expect("a time")
}

fn open(data: &Path) -> Arc<App> {
    let (clock, zone) = (Clock::fixed(now()), TimeZone::UTC);
    let app = App::open(OpenOptions { data: data.to_owned(), clock, zone }).expect("it opens");
    app.start_live();
    app
}

fn log(app: &App, texts: &[&str]) {
    for text in texts {
        let entry = Entry {
            id: Id::new(now()),
            text: Some((*text).to_owned()),
            asked: now(),
            channel: Channel::Phone,
            desk: String::new(),
            outcome: Outcome::Unknown,
            note: None,
            count: 1,
            counts_only: false,
            source: Source::Screen,
            by: None,
        };
        app.log(entry).expect("it is logged");
    }
    assert!(app.settle_index(LONG) && app.settle_assigned());
    app.settle().expect("the view follows");
}

/// The parts in which a reconciliation of every slice finds something.
fn found(app: &App) -> Vec<Part> {
    let slices = (0..144).flat_map(|slice| app.reconcile_slice(slice).differences);
    let mut parts: Vec<Part> = slices.map(|it| it.part).collect();
    parts.dedup();
    parts
}

fn is_good(app: &App, part: Part) -> bool {
    let parts = app.parts_health();
    parts.iter().any(|it| it.part == part && it.condition == Condition::Good)
}

const TEXTS: [&str; 4] = [
    "når opnar symjehallen",
    "kva kostar SFO",
    "er det lov å ha høns i hagen",
    "kvar leverer eg gamle dekk",
];

#[test]
fn a_whole_folder_has_no_differences() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let app = open(folder.path());
    log(&app, &TEXTS);
    assert_eq!(found(&app), []);
    assert!(app.parts_health().iter().all(|it| it.condition == Condition::Good));
    assert!(app.parts_health().iter().all(|it| it.whole == Some(now())));
}

#[test]
fn an_inquiry_that_is_taken_out_of_the_index_is_found_and_put_back() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let app = open(folder.path());
    log(&app, &TEXTS);
    app.close();
    drop(app);
    let opened = Index::open(&folder.path().join("index")).expect("it can be read");
    let Opened::Ready(index, Some(at)) = opened else { panic!("it is whole") };
    let mut writer = index.writer().expect("nobody else writes");
    (0..200).for_each(|key| writer.remove_inquiry(key));
    writer.commit(at).expect("written");
    drop((writer, index));

    let app = open(folder.path());
    assert!(app.settle_index(LONG));
    assert_eq!(app.index_counts().map(|it| it.1), Some(0));
    let differences = app.reconcile_slice(1).differences;
    assert!(differences.iter().all(|it| it.part == Part::Index) && !differences.is_empty());
    assert!(!is_good(&app, Part::Index), "it is told");
    let is_back = || app.index_counts().is_some_and(|it| it.1 == TEXTS.len() as u64);
    assert!(wait(LONG, is_back), "{:?}", app.index_counts());
    assert!(wait(LONG, || found(&app).is_empty()));
    assert!(is_good(&app, Part::Index));
}

#[test]
fn a_row_that_is_changed_in_the_view_is_found_and_folded_anew() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let app = open(folder.path());
    log(&app, &TEXTS);
    // As a program error would: a sound row with another row's words, at the right position.
    let view = app.state.inquiries.view().expect("it is open");
    let position = view.position().expect("it can be read").expect("it has one");
    let keys: Vec<u64> = app.state.inquiries.columns().live().map(|it| it.seq).collect();
    let other = view.get("inquiries", keys[1]).expect("read").expect("it is there");
    let change = skranke::view::Change {
        tree: "inquiries",
        key: keys[0],
        seq: position.seq,
        value: Some(other),
    };
    view.apply(position, &[change]).expect("written");
    drop(view);
    assert_eq!(found(&app), [Part::View]);
    let is_right = || {
        let words = app.state.inquiries.words(keys[0]);
        words.is_ok_and(|it| it.as_deref() == Some(TEXTS[0]))
    };
    assert!(wait(LONG, is_right), "{:?}", app.progress());
    assert_eq!(found(&app), []);
    let aside = std::fs::read_dir(folder.path()).expect("listed").flatten();
    let aside = aside.filter(|it| it.file_name().to_string_lossy().starts_with("view.damaged-"));
    assert_eq!(aside.count(), 1, "the one that was wrong is kept");
    log(&app, &["kor mange dagar er det i ei veke"]);
    assert_eq!(found(&app), []);
}

#[test]
fn a_journal_that_changes_on_the_disk_is_told() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let app = open(folder.path());
    log(&app, &TEXTS);
    let journal = std::fs::read_dir(folder.path().join("journal")).expect("listed").flatten();
    let segment = journal.map(|it| it.path()).find(|it| it.extension().is_some_and(|e| e == "log"));
    let segment = segment.expect("there is one");
    let mut bytes = std::fs::read(&segment).expect("read");
    let at = bytes.len() / 2;
    bytes[at] ^= 1;
    // In place: the journal has the file open.
    use std::os::unix::fs::FileExt;
    let file = std::fs::OpenOptions::new().write(true).open(&segment).expect("opened");
    file.write_all_at(&bytes[at..=at], at as u64).expect("written");
    assert!(found(&app).contains(&Part::Journal));
    assert!(!is_good(&app, Part::Journal));
}
