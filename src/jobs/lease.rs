//! The begin and the end of a run in the journal.
//!
//! Who begins must have seen the job's last record, and whoever ends must be the last who began:
//! the version of the job's entity is the token. On one machine the lock on the data folder keeps
//! a second process out, so a lease has no time of its own to run out: the next process ends what
//! it finds open.

use jiff::Timestamp;

use super::{JobFault, Order};
use crate::app::{App, Noted};
use crate::id::Id;
use crate::journal::{Batch, Expect, JournalError, NewRecord};
use crate::page::CrawlEvent;
use crate::record::{Change, encode};
use crate::schedule::{End, Job, JobEvent, JobRow, Said};

/// The hold on a job.
#[derive(Debug)]
pub(super) struct Lease {
    job: Job,
    n: u32,
    /// The version of the entity since this holder began.
    token: u32,
    /// When the last record before it was made.
    known: Option<Timestamp>,
}

impl Lease {
    pub(super) const fn n(&self) -> u32 {
        self.n
    }

    pub(super) const fn known(&self) -> Option<Timestamp> {
        self.known
    }
}

/// Takes the job, unless another has it. Blocks.
pub(super) fn begin(app: &App, job: Job, order: Order) -> Result<Lease, JobFault> {
    app.settle()?;
    let stored = app.state.jobs.get(job.entity());
    let row = app.state.job(job);
    if row.open().is_some() {
        return Err(JobFault::Held);
    }
    let (n, version) = (row.next_n(), stored.map_or(0, |it| it.version));
    let Order { due, by, .. } = order;
    let last = app.journal.position().seq.saturating_sub(1);
    let known = app.journal.read(last, 1)?.last().map(|it| it.at);
    let batch = change(app, job, Some(version)).batch(&JobEvent::Started { n, due, by });
    let noted = Noted { by, action: "job.start", target: job.name().to_owned() };
    match app.append_noted(batch, noted) {
        Ok(_) => Ok(Lease { job, n, token: version + 1, known }),
        Err(JournalError::Conflict { .. } | JournalError::KeyReused { .. }) => Err(JobFault::Held),
        Err(error) => Err(error.into()),
    }
}

/// Gives the job back with what came of it; not when another holder has taken over. Blocks.
pub(super) fn end(app: &App, lease: Lease, end: End) -> Result<(), JobFault> {
    let Lease { job, n, token, .. } = lease;
    let action = action(&end);
    let batch = change(app, job, Some(token)).batch(&JobEvent::Ended { n, end });
    let written = match action {
        Some(action) => {
            let noted = Noted { by: None, action, target: job.name().to_owned() };
            app.append_noted(batch, noted).map(|_| ())
        }
        None => app.journal.append(batch).map(|_| ()),
    };
    match written {
        Ok(()) => Ok(app.settle()?),
        Err(JournalError::Conflict { .. }) => Err(JobFault::Held),
        Err(error) => Err(error.into()),
    }
}

/// What the audit says of an end; a job that is done is no news.
fn action(end: &End) -> Option<&'static str> {
    match end {
        End::Done(_) | End::Stopped => None,
        End::Failed(_) => Some("job.fail"),
        End::CutOff => Some("job.cut_off"),
    }
}

/// Ends the runs and crawls that stand open since an earlier process was cut off: whoever has the
/// data folder open is the only one who can be at work on it. Blocks.
pub(super) fn end_what_was_cut_off(app: &App) -> Result<(), JobFault> {
    app.settle()?;
    for batch in cut_off(app) {
        app.journal.append(batch)?;
    }
    Ok(app.settle()?)
}

/// Writes that a clock waits for the jobs that none has waited for yet, of all or of none. Blocks.
pub(super) fn wait_for_new(app: &App) -> Result<(), JobFault> {
    let is_new = |row: &JobRow| row.awaited.is_none() && row.runs.is_empty();
    let new = Job::ALL.into_iter().filter(|it| is_new(&app.state.job(*it)));
    let records: Vec<NewRecord> = new.map(|it| encode(it.entity(), &JobEvent::Awaited)).collect();
    if !records.is_empty() {
        let expect = records.iter().map(|it| Expect { entity: it.entity, version: 0 }).collect();
        let (key, at) = (Id::<Job>::new(app.now()).uuid(), app.now());
        app.journal.append(Batch { key, body_hash: 0, at, expect, records })?;
    }
    Ok(app.settle()?)
}

fn cut_off(app: &App) -> Vec<Batch> {
    let mut batches = vec![];
    for job in Job::ALL {
        let Some(stored) = app.state.jobs.get(job.entity()) else { continue };
        let Some(run) = stored.row.open() else { continue };
        tracing::warn!(job.name = job.name(), "the job {} was cut off", job.name());
        let event = JobEvent::Ended { n: run.n, end: End::CutOff };
        batches.push(change(app, job, Some(stored.version)).batch(&event));
    }
    for crawl in app.state.crawls.all().iter().filter(|it| it.row.ended.is_none()) {
        let (reason, says) = ("the crawl was cut off", Said::new("crawl_fault.cut_off"));
        let event = CrawlEvent::Failed { reason: reason.to_owned(), says: Some(says) };
        let change = Change { entity: crawl.id, version: Some(crawl.version), now: app.now() };
        batches.push(change.batch(&event));
    }
    batches
}

fn change(app: &App, job: Job, version: Option<u32>) -> Change {
    Change { entity: job.entity(), version, now: app.now() }
}
