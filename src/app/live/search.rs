//! The follower that keeps the index of passages and inquiries up with the journal.
//!
//! Records say what has changed; texts are read from the state, which is at least as far. So a
//! record may be looked at twice, and what the index holds is a function of the state alone.
//! What was logged since the last commit is found beside it (`live.rs`).

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use skranke_index::{Index, IndexError, Opened, Position, Searcher, Writer};
use uuid::Uuid;

use super::behind::Behind;
use crate::app::follow::chain;
use crate::app::health::attempts::{Attempts, LOOP_MIN};
use crate::app::health::{Doubt, Health};
use crate::app::page_text;
use crate::clock::Clock;
use crate::id::Id;
use crate::journal::{JournalError, Record, Seq};
use crate::page::Bodies;
use crate::record::Kind;
use crate::view::ViewError;

/// What changed is committed after so long at the latest, however much more comes.
const COMMIT_AFTER: Duration = Duration::from_millis(500);
/// Two commits lie so far apart: each syncs a dozen files, and calls wait for the same disk.
const COMMIT_GAP: Duration = Duration::from_millis(400);
/// So long it waits for records before it looks whether it is to stop.
const LOOK_ROUND: Duration = Duration::from_millis(200);
/// So long after a failure it tries again.
const RETRY_AFTER: Duration = Duration::from_secs(10);

/// The index as it can be asked now.
#[derive(Default)]
pub(super) struct Shelf {
    searcher: RwLock<Option<Searcher>>,
    committed: AtomicU64,
    /// Why it is down, if it is.
    trouble: Mutex<Option<String>>,
    /// Why it is to be made anew.
    pub(super) doubt: Doubt,
}

