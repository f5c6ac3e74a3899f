//! Copies beside a writer, and rewrites, in real files.

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::thread;

use jiff::Timestamp;
use tempfile::TempDir;
use uuid::Uuid;

use crate::journal::{
    Batch, Generation, Journal, JournalError, NewRecord, Options, Plan, Record, Seq, Stream,
};

const SECRET: &str = "kvitrysande";

fn open(folder: &Path) -> Journal {
    let options = Options { segment_bytes_max: 4_096, ..Options::new(Stream::Journal) };
    Journal::open(folder, options).unwrap()
}

fn batch(entity: u128, texts: &[&str]) -> Batch {
    let record = |(n, text): (usize, &&str)| NewRecord {
        kind: 1,
        kind_version: 1,
        entity: Uuid::from_u128(entity + n as u128),
        payload: format!("{{\"text\":\"{text}\"}}").into_bytes(),
    };
    let records = texts.iter().enumerate().map(record).collect();
    let key = Uuid::from_u128(entity);
    Batch { key, body_hash: 7, at: Timestamp::UNIX_EPOCH, expect: vec![], records }
}

fn append_each(journal: &Journal, n: u128) {
    for n in 1..=n {
        journal.append(batch(n * 1_000, &["eit", "to"])).unwrap();
    }
}

fn copy(from: &Path, to: &Path) -> Result<Seq, JournalError> {
    fs::create_dir_all(to).unwrap();
    let copied = Journal::copy(from, &mut |name, bytes| {
        io::copy(bytes, &mut File::create_new(to.join(name)).unwrap()).unwrap();
        Ok(())
    });
    copied.map(|it| it.last)
}

fn rewrite(folder: &Path, until: Option<Seq>) -> u64 {
    let reduce = &mut |record: &Record| {
        let text = String::from_utf8_lossy(&record.payload).into_owned();
        let (kind, kind_version, entity) = (record.kind, record.kind_version, record.entity);
        let new = NewRecord { kind, kind_version, entity, payload: b"{}".to_vec() };
        text.contains(SECRET).then_some(new)
    };
    Journal::rewrite(folder, Plan { until, reduce, anew: false }).unwrap().reduced
}

/// Whether any file of the folder holds the bytes.
fn holds(folder: &Path, word: &str) -> bool {
    fs::read_dir(folder).unwrap().any(|file| {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        bytes.windows(word.len()).any(|it| it == word.as_bytes())
    })
}

fn generation(folder: &Path) -> Generation {
    Journal::verify(folder).unwrap().generation.unwrap()
}

#[test]
fn a_copy_beside_a_writer_holds_what_was_acknowledged_and_is_whole() {
    let folder = TempDir::new().unwrap();
    let from = folder.path().join("journal");
    let journal = open(&from);
    thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for n in 0..400 {
                journal.append(batch(1_000 * (n + 1), &["eit spørsmål", "to"])).unwrap();
            }
        });
        for n in 0.. {
            let acknowledged = journal.position().seq;
            if acknowledged == 0 {
                continue;
            }
            let to = folder.path().join(format!("copy-{n}"));
            let last = copy(&from, &to).unwrap();
            assert!(acknowledged <= last);
            let report = Journal::verify(&to).unwrap();
            assert!(report.is_clean() && report.last == last, "{report:?}");
            let copied = Journal::open(&to, Options::new(Stream::Journal)).unwrap();
            // What is not acknowledged yet may be in it as well.
            let kept = journal.read(0, last as usize).unwrap();
            assert!(acknowledged <= kept.len() as Seq);
            assert!(copied.read(0, 2_000).unwrap().starts_with(&kept));
            if writer.is_finished() {
                break;
            }
        }
    });
}

#[test]
fn a_copy_of_damaged_bytes_is_refused() {
    let folder = TempDir::new().unwrap();
    let from = folder.path().join("journal");
    let journal = open(&from);
    append_each(&journal, 3);
    let segment = from.join("00000000000000000001.log");
    let mut bytes = fs::read(&segment).unwrap();
    bytes[130] ^= 1;
    fs::write(&segment, bytes).unwrap();
    let error = copy(&from, &folder.path().join("copy")).unwrap_err();
    assert!(matches!(error, JournalError::Damaged(_)), "{error}");
}

