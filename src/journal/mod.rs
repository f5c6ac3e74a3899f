//! The one truth: an append-only journal of records, durable before it answers.
//!
//! It carries bytes and headers and knows nothing of what they mean.

use jiff::Timestamp;
use uuid::Uuid;

/// A record's place in the order of everything, from 1, without holes.
pub type Seq = u64;

/// One history of a journal; restore and every rewrite begin another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Generation(pub [u8; 16]);

/// How far a reader has come in which history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The history.
    pub generation: Generation,
    /// The last record read; 0 before the first.
    pub seq: Seq,
}

/// A record to be appended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRecord {
    /// Which kind of entity it is about; the number is for the writer to define.
    pub kind: u16,
    /// The version of the payload's form within its kind.
    pub kind_version: u16,
    /// What it is about.
    pub entity: Uuid,
    /// JSON, as the kind's owner writes it.
    pub payload: Vec<u8>,
}

/// Records that are written together or not at all.
#[derive(Clone, Debug)]
pub struct Batch {
    /// Names the wish, so that a repeat adds nothing. A creation uses the new entity's id.
    pub key: Uuid,
    /// Tells one body under a key from another.
    pub body_hash: u64,
    /// When the batch was made; told, never compared.
    pub at: Timestamp,
    /// Versions that must still be current.
    pub expect: Vec<Expect>,
    /// The records, at least one.
    pub records: Vec<NewRecord>,
}

/// An entity and the version that the writer has seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expect {
    /// The entity.
    pub entity: Uuid,
    /// Its version; 0 when it must not exist yet.
    pub version: u32,
}

/// A record as it stands in the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its place.
    pub seq: Seq,
    /// When it was made, as told.
    pub at: Timestamp,
    /// Its kind.
    pub kind: u16,
    /// The version of its payload's form.
    pub kind_version: u16,
    /// What it is about.
    pub entity: Uuid,
    /// The entity's version after this record, from 1.
    pub version: u32,
    /// The key of its batch.
    pub key: Uuid,
    /// JSON.
    pub payload: Vec<u8>,
}

/// What became of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Appended {
    /// It is written and synced.
    Written {
        /// The first record's place.
        first: Seq,
        /// The last record's place.
        last: Seq,
    },
    /// The same batch was written before, and is synced.
    Duplicate {
        /// Where the first writing begins.
        first: Seq,
    },
}

impl Appended {
    /// The place of the last record that is now known to be kept.
    pub const fn last(self) -> Seq {
        match self {
            Self::Written { last, .. } => last,
            Self::Duplicate { first } => first,
        }
    }
}
