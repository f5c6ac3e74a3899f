//! Opening a data folder: lock, journal, views, followers; and the check of all of it.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::sync::watch;

use super::follow::{self, Progress};
use super::judge::Judge;
use super::keeping::KeepError;
use super::state::{FoldError, State};
use super::{App, account};
use crate::audit::{self, Chain};
use crate::clock::Clock;
use crate::journal::{Journal, JournalError, Options, Seq, Stream};
use crate::page::Bodies;
use crate::people::Sessions;
use crate::view::{Standing, View, ViewError};

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

impl App {
    /// Opens a data folder and starts the followers of its journal. Blocks while views catch up.
    pub fn open(options: OpenOptions) -> Result<Arc<Self>, AppError> {
        let OpenOptions { data, clock, zone } = options;
        std::fs::create_dir_all(&data)
            .map_err(|source| AppError::Folder { folder: data.clone(), source })?;
        let now = clock.now();
        super::keeping::before_open(&data, now, &zone)?;
        let journal = Journal::open(&data.join("journal"), Options::new(Stream::Journal))?;
        let bodies = Bodies::open(&data.join("pages"))?;
        let brief = Journal::open(&data.join("brief"), Options::new(Stream::Brief))?;
        let sessions = Sessions::open(brief, now)?;
        let (view, state) = ready_view(&data, &journal, now)?;
        let last_line = state.audit.read().iter().next_back().cloned();
        let chain = Chain::after(last_line.as_ref().map(|it| &it.row));
        let applied = journal.position().seq;
        let (sender, progress) = watch::channel(Progress { applied, ..Progress::default() });
        let stop = Arc::new(AtomicBool::new(false));
        let woken = Arc::new(follow::Bell::default());
        let follower = follow::Follower {
            journal: journal.clone(),
            state: state.clone(),
            view,
            progress: sender,
            woken: Arc::clone(&woken),
            stop: Arc::clone(&stop),
        };
        let judge = Judge::new(state.clone(), bodies.clone(), data.join("evidence"));
        let app = Self {
            setup_code: Mutex::new(account::first_code(&state, now)),
            threads: Mutex::new(vec![follower.start()]),
            clock,
            zone,
            data,
            journal,
            state,
            bodies,
            sessions,
            judge: Arc::new(judge),
            live: super::live::Live::default(),
            sites_under_way: super::site::crawl::UnderWay::default(),
            chain,
            progress,
            woken,
            stop,
        };
        Ok(Arc::new(app))
    }
}

/// Opens the view and brings it up to the journal; a view that cannot be trusted is moved aside
/// and made anew.
pub(super) fn ready_view(
    data: &Path,
    journal: &Journal,
    now: Timestamp,
) -> Result<(View, State), AppError> {
    let folder = data.join("view");
    match loaded_view(&folder, journal) {
        Ok(ready) => Ok(ready),
        Err(lost @ AppError::Lost { .. }) => Err(lost),
        // A lock or a refusal by the system is not damage: nothing is moved.
        Err(AppError::View(error)) if !error.calls_for_rebuild() => Err(AppError::View(error)),
        Err(error) => {
            tracing::warn!(error = format!("{error:?}"), "the view is rebuilt from the journal");
            View::move_aside(&folder, now)?;
            loaded_view(&folder, journal)
        }
    }
}

fn loaded_view(folder: &Path, journal: &Journal) -> Result<(View, State), AppError> {
    let view = View::open(folder)?;
    let position = journal.position();
    match view.standing(position)? {
        Standing::Current | Standing::Behind | Standing::Empty => {}
        Standing::OtherGeneration => view.clear()?,
        Standing::Ahead => {
            let view = view.position()?.map_or(0, |it| it.seq);
            return Err(AppError::Lost { journal: position.seq, view });
        }
    }
    view.check()?;
    let state = State::new(view.clone());
    state.load(&view)?;
    let from = view.position()?.map_or(0, |it| it.seq);
    catch_up(&view, &state, journal, from..journal.position().seq)?;
    Ok((view, state))
}

