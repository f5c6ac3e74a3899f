//! Every call of a run fails once, in every way: no promise is broken, no success follows a
//! failed sync, and the error names the file and what was tried.

use super::*;

const EIO: i32 = 5;
const ENOSPC: i32 = 28;
const EINTR: i32 = 4;

/// What came of a run whose call of that number failed.
struct Failed {
    call: Call,
    /// The first error, with its causes.
    error: Option<String>,
    /// Whether something was acknowledged after it.
    goes_on: bool,
}

/// Plays a short run with faults from that call on; none when it has fewer calls.
fn play(number: u64, faults: &[Fault]) -> Option<Failed> {
    let disk = Simulated::new(7);
    let (mut chance, mut ledger) = (Chance::new(7), Ledger::default());
    for (at, fault) in (number..).zip(faults) {
        disk.plan(at, *fault);
    }
    let first = live(disk, &mut ledger, &mut chance);
    let left = disk.is_armed();
    let failed = (!left).then(|| {
        let calls = disk.calls();
        let call = calls[usize::try_from(number).unwrap() + faults.len() - 1].0;
        let (error, goes_on) = first;
        Failed { call, error, goes_on }
    });
    // The machine runs on first, and its page cache with it; then the power goes.
    for end in [Simulated::kill, Simulated::cut] {
        end(disk);
        let mut desk = Desk::open(disk).expect("a journal opens without a person");
        ledger.check(&desk);
        let wishes = ledger.wishes(&mut chance);
        let answers = desk.write(&wishes);
        ledger.hear(&wishes, &answers);
        assert!(answers.iter().all(|it| it.is_ok() || is_conflict(it)), "{answers:?}");
    }
    disk.wipe();
    failed
}

fn is_conflict(answer: &Result<Appended, JournalError>) -> bool {
    matches!(answer, Err(JournalError::Conflict { .. }))
}

/// Starts twice and works; tells the first error, and whether an acknowledgement followed it.
fn live(
    disk: &'static Simulated,
    ledger: &mut Ledger,
    chance: &mut Chance,
) -> (Option<String>, bool) {
    let (mut error, mut goes_on) = (None, false);
    for _ in 0..2 {
        let mut desk = match Desk::open(disk) {
            Ok(desk) => desk,
            Err(opening) => return (Some(opening.told()), goes_on),
        };
        for _ in 0..8 {
            let wishes = ledger.wishes(chance);
            let mut answers = desk.write(&wishes);
            ledger.hear(&wishes, &answers);
            if error.is_none() {
                error = answers.iter().find_map(refusal);
                if error.is_none() {
                    continue;
                }
                // What was refused is sent once more.
                answers = desk.write(&wishes);
                ledger.hear(&wishes, &answers);
            }
            goes_on |= answers.iter().any(Result::is_ok);
        }
        if desk.journal.failed().now().is_some() {
            return (error, goes_on);
        }
        desk.close();
    }
    (error, goes_on)
}

/// What a refused batch was told.
fn refusal(answer: &Result<Appended, JournalError>) -> Option<String> {
    match answer {
        Err(error @ (JournalError::Stopped { .. } | JournalError::Full { .. })) => {
            Some(error.told())
        }
        _ => None,
    }
}

/// Plays a run for every call and hands what came of it to `judge`; tells how many there were.
fn each_call(faults: &[Fault], judge: impl Fn(&Failed)) -> u64 {
    let mut number = 0;
    while let Some(failed) = play(number, faults) {
        judge(&failed);
        number += 1;
    }
    println!("{faults:?}: {number} calls");
    assert!(100 < number, "only {number} calls");
    number
}

fn names_file_and_attempt(failed: &Failed) {
    let Some(error) = &failed.error else { return };
    let verbs = ["open", "create", "write", "sync", "rename", "read", "list", "lock", "truncate"];
    assert!(error.contains("/data"), "{:?}: {error}", failed.call);
    assert!(verbs.iter().any(|verb| error.contains(verb)), "{:?}: {error}", failed.call);
}

