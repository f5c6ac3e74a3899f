//! Making a backup beside a running service, and copying one to a second place.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::seal::{SEALED, seal};
use super::{
    BackupError, ERASED, FileEntry, Manifest, Recipient, SETTINGS, STREAMS, StreamEntry,
    assure_space, beside, files_below, io, remove_folder, sync_folder, write,
};
use crate::failpoint;
use crate::journal::{Journal, JournalError, Seq};

/// The journal may get another history meanwhile; then the copy begins again.
const ATTEMPTS_MAX: u32 = 3;
/// How an unfinished folder is called, after the name of the whole one.
pub(super) const PARTIAL: &str = ".partial";

/// What is to be backed up, and where to.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The data folder.
    pub data: &'a Path,
    /// The backup's folder, new or empty.
    pub to: &'a Path,
    /// The settings of the process.
    pub settings: &'a BTreeMap<String, String>,
    /// Whom it is encrypted to; none leaves it readable.
    pub recipient: Option<&'a Recipient>,
    /// Now.
    pub now: Timestamp,
}

/// A backup that is whole and on the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// Where.
    pub folder: PathBuf,
    /// The last record of the journal in it.
    pub last: Seq,
    /// How many files.
    pub files: usize,
    /// How many bytes.
    pub bytes: u64,
}

/// Makes a backup; takes no lock, so a service goes on meanwhile. The folder appears under its
/// name once it is whole. Blocks.
///
/// # Errors
/// Nothing is left of a backup that could not be made.
pub fn run(wanted: Wanted<'_>) -> Result<Made, BackupError> {
    let Wanted { data, to, .. } = wanted;
    if !data.join(STREAMS[0]).is_dir() {
        return Err(BackupError::NoData { folder: data.to_owned() });
    }
    assure_outside(data, to)?;
    run_within(wanted)
}

/// The same, for a backup that may lie within the data folder since it is only tried out.
///
/// # Errors
/// See [`run`].
pub fn run_within(wanted: Wanted<'_>) -> Result<Made, BackupError> {
    let to = wanted.to;
    let partial = place(to)?;
    for attempt in 1.. {
        remove_folder(&partial)?;
        match fill(wanted, &partial) {
            Ok(manifest) => return settle(&partial, to, &manifest),
            Err(BackupError::Journal(JournalError::Unfinished { .. }))
                if attempt < ATTEMPTS_MAX => {}
            Err(error) => {
                remove_folder(&partial)?;
                return Err(error);
            }
        }
    }
    unreachable!("the last attempt returns")
}

/// Copies a whole backup to a second place.
///
/// # Errors
/// See [`run`].
pub fn copy_to(from: &Path, to: &Path) -> Result<Made, BackupError> {
    let manifest = Manifest::load(from)?;
    let partial = place(to)?;
    remove_folder(&partial)?;
    let copied = copy_files(from, &partial, &manifest);
    if copied.is_err() {
        remove_folder(&partial)?;
    }
    copied?;
    settle(&partial, to, &manifest)
}

fn copy_files(from: &Path, partial: &Path, manifest: &Manifest) -> Result<(), BackupError> {
    assure_space(partial, manifest.files.iter().map(|it| it.bytes).sum())?;
    make_folders(partial)?;
    for entry in &manifest.files {
        let (source, target) = (from.join(&entry.path), partial.join(&entry.path));
        let mut file = fs::File::open(&source).map_err(io("open", &source))?;
        let written = write(&target, &mut file).map_err(io("write", &target))?;
        if written != (entry.bytes, entry.sha256.clone()) {
            let differences = vec![format!("{} is not as it was written", entry.path)];
            return Err(BackupError::Altered { folder: from.to_owned(), differences });
        }
    }
    sync_folders(partial)?;
    manifest.store(partial)
}

/// The folder to work in for `to`, which must be new or empty.
fn place(to: &Path) -> Result<PathBuf, BackupError> {
    match fs::read_dir(to).map(|mut entries| entries.next().is_some()) {
        Ok(true) => return Err(BackupError::Occupied { folder: to.to_owned() }),
        Ok(false) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(io("list", to)(error)),
    }
    if let Some(above) = to.parent().filter(|it| !it.as_os_str().is_empty()) {
        fs::create_dir_all(above).map_err(io("create", above))?;
    }
    Ok(beside(to, PARTIAL))
}

