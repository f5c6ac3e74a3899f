//! What a follower works with that reads behind the view: records that the view has by then.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::watch;

use crate::app::State;
use crate::app::follow::{self, Bell, Progress};
use crate::id::Id;
use crate::journal::{Journal, JournalError, Record, Seq};
use crate::record::Kind;

/// So many records are looked at at once.
const RECORDS_AT_A_TIME: usize = 100;

/// The journal, and the state that is at least as far as what was read of it.
#[derive(Clone)]
pub(super) struct Behind {
    pub(super) journal: Journal,
    pub(super) state: State,
    pub(super) progress: watch::Receiver<Progress>,
    pub(super) woken: Arc<Bell>,
    pub(super) stop: Arc<AtomicBool>,
}

impl Behind {
    /// The records after `after` that the state has by then. None when the state comes no
    /// further, as when the process ends.
    pub(super) fn read(&self, after: Seq) -> Result<Option<Vec<Record>>, JournalError> {
        let records = self.journal.read(after, RECORDS_AT_A_TIME)?;
        let last = records.last().map_or(after, |it| it.seq);
        Ok(self.seen(last).then_some(records))
    }

    /// Waits until there is a state to read; false when there will be none.
    pub(super) fn is_ready(&self) -> bool {
        loop {
            let (is_ready, failed) = {
                let progress = self.progress.borrow();
                (progress.is_ready, progress.failed.is_some())
            };
            if failed || self.is_stopped() {
                return false;
            }
            if is_ready {
                return true;
            }
            follow::pause(&self.woken);
        }
    }

    /// Waits until the state has the record `seq`; false when it will not.
    pub(super) fn seen(&self, seq: Seq) -> bool {
        loop {
            let (applied, failed) = {
                let progress = self.progress.borrow();
                (progress.applied, progress.failed.is_some())
            };
            if seq <= applied {
                return true;
            }
            if failed || self.is_stopped() {
                return false;
            }
            follow::pause(&self.woken);
        }
    }

    /// The inquiries that records are about, in order.
    pub(super) fn changed(&self, records: &[Record]) -> Vec<Seq> {
        let columns = self.state.inquiries.columns();
        let of_inquiries = records.iter().filter(|it| Kind::of(it.kind) == Some(Kind::Inquiry));
        let mut seqs: Vec<Seq> = of_inquiries
            .filter_map(|it| columns.of_id(Id::from_uuid(it.entity)).map(|it| it.seq))
            .collect();
        seqs.sort_unstable();
        seqs.dedup();
        seqs
    }

    /// How far the state has come at least.
    pub(super) fn applied(&self) -> Seq {
        self.progress.borrow().applied
    }

    /// Whether the process is to end.
    pub(super) fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Waits, unless the process is to end.
    pub(super) fn rest(&self, time: Duration) {
        const LOOK_ROUND: Duration = Duration::from_millis(100);
        let begun = Instant::now();
        while begun.elapsed() < time && !self.is_stopped() {
            std::thread::park_timeout(LOOK_ROUND.min(time));
        }
    }
}
