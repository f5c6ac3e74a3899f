//! Restoring a backup into an empty data folder, and trying it out beside the service.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::copies::read_back;
use super::erasure::{Going, Records};
use super::error::io;
use super::wishes::{add_erased, erased_in};
use super::{BackUp, KeepError};
use crate::app::export;
use crate::backup::{self, ERASED, Identity, UNFINISHED, Wanted};
use crate::id::Id;
use crate::inquiry::Inquiry;
use crate::journal::{Journal, JournalError, Options, Plan, Record, Seq, Stream};

/// Where the history is to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// With this record, or the batch before it when it stands within one.
    Seq(Seq),
    /// Before the first record that tells a later instant.
    Instant(Timestamp),
}

impl Until {
    /// Reads a number or an instant.
    pub fn parse(text: &str) -> Option<Self> {
        let seq = text.parse().map(Self::Seq);
        seq.ok().or_else(|| text.parse().map(Self::Instant).ok())
    }
}

/// What is to be restored, and where to.
#[derive(Clone, Copy, Debug)]
pub struct Restore<'a> {
    /// The backup.
    pub from: &'a Path,
    /// The data folder: new or empty.
    pub data: &'a Path,
    /// Where the history is to end; none for the whole of it.
    pub until: Option<Until>,
    /// The secret key of an encrypted backup.
    pub identity: Option<&'a Identity>,
    /// More lists of ids whose words are to stay erased.
    pub erased: &'a [PathBuf],
    /// Now.
    pub now: Timestamp,
}

/// What was restored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Restored {
    /// The last record.
    pub last: Seq,
    /// Records of the backup that are later than was asked for.
    pub dropped: u64,
    /// Records that lost words again, since those were erased after the backup.
    pub reduced: u64,
}

/// Restores a backup under a new history, without the words that were erased since. Blocks.
///
/// # Errors
/// When the backup is not whole, or the data folder not empty: nothing is overwritten.
pub fn restore(wanted: Restore<'_>) -> Result<Restored, KeepError> {
    let Restore { from, data, until, .. } = wanted;
    let manifest = backup::unpack(from, data, wanted.identity)?;
    let unfinished = data.join(UNFINISHED);
    let folder = unfinished.join(Stream::Journal.name());
    let ids = erased(&wanted, &unfinished)?;
    let journal = Journal::open(&folder, Options::new(Stream::Journal))?;
    let last = journal.position().seq;
    let until = match until {
        Some(Until::Seq(seq)) if last < seq => {
            return Err(KeepError::Beyond { last, wanted: seq });
        }
        Some(Until::Seq(seq)) => Some(seq),
        Some(Until::Instant(at)) => before(&journal, at)?,
        None => None,
    };
    let going = Going { ids: ids.iter().map(|it| it.uuid()).collect(), ..Going::default() };
    let erasure = Records::of(&journal)?.map(|it| it.due(&going)).transpose()?;
    drop(journal);
    let reduce = &mut |record: &Record| erasure.as_ref().and_then(|it| it.reduce(record));
    let rewritten = Journal::rewrite(&folder, Plan { until, reduce, anew: true })?;
    add_erased(&unfinished, &ids, wanted.now)?;
    let report = Journal::verify(&folder)?;
    if let Some(damage) = report.differences.into_iter().next() {
        return Err(JournalError::Damaged(damage).into());
    }
    backup::settle(data, &manifest.beside())?;
    let (dropped, reduced) = (rewritten.dropped, rewritten.reduced);
    Ok(Restored { last: rewritten.position.seq, dropped, reduced })
}

/// The ids that were erased, as this backup knows, those beside it, and the lists that are named.
fn erased(wanted: &Restore<'_>, unfinished: &Path) -> Result<BTreeSet<Id<Inquiry>>, KeepError> {
    let mut ids = erased_in(&unfinished.join(ERASED))?;
    for list in wanted.erased {
        if !list.is_file() {
            let missing = std::io::ErrorKind::NotFound.into();
            return Err(io("read", list)(missing));
        }
        ids.extend(erased_in(list)?);
    }
    let above = wanted.from.parent().filter(|it| !it.as_os_str().is_empty());
    let beside = backup::kept(above.unwrap_or(Path::new(".")))?;
    for list in beside.iter().map(|it| it.join(ERASED)) {
        ids.extend(erased_in(&list)?);
    }
    Ok(ids)
}

/// The record before the first that tells a later instant.
fn before(journal: &Journal, at: Timestamp) -> Result<Option<Seq>, JournalError> {
    const AT_A_TIME: usize = 1_000;
    let mut after = 0;
    loop {
        let records = journal.read(after, AT_A_TIME)?;
        let Some(last) = records.last() else { return Ok(None) };
        if let Some(later) = records.iter().find(|it| at < it.at) {
            return Ok(Some(later.seq - 1));
        }
        after = last.seq;
    }
}

