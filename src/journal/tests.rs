//! The journal as its users see it, in real files.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::thread;
use std::time::Duration;

use proptest::prelude::*;
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

#[test]
fn records_come_back_as_they_were_written_also_after_reopening() {
    let folder = TempDir::new().unwrap();
    let journal = open(folder.path()).unwrap();
    let batch =
        Batch { records: vec![record(1, "{}"), record(2, ""), record(1, "[1]")], ..creation(1) };
    assert_eq!(journal.append(batch).unwrap(), Appended::Written { first: 1, last: 3 });
    let before = journal.read(0, 10).unwrap();
    let versions: Vec<u32> = before.iter().map(|record| record.version).collect();
    assert_eq!(versions, [1, 1, 2]);
    assert_eq!(before[2].payload, b"[1]");
    assert_eq!((before[0].at, before[0].key), (at(0), id(1)));
    let position = journal.position();
    drop(journal);
    let journal = open(folder.path()).unwrap();
    assert_eq!(journal.position(), position);
    assert_eq!(journal.read(0, 10).unwrap(), before);
    assert_eq!(journal.version_of(id(1)), Some(2));
    assert_eq!((journal.first_of(id(2)), journal.first_of(id(9))), (Some(2), None));
}

#[test]
fn a_tail_torn_at_any_byte_is_cut_off_and_all_before_is_kept() {
    let (folder, begins) = three_frames();
    for cut in begins[2]..begins[3] {
        let copy = crashed(folder.path());
        let path = first_segment(copy.path());
        fs::File::options().write(true).open(&path).unwrap().set_len(cut).unwrap();
        let journal = open(copy.path()).unwrap();
        assert_eq!(seqs(&journal, 0, 10), [1, 2], "cut at {cut}");
        let again = journal.append(creation(3)).unwrap();
        assert_eq!(again, Appended::Written { first: 3, last: 3 });
        assert_eq!(seqs(&journal, 0, 10), [1, 2, 3]);
    }
}

#[test]
fn any_flipped_byte_before_the_last_frame_is_named_with_what_is_lost() {
    let (folder, begins) = three_frames();
    for offset in 0..begins[2] {
        let copy = crashed(folder.path());
        flip(&first_segment(copy.path()), offset);
        let damage = damage_of(copy.path());
        let frame = begins.iter().rposition(|begin| *begin <= offset);
        let Some(frame) = frame else {
            assert_eq!((damage.offset, damage.segment.len()), (0, 24), "flip at {offset}");
            continue;
        };
        let seq = frame as Seq + 1;
        let found = (damage.offset, damage.lost);
        assert_eq!(found, (begins[frame], Some((seq, seq))), "flip at {offset}");
        let report = Journal::verify(copy.path()).unwrap();
        assert_eq!(report.differences, [damage], "flip at {offset}");
    }
}

#[test]
fn a_flip_in_the_last_frame_is_damage_once_the_journal_was_closed() {
    let folder = TempDir::new().unwrap();
    let journal = open(folder.path()).unwrap();
    journal.append(creation(1)).unwrap();
    journal.append(creation(2)).unwrap();
    journal.close();
    let path = first_segment(folder.path());
    flip(&path, fs::metadata(&path).unwrap().len() - 1);
    assert_eq!(damage_of(folder.path()).lost, Some((2, 2)));
}

#[test]
fn garbage_after_the_last_frame_is_cut_off() {
    let (folder, _) = three_frames();
    let path = first_segment(folder.path());
    let mut bytes = fs::read(&path).unwrap();
    bytes.extend([0; 5_000]);
    fs::write(&path, bytes).unwrap();
    assert_eq!(Journal::verify(folder.path()).unwrap().torn_bytes, 5_000);
    assert_eq!(seqs(&open(folder.path()).unwrap(), 0, 10), [1, 2, 3]);
}

