//! What can go wrong with keeping, each with what to do.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::app::AppError;
use crate::backup::BackupError;
use crate::journal::{JournalError, Seq};
use crate::record::RecordError;

/// Why something was not backed up, restored, erased or retained.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeepError {
    /// A backup could not be made or used.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// The journal does not do what was asked.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// A record cannot be read.
    #[error("could not read a record of the journal")]
    Record(#[from] RecordError),
    /// The rows of a data folder cannot be read.
    #[error("could not read the restored data")]
    Rows(#[from] Box<AppError>),
    /// The operating system refused.
    #[error("could not {doing} {path}", path = path.display())]
    Io {
        /// The attempt, as a verb.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The cause.
        #[source]
        source: std::io::Error,
    },
    /// A restore of this data folder was cut short.
    #[error(
        "a restore into {data} was cut short, so it is no data folder yet; run `skranke restore` \
         again, which begins anew",
        data = data.display()
    )]
    HalfRestored {
        /// The folder.
        data: PathBuf,
    },
    /// A list of wishes or of erased ids cannot be read.
    #[error("{path}, line {line}: {what}", path = path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        what: String,
    },
    /// There is no such inquiry.
    #[error("there is no inquiry {id}; `skranke export` lists all of them by id")]
    NoInquiry {
        /// As it was given.
        id: String,
    },
    /// The clock does not fit the records.
    #[error(
        "the clock says {now}, and the newest record {seq} is of {newest}: more than a day apart, \
         so nothing is deleted; set the clock right, or say `--clock-is-right` when it is"
    )]
    Clock {
        /// The clock.
        now: Timestamp,
        /// The newest record.
        seq: Seq,
        /// Its time.
        newest: Timestamp,
    },
    /// The point to restore is not in the backup.
    #[error("the backup ends at record {last}, so there is no record {wanted} to restore up to")]
    Beyond {
        /// The last record of the backup.
        last: Seq,
        /// What was asked for.
        wanted: Seq,
    },
    /// No folder for backups is set.
    #[error("no folder for backups is set; set SKRANKE_BACKUP_FOLDER")]
    NoFolder,
    /// There is no scheduled backup yet.
    #[error("there is no whole backup in {folder} yet", folder = folder.display())]
    NoBackup {
        /// The folder.
        folder: PathBuf,
    },
    /// The restored data is not what was kept.
    #[error(
        "the backup {backup} does not restore to what is kept: {what}; keep it, run \
         `skranke verify`, and make another",
        backup = backup.display()
    )]
    Different {
        /// The backup.
        backup: PathBuf,
        /// What differs.
        what: String,
    },
}

impl From<AppError> for KeepError {
    fn from(error: AppError) -> Self {
        Self::Rows(Box::new(error))
    }
}

pub(super) fn io(doing: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> KeepError {
    let path = path.to_owned();
    move |source| KeepError::Io { doing, path, source }
}
