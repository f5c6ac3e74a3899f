//! The view of bytes: what the journal adds up to, in sled, where the application reads it.
//!
//! The only module that knows sled. It knows rows and no meanings: every stage brings its own
//! payloads. Nothing here is truth: whatever is damaged or doubtful is moved aside and rebuilt
//! from the journal. sled may panic on damaged files, so every call into it is caught, and
//! opening happens on its own thread.

mod error;
mod row;
mod rows;
mod seen;
#[cfg(test)]
mod tests;
mod transaction;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use jiff::Timestamp;
use sled::transaction::{TransactionError, Transactional};

use crate::journal::{Position, Seq};

pub use error::ViewError;
use row::{Head, Tally};
pub use rows::Rows;
use transaction::{check_change, decode_head, write_part};

/// The largest value; larger ones are what breaks sled.
///
/// A row is seldom over 1 KB; the longest question and note that are accepted, each letter written
/// as an escape, come to 24 KB. A row that did not fit would stop the view for good.
pub const VALUE_BYTES_MAX: usize = 32 * 1024;
/// The most changes in one transaction; readers wait while one is written.
pub const TRANSACTION_CHANGES_MAX: usize = 100;

/// What sled keeps in memory.
const CACHE_BYTES: u64 = 32 * 1024 * 1024;
/// How often sled writes by itself. Durability is the journal's: this only shortens a restart.
const FLUSH_EVERY_MS: u64 = 1_000;
/// How many changes are applied before sled is told to write.
const FLUSH_EVERY_CHANGES: usize = 10_000;
/// The tree that holds the position row.
const HEAD_TREE: &str = "view";
/// The tree that sled always has and nobody uses.
const DEFAULT_TREE: &[u8] = b"__sled__default";

/// One row to be written or removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The tree; one for each entity.
    pub tree: &'static str,
    /// The row: the sequence of the entity's first record.
    pub key: u64,
    /// The record that the change comes from. It is stored with the row, so that a rebuilt view
    /// equals one that grew, however the records were bundled.
    pub seq: Seq,
    /// The new value; none removes the row.
    pub value: Option<Vec<u8>>,
}

/// How a view stands to its journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It has everything.
    Current,
    /// Records are missing: catch up from its position.
    Behind,
    /// It belongs to another history: rebuild beside and swap.
    OtherGeneration,
    /// The journal has lost acknowledged records: stop saving, keep the view, raise the alarm.
    Ahead,
    /// It has nothing yet: apply from the start.
    Empty,
}

/// An open view. Clones share it; one thread at a time applies, any number read.
#[derive(Clone)]
pub struct View(Arc<Inner>);

struct Inner {
    folder: PathBuf,
    /// Always there until it is dropped.
    db: Option<sled::Db>,
    /// Held while changes are applied.
    applying: Mutex<seen::Noter>,
    /// Set once sled has panicked; nothing it says is believed after that.
    is_broken: AtomicBool,
    n_changes: AtomicUsize,
}

impl View {
    /// Opens the view in `folder`, or makes an empty one.
    ///
    /// # Errors
    /// See [`ViewError::calls_for_rebuild`]: then [`View::move_aside`], and open again.
    pub fn open(folder: &Path) -> Result<Self, ViewError> {
        let path = folder.to_owned();
        let opening = thread::Builder::new().name("view-open".to_owned()).spawn(move || {
            let config = sled::Config::new()
                .path(&path)
                .cache_capacity(CACHE_BYTES)
                .flush_every_ms(Some(FLUSH_EVERY_MS));
            opened(&config)
        });
        let opening = opening.map_err(io("start a thread for", folder))?;
        let db = opening
            .join()
            .map_err(|_| damaged(folder, "the store panicked when it was opened"))?
            .map_err(|source| ViewError::store("open", folder, source))?;
        let view = Self(Arc::new(Inner {
            folder: folder.to_owned(),
            db: Some(db),
            applying: Mutex::default(),
            is_broken: AtomicBool::new(false),
            n_changes: AtomicUsize::new(0),
        }));
        view.head()?;
        Ok(view)
    }

    /// Tells how far the view in `folder` had come at least, without opening it; none when that was
    /// not noted.
    pub fn seen(folder: &Path) -> Option<Position> {
        seen::read(folder)
    }

    /// Moves a view that is not open to a folder named by the time, and tells which. Nothing is
    /// ever deleted.
    pub fn move_aside(folder: &Path, now: Timestamp) -> Result<PathBuf, ViewError> {
        let time = now.strftime("%Y%m%dT%H%M%SZ").to_string();
        let mut name = folder.as_os_str().to_owned();
        name.push(format!(".damaged-{time}"));
        let mut aside = PathBuf::from(&name);
        for n in 2_u32.. {
            if !aside.exists() {
                break;
            }
            let mut numbered = name.clone();
            numbered.push(format!("-{n}"));
            aside = PathBuf::from(numbered);
        }
        fs::rename(folder, &aside).map_err(io("move aside", folder))?;
        let above = folder.parent().filter(|above| !above.as_os_str().is_empty());
        let above = above.unwrap_or(Path::new("."));
        fs::File::open(above).and_then(|it| it.sync_all()).map_err(io("sync", above))?;
        Ok(aside)
    }

