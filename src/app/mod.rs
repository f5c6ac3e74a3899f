//! The application: composes journal, views, index and stages; every edge works on it.

mod account;
mod board;
mod decisions;
mod desk;
mod export;
mod figures;
mod follow;
mod gaps;
mod grouping;
mod health;
mod intake;
mod judge;
pub mod keeping;
mod letters;
mod live;
mod made;
mod numbers;
mod open;
mod out;
mod privacy;
mod site;
mod staged;
mod state;
mod timing;
mod topics;
mod words;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::sync::watch;

use crate::audit::{self, Chain};
use crate::clock::Clock;
use crate::id::Id;
use crate::journal::{Appended, Batch, Journal, JournalError, Seq};
use crate::net::Manner;
use crate::page::Bodies;
use crate::people::{ApiToken, Breached, BrowserKeys, By, Sessions};
use crate::week::Week;

pub use account::{
    AccountError, CameBy, CameError, Invitation, LINK_LASTS, Machine, NAME_CHARS_MAX, NewPerson,
    NewToken, Passed, SecondStepError, SignInError, SignedIn, TokenError, TokenRefusal,
};
pub use board::{Board, Glance, TopicLine};
pub use decisions::{Decider, DecisionError};
pub use desk::{AskedToday, DeskEntry};
pub use export::export;
pub use figures::{
    AsOf, CallsError, CallsTaken, FIGURES_WEEKS, Figures, FiguresOf, MendEffect, NormShare, Share,
    TopTopic, WEEKS_BEFORE, WeekFigures,
};
pub use follow::{Making, Progress};
pub use gaps::{
    GapDetail, GapFilter, GapLine, GapList, GapOrder, GapPlace, GapTrend, Marked, NearPassage,
    Owner, Pareto, TrendMark, WordsOf,
};
pub use grouping::{GroupError, GroupOutcome};
pub use health::counted::{Counted, Outlook};
pub use health::reconcile::{Difference, Part, Reconciled};
pub use health::space::{Room, Space};
pub use health::verify::{VerifyOutcome, verify};
pub use health::{Condition, PartHealth};
pub use intake::{ImportFault, ImportFile, ImportOutcome, RowFault};
pub use judge::{JudgeError, worker as judge_worker};
pub use letters::{
    Destination, LetterFault, LettersOutcome, NewReader, Post, Preview, READERS_MAX, Tried,
    Waiting, Whom,
};
pub use live::priority;
pub use made::rebuild;
pub use open::{AppError, OpenOptions};
pub use out::{HookMessage, HookSecret, LINK_DAYS_MAX, NewLink, OutError};
pub use privacy::{Inspected, MaskHow, MaskWhy, Proposal, ProposedText, RescanError, Rescanned};
pub use site::after_crawl::AfterCrawlOutcome;
pub use site::crawl::{CrawlFault, CrawlOutcome, SiteRead, Visit, read_site};
pub use site::mend::Mend;
pub use site::question::{SiteQuestion, SiteTrouble};
pub use site::story::{DeadLink, PageHealth, PageStory, Untouched};
pub use site::{PagesOutcome, page_text};
pub use state::{FoldError, State};
pub use timing::TIMING_WEEKS;
pub use topics::{CHOSEN_MAX, InquiryFilter, InquiryList, TopicDecision, TopicStep, Under};
pub use words::{BROUGHT_DAYS, Brought, WordError};

/// Skranke at work on one data folder.
pub struct App {
    /// The clock.
    pub clock: Clock,
    /// The organisation's zone.
    pub zone: TimeZone,
    /// The data folder.
    pub data: PathBuf,
    /// The one truth.
    pub journal: Journal,
    /// Everything that screens read.
    pub state: State,
    /// The texts of pages.
    pub bodies: Bodies,
    /// Who has signed in.
    pub sessions: Sessions,
    /// What browsers keep unsent questions under.
    pub browser_keys: BrowserKeys,
    taken_back: account::TakenBack,
    judge: judge::Judge,
    rescans: privacy::Rescans,
    board: board::Kept,
    known_gaps: out::KnownGaps,
    steps: topics::Steps,
    warming: board::Warming,
    live: live::Live,
    timing: timing::Heap,
    kept_figures: figures::Kept,
    letters: letters::Kept,
    norms: figures::Norms,
    brought: words::Counted,
    health: Arc<health::Health>,
    sites_under_way: site::under_way::UnderWay,
    manner: OnceLock<Manner>,
    breached: OnceLock<Breached>,
    chain: Chain,
    progress: watch::Receiver<Progress>,
    woken: Arc<follow::Bell>,
    setup_code: Mutex<Option<account::SetupCode>>,
    threads: Mutex<Vec<std::thread::JoinHandle<()>>>,
    stop: Arc<std::sync::atomic::AtomicBool>,
}

impl App {
    /// Tells the time.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The week of now.
    pub fn week(&self) -> Week {
        Week::of(self.now(), &self.zone)
    }

