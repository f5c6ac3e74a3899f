//! What can happen to a job, and what its row keeps of it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::people::By;
use crate::record::{Event, Kind};
use crate::rows::{Head, Row};

/// Something to say in the reader's language: a key of the texts and what its braces hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// The key.
    pub key: String,
    /// Name and value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<(String, String)>,
}

impl Said {
    /// The longest value that is kept.
    pub const VALUE_CHARS_MAX: usize = 160;

    /// Something to say without values.
    pub fn new(key: &str) -> Self {
        Self { key: key.to_owned(), values: vec![] }
    }

    /// With a value, cut where it grows too long to be kept.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        let value = value.to_string().chars().take(Self::VALUE_CHARS_MAX).collect();
        self.values.push((name.to_owned(), value));
        self
    }
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// Its effect has been read back; what it brought.
    Done(Vec<Said>),
    /// It did not come to its end, or its effect was not there; why.
    Failed(Vec<Said>),
    /// Somebody stopped it.
    Stopped,
    /// The process ended under it.
    CutOff,
}

/// What can happen to a job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobEvent {
    /// A clock waits for it from now on; nothing before is made up.
    Awaited,
    /// A run began. The entity's version after this record is the token of its lease: whoever
    /// ends the run must know it.
    Started {
        /// The run's number, from 1.
        n: u32,
        /// The slot that it is for; none when somebody started it by hand.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Timestamp>,
        /// By whom; none for the clock and the command line.
        by: By,
    },
    /// The run ended.
    Ended {
        /// The run's number.
        n: u32,
        /// How.
        end: End,
    },
}

impl Event for JobEvent {
    const KIND: Kind = Kind::Job;
}

/// One run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// Its number.
    pub n: u32,
    /// The slot that it was for; none when somebody started it by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// When it began.
    pub started: Timestamp,
    /// By whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: By,
    /// When and how it ended; none while it is under way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<(Timestamp, End)>,
}

/// A job as it stands: its last runs, the oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobRow {
    /// When a clock began to wait for it; none before the first service ran.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub awaited: Option<Timestamp>,
    /// The last runs.
    pub runs: Vec<Run>,
    /// When a run was last done, also when that run is no longer among these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub succeeded: Option<Timestamp>,
}

impl JobRow {
    /// So many runs are kept.
    pub const RUNS_MAX: usize = 50;
    /// And no more of them than fit into so many bytes, for the view's values have a limit.
    const BYTES_MAX: usize = 24 * 1024;

    /// The run under way, if one is.
    pub fn open(&self) -> Option<&Run> {
        self.runs.last().filter(|it| it.ended.is_none())
    }

    /// The number of the next run.
    pub fn next_n(&self) -> u32 {
        self.runs.last().map_or(1, |it| it.n.saturating_add(1))
    }

    fn begin(&mut self, run: Run) {
        if run.n < self.next_n() {
            return;
        }
        self.runs.push(run);
        let more = self.runs.len().saturating_sub(Self::RUNS_MAX);
        self.runs.drain(..more);
    }

    fn end(&mut self, n: u32, ended: (Timestamp, End)) {
        // Whoever comes after another holder has taken over ends nothing.
        let Some(run) = self.runs.last_mut().filter(|it| it.n == n && it.ended.is_none()) else {
            return;
        };
        if let End::Done(_) = &ended.1 {
            self.succeeded = Some(ended.0);
        }
        run.ended = Some(ended);
        let size = |row: &Self| serde_json::to_vec(row).map_or(0, |it| it.len());
        while 1 < self.runs.len() && Self::BYTES_MAX < size(self) {
            self.runs.remove(0);
        }
    }
}

impl Row for JobRow {
    type Event = JobEvent;

    fn fold(old: Option<Self>, event: JobEvent, head: Head) -> Option<Self> {
        let mut row = old.unwrap_or_default();
        match event {
            JobEvent::Awaited => row.awaited = Some(head.at),
            JobEvent::Started { n, due, by } => {
                row.begin(Run { n, due, started: head.at, by, ended: None });
            }
            JobEvent::Ended { n, end } => row.end(n, (head.at, end)),
        }
        Some(row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fold(row: JobRow, event: JobEvent) -> JobRow {
        let head = Head { seq: 1, at: Timestamp::from_second(1_000).unwrap() };
        JobRow::fold(Some(row), event, head).unwrap()
    }

    fn started(n: u32) -> JobEvent {
        JobEvent::Started { n, due: None, by: None }
    }

    fn done(n: u32, says: Vec<Said>) -> JobEvent {
        JobEvent::Ended { n, end: End::Done(says) }
    }

    #[test]
    fn the_last_runs_are_kept_and_no_more() {
        let row =
            (1..=60).fold(JobRow::default(), |row, n| fold(fold(row, started(n)), done(n, vec![])));
        assert_eq!(row.runs.len(), JobRow::RUNS_MAX);
        assert_eq!((row.runs[0].n, row.next_n()), (11, 61));
    }

    #[test]
    fn long_results_leave_room_for_fewer_runs() {
        let long = "å".repeat(1_000);
        let says = vec![Said::new("jobs.failed.site").with("sites", &long); 8];
        let row = (1..=60)
            .fold(JobRow::default(), |row, n| fold(fold(row, started(n)), done(n, says.clone())));
        let bytes = serde_json::to_vec(&row).unwrap().len();
        assert!(bytes <= JobRow::BYTES_MAX && 1 < row.runs.len(), "{bytes}");
    }

    #[test]
    fn a_holder_that_was_taken_over_ends_nothing() {
        let row = fold(JobRow::default(), started(1));
        let row = fold(row, JobEvent::Ended { n: 1, end: End::CutOff });
        let row = fold(row, started(2));
        let same = fold(row.clone(), done(1, vec![]));
        assert_eq!(same, row);
        assert_eq!(row.open().map(|it| it.n), Some(2));
        assert_eq!(fold(row.clone(), started(2)), row, "a number is used once");
    }
}
