//! Old segments of the short-lived stream are dropped while every call fails once: what is young
//! is kept, what is old is gone at last, and the stream opens without a person.

use super::*;

const EIO: i32 = 5;
/// A record each eighth day; what is more than thirty days older than the last goes.
const STEP: i64 = 8;
const END: i64 = 88;
const KEPT: i64 = 30;

/// Writes day after day until something fails; tells the days that were acknowledged.
fn live(disk: &'static Simulated, from: i64, to: i64) -> Vec<i64> {
    let Ok(mut desk) = Desk::open_as(disk, Options::new(Stream::Brief)) else { return vec![] };
    let mut acknowledged = vec![];
    for day in (from..=to).step_by(STEP as usize) {
        let batch = Batch { at: at(day), ..creation(1 + u128::try_from(day).unwrap()) };
        if desk.write(&[batch]).remove(0).is_err() {
            return acknowledged;
        }
        acknowledged.push(day);
    }
    desk.close();
    acknowledged
}

/// The days that are kept.
fn days(desk: &Desk) -> Vec<i64> {
    let records = desk.journal.read(0, 1_000).unwrap();
    let day = |it: &Record| it.at.duration_since(at(0)).as_hours() / 24;
    records.iter().map(day).collect()
}

fn n_files(disk: &Simulated) -> usize {
    let files = disk.files().into_keys();
    files.filter(|it| it.extension().is_some_and(|it| it == "log")).count()
}

fn n_segments(disk: &'static Simulated) -> usize {
    verify(Disk::Simulated(disk), Path::new(FOLDER)).unwrap().n_segments
}

/// Plays a run whose call of that number fails; false when it has fewer calls.
fn play(number: u64, fault: Fault, end: fn(&Simulated)) -> bool {
    let disk = Simulated::new(number);
    disk.plan(number, fault);
    let acknowledged = live(disk, 0, END);
    let is_reached = !disk.is_armed();
    end(disk);
    // Looked at without a lock, what is left of dropped files is no damage.
    let seen = verify(Disk::Simulated(disk), Path::new(FOLDER));
    assert!(seen.is_err() || seen.is_ok_and(|it| it.is_clean()), "call {number}");
    let desk = Desk::open_as(disk, Options::new(Stream::Brief)).expect("it opens by itself");
    assert_eq!(n_files(disk), n_segments(disk), "the start removes what was dropped");
    let found = days(&desk);
    assert!(found.is_sorted() && desk.is_clean(), "{found:?}");
    // The day that failed may have dropped what is old beside it.
    let last = acknowledged.last().copied().unwrap_or(0);
    let young = acknowledged.iter().filter(|it| last + STEP - KEPT <= **it);
    young.for_each(|it| assert!(found.contains(it), "day {it} of {found:?} at call {number}"));
    desk.close();
    // What was refused is sent again, and a day later the same is kept as if nothing had failed.
    live(disk, last, END + STEP);
    let desk = Desk::open_as(disk, Options::new(Stream::Brief)).expect("it opens by itself");
    let end = END + STEP;
    let kept: Vec<i64> = (0..=end).step_by(STEP as usize).filter(|it| end - KEPT <= *it).collect();
    assert_eq!(days(&desk), kept, "call {number}");
    assert!(desk.is_clean());
    assert_eq!(n_files(disk), kept.len(), "no file of a dropped day is left");
    desk.close();
    disk.wipe();
    is_reached
}

#[test]
fn old_days_are_dropped_whole_whatever_fails_meanwhile() {
    for (fault, end) in
        [(Fault::Off, Simulated::cut as fn(&Simulated)), (Fault::Errno(EIO), Simulated::kill)]
    {
        let calls = (0..).take_while(|number| play(*number, fault, end)).count();
        println!("{fault:?}: {calls} calls");
        assert!(100 < calls, "only {calls} calls");
    }
}