    /// Waits until the view has everything written so far. Blocks.
    ///
    /// # Errors
    /// When the follower has stopped, or does not come on.
    pub fn settle(&self) -> Result<(), AppError> {
        let end = self.journal.position().seq;
        loop {
            let progress = self.progress();
            if let Some(why) = progress.failed {
                return Err(AppError::Follower(why));
            }
            if end <= progress.applied {
                return Ok(());
            }
            follow::pause(&self.woken);
        }
    }

    /// Waits until `is_there`, `timeout` at most and not past the end; tells whether it is.
    fn wait(&self, timeout: std::time::Duration, is_there: impl Fn() -> bool) -> bool {
        let begun = std::time::Instant::now();
        while !is_there() {
            if timeout <= begun.elapsed() || self.is_stopping() {
                return false;
            }
            follow::pause(&self.woken);
        }
        true
    }

    /// Whether screens and reports can be read. Logging and signing in do not need it.
    pub fn is_ready(&self) -> bool {
        self.progress.borrow().is_ready
    }

    /// How far the followers have come.
    pub fn progress(&self) -> Progress {
        self.progress.borrow().clone()
    }

    /// Appends a batch together with a line of the audit, both or neither.
    pub(crate) fn append_noted(
        &self,
        mut batch: Batch,
        noted: Noted<'_>,
    ) -> Result<Seq, JournalError> {
        let (who, machine) = self.person_or_machine(noted.by);
        let line = audit::Line {
            id: Id::<audit::Audit>::new(batch.at).uuid(),
            at: batch.at,
            who,
            machine,
            action: noted.action,
            target: noted.target,
            done: true,
        };
        let noted = self.chain.note(line, |record| {
            batch.records.push(record);
            match self.journal.append(batch).map_err(Unwritten::Refused)? {
                Appended::Written { last, .. } => Ok(last),
                // Its line stands already, and the chain goes on from the one before.
                Appended::Duplicate { first } => Err(Unwritten::Again(first)),
            }
        });
        match noted {
            Ok(seq) | Err(Unwritten::Again(seq)) => Ok(seq),
            Err(Unwritten::Refused(error)) => Err(error),
        }
    }

    /// Notes something that was refused or that changes no entity.
    pub fn note(&self, noted: Noted<'_>, done: bool) -> Result<Seq, JournalError> {
        self.note_as(noted, None, done)
    }

    /// The same of a machine.
    pub fn note_as(
        &self,
        noted: Noted<'_>,
        machine: Option<Id<ApiToken>>,
        done: bool,
    ) -> Result<Seq, JournalError> {
        let now = self.now();
        let id = Id::<audit::Audit>::new(now).uuid();
        let Noted { by, action, target } = noted;
        let (who, own) = self.person_or_machine(by);
        let machine = machine.or(own);
        let line = audit::Line { id, at: now, who, machine, action, target, done };
        self.chain.note(line, |record| {
            let batch =
                Batch { key: id, body_hash: 0, at: now, expect: vec![], records: vec![record] };
            self.journal.append(batch).map(crate::journal::Appended::last)
        })
    }

    /// Who acts: where records have one id for both, the audit tells a machine from a person.
    fn person_or_machine(&self, by: By) -> (By, Option<Id<ApiToken>>) {
        match by {
            Some(id) if self.state.tokens.get(id.uuid()).is_some() => {
                (None, Some(Id::from_uuid(id.uuid())))
            }
            by => (by, None),
        }
    }

    fn is_stopping(&self) -> bool {
        self.stop.load(std::sync::atomic::Ordering::Relaxed)
    }

    /// Writes what is waiting and stops the followers; one that does not hear is left behind.
    pub fn close(&self) {
        const PATIENCE: std::time::Duration = std::time::Duration::from_secs(5);
        const LOOK_ROUND: std::time::Duration = std::time::Duration::from_millis(5);
        self.keep_times();
        self.journal.close();
        self.bodies.close();
        self.sessions.close();
        self.stop.store(true, std::sync::atomic::Ordering::Relaxed);
        let mut held = self.threads.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let own = std::thread::current().id();
        let begun = std::time::Instant::now();
        // The watch may hold the last of it for a moment: nobody waits for themselves.
        for thread in held.drain(..).filter(|it| it.thread().id() != own) {
            while !thread.is_finished() && begun.elapsed() < PATIENCE {
                std::thread::park_timeout(LOOK_ROUND);
            }
            if !thread.is_finished() {
                // It reads, and the journal takes nothing from it any more.
                tracing::warn!("a follower is left behind in the midst of its work");
            } else if thread.join().is_err() {
                tracing::error!("a follower ended in a panic");
            }
        }
    }
}

impl Drop for App {
    fn drop(&mut self) {
        self.close();
    }
}

/// Why a batch added nothing.
enum Unwritten {
    /// It was written before.
    Again(Seq),
    /// The journal did not take it.
    Refused(JournalError),
}

/// What the audit is to say of a change.
#[derive(Clone, Debug)]
pub struct Noted<'a> {
    /// Who.
    pub by: By,
    /// What, such as `gap.take`.
    pub action: &'a str,
    /// To what.
    pub target: String,
}
