//! The journal on a disk that forgets, tears and fails, against a ledger of what was promised.
//!
//! `SKRANKE_FAULT_SEEDS` says how many seeds; a failure names its seed, and the same seed
//! plays the same run again.

mod call;
mod cut;
mod dropped;
mod harm;
mod ledger;

use std::path::Path;
use std::time::Duration;

use super::*;
use crate::journal::files::{Taken, Writer, verify};
use crate::journal::simulated::{Call, Chance, Fault, Simulated, seeds};
use ledger::Ledger;

const FOLDER: &str = "/data/journal";

/// Small segments, so that a run has many.
fn options() -> Options {
    Options { segment_bytes_max: 8_000, ..Options::new(Stream::Journal) }
}

/// A journal on a simulated disk whose writer moves when it is told.
struct Desk {
    disk: &'static Simulated,
    journal: FileJournal,
    writer: Writer,
}

impl Desk {
    fn open(disk: &'static Simulated) -> Result<Self, JournalError> {
        Self::open_as(disk, options())
    }

    fn open_as(disk: &'static Simulated, options: Options) -> Result<Self, JournalError> {
        let (journal, writer) =
            FileJournal::stepped(Disk::Simulated(disk), Path::new(FOLDER), options)?;
        Ok(Self { disk, journal, writer })
    }

    /// Submits all, lets the writer write them as one group, and tells the answers.
    fn write(&mut self, batches: &[Batch]) -> Vec<Result<Appended, JournalError>> {
        let pending: Vec<Pending> =
            batches.iter().map(|it| self.journal.submit(it.clone())).collect();
        if let Taken::Group(jobs) = self.writer.shared.queue.take_group(Some(Duration::ZERO)) {
            let failed = self.writer.write(jobs).is_err();
            assert_eq!(failed, self.journal.failed().now().is_some(), "who waits is told");
        }
        pending.into_iter().map(Pending::wait).collect()
    }

    fn records(&self) -> Result<Vec<Record>, JournalError> {
        let mut records = Vec::new();
        loop {
            let more = self.journal.read(records.len() as Seq, 100)?;
            if more.is_empty() {
                return Ok(records);
            }
            records.extend(more);
        }
    }

    fn is_clean(&self) -> bool {
        verify(Disk::Simulated(self.disk), Path::new(FOLDER)).is_ok_and(|report| report.is_clean())
    }

    /// Closes in good order.
    fn close(self) {
        self.writer.end();
    }
}

#[test]
fn the_same_seed_plays_the_same_run() {
    for seed in 0..10 {
        let (first, second) = (cut::play(seed), cut::play(seed));
        assert_eq!(first, second, "seed {seed}");
        assert_ne!(first.trace, cut::play(seed + 1).trace, "seeds {seed} and {}", seed + 1);
    }
}