#[test]
fn keys_are_looked_at_before_versions() {
    let folder = TempDir::new().unwrap();
    let journal = open(folder.path()).unwrap();
    journal.append(creation(1)).unwrap();
    let edit = |key| Batch { expect: vec![Expect { entity: id(1), version: 1 }], ..change(key, 1) };
    for _ in 0..2 {
        let journal = &journal;
        assert!(matches!(journal.append(creation(1)), Ok(Appended::Duplicate { first: 1 })));
        let other = Batch { body_hash: 2, ..creation(1) };
        assert!(matches!(journal.append(other), Err(JournalError::KeyReused { .. })));
    }
    assert_eq!(journal.append(edit(50)).unwrap(), Appended::Written { first: 2, last: 2 });
    drop(journal);
    let journal = open(folder.path()).unwrap();
    assert_eq!(journal.append(edit(50)).unwrap(), Appended::Duplicate { first: 2 });
    let other = Batch { body_hash: 2, ..edit(50) };
    assert!(matches!(journal.append(other), Err(JournalError::KeyReused { .. })));
    let late = journal.append(edit(51));
    assert!(matches!(late, Err(JournalError::Conflict { current: 2, .. })), "{late:?}");
    assert_eq!(journal.position().seq, 2);
}

#[test]
fn a_creation_is_remembered_for_ever_and_another_key_for_35_days() {
    let folder = TempDir::new().unwrap();
    let journal = open(folder.path()).unwrap();
    journal.append(creation(1)).unwrap();
    journal.append(change(50, 1)).unwrap();
    for day in 1..=36 {
        journal.append(Batch { at: at(day), ..change(100 + day as u128, 1) }).unwrap();
    }
    drop(journal);
    let journal = open(folder.path()).unwrap();
    assert_eq!(journal.append(creation(1)).unwrap(), Appended::Duplicate { first: 1 });
    let again = journal.append(change(50, 1)).unwrap();
    assert!(matches!(again, Appended::Written { .. }), "{again:?}");
    let again = journal.append(change(102, 1)).unwrap();
    assert!(matches!(again, Appended::Duplicate { .. }), "{again:?}");
}

#[test]
fn one_wrong_clock_does_not_make_the_journal_forget() {
    let folder = TempDir::new().unwrap();
    let journal = open(folder.path()).unwrap();
    journal.append(change(50, 1)).unwrap();
    journal.append(Batch { at: at(3_650), ..change(51, 1) }).unwrap();
    assert_eq!(journal.append(change(50, 1)).unwrap(), Appended::Duplicate { first: 1 });
}