    /// Writes changes in order and moves to `position`.
    ///
    /// Up to [`TRANSACTION_CHANGES_MAX`] changes are all seen at once or not at all. A larger set
    /// becomes several transactions, and the position moves with the last: after a crash in
    /// between, the same changes come again. So a change must say what the row becomes, never
    /// what is added to it; then applying it twice is the same as once.
    pub fn apply(&self, position: Position, changes: &[Change]) -> Result<(), ViewError> {
        changes.iter().try_for_each(check_change)?;
        let mut applying = self.0.applying.lock().unwrap_or_else(PoisonError::into_inner);
        let parts = changes.len().div_ceil(TRANSACTION_CHANGES_MAX).max(1);
        for part in 0..parts {
            let start = part * TRANSACTION_CHANGES_MAX;
            let end = changes.len().min(start + TRANSACTION_CHANGES_MAX);
            let position = (part + 1 == parts).then_some(position);
            self.transact(position, &changes[start..end])?;
            crate::failpoint::reached("view-between-transactions");
        }
        let n_changes = self.0.n_changes.fetch_add(changes.len(), Ordering::Relaxed);
        if FLUSH_EVERY_CHANGES <= n_changes + changes.len() {
            self.0.n_changes.store(0, Ordering::Relaxed);
            self.flush()?;
        }
        applying.tell(&self.0.folder, position);
        Ok(())
    }

    /// Tells how far the view has come; none while it is empty.
    pub fn position(&self) -> Result<Option<Position>, ViewError> {
        self.head().map(|head| head.position)
    }

    /// Compares the view's position with the journal's.
    pub fn standing(&self, journal: Position) -> Result<Standing, ViewError> {
        Ok(match self.position()? {
            None => Standing::Empty,
            Some(own) if own.generation != journal.generation => Standing::OtherGeneration,
            Some(own) if own.seq < journal.seq => Standing::Behind,
            Some(own) if journal.seq < own.seq => Standing::Ahead,
            Some(_) => Standing::Current,
        })
    }

    /// Reads a row; none when there is none.
    pub fn get(&self, tree: &'static str, key: u64) -> Result<Option<Vec<u8>>, ViewError> {
        let row = self.guard("read", |db| db.open_tree(tree)?.get(key.to_be_bytes()))?;
        let value = |row: sled::IVec| row::decode(tree, key, &row).map(<[u8]>::to_vec);
        row.map(|row| value(row).ok_or_else(|| wrong_checksum(&self.0.folder, tree, key)))
            .transpose()
    }

    /// Reads all rows of a tree in the order of their keys.
    pub fn scan(&self, tree: &'static str) -> Result<Rows, ViewError> {
        self.scan_from(tree, 0)
    }

    /// Reads the rows of a tree from the key `from` on.
    pub fn scan_from(&self, tree: &'static str, from: u64) -> Result<Rows, ViewError> {
        let rows = self.guard("read", |db| Ok(db.open_tree(tree)?.range(from.to_be_bytes()..)))?;
        Ok(Rows::new(self.clone(), tree, rows))
    }

    /// Tells how many rows each tree has, as noted with the position.
    pub fn counts(&self) -> Result<BTreeMap<String, u64>, ViewError> {
        let tallies = self.head()?.tallies;
        Ok(tallies.into_iter().map(|(name, tally)| (name, tally.rows)).collect())
    }

    /// Reads every row of every tree and compares number and checksums with what was noted with
    /// the position. Changes wait meanwhile.
    pub fn check(&self) -> Result<(), ViewError> {
        self.check_each(|_, _, _| Ok::<_, ViewError>(()))
    }

