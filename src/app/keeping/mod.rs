//! Keeping what must be kept, and no more: backups, test restores, erasure and retention.

mod aside;
mod carry_out;
mod copies;
mod erasure;
mod error;
mod lines;
mod restore;
mod wishes;

use jiff::Timestamp;

use super::App;
use crate::journal::Seq;
use crate::organisation::Retention;

pub(super) use carry_out::before_open;
pub use carry_out::{Erased, Request, carry_out, erase, retain};
pub use copies::{BackUp, BackedUp, back_up};
pub use erasure::Counts;
pub use error::KeepError;
pub use lines::{bring_back, write_lines};
pub use restore::{Rehearsed, Restore, Restored, Until, rehearse, restore};
pub use wishes::{Wish, wished_bytes};

/// What a retention run has found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Retained {
    /// What is due, by kind.
    pub due: Counts,
    /// Whether it is left to the next opening of the data folder.
    pub is_wished: bool,
}

impl App {
    /// Makes a scheduled backup, copies it to the second folder and removes the oldest. Blocks.
    ///
    /// # Errors
    /// Nothing is removed unless the new one is whole and was read back.
    pub fn back_up(&self, wanted: &BackUp) -> Result<BackedUp, KeepError> {
        back_up(&self.data, wanted, self.now())
    }

    /// Restores the newest scheduled backup into a temporary folder and compares what comes of
    /// it with this data folder. Blocks.
    ///
    /// # Errors
    /// When there is no backup, or what it holds is not what was kept.
    pub fn rehearse_restore(&self, wanted: &BackUp) -> Result<Rehearsed, KeepError> {
        rehearse(&self.data, wanted, self.now())
    }

    /// Counts what would go by a retention that is not set yet; nothing goes. Blocks.
    pub fn foresee(&self, kept: Retention) -> Result<Foreseen, KeepError> {
        let Some(records) = erasure::Records::of(&self.journal)? else {
            return Ok(Foreseen::default());
        };
        let now = self.now();
        let is_clock_off = records.assure_clock(now).is_err();
        let until = erasure::Records::retained_by(kept, now, &self.zone);
        let mut due = records.due(&until)?.counts;
        due.sessions = erasure::old_sessions(self.sessions.stream(), &until)?;
        Ok(Foreseen { due, is_clock_off })
    }

    /// Counts what the organisation's retention no longer allows and, unless it is a dry run,
    /// wishes for its erasure: a history is rewritten only while nobody has it open, so the wish
    /// is carried out by the next opening of the data folder. Blocks.
    ///
    /// # Errors
    /// When the clock is more than a day off the newest record, since then nothing is deleted.
    pub fn retain(&self, run: RetentionRun) -> Result<Retained, KeepError> {
        if !run.is_dry {
            aside::prune(&self.data, self.now())?;
        }
        let Some(records) = erasure::Records::of(&self.journal)? else {
            return Ok(Retained::default());
        };
        let now = self.now();
        if !run.clock_is_right {
            records.assure_clock(now)?;
        }
        let until = records.retained_from(now, &self.zone);
        let mut due = records.due(&until)?.counts;
        due.sessions = erasure::old_sessions(self.sessions.stream(), &until)?;
        let is_wished = !run.is_dry && due != Counts::default();
        if is_wished {
            let at = now;
            Wish::Retain { at, clock_is_right: run.clock_is_right }.append(&self.data)?;
        }
        Ok(Retained { due, is_wished })
    }
}

/// What a retention would erase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Foreseen {
    /// What is due, by kind.
    pub due: Counts,
    /// Whether the clock is so far off the newest record that the counts may be wrong.
    pub is_clock_off: bool,
}

/// How a retention run goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RetentionRun {
    /// Whether it only counts.
    pub is_dry: bool,
    /// Whether somebody says that the clock is right although the newest record is far from it.
    pub clock_is_right: bool,
}

/// The newest instant that any record tells, and its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Newest {
    pub(super) seq: Seq,
    pub(super) at: Timestamp,
}
