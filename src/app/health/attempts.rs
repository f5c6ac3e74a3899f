//! What was begun and did not come to its end: an abort cannot be caught, but it can be counted.
//!
//! A line is written before something that may end the process, and struck when it is over,
//! well or not. What the next start finds was cut off by an abort, a kill or a power cut. The
//! file is a hint and no truth: it is not synced, and when it cannot be written, nothing stops.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

use crate::clock::Clock;

/// So many attempts at the same thing that were cut off are a loop.
pub(in crate::app) const LOOP_MIN: usize = 3;
/// What was cut off longer ago counts for nothing.
const SPAN: SignedDuration = SignedDuration::from_mins(5);

/// The attempts of a data folder. Clones share them.
#[derive(Clone, Debug)]
pub(in crate::app) struct Attempts {
    path: PathBuf,
    clock: Clock,
    turn: Arc<Mutex<()>>,
}

/// Something under way; over when this is dropped.
#[derive(Debug)]
pub(in crate::app) struct Attempt {
    attempts: Attempts,
    what: String,
    /// How many earlier attempts at the same were cut off within minutes.
    pub(in crate::app) cut_off: usize,
}

impl Attempts {
    /// The attempts noted in `data`.
    pub(in crate::app) fn new(data: &Path, clock: Clock) -> Self {
        Self { path: data.join("attempts"), clock, turn: Arc::default() }
    }

    /// Tells the time.
    pub(in crate::app) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Notes that `what` is begun.
    pub(in crate::app) fn begin(&self, what: &str) -> Attempt {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let mut lines = self.recent();
        let cut_off = lines.iter().filter(|it| it.1 == what).count();
        lines.push((self.clock.now(), what.to_owned()));
        self.write(&lines);
        Attempt { attempts: self.clone(), what: what.to_owned(), cut_off }
    }

    /// Whether anything that begins like this was cut off within minutes.
    pub(in crate::app) fn any(&self, beginning: &str) -> bool {
        self.recent().iter().any(|it| it.1.starts_with(beginning))
    }

    fn strike(&self, what: &str) {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let mut lines = self.recent();
        lines.retain(|it| it.1 != what);
        self.write(&lines);
    }

    fn recent(&self) -> Vec<(Timestamp, String)> {
        let now = self.clock.now();
        let text = std::fs::read_to_string(&self.path).unwrap_or_default();
        let read = |line: &str| {
            let (at, what) = line.split_once(' ')?;
            Some((at.parse::<Timestamp>().ok()?, what.to_owned()))
        };
        let lines = text.lines().filter_map(read);
        lines.filter(|it| now.duration_since(it.0).abs() <= SPAN).collect()
    }

    fn write(&self, lines: &[(Timestamp, String)]) {
        let text: String = lines.iter().map(|it| format!("{} {}\n", it.0, it.1)).collect();
        let written = if text.is_empty() {
            std::fs::remove_file(&self.path)
        } else {
            let beside = self.path.with_extension("new");
            std::fs::write(&beside, text).and_then(|()| std::fs::rename(&beside, &self.path))
        };
        if let Err(error) = written {
            tracing::debug!(%error, "could not note what is under way");
        }
    }
}

impl Drop for Attempt {
    fn drop(&mut self) {
        self.attempts.strike(&self.what);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_cut_off_lately_counts() {
        let folder = tempfile::tempdir().unwrap();
        let now: Timestamp = "2026-03-04T10:00:00Z".parse().unwrap();
        let clock = Clock::fixed(now);
        let attempts = Attempts::new(folder.path(), clock.clone());
        drop(attempts.begin("view"));
        assert_eq!(attempts.begin("view").cut_off, 0, "it came to its end");
        for n in 0..LOOP_MIN {
            let attempt = attempts.begin("view");
            assert_eq!(attempt.cut_off, n);
            std::mem::forget(attempt);
        }
        assert!(attempts.any("vi") && !attempts.any("record"));
        assert_eq!(attempts.begin("index").cut_off, 0);
        clock.advance_by(SignedDuration::from_mins(6));
        assert_eq!(attempts.begin("view").cut_off, 0, "that was long ago");
    }
}
