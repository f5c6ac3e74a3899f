//! The edge that needs nobody: work that is started from a screen or by the clock.
//!
//! A job calls the same verbs as everybody else; running it twice leaves the state of once.
//! `work` has a function for each job, `lease` writes its begin and end, `watch` looks at the
//! clock.

mod health;
mod hooks;
mod lease;
mod post;
mod watch;
pub mod words;
mod work;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use url::Url;

use crate::app::keeping::{BackUp, KeepError};
use crate::app::{App, AppError, CrawlFault, GroupError, LetterFault, Noted, RescanError, State};
use crate::config::MailServer;
use crate::journal::JournalError;
use crate::organisation::Settings;
use crate::page::Parser;
use crate::people::By;
use crate::schedule::{
    End, Job, JobRow, Moment, Progress, Run, Said, Schedule, Standing, Task, standing,
};

pub use health::JobHealth;
pub use post::PostTrouble;

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
    /// The server that mails go by; none leaves them in the folder.
    pub mail: Option<MailServer>,
    /// Where backups go.
    pub backup: BackUp,
}

/// Runs jobs, those of a lane one at a time, and writes down what they have brought.
pub struct Jobs {
    app: Arc<App>,
    options: JobOptions,
    running: Mutex<BTreeMap<Job, Task>>,
    runs: TaskTracker,
    has_taken_over: Mutex<bool>,
    closing: CancellationToken,
    telling: tokio::sync::Mutex<()>,
    posting: tokio::sync::Mutex<bool>,
    post_trouble: Mutex<Option<PostTrouble>>,
}

/// A job as it stands, with its schedule and what is known of a run under way.
#[derive(Clone, Debug)]
pub struct Look {
    /// The job.
    pub job: Job,
    /// Its last runs.
    pub row: JobRow,
    /// When the clock starts it.
    pub schedule: Schedule,
    /// How it stands with the clock.
    pub standing: Standing,
    /// How far it is, when it is under way.
    pub progress: Option<Progress>,
    /// Whether the process has what the job needs; else the clock does not start it.
    pub is_set_up: bool,
}

/// Why a job was not started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is under way.
    #[error("the job {} is under way already", .0.name())]
    UnderWay(Job),
    /// Another one of its lane is.
    #[error("the job {} is under way; wait for it, or stop it", .0.name())]
    Busy(Job),
    /// The service is about to end.
    #[error("the service is about to end")]
    Closing,
}

