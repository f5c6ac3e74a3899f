//! What can go wrong with a backup, each with what to do.

use std::path::PathBuf;

use crate::journal::JournalError;

/// Why a backup was not made, is not good, or cannot be restored.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BackupError {
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
    /// A stream cannot be read or written.
    #[error("could not use the records")]
    Journal(#[from] JournalError),
    /// There is nothing to back up.
    #[error("there is no data in {folder}", folder = folder.display())]
    NoData {
        /// The folder.
        folder: PathBuf,
    },
    /// The target is in use.
    #[error(
        "{folder} is not empty, and nothing in it is overwritten; name a new or an empty folder",
        folder = folder.display()
    )]
    Occupied {
        /// The folder.
        folder: PathBuf,
    },
    /// The target would be lost with the data.
    #[error(
        "{folder} lies within the data folder and would be lost with it; name one outside, best \
         on another disk",
        folder = folder.display()
    )]
    Inside {
        /// The folder.
        folder: PathBuf,
    },
    /// The target's disk is too full.
    #[error(
        "{folder} has {free} bytes free and needs {wanted}; make room or name another folder",
        folder = folder.display()
    )]
    NoSpace {
        /// The folder.
        folder: PathBuf,
        /// The bytes needed.
        wanted: u64,
        /// The bytes free.
        free: u64,
    },
    /// It has no `backup.json`, which is written last.
    #[error(
        "there is no whole backup in {folder}: backup.json is missing; it was cut short, or this \
         is another folder",
        folder = folder.display()
    )]
    NoBackup {
        /// The folder.
        folder: PathBuf,
    },
    /// Its `backup.json` is not as it was written.
    #[error("{path} cannot be read: {what}; take another backup", path = path.display())]
    BadManifest {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// The file with the secret key is none.
    #[error(
        "{path} holds no secret key of age, as AGE-SECRET-KEY-1...; name the file that age-keygen \
         wrote",
        path = path.display()
    )]
    BadIdentity {
        /// The file.
        path: PathBuf,
    },
    /// It is encrypted and there is no key.
    #[error(
        "the backup in {folder} is encrypted to {recipient}; name the file with its secret key by \
         `--identity FILE`",
        folder = folder.display()
    )]
    Sealed {
        /// The folder.
        folder: PathBuf,
        /// Whom it is encrypted to.
        recipient: String,
    },
    /// A newer program made it.
    #[error(
        "the backup in {folder} has format {found} (Skranke {version}), and this program reads up \
         to format {known}: restore it with Skranke {version} or a later one",
        folder = folder.display()
    )]
    Newer {
        /// The folder.
        folder: PathBuf,
        /// The format found.
        found: u64,
        /// The newest format that this program reads.
        known: u16,
        /// The program that made it, as it said.
        version: String,
    },
    /// Its files are not those that were written.
    #[error(
        "the backup in {folder} is not whole: {first}{more}; take another backup, nothing was \
         changed",
        folder = folder.display(),
        first = .differences.first().map_or("", String::as_str),
        more = match .differences.len() {
            0 | 1 => String::new(),
            n => format!(" (and {} more)", n - 1),
        }
    )]
    Altered {
        /// The folder.
        folder: PathBuf,
        /// Each difference, in a sentence.
        differences: Vec<String>,
    },
}
