//! What is done to files behind the journal's back: torn tails are cut off, damage is named.

use std::sync::OnceLock;

use proptest::prelude::*;

use super::*;

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
