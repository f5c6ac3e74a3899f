//! Whole streams: copied while they grow, and rewritten under a new history.

mod bare;
mod copy;
mod rewrite;
#[cfg(test)]
mod tests;

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use super::disk::{Disk, DiskFile};
use super::manifest::Manifest;
use crate::journal::JournalError;
pub use bare::BareRecord;
pub(crate) use bare::{read_bare, write_bare};
pub(crate) use copy::copy;
pub use copy::{Copied, Sink};
pub(crate) use rewrite::rewrite;
pub use rewrite::{Plan, Rewritten};
pub(super) use rewrite::{assure_finished, finish};

/// Holds a stream that nobody has open, with a rewrite that was cut short at its end, for as long
/// as the lock lives.
fn held(folder: &Path) -> Result<(DiskFile, Manifest), JournalError> {
    let disk = Disk::Real;
    let missing = || JournalError::Missing { folder: folder.to_owned() };
    if !disk.is_folder(folder) {
        return Err(missing());
    }
    let path = folder.join("lock");
    let lock = disk
        .lock(&path)
        .map_err(JournalError::io("lock", &path))?
        .ok_or_else(|| JournalError::Locked { folder: folder.to_owned() })?;
    finish(disk, folder)?;
    Ok((lock, Manifest::load(disk, folder)?.ok_or_else(missing)?))
}

/// Writes a new file durably.
fn write_new(path: &Path, bytes: &[u8]) -> Result<(), JournalError> {
    let mut file = File::create(path).map_err(JournalError::io("create", path))?;
    file.write_all(bytes).map_err(JournalError::io("write", path))?;
    file.sync_all().map_err(JournalError::io("sync", path))
}

fn sync_folder(folder: &Path) -> Result<(), JournalError> {
    let synced = File::open(folder).and_then(|it| it.sync_all());
    synced.map_err(JournalError::io("sync", folder))
}

fn remove(path: &Path) -> Result<(), JournalError> {
    fs::remove_file(path).map_err(JournalError::io("remove", path))
}