/// Why a run did not come to its end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JobFault {
    /// No website could be read.
    #[error("could not read any website")]
    Crawl(#[from] CrawlFault),
    /// The questions could not be grouped.
    #[error("could not group the questions")]
    Group(#[from] GroupError),
    /// The letters could not be written.
    #[error("could not write the letters")]
    Letters(#[from] LetterFault),
    /// A backup could not be made or restored, or nothing could be erased.
    #[error("could not keep what must be kept, and no more")]
    Keep(#[from] KeepError),
    /// What can wait is not written while the disk is nearly full.
    #[error("the disk is nearly full: make room, then run the job again")]
    NoRoom,
    /// Something that was kept has changed on the disk.
    #[error("{} places on the disk do not hold what they held: {}", .0.len(), .0.join("; "))]
    Damage(Vec<String>),
    /// The clock may be wrong, and what it says is due would be deleted for good.
    #[error("the clock is at {now}, the journal was last written at {known}: nothing is deleted")]
    Clock {
        /// The time that the clock shows.
        now: Timestamp,
        /// The last time known.
        known: Timestamp,
    },
    /// The stored texts could not be read again.
    #[error("could not read the stored texts again")]
    Rescan(#[from] RescanError),
    /// The run's begin or end could not be written.
    #[error("could not write the run down")]
    Journal(#[from] JournalError),
    /// The view does not follow the journal.
    #[error("could not see what was written")]
    Follow(#[from] AppError),
    /// What the job says it has done is not there.
    #[error("the work came to its end, but its effect is not there: {0}")]
    Unseen(&'static str),
    /// Another holder has the lease.
    #[error("another run of the job is under way")]
    Held,
    /// There is no thread for it.
    #[error("could not start a thread")]
    Thread(#[source] std::io::Error),
    /// The work ended in a panic.
    #[error("the work panicked")]
    Panicked,
    /// The work ended in a panic, or its task was dropped.
    #[error("the work was cut off")]
    CutOff(#[from] tokio::task::JoinError),
}

impl JobFault {
    fn says(&self) -> Said {
        let said = |name: &str| Said::new(&format!("job_fault.{name}"));
        match self {
            Self::Crawl(fault) => fault.says(),
            Self::Group(_) => said("group"),
            Self::Letters(_) => said("letters"),
            Self::Rescan(_) => said("privacy"),
            Self::Keep(fault) => work::keep_says(fault),
            Self::Damage(places) => said("damage").with("n", places.len()),
            Self::Clock { .. } => said("clock"),
            Self::Journal(_) | Self::Follow(_) => said("journal"),
            Self::NoRoom => said("no_room"),
            Self::Unseen(_) => said("unseen"),
            Self::Held => said("held"),
            Self::Panicked | Self::Thread(_) | Self::CutOff(_) => said("panic"),
        }
    }
}

impl Jobs {
    /// The address that people type.
    pub fn base(&self) -> &Url {
        &self.options.base
    }

    /// Makes a runner, which has nothing under way.
    pub fn new(app: Arc<App>, options: JobOptions) -> Arc<Self> {
        Arc::new(Self {
            app,
            options,
            has_taken_over: Mutex::new(false),
            running: Mutex::default(),
            runs: TaskTracker::new(),
            closing: CancellationToken::new(),
            telling: tokio::sync::Mutex::default(),
            posting: tokio::sync::Mutex::default(),
            post_trouble: Mutex::default(),
        })
    }

    /// How a job stands.
    pub fn look(&self, job: Job) -> Look {
        let (row, schedule) = (self.app.state.job(job), self.app.state.schedule(job));
        let progress = self.board().get(&job).map(Task::progress);
        let is_set_up = match job {
            Job::Backup | Job::Rehearsal => self.options.backup.folder.is_some(),
            Job::Crawl
            | Job::Topics
            | Job::Digest
            | Job::Verify
            | Job::Privacy
            | Job::Retention => true,
        };
        let standing = match progress {
            Some(_) => Standing::Running,
            None if !is_set_up => Standing::Off,
            None => standing(&row, &schedule, self.moment(job)),
        };
        Look { job, row, schedule, standing, progress, is_set_up }
    }

    /// How the jobs are set up.
    pub fn options(&self) -> &JobOptions {
        &self.options
    }

    /// What reads the pages of websites.
    pub fn parser(&self) -> &Parser {
        &self.options.parser
    }

    /// Ends in the journal what an earlier process was cut off in; the first time, before
    /// anything is begun here. Waits for the view and blocks.
    ///
    /// # Errors
    /// When the journal does not take it or the view does not follow.
    pub fn take_over(&self) -> Result<(), JobFault> {
        let mut has = self.has_taken_over.lock().unwrap_or_else(PoisonError::into_inner);
        if !*has {
            lease::end_what_was_cut_off(&self.app)?;
            *has = true;
        }
        Ok(())
    }

    /// Starts a job in the background.
    ///
    /// # Errors
    /// When it, or another one that it waits for, is under way.
    pub fn start(self: &Arc<Self>, job: Job, by: By) -> Result<(), Refused> {
        self.start_for(job, Order { due: None, by, known: None })
    }

    fn start_for(self: &Arc<Self>, job: Job, order: Order) -> Result<(), Refused> {
        let task = self.take_turn(job)?;
        let jobs = Arc::clone(self);
        self.runs.spawn(async move { jobs.run(job, order, task).await });
        Ok(())
    }

    /// Runs a job to its end, and tells the run as it was written down; none when not even its
    /// begin could be.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub async fn run_now(self: &Arc<Self>, job: Job, by: By) -> Result<Option<Run>, Refused> {
        let task = self.take_turn(job)?;
        let n = self.run(job, Order { due: None, by, known: None }, task).await;
        let row = self.app.state.job(job);
        Ok(row.runs.into_iter().rev().find(|it| Some(it.n) == n))
    }

    /// Asks a run to stop where it can; false when none is under way. Blocks.
    pub fn stop(&self, job: Job, by: By) -> bool {
        let Some(task) = self.board().get(&job).cloned() else { return false };
        task.stop();
        let noted = Noted { by, action: "job.stop", target: job.name().to_owned() };
        if let Err(error) = self.app.note(noted, true) {
            tracing::error!(error = format!("{error:?}"), "a stop was not noted");
        }
        true
    }

    /// Cuts a run off because the process is to end.
    pub fn cancel(&self, job: Job) {
        self.closing.cancel();
        if let Some(task) = self.board().get(&job) {
            task.stop();
        }
    }

    /// Stops what is under way and waits until it has.
    pub async fn close(&self) {
        self.closing.cancel();
        self.board().values().for_each(Task::stop);
        self.runs.close();
        self.runs.wait().await;
    }

    fn board(&self) -> std::sync::MutexGuard<'_, BTreeMap<Job, Task>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn moment(&self, job: Job) -> Moment<'_> {
        Moment { now: self.app.now(), zone: &self.app.zone, spread: self.spread(job) }
    }

    /// By how much this installation puts the start of a job off: always the same, so that
    /// one night is like another, and another on the next installation.
    fn spread(&self, job: Job) -> SignedDuration {
        let mut seed = self.app.journal.position().generation.0.to_vec();
        seed.extend(job.name().as_bytes());
        let seconds = crc32fast::hash(&seed) % (job.spread_minutes() * 60).max(1);
        SignedDuration::from_secs(i64::from(seconds))
    }

    fn take_turn(&self, job: Job) -> Result<Task, Refused> {
        if self.closing.is_cancelled() {
            return Err(Refused::Closing);
        }
        let mut board = self.board();
        match board.keys().find(|it| it.lane() == job.lane()) {
            Some(same) if *same == job => Err(Refused::UnderWay(job)),
            Some(other) => Err(Refused::Busy(*other)),
            None => Ok(board.entry(job).or_default().clone()),
        }
    }

    /// Begins, works, ends; tells the run's number.
    async fn run(self: &Arc<Self>, job: Job, order: Order, task: Task) -> Option<u32> {
        let jobs = Arc::clone(self);
        let begun = tokio::task::spawn_blocking(move || {
            jobs.take_over()?;
            lease::begin(&jobs.app, job, order)
        });
        let begun = begun.await;
        let lease = match begun.map_err(JobFault::from).flatten() {
            Ok(lease) => lease,
            Err(fault) => {
                tracing::error!(
                    error = format!("{fault:?}"),
                    "the job {} cannot begin",
                    job.name()
                );
                self.board().remove(&job);
                return None;
            }
        };
        let order = Order { known: lease.known(), ..order };
        let end = self.work(job, order, &task).await;
        let (app, n) = (Arc::clone(&self.app), lease.n());
        let ended = tokio::task::spawn_blocking(move || lease::end(&app, lease, end)).await;
        if let Err(fault) = ended.map_err(JobFault::from).flatten() {
            tracing::error!(error = format!("{fault:?}"), "the job {} cannot end", job.name());
        }
        self.board().remove(&job);
        Some(n)
    }

    async fn work(self: &Arc<Self>, job: Job, order: Order, task: &Task) -> End {
        // In a task of its own, so that a panic does not leave the job under way for ever.
        let (jobs, seen) = (Arc::clone(self), task.clone());
        let work = tokio::spawn(async move { work::of(&jobs, job, order, &seen).await });
        match work.await.map_err(JobFault::from).flatten() {
            Ok(says) => {
                tracing::info!(job.name = job.name(), "the job {} is done", job.name());
                End::Done(says)
            }
            Err(_) if self.closing.is_cancelled() => End::CutOff,
            Err(_) if task.is_stopped() => {
                tracing::info!(job.name = job.name(), "the job {} was stopped", job.name());
                End::Stopped
            }
            Err(fault) => {
                tracing::error!(error = format!("{fault:?}"), "the job {} failed", job.name());
                End::Failed(vec![fault.says()])
            }
        }
    }
}

impl State {
    /// A job with its last runs.
    pub fn job(&self, job: Job) -> JobRow {
        self.jobs.get(job.entity()).map_or_else(JobRow::default, |it| it.row.clone())
    }

    /// When the clock starts a job: as it is set, or as usual.
    pub fn schedule(&self, job: Job) -> Schedule {
        let set = self.organisation.get(Settings::entity());
        let set = set.and_then(|it| it.row.schedules.get(job.name()).copied());
        set.unwrap_or_else(|| job.usual())
    }
}

/// What a run is for, and who wants it.
#[derive(Clone, Copy, Debug)]
struct Order {
    /// The slot; none by hand.
    due: Option<Timestamp>,
    by: By,
    /// When the journal was last written before the run began.
    known: Option<Timestamp>,
}
