//! Random damage to what is derived: detected or harmless, and logging is open all the while.
//!
//! Harmless means that the export is byte for byte the same and `verify` finds nothing. The
//! journal is left alone: it is the truth that the others are made anew from.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use skranke::app::{rebuild, verify};
use skranke_index::{Index, Opened, Position};

use super::{Dice, copy, damages, export, log_some, wait_until_well};
use crate::harness::program::run;
use crate::harness::visitor::{Service, Visitor};

/// What is done to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Harm {
    Flip,
    Truncate,
    Delete,
    Older,
}

const HARMS: [Harm; 4] = [Harm::Flip, Harm::Truncate, Harm::Delete, Harm::Older];

/// What became of it.
#[derive(Debug, Default)]
struct Count {
    detected: u32,
    harmless: u32,
}

/// A data folder with some hundred questions, and an older state of the same.
struct Folders {
    _held: tempfile::TempDir,
    whole: PathBuf,
    older: PathBuf,
    work: PathBuf,
    exported: Vec<(String, String)>,
}

impl Folders {
    fn make() -> Self {
        let held = tempfile::tempdir().expect("a temporary folder");
        let [whole, older, work] = ["whole", "older", "work"].map(|it| held.path().join(it));
        let mut service = Service::start(&whole);
        let mut visitor = service.set_up();
        log_some(&mut visitor, 0..40);
        wait_until_well(&service);
        stop(&mut service);
        copy(&whole, &older);
        let mut service = Service::start(&whole);
        visitor.address = service.address;
        log_some(&mut visitor, 40..160);
        wait_until_well(&service);
        stop(&mut service);
        let exported = exported(&whole);
        Self { _held: held, whole, older, work, exported }
    }

    /// A fresh copy with one file harmed; its name, or nothing where that cannot be.
    fn harmed(&self, part: &str, harm: Harm, dice: &mut Dice) -> Option<PathBuf> {
        drop(std::fs::remove_dir_all(&self.work));
        copy(&self.whole, &self.work);
        let mut files = files_in(&self.work.join(part));
        if harm == Harm::Older {
            files.retain(|it| self.older_copy(it).is_some());
        }
        let path = files.get(usize::try_from(dice.below(files.len() as u64)).ok()?)?.clone();
        let within = path.strip_prefix(&self.work).expect("it is inside").to_owned();
        let bytes = std::fs::read(&path).expect("read");
        match harm {
            Harm::Flip => {
                let used: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at] != 0).collect();
                let at = *used.get(usize::try_from(dice.below(used.len() as u64)).ok()?)?;
                let mut bytes = bytes;
                bytes[at] ^= 1 << dice.below(8);
                std::fs::write(&path, bytes).expect("written");
            }
            Harm::Truncate => {
                let rest = dice.below(bytes.len() as u64);
                let rest = usize::try_from(rest).expect("it fits");
                std::fs::write(&path, &bytes[..rest]).expect("written");
            }
            Harm::Delete => std::fs::remove_file(&path).expect("removed"),
            Harm::Older => std::fs::write(&path, self.older_copy(&path)?).expect("written"),
        }
        Some(within)
    }

    /// What a file held in the older state, if it held anything else.
    fn older_copy(&self, path: &Path) -> Option<Vec<u8>> {
        let within = path.strip_prefix(&self.work).ok()?;
        let older = std::fs::read(self.older.join(within)).ok()?;
        (older != std::fs::read(path).ok()?).then_some(older)
    }
}

fn stop(service: &mut Service) {
    service.signal(rustix::process::Signal::TERM);
    assert_eq!(service.ended_within(std::time::Duration::from_secs(20)), Some(0));
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    let mut files = vec![];
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files.extend(files_in(&path));
        } else if !path.ends_with(".lock") && !path.to_string_lossy().ends_with(".lock") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// What `verify` says of a folder, in this process: a start of the program takes far longer.
fn differences(data: &Path) -> Vec<String> {
    let scratch = tempfile::tempdir().expect("a temporary folder");
    match verify(data, scratch.path()) {
        Ok(outcome) => outcome.differences,
        Err(error) => vec![format!("{error:?}")],
    }
}

/// Exports in this process.
fn exported(data: &Path) -> Vec<(String, String)> {
    let to = tempfile::tempdir().expect("a temporary folder");
    let now = jiff::Timestamp::UNIX_EPOCH;
    skranke::app::export(data, to.path(), now).expect("a view is made anew where it must be");
    let mut files: Vec<(String, String)> = std::fs::read_dir(to.path())
        .expect("it was written")
        .flatten()
        .map(|it| {
            let text = std::fs::read_to_string(it.path()).expect("it is text");
            (it.file_name().to_string_lossy().into_owned(), text)
        })
        .collect();
    files.sort();
    files
}

#[track_caller]
fn told(what: &str, counts: &BTreeMap<(String, Harm), Count>) {
    for ((kind, harm), Count { detected, harmless }) in counts {
        println!("{what} {kind} {harm:?}: {detected} detected, {harmless} harmless");
    }
    let sum: u32 = counts.values().map(|it| it.detected).sum();
    assert!(0 < sum, "nothing was detected");
}

fn kind_of(within: &Path) -> String {
    let name = within.file_name().map(|it| it.to_string_lossy().into_owned());
    let name = name.unwrap_or_default();
    match name.rsplit_once('.') {
        Some((_, kind)) if !within.to_string_lossy().contains("blobs") => kind.to_owned(),
        _ => name,
    }
}

