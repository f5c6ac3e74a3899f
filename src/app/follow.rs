//! The follower of the journal: folds what is durable into the view and the tables.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::sync::watch;

use super::AppError;
use super::health::Doubt;
use super::health::attempts::Attempts;
use super::made::{Maker, calls_for_rebuild};
use super::state::{Fold, FoldError, State};
use crate::journal::{Generation, Journal, Position, Record, Seq};
use crate::view::{View, ViewError};

/// So many records are folded at once.
pub(super) const RECORDS_AT_A_TIME: usize = 100;
/// So long a follower sleeps before it looks whether it is to stop.
const LOOK_ROUND: Duration = Duration::from_millis(200);

/// After a failure it is tried again so much later.
const RETRY_AFTER: Duration = Duration::from_secs(2);
/// So often the same view is tried before it is opened anew.
const TRIES_MAX: u32 = 5;

/// How far the follower has come.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    /// The view has every record up to this one.
    pub applied: Seq,
    /// Whether screens and reports can be read. Logging does not need it.
    pub is_ready: bool,
    /// How far the view has come that is being made or brought up.
    pub making: Option<Making>,
    /// What was last in the way; it is tried again.
    pub trouble: Option<String>,
    /// Why the follower has stopped, if it has.
    pub failed: Option<String>,
    /// The ends of the journal and of a view that is ahead of it: records are lost.
    pub lost: Option<(Seq, Seq)>,
}

/// How far something has come that takes its time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Making {
    /// Rows and records that are done.
    pub done: u64,
    /// All of them.
    pub of: u64,
}

impl Making {
    /// The share that is done, in whole percent.
    pub fn percent(self) -> u64 {
        (self.done * 100).checked_div(self.of).unwrap_or(100).min(100)
    }
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
    pub(super) data: PathBuf,
    pub(super) journal: Journal,
    pub(super) state: State,
    pub(super) progress: watch::Sender<Progress>,
    pub(super) woken: Arc<Bell>,
    pub(super) stop: Arc<AtomicBool>,
    pub(super) attempts: Attempts,
    pub(super) doubt: Doubt,
}

impl Follower {
    /// Starts the follower's thread, with a view that is ready or to make one ready.
    pub(super) fn start(self, view: Option<View>) -> JoinHandle<()> {
        std::thread::spawn(move || {
            // Whatever it meets in the view or in a record, the service stays and says so.
            let run = || self.run(view);
            if catch_unwind(AssertUnwindSafe(run)).is_err() {
                self.progress.send_modify(|it| it.failed = Some("it panicked".to_owned()));
            }
            self.woken.ring.notify_all();
        })
    }

    /// Follows until the process ends, or until nothing that could be tried again is left.
    fn run(&self, mut view: Option<View>) {
        let mut rebuilds = 0;
        while !self.is_stopped() {
            let ready = view.take().map_or_else(|| self.make(), Ok);
            let Err(error) = ready.and_then(|it| self.follow(&it)) else { break };
            if matches!(error, AppError::Fold(FoldError::Stopped)) {
                break;
            }
            rebuilds += u32::from(calls_for_rebuild(&error));
            tracing::error!(error = format!("{error:?}"), "the view does not follow");
            if let AppError::Doubted(_) = error {
                self.state.inquiries.detach();
                drop(self.move_aside().inspect_err(|error| {
                    tracing::error!(error = format!("{error:?}"), "it cannot be moved aside");
                }));
            }
            if !is_passing(&error) || TRIES_MAX < rebuilds {
                return self.give_up(&error);
            }
            self.progress.send_modify(|it| it.trouble = Some(chain(&error)));
            self.rest(RETRY_AFTER);
        }
    }

    fn give_up(&self, error: &AppError) {
        let lost = match error {
            AppError::Lost { journal, view } => {
                // What is missing would get the numbers of what comes: nothing may come.
                self.journal.close();
                Some((*journal, *view))
            }
            _ => None,
        };
        let failed = Some(chain(error));
        self.progress.send_modify(|it| (it.failed, it.lost) = (failed, lost));
    }

