//! The one truth: an append-only journal of records, durable before it answers.
//!
//! It carries bytes and headers and knows nothing of what they mean. The bytes on disk are
//! described in `files::layout`; what is checked at start in `files::survey`; what is promised in
//! `files::writer`.

mod error;
mod files;
#[cfg(test)]
mod tests;

use std::fmt;
use std::path::Path;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;
use uuid::Uuid;

use crate::durations::Durations;
pub use error::{Damage, JournalError};
pub(crate) use files::Disk;
#[cfg(test)]
pub(crate) use files::simulated;
pub use files::{
    BareRecord, Copied, Failed, FileJournal, Pending, Plan, Rewritten, Sink, VerifyReport,
};

/// The largest batch: bytes of payloads and record headers together.
pub const BATCH_BYTES_MAX: usize = 4 * 1024 * 1024;
/// The most records in a batch.
pub const BATCH_RECORDS_MAX: usize = 1_024;
/// Where a segment ends unless the options say otherwise.
pub const SEGMENT_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// A record's place in the order of everything, from 1, without holes.
pub type Seq = u64;

/// One history of a journal; restore and every rewrite begin another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Generation(pub [u8; 16]);

impl Generation {
    /// Begins a new history.
    pub fn random() -> Self {
        let mut bytes = [0_u8; 16];
        getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
        Self(bytes)
    }

    /// Reads the 32 hexadecimal digits that `Display` writes.
    pub fn parse(hex: &str) -> Option<Self> {
        let is_plain = hex.len() == 32 && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_plain
            .then(|| u128::from_str_radix(hex, 16).ok())
            .flatten()
            .map(|n| Self(n.to_be_bytes()))
    }
}

impl fmt::Display for Generation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

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
    /// When the batch was made, kept to the microsecond; told, never compared.
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

/// Which of the streams that share this code a folder holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// The records of the product.
    Journal,
    /// Bodies of pages, content-addressed and compressed.
    Pages,
    /// Short-lived things such as sessions, dropped after some weeks.
    Brief,
}

impl Stream {
    /// The stream's name in the manifest.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Journal => "journal",
            Self::Pages => "pages",
            Self::Brief => "brief",
        }
    }

    /// How long what a segment holds is kept for; none when it is kept for good.
    pub const fn kept_for(self) -> Option<SignedDuration> {
        match self {
            Self::Journal | Self::Pages => None,
            Self::Brief => Some(SignedDuration::from_hours(30 * 24)),
        }
    }

    /// The largest payload: a record is small, a page's body is not.
    pub const fn payload_bytes_max(self) -> usize {
        match self {
            Self::Journal | Self::Brief => 64 * 1024,
            Self::Pages => 2 * 1024 * 1024,
        }
    }
}

/// How a folder is opened.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// What the folder holds; another stream's folder is refused.
    pub stream: Stream,
    /// A segment that would grow past this is sealed and another begun.
    pub segment_bytes_max: u64,
    /// Whether an empty or missing folder becomes a new journal. Off where one must be there, so
    /// that a disk that was not mounted is not taken for a first start.
    pub create: bool,
}

impl Options {
    /// The usual options for `stream`.
    pub const fn new(stream: Stream) -> Self {
        Self { stream, segment_bytes_max: SEGMENT_BYTES_MAX, create: true }
    }
}

/// A journal that is open for reading and appending. Clones share it.
///
/// PostgreSQL joins as a second variant; callers use the methods here and never match.
#[derive(Clone, Debug)]
pub enum Journal {
    /// Segments in a folder of this machine.
    Files(FileJournal),
}

impl Journal {
    /// Opens the journal in `folder`, repairs a torn tail, and starts its writer.
    ///
    /// Reads every byte once. Blocks: call it before serving, or from a blocking thread.
    ///
    /// # Errors
    /// `Damaged` when a synced record is lost or altered: nothing is written then.
    pub fn open(folder: &Path, options: Options) -> Result<Self, JournalError> {
        FileJournal::open(folder, options).map(Self::Files)
    }

    /// Opens a journal on a simulated disk.
    #[cfg(test)]
    pub(crate) fn open_on(
        disk: Disk,
        folder: &Path,
        options: Options,
    ) -> Result<Self, JournalError> {
        FileJournal::open_on(disk, folder, options).map(Self::Files)
    }

    /// Appends and waits until the batch is synced. Panics inside async code: use [`Self::submit`].
    pub fn append(&self, batch: Batch) -> Result<Appended, JournalError> {
        self.submit(batch).wait()
    }

    /// Hands the batch to the writer; the answer comes once it is synced.
    ///
    /// Dropping the answer does not take the batch back.
    pub fn submit(&self, batch: Batch) -> Pending {
        match self {
            Self::Files(files) => files.submit(batch),
        }
    }

