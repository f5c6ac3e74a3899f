//! The jobs: when they run, how far they are, what they brought.

use askama::Template;

use super::{Choice, FieldError, Frame};

/// The jobs.
#[derive(Clone, Debug, Template)]
#[template(path = "templates/jobs.html")]
pub struct JobsPage {
    /// What is around it.
    pub f: Frame,
    /// The version of the settings that the person sees.
    pub version: u32,
    /// The organisation's zone.
    pub zone: String,
    /// The jobs, in the order of the flow.
    pub jobs: Vec<JobSeen>,
    /// Whether somebody else was first.
    pub conflict: bool,
}

/// A job with its time and its last runs.
#[derive(Clone, Debug)]
pub struct JobSeen {
    /// The code, such as `crawl`.
    pub name: String,
    /// How far it is, when it is under way.
    pub progress: Option<ProgressSeen>,
    /// When it runs by itself, in words.
    pub rhythm: String,
    /// When it runs next, in words; none while it is under way or off.
    pub next: Option<String>,
    /// What somebody should look after.
    pub alarm: Option<String>,
    /// The last runs, the newest first.
    pub runs: Vec<RunSeen>,
    /// The form for its time.
    pub form: ScheduleForm,
}

/// How far a job is.
#[derive(Clone, Debug, Default)]
pub struct ProgressSeen {
    /// The step and the numbers, in words; empty before the first step.
    pub says: String,
    /// How long the step has yet to take, about, in words; none where nobody can say.
    pub left: Option<String>,
    /// So much is done.
    pub done: u64,
    /// Of so much, when that is known.
    pub of: Option<u64>,
}

/// One run.
#[derive(Clone, Debug)]
pub struct RunSeen {
    /// When it began.
    pub at: String,
    /// The code of how it ended, `running` while it has not.
    pub how: String,
    /// What it brought, or why it did not.
    pub says: String,
    /// How long it took; empty while it has not ended.
    pub took: String,
    /// Who started it.
    pub who: String,
}

/// The form for a job's time.
#[derive(Clone, Debug, Default)]
pub struct ScheduleForm {
    /// Whether it runs by itself.
    pub is_on: bool,
    /// The time, as typed.
    pub at: String,
    /// The days to choose from.
    pub days: Vec<Choice>,
    /// Whether it is the usual time.
    pub is_usual: bool,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

impl ScheduleForm {
    /// What is wrong with a field.
    pub fn error(&self, field: &str) -> Option<&str> {
        super::error_of(&self.errors, field)
    }
}
