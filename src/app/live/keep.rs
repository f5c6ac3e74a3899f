//! The follower that finds what the site has for a question just after it was acknowledged, so
//! that the next full run knows it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::behind::Behind;
use crate::app::health::Health;
use crate::app::judge::Judge;
use crate::journal::{JournalError, Record, Seq};
use crate::page::BodyError;
use crate::record::Kind;
use crate::view::ViewError;

/// So long it waits for records before it looks whether it is to stop.
const LOOK_ROUND: Duration = Duration::from_millis(200);

/// Why nothing more is kept. The next full run then finds it.
#[derive(Debug, thiserror::Error)]
enum KeepError {
    #[error("could not use the journal")]
    Journal(#[from] JournalError),
    #[error("could not read the inquiries")]
    View(#[from] ViewError),
    #[error("could not read the pages")]
    Pages(#[from] BodyError),
}

/// What the follower works with.
pub(super) struct Keeper {
    pub(super) behind: Behind,
    pub(super) judge: Arc<Judge>,
    pub(super) health: Arc<Health>,
    /// For everything up to this record it is known what the site has.
    pub(super) through: Arc<AtomicU64>,
}

impl Keeper {
    /// Follows until the process ends or the journal takes no more.
    pub(super) fn run(&self) {
        if let Err(error) = self.follow()
            && !self.behind.is_stopped()
        {
            tracing::error!(error = format!("{error:?}"), "what the site has is no longer kept");
        }
        // Nobody need wait for it any longer.
        self.through.store(Seq::MAX, Ordering::Release);
    }

    fn follow(&self) -> Result<(), KeepError> {
        let mut after = self.behind.applied();
        let words = self.judge.words()?;
        self.await_room();
        // The site is read whole or not at all, and that takes a while.
        if self.behind.is_stopped() {
            return Ok(());
        }
        self.judge.catch_up(&words, &self.behind.stop)?;
        self.through.store(after, Ordering::Release);
        while !self.behind.is_stopped() {
            self.await_room();
            let Some(records) = self.behind.read(after)? else { break };
            match records.last() {
                Some(last) => {
                    after = last.seq;
                    self.judge.follow(&self.behind.changed(&records))?;
                    let is_of_words = |it: &Record| Kind::of(it.kind) == Some(Kind::Words);
                    if records.iter().any(is_of_words) && self.behind.seen(after) {
                        self.judge.catch_up(&self.judge.words()?, &self.behind.stop)?;
                    }
                    self.through.store(after, Ordering::Release);
                }
                None => drop(self.behind.journal.wait_past(after, LOOK_ROUND)),
            }
        }
        Ok(())
    }

    /// Waits while what can wait may not be written; a run that needs it finds it itself.
    fn await_room(&self) {
        while !self.health.may_write_background() && !self.behind.is_stopped() {
            self.behind.rest(LOOK_ROUND);
        }
    }
}
