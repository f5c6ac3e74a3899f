//! The follower of the journal: folds what is durable into the view and the tables.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::watch;

use super::state::{Fold, FoldError, State};
use crate::journal::{Generation, Journal, JournalError, Position, Record, Seq};
use crate::view::View;

/// So many records are folded at once.
pub(super) const RECORDS_AT_A_TIME: usize = 100;
/// So long a follower sleeps before it looks whether it is to stop.
const LOOK_ROUND: Duration = Duration::from_millis(200);

/// How far the follower has come.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    /// The view has every record up to this one.
    pub applied: Seq,
    /// Why the follower has stopped, if it has.
    pub failed: Option<String>,
}

/// Rings when the follower has come on.
#[derive(Debug, Default)]
pub(super) struct Bell {
    rung: Mutex<()>,
    ring: Condvar,
}

/// Waits for the bell, a moment at most.
pub(super) fn pause(bell: &Bell) {
    const MOMENT: Duration = Duration::from_millis(5);
    let held = bell.rung.lock().unwrap_or_else(PoisonError::into_inner);
    drop(bell.ring.wait_timeout(held, MOMENT));
}

/// What the follower works with.
pub(super) struct Follower {
    pub(super) journal: Journal,
    pub(super) state: State,
    pub(super) view: View,
    pub(super) progress: watch::Sender<Progress>,
    pub(super) woken: Arc<Bell>,
    pub(super) stop: Arc<AtomicBool>,
}

#[derive(Debug, thiserror::Error)]
enum FollowError {
    #[error("could not read the journal")]
    Journal(#[from] JournalError),
    #[error("could not fold a record")]
    Fold(#[from] FoldError),
}

impl Follower {
    /// Starts the follower's thread.
    pub(super) fn start(self) -> JoinHandle<()> {
        std::thread::spawn(move || {
            if let Err(error) = self.follow() {
                tracing::error!(error = format!("{error:?}"), "the view no longer follows");
                self.progress.send_modify(|it| it.failed = Some(format!("{error:?}")));
            }
            self.woken.ring.notify_all();
        })
    }

    fn follow(&self) -> Result<(), FollowError> {
        let mut after = self.progress.borrow().applied;
        loop {
            let records = self.journal.read(after, RECORDS_AT_A_TIME)?;
            if let Some(last) = records.last() {
                let generation = self.journal.position().generation;
                fold_into(&self.view, &self.state, generation, &records)?;
                after = last.seq;
                self.progress.send_modify(|it| it.applied = after);
                self.woken.ring.notify_all();
            } else if self.stop.load(Ordering::Relaxed) {
                return Ok(());
            } else {
                self.journal.wait_past(after, LOOK_ROUND);
            }
        }
    }
}

/// Folds records into the view, then into the tables: whoever sees a row finds its words.
pub(super) fn fold_into(
    view: &View,
    state: &State,
    generation: Generation,
    records: &[Record],
) -> Result<(), FoldError> {
    let Some(seq) = records.last().map(|it| it.seq) else { return Ok(()) };
    let mut fold = Fold::new(state);
    for record in records {
        fold.add(record)?;
    }
    view.apply(Position { generation, seq }, &fold.changes())?;
    fold.settle();
    Ok(())
}
