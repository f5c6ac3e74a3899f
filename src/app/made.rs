//! Making the view ready: opened, checked, repaired by a rebuild, brought up to the journal.

use std::ops::Range;
use std::path::Path;

use jiff::Timestamp;

use super::AppError;
use super::follow;
use super::health::attempts::{Attempts, LOOP_MIN};
use super::state::{FoldError, State};
use crate::clock::Clock;
use crate::journal::{Journal, Options, Seq, Stream};
use crate::view::{Standing, View};

/// How often it is told how far the making has come.
const TOLD_EVERY: u64 = 1_000;

/// What the view is made with.
pub(super) struct Maker<'a> {
    pub(super) data: &'a Path,
    pub(super) journal: &'a Journal,
    pub(super) attempts: &'a Attempts,
    pub(super) now: Timestamp,
    /// Hears how many of how many rows and records are done; `false` ends it.
    pub(super) told: &'a dyn Fn(u64, u64) -> bool,
}

impl<'a> Maker<'a> {
    /// A maker that nobody listens to.
    pub(super) fn quiet(data: &'a Path, journal: &'a Journal, attempts: &'a Attempts) -> Self {
        Self { data, journal, attempts, now: attempts.now(), told: &|_, _| true }
    }

    /// Opens the view and brings it up to the journal; a view that cannot be trusted is moved
    /// aside and made anew.
    ///
    /// # Errors
    /// Whatever a rebuild does not cure: a lock, a refusal by the system, a lost journal.
    pub(super) fn ready(&self) -> Result<(View, State), AppError> {
        let folder = self.data.join("view");
        let attempt = self.attempts.begin("view");
        // Whoever was cut off while folding is not helped by folding everything again.
        let is_folding = self.attempts.any("record ");
        if LOOP_MIN <= attempt.cut_off && !is_folding && folder.exists() {
            tracing::warn!("opening the view ended the program again and again: it is made anew");
            View::move_aside(&folder, self.now)?;
        }
        let is_careful = LOOP_MIN - 1 <= attempt.cut_off;
        match self.loaded(&folder, is_careful) {
            Err(error) if calls_for_rebuild(&error) => {
                tracing::warn!(error = format!("{error:?}"), "the view is made anew");
                View::move_aside(&folder, self.now)?;
                self.loaded(&folder, is_careful)
            }
            ended => ended,
        }
    }

    fn loaded(&self, folder: &Path, is_careful: bool) -> Result<(View, State), AppError> {
        let view = self.compared(folder)?;
        let rows = view.counts()?.values().sum::<u64>();
        let from = view.position()?.map_or(0, |it| it.seq);
        let end = self.journal.position().seq;
        let mut count = Count { done: 0, of: rows + (end - from), told: self.told };
        count.tell()?;
        let state = State::new(view.clone());
        state.load(&view, || count.step(1))?;
        let mut folding = Folding { view: &view, state: &state, journal: self.journal };
        let attempts = is_careful.then_some(self.attempts);
        folding.run(from..Seq::MAX, attempts, &mut count)?;
        Ok((view, state))
    }

    /// The view, open, if it belongs to this journal; an empty one in place of another history's.
    fn compared(&self, folder: &Path) -> Result<View, AppError> {
        let view = View::open(folder)?;
        let position = self.journal.position();
        match view.standing(position)? {
            Standing::Current | Standing::Behind | Standing::Empty => Ok(view),
            // It may hold words that were erased from the journal since: nothing of it is kept.
            Standing::OtherGeneration => {
                drop(view);
                let failed = |source| AppError::Folder { folder: folder.to_owned(), source };
                std::fs::remove_dir_all(folder).map_err(failed)?;
                Ok(View::open(folder)?)
            }
            Standing::Ahead => {
                let view = view.position()?.map_or(0, |it| it.seq);
                Err(AppError::Lost { journal: position.seq, view })
            }
        }
    }
}

/// Whether moving the view aside and making it anew is the cure.
pub(super) fn calls_for_rebuild(error: &AppError) -> bool {
    match error {
        AppError::View(error) | AppError::Fold(FoldError::View(error)) => error.calls_for_rebuild(),
        AppError::Fold(FoldError::Row { .. }) => true,
        AppError::Fold(FoldError::Record(_) | FoldError::Stuck(_) | FoldError::Stopped)
        | AppError::Folder { .. }
        | AppError::Index { .. }
        | AppError::Unwritten { .. }
        | AppError::Kept(_)
        | AppError::Journal(_)
        | AppError::Lost { .. }
        | AppError::Doubted(_)
        | AppError::Follower(_) => false,
    }
}

/// Tells how far something has come.
struct Count<'a> {
    done: u64,
    of: u64,
    told: &'a dyn Fn(u64, u64) -> bool,
}

impl Count<'_> {
    fn step(&mut self, by: u64) -> Result<(), FoldError> {
        let before = self.done / TOLD_EVERY;
        self.done += by;
        if before < self.done / TOLD_EVERY { self.tell() } else { Ok(()) }
    }

    fn tell(&self) -> Result<(), FoldError> {
        (self.told)(self.done, self.of.max(self.done)).then_some(()).ok_or(FoldError::Stopped)
    }
}

/// Folds the journal into a view and its tables.
struct Folding<'a> {
    view: &'a View,
    state: &'a State,
    journal: &'a Journal,
}

impl Folding<'_> {
    /// Folds everything after the start of `part`, to its end or the journal's. With `attempts`,
    /// one record at a time, each noted before: the one that ends the process is known then.
    fn run(
        &mut self,
        part: Range<Seq>,
        attempts: Option<&Attempts>,
        count: &mut Count<'_>,
    ) -> Result<(), AppError> {
        let at_a_time = if attempts.is_some() { 1 } else { follow::RECORDS_AT_A_TIME };
        let mut after = part.start;
        loop {
            let mut records = self.journal.read(after, at_a_time)?;
            records.retain(|it| it.seq <= part.end);
            let Some(last) = records.last().map(|it| it.seq) else { return Ok(()) };
            let attempt = attempts.map(|it| it.begin(&format!("record {last}")));
            if attempt.as_ref().is_some_and(|it| LOOP_MIN <= it.cut_off) {
                return Err(FoldError::Stuck(last).into());
            }
            let generation = self.journal.position().generation;
            follow::fold_into(self.view, self.state, generation, &records)?;
            count.step(records.len() as u64)?;
            after = last;
        }
    }
}

/// Folds a part of the journal into a view and its tables.
pub(super) fn fold_between(
    view: &View,
    state: &State,
    journal: &Journal,
    part: Range<Seq>,
) -> Result<(), AppError> {
    let mut count = Count { done: 0, of: 0, told: &|_, _| true };
    Folding { view, state, journal }.run(part, None, &mut count)
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
    let attempts = Attempts::new(data, Clock::fixed(now));
    let (view, _) = Maker::quiet(data, &journal, &attempts).ready()?;
    drop(view);
    Ok(journal.position().seq)
}
