//! Before the flow: the work that the clock starts, when it is due, and how it went.
//!
//! `rhythm` knows the clock on the wall, `record` what happened, `due` decides from both; none of
//! them does any work. A job is a variant and a row here, and a function in `src/jobs/`.

mod due;
mod record;
mod rhythm;
mod task;

use jiff::Timestamp;
use jiff::civil::{Time, Weekday, time};
use uuid::Uuid;

use crate::id::{Id, Named};

pub use due::{Moment, Standing, standing};
pub use record::{End, JobEvent, JobRow, Run, Said};
pub use rhythm::{Rhythm, RhythmError, Schedule};
pub use task::{Progress, Task};

/// A piece of work that comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Job {
    /// Reads the websites, judges every topic anew, checks what was mended.
    Crawl,
    /// Groups every question anew and judges every topic.
    Topics,
    /// Writes last week's letters.
    Digest,
    /// Copies the data folder, and reads the copy back.
    Backup,
    /// Restores the newest backup beside the data and compares.
    Rehearsal,
    /// Reads every byte of what is kept.
    Verify,
    /// Reads what is stored again by today's rules for personal data.
    Privacy,
    /// Erases what the organisation no longer keeps.
    Retention,
}

/// Jobs of one lane wait for each other; lanes do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    /// Reads the sites and groups the questions, which nothing else may do meanwhile.
    Topics,
    /// Writes letters.
    Letters,
    /// Reads or copies all that is kept.
    Copies,
}

/// What is fixed about a job.
struct Facts {
    name: &'static str,
    at: Time,
    on: Option<Weekday>,
    lane: Lane,
    /// The start is put off by up to so many minutes, so that not all installations of a
    /// machine or a country begin in the same second.
    spread_minutes: u32,
}

impl Job {
    /// All of them, in the order of the flow.
    pub const ALL: [Self; 8] = [
        Self::Crawl,
        Self::Topics,
        Self::Digest,
        Self::Backup,
        Self::Rehearsal,
        Self::Verify,
        Self::Privacy,
        Self::Retention,
    ];

    /// The table of jobs: a row each.
    const fn facts(self) -> Facts {
        match self {
            // At night, before anybody logs.
            Self::Crawl => Facts {
                name: "crawl",
                at: time(2, 30, 0, 0),
                on: None,
                lane: Lane::Topics,
                spread_minutes: 15,
            },
            // Once more with the day's questions, after the desk has closed.
            Self::Topics => Facts {
                name: "topics",
                at: time(18, 30, 0, 0),
                on: None,
                lane: Lane::Topics,
                spread_minutes: 15,
            },
            // The letter is there when the week begins.
            Self::Digest => Facts {
                name: "digest",
                at: time(7, 0, 0, 0),
                on: Some(Weekday::Monday),
                lane: Lane::Letters,
                spread_minutes: 0,
            },
            // Before the night's other work.
            Self::Backup => Facts {
                name: "backup",
                at: time(1, 30, 0, 0),
                on: None,
                lane: Lane::Copies,
                spread_minutes: 15,
            },
            Self::Rehearsal => Facts {
                name: "rehearsal",
                at: time(3, 30, 0, 0),
                on: Some(Weekday::Sunday),
                lane: Lane::Copies,
                spread_minutes: 15,
            },
            Self::Verify => Facts {
                name: "verify",
                at: time(4, 30, 0, 0),
                on: None,
                lane: Lane::Copies,
                spread_minutes: 15,
            },
            // Before the next, since the service may begin anew after both.
            Self::Privacy => Facts {
                name: "privacy",
                at: time(4, 45, 0, 0),
                on: None,
                lane: Lane::Topics,
                spread_minutes: 0,
            },
            // The service may begin anew after it, which would cut a crawl off: it waits for one.
            Self::Retention => Facts {
                name: "retention",
                at: time(5, 0, 0, 0),
                on: None,
                lane: Lane::Topics,
                spread_minutes: 0,
            },
        }
    }

    /// The name in forms, records, log lines and on the command line.
    pub const fn name(self) -> &'static str {
        self.facts().name
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// What it waits for.
    pub const fn lane(self) -> Lane {
        self.facts().lane
    }

    /// When it runs unless an administrator says otherwise.
    pub const fn usual(self) -> Schedule {
        let Facts { at, on, .. } = self.facts();
        Schedule { is_on: true, rhythm: Rhythm { at, on }, since: Timestamp::MIN }
    }

    /// So many minutes at most its start by the clock is put off.
    pub const fn spread_minutes(self) -> u32 {
        self.facts().spread_minutes
    }

    /// The entity that its runs are records of.
    pub fn entity(self) -> Uuid {
        Id::<Self>::derived(&[b"job", self.name().as_bytes()]).uuid()
    }
}

impl Named for Job {
    const PREFIX: &'static str = "job";
}
