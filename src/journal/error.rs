//! What can go wrong with a journal.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use uuid::Uuid;

use super::Seq;
use super::files::is_full;

/// Why the journal did not do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JournalError {
    /// The operating system refused.
    #[error("could not {doing} {path}", path = path.display())]
    Io {
        /// The attempt, as a verb.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The cause.
        #[source]
        source: io::Error,
    },
    /// Another process works on the folder.
    #[error(
        "another process has the journal in {folder} open; stop it first, or give this one \
         another data folder",
        folder = folder.display()
    )]
    Locked {
        /// The folder.
        folder: PathBuf,
    },
    /// There is no journal, and none may be made.
    #[error("there is no journal in {folder}; is the disk mounted?", folder = folder.display())]
    Missing {
        /// The folder.
        folder: PathBuf,
    },
    /// The folder has something in it already.
    #[error("{folder} is not empty, and nothing in it is overwritten", folder = folder.display())]
    Occupied {
        /// The folder.
        folder: PathBuf,
    },
    /// Records that were to be brought back are not those of a stream.
    #[error("record {seq} cannot be brought back: {what}")]
    Foreign {
        /// Its place, or the place where one is missing.
        seq: Seq,
        /// What is wrong.
        what: String,
    },
    /// A rewrite has begun to hold and is not at its end.
    #[error(
        "{folder} is being rewritten, or that was cut short; start the service once, or run \
         `skranke reindex`, which ends it, and try again",
        folder = folder.display()
    )]
    Unfinished {
        /// The folder.
        folder: PathBuf,
    },
    /// Synced bytes are lost or altered.
    #[error("the journal is damaged: {0}; `skranke verify` lists every place")]
    Damaged(Damage),
    /// A newer program wrote it.
    #[error(
        "the journal has format {found}, and this program reads up to format {known}: a newer \
         Skranke wrote it; run that version or a later one, nothing was changed"
    )]
    Newer {
        /// The format found.
        found: u16,
        /// The newest format that this program reads.
        known: u16,
    },
    /// The folder holds something else.
    #[error("{folder} holds the stream {found:?}, not {wanted:?}", folder = folder.display())]
    OtherStream {
        /// The folder.
        folder: PathBuf,
        /// The stream that it holds.
        found: String,
        /// The stream that was asked for.
        wanted: &'static str,
    },
    /// A batch without records.
    #[error("the batch {key} has no records")]
    Empty {
        /// The batch's key.
        key: Uuid,
    },
    /// A batch beyond a limit.
    #[error("the batch {key} has {found} {unit}, at most {max} are taken")]
    TooLarge {
        /// The batch's key.
        key: Uuid,
        /// What was counted.
        unit: &'static str,
        /// How many there are.
        found: usize,
        /// How many are taken.
        max: usize,
    },
    /// More is waiting than the journal takes; try again in a moment.
    #[error("the journal is busy: too many batches are waiting")]
    Busy,
    /// There is no room for the batch. Nothing of it was kept; once there is room, it can be
    /// sent again.
    #[error("the disk is full: {why}; make room, nothing need be started anew")]
    Full {
        /// What was tried, on which file.
        why: String,
    },
    /// The journal accepts no more.
    #[error("the journal has stopped: {why}")]
    Stopped {
        /// The first cause.
        why: String,
    },
    /// The key was used before with another body.
    #[error("the key {key} was used before for something else")]
    KeyReused {
        /// The key.
        key: Uuid,
    },
    /// Somebody else was first.
    #[error("{entity} is at version {current} by now")]
    Conflict {
        /// What was to be changed.
        entity: Uuid,
        /// Its version; 0 when it does not exist.
        current: u32,
    },
}

impl JournalError {
    /// Says what was being done when the operating system refused; fits `map_err`.
    pub(crate) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { doing, path: path.to_owned(), source }
    }

    /// Whether there was no room for a write.
    pub(crate) fn is_full(&self) -> bool {
        matches!(self, Self::Io { source, .. } if is_full(source))
    }

    /// The text with its causes, for a message that must stand alone.
    pub(crate) fn told(&self) -> String {
        let mut told = self.to_string();
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            told = format!("{told}: {error}");
            cause = error.source();
        }
        told
    }
}

/// One place where the journal does not hold what it held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// The file's name within the folder.
    pub segment: String,
    /// The first byte concerned.
    pub offset: u64,
    /// The first and last sequence lost, where that can be told.
    pub lost: Option<(Seq, Seq)>,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}: {}", self.segment, self.offset, self.what)?;
        match self.lost {
            Some((first, last)) if first == last => write!(f, " (record {first} is lost)"),
            Some((first, last)) => write!(f, " (records {first} to {last} are lost)"),
            None => Ok(()),
        }
    }
}