#[test]
fn an_interrupted_or_a_short_call_is_not_noticed() {
    for fault in [Fault::Errno(EINTR), Fault::Short] {
        each_call(&[fault], |failed| {
            assert_eq!(failed.error, None, "{fault:?} of {:?}", failed.call);
        });
    }
}

#[test]
fn an_error_of_the_disk_ends_the_journal_and_is_named() {
    each_call(&[Fault::Errno(EIO)], |failed| {
        // The note of the end at a close is wanted, not needed.
        let is_told = failed.error.is_some();
        assert!(is_told || !matches!(failed.call, Call::Open | Call::Read), "{:?}", failed.call);
        names_file_and_attempt(failed);
        assert!(!failed.goes_on, "it goes on after {:?}: {:?}", failed.call, failed.error);
    });
}

#[test]
fn a_full_disk_refuses_until_there_is_room_and_a_failed_sync_ends_the_journal() {
    // The last room may be enough for half of a write.
    for faults in [&[Fault::Errno(ENOSPC)][..], &[Fault::Short, Fault::Errno(ENOSPC)]] {
        each_call(faults, |failed| {
            names_file_and_attempt(failed);
            let is_sync = matches!(failed.call, Call::Sync | Call::SyncFolder);
            assert!(!(is_sync && failed.goes_on), "after a failed sync: {:?}", failed.error);
            let is_full = failed.error.as_ref().is_some_and(|it| it.contains("make room"));
            assert!(!(is_full && is_sync), "{:?}", failed.error);
            assert!(!is_full || failed.goes_on, "it does not go on after {:?}", failed.call);
        });
    }
}

#[test]
fn what_a_full_disk_took_of_a_frame_does_not_stay_in_a_sealed_segment() {
    for seed in 0..40 {
        let disk = Simulated::new(seed);
        let mut desk = Desk::open(disk).unwrap();
        assert!(desk.write(&[creation(1)])[0].is_ok());
        disk.plan(disk.n_calls(), Fault::Short);
        disk.plan(disk.n_calls() + 1, Fault::Errno(ENOSPC));
        let text = "x".repeat(3_000);
        let large = Batch { records: vec![record(2, &text)], ..creation(2) };
        let refused = desk.write(&[large]).remove(0);
        assert!(matches!(refused, Err(JournalError::Full { .. })), "{refused:?}");
        // A later month begins a segment.
        let later = desk.write(&[Batch { at: at(40), ..creation(3) }]).remove(0);
        assert_eq!(later.unwrap(), Appended::Written { first: 2, last: 2 });
        if seed % 2 == 0 {
            disk.kill()
        } else {
            disk.cut()
        }
        let desk = Desk::open(disk).expect("a journal opens without a person");
        let entities: Vec<Uuid> = desk.records().unwrap().iter().map(|it| it.entity).collect();
        assert_eq!(entities, [id(1), id(3)]);
        assert!(desk.is_clean());
        disk.wipe();
    }
}

/// The next batch might fit the segment before, which would then hold what its successor holds.
#[test]
fn a_new_segment_that_cannot_be_opened_ends_the_journal_whatever_the_cause() {
    let disk = Simulated::new(3);
    let mut desk = Desk::open(disk).unwrap();
    assert!(desk.write(&[creation(1)])[0].is_ok());
    let before = disk.n_calls();
    // It is created, written, synced, renamed, its folder is synced; then it is opened.
    disk.plan(before + 5, Fault::Errno(ENOSPC));
    let answer = desk.write(&[Batch { at: at(40), ..creation(2) }]).remove(0);
    assert!(matches!(answer, Err(JournalError::Stopped { .. })), "{answer:?}");
    assert_eq!(disk.calls().last().map(|it| it.0), Some(Call::Open));
    disk.kill();
    assert_eq!(Desk::open(disk).unwrap().records().unwrap().len(), 1);
    disk.wipe();
}
