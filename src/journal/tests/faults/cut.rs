//! Power cuts, kills and failed syncs at any call: what was acknowledged is there once and
//! unaltered, nothing else is, and the journal opens without a person.

use super::*;

/// What a run came to.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) trace: u32,
    pub(super) records: Vec<Record>,
    cuts: u32,
}

const EIO: i32 = 5;
/// A run starts the journal so many times, and once more in peace.
const STARTS: usize = 6;
/// So many groups are written after each start, unless the end comes first.
const GROUPS: usize = 25;

/// Plays the run of a seed.
pub(super) fn play(seed: u64) -> Outcome {
    let disk = Simulated::new(seed);
    let mut chance = Chance::new(seed ^ 0xC0FF_EE00);
    let mut ledger = Ledger::default();
    let mut cuts = 0;
    for _ in 0..STARTS {
        let call = disk.n_calls() + chance.below(150) as u64;
        disk.plan(call, if chance.once_in(5) { Fault::Errno(EIO) } else { Fault::Off });
        live(disk, &mut ledger, &mut chance);
        // A process that ends leaves the page cache to the next; after a failed sync it may lie.
        if chance.once_in(3) {
            disk.kill();
        } else {
            cuts += 1;
            disk.cut();
        }
    }
    let mut desk = Desk::open(disk).expect("a journal opens without a person");
    ledger.check(&desk);
    let wishes = ledger.wishes(&mut chance);
    let answers = desk.write(&wishes);
    ledger.hear(&wishes, &answers);
    ledger.check(&desk);
    let records = desk.records().unwrap();
    desk.close();
    let trace = disk.trace();
    disk.wipe();
    Outcome { trace, records, cuts }
}

/// Works until the planned fault or, if it does not come, to a close in good order.
fn live(disk: &'static Simulated, ledger: &mut Ledger, chance: &mut Chance) {
    let mut desk = match Desk::open(disk) {
        Ok(desk) => desk,
        Err(JournalError::Io { .. }) if !disk.is_armed() => return,
        Err(other) => panic!("a journal opens without a person: {other}"),
    };
    disk.in_peace(|| ledger.check(&desk));
    for _ in 0..GROUPS {
        let wishes = ledger.wishes(chance);
        let answers = desk.write(&wishes);
        ledger.hear(&wishes, &answers);
        if chance.once_in(4) && desk.journal.failed().now().is_none() {
            let noted = desk.writer.note();
            assert_eq!(noted.is_err(), desk.journal.failed().now().is_some());
        }
        if desk.journal.failed().now().is_some() {
            return;
        }
    }
    if chance.once_in(2) {
        desk.close();
    }
}

#[test]
fn a_cut_at_any_point_loses_nothing_that_was_acknowledged() {
    let rounds = rounds(200);
    let (mut records, mut cuts) = (0, 0);
    for seed in 0..rounds {
        let outcome = std::panic::catch_unwind(|| play(seed));
        let outcome = outcome.unwrap_or_else(|_| panic!("seed {seed}"));
        records += outcome.records.len();
        cuts += outcome.cuts;
    }
    println!("{rounds} seeds, {cuts} power cuts, {records} records kept");
    assert!(rounds * 50 < records as u64, "{records} records in {rounds} rounds");
}