#[test]
fn a_copy_of_what_is_not_as_the_manifest_says_is_refused() {
    let folder = TempDir::new().unwrap();
    let from = folder.path().join("journal");
    append_each(&open(&from), 60);
    let refused = |name: &str, what: &str| {
        let error = copy(&from, &folder.path().join(name)).unwrap_err();
        assert!(matches!(&error, JournalError::Damaged(it) if it.what.contains(what)), "{error:?}");
    };
    let mut segments: Vec<_> = fs::read_dir(&from).unwrap().map(|it| it.unwrap().path()).collect();
    segments.retain(|it| it.extension().is_some_and(|it| it == "log"));
    segments.sort();
    let (sealed, last) = (&segments[0], &segments[segments.len() - 1]);
    let whole = fs::read(sealed).unwrap();
    let mut altered = whole.clone();
    altered[whole.len() - 1] ^= 1;
    fs::write(sealed, altered).unwrap();
    refused("sealed", "SHA-256");
    fs::write(sealed, whole).unwrap();
    let whole = fs::read(last).unwrap();
    fs::write(last, &whole[..48]).unwrap();
    refused("end", "what followed is missing");
    fs::write(last, whole).unwrap();
    copy(&from, &folder.path().join("whole")).unwrap();
}

#[test]
fn a_stream_between_two_histories_is_neither_copied_nor_verified() {
    let folder = TempDir::new().unwrap();
    let from = folder.path().join("journal");
    append_each(&open(&from), 60);
    let is_unfinished = |error: &JournalError| matches!(error, JournalError::Unfinished { .. });
    fs::write(from.join("rewrite"), "a new manifest").unwrap();
    assert!(is_unfinished(&copy(&from, &folder.path().join("marked")).unwrap_err()));
    assert!(is_unfinished(&Journal::verify(&from).unwrap_err()));
    fs::remove_file(from.join("rewrite")).unwrap();
    // The history changes while the copy is under way.
    let mut is_first = true;
    let copied = Journal::copy(&from, &mut |_, bytes| {
        io::copy(bytes, &mut io::sink()).unwrap();
        if std::mem::take(&mut is_first) {
            let reduce = &mut |_: &Record| None;
            Journal::rewrite(&from, Plan { until: None, reduce, anew: true }).unwrap();
        }
        Ok(())
    });
    assert!(is_unfinished(&copied.unwrap_err()));
}

#[test]
fn reduced_text_is_gone_and_everything_else_stays() {
    let folder = TempDir::new().unwrap();
    let journal = open(folder.path());
    for n in 1..=60 {
        let text = if n % 20 == 3 { SECRET } else { "eit heilt vanleg spørsmål om noko" };
        journal.append(batch(n * 1_000, &[text, "to"])).unwrap();
    }
    let before = journal.read(0, 1_000).unwrap();
    drop(journal);
    let history = generation(folder.path());
    assert!(holds(folder.path(), SECRET));
    assert_eq!(rewrite(folder.path(), None), 3);
    assert!(!holds(folder.path(), SECRET));
    assert!(Journal::verify(folder.path()).unwrap().is_clean());
    assert_ne!(generation(folder.path()), history);
    let journal = open(folder.path());
    let after = journal.read(0, 1_000).unwrap();
    assert_eq!(after.len(), before.len());
    for (old, new) in before.iter().zip(&after) {
        if old.payload != new.payload {
            assert_eq!(new.payload, b"{}");
            assert_eq!(*new, Record { payload: new.payload.clone(), ..old.clone() });
        } else {
            assert_eq!(new, old);
        }
    }
    // Sent once more, what was erased is known and is not written again.
    journal.append(batch(3_000, &[SECRET, "to"])).unwrap();
    assert_eq!(journal.position().seq, 120);
    journal.append(batch(61_000, &["eit"])).unwrap();
    drop(journal);
    assert!(Journal::verify(folder.path()).unwrap().is_clean());
    let history = generation(folder.path());
    assert_eq!(rewrite(folder.path(), None), 0);
    assert_eq!(generation(folder.path()), history, "nothing to do leaves all as it is");
}

#[test]
fn a_history_is_cut_between_batches() {
    let folder = TempDir::new().unwrap();
    let journal = open(folder.path());
    append_each(&journal, 30);
    let before = journal.read(0, 100).unwrap();
    drop(journal);
    rewrite(folder.path(), Some(31));
    let journal = open(folder.path());
    assert_eq!(journal.read(0, 100).unwrap(), before[..30]);
    journal.append(batch(90_000, &["eit"])).unwrap();
    assert_eq!(journal.position().seq, 31);
    drop(journal);
    assert!(Journal::verify(folder.path()).unwrap().is_clean());
    rewrite(folder.path(), Some(0));
    assert_eq!(open(folder.path()).position().seq, 0);
}

#[test]
fn an_open_stream_is_not_rewritten() {
    let folder = TempDir::new().unwrap();
    let _journal = open(folder.path());
    let reduce = &mut |_: &Record| None;
    let error =
        Journal::rewrite(folder.path(), Plan { until: None, reduce, anew: true }).unwrap_err();
    assert!(matches!(error, JournalError::Locked { .. }), "{error}");
}
