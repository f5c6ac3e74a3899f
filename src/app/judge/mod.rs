//! What the site has for each question, and which questions belong together: found by a process of
//! its own, which needs far more memory than the service and gives way to it.

mod kept;
mod messages;
mod reading;
mod site;
pub mod worker;

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use skranke_index::OwnWords;

use super::State;
use super::words::own::Own;
use crate::page::{Bodies, BodyError};
use crate::view::ViewError;

pub(super) use messages::{Found, JudgedGroup};
pub(super) use reading::Reading;

/// What a judging process is told of, and how it is begun.
pub(super) struct Judge {
    state: State,
    bodies: Bodies,
    folder: PathBuf,
    own: Own,
    program: OnceLock<PathBuf>,
    turn: Mutex<()>,
}

/// Why nothing was judged. Nothing of it shows then.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JudgeError {
    /// There is no process to be had.
    #[error("could not start the judging process {program}")]
    Start {
        /// The program.
        program: String,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// It ended before it was done, as when it needs more memory than it may have.
    #[error("the judging process ended before it was done, perhaps for want of memory")]
    Died,
    /// It said something that it was not asked for.
    #[error("the judging process answered something else than it was asked")]
    Nonsense,
    /// It cannot go on.
    #[error("the judging process cannot go on: {0}")]
    Failed(String),
    /// The questions cannot be read.
    #[error("could not read the questions")]
    View(#[from] ViewError),
    /// The pages cannot be read.
    #[error("could not read the pages")]
    Pages(#[from] BodyError),
}

impl Judge {
    /// Has what is found kept in `folder`.
    pub(super) fn new(state: State, bodies: Bodies, folder: PathBuf) -> Self {
        let (own, program) = (Own::default(), OnceLock::new());
        Self { state, bodies, folder, own, program, turn: Mutex::default() }
    }

    /// What the pages say for what callers say, as the table stands.
    pub(super) fn own(&self) -> Arc<OwnWords> {
        self.own.of(&self.state)
    }

    /// From now on runs are done by processes of `program`, which is this very program.
    pub(super) fn work_apart(&self, program: PathBuf) {
        drop(self.program.set(program));
    }

    /// Held for as long as something is kept: one process at a time can.
    pub(super) fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a judging process that has been told nothing.
    pub(super) fn begin(&self) -> Result<Reading<'_>, JudgeError> {
        Reading::begin(self, self.program.get().map(PathBuf::as_path))
    }
}
