//! What is wished to be erased, written down until it is done, and the ids that were.
//!
//! `wishes.jsonl` in the data folder holds a line for each wish, appended and synced before
//! anybody is told; the service begins again to carry it out. What can wait for the night is in
//! `wishes-tonight.jsonl` until then. `erased.jsonl` holds a line for each erased id; backups
//! carry it along, and a restore applies it.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::KeepError;
use super::error::io;
use crate::backup::ERASED;
use crate::id::Id;
use crate::inquiry::Inquiry;

const WISHES: &str = "wishes.jsonl";
const TONIGHT: &str = "wishes-tonight.jsonl";

/// Something to be erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "wish")]
pub enum Wish {
    /// The words of one inquiry, on somebody's request.
    Erase {
        /// The inquiry.
        id: Id<Inquiry>,
        /// When it was wished.
        at: Timestamp,
    },
    /// What one inquiry said before its words were masked.
    Mask {
        /// The inquiry.
        id: Id<Inquiry>,
        /// When it was wished.
        at: Timestamp,
    },
    /// Whatever the organisation's retention no longer allows.
    Retain {
        /// When it was wished.
        at: Timestamp,
        /// Whether somebody said that the clock is right.
        clock_is_right: bool,
    },
}

/// A line of the list of erased ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct ErasedLine {
    id: Id<Inquiry>,
    at: Timestamp,
}

impl Wish {
    /// Writes the wish down, durably.
    pub fn append(&self, data: &Path) -> Result<(), KeepError> {
        append(&data.join(WISHES), &[self])
    }

    /// Writes it down for the night, durably: nobody's work is interrupted for it by day.
    pub fn append_for_tonight(&self, data: &Path) -> Result<(), KeepError> {
        let _turn = tonight();
        append(&data.join(TONIGHT), &[self])
    }

    /// Brings up what was written down for the night. A crash in between wishes it twice.
    pub fn bring_up(data: &Path) -> Result<(), KeepError> {
        let _turn = tonight();
        append(&data.join(WISHES), &lines::<Self>(&data.join(TONIGHT))?)?;
        remove(&data.join(TONIGHT))
    }

    /// Reads the wishes of a data folder.
    pub(super) fn read(data: &Path) -> Result<Vec<Self>, KeepError> {
        let mut wishes = lines(&data.join(WISHES))?;
        wishes.extend(lines::<Self>(&data.join(TONIGHT))?);
        Ok(wishes)
    }

    /// Strikes the wishes out; they are done.
    pub(super) fn strike_out(data: &Path) -> Result<(), KeepError> {
        remove(&data.join(WISHES))?;
        remove(&data.join(TONIGHT))?;
        sync_folder(data)
    }
}

/// The length of the list of wishes; it grows with each and is gone when all are carried out.
pub fn wished_bytes(data: &Path) -> u64 {
    fs::metadata(data.join(WISHES)).map_or(0, |it| it.len())
}

/// Reads the erased ids of a file.
pub(super) fn erased_in(path: &Path) -> Result<BTreeSet<Id<Inquiry>>, KeepError> {
    Ok(lines::<ErasedLine>(path)?.into_iter().map(|it| it.id).collect())
}

/// Adds ids to the list of a data folder; each stands there once.
pub(super) fn add_erased(
    data: &Path,
    ids: &BTreeSet<Id<Inquiry>>,
    at: Timestamp,
) -> Result<(), KeepError> {
    let path = data.join(ERASED);
    let known = erased_in(&path)?;
    let new = ids.difference(&known).map(|it| ErasedLine { id: *it, at });
    append(&path, &new.collect::<Vec<_>>())
}

fn append(path: &Path, added: &[impl Serialize]) -> Result<(), KeepError> {
    if added.is_empty() {
        return Ok(());
    }
    let mut bytes = vec![];
    for it in added {
        serde_json::to_writer(&mut bytes, it).expect("plain fields become JSON");
        bytes.push(b'\n');
    }
    let mut file =
        OpenOptions::new().append(true).create(true).open(path).map_err(io("open", path))?;
    // A line that was cut short by a crash must not swallow this one.
    let is_cut = !fs::read(path).map_err(io("read", path))?.ends_with(b"\n");
    if is_cut && 0 < file.metadata().map_err(io("read", path))?.len() {
        bytes.insert(0, b'\n');
    }
    file.write_all(&bytes).map_err(io("write", path))?;
    file.sync_all().map_err(io("sync", path))?;
    sync_folder(path.parent().unwrap_or(Path::new(".")))
}

/// One at a time: a wish that is added while the list is brought up would go with the list.
fn tonight() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn remove(path: &Path) -> Result<(), KeepError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(io("remove", path)(error))
        }
        _ => Ok(()),
    }
}

/// Reads lines of JSON. A last line without its end was never acknowledged.
fn lines<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>, KeepError> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(vec![]),
        Err(error) => return Err(io("read", path)(error)),
    };
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    let numbered = whole.lines().enumerate().filter(|(_, line)| !line.is_empty());
    numbered
        .map(|(at, line)| {
            serde_json::from_str(line).map_err(|error| {
                let (path, what) = (path.to_owned(), error.to_string());
                KeepError::Line { path, line: at + 1, what }
            })
        })
        .collect()
}

fn sync_folder(folder: &Path) -> Result<(), KeepError> {
    File::open(folder).and_then(|it| it.sync_all()).map_err(io("sync", folder))
}
