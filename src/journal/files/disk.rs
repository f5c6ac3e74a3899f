//! Every file operation of the journal, in one place, so that a simulated disk can replace it.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

/// Where files live; the tests of faults add a simulated one.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Disk {
    /// The file system.
    Real,
}

/// An open file of a [`Disk`]. Every access names its offset: there is no hidden cursor.
#[derive(Debug)]
pub(crate) enum DiskFile {
    /// A file of the file system.
    Real(File),
}

impl Disk {
    /// Opens an existing file for reading.
    pub(crate) fn open(self, path: &Path) -> io::Result<DiskFile> {
        match self {
            Self::Real => File::open(path).map(DiskFile::Real),
        }
    }

    /// Opens an existing file for reading and writing.
    pub(crate) fn open_to_write(self, path: &Path) -> io::Result<DiskFile> {
        match self {
            Self::Real => OpenOptions::new().read(true).write(true).open(path).map(DiskFile::Real),
        }
    }

    /// Makes `path` hold exactly `bytes`, durably and at once or not at all: written beside,
    /// synced, renamed, and the folder synced.
    pub(crate) fn replace(self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Real => {
                let mut beside = path.as_os_str().to_owned();
                beside.push(".new");
                let file = File::create(&beside)?;
                file.write_all_at(bytes, 0)?;
                file.sync_all()?;
                fs::rename(&beside, path)?;
            }
        }
        self.sync_folder(path.parent().unwrap_or(Path::new(".")))
    }

    /// Reads a small file whole; none when it does not exist.
    pub(crate) fn read_small(self, path: &Path) -> io::Result<Option<Vec<u8>>> {
        match self {
            Self::Real => match fs::read(path) {
                Ok(bytes) => Ok(Some(bytes)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                Err(error) => Err(error),
            },
        }
    }

    /// Makes a folder, and those above it, durably.
    pub(crate) fn create_folder(self, path: &Path) -> io::Result<()> {
        match self {
            Self::Real if path.is_dir() => Ok(()),
            Self::Real => {
                fs::create_dir_all(path)?;
                path.ancestors().skip(1).take(2).try_for_each(|above| {
                    let is_here = above.as_os_str().is_empty();
                    self.sync_folder(if is_here { Path::new(".") } else { above })
                })
            }
        }
    }

    /// Tells whether there is such a folder.
    pub(crate) fn is_folder(self, path: &Path) -> bool {
        match self {
            Self::Real => path.is_dir(),
        }
    }

    /// Lists the names in a folder, sorted; names that are not Unicode are left out.
    pub(crate) fn list(self, folder: &Path) -> io::Result<Vec<String>> {
        match self {
            Self::Real => {
                let entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
                let names = entries.into_iter().map(|entry| entry.file_name().into_string());
                let mut names: Vec<String> = names.filter_map(Result::ok).collect();
                names.sort();
                Ok(names)
            }
        }
    }

    /// Makes the names in a folder durable.
    pub(crate) fn sync_folder(self, folder: &Path) -> io::Result<()> {
        match self {
            Self::Real => File::open(folder)?.sync_all(),
        }
    }

    /// Takes the lock file, held until the answer is dropped; none when another holds it.
    pub(crate) fn lock(self, path: &Path) -> io::Result<Option<DiskFile>> {
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
        }
    }
}

impl DiskFile {
    /// Tells the length in bytes.
    pub(crate) fn bytes(&self) -> io::Result<u64> {
        match self {
            Self::Real(file) => file.metadata().map(|meta| meta.len()),
        }
    }

    /// Fills `buffer` from `offset`; an early end is an error.
    pub(crate) fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        match self {
            Self::Real(file) => file.read_exact_at(buffer, offset),
        }
    }

    /// Writes all of `bytes` at `offset`; not durable before [`Self::sync`].
    pub(crate) fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        match self {
            Self::Real(file) => file.write_all_at(bytes, offset),
        }
    }

    /// Cuts the file off; not durable before [`Self::sync`].
    pub(crate) fn truncate(&self, bytes: u64) -> io::Result<()> {
        match self {
            Self::Real(file) => file.set_len(bytes),
        }
    }

    /// Makes contents and length durable. A failure must never be retried: the page cache may
    /// have dropped what could not be written and then report success.
    pub(crate) fn sync(&self) -> io::Result<()> {
        match self {
            Self::Real(file) => file.sync_data(),
        }
    }
}
