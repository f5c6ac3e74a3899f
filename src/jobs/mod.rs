//! The edge that needs nobody: work that is started from a screen or by the clock.
//!
//! A job calls the same verbs as everybody else; running it twice leaves the state of once.

mod schedule;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::app::{
    AfterCrawlOutcome, App, CrawlFault, GroupError, GroupOutcome, LetterFault, LettersOutcome,
    PagesOutcome, Post,
};
use crate::page::Parser;
use crate::people::By;
use crate::week::Week;

pub use schedule::next;

/// The clock is looked at this often: a machine that sleeps or is set anew loses no more.
const LOOK_ROUND: Duration = Duration::from_secs(60);

/// A piece of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Job {
    /// Reads the websites, judges every topic anew, checks what was mended.
    Crawl,
    /// Groups every question anew and judges every topic.
    Topics,
    /// Writes last week's letters.
    Digest,
}

impl Job {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Crawl, Self::Topics, Self::Digest];

    /// The name in forms and log lines.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Crawl => "crawl",
            Self::Topics => "topics",
            Self::Digest => "digest",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

/// What a job has brought.
#[derive(Clone, Debug)]
pub enum Brought {
    /// The websites were read.
    Crawl {
        /// What became of the pages of all sites.
        pages: PagesOutcome,
        /// How many addresses were left out.
        left_out: usize,
        /// Sites that could not be read, by their start.
        failed: Vec<String>,
        /// What was found out about topics and gaps.
        after: AfterCrawlOutcome,
    },
    /// The topics are new.
    Topics(GroupOutcome),
    /// The letters of a week lie in the outbox.
    Digest(Week, LettersOutcome),
}

/// How a job goes.
#[derive(Clone, Debug)]
pub enum Ran {
    /// It is under way.
    Running,
    /// It came to its end.
    Done(Timestamp, Brought),
    /// It did not; the log says why.
    Failed(Timestamp),
}

/// What jobs need beside the application.
#[derive(Debug)]
pub struct JobOptions {
    /// What reads pages.
    pub parser: Parser,
    /// The folder of letters.
    pub outbox: PathBuf,
    /// The address that people type, for the links in letters.
    pub base: Url,
    /// The sender's mail address.
    pub from: String,
}

/// Runs jobs, one at a time, and remembers what they have brought.
pub struct Jobs {
    app: Arc<App>,
    options: Arc<JobOptions>,
    board: Mutex<BTreeMap<Job, Ran>>,
}

#[derive(Debug, thiserror::Error)]
enum JobFault {
    #[error("could not read any website")]
    Crawl(#[from] CrawlFault),
    #[error("could not group the questions")]
    Group(#[from] GroupError),
    #[error("could not write the letters")]
    Letters(#[from] LetterFault),
    #[error("the work was cut off")]
    CutOff(#[from] tokio::task::JoinError),
}

impl Jobs {
    /// Makes a board with nothing on it.
    pub fn new(app: Arc<App>, options: JobOptions) -> Arc<Self> {
        Arc::new(Self { app, options: Arc::new(options), board: Mutex::default() })
    }

    /// How a job goes, since this process began.
    pub fn get(&self, job: Job) -> Option<Ran> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner).get(&job).cloned()
    }

    /// Starts a job in the background; `false` when one is under way already.
    pub fn start(self: &Arc<Self>, job: Job, by: By) -> bool {
        if !self.begin(job) {
            return false;
        }
        let jobs = Arc::clone(self);
        tokio::spawn(async move { jobs.run(job, by).await });
        true
    }

    /// Starts jobs when their time has come, until told to stop.
    pub async fn keep_time(self: Arc<Self>, stop: CancellationToken) {
        let (mut job, mut at) = next(self.app.now(), &self.app.zone);
        while !stop.is_cancelled() {
            if self.app.now() < at {
                drop(tokio::time::timeout(LOOK_ROUND, stop.cancelled()).await);
            } else if self.start(job, None) {
                (job, at) = next(self.app.now(), &self.app.zone);
            } else {
                // Another is under way: this one comes after it.
                drop(tokio::time::timeout(LOOK_ROUND, stop.cancelled()).await);
            }
        }
    }

    fn begin(&self, job: Job) -> bool {
        let mut board = self.board.lock().unwrap_or_else(PoisonError::into_inner);
        if board.values().any(|it| matches!(it, Ran::Running)) {
            return false;
        }
        board.insert(job, Ran::Running);
        true
    }

    async fn run(&self, job: Job, by: By) {
        // In a task of its own, so that a panic does not leave the job under way for ever.
        let (app, options) = (Arc::clone(&self.app), Arc::clone(&self.options));
        let work = tokio::spawn(async move {
            match job {
                Job::Crawl => crawl(&app, &options.parser, by).await,
                Job::Topics => topics(&app).await,
                Job::Digest => digest(&app, options).await,
            }
        });
        let ran = match work.await.map_err(JobFault::from).flatten() {
            Ok(brought) => {
                tracing::info!(job.name = job.name(), "the job {} is done", job.name());
                Ran::Done(self.app.now(), brought)
            }
            Err(fault) => {
                tracing::error!(error = format!("{fault:?}"), "the job {} failed", job.name());
                Ran::Failed(self.app.now())
            }
        };
        self.board.lock().unwrap_or_else(PoisonError::into_inner).insert(job, ran);
    }
}

async fn crawl(app: &Arc<App>, parser: &Parser, by: By) -> Result<Brought, JobFault> {
    let (mut pages, mut left_out, mut failed) = (PagesOutcome::default(), 0, vec![]);
    let sites = app.state.settings().sites;
    let mut last_fault = None;
    for site in &sites {
        match app.crawl(site, parser, by).await {
            Ok(outcome) => {
                pages = pages.and(outcome.pages);
                left_out += outcome.report.n_left_out;
            }
            Err(fault) => {
                failed.push(site.start.clone());
                last_fault = Some(fault);
            }
        }
    }
    // One site that is down keeps nobody from the others.
    if let Some(fault) = last_fault.filter(|_| failed.len() == sites.len()) {
        return Err(fault.into());
    }
    let worker = Arc::clone(app);
    let after = tokio::task::spawn_blocking(move || worker.after_crawl()).await??;
    Ok(Brought::Crawl { pages, left_out, failed, after })
}

async fn topics(app: &Arc<App>) -> Result<Brought, JobFault> {
    let worker = Arc::clone(app);
    Ok(Brought::Topics(tokio::task::spawn_blocking(move || worker.group()).await??))
}

async fn digest(app: &Arc<App>, options: Arc<JobOptions>) -> Result<Brought, JobFault> {
    let app = Arc::clone(app);
    let week = app.week().plus(-1);
    let written = tokio::task::spawn_blocking(move || {
        let JobOptions { outbox, base, from, parser: _ } = &*options;
        app.write_letters(Post { week, outbox, base, from, again: false })
    });
    Ok(Brought::Digest(week, written.await??))
}
