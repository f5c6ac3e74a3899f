//! The scheduled backup: made, read back, copied to a second folder, the oldest removed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::KeepError;
use crate::backup::{self, BackupError, Recipient, Wanted};
use crate::journal::Seq;

/// Where backups go and how many stay.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BackUp {
    /// The folder of scheduled backups; none when they are not wanted.
    pub folder: Option<PathBuf>,
    /// A second folder, best on another disk.
    pub also: Option<PathBuf>,
    /// So many stay in each.
    pub keep: usize,
    /// Whom they are encrypted to; none leaves them readable.
    pub recipient: Option<Recipient>,
    /// The settings of the process, for whoever sets it up anew.
    pub settings: BTreeMap<String, String>,
}

/// A backup that was made and read back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackedUp {
    /// Where it is: one folder, or two.
    pub folders: Vec<PathBuf>,
    /// The last record in it.
    pub last: Seq,
    /// How many bytes.
    pub bytes: u64,
    /// Older ones that were removed.
    pub removed: Vec<PathBuf>,
}

/// Makes a backup under a name of its own in each folder that is set. Blocks.
///
/// # Errors
/// Nothing is removed unless the new one is whole and was read back.
pub fn back_up(data: &Path, wanted: &BackUp, now: Timestamp) -> Result<BackedUp, KeepError> {
    let folder = wanted.folder.as_ref().ok_or(KeepError::NoFolder)?;
    let name = backup::name_at(now);
    let to = folder.join(&name);
    let (settings, recipient) = (&wanted.settings, wanted.recipient.as_ref());
    let made = backup::run(Wanted { data, to: &to, settings, recipient, now })?;
    read_back(&to)?;
    let mut removed = backup::rotate(folder, wanted.keep)?;
    let mut folders = vec![to.clone()];
    if let Some(also) = &wanted.also {
        let second = also.join(&name);
        backup::copy_to(&to, &second)?;
        read_back(&second)?;
        removed.extend(backup::rotate(also, wanted.keep)?);
        folders.push(second);
    }
    Ok(BackedUp { folders, last: made.last, bytes: made.bytes, removed })
}

/// Reads every byte of a backup.
pub(super) fn read_back(folder: &Path) -> Result<(), KeepError> {
    let differences = backup::check(folder)?.differences;
    match differences.is_empty() {
        true => Ok(()),
        false => Err(BackupError::Altered { folder: folder.to_owned(), differences }.into()),
    }
}