/// Folds everything after the start of `part`, to its end, into the view and the tables.
fn catch_up(
    view: &View,
    state: &State,
    journal: &Journal,
    part: Range<Seq>,
) -> Result<(), AppError> {
    let mut after = part.start;
    loop {
        let mut records = journal.read(after, follow::RECORDS_AT_A_TIME)?;
        records.retain(|it| it.seq <= part.end);
        let Some(last) = records.last().map(|it| it.seq) else { return Ok(()) };
        follow::fold_into(view, state, journal.position().generation, &records)?;
        after = last;
    }
}

/// Throws every view away and makes it anew from the journal.
pub fn rebuild(data: &Path, now: Timestamp) -> Result<Seq, AppError> {
    let journal = Journal::open(&data.join("journal"), Options::new(Stream::Journal))?;
    let folder = data.join("view");
    if folder.exists() {
        View::move_aside(&folder, now)?;
    }
    // Both are made from the view by whoever needs them next.
    for name in ["index", "evidence"] {
        let folder = data.join(name);
        if folder.exists() {
            std::fs::remove_dir_all(&folder)
                .map_err(|source| AppError::Folder { folder, source })?;
        }
    }
    let (view, _) = ready_view(data, &journal, now)?;
    drop(view);
    Ok(journal.position().seq)
}

/// What a check of a data folder found.
#[derive(Clone, Debug, Default)]
pub struct VerifyOutcome {
    /// How many records were read, of all streams.
    pub records: u64,
    /// Each difference, in a sentence.
    pub differences: Vec<String>,
}

/// Reads every byte of every stream, folds the journal anew beside the view and compares.
pub fn verify(data: &Path, scratch: &Path) -> Result<VerifyOutcome, AppError> {
    let mut outcome = VerifyOutcome::default();
    for stream in ["journal", "pages", "brief"] {
        let folder = data.join(stream);
        if !folder.exists() {
            continue;
        }
        let report = match Journal::verify(&folder) {
            Ok(report) => report,
            // A start that was cut short has made the folder and nothing in it.
            Err(JournalError::Missing { .. }) => continue,
            Err(error) => return Err(error.into()),
        };
        outcome.records += report.last;
        outcome.differences.extend(report.differences.iter().map(|it| format!("{stream}: {it}")));
    }
    if !outcome.differences.is_empty() {
        return Ok(outcome);
    }
    let journal = Journal::open(&data.join("journal"), Options::new(Stream::Journal))?;
    let kept = View::open(&data.join("view"))?;
    // A view that was cut short is behind, not wrong: it is compared as far as it has come.
    let through = match kept.standing(journal.position())? {
        Standing::Behind => kept.position()?.map_or(0, |it| it.seq),
        Standing::Empty => 0,
        Standing::Current | Standing::OtherGeneration | Standing::Ahead => journal.position().seq,
    };
    let fresh = View::open(scratch)?;
    let state = State::new(fresh.clone());
    catch_up(&fresh, &state, &journal, 0..through)?;
    for kind in crate::record::Kind::ALL {
        compare(&fresh, &kept, kind.tree(), &mut outcome.differences)?;
    }
    let lines = state.audit.all();
    if let Some(at) = audit::first_break(lines.iter().map(|it| &it.row)) {
        outcome.differences.push(format!("audit: line {} does not follow the one before", at + 1));
    }
    Ok(outcome)
}

fn compare(
    fresh: &View,
    kept: &View,
    tree: &'static str,
    differences: &mut Vec<String>,
) -> Result<(), AppError> {
    const SHOWN_MAX: usize = 20;
    let mut expected = std::collections::BTreeMap::new();
    for entry in fresh.scan(tree)? {
        let (key, value) = entry?;
        expected.insert(key, value);
    }
    let mut differing = vec![];
    for entry in kept.scan(tree)? {
        match entry {
            Ok((key, value)) => match expected.remove(&key) {
                Some(wanted) if wanted == value => {}
                Some(_) => differing.push(format!("view: {tree} {key} differs from the journal")),
                None => differing.push(format!("view: {tree} {key} is not in the journal")),
            },
            Err(error) => differing.push(format!("view: {tree}: {error}")),
        }
    }
    differing.extend(expected.keys().map(|key| format!("view: {tree} {key} is missing")));
    let more = differing.len().saturating_sub(SHOWN_MAX);
    differences.extend(differing.into_iter().take(SHOWN_MAX));
    if 0 < more {
        differences.push(format!("view: {tree}: {more} more"));
    }
    Ok(())
}
