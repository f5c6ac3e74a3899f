//! Looking at a journal from outside: what is shown, and where it ends.

use super::*;

/// The sequences that are shown after `after`, at most `max`, and the damage that is told.
fn shown(folder: &Path, after: Seq, max: usize) -> (Vec<Seq>, Option<Damage>) {
    let mut seqs = Vec::new();
    let damage = Journal::show(folder, after, &mut |record| {
        seqs.push(record.seq);
        seqs.len() < max
    });
    (seqs, damage.unwrap())
}

/// A journal of three segments with two records each, still open.
fn three_segments() -> (TempDir, Journal) {
    let folder = TempDir::new().unwrap();
    let options = Options { segment_bytes_max: 300, ..Options::new(Stream::Journal) };
    let journal = Journal::open(folder.path(), options).unwrap();
    append_each(&journal, 1..=6);
    (folder, journal)
}

#[test]
fn every_record_is_shown_while_the_journal_is_open() {
    let (folder, journal) = three_segments();
    let mut records = Vec::new();
    let damage = Journal::show(folder.path(), 0, &mut |record| {
        records.push(record);
        true
    });
    assert_eq!(damage.unwrap(), None);
    assert_eq!(records, journal.read(0, 10).unwrap());
    assert_eq!(shown(folder.path(), 3, 2), (vec![4, 5], None));
    assert_eq!(shown(folder.path(), 6, 2), (vec![], None));
}

#[test]
fn records_are_shown_up_to_the_damage_and_it_is_named() {
    let (folder, journal) = three_segments();
    drop(journal);
    flip(&folder.path().join("00000000000000000003.log"), HEADER_BYTES + 30);
    let (seqs, damage) = shown(folder.path(), 0, 10);
    assert_eq!((seqs, damage.unwrap().lost), (vec![1, 2], Some((3, 3))));
    fs::remove_file(folder.path().join("00000000000000000003.log")).unwrap();
    let (seqs, damage) = shown(folder.path(), 0, 10);
    assert_eq!((seqs, damage.unwrap().lost), (vec![1, 2], Some((3, 4))));
    fs::remove_file(folder.path().join("manifest")).unwrap();
    let (seqs, damage) = shown(folder.path(), 0, 10);
    assert_eq!((seqs, damage.unwrap().segment), (vec![1, 2], "00000000000000000005.log".into()));
}

#[test]
fn a_lost_end_is_named_and_a_torn_one_is_not() {
    let (folder, begins) = three_frames();
    let path = first_segment(folder.path());
    fs::File::options().write(true).open(&path).unwrap().set_len(begins[3] - 1).unwrap();
    assert_eq!(shown(folder.path(), 0, 10), (vec![1, 2], None));
    let (folder, journal) = three_segments();
    drop(journal);
    fs::remove_file(folder.path().join("00000000000000000005.log")).unwrap();
    let (seqs, damage) = shown(folder.path(), 0, 10);
    assert_eq!((seqs, damage.unwrap().lost), (vec![1, 2, 3, 4], Some((5, 6))));
}

#[test]
fn a_segment_of_a_newer_format_is_told_as_such() {
    let (folder, journal) = three_segments();
    drop(journal);
    let newer = |result: Result<(), JournalError>| {
        assert!(matches!(result, Err(JournalError::Newer { found: 2, known: 1 })), "{result:?}");
    };
    let path = first_segment(folder.path());
    let mut segment = fs::read(&path).unwrap();
    segment[8] = 2;
    let crc = crc32fast::hash(&segment[..44]);
    segment[44..48].copy_from_slice(&crc.to_le_bytes());
    fs::write(&path, segment).unwrap();
    newer(open(folder.path()).map(|_| ()));
    newer(Journal::show(folder.path(), 0, &mut |_| true).map(|_| ()));
}