#[test]
fn many_writers_get_sequences_without_holes() {
    let folder = TempDir::new().unwrap();
    let journal = open(folder.path()).unwrap();
    let mut firsts: Vec<Seq> = thread::scope(|scope| {
        let writers: Vec<_> = (0..64_u128)
            .map(|writer| {
                let journal = journal.clone();
                scope.spawn(move || {
                    let numbers = (0..10).map(|n| writer * 100 + n + 1);
                    let answers = numbers.map(|n| journal.append(creation(n)).unwrap());
                    answers
                        .map(|answer| match answer {
                            Appended::Written { first, .. } | Appended::Duplicate { first } => {
                                first
                            }
                        })
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect()
    });
    firsts.sort_unstable();
    let expected: Vec<Seq> = (1..=640).collect();
    assert_eq!(firsts, expected);
    assert_eq!(seqs(&journal, 0, 1_000), expected);
}

#[test]
fn the_same_wish_from_many_threads_is_written_once() {
    let folder = TempDir::new().unwrap();
    let journal = open(folder.path()).unwrap();
    let waiting: Vec<Pending> = (0..50).map(|_| journal.submit(creation(7))).collect();
    let answers: Vec<Appended> = waiting.into_iter().map(|it| it.wait().unwrap()).collect();
    let written = answers.iter().filter(|it| matches!(it, Appended::Written { .. })).count();
    assert_eq!((written, journal.position().seq), (1, 1));
}

#[test]
fn segments_roll_by_size_and_month_and_are_read_across() {
    let folder = TempDir::new().unwrap();
    let options = Options { segment_bytes_max: 1_000, ..Options::new(Stream::Journal) };
    let journal = Journal::open(folder.path(), options).unwrap();
    for n in 1..=20 {
        journal.append(creation(n)).unwrap();
    }
    let before = Journal::verify(folder.path()).unwrap();
    assert!(before.is_clean() && 2 < before.n_segments, "{before:?}");
    journal.append(Batch { at: at(40), ..creation(21) }).unwrap();
    drop(journal);
    let after = Journal::verify(folder.path()).unwrap();
    assert_eq!((after.n_segments, after.last), (before.n_segments + 1, 21));
    let journal = Journal::open(folder.path(), options).unwrap();
    assert_eq!(seqs(&journal, 0, 100), (1..=21).collect::<Vec<_>>());
    assert_eq!(seqs(&journal, 5, 10), (6..=15).collect::<Vec<_>>());
    assert!(seqs(&journal, 21, 10).is_empty());
}

#[test]
fn a_missing_a_doubled_and_a_foreign_segment_are_damage() {
    let folder = TempDir::new().unwrap();
    let options = Options { segment_bytes_max: 300, ..Options::new(Stream::Journal) };
    let journal = Journal::open(folder.path(), options).unwrap();
    append_each(&journal, 1..=6);
    drop(journal);
    let name = |first: Seq| format!("{first:020}.log");
    let check = |harm: &dyn Fn(&Path), lost: Option<(Seq, Seq)>| {
        let copy = crashed(folder.path());
        harm(copy.path());
        assert_eq!(damage_of(copy.path()).lost, lost);
        assert!(!Journal::verify(copy.path()).unwrap().is_clean());
    };
    check(&|at| fs::remove_file(at.join(name(3))).unwrap(), Some((3, 4)));
    check(&|at| fs::remove_file(at.join(name(5))).unwrap(), Some((5, 6)));
    check(&|at| copy(at, &name(3), &name(4)), None);
    check(&|at| copy(at, &name(3), "3 (copy).log"), None);
    check(&|at| fs::remove_file(at.join("manifest")).unwrap(), None);
    let (foreign, _) = three_frames();
    let foreign = fs::read(first_segment(foreign.path())).unwrap();
    check(&|at| fs::write(at.join(name(1)), &foreign).unwrap(), Some((1, 2)));
}

#[test]
fn verify_finds_a_planted_flip_in_a_sealed_segment() {
    let folder = TempDir::new().unwrap();
    let options = Options { segment_bytes_max: 300, ..Options::new(Stream::Journal) };
    let journal = Journal::open(folder.path(), options).unwrap();
    append_each(&journal, 1..=6);
    assert!(Journal::verify(folder.path()).unwrap().is_clean());
    flip(&first_segment(folder.path()), 100);
    let report = Journal::verify(folder.path()).unwrap();
    assert_eq!(report.differences[0].lost, Some((1, 1)));
    assert!(matches!(journal.read(0, 10), Err(JournalError::Damaged(_))));
}

#[test]
fn a_second_opening_another_stream_and_a_missing_folder_are_refused() {
    let folder = TempDir::new().unwrap();
    let journal = open(folder.path()).unwrap();
    let second = open(folder.path()).unwrap_err();
    assert!(matches!(second, JournalError::Locked { .. }), "{second}");
    drop(journal);
    let other = Journal::open(folder.path(), Options::new(Stream::Pages)).unwrap_err();
    assert!(matches!(other, JournalError::OtherStream { .. }), "{other}");
    let options = Options { create: false, ..Options::new(Stream::Journal) };
    let missing = Journal::open(&folder.path().join("none"), options).unwrap_err();
    assert!(matches!(missing, JournalError::Missing { .. }), "{missing}");
    assert!(Journal::open(folder.path(), options).is_ok());
}

#[test]
fn limits_hold_at_the_maximum_and_refuse_one_more() {
    let folder = TempDir::new().unwrap();
    let journal = open(folder.path()).unwrap();
    let sized = |n: u128, bytes: usize| Batch {
        records: vec![NewRecord { payload: vec![b' '; bytes], ..record(n, "") }],
        ..creation(n)
    };
    let many = |n: u128, count: usize| Batch { records: vec![record(n, ""); count], ..creation(n) };
    let payload_max = Stream::Journal.payload_bytes_max();
    assert!(journal.append(sized(1, payload_max)).is_ok());
    assert!(journal.append(many(2, BATCH_RECORDS_MAX)).is_ok());
    for wrong in [sized(3, payload_max + 1), many(3, BATCH_RECORDS_MAX + 1)] {
        assert!(matches!(journal.append(wrong), Err(JournalError::TooLarge { .. })));
    }
    assert!(matches!(journal.append(many(3, 0)), Err(JournalError::Empty { .. })));
    assert_eq!(journal.position().seq, 1 + BATCH_RECORDS_MAX as Seq);
}

#[test]
fn followers_are_woken_and_a_closed_journal_accepts_no_more() {
    let folder = TempDir::new().unwrap();
    let journal = open(folder.path()).unwrap();
    let watching = journal.subscribe();
    assert!(!journal.wait_past(0, Duration::ZERO));
    let waiting = journal.submit(creation(1));
    assert!(journal.wait_past(0, Duration::from_secs(10)));
    assert!(waiting.wait().is_ok());
    assert_eq!(*watching.borrow(), 1);
    journal.close();
    assert!(matches!(journal.append(creation(2)), Err(JournalError::Stopped { .. })));
    assert_eq!(seqs(&journal, 0, 10), [1]);
    assert_eq!(journal.failed().now(), None);
}

fn in_async<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

#[test]
fn answers_can_be_awaited() {
    let folder = TempDir::new().unwrap();
    let journal = open(folder.path()).unwrap();
    let mut watching = journal.subscribe();
    in_async(async {
        let answer = journal.submit(creation(1)).await.unwrap();
        assert_eq!(answer, Appended::Written { first: 1, last: 1 });
        watching.wait_for(|seq| *seq == 1).await.unwrap();
        let empty = Batch { records: Vec::new(), ..creation(2) };
        assert!(matches!(journal.submit(empty).await, Err(JournalError::Empty { .. })));
    });
}

#[test]
fn a_failed_write_stops_the_journal_and_tells_everybody() {
    let folder = TempDir::new().unwrap();
    let options = Options { segment_bytes_max: 300, ..Options::new(Stream::Journal) };
    let journal = Journal::open(folder.path(), options).unwrap();
    journal.append(creation(1)).unwrap();
    journal.append(creation(2)).unwrap();
    // The next segment cannot be made: a folder has its name.
    fs::create_dir(folder.path().join("00000000000000000003.log")).unwrap();
    let failed = journal.append(creation(3)).unwrap_err();
    assert!(matches!(failed, JournalError::Stopped { .. }), "{failed}");
    assert!(journal.failed().now().is_some_and(|why| why.contains("00003.log")));
    assert!(matches!(journal.append(creation(4)), Err(JournalError::Stopped { .. })));
    assert_eq!(seqs(&journal, 0, 10), [1, 2]);
}

#[test]
fn a_missing_open_segment_is_damage_also_after_a_crash() {
    let folder = TempDir::new().unwrap();
    let options = Options { segment_bytes_max: 300, ..Options::new(Stream::Journal) };
    let journal = Journal::open(folder.path(), options).unwrap();
    append_each(&journal, 1..=4);
    let copy = crashed(folder.path());
    fs::remove_file(copy.path().join("00000000000000000003.log")).unwrap();
    assert_eq!(damage_of(copy.path()).segment, "00000000000000000003.log");
}

/// A closed journal of several segments, and its records.
fn closed() -> &'static (TempDir, Vec<Record>) {
    static CLOSED: OnceLock<(TempDir, Vec<Record>)> = OnceLock::new();
    CLOSED.get_or_init(|| {
        let folder = TempDir::new().unwrap();
        let options = Options { segment_bytes_max: 400, ..Options::new(Stream::Journal) };
        let journal = Journal::open(folder.path(), options).unwrap();
        append_each(&journal, 1..=12);
        let records = journal.read(0, 100).unwrap();
        drop(journal);
        (folder, records)
    })
}

/// Harms the file with that number: a flip, a cut, its absence, or another one's bytes.
fn harm(folder: &Path, (file, harm, place): (usize, u8, usize)) {
    let mut names: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    names.sort();
    let path = &names[file % names.len()];
    let mut bytes = fs::read(path).unwrap();
    match harm {
        0 if !bytes.is_empty() => {
            let at = place % bytes.len();
            bytes[at] ^= 1 << (place % 8);
            fs::write(path, bytes).unwrap();
        }
        1 if !bytes.is_empty() => {
            bytes.truncate(place % bytes.len());
            fs::write(path, bytes).unwrap();
        }
        2 => fs::remove_file(path).unwrap(),
        _ => drop(fs::copy(&names[place % names.len()], path).map(|_| ())),
    }
}

/// What a wish asks: few keys, entities and versions, so that repeats and conflicts happen.
fn wish() -> impl Strategy<Value = Batch> {
    let entity = 1..5_u128;
    let records = prop::collection::vec((entity.clone(), "[a-zæøå]{0,20}"), 1..4);
    let expect = prop::collection::vec((entity, 0..4_u32), 0..2);
    (1..12_u128, 0..2_u64, records, expect).prop_map(|(key, body_hash, records, expect)| Batch {
        key: id(key),
        body_hash,
        at: at(0),
        expect: expect
            .into_iter()
            .map(|(entity, version)| Expect { entity: id(entity), version })
            .collect(),
        records: records.iter().map(|(entity, text)| record(*entity, text)).collect(),
    })
}

/// The rules once more, as plainly as they can be said, over the batches written so far.
fn judge(written: &[Batch], batch: &Batch) -> &'static str {
    let made = |entity: Uuid| {
        written.iter().find(|it| it.records.iter().any(|record| record.entity == entity))
    };
    let version = |entity: Uuid| {
        let records = written.iter().flat_map(|it| &it.records);
        records.filter(|record| record.entity == entity).count()
    };
    let is_creation = |it: &Batch| it.records[0].entity == it.key;
    let before = written.iter().find(|it| it.key == batch.key);
    match before {
        Some(before) if before.body_hash == batch.body_hash => return "duplicate",
        Some(_) => return "reused",
        None if is_creation(batch) && made(batch.key).is_some() => return "reused",
        None => (),
    }
    let is_stale = |it: &Expect| version(it.entity) != it.version as usize;
    if batch.expect.iter().any(is_stale) { "conflict" } else { "written" }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn any_damage_to_a_closed_journal_is_found_or_harmless(
        what in (0..8_usize, 0..4_u8, any::<usize>()),
    ) {
        let (folder, records) = closed();
        let copy = crashed(folder.path());
        harm(copy.path(), what);
        let is_clean = Journal::verify(copy.path()).is_ok_and(|report| report.is_clean());
        if let Ok(journal) = open(copy.path()) {
            prop_assert!(is_clean);
            prop_assert_eq!(&journal.read(0, 100).unwrap(), records);
        } else {
            prop_assert!(!is_clean);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn every_wish_is_judged_by_the_rules_also_after_reopening(
        wishes in prop::collection::vec(wish(), 1..16),
        reopen_every in 1..6_usize,
    ) {
        let folder = TempDir::new().unwrap();
        let mut journal = open(folder.path()).unwrap();
        let mut written: Vec<Batch> = Vec::new();
        for (n, batch) in wishes.into_iter().enumerate() {
            if n % reopen_every == 0 {
                drop(journal);
                journal = open(folder.path()).unwrap();
            }
            let expected = judge(&written, &batch);
            let answer = match journal.append(batch.clone()) {
                Ok(Appended::Written { .. }) => "written",
                Ok(Appended::Duplicate { .. }) => "duplicate",
                Err(JournalError::KeyReused { .. }) => "reused",
                Err(JournalError::Conflict { .. }) => "conflict",
                Err(other) => panic!("{other}"),
            };
            prop_assert_eq!(answer, expected);
            if answer == "written" {
                written.push(batch);
            }
        }
        let expected: Vec<&NewRecord> = written.iter().flat_map(|batch| &batch.records).collect();
        let found = journal.read(0, 1_000).unwrap();
        prop_assert_eq!(found.len(), expected.len());
        let mut versions = BTreeMap::new();
        for (found, expected) in found.iter().zip(expected) {
            let version = versions.entry(expected.entity).or_insert(0);
            *version += 1;
            prop_assert_eq!(&found.payload, &expected.payload);
            prop_assert_eq!((found.entity, found.version), (expected.entity, *version));
        }
    }
}