fn assure_outside(data: &Path, to: &Path) -> Result<(), BackupError> {
    let whole = |path: &Path| {
        let there = path.ancestors().find(|it| it.exists()).unwrap_or(Path::new("."));
        let there = if there.as_os_str().is_empty() { Path::new(".") } else { there };
        there.canonicalize().map_err(io("find", there))
    };
    match whole(to)?.starts_with(whole(data)?) {
        true => Err(BackupError::Inside { folder: to.to_owned() }),
        false => Ok(()),
    }
}

fn fill(wanted: Wanted<'_>, partial: &Path) -> Result<Manifest, BackupError> {
    let Wanted { data, settings, recipient, now, .. } = wanted;
    let there = STREAMS.iter().filter(|it| data.join(it).is_dir());
    let mut bytes = 0;
    for stream in there.clone() {
        let folder = data.join(stream);
        for name in files_below(&folder)? {
            bytes += fs::metadata(folder.join(name)).map_or(0, |it| it.len());
        }
    }
    assure_space(partial, bytes)?;
    make_folders(partial)?;
    let mut manifest = Manifest::new(now);
    manifest.encrypted_to = recipient.map(Recipient::to_string);
    for stream in there {
        let copied = Journal::copy(&data.join(stream), &mut |name, bytes| {
            let path = format!("{stream}/{name}");
            failpoint::reached("backup-file");
            add((partial, recipient), &mut manifest.files, (&path, bytes)).map_err(|source| {
                let path = partial.join(&path);
                JournalError::Io { doing: "write", path, source }
            })
        });
        let copied = match copied {
            // A start that was cut short has made the folder and nothing in it.
            Err(JournalError::Missing { .. }) if *stream != STREAMS[0] => continue,
            copied => copied?,
        };
        let (name, generation) = ((*stream).to_owned(), copied.generation.to_string());
        manifest.streams.push(StreamEntry { name, generation, last: copied.last });
    }
    let erased = fs::read(data.join(ERASED)).unwrap_or_default();
    let mut told = String::from("# The settings that were told when this backup was made.\n");
    for (name, value) in settings {
        let _ = writeln!(told, "{name}={value}"); // Writing to a string does not fail.
    }
    // The ids are no secret: a restore looks for them in the backups beside.
    let others = [(ERASED, erased.as_slice(), None), (SETTINGS, told.as_bytes(), recipient)];
    for (path, mut bytes, recipient) in others {
        let written = add((partial, recipient), &mut manifest.files, (path, &mut bytes));
        written.map_err(io("write", &partial.join(path)))?;
    }
    sync_folders(partial)?;
    failpoint::reached("backup-before-manifest");
    manifest.store(partial)?;
    Ok(manifest)
}

fn add(
    (partial, recipient): (&Path, Option<&Recipient>),
    files: &mut Vec<FileEntry>,
    (path, bytes): (&str, &mut dyn Read),
) -> std::io::Result<()> {
    let path = format!("{path}{}", recipient.map_or("", |_| SEALED));
    let (bytes, sha256) = match recipient {
        Some(recipient) => seal(&partial.join(&path), bytes, recipient)?,
        None => write(&partial.join(&path), bytes)?,
    };
    files.push(FileEntry { path, bytes, sha256 });
    Ok(())
}

fn make_folders(partial: &Path) -> Result<(), BackupError> {
    for stream in STREAMS {
        let folder = partial.join(stream);
        fs::create_dir_all(&folder).map_err(io("create", &folder))?;
    }
    Ok(())
}

fn sync_folders(partial: &Path) -> Result<(), BackupError> {
    STREAMS.iter().try_for_each(|it| sync_folder(&partial.join(it)))?;
    sync_folder(partial)
}

/// Gives a whole folder its name.
fn settle(partial: &Path, to: &Path, manifest: &Manifest) -> Result<Made, BackupError> {
    failpoint::reached("backup-before-rename");
    // An empty folder gives way; one that has files by now does not.
    fs::rename(partial, to).map_err(io("rename", partial))?;
    sync_folder(to.parent().unwrap_or(Path::new(".")))?;
    failpoint::reached("backup-renamed");
    Ok(Made {
        folder: to.to_owned(),
        last: manifest.last_of(STREAMS[0]),
        files: manifest.files.len(),
        bytes: manifest.files.iter().map(|it| it.bytes).sum(),
    })
}
