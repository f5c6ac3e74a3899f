//! Reading every byte of a journal to name every difference, without writing.

use std::path::Path;

use sha2::{Digest, Sha256};

use super::disk::Disk;
use super::layout::segment_name;
use super::manifest::{MANIFEST, Manifest, Sealed, segment_path};
use super::survey::Surveyor;
use crate::journal::{Damage, Generation, JournalError, Seq};

/// How much is read at once.
const READ_BYTES: usize = 1024 * 1024;

/// What a reading of every byte found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyReport {
    /// The history; none when the manifest cannot be read.
    pub generation: Option<Generation>,
    /// The last record; 0 when there is none.
    pub last: Seq,
    /// How many segments were read.
    pub n_segments: usize,
    /// How many bytes of frames are whole.
    pub bytes: u64,
    /// Bytes at the end that were never synced: a crash left them, or a write is under way.
    pub torn_bytes: u64,
    /// Everything that is not as it was written.
    pub differences: Vec<Damage>,
}

impl VerifyReport {
    /// Whether all is as it was written.
    pub fn is_clean(&self) -> bool {
        self.differences.is_empty()
    }
}

/// Reads every byte of the journal in `folder`.
pub(crate) fn verify(disk: Disk, folder: &Path) -> Result<VerifyReport, JournalError> {
    super::keep::assure_finished(folder)?;
    let manifest = match Manifest::load(disk, folder) {
        Ok(Some(manifest)) => manifest,
        Ok(None) => return unreadable(disk, folder, None),
        Err(JournalError::Damaged(damage)) => return unreadable(disk, folder, Some(damage)),
        Err(error) => return Err(error),
    };
    let survey = Surveyor::new(disk, folder, &manifest, &mut |_| ()).run()?;
    let mut differences = survey.damages;
    for sealed in &manifest.sealed {
        differences.extend(hash_difference(disk, folder, sealed)?);
    }
    Ok(VerifyReport {
        generation: Some(manifest.generation),
        last: survey.last,
        n_segments: survey.segments.len(),
        bytes: survey.segments.iter().map(|segment| segment.bytes).sum(),
        torn_bytes: survey.torn_bytes,
        differences,
    })
}

/// A folder without a usable manifest cannot be told; only that is reported.
fn unreadable(
    disk: Disk,
    folder: &Path,
    damage: Option<Damage>,
) -> Result<VerifyReport, JournalError> {
    let names = disk.list(folder).map_err(JournalError::io("list", folder))?;
    let n_segments = names.iter().filter(|name| name.ends_with(".log")).count();
    if damage.is_none() && n_segments == 0 {
        return Err(JournalError::Missing { folder: folder.to_owned() });
    }
    Ok(VerifyReport {
        generation: None,
        last: 0,
        n_segments,
        bytes: 0,
        torn_bytes: 0,
        differences: vec![damage.unwrap_or_else(missing_manifest)],
    })
}

/// The damage of a folder that has segments and no manifest.
pub(crate) fn missing_manifest() -> Damage {
    Damage {
        segment: MANIFEST.to_owned(),
        offset: 0,
        lost: None,
        what: "it is missing although there are segments".to_owned(),
    }
}

fn hash_difference(
    disk: Disk,
    folder: &Path,
    sealed: &Sealed,
) -> Result<Option<Damage>, JournalError> {
    let path = segment_path(folder, sealed.first);
    let read = |error| JournalError::io("read", &path)(error);
    let Ok(file) = disk.open(&path) else {
        return Ok(None); // The survey has named it as missing.
    };
    let bytes = file.bytes().map_err(read)?;
    let mut hash = Sha256::new();
    let mut buffer = Vec::new();
    let mut offset = 0;
    while offset < bytes {
        buffer.resize((bytes - offset).min(READ_BYTES as u64) as usize, 0);
        file.read_at(&mut buffer, offset).map_err(read)?;
        hash.update(&buffer);
        offset += buffer.len() as u64;
    }
    Ok((hash_hex(hash) != sealed.sha256).then(|| Damage {
        segment: segment_name(sealed.first),
        offset: 0,
        lost: None,
        what: "its SHA-256 is not the manifest's".to_owned(),
    }))
}

/// Writes a finished hash as the manifest does.
pub(crate) fn hash_hex(hash: Sha256) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