    /// Does the same and shows every row's tree, key and value on the way, tree by tree in the
    /// order of keys: the scan at start fills the columns in memory and checks in one pass. What
    /// was shown counts for nothing if an error follows; an error of `visit` ends it.
    pub fn check_each<E: From<ViewError>>(
        &self,
        mut visit: impl FnMut(&str, u64, &[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let _applying = self.0.applying.lock().unwrap_or_else(PoisonError::into_inner);
        let noted = self.head()?.tallies;
        let mut names: BTreeSet<String> = self.tree_names()?.into_iter().collect();
        names.extend(noted.keys().cloned());
        for name in names {
            let found = self.tally(&name, &mut visit)?;
            let noted = noted.get(&name).copied().unwrap_or_default();
            if found != noted {
                let (rows, n_noted) = (found.rows, noted.rows);
                let what = format!("{name} has {rows} rows, {n_noted} or other ones were noted");
                return Err(damaged(&self.0.folder, &what).into());
            }
        }
        Ok(())
    }

    /// Removes everything, the position too.
    pub fn clear(&self) -> Result<(), ViewError> {
        let _applying = self.0.applying.lock().unwrap_or_else(PoisonError::into_inner);
        seen::remove(&self.0.folder).map_err(io("remove the note of", &self.0.folder))?;
        for name in self.tree_names()? {
            self.guard("clear", |db| db.drop_tree(&name))?;
        }
        self.guard("clear", |db| db.drop_tree(HEAD_TREE))?;
        self.flush()
    }

    /// Has sled write what it holds, so that the next start is quick.
    pub fn flush(&self) -> Result<(), ViewError> {
        self.guard("flush", |db| db.flush()).map(drop)
    }

    fn transact(&self, position: Option<Position>, part: &[Change]) -> Result<(), ViewError> {
        let folder = &self.0.folder;
        let names: BTreeSet<&str> = part.iter().map(|change| change.tree).collect();
        let names: Vec<&str> = names.into_iter().collect();
        let done = self.caught(|db| {
            let trees = names.iter().chain([&HEAD_TREE]).map(|name| db.open_tree(name));
            let trees = trees
                .collect::<sled::Result<Vec<sled::Tree>>>()
                .map_err(|error| ViewError::store("apply to", folder, error))?;
            trees.transaction(|trees| write_part(folder, (&names, trees), position, part)).map_err(
                |error| match error {
                    TransactionError::Abort(error) => error,
                    TransactionError::Storage(error) => ViewError::store("apply to", folder, error),
                },
            )
        });
        done?
    }

    fn head(&self) -> Result<Head, ViewError> {
        let row = self.guard("read", |db| db.open_tree(HEAD_TREE)?.get(HEAD_TREE))?;
        row.map_or(Ok(Head::default()), |row| decode_head(&self.0.folder, &row))
    }

    fn tally<E: From<ViewError>>(
        &self,
        name: &str,
        visit: &mut impl FnMut(&str, u64, &[u8]) -> Result<(), E>,
    ) -> Result<Tally, E> {
        let mut tally = Tally::default();
        let rows = self.guard("read", |db| Ok(db.open_tree(name)?.iter()))?;
        let mut rows = Rows::new(self.clone(), name, rows);
        while let Some((key, row)) = rows.next_row()? {
            tally.add(&row);
            visit(name, key, row::value(&row))?;
        }
        Ok(tally)
    }

    fn tree_names(&self) -> Result<Vec<String>, ViewError> {
        let names = self.guard("read", |db| Ok(db.tree_names()))?;
        let names = names.into_iter().filter(|it| *it != DEFAULT_TREE && *it != HEAD_TREE);
        names
            .map(|name| String::from_utf8(name.to_vec()))
            .collect::<Result<_, _>>()
            .map_err(|_| damaged(&self.0.folder, "a tree's name is not text"))
    }

    /// Calls into sled and sorts its errors.
    fn guard<T>(
        &self,
        doing: &'static str,
        call: impl FnOnce(&sled::Db) -> sled::Result<T>,
    ) -> Result<T, ViewError> {
        self.caught(call)?.map_err(|source| ViewError::store(doing, &self.0.folder, source))
    }

    /// Calls into sled; a panic there breaks the view for good.
    fn caught<T>(&self, call: impl FnOnce(&sled::Db) -> T) -> Result<T, ViewError> {
        let broken = || damaged(&self.0.folder, "the store has panicked");
        let db = self.0.db.as_ref().filter(|_| !self.0.is_broken.load(Ordering::Acquire));
        let db = db.ok_or_else(broken)?;
        catch_unwind(AssertUnwindSafe(|| call(db))).map_err(|_| {
            self.0.is_broken.store(true, Ordering::Release);
            broken()
        })
    }
}

impl std::fmt::Debug for View {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("View").field("folder", &self.0.folder).finish_non_exhaustive()
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.applying.get_mut().unwrap_or_else(PoisonError::into_inner).settle(&self.folder);
        let db = self.db.take();
        if catch_unwind(AssertUnwindSafe(|| drop(db))).is_err() {
            tracing::warn!("the view's store panicked when it was closed");
        }
    }
}

fn wrong_checksum(folder: &Path, tree: &str, key: u64) -> ViewError {
    damaged(folder, &format!("the checksum of {tree} {key} does not match"))
}

fn damaged(folder: &Path, what: &str) -> ViewError {
    ViewError::Damaged { folder: folder.to_owned(), what: what.to_owned() }
}

fn io(doing: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> ViewError {
    move |source| ViewError::Io { doing, path: path.to_owned(), source }
}

/// Opens a store. One that this process has just closed may hold its lock for a moment: sled lets
/// it go on a thread of its own.
fn opened(config: &sled::Config) -> sled::Result<sled::Db> {
    const TRIES_MAX: u32 = 50;
    const PAUSE: std::time::Duration = std::time::Duration::from_millis(20);
    for _ in 1..TRIES_MAX {
        match config.open() {
            Err(sled::Error::Io(error)) if error.to_string().contains("acquire lock") => {
                #[expect(clippy::disallowed_methods, reason = "sled tells nobody when it is done")]
                thread::sleep(PAUSE);
            }
            opened => return opened,
        }
    }
    config.open()
}
