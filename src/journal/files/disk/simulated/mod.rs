//! A disk in memory that forgets what was not synced, tears what was written, and fails on call.
//!
//! It keeps what a running program sees and what would be left without power, apart for the
//! bytes of each file and for the names in each folder. All chance comes from one seed, so the
//! same seed and the same calls give the same run.

mod chance;
mod handle;
mod inode;
mod state;

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

pub(crate) use chance::{Chance, seeds};
pub(crate) use handle::Handle;
use inode::Inode;
use state::{Entry, NameChange, State, happens, off};

use crate::journal::Generation;

/// What happens at one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The machine stops in the midst of the call, and every later call fails.
    Off,
    /// The call fails with this number of the operating system.
    Errno(i32),
    /// A read or a write does half of it.
    Short,
}

/// Which call it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Call {
    Open,
    Create,
    Rename,
    Remove,
    MakeFolder,
    List,
    SyncFolder,
    Lock,
    Bytes,
    Read,
    Write,
    Truncate,
    Sync,
}

/// The disk. Leaked on purpose by [`Simulated::new`], so that a copy of [`super::Disk`] is cheap.
#[derive(Debug)]
pub(crate) struct Simulated(Mutex<State>);

impl Simulated {
    /// An empty disk with `/` alone.
    pub(crate) fn new(seed: u64) -> &'static Self {
        let root = BTreeMap::from([(PathBuf::from("/"), Entry::Folder)]);
        Box::leak(Box::new(Self(Mutex::new(State {
            chance: Chance::new(seed),
            inodes: Vec::new(),
            names: root.clone(),
            durable: root,
            unsynced: Vec::new(),
            locked: BTreeSet::new(),
            start: 0,
            is_off: false,
            faults: BTreeMap::new(),
            calls: Vec::new(),
            trace: crc32fast::Hasher::new(),
        }))))
    }

    /// Plans what happens at the call with that number, from 0.
    pub(crate) fn plan(&self, call: u64, fault: Fault) {
        self.state().faults.insert(call, fault);
    }

    /// Whether something planned has not happened yet.
    pub(crate) fn is_armed(&self) -> bool {
        !self.state().faults.is_empty()
    }

    /// Does something without faults; what is planned comes so many calls later.
    pub(crate) fn in_peace<T>(&self, work: impl FnOnce() -> T) -> T {
        let before = self.n_calls();
        let planned = std::mem::take(&mut self.state().faults);
        let done = work();
        let later = self.n_calls() - before;
        self.state().faults = planned.into_iter().map(|(at, fault)| (at + later, fault)).collect();
        done
    }

    /// How many calls there were.
    pub(crate) fn n_calls(&self) -> u64 {
        self.state().calls.len() as u64
    }

    /// The calls so far, with what they were on.
    pub(crate) fn calls(&self) -> Vec<(Call, PathBuf)> {
        self.state().calls.clone()
    }

    /// A checksum over all calls so far, with their bytes.
    pub(crate) fn trace(&self) -> u32 {
        self.state().trace.clone().finalize()
    }

    /// Ends the process and starts the next: nothing written is lost, but what a failed sync
    /// dropped may be read again from the disk.
    pub(crate) fn kill(&self) {
        let state = &mut *self.state();
        for inode in &mut state.inodes {
            inode.evict(&mut state.chance);
        }
        state.restart();
    }

    /// Takes the power away and starts anew: of what was not synced any part may be left.
    pub(crate) fn cut(&self) {
        let state = &mut *self.state();
        for inode in &mut state.inodes {
            inode.cut(&mut state.chance);
        }
        let style = state.chance.style();
        for change in std::mem::take(&mut state.unsynced) {
            if state.chance.keeps(style) {
                change.apply(&mut state.durable);
            }
        }
        let durable = &state.durable;
        let is_reached = |path: &Path| path.ancestors().skip(1).all(|it| durable.contains_key(it));
        let names: BTreeMap<PathBuf, Entry> =
            durable.iter().filter(|it| is_reached(it.0)).map(|it| (it.0.clone(), *it.1)).collect();
        state.durable.clone_from(&names);
        state.names = names;
        state.restart();
    }

    /// Forgets all, since the disk itself is never freed.
    pub(crate) fn wipe(&self) {
        let mut state = self.state();
        let state = &mut *state;
        (state.inodes, state.calls) = (Vec::new(), Vec::new());
        state.names.clear();
        state.durable.clear();
        state.unsynced.clear();
    }

    /// The bytes of each file, as a running program sees them.
    pub(crate) fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let state = self.state();
        let files = state.names.iter().filter_map(|(path, entry)| match entry {
            Entry::Folder => None,
            Entry::File(file) => Some((path.clone(), state.inodes[*file].seen().to_vec())),
        });
        files.collect()
    }

    /// Makes the disk hold exactly these files, durably.
    pub(crate) fn hold(&self, files: &BTreeMap<PathBuf, Vec<u8>>) {
        let state = &mut *self.state();
        state.names.retain(|_, entry| *entry == Entry::Folder);
        state.inodes = files.values().map(|bytes| Inode::holding(bytes.clone())).collect();
        for (file, path) in files.keys().enumerate() {
            let above = path.ancestors().skip(1).map(|it| (it.to_owned(), Entry::Folder));
            state.names.extend(above);
            state.names.insert(path.clone(), Entry::File(file));
        }
        state.durable = state.names.clone();
        state.unsynced.clear();
        state.restart();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The calls.
impl Simulated {
    pub(super) fn open(&'static self, path: &Path) -> io::Result<Handle> {
        let mut state = self.state();
        state.call(Call::Open, path, &[])?;
        let file = state.file(path)?;
        Ok(self.handle(file, path, &state))
    }

    pub(super) fn create(&'static self, path: &Path) -> io::Result<Handle> {
        let mut state = self.state();
        let called = state.call(Call::Create, path, &[]);
        if !happens(&called) {
            return Err(called.err().unwrap_or_else(off));
        }
        let file = if let Ok(file) = state.file(path) {
            state.inodes[file].truncate(0);
            file
        } else {
            state.add_file(path)?
        };
        called.map(|_| self.handle(file, path, &state))
    }

    pub(super) fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.state();
        let called = state.call(Call::Rename, to, &[]);
        if happens(&called) {
            let moved = Entry::File(state.file(from)?);
            state.change(NameChange::Move(from.to_owned(), to.to_owned(), moved))?;
        }
        called.map(|_| ())
    }

    pub(super) fn remove(&self, path: &Path) -> io::Result<()> {
        let mut state = self.state();
        let called = state.call(Call::Remove, path, &[]);
        if happens(&called) {
            state.file(path)?;
            state.change(NameChange::Remove(path.to_owned()))?;
        }
        called.map(|_| ())
    }

    pub(super) fn make_folder(&self, path: &Path) -> io::Result<()> {
        let mut state = self.state();
        let called = state.call(Call::MakeFolder, path, &[]);
        if happens(&called) {
            if state.names.contains_key(path) {
                return Err(io::ErrorKind::AlreadyExists.into());
            }
            state.change(NameChange::Add(path.to_owned(), Entry::Folder))?;
        }
        called.map(|_| ())
    }

    pub(super) fn is_folder(&self, path: &Path) -> bool {
        self.state().names.get(path) == Some(&Entry::Folder)
    }

    pub(super) fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        let mut state = self.state();
        state.call(Call::List, folder, &[])?;
        let inside = state.names.keys().filter(|path| path.parent() == Some(folder));
        let names = inside.filter_map(|path| path.file_name()?.to_str());
        Ok(names.map(str::to_owned).collect())
    }

    pub(super) fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.call(Call::SyncFolder, folder, &[])?;
        for change in std::mem::take(&mut state.unsynced) {
            match change.folder() == Some(folder) {
                true => change.apply(&mut state.durable),
                false => state.unsynced.push(change),
            }
        }
        Ok(())
    }

    pub(super) fn lock(&'static self, path: &Path) -> io::Result<Option<Handle>> {
        let mut state = self.state();
        state.call(Call::Lock, path, &[])?;
        let file = state.file(path).or_else(|_| state.add_file(path))?;
        let is_free = state.locked.insert(path.to_owned());
        Ok(is_free.then(|| {
            let mut lock = self.handle(file, path, &state);
            lock.is_lock = true;
            lock
        }))
    }

    pub(super) fn new_generation(&self) -> Generation {
        let chance = &mut self.state().chance;
        let halves = [chance.next().to_le_bytes(), chance.next().to_le_bytes()];
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&halves.concat());
        Generation(bytes)
    }

    fn handle(&'static self, file: usize, path: &Path, state: &State) -> Handle {
        Handle { disk: self, file, path: path.to_owned(), start: state.start, is_lock: false }
    }
}