impl Shelf {
    /// What asks the index; none while it is down or being made.
    pub(super) fn searcher(&self) -> Option<Searcher> {
        self.searcher.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The index has everything up to this record.
    pub(super) fn committed(&self) -> Seq {
        self.committed.load(Ordering::Acquire)
    }

    /// What is in the way, if anything is.
    pub(super) fn trouble(&self) -> Option<String> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn tell(&self, trouble: Option<String>) {
        *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = trouble;
    }

    fn put(&self, searcher: Option<Searcher>) {
        *self.searcher.write().unwrap_or_else(PoisonError::into_inner) = searcher;
    }

    fn reach(&self, seq: Seq) {
        self.committed.store(seq, Ordering::Release);
    }
}

/// Why the index does not follow.
#[derive(Debug, thiserror::Error)]
enum SearchError {
    #[error("could not read the journal")]
    Journal(#[from] JournalError),
    #[error("could not read the inquiries")]
    View(#[from] ViewError),
    #[error("could not keep the index")]
    Index(#[from] IndexError),
    #[error("could not put the index in its place at {folder}", folder = folder.display())]
    Folder {
        folder: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("the index that was just made cannot be used: {0}")]
    Made(String),
    #[error("opening the index has ended the program again and again; it stays closed a while")]
    Loop,
    #[error("the index is not as the journal says: {0}")]
    Doubted(String),
}

/// What the follower works with.
pub(super) struct Indexer {
    pub(super) behind: Behind,
    pub(super) bodies: Bodies,
    /// The index's folder; another beside it is used while a new index is made.
    pub(super) folder: PathBuf,
    pub(super) clock: Clock,
    pub(super) shelf: Arc<Shelf>,
    pub(super) attempts: Attempts,
    pub(super) health: Arc<Health>,
}

impl Indexer {
    /// Follows until the process ends. A failure is told, and tried again after a while: nothing
    /// but the look-up depends on it.
    pub(super) fn run(&self) {
        while self.behind.is_ready() {
            match self.follow() {
                Ok(()) => break,
                Err(error) => {
                    tracing::error!(error = format!("{error:?}"), "the look-up is down");
                    self.shelf.put(None);
                    self.shelf.tell(Some(chain(&error)));
                    if matches!(error, SearchError::Doubted(_)) {
                        self.again(self.move_aside());
                    } else {
                        self.behind.rest(RETRY_AFTER);
                    }
                }
            }
        }
        self.shelf.put(None);
    }

    fn again(&self, moved: Result<(), SearchError>) {
        if let Err(error) = moved {
            tracing::error!(error = format!("{error:?}"), "the index cannot be moved aside");
            self.behind.rest(RETRY_AFTER);
        }
    }

    fn follow(&self) -> Result<(), SearchError> {
        let attempt = self.attempts.begin("index");
        let Some((index, mut after)) = self.ready(attempt.cut_off)? else { return Ok(()) };
        let mut writer = index.writer()?;
        drop(attempt);
        self.shelf.reach(after);
        self.shelf.tell(None);
        self.shelf.put(Some(index.searcher()));
        let mut waiting: Option<Instant> = None;
        let mut committed = Instant::now();
        loop {
            if let Some(why) = self.shelf.doubt.take() {
                return Err(SearchError::Doubted(why));
            }
            if !self.health.may_write_background() && !self.behind.is_stopped() {
                // Merges take room; what is new is found beside the index.
                self.behind.rest(LOOK_ROUND);
                continue;
            }
            let next = self.behind.read(after)?;
            let is_ending = next.is_none() || self.behind.is_stopped();
            let records = next.unwrap_or_default();
            after = records.last().map_or(after, |it| it.seq);
            if self.take(&mut writer, &records)? {
                waiting.get_or_insert_with(Instant::now);
            }
            let is_idle = records.is_empty();
            let is_due = waiting.is_some_and(|since| {
                let may = is_idle && COMMIT_GAP <= committed.elapsed();
                may || is_ending || COMMIT_AFTER <= since.elapsed()
            });
            if is_due {
                crate::failpoint::reached("index-before-commit");
                writer.commit(self.position(after))?;
                crate::failpoint::reached("index-after-commit");
                (waiting, committed) = (None, Instant::now());
            }
            if waiting.is_none() {
                self.shelf.reach(after);
            }
            if is_ending {
                return Ok(());
            }
            if is_idle {
                let gap = COMMIT_GAP.saturating_sub(committed.elapsed());
                let time = if waiting.is_some() { gap } else { LOOK_ROUND };
                self.behind.journal.wait_past(after, time);
            }
        }
    }

    fn position(&self, seq: Seq) -> Position {
        Position { generation: self.behind.journal.position().generation.0, seq }
    }

    /// Puts into the index what records have changed; tells whether they changed anything.
    fn take(&self, writer: &mut Writer, records: &[Record]) -> Result<bool, SearchError> {
        let (mut inquiries, mut pages) = (BTreeSet::new(), BTreeSet::new());
        for record in records {
            match Kind::of(record.kind) {
                Some(Kind::Inquiry) => {
                    let columns = self.behind.state.inquiries.columns();
                    inquiries.extend(columns.of_id(Id::from_uuid(record.entity)).map(|it| it.seq));
                }
                Some(Kind::Page) => drop(pages.insert(record.entity)),
                Some(
                    Kind::Crawl
                    | Kind::Topic
                    | Kind::Run
                    | Kind::Verdict
                    | Kind::Gap
                    | Kind::Person
                    | Kind::Organisation
                    | Kind::Reader
                    | Kind::Letter
                    | Kind::Import
                    | Kind::Audit
                    | Kind::Job
                    | Kind::Message
                    | Kind::Timing
                    | Kind::Token
                    | Kind::CallTotals
                    | Kind::Words
                    | Kind::SavedView
                    | Kind::Link
                    | Kind::News
                    | Kind::Hook,
                )
                | None => {}
            }
        }
        let has_changed = !inquiries.is_empty() || !pages.is_empty();
        for seq in inquiries {
            self.put_inquiry(writer, seq)?;
        }
        for page in pages {
            self.put_page(writer, page)?;
        }
        Ok(has_changed)
    }

    fn put_inquiry(&self, writer: &mut Writer, seq: Seq) -> Result<(), SearchError> {
        match self.behind.state.inquiries.words(seq)? {
            Some(words) => writer.put_inquiry(seq, &words)?,
            None => writer.remove_inquiry(seq),
        }
        Ok(())
    }

    fn put_page(&self, writer: &mut Writer, page: Uuid) -> Result<(), SearchError> {
        let Some(stored) = self.behind.state.pages.get(page) else { return Ok(()) };
        let facts = &stored.row.facts;
        // A body that cannot be read is missed by `verify`; a look-up goes on without it.
        let body = (!stored.row.gone).then(|| self.bodies.get(&facts.body));
        match body.transpose() {
            Ok(Some(body)) => writer.put_page(&page_text(stored.first, &body))?,
            Ok(None) => writer.remove_page(stored.first),
            Err(error) => {
                tracing::warn!(error = format!("{error:?}"), "a page is left out of the look-up");
                writer.remove_page(stored.first);
            }
        }
        Ok(())
    }

    /// The index and how far it has read; made anew when there is none that fits. None when the
    /// process ends before it is made.
    fn ready(&self, cut_off: usize) -> Result<Option<(Index, Seq)>, SearchError> {
        let here = self.behind.journal.position();
        if 2 * LOOP_MIN <= cut_off {
            return Err(SearchError::Loop);
        }
        if LOOP_MIN <= cut_off && self.folder.exists() {
            tracing::warn!("opening the index ended the program again and again: it is made anew");
            self.move_aside()?;
        }
        crate::failpoint::reached("index-open");
        let why = match Index::open(&self.folder)? {
            Opened::Ready(index, Some(at))
                if at.generation == here.generation.0 && at.seq <= here.seq =>
            {
                return Ok(Some((*index, at.seq)));
            }
            Opened::Ready(index, None) if index.searcher().counts() == (0, 0) && here.seq == 0 => {
                return Ok(Some((*index, 0)));
            }
            Opened::Ready(_, None) => "there is none yet".to_owned(),
            Opened::Ready(_, Some(_)) => "another history, or ahead of this one".to_owned(),
            Opened::Outdated { found } => format!("made by {}", found.trim()),
            Opened::Damaged { why } => {
                self.move_aside()?;
                why
            }
        };
        tracing::info!(why, "the index is made from the journal");
        self.make()
    }

    /// Makes an index beside the old one and puts it in its place.
    fn make(&self) -> Result<Option<(Index, Seq)>, SearchError> {
        let beside = beside(&self.folder, ".new");
        self.clear(&beside)?;
        let Opened::Ready(index, _) = Index::open(&beside)? else {
            return Err(SearchError::Made("an empty folder is not empty".to_owned()));
        };
        let through = self.behind.applied();
        let mut writer = index.writer()?;
        if !self.fill(&mut writer)? {
            return Ok(None);
        }
        writer.commit(self.position(through))?;
        drop((writer, index));
        crate::failpoint::reached("index-before-swap");
        self.clear(&self.folder)?;
        std::fs::rename(&beside, &self.folder).map_err(|source| self.failed(source))?;
        match Index::open(&self.folder)? {
            Opened::Ready(index, _) => Ok(Some((*index, through))),
            Opened::Outdated { found: why } | Opened::Damaged { why } => {
                Err(SearchError::Made(why))
            }
        }
    }

    /// Puts everything into an empty index; false when the process is to end.
    fn fill(&self, writer: &mut Writer) -> Result<bool, SearchError> {
        let state = &self.behind.state;
        let inquiries: Vec<Seq> = {
            let columns = state.inquiries.columns();
            columns.live().filter(|it| it.has_text).map(|it| it.seq).collect()
        };
        let pages: Vec<Uuid> = state.pages.read().iter().map(|it| it.id).collect();
        for page in pages {
            if self.behind.is_stopped() {
                return Ok(false);
            }
            self.put_page(writer, page)?;
        }
        for seq in inquiries {
            if self.behind.is_stopped() {
                return Ok(false);
            }
            self.put_inquiry(writer, seq)?;
        }
        Ok(true)
    }

    /// Keeps a damaged index for whoever wants to know why.
    fn move_aside(&self) -> Result<(), SearchError> {
        let time = self.clock.now().strftime("%Y%m%dT%H%M%SZ").to_string();
        let numbered = (1_u32..).map(|n| beside(&self.folder, &format!(".damaged-{time}-{n}")));
        let Some(aside) = numbered.into_iter().find(|it| !it.exists()) else { return Ok(()) };
        std::fs::rename(&self.folder, aside).map_err(|source| self.failed(source))
    }

    fn clear(&self, folder: &Path) -> Result<(), SearchError> {
        match std::fs::remove_dir_all(folder) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                Err(self.failed(source))
            }
            Ok(()) | Err(_) => Ok(()),
        }
    }

    fn failed(&self, source: std::io::Error) -> SearchError {
        SearchError::Folder { folder: self.folder.clone(), source }
    }
}

fn beside(folder: &Path, ending: &str) -> PathBuf {
    let mut name = folder.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}
