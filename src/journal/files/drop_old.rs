//! Short-lived things go by whole segments, once all that one holds is old.
//!
//! First the manifest says where the history begins now, then the files go. A crash in between
//! leaves files that no manifest names; the next start removes them.

use std::path::Path;

use jiff::{SignedDuration, Timestamp};

use super::disk::Disk;
use super::layout::{SEGMENT_HEADER_BYTES, parse_segment_name, walk};
use super::manifest::{Manifest, Sealed, segment_path};
use super::scan::{Found, Scan};
use super::writer::Writer;
use crate::failpoint;
use crate::journal::JournalError;
use crate::journal::files::layout::FRAME_HEADER_BYTES;

impl Writer {
    /// Drops the sealed segments at the front whose records are all too old by `now`. They may
    /// as well be that far ahead of it: then the clock was wrong when they were written.
    pub(super) fn drop_old(&mut self, now: Timestamp) -> Result<(), JournalError> {
        let Some(kept_for) = self.shared.stream.kept_for() else { return Ok(()) };
        let (disk, folder) = (self.shared.disk, self.shared.folder.clone());
        let mut begins = self.manifest.begins;
        for sealed in &self.manifest.sealed {
            if is_needed(disk, &folder, sealed, (now, kept_for))? {
                break;
            }
            begins = sealed.first + sealed.records;
        }
        if begins == self.manifest.begins {
            return Ok(());
        }
        self.manifest.begin_with(begins);
        self.store_floor()?;
        failpoint::reached("drop-noted");
        self.shared.drop_before(begins);
        remove_dropped(disk, &folder, &self.manifest)
    }
}

/// Whether a segment holds a record within `kept_for` of `now`.
fn is_needed(
    disk: Disk,
    folder: &Path,
    sealed: &Sealed,
    (now, kept_for): (Timestamp, SignedDuration),
) -> Result<bool, JournalError> {
    let path = segment_path(folder, sealed.first);
    let read = |error| JournalError::io("read", &path)(error);
    let file = disk.open(&path).map_err(read)?;
    let start = SEGMENT_HEADER_BYTES as u64;
    let mut scan = Scan::new(file, sealed.generation, start, sealed.bytes);
    let mut is_needed = false;
    loop {
        match scan.next().map_err(read)? {
            Found::End => return Ok(is_needed),
            // What cannot be read is damage, and stays for whoever looks into it.
            Found::Bad => return Ok(true),
            Found::Frame(frame) => {
                walk(&frame, &scan.frame(&frame)[FRAME_HEADER_BYTES..], |header, _| {
                    let at = Timestamp::from_microsecond(header.at_us).unwrap_or(now);
                    is_needed |= now.duration_since(at).abs() <= kept_for;
                    true
                });
            }
        }
    }
}

/// Removes the files of segments before the history's begin. Only under the lock.
pub(super) fn remove_dropped(
    disk: Disk,
    folder: &Path,
    manifest: &Manifest,
) -> Result<(), JournalError> {
    if manifest.begins == 1 {
        return Ok(());
    }
    let names = disk.list(folder).map_err(JournalError::io("list", folder))?;
    let dropped = |name: &&String| parse_segment_name(name).is_some_and(|it| it < manifest.begins);
    let dropped: Vec<&String> = names.iter().filter(dropped).collect();
    for name in &dropped {
        let path = folder.join(name);
        disk.remove(&path).map_err(JournalError::io("remove", &path))?;
        failpoint::reached("drop-removed");
    }
    match dropped.is_empty() {
        true => Ok(()),
        false => disk.sync_folder(folder).map_err(JournalError::io("sync", folder)),
    }
}