    /// How long heaps of records took to be written and synced.
    pub fn appends(&self) -> &Durations {
        match self {
            Self::Files(files) => files.appends(),
        }
    }

    /// Tells the history and the last synced record.
    pub fn position(&self) -> Position {
        match self {
            Self::Files(files) => files.position(),
        }
    }

    /// Tells an entity's version; none when it does not exist. Counts synced records only.
    pub fn version_of(&self, entity: Uuid) -> Option<u32> {
        match self {
            Self::Files(files) => files.version_of(entity),
        }
    }

    /// Tells where an entity's first record stands: the key of its row in a view, and the way
    /// to a page's body by the hash of its content.
    pub fn first_of(&self, entity: Uuid) -> Option<Seq> {
        match self {
            Self::Files(files) => files.first_of(entity),
        }
    }

    /// Reads up to `records_max` synced records after `after`, in order.
    ///
    /// An empty answer means that there are none yet. A batch may be cut between two calls.
    ///
    /// # Errors
    /// `Damaged` when the bytes no longer match their checksum.
    pub fn read(&self, after: Seq, records_max: usize) -> Result<Vec<Record>, JournalError> {
        match self {
            Self::Files(files) => files.read(after, records_max),
        }
    }

    /// Waits in a thread until a record after `seq` is synced; false when the time is up first.
    pub fn wait_past(&self, seq: Seq, timeout: Duration) -> bool {
        match self {
            Self::Files(files) => files.wait_past(seq, timeout),
        }
    }

    /// Watches the last synced sequence, for followers in async code.
    pub fn subscribe(&self) -> watch::Receiver<Seq> {
        match self {
            Self::Files(files) => files.subscribe(),
        }
    }

    /// Tells when the journal has failed; the process should then end and start anew.
    pub fn failed(&self) -> Failed {
        match self {
            Self::Files(files) => files.failed(),
        }
    }

    /// Writes and syncs what was submitted, then accepts no more. Reading goes on.
    ///
    /// Dropping the last clone does the same.
    pub fn close(&self) {
        match self {
            Self::Files(files) => files.close(),
        }
    }

    /// Reads every byte of the journal in `folder` and names every difference. Writes nothing
    /// and takes no lock, so it may run beside the service.
    pub fn verify(folder: &Path) -> Result<VerifyReport, JournalError> {
        files::verify(Disk::Real, folder)
    }

    /// Hands each record after `after` to `visit`, in order, until it answers false, and tells
    /// the first damage. What stands behind damage is not shown. Writes nothing and takes no
    /// lock.
    pub fn show(
        folder: &Path,
        after: Seq,
        visit: &mut dyn FnMut(Record) -> bool,
    ) -> Result<Option<Damage>, JournalError> {
        files::show(Disk::Real, folder, after, visit)
    }

    /// Hands the files of the stream in `folder` to `sink`, up to what is synced by now. Takes
    /// no lock, so it may run beside the service.
    ///
    /// # Errors
    /// `Damaged` when the bytes are not those that were written, `Unfinished` when the stream got
    /// another history meanwhile.
    pub fn copy(folder: &Path, sink: &mut Sink<'_>) -> Result<Copied, JournalError> {
        files::copy(folder, sink)
    }

    /// Shows every record of the stream in `folder`, which nobody may have open, with all that its
    /// header says, for an export that can be brought back.
    ///
    /// # Errors
    /// `Locked` while it is open, `Damaged` when it is not as it was written.
    pub fn read_bare(
        folder: &Path,
        visit: &mut dyn FnMut(BareRecord) -> Result<(), JournalError>,
    ) -> Result<(), JournalError> {
        files::read_bare(folder, visit)
    }

    /// Makes a stream in the empty `folder` from records that another journal had, each at its
    /// place, under a new history. Tells its position.
    ///
    /// # Errors
    /// `Occupied` unless the folder is empty, `Foreign` when the records are not those of a stream.
    pub fn write_bare(
        folder: &Path,
        options: Options,
        next: &mut dyn FnMut() -> Result<Option<BareRecord>, JournalError>,
    ) -> Result<Position, JournalError> {
        files::write_bare(folder, options, next)
    }

    /// Gives the stream in `folder`, which nobody may have open, a new history. A crash leaves
    /// the old history or the new one, each whole.
    ///
    /// # Errors
    /// `Locked` while it is open, `Damaged` when it is not as it was written.
    pub fn rewrite(folder: &Path, plan: Plan<'_>) -> Result<Rewritten, JournalError> {
        files::rewrite(folder, plan)
    }
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
