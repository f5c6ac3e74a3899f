//! Bringing the files of a backup into an empty data folder.
//!
//! They are put into `restoring/` within it, where they may still be changed; `settle` moves them
//! to their places, the journal last. While `restoring/` is there, no service opens the folder.

use std::fs;
use std::path::Path;

use super::seal::{SEALED, unseal};
use super::{
    BackupError, Identity, Manifest, STREAMS, assure_space, check, io, remove_folder, sync_folder,
    write,
};
use crate::failpoint;

/// The folder within a data folder in which a restore works.
pub const UNFINISHED: &str = "restoring";

/// Whether a restore of this data folder was cut short.
pub fn is_unfinished(data: &Path) -> bool {
    data.join(UNFINISHED).exists()
}

/// Checks a backup and copies its files, decrypted, into `restoring/` of an empty data folder.
///
/// # Errors
/// `Occupied` when there is anything else in the folder: nothing is overwritten, ever.
pub fn unpack(
    from: &Path,
    data: &Path,
    identity: Option<&Identity>,
) -> Result<Manifest, BackupError> {
    let checked = check(from)?;
    if !checked.differences.is_empty() {
        let (folder, differences) = (from.to_owned(), checked.differences);
        return Err(BackupError::Altered { folder, differences });
    }
    let manifest = checked.manifest;
    if let (Some(recipient), None) = (&manifest.encrypted_to, identity) {
        let (folder, recipient) = (from.to_owned(), recipient.clone());
        return Err(BackupError::Sealed { folder, recipient });
    }
    let unfinished = data.join(UNFINISHED);
    if is_unfinished(data) {
        // All in the folder is of the restore that was cut short; the folder itself goes last.
        let moved = STREAMS.into_iter().chain(manifest.beside());
        moved.map(|it| data.join(it)).try_for_each(|it| remove_any(&it))?;
        remove_folder(&unfinished)?;
    }
    let is_occupied = fs::read_dir(data).is_ok_and(|mut it| it.next().is_some());
    if is_occupied {
        return Err(BackupError::Occupied { folder: data.to_owned() });
    }
    assure_space(data, manifest.files.iter().map(|it| it.bytes).sum())?;
    for folder in STREAMS.iter().map(|it| unfinished.join(it)) {
        fs::create_dir_all(&folder).map_err(io("create", &folder))?;
    }
    sync_folder(data)?;
    for entry in &manifest.files {
        let plain = entry.path.strip_suffix(SEALED).unwrap_or(&entry.path);
        let (source, target) = (from.join(&entry.path), unfinished.join(plain));
        let mut file = fs::File::open(&source).map_err(io("open", &source))?;
        let written = match identity.filter(|_| entry.path.ends_with(SEALED)) {
            Some(identity) => {
                let mut file = unseal(file, identity).map_err(io("decrypt", &source))?;
                write(&target, &mut file).map_err(io("decrypt", &source))?;
                None
            }
            None => Some(write(&target, &mut file).map_err(io("write", &target))?),
        };
        failpoint::reached("restore-file");
        if written.is_some_and(|it| it != (entry.bytes, entry.sha256.clone())) {
            let differences = vec![format!("{} changed while it was read", entry.path)];
            return Err(BackupError::Altered { folder: from.to_owned(), differences });
        }
    }
    Ok(manifest)
}

/// Moves what `unpack` brought to its place: from now on it is a data folder.
///
/// `beside` are the names of the files beside the streams.
pub fn settle(data: &Path, beside: &[&str]) -> Result<(), BackupError> {
    let unfinished = data.join(UNFINISHED);
    for stream in STREAMS {
        // A page store that the backup did not have is made by the next start.
        let folder = unfinished.join(stream);
        if fs::read_dir(&folder).is_ok_and(|mut it| it.next().is_none()) {
            remove_folder(&folder)?;
        }
    }
    for name in beside.iter().chain(STREAMS.iter().rev()) {
        let source = unfinished.join(name);
        if source.exists() {
            fs::rename(&source, data.join(name)).map_err(io("rename", &source))?;
            failpoint::reached("restore-moved");
        }
    }
    sync_folder(&unfinished)?;
    sync_folder(data)?;
    failpoint::reached("restore-before-end");
    remove_folder(&unfinished)?;
    sync_folder(data)
}

fn remove_any(path: &Path) -> Result<(), BackupError> {
    match fs::symlink_metadata(path) {
        Ok(meta) if meta.is_dir() => remove_folder(path),
        Ok(_) => fs::remove_file(path).map_err(io("remove", path)),
        Err(_) => Ok(()),
    }
}

impl Manifest {
    /// The names of the files beside the streams.
    pub fn beside(&self) -> Vec<&str> {
        let names = self.files.iter().map(|it| it.path.as_str()).filter(|it| !it.contains('/'));
        names.map(|it| it.strip_suffix(SEALED).unwrap_or(it)).collect()
    }
}
