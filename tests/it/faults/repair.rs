//! Reconciliation: what is changed behind the application's back is found, said and repaired.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use skranke::app::{App, Condition, OpenOptions, Part};
use skranke::clock::Clock;
use skranke::id::Id;
use skranke::inquiry::redact::Kinds;
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
            keep: Kinds::NONE,
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
    // In place: the journal has the file open.
    flip(&largest(&folder.path().join("journal"), ".log"));
    assert!(found(&app).contains(&Part::Journal));
    assert!(!is_good(&app, Part::Journal));
}

/// Changes a byte in the middle of a file that somebody has open.
fn flip(path: &Path) {
    use std::os::unix::fs::FileExt;
    let bytes = std::fs::read(path).expect("read");
    let at = bytes.len() / 2;
    let file = std::fs::OpenOptions::new().write(true).open(path).expect("opened");
    file.write_all_at(&[bytes[at] ^ 1], at as u64).expect("written");
}

/// The largest file of a folder whose name ends so.
fn largest(folder: &Path, ending: &str) -> PathBuf {
    let files = std::fs::read_dir(folder).expect("listed").flatten().map(|it| it.path());
    let files = files.filter(|it| it.to_string_lossy().ends_with(ending));
    files.max_by_key(|it| it.metadata().map_or(0, |it| it.len())).expect("there is one")
}

/// Writes a row into the open view as a program error would, its checksum sound.
fn put(app: &App, key: u64, value: Vec<u8>) {
    let view = app.state.inquiries.view().expect("it is open");
    let position = view.position().expect("it can be read").expect("it has one");
    let (tree, seq, value) = ("inquiries", position.seq, Some(value));
    view.apply(position, &[skranke::view::Change { tree, key, seq, value }]).expect("written");
}

#[test]
fn other_words_in_a_sound_row_and_a_row_too_many_are_found() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let app = open(folder.path());
    log(&app, &TEXTS);
    let key = app.state.inquiries.columns().live().next().expect("a row").seq;
    let row = || {
        let view = app.state.inquiries.view().expect("it is open");
        view.get("inquiries", key).expect("read").expect("it is there")
    };
    let mut other = row();
    let at = other.windows(6).position(|it| it == b"hallen").expect("it holds the words");
    other[at..at + 6].copy_from_slice(b"hallar");
    put(&app, key, other);
    assert_eq!(found(&app), [Part::View]);
    let words = || app.state.inquiries.words(key).ok().flatten();
    assert!(wait(LONG, || words().as_deref() == Some(TEXTS[0])), "{:?}", words());
    // Past the end of the journal no slice looks; the counts tell.
    put(&app, 1_000_000, row());
    assert_eq!(found(&app), [Part::View]);
    assert!(wait(LONG, || found(&app).is_empty()));
}

#[test]
fn a_page_whose_text_changed_or_is_gone_is_told() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (data, file) = (folder.path().join("data"), folder.path().join("pages.jsonl"));
    let page = serde_json::json!({
        "url": "https://www.example.org/a", "title": "Barnehagen",
        "text": "Ein plass i barnehagen kostar 2 000 kroner.",
    });
    std::fs::write(&file, format!("{page}\n")).expect("written");
    crate::harness::program::run(&data, &["pages", &file.to_string_lossy()]);
    let app = open(&data);
    assert!(app.settle_index(LONG));
    assert_eq!(found(&app), []);
    flip(&largest(&data.join("pages"), ".log"));
    assert!(found(&app).contains(&Part::Pages));
    assert!(!is_good(&app, Part::Pages));
    app.close();
    drop(app);
    std::fs::remove_dir_all(data.join("pages")).expect("removed");
    let app = open(&data);
    assert!(found(&app).contains(&Part::Pages), "the text of a page is missing");
}
