//! The journal as its users see it, in real files; in `faults`, on a disk in memory that fails.

mod damage;
mod faults;
mod records;
mod rules;
mod show;

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::*;

const HEADER_BYTES: u64 = 48;

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn at(day: i64) -> Timestamp {
    Timestamp::from_second(1_770_000_000 + day * 86_400).unwrap()
}

fn record(entity: u128, payload: &str) -> NewRecord {
    NewRecord { kind: 3, kind_version: 1, entity: id(entity), payload: payload.into() }
}

/// A batch of one record under a key of its own.
fn change(key: u128, entity: u128) -> Batch {
    let records = vec![record(entity, r#"{"n":1}"#)];
    Batch { key: id(key), body_hash: 1, at: at(0), expect: Vec::new(), records }
}

fn creation(entity: u128) -> Batch {
    change(entity, entity)
}

fn append_each(journal: &Journal, entities: std::ops::RangeInclusive<u128>) {
    for entity in entities {
        journal.append(creation(entity)).unwrap();
    }
}

fn copy(folder: &Path, from: &str, to: &str) {
    fs::copy(folder.join(from), folder.join(to)).unwrap();
}

fn open(folder: &Path) -> Result<Journal, JournalError> {
    Journal::open(folder, Options::new(Stream::Journal))
}

fn seqs(journal: &Journal, after: Seq, max: usize) -> Vec<Seq> {
    journal.read(after, max).unwrap().iter().map(|record| record.seq).collect()
}

/// What a crash leaves: the files as they are, without the notes of an orderly close.
fn crashed(folder: &Path) -> TempDir {
    let copy = TempDir::new().unwrap();
    for file in fs::read_dir(folder).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), copy.path().join(file.file_name())).unwrap();
    }
    copy
}

/// Three frames of one record each, and where each begins, as a crash leaves them.
fn three_frames() -> (TempDir, Vec<u64>) {
    let folder = TempDir::new().unwrap();
    let journal = open(folder.path()).unwrap();
    let mut begins = Vec::new();
    for n in 1..=3 {
        let before = fs::metadata(first_segment(folder.path()));
        begins.push(before.map_or(HEADER_BYTES, |meta| meta.len()));
        journal.append(creation(n)).unwrap();
    }
    begins.push(fs::metadata(first_segment(folder.path())).unwrap().len());
    (crashed(folder.path()), begins)
}

fn first_segment(folder: &Path) -> PathBuf {
    folder.join("00000000000000000001.log")
}

fn flip(path: &Path, offset: u64) {
    let mut bytes = fs::read(path).unwrap();
    bytes[usize::try_from(offset).unwrap()] ^= 0x04;
    fs::write(path, bytes).unwrap();
}

fn damage_of(folder: &Path) -> Damage {
    match open(folder) {
        Err(JournalError::Damaged(damage)) => damage,
        other => panic!("expected damage, got {other:?}"),
    }
}

fn in_async<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}