    /// Moves the view aside once nobody holds it.
    fn move_aside(&self) -> Result<(), ViewError> {
        let folder = self.data.join("view");
        drop(View::open(&folder)?);
        View::move_aside(&folder, self.attempts.now()).map(drop)
    }

    /// Makes a view ready and puts its tables in place of those that are read now.
    fn make(&self) -> Result<View, AppError> {
        self.progress.send_modify(|it| it.is_ready = false);
        // sled takes a folder once only; whoever reads lets go within moments.
        self.state.inquiries.detach();
        let maker = Maker {
            data: &self.data,
            journal: &self.journal,
            attempts: &self.attempts,
            now: self.attempts.now(),
            told: &|done, of| {
                self.progress.send_modify(|it| it.making = Some(Making { done, of }));
                !self.is_stopped()
            },
        };
        let (view, state) = maker.ready()?;
        let applied = view.position()?.map_or(0, |it| it.seq);
        self.state.adopt(&state);
        self.progress.send_modify(|it| {
            (it.applied, it.is_ready) = (applied.max(it.applied), true);
            (it.making, it.trouble) = (None, None);
        });
        self.woken.ring.notify_all();
        Ok(view)
    }

    fn follow(&self, view: &View) -> Result<(), AppError> {
        let mut after = self.progress.borrow().applied;
        loop {
            if let Some(why) = self.doubt.take() {
                return Err(AppError::Doubted(why));
            }
            let records = self.journal.read(after, RECORDS_AT_A_TIME)?;
            if let Some(last) = records.last() {
                self.fold(view, &records)?;
                after = last.seq;
                self.progress.send_modify(|it| it.applied = after);
                self.woken.ring.notify_all();
            } else if self.is_stopped() {
                return Ok(());
            } else {
                self.journal.wait_past(after, LOOK_ROUND);
            }
        }
    }

    /// Folds records in. A refusal by the system, such as a full disk, is tried again on the
    /// same view: what it has can be read meanwhile, and opening it anew may need room.
    fn fold(&self, view: &View, records: &[Record]) -> Result<(), AppError> {
        let generation = self.journal.position().generation;
        for _ in 1..TRIES_MAX {
            match fold_into(view, &self.state, generation, records) {
                Err(FoldError::View(error @ (ViewError::Store { .. } | ViewError::Io { .. })))
                    if !self.is_stopped() =>
                {
                    tracing::warn!(error = format!("{error:?}"), "the view cannot be written");
                    let told = chain(&AppError::View(error));
                    self.progress.send_modify(|it| it.trouble = Some(told));
                    self.rest(RETRY_AFTER);
                }
                ended => {
                    self.progress.send_if_modified(|it| it.trouble.take().is_some());
                    return Ok(ended?);
                }
            }
        }
        Ok(fold_into(view, &self.state, generation, records)?)
    }

    fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    fn rest(&self, time: Duration) {
        let begun = Instant::now();
        while begun.elapsed() < time && !self.is_stopped() {
            std::thread::park_timeout(LOOK_ROUND.min(time));
        }
    }
}

/// Whether it may be over by itself, or is cured by opening the view anew.
fn is_passing(error: &AppError) -> bool {
    let is_refusal = match error {
        AppError::View(error) | AppError::Fold(FoldError::View(error)) => {
            matches!(error, ViewError::Store { .. } | ViewError::Io { .. })
        }
        AppError::Folder { .. } | AppError::Doubted(_) => true,
        AppError::Fold(_)
        | AppError::Journal(_)
        | AppError::Lost { .. }
        | AppError::Index { .. }
        | AppError::Unwritten { .. }
        | AppError::Kept(_)
        | AppError::Follower(_) => false,
    };
    is_refusal || calls_for_rebuild(error)
}

/// An error with its causes, in a line.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let mut told = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        told = format!("{told}: {error}");
        cause = error.source();
    }
    told
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
    crate::failpoint::reached("view-before-apply");
    view.apply(Position { generation, seq }, &fold.changes())?;
    crate::failpoint::reached("view-after-apply");
    fold.settle();
    Ok(())
}