/// A backup that restores to what is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rehearsed {
    /// Which.
    pub backup: PathBuf,
    /// The rows that came of it.
    pub rows: u64,
    /// SHA-256 over their export, in hex.
    pub sha256: String,
    /// Whether the bytes were compared; only the numbers are when something was erased since.
    pub is_by_bytes: bool,
    /// Whether the backup is encrypted: then a readable one was made for the purpose and tried
    /// out, since the secret key is not on this machine; of the backup itself every byte was read.
    pub is_stand_in: bool,
}

/// The folder in which a restore is tried out.
const SCRATCH: &str = "rehearsal";

/// Restores the newest scheduled backup beside the data folder's own rows and compares. Blocks.
pub fn rehearse(data: &Path, wanted: &BackUp, now: Timestamp) -> Result<Rehearsed, KeepError> {
    let folder = wanted.folder.as_ref().ok_or(KeepError::NoFolder)?;
    let newest = backup::kept(folder)?.pop();
    let newest = newest.ok_or_else(|| KeepError::NoBackup { folder: folder.clone() })?;
    let scratch = data.join(SCRATCH);
    clear(&scratch)?;
    let rehearsed = rehearse_in(&scratch, data, &newest, now);
    clear(&scratch)?;
    rehearsed
}

fn rehearse_in(
    scratch: &Path,
    data: &Path,
    newest: &Path,
    now: Timestamp,
) -> Result<Rehearsed, KeepError> {
    let list = data.join(ERASED);
    let lists = if list.is_file() { vec![list] } else { vec![] };
    let restored = scratch.join("restored");
    fs::create_dir_all(&restored).map_err(io("create", &restored))?;
    let stand_in = scratch.join("backup");
    let is_stand_in = backup::Manifest::load(newest)?.encrypted_to.is_some();
    let from = if is_stand_in { &stand_in } else { newest };
    if is_stand_in {
        read_back(newest)?;
        let settings = &BTreeMap::new();
        // It lies within the data folder, from which it goes at once.
        backup::run_within(Wanted { data, to: from, settings, recipient: None, now })?;
    }
    let (data_of, until, identity) = (&restored, None, None);
    restore(Restore { from, data: data_of, until, identity, erased: &lists, now })?;
    let manifest = backup::Manifest::load(from)?;
    let kept = scratch.join("kept");
    let history = copy_until(data, &kept, manifest.last_of(Stream::Journal.name()))?;
    let is_by_bytes = manifest.streams.iter().any(|it| it.generation == history);
    let (rows, found) = exported(&restored, now)?;
    let (expected_rows, expected) = exported(&kept, now)?;
    let different = |what| KeepError::Different { backup: newest.to_owned(), what };
    if rows != expected_rows {
        return Err(different(format!("{rows} rows in place of {expected_rows}")));
    }
    let differing = found.iter().find(|(name, sha256)| expected.get(*name) != Some(sha256));
    if let (true, Some((name, _))) = (is_by_bytes, differing) {
        return Err(different(format!("{name} has other contents")));
    }
    let mut all = Sha256::new();
    found.iter().for_each(|(name, sha256)| all.update(format!("{name} {sha256}\n")));
    let sha256 = all.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Rehearsed { backup: newest.to_owned(), rows, sha256, is_by_bytes, is_stand_in })
}

/// Copies the journal of a data folder as far as a record; tells its history.
fn copy_until(data: &Path, to: &Path, last: Seq) -> Result<String, KeepError> {
    let folder = to.join(Stream::Journal.name());
    fs::create_dir_all(&folder).map_err(io("create", &folder))?;
    let copied = Journal::copy(&data.join(Stream::Journal.name()), &mut |name, bytes| {
        let path = folder.join(name);
        let mut file = fs::File::create(&path).map_err(failed("create", &path))?;
        std::io::copy(bytes, &mut file).map_err(failed("write", &path)).map(drop)
    })?;
    let reduce = &mut |_: &Record| None;
    Journal::rewrite(&folder, Plan { until: Some(last), reduce, anew: true })?;
    Ok(copied.generation.to_string())
}

fn failed(doing: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> JournalError {
    let path = path.to_owned();
    move |source| JournalError::Io { doing, path, source }
}

/// Exports a data folder within itself; tells the rows and each file's SHA-256.
fn exported(data: &Path, now: Timestamp) -> Result<(u64, BTreeMap<String, String>), KeepError> {
    let to = data.join("export");
    let rows = export(data, &to, now)?;
    let mut hashes = BTreeMap::new();
    for entry in fs::read_dir(&to).map_err(io("list", &to))? {
        let path = entry.map_err(io("list", &to))?.path();
        let bytes = fs::read(&path).map_err(io("read", &path))?;
        let hash = Sha256::digest(&bytes);
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        hashes.insert(name, hash.iter().map(|byte| format!("{byte:02x}")).collect());
    }
    Ok((rows, hashes))
}

fn clear(folder: &Path) -> Result<(), KeepError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(io("remove", folder)(error))
        }
        _ => Ok(()),
    }
}
