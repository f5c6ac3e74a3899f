//! The line between a long piece of work and whoever has started it: how far it is, and whether
//! it is still wanted.

use std::sync::{Arc, Mutex, PoisonError};

use tokio_util::sync::CancellationToken;

/// How far a piece of work is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// The step that it is at, a key of the texts; empty before the first.
    pub step: &'static str,
    /// So much of the step is done.
    pub done: u64,
    /// Of so much, when that is known.
    pub of: Option<u64>,
}

/// A piece of work under way. Clones are the same one.
#[derive(Clone, Debug, Default)]
pub struct Task {
    stop: CancellationToken,
    progress: Arc<Mutex<Progress>>,
}

impl Task {
    /// Says that another step begins, of so many parts if that is known.
    pub fn begin(&self, step: &'static str, of: Option<u64>) {
        self.set(|it| *it = Progress { step, done: 0, of });
    }

    /// Says that one more part of the step is done.
    pub fn advance(&self) {
        self.set(|it| {
            it.done += 1;
            // What was known before may have grown.
            it.of = it.of.map(|of| of.max(it.done));
        });
    }

    /// How far it is.
    pub fn progress(&self) -> Progress {
        *self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks it to stop where it can.
    pub fn stop(&self) {
        self.stop.cancel();
    }

    /// Whether it is asked to stop.
    pub fn is_stopped(&self) -> bool {
        self.stop.is_cancelled()
    }

    /// Waits until it is asked to stop.
    pub async fn stopped(&self) {
        self.stop.cancelled().await;
    }

    fn set(&self, change: impl FnOnce(&mut Progress)) {
        change(&mut self.progress.lock().unwrap_or_else(PoisonError::into_inner));
    }
}