/// Damage to sled's files. Whether it is seen or not, what is exported afterwards is the fold of
/// the journal, to the byte, and a check finds nothing.
#[test]
fn damage_to_the_view_is_detected_or_harmless() {
    let folders = Folders::make();
    let (mut dice, mut counts) = (Dice(11), BTreeMap::<(String, Harm), Count>::new());
    for round in 0..damages(50) {
        let harm = HARMS[round as usize % HARMS.len()];
        let Some(within) = folders.harmed("view", harm, &mut dice) else { continue };
        let before = differences(&folders.work);
        assert_eq!(exported(&folders.work), folders.exported, "round {round}: {harm:?} {within:?}");
        let aside = moved_aside(&folders.work, "view");
        let after = differences(&folders.work);
        assert_eq!(after, Vec::<String>::new(), "round {round}: {harm:?} {within:?}");
        let count = counts.entry((kind_of(&within), harm)).or_default();
        if before.is_empty() && !aside {
            count.harmless += 1;
        } else {
            count.detected += 1;
        }
    }
    told("view", &counts);
}

/// Damage to tantivy's files: the service starts, says what it found and makes the index anew.
#[test]
fn damage_to_the_index_is_detected_or_harmless() {
    let folders = Folders::make();
    let expected = answers(&folders.whole.join("index")).expect("it is whole");
    let (mut dice, mut counts) = (Dice(12), BTreeMap::<(String, Harm), Count>::new());
    for round in 0..damages(50) {
        let harm = HARMS[round as usize % HARMS.len()];
        let Some(within) = folders.harmed("index", harm, &mut dice) else { continue };
        let found = differences(&folders.work);
        assert!(found.iter().all(|it| it.starts_with("index")), "{found:?}");
        let count = counts.entry((kind_of(&within), harm)).or_default();
        match answers(&folders.work.join("index")) {
            // What one half had before is put in once more from the place of the other.
            Some(told) if harm == Harm::Older && found.is_empty() && told.0 == expected.0 => {
                if count.harmless < 3 {
                    check_service(&folders.work);
                }
                count.harmless += 1;
            }
            // What is not told must answer as it did; what is behind says so and is brought up.
            Some(told) if found.is_empty() && told.0 == expected.0 => {
                assert_eq!(told.1, expected.1, "round {round}: {harm:?} {within:?}");
                count.harmless += 1;
            }
            Some(_) | None => count.detected += 1,
        }
        // Each is looked at by the service now and then: its start takes its time.
        if round.is_multiple_of(10) {
            check_service(&folders.work);
        }
    }
    told("index", &counts);
}

/// A place in the journal, and hits with their scores.
type Answers = (Option<Position>, Vec<(u64, u32)>);

/// How far an index says it is, and what it answers; none where it says that it cannot.
fn answers(folder: &Path) -> Option<Answers> {
    const ASKED_MAX: u64 = 160;
    let Opened::Ready(index, at) = Index::open(folder).ok()? else { return None };
    let searcher = index.searcher();
    let asked = (0..ASKED_MAX).map(|n| format!("kva kostar leige av hall nummer {n}"));
    let asked = asked.chain([String::from("leige av hall"), String::from("kostar")]);
    let mut hits = vec![];
    for text in asked {
        let found = searcher.inquiries(&text, 5).ok()?;
        hits.extend(found.into_iter().map(|it| (it.key, it.score.to_bits())));
    }
    Some((at, hits))
}

/// The service finds all that was logged, whatever the index was like.
#[track_caller]
fn check_service(data: &Path) {
    let service = Service::start(data);
    let mut visitor = Visitor::sign_in(service.address, "marit");
    log_some(&mut visitor, 500..501);
    wait_until_well(&service);
    let csrf = visitor.get("/help").csrf().expect("a page has a form");
    let asked = serde_json::json!({ "text": "leige av hall nummer 39" });
    let found = visitor.send("/api/v1/suggest", &csrf, &asked).expect("an answer").json();
    let first = found["earlier"][0]["text"].as_str().unwrap_or_default().to_owned();
    assert!(first.contains("nummer 39"), "{found}");
    drop(service);
    assert_eq!(differences(data), Vec::<String>::new());
}

fn moved_aside(data: &Path, part: &str) -> bool {
    let names = std::fs::read_dir(data).expect("it can be listed").flatten();
    let begins = format!("{part}.damaged-");
    names.into_iter().any(|it| it.file_name().to_string_lossy().starts_with(&begins))
}

/// A view that the service itself has to make anew: logging is open meanwhile, and what comes
/// out is what a rebuild gives.
#[test]
fn a_service_makes_a_damaged_view_anew_and_takes_questions_meanwhile() {
    let folders = Folders::make();
    copy(&folders.whole, &folders.work);
    let log = folders.work.join("view").join("db");
    let mut bytes = std::fs::read(&log).expect("read");
    let middle = bytes.len() / 3..bytes.len() / 2;
    bytes[middle].fill(0xa5);
    std::fs::write(&log, bytes).expect("written");
    let mut service = Service::start(&folders.work);
    let mut visitor = Visitor::sign_in(service.address, "marit");
    log_some(&mut visitor, 160..170);
    wait_until_well(&service);
    assert!(moved_aside(&folders.work, "view"));
    stop(&mut service);
    let served = export(&folders.work);
    let now = "2026-03-04T10:00:00Z".parse().expect("a time");
    rebuild(&folders.work, now).expect("it can be made anew");
    assert_eq!(export(&folders.work), served);
    assert!(run(&folders.work, &["verify"]).contains("0 differences"));
}
