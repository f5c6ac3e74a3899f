//! The line between a long piece of work and whoever has started it: how far it is, and whether
//! it is still wanted.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

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
    /// For so long it has been at the step.
    pub took: Duration,
}

impl Progress {
    /// Before so long nothing is said of the time that is left: the first parts tell little.
    const TOLD_AFTER: Duration = Duration::from_secs(15);
    /// Nor before so many parts are done, for parts are not alike.
    const PARTS_MIN: u64 = 5;

    /// How long the step has yet to take at the pace that it has had in this run; none before
    /// that can be said, or where nobody knows how much there is.
    pub fn left(self) -> Option<Duration> {
        let parts = self.of?.checked_sub(self.done).filter(|it| 0 < *it)?;
        if self.took < Self::TOLD_AFTER || self.done < Self::PARTS_MIN {
            return None;
        }
        let seconds = u128::from(self.took.as_secs()) * u128::from(parts) / u128::from(self.done);
        Some(Duration::from_secs(u64::try_from(seconds).unwrap_or(u64::MAX)))
    }
}

/// A piece of work under way. Clones are the same one.
#[derive(Clone, Debug, Default)]
pub struct Task {
    stop: CancellationToken,
    progress: Arc<Mutex<At>>,
}

/// Where a piece of work is, and since when it has been at its step.
#[derive(Clone, Copy, Debug)]
struct At {
    progress: Progress,
    since: Instant,
}

impl Default for At {
    fn default() -> Self {
        Self { progress: Progress::default(), since: Instant::now() }
    }
}

impl Task {
    /// Says that another step begins, of so many parts if that is known.
    pub fn begin(&self, step: &'static str, of: Option<u64>) {
        let progress = Progress { step, of, ..Progress::default() };
        self.set(|it| *it = At { progress, since: Instant::now() });
    }

    /// Says that one more part of the step is done.
    pub fn advance(&self) {
        self.set(|it| {
            let done = it.progress.done + 1;
            it.progress.done = done;
            // What was known before may have grown.
            it.progress.of = it.progress.of.map(|of| of.max(done));
        });
    }

    /// How far it is.
    pub fn progress(&self) -> Progress {
        let at = *self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        Progress { took: at.since.elapsed(), ..at.progress }
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

    fn set(&self, change: impl FnOnce(&mut At)) {
        change(&mut self.progress.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check((done, of): (u64, Option<u64>), seconds: u64, left: Option<u64>) {
        let took = Duration::from_secs(seconds);
        let progress = Progress { step: "jobs.step.gaps", done, of, took };
        assert_eq!(progress.left().map(|it| it.as_secs()), left);
    }

    #[test]
    fn the_time_that_is_left_is_told_when_it_is_known() {
        check((50, Some(200)), 60, Some(180));
        check((5, Some(10)), 15, Some(15));
        check((5, Some(10)), 14, None);
        check((4, Some(10)), 600, None);
        check((0, Some(10)), 600, None);
        check((50, None), 600, None);
        // More than was expected: nobody knows how much more.
        check((200, Some(200)), 600, None);
        check((201, Some(200)), 600, None);
        check((5, Some(u64::MAX)), u64::MAX, Some(u64::MAX));
    }

    #[test]
    fn a_step_has_a_time_of_its_own() {
        let task = Task::default();
        task.begin("jobs.step.gaps", Some(2));
        (0..3).for_each(|_| task.advance());
        let progress = task.progress();
        assert_eq!((progress.done, progress.of), (3, Some(3)), "it has grown");
        task.set(|it| it.since -= Duration::from_secs(40));
        assert!(Duration::from_secs(40) <= task.progress().took);
        task.begin("jobs.step.letters", None);
        assert!(task.progress().took < Duration::from_secs(40));
    }
}
