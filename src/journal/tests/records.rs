//! Appending, reading, waiting and closing, as the journal's users see it.

use std::thread;
use std::time::Duration;

use super::*;

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
fn short_lived_records_go_by_whole_days_and_the_rest_stays_readable() {
    let folder = TempDir::new().unwrap();
    let options = Options::new(Stream::Brief);
    let journal = Journal::open(folder.path(), options).unwrap();
    for n in 1..=40_u32 {
        let day = Batch { at: at(i64::from(n)), ..creation(u128::from(n)) };
        journal.append(day).unwrap();
    }
    // Day 40 began a segment; then day 10 was thirty days old and day 9 older.
    assert_eq!(seqs(&journal, 0, 100), (10..=40).collect::<Vec<_>>());
    assert_eq!(seqs(&journal, 20, 3), [21, 22, 23]);
    drop(journal);
    let report = Journal::verify(folder.path()).unwrap();
    assert!(report.is_clean(), "{report:?}");
    assert_eq!((report.n_segments, report.last), (31, 40));
    let journal = Journal::open(folder.path(), options).unwrap();
    assert_eq!(seqs(&journal, 0, 2), [10, 11]);
    assert_eq!(journal.position().seq, 40);
    // A clock that was years ahead leaves nothing behind once it is right again.
    journal.append(Batch { at: at(4_000), ..creation(41) }).unwrap();
    assert_eq!(seqs(&journal, 0, 100), [41], "all the others are far from that day");
    journal.append(Batch { at: at(42), ..creation(42) }).unwrap();
    journal.append(Batch { at: at(43), ..creation(43) }).unwrap();
    assert_eq!(seqs(&journal, 0, 100), [42, 43]);
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
