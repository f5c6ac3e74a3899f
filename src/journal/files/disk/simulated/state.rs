//! What the simulated disk knows: files, names, and what is planned.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use super::inode::Inode;
use super::{Call, Chance, Fault};

#[derive(Debug)]
pub(super) struct State {
    pub(super) chance: Chance,
    pub(super) inodes: Vec<Inode>,
    /// What a running program sees.
    pub(super) names: BTreeMap<PathBuf, Entry>,
    /// What would be left without power.
    pub(super) durable: BTreeMap<PathBuf, Entry>,
    pub(super) unsynced: Vec<NameChange>,
    pub(super) locked: BTreeSet<PathBuf>,
    /// Counts the starts of the machine.
    pub(super) start: u64,
    pub(super) is_off: bool,
    pub(super) faults: BTreeMap<u64, Fault>,
    pub(super) calls: Vec<(Call, PathBuf)>,
    pub(super) trace: crc32fast::Hasher,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    Folder,
    File(usize),
}

#[derive(Clone, Debug)]
pub(super) enum NameChange {
    Add(PathBuf, Entry),
    /// From, to, and what was moved: a move may outlive the making of the name.
    Move(PathBuf, PathBuf, Entry),
    Remove(PathBuf),
}

impl NameChange {
    pub(super) fn folder(&self) -> Option<&Path> {
        match self {
            Self::Add(path, _) | Self::Move(path, ..) | Self::Remove(path) => path.parent(),
        }
    }

    pub(super) fn apply(self, names: &mut BTreeMap<PathBuf, Entry>) {
        match self {
            Self::Add(path, entry) => drop(names.insert(path, entry)),
            Self::Remove(path) => drop(names.remove(&path)),
            Self::Move(from, to, moved) => {
                names.remove(&from);
                names.insert(to, moved);
            }
        }
    }
}

/// How much of a read or a write is done.
#[derive(Clone, Copy, Debug)]
pub(super) enum Share {
    Whole,
    Half,
}

impl Share {
    pub(super) const fn of(self, n: usize) -> usize {
        match self {
            Self::Whole => n,
            Self::Half => n.div_ceil(2),
        }
    }
}

impl State {
    /// Notes a call and does what was planned for it.
    pub(super) fn call(&mut self, call: Call, path: &Path, bytes: &[u8]) -> io::Result<Share> {
        if self.is_off {
            return Err(off());
        }
        let number = self.calls.len() as u64;
        self.trace.update(&[call as u8]);
        self.trace.update(path.as_os_str().as_encoded_bytes());
        self.trace.update(bytes);
        self.calls.push((call, path.to_owned()));
        match self.faults.remove(&number) {
            None => Ok(Share::Whole),
            Some(Fault::Short) => Ok(Share::Half),
            Some(Fault::Errno(number)) => Err(io::Error::from_raw_os_error(number)),
            Some(Fault::Off) => {
                self.is_off = true;
                Err(off())
            }
        }
    }

    pub(super) fn file(&self, path: &Path) -> io::Result<usize> {
        match self.names.get(path) {
            Some(Entry::File(file)) => Ok(*file),
            Some(Entry::Folder) => Err(io::ErrorKind::IsADirectory.into()),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    pub(super) fn add_file(&mut self, path: &Path) -> io::Result<usize> {
        self.inodes.push(Inode::default());
        let file = self.inodes.len() - 1;
        self.change(NameChange::Add(path.to_owned(), Entry::File(file)))?;
        Ok(file)
    }

    pub(super) fn change(&mut self, change: NameChange) -> io::Result<()> {
        let folder = change.folder().map(Path::to_owned).unwrap_or_default();
        if self.names.get(&folder) != Some(&Entry::Folder) {
            return Err(io::ErrorKind::NotFound.into());
        }
        self.unsynced.push(change.clone());
        change.apply(&mut self.names);
        Ok(())
    }

    pub(super) fn restart(&mut self) {
        self.start += 1;
        self.is_off = false;
        self.faults.clear();
        self.locked.clear();
    }
}

const OFF: &str = "the machine is off";

pub(super) fn off() -> io::Error {
    io::Error::other(OFF)
}

pub(super) fn is_off(error: &io::Error) -> bool {
    error.get_ref().is_some_and(|it| it.to_string() == OFF)
}

/// Whether a call has its effect: it succeeded, or the machine went off in its midst.
pub(super) fn happens<T>(call: &io::Result<T>) -> bool {
    call.as_ref().err().is_none_or(is_off)
}
