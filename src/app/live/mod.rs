//! What goes on beside the service: the look-up's index, the live assignment, and the answers that
//! are published.

mod assign;
mod behind;
pub mod priority;
mod published;
mod search;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use skranke_index::Searcher;

use crate::app::App;
use crate::app::health::attempts::Attempts;
use crate::journal::Seq;
use crate::lookup::{self, LookUp, Sources};
use crate::view::ViewError;
use assign::{Assigner, Numbers};
use behind::Behind;
use published::{Published, Publisher};
use search::{Indexer, Shelf};

impl Live {
    /// What asks the index; none while it is down or being made.
    pub(super) fn searcher(&self) -> Option<Searcher> {
        self.shelf.searcher()
    }

    /// The index has everything up to this record.
    pub(super) fn committed(&self) -> Seq {
        self.shelf.committed()
    }

    /// Whether the followers have been started.
    fn has_started(&self) -> bool {
        *self.is_started.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is in the way of the index, if anything is.
    pub(super) fn trouble(&self) -> Option<String> {
        self.shelf.trouble()
    }

    /// Has the index made anew.
    pub(super) fn doubt(&self, why: &str) {
        self.shelf.doubt.raise(why);
    }
}

/// So long after an end that nobody asked for, the live assignment begins again.
const AGAIN_AFTER: Duration = Duration::from_secs(10);

/// What the application shares with its followers.
#[derive(Default)]
pub(super) struct Live {
    is_started: Mutex<bool>,
    shelf: Arc<Shelf>,
    assigned: Arc<AtomicU64>,
    numbers: Numbers,
    published: Arc<Published>,
}

impl App {
    /// Starts the look-up and the live assignment; a second time changes nothing. The service
    /// does it at its start, and the first look-up does it; a command that only reads does not
    /// need it.
    pub fn start_live(&self) {
        let mut is_started = self.live.is_started.lock().unwrap_or_else(PoisonError::into_inner);
        if std::mem::replace(&mut *is_started, true) {
            return;
        }
        let behind = Behind {
            journal: self.journal.clone(),
            state: self.state.clone(),
            progress: self.progress.clone(),
            woken: Arc::clone(&self.woken),
            stop: Arc::clone(&self.stop),
        };
        let indexer = Indexer {
            behind: behind.clone(),
            bodies: self.bodies.clone(),
            folder: self.data.join("index"),
            clock: self.clock.clone(),
            shelf: Arc::clone(&self.live.shelf),
            attempts: Attempts::new(&self.data, self.clock.clone()),
            health: Arc::clone(&self.health),
        };
        let publisher = Publisher {
            behind: behind.clone(),
            bodies: self.bodies.clone(),
            published: Arc::clone(&self.live.published),
        };
        let assigner = Assigner {
            behind,
            clock: self.clock.clone(),
            numbers: self.live.numbers.clone(),
            through: Arc::clone(&self.live.assigned),
        };
        let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
        threads.push(std::thread::spawn(move || indexer.run()));
        // A view that is made anew while they read ends them; then they begin again.
        threads.push(std::thread::spawn(move || {
            while assigner.behind.is_ready() {
                assigner.run();
                assigner.behind.rest(AGAIN_AFTER);
            }
        }));
        threads.push(std::thread::spawn(move || {
            // Until it has read them all, more is masked than need be; nobody waits for it.
            priority::lower(priority::BACK);
            while publisher.behind.is_ready() {
                publisher.run();
                publisher.behind.rest(AGAIN_AFTER);
            }
        }));
    }

    /// Passages that may answer what is typed, and questions like it that were asked before.
    /// Blocks for milliseconds.
    ///
    /// # Errors
    /// When the view cannot be read. An index that is down is no error: then nothing is found.
    pub fn look_up(
        &self,
        query: &str,
        n_passages: usize,
        n_questions: usize,
    ) -> Result<LookUp, ViewError> {
        self.start_live();
        crate::failpoint::hung("look-up");
        let searcher = self.live.shelf.searcher().filter(|_| self.is_ready());
        let Some(searcher) = searcher else {
            return Ok(LookUp { is_down: true, ..LookUp::default() });
        };
        let fresh = self.fresh();
        let sources = Sources {
            fresh: &fresh,
            inquiries: &self.state.inquiries,
            pages: &self.state.pages,
            bodies: &self.bodies,
            resolve: &|number| self.resolve(number),
        };
        let searcher = searcher.with_words(self.judge.own());
        lookup::find(query, (n_passages, n_questions), &searcher, sources)
    }

    /// How many passages and inquiries can be found; none while the index is down.
    pub fn index_counts(&self) -> Option<(u64, u64)> {
        self.live.shelf.searcher().map(|it| it.counts())
    }

    /// Waits until the index has everything written so far, `timeout` at most. Blocks.
    pub fn settle_index(&self, timeout: Duration) -> bool {
        let end = self.journal.position().seq;
        self.wait(timeout, || {
            self.live.shelf.searcher().is_some() && end <= self.live.shelf.committed()
        })
    }

    /// Waits until the live assignment has looked at everything written so far, if it goes on.
    /// Blocks, a while at most: a full run decides about what it has not looked at.
    pub fn settle_assigned(&self) -> bool {
        const WHILE: Duration = Duration::from_secs(30);
        let is_started = self.live.has_started();
        let end = self.journal.position().seq;
        !is_started || self.wait(WHILE, || end <= self.assigned_through())
    }

    /// Everything up to this record has been looked at by the live assignment.
    pub fn assigned_through(&self) -> Seq {
        self.live.assigned.load(Ordering::Acquire)
    }

    /// The latest questions that the index does not have yet: it commits now and then only, and
    /// whoever logs a question may look it up at once.
    fn fresh(&self) -> Vec<Seq> {
        const FRESH_MAX: usize = 100;
        let committed = self.live.shelf.committed();
        let columns = self.state.inquiries.columns();
        let lines = columns.live_after(committed).rev().filter(|it| it.has_text);
        lines.take(FRESH_MAX).map(|it| it.seq).collect()
    }

    /// Held while a topic gets a number that was never used.
    pub(super) fn number_turn(&self) -> MutexGuard<'_, ()> {
        self.live.numbers.turn()
    }
}
