//! Every file operation of the journal, in one place, so that a simulated disk can replace it.
//!
//! What differs between disks is one call of the operating system each, at the end of this file.
//! What is built from them stands here once: writing all, reading all, replacing a file.

#[cfg(test)]
pub(crate) mod simulated;

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use crate::journal::Generation;
#[cfg(test)]
use simulated::{Handle, Simulated};

/// Where files live.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Disk {
    /// The file system.
    Real,
    /// In memory, with faults.
    #[cfg(test)]
    Simulated(&'static Simulated),
}

/// An open file of a [`Disk`]. Every access names its offset: there is no hidden cursor.
#[derive(Debug)]
pub(crate) enum DiskFile {
    /// A file of the file system.
    Real(File),
    /// A file in memory.
    #[cfg(test)]
    Simulated(Handle),
}

impl Disk {
    /// Opens an existing file for reading.
    pub(crate) fn open(self, path: &Path) -> io::Result<DiskFile> {
        again(|| self.call_open(path, OpenOptions::new().read(true)))
    }

    /// Opens an existing file for reading and writing.
    pub(crate) fn open_to_write(self, path: &Path) -> io::Result<DiskFile> {
        again(|| self.call_open(path, OpenOptions::new().read(true).write(true)))
    }

    /// Makes `path` hold exactly `bytes`, durably and at once or not at all: written beside,
    /// synced, renamed, and the folder synced.
    ///
    /// An error says which step failed on which file; only a failed sync must end the journal.
    pub(crate) fn replace(self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut beside = path.as_os_str().to_owned();
        beside.push(".new");
        let beside = Path::new(&beside);
        let file = again(|| self.call_create(beside)).map_err(|it| step("create", beside, &it))?;
        file.write_at(bytes, 0).map_err(|it| step("write", beside, &it))?;
        file.sync().map_err(|it| step("sync", beside, &it))?;
        again(|| self.call_rename(beside, path)).map_err(|it| step("rename", beside, &it))?;
        let folder = folder_of(path);
        self.sync_folder(folder).map_err(|it| step("sync", folder, &it))
    }

    /// Reads a small file whole; none when it does not exist.
    pub(crate) fn read_small(self, path: &Path) -> io::Result<Option<Vec<u8>>> {
        let file = match self.open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            opened => opened?,
        };
        let mut bytes = vec![0; usize::try_from(file.bytes()?).map_err(io::Error::other)?];
        file.read_at(&mut bytes, 0)?;
        Ok(Some(bytes))
    }

    /// Makes a folder, and those above it, durably.
    pub(crate) fn create_folder(self, path: &Path) -> io::Result<()> {
        if self.is_folder(path) {
            return Ok(());
        }
        let above = folder_of(path);
        if above != path {
            self.create_folder(above)?;
        }
        match again(|| self.call_make_folder(path)) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            made => made,
        }?;
        self.sync_folder(above)
    }

    /// Makes the names of a folder and of those above it durable, for whoever made them may have
    /// been killed before a sync. Above the nearest folder, what cannot be synced is left.
    pub(crate) fn sync_path(self, folder: &Path) -> io::Result<()> {
        let mut at = folder_of(folder);
        self.sync_folder(at)?;
        while at != folder_of(at) {
            at = folder_of(at);
            match self.sync_folder(at) {
                Err(error) if is_foreign(&error) => break,
                synced => synced?,
            }
        }
        Ok(())
    }

    /// Makes the names in a folder durable.
    pub(crate) fn sync_folder(self, folder: &Path) -> io::Result<()> {
        again(|| self.call_sync_folder(folder)).map_err(unsynced)
    }

    /// Removes a file's name; durable once the folder is synced.
    pub(crate) fn remove(self, path: &Path) -> io::Result<()> {
        again(|| self.call_remove(path))
    }

    /// Lists the names in a folder, sorted; names that are not Unicode are left out.
    pub(crate) fn list(self, folder: &Path) -> io::Result<Vec<String>> {
        let mut names = again(|| self.call_list(folder))?;
        names.sort();
        Ok(names)
    }

    /// Takes the lock file, held until the answer is dropped; none when another holds it.
    pub(crate) fn lock(self, path: &Path) -> io::Result<Option<DiskFile>> {
        again(|| self.call_lock(path))
    }
}

impl DiskFile {
    /// Fills `buffer` from `offset`; an early end is an error.
    pub(crate) fn read_at(&self, mut buffer: &mut [u8], mut offset: u64) -> io::Result<()> {
        while !buffer.is_empty() {
            match again(|| self.call_read(buffer, offset))? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                n => (buffer, offset) = (&mut buffer[n..], offset + n as u64),
            }
        }
        Ok(())
    }

    /// Writes all of `bytes` at `offset`; not durable before [`Self::sync`].
    pub(crate) fn write_at(&self, mut bytes: &[u8], mut offset: u64) -> io::Result<()> {
        while !bytes.is_empty() {
            match again(|| self.call_write(bytes, offset))? {
                0 => return Err(io::ErrorKind::WriteZero.into()),
                n => (bytes, offset) = (&bytes[n..], offset + n as u64),
            }
        }
        Ok(())
    }

    /// Cuts the file off; not durable before [`Self::sync`].
    pub(crate) fn truncate(&self, bytes: u64) -> io::Result<()> {
        again(|| self.call_truncate(bytes))
    }

    /// Makes contents and length durable. A failure must never be retried: the page cache may
    /// have dropped what could not be written and then report success.
    pub(crate) fn sync(&self) -> io::Result<()> {
        again(|| self.call_sync()).map_err(unsynced)
    }

    /// Tells the length in bytes.
    pub(crate) fn bytes(&self) -> io::Result<u64> {
        again(|| self.call_bytes())
    }
}

