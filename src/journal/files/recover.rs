//! From what a crash may have left to a journal that can be written.

use std::path::Path;

use super::disk::Disk;
use super::layout::{SegmentHeader, segment_name};
use super::manifest::{Manifest, segment_path};
use super::survey::Survey;
use super::verify::missing_manifest;
use super::writer::OpenSegment;
use crate::journal::{JournalError, Options, Stream};

/// Reads the manifest, or begins a new history where that is wanted.
pub(super) fn load_or_create(
    disk: Disk,
    folder: &Path,
    options: &Options,
) -> Result<Manifest, JournalError> {
    let wanted = options.stream.name();
    if let Some(manifest) = Manifest::load(disk, folder)? {
        if manifest.stream == wanted {
            return Ok(manifest);
        }
        let (folder, found) = (folder.to_owned(), manifest.stream);
        return Err(JournalError::OtherStream { folder, found, wanted });
    }
    let names = disk.list(folder).map_err(JournalError::io("list", folder))?;
    if names.iter().any(|name| name.ends_with(".log")) {
        return Err(JournalError::Damaged(missing_manifest()));
    }
    if !options.create {
        return Err(JournalError::Missing { folder: folder.to_owned() });
    }
    disk.sync_path(folder).map_err(JournalError::io("sync", folder))?;
    let manifest = Manifest::new(options, disk.new_generation());
    manifest.store(disk, folder)?;
    Ok(manifest)
}

/// Opens the last segment for writing, its torn tail cut off, and seals those before it.
pub(super) fn reopen(
    disk: Disk,
    folder: &Path,
    manifest: &mut Manifest,
    survey: &mut Survey,
) -> Result<Option<OpenSegment>, JournalError> {
    let mut unsealed = Vec::new();
    for (first, hash) in survey.unsealed.drain(..) {
        let path = segment_path(folder, first);
        let segment = survey.segments.iter().find(|segment| segment.first == first);
        let Some(segment) = segment else { continue };
        unsealed.push(OpenSegment {
            file: disk.open_to_write(&path).map_err(JournalError::io("open", &path))?,
            header: SegmentHeader {
                stream: Stream::named(&manifest.stream).unwrap_or(Stream::Journal),
                span: segment.span,
                generation: segment.generation,
                first,
            },
            bytes: segment.bytes,
            records: segment.records,
            hash,
        });
    }
    let Some(open) = unsealed.pop() else {
        return Ok(None);
    };
    manifest.sealed.extend(unsealed.into_iter().map(OpenSegment::seal));
    let path = segment_path(folder, open.header.first);
    if 0 < survey.torn_bytes {
        let (name, torn_bytes) = (segment_name(open.header.first), survey.torn_bytes);
        tracing::warn!(torn_bytes, "cut {torn_bytes} unfinished bytes off {name}");
        open.file.truncate(open.bytes).map_err(JournalError::io("truncate", &path))?;
    }
    assure_last_frame(&open, manifest, survey).map_err(JournalError::io("sync", &path))?;
    Ok(Some(open))
}

/// Writes the last frame once more, the same bytes, and syncs.
///
/// If the process ended on a failed sync, the page cache may show a frame that the disk does
/// not have and that a sync alone would not write again.
fn assure_last_frame(
    open: &OpenSegment,
    manifest: &Manifest,
    survey: &Survey,
) -> std::io::Result<()> {
    let known = manifest.synced;
    let is_known = known.segment == open.header.first && open.bytes <= known.bytes;
    if !is_known && 0 < open.records {
        let mut frame = vec![0; survey.last_frame_bytes as usize];
        let offset = open.bytes - survey.last_frame_bytes;
        open.file.read_at(&mut frame, offset)?;
        open.file.write_at(&frame, offset)?;
    }
    open.file.sync()
}
