//! Opening a data folder: lock, journal, followers. Logging needs no more; the view comes after.

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::tz::TimeZone;
use tokio::sync::watch;

use super::follow::{self, Progress};
use super::health::Health;
use super::health::attempts::Attempts;
use super::judge::Judge;
use super::keeping::{self, KeepError};
use super::made::Maker;
use super::state::{FoldError, State};
use super::{App, account};
use crate::audit::{AuditEvent, Chain};
use crate::clock::Clock;
use crate::journal::{Journal, JournalError, Options, Position, Seq, Stream};
use crate::page::Bodies;
use crate::people::{BrowserKeys, Sessions};
use crate::record::{Kind, decode, kind_of};
use crate::rows::{Row, Stored, Table};
use crate::view::{View, ViewError};

/// Why the application could not be opened or has stopped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AppError {
    /// The data folder cannot be used.
    #[error("could not use the data folder {folder}", folder = folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// The cause.
        #[source]
        source: std::io::Error,
    },
    /// A file that was asked for cannot be written.
    #[error("could not write {path}", path = path.display())]
    Unwritten {
        /// The file.
        path: PathBuf,
        /// The cause.
        #[source]
        source: std::io::Error,
    },
    /// The journal does not open or take records.
    #[error("could not use the journal")]
    Journal(#[from] JournalError),
    /// The view does not open.
    #[error("could not use the view")]
    View(#[from] ViewError),
    /// The look-up's index cannot be read.
    #[error("could not read the index in {folder}", folder = folder.display())]
    Index {
        /// The folder.
        folder: PathBuf,
        /// The cause.
        #[source]
        source: skranke_index::IndexError,
    },
    /// A record cannot be folded in.
    #[error("could not bring the view up to the journal")]
    Fold(#[from] FoldError),
    /// The view has records that the journal lacks.
    #[error(
        "the journal ends at record {journal}, but the view has seen record {view}: acknowledged \
         records are lost; nothing was changed, restore the journal from a backup"
    )]
    Lost {
        /// The journal's last record.
        journal: Seq,
        /// The view's last record.
        view: Seq,
    },
    /// The folder cannot be opened yet.
    #[error(transparent)]
    Kept(#[from] KeepError),
    /// A reconciliation found that the view is not the fold of the journal.
    #[error("the view is not as the journal says: {0}")]
    Doubted(String),
    /// A follower of the journal has stopped.
    #[error("a follower of the journal has stopped: {0}")]
    Follower(String),
}

/// What to open, and by which clock.
#[derive(Clone, Debug)]
pub struct OpenOptions {
    /// The data folder; made when it does not exist.
    pub data: PathBuf,
    /// The clock.
    pub clock: Clock,
    /// The organisation's zone.
    pub zone: TimeZone,
}

/// So long the start waits to hear whether the view is ahead of the journal, where the view has
/// not noted how far it had come. Opening a large view takes longer than anybody who wants to log
/// should wait.
const COMPARE_WAIT: Duration = Duration::from_secs(1);
/// So many records are read in within that time.
const SMALL_RECORDS: Seq = 5_000;

impl App {
    /// Opens a data folder and starts the followers of its journal. Blocks until screens and
    /// reports can be read.
    pub fn open(options: OpenOptions) -> Result<Arc<Self>, AppError> {
        let base = Base::open(&options)?;
        let attempts = Attempts::new(&base.data, options.clock.clone());
        let (view, state) = Maker::quiet(&base.data, &base.journal, &attempts).ready()?;
        let last_line = state.audit.read().iter().next_back().cloned();
        let chain = Chain::after(last_line.as_ref().map(|it| &it.row));
        Ok(Self::start(options, base, (state, chain, Some(view))))
    }

    /// Opens a data folder so far that people can sign in and log: every byte of the journal is
    /// checked by then, and accounts and settings are known. The view is opened, repaired and
    /// brought up behind; [`Progress::is_ready`] tells when screens can be read.
    ///
    /// # Errors
    /// When the journal cannot be used, or is known to have lost records.
    pub fn open_at_once(options: OpenOptions) -> Result<Arc<Self>, AppError> {
        let base = Base::open(&options)?;
        let is_noted = compare_with_note(&base)?;
        let (state, chain) = accounts_and_settings(&base.journal)?;
        let app = Self::start(options, base, (state, chain, None));
        // A small log is ready in no time; then nobody need see that anything was not there.
        let is_large = SMALL_RECORDS < app.journal.position().seq;
        let is_compared = || {
            let progress = app.progress();
            let is_over = progress.failed.is_some() || progress.trouble.is_some();
            let is_known = is_noted || progress.making.is_some();
            progress.is_ready || is_over || (is_large && is_known)
        };
        app.wait(COMPARE_WAIT, is_compared);
        match app.progress().lost {
            Some((journal, view)) => Err(AppError::Lost { journal, view }),
            None => Ok(app),
        }
    }

    fn start(
        OpenOptions { data, clock, zone }: OpenOptions,
        base: Base,
        (state, chain, view): (State, Chain, Option<View>),
    ) -> Arc<Self> {
        let Base { journal, bodies, sessions, .. } = base;
        let now = clock.now();
        let applied = if view.is_some() { journal.position().seq } else { 0 };
        let is_ready = view.is_some();
        let begun = Progress { applied, is_ready, ..Progress::default() };
        let (sender, progress) = watch::channel(begun);
        let stop = Arc::new(AtomicBool::new(false));
        let health = Arc::new(Health::default());
        let woken = Arc::new(follow::Bell::default());
        let follower = follow::Follower {
            data: data.clone(),
            journal: journal.clone(),
            state: state.clone(),
            progress: sender,
            woken: Arc::clone(&woken),
            stop: Arc::clone(&stop),
            attempts: Attempts::new(&data, clock.clone()),
            doubt: health.doubted(),
        };
        let browser_keys = BrowserKeys::new(&data);
        let judge = Judge::new(state.clone(), bodies.clone(), data.join("evidence"));
        Arc::new(Self {
            setup_code: Mutex::new(account::first_code(&state, now)),
            threads: Mutex::new(vec![follower.start(view)]),
            clock,
            zone,
            data,
            journal,
            state,
            bodies,
            sessions,
            browser_keys,
            taken_back: account::TakenBack::default(),
            judge,
            rescans: super::privacy::Rescans::default(),
            board: super::board::Kept::default(),
            known_gaps: super::out::KnownGaps::default(),
            steps: super::topics::Steps::default(),
            warming: super::board::Warming::default(),
            live: super::live::Live::default(),
            timing: super::timing::Heap::default(),
            kept_figures: super::figures::Kept::default(),
            letters: super::letters::Kept::default(),
            norms: super::figures::Norms::default(),
            brought: super::words::Counted::default(),
            health,
            sites_under_way: super::site::under_way::UnderWay::default(),
            manner: std::sync::OnceLock::new(),
            breached: std::sync::OnceLock::new(),
            chain,
            progress,
            woken,
            stop,
        })
    }
}

/// What is opened before anything else: the streams, each checked.
struct Base {
    data: PathBuf,
    journal: Journal,
    bodies: Bodies,
    sessions: Sessions,
}

impl Base {
    fn open(options: &OpenOptions) -> Result<Self, AppError> {
        let data = options.data.clone();
        std::fs::create_dir_all(&data)
            .map_err(|source| AppError::Folder { folder: data.clone(), source })?;
        let now = options.clock.now();
        keeping::before_open(&data, now, &options.zone)?;
        let journal = Journal::open(&data.join("journal"), Options::new(Stream::Journal))?;
        let bodies = Bodies::open(&data.join("pages"))?;
        let brief = Journal::open(&data.join("brief"), Options::new(Stream::Brief))?;
        let sessions = Sessions::open(brief, now)?;
        Ok(Self { data, journal, bodies, sessions })
    }
}

/// Compares the journal with what the view has noted of itself; tells whether there is a note.
fn compare_with_note(base: &Base) -> Result<bool, AppError> {
    let Position { generation, seq: journal } = base.journal.position();
    match View::seen(&base.data.join("view")) {
        Some(Position { generation: of, seq: view }) if of == generation && journal < view => {
            Err(AppError::Lost { journal, view })
        }
        seen => Ok(seen.is_some()),
    }
}

/// Folds what signing in and logging need, and finds the end of the audit, without a view. A
/// record that a newer program wrote ends it: this one could not fold it later either.
fn accounts_and_settings(journal: &Journal) -> Result<(State, Chain), AppError> {
    const AT_A_TIME: usize = 1_000;
    let (state, mut line) = (State::default(), None);
    let mut after = 0;
    loop {
        let records = journal.read(after, AT_A_TIME)?;
        let Some(last) = records.last() else { break };
        after = last.seq;
        for record in records {
            match kind_of(&record).map_err(FoldError::from)? {
                Kind::Person => fold_one(&state.people, &record)?,
                Kind::Organisation => fold_one(&state.organisation, &record)?,
                Kind::Token => fold_one(&state.tokens, &record)?,
                Kind::Audit => line = Some(record),
                _ => {}
            }
        }
    }
    let line = line.map(|it| decode::<AuditEvent>(&it)).transpose().map_err(FoldError::from)?;
    let row = line.map(|AuditEvent::Noted(row)| row);
    Ok((state, Chain::after(row.as_ref())))
}

fn fold_one<R: Row>(table: &Table<R>, record: &crate::journal::Record) -> Result<(), FoldError> {
    let old = table.get(record.entity);
    if let Some(new) = Stored::after(old.as_deref(), record)? {
        table.put(new);
    }
    Ok(())
}
