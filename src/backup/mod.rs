//! Copies of a data folder for the day it is lost: made while the service runs, checked, restored.
//!
//! A backup is a folder: the streams as they stand in the data folder, the list of erased ids, the
//! settings of the process, and `backup.json`, written last, with the SHA-256 of every file. If
//! there is a recipient, all but the ids and `backup.json` is encrypted. What records mean is not
//! known here.

mod check;
mod error;
mod make;
mod manifest;
mod rotate;
mod seal;
mod unpack;

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

pub use check::{Checked, check};
pub use error::BackupError;
pub use make::{Made, Wanted, copy_to, run, run_within};
pub use manifest::{FileEntry, LeftOut, MANIFEST, Manifest, StreamEntry};
pub use rotate::{kept, name_at, rotate};
pub use seal::{Identity, Recipient};
pub use unpack::{UNFINISHED, is_unfinished, settle, unpack};

/// The list of ids whose text was erased on request, in the data folder and in every backup.
pub const ERASED: &str = "erased.jsonl";
/// The settings of the process at the time of the backup.
pub const SETTINGS: &str = "settings.env";
/// The streams that a backup holds, in the order of copying: a record is copied before the
/// bodies that it may name, so that none is lacking.
const STREAMS: [&str; 2] = ["journal", "pages"];
/// How much is read at once.
const PIECE_BYTES: usize = 1024 * 1024;

fn io(doing: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> BackupError {
    let path = path.to_owned();
    move |source| BackupError::Io { doing, path, source }
}

/// Writes a new file, durably, and tells its length and SHA-256.
fn write(path: &Path, from: &mut dyn Read) -> std::io::Result<(u64, String)> {
    let mut file = File::create(path)?;
    let mut hash = Sha256::new();
    let mut bytes = 0;
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        let n = from.read(&mut piece)?;
        if n == 0 {
            break;
        }
        hash.update(&piece[..n]);
        file.write_all(&piece[..n])?;
        bytes += n as u64;
    }
    file.sync_all()?;
    Ok((bytes, hex(hash)))
}

/// Tells the length and SHA-256 of a file.
fn hash_of(path: &Path) -> std::io::Result<(u64, String)> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut bytes = 0;
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        let n = file.read(&mut piece)?;
        if n == 0 {
            return Ok((bytes, hex(hash)));
        }
        hash.update(&piece[..n]);
        bytes += n as u64;
    }
}

fn hex(hash: Sha256) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn sync_folder(folder: &Path) -> Result<(), BackupError> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    File::open(folder).and_then(|it| it.sync_all()).map_err(io("sync", folder))
}

/// The folder beside `path` in which work for it goes on.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

fn remove_folder(folder: &Path) -> Result<(), BackupError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(io("remove", folder)(error))
        }
        _ => Ok(()),
    }
}

/// All files below a folder, by their path within it, sorted.
fn files_below(folder: &Path) -> Result<Vec<String>, BackupError> {
    let mut found = vec![];
    let mut folders = vec![PathBuf::new()];
    while let Some(within) = folders.pop() {
        let path = folder.join(&within);
        for entry in fs::read_dir(&path).map_err(io("list", &path))? {
            let entry = entry.map_err(io("list", &path))?;
            let within = within.join(entry.file_name());
            // A link is a file of its own here: it is never followed.
            match entry.file_type().map_err(io("list", &path))?.is_dir() {
                true => folders.push(within),
                false => found.push(within.to_string_lossy().into_owned()),
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Refuses a folder on whose disk there is no room for so many bytes.
fn assure_space(folder: &Path, wanted: u64) -> Result<(), BackupError> {
    /// Left free for whoever else writes there.
    const SPARE_BYTES: u64 = 16 * 1024 * 1024;
    let there = folder.ancestors().find(|it| it.exists()).unwrap_or(Path::new("."));
    let status = rustix::fs::statvfs(there)
        .map_err(|error| io("ask for the free space of", there)(error.into()))?;
    let free = status.f_bavail.saturating_mul(status.f_frsize);
    let wanted = wanted.saturating_add(SPARE_BYTES);
    match wanted <= free {
        true => Ok(()),
        false => Err(BackupError::NoSpace { folder: folder.to_owned(), wanted, free }),
    }
}
