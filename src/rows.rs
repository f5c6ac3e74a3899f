//! Rows: what an entity has become after all that happened to it, and tables of them in memory.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::journal::{Record, Seq};
use crate::record::{Event, RecordError, decode};

/// The part of a record that a fold may use beside the event.
#[derive(Clone, Copy, Debug)]
pub struct Head {
    /// The record's place.
    pub seq: Seq,
    /// When it was made, as told.
    pub at: Timestamp,
}

/// One kind of entity as a pure fold of its events.
pub trait Row: Serialize + DeserializeOwned + Clone + Send + Sync + 'static {
    /// What can happen to it.
    type Event: Event;

    /// What `old` becomes by `event`. Total: an event that does not fit changes nothing.
    fn fold(old: Option<Self>, event: Self::Event, head: Head) -> Option<Self>;
}

/// A row with what the journal knows of its entity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored<R> {
    /// The place of its first record: its key in the view.
    pub first: Seq,
    /// The place of the last record folded in.
    pub last: Seq,
    /// The entity.
    pub id: Uuid,
    /// The entity's version, for the next change to expect.
    pub version: u32,
    /// The row itself.
    pub row: R,
}

impl<R: Row> Stored<R> {
    /// Folds `record` into `old`. `None` means that nothing is to be kept or changed, as when
    /// the record was folded in before.
    pub fn after(old: Option<&Self>, record: &Record) -> Result<Option<Self>, RecordError> {
        if old.is_some_and(|old| record.seq <= old.last) {
            return Ok(None);
        }
        let event = decode::<R::Event>(record)?;
        let head = Head { seq: record.seq, at: record.at };
        let row = R::fold(old.map(|old| old.row.clone()), event, head);
        Ok(row.map(|row| Self {
            first: old.map_or(record.seq, |old| old.first),
            last: record.seq,
            id: record.entity,
            version: record.version,
            row,
        }))
    }

    /// The bytes that the view keeps.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("rows are plain data with string keys")
    }

    /// Reads what the view kept.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(bytes)
    }
}

/// All rows of one kind, in memory, by first sequence. Clones share the rows.
pub struct Table<R> {
    rows: Arc<RwLock<Rows<R>>>,
}

/// The rows and where each entity stands among them.
pub struct Rows<R> {
    by_seq: BTreeMap<Seq, Arc<Stored<R>>>,
    by_id: HashMap<Uuid, Seq>,
    turn: u64,
}

impl<R> Clone for Table<R> {
    fn clone(&self) -> Self {
        Self { rows: Arc::clone(&self.rows) }
    }
}

impl<R> Default for Table<R> {
    fn default() -> Self {
        Self { rows: Arc::default() }
    }
}

impl<R> Default for Rows<R> {
    fn default() -> Self {
        Self { by_seq: BTreeMap::new(), by_id: HashMap::new(), turn: 0 }
    }
}

impl<R: Row> Table<R> {
    /// Looks an entity up.
    pub fn get(&self, id: Uuid) -> Option<Arc<Stored<R>>> {
        self.read().get(id)
    }

    /// All rows in the order of their making.
    pub fn all(&self) -> Vec<Arc<Stored<R>>> {
        self.read().by_seq.values().cloned().collect()
    }

    /// Holds the table still for a look at several rows; keep it short.
    pub fn read(&self) -> RwLockReadGuard<'_, Rows<R>> {
        self.rows.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a row in its place.
    pub fn put(&self, stored: Stored<R>) {
        let mut rows = self.rows.write().unwrap_or_else(PoisonError::into_inner);
        rows.turn += 1;
        rows.by_id.insert(stored.id, stored.first);
        rows.by_seq.insert(stored.first, Arc::new(stored));
    }

    /// Takes over the rows of `other`.
    pub fn adopt(&self, other: &Self) {
        let mut theirs = other.rows.write().unwrap_or_else(PoisonError::into_inner);
        let mut rows = std::mem::take(&mut *theirs);
        drop(theirs);
        let mut own = self.rows.write().unwrap_or_else(PoisonError::into_inner);
        rows.turn += own.turn + 1;
        *own = rows;
    }
}

impl<R> Rows<R> {
    /// Looks an entity up.
    pub fn get(&self, id: Uuid) -> Option<Arc<Stored<R>>> {
        self.by_seq.get(self.by_id.get(&id)?).cloned()
    }

    /// Looks an entity up by the place of its first record.
    pub fn at(&self, first: Seq) -> Option<Arc<Stored<R>>> {
        self.by_seq.get(&first).cloned()
    }

    /// Another number for every state that the table has been in since the start: what was made
    /// of it holds as long as this does.
    pub fn turn(&self) -> u64 {
        self.turn
    }

    /// How many rows were added since the table had this turn and so many rows; none when anything
    /// else was done to it.
    pub fn added_since(&self, turn: u64, rows: usize) -> Option<usize> {
        let added = self.len().checked_sub(rows)?;
        let is_all = self.turn.checked_sub(turn)? == u64::try_from(added).ok()?;
        is_all.then_some(added)
    }

    /// The rows in the order of their making.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Arc<Stored<R>>> {
        self.by_seq.values()
    }

    /// The keys in `part`.
    pub fn keys(&self, part: Range<Seq>) -> impl Iterator<Item = Seq> {
        self.by_seq.range(part).map(|it| *it.0)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.by_seq.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.by_seq.is_empty()
    }
}