/// Whether the disk had no room for a write. A failed sync is never meant, whatever its cause.
pub(crate) fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

/// Whether a folder is none of ours: it may not be read, or its file system has no sync for it.
fn is_foreign(error: &io::Error) -> bool {
    use io::ErrorKind::{InvalidInput, PermissionDenied, Unsupported};
    matches!(error.kind(), PermissionDenied | InvalidInput | Unsupported)
}

/// Repeats a call that a signal has interrupted before it did anything.
fn again<T>(mut call: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    loop {
        match call() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            done => return done,
        }
    }
}

/// Says which step failed, and keeps the kind.
fn step(doing: &str, path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("could not {doing} {}: {error}", path.display()))
}

/// What was written may be gone whatever the cause, so the cause may not pass for a full disk.
fn unsynced(error: io::Error) -> io::Error {
    if is_full(&error) { io::Error::other(error) } else { error }
}

/// The folder that a name stands in.
fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(above) if above.as_os_str().is_empty() => Path::new("."),
        Some(above) => above,
        None => path,
    }
}

/// One call of the operating system each.
impl Disk {
    fn call_open(self, path: &Path, options: &OpenOptions) -> io::Result<DiskFile> {
        match self {
            Self::Real => options.open(path).map(DiskFile::Real),
            #[cfg(test)]
            Self::Simulated(disk) => disk.open(path).map(DiskFile::Simulated),
        }
    }

    fn call_create(self, path: &Path) -> io::Result<DiskFile> {
        match self {
            Self::Real => File::create(path).map(DiskFile::Real),
            #[cfg(test)]
            Self::Simulated(disk) => disk.create(path).map(DiskFile::Simulated),
        }
    }

    fn call_rename(self, from: &Path, to: &Path) -> io::Result<()> {
        match self {
            Self::Real => fs::rename(from, to),
            #[cfg(test)]
            Self::Simulated(disk) => disk.rename(from, to),
        }
    }

    fn call_remove(self, path: &Path) -> io::Result<()> {
        match self {
            Self::Real => fs::remove_file(path),
            #[cfg(test)]
            Self::Simulated(disk) => disk.remove(path),
        }
    }

    fn call_make_folder(self, path: &Path) -> io::Result<()> {
        match self {
            Self::Real => fs::create_dir(path),
            #[cfg(test)]
            Self::Simulated(disk) => disk.make_folder(path),
        }
    }

    /// Tells whether there is such a folder.
    pub(crate) fn is_folder(self, path: &Path) -> bool {
        match self {
            Self::Real => path.is_dir(),
            #[cfg(test)]
            Self::Simulated(disk) => disk.is_folder(path),
        }
    }

    fn call_list(self, folder: &Path) -> io::Result<Vec<String>> {
        match self {
            Self::Real => {
                let entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
                let names = entries.into_iter().map(|entry| entry.file_name().into_string());
                Ok(names.filter_map(Result::ok).collect())
            }
            #[cfg(test)]
            Self::Simulated(disk) => disk.list(folder),
        }
    }

    fn call_sync_folder(self, folder: &Path) -> io::Result<()> {
        match self {
            Self::Real => File::open(folder)?.sync_all(),
            #[cfg(test)]
            Self::Simulated(disk) => disk.sync_folder(folder),
        }
    }

    fn call_lock(self, path: &Path) -> io::Result<Option<DiskFile>> {
        match self {
            Self::Real => {
                let file =
                    OpenOptions::new().write(true).create(true).truncate(false).open(path)?;
                match file.try_lock() {
                    Ok(()) => Ok(Some(DiskFile::Real(file))),
                    Err(TryLockError::WouldBlock) => Ok(None),
                    Err(TryLockError::Error(error)) => Err(error),
                }
            }
            #[cfg(test)]
            Self::Simulated(disk) => Ok(disk.lock(path)?.map(DiskFile::Simulated)),
        }
    }

    /// Names a new history.
    pub(crate) fn new_generation(self) -> Generation {
        match self {
            Self::Real => Generation::random(),
            #[cfg(test)]
            Self::Simulated(disk) => disk.new_generation(),
        }
    }
}

/// One call of the operating system each.
impl DiskFile {
    fn call_bytes(&self) -> io::Result<u64> {
        match self {
            Self::Real(file) => file.metadata().map(|meta| meta.len()),
            #[cfg(test)]
            Self::Simulated(file) => file.bytes(),
        }
    }

    fn call_read(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        match self {
            Self::Real(file) => file.read_at(buffer, offset),
            #[cfg(test)]
            Self::Simulated(file) => file.read(buffer, offset),
        }
    }

    fn call_write(&self, bytes: &[u8], offset: u64) -> io::Result<usize> {
        match self {
            Self::Real(file) => file.write_at(bytes, offset),
            #[cfg(test)]
            Self::Simulated(file) => file.write(bytes, offset),
        }
    }

    fn call_truncate(&self, bytes: u64) -> io::Result<()> {
        match self {
            Self::Real(file) => file.set_len(bytes),
            #[cfg(test)]
            Self::Simulated(file) => file.truncate(bytes),
        }
    }

    fn call_sync(&self) -> io::Result<()> {
        match self {
            Self::Real(file) => file.sync_data(),
            #[cfg(test)]
            Self::Simulated(file) => file.sync(),
        }
    }
}
