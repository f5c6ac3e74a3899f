//! What a watcher of the service wants to know of the jobs.

use serde::Serialize;

use super::{Jobs, Look};
use crate::schedule::{End, Job, Standing};

/// A job for a watcher.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct JobHealth {
    /// The job.
    pub job: &'static str,
    /// `off`, `waits`, `running`, `due`, `late`, `failed` or `clock_behind`.
    pub state: &'static str,
    /// When its effect was last seen; none when never.
    pub last_success: Option<jiff::Timestamp>,
    /// How long ago that is.
    pub age_s: Option<i64>,
}

impl Look {
    /// Whether somebody should look after the job.
    pub fn needs_a_look(&self) -> bool {
        matches!(self.state(), "late" | "failed" | "clock_behind")
    }

    /// How it stands, in a word.
    pub fn state(&self) -> &'static str {
        let has_failed = self.row.runs.iter().rev().find_map(|it| it.ended.as_ref());
        let has_failed = has_failed.is_some_and(|it| matches!(it.1, End::Failed(_) | End::CutOff));
        match self.standing {
            Standing::Running => "running",
            Standing::ClockBehind => "clock_behind",
            Standing::Due { is_late: true, .. } => "late",
            Standing::Off => "off",
            Standing::Due { .. } | Standing::Waits(_) if has_failed => "failed",
            Standing::Due { .. } => "due",
            Standing::Waits(_) => "waits",
        }
    }
}

impl Jobs {
    /// Whether somebody should look after a job.
    pub fn has_alarm(&self) -> bool {
        Job::ALL.into_iter().any(|it| self.look(it).needs_a_look())
    }

    /// All jobs for a watcher.
    pub fn health(&self) -> Vec<JobHealth> {
        let now = self.app.now();
        let health = |job| {
            let look = self.look(job);
            let last_success = look.row.succeeded;
            let age_s = last_success.map(|it| now.duration_since(it).as_secs());
            JobHealth { job: look.job.name(), state: look.state(), last_success, age_s }
        };
        Job::ALL.into_iter().map(health).collect()
    }
}
