//! Records with all that their headers say: taken out of one stream, and put into a new one.

use std::path::Path;

use sha2::{Digest, Sha256};

use super::{held, sync_folder, write_new};
use crate::journal::files::disk::Disk;
use crate::journal::files::layout::{
    FRAME_BYTES_MAX, FRAME_HEADER_BYTES, FrameBuilder, RECORD_HEADER_BYTES, RecordHeader,
    SEGMENT_HEADER_BYTES, SegmentHeader, span_of, walk,
};
use crate::journal::files::manifest::{Manifest, Sealed, Synced, segment_path};
use crate::journal::files::scan::{Found, Scan};
use crate::journal::files::survey::Surveyor;
use crate::journal::files::verify::hash_hex;
use crate::journal::{Generation, JournalError, Options, Position, Record, Seq};

/// Frames of a new stream are about so long.
const FRAME_BYTES: usize = 1024 * 1024;

/// A record with all that its header says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BareRecord {
    /// The record.
    pub record: Record,
    /// So many records of its batch follow.
    pub left: u16,
    /// Whether text was erased from its batch.
    pub is_reduced: bool,
    /// Tells one body under its key from another; 0 once text was erased.
    pub body_hash: u64,
}

pub(crate) fn read_bare(
    folder: &Path,
    visit: &mut dyn FnMut(BareRecord) -> Result<(), JournalError>,
) -> Result<(), JournalError> {
    let disk = Disk::Real;
    let (_lock, manifest) = held(folder)?;
    let survey = Surveyor::new(disk, folder, &manifest, &mut |_| ()).run()?;
    if let Some(damage) = survey.damages.first() {
        return Err(JournalError::Damaged(damage.clone()));
    }
    for segment in &survey.segments {
        let path = segment_path(folder, segment.first);
        let read = |error| JournalError::io("read", &path)(error);
        let file = disk.open(&path).map_err(read)?;
        let (start, end) = (SEGMENT_HEADER_BYTES as u64, segment.bytes);
        let mut scan = Scan::new(file, segment.generation, start, end);
        while let Found::Frame(frame) = scan.next().map_err(read)? {
            let mut bare = vec![];
            walk(&frame, &scan.frame(&frame)[FRAME_HEADER_BYTES..], |header, payload| {
                bare.extend(header.record(payload).map(|record| BareRecord {
                    record,
                    left: header.left,
                    is_reduced: header.is_reduced,
                    body_hash: header.body_hash,
                }));
                true
            });
            bare.into_iter().try_for_each(&mut *visit)?;
        }
    }
    Ok(())
}

pub(crate) fn write_bare(
    folder: &Path,
    options: Options,
    next: &mut dyn FnMut() -> Result<Option<BareRecord>, JournalError>,
) -> Result<Position, JournalError> {
    let disk = Disk::Real;
    disk.create_folder(folder).map_err(JournalError::io("create", folder))?;
    if !disk.list(folder).map_err(JournalError::io("list", folder))?.is_empty() {
        return Err(JournalError::Occupied { folder: folder.to_owned() });
    }
    let manifest = Manifest::new(&options, Generation::random());
    let mut writing = Writing { folder, options, manifest, segment: None };
    let mut frame = FrameBuilder::new(1);
    let mut expected: Seq = 1;
    let mut left = 0;
    while let Some(bare) = next()? {
        let is_follower = 0 < left;
        let seq = bare.record.seq;
        let place = expected;
        let foreign = |what: String| Err(JournalError::Foreign { seq: place, what });
        if seq != expected {
            return foreign(format!("record {seq} stands in its place"));
        }
        if is_follower && bare.left + 1 != left {
            return foreign("its batch is not whole".to_owned());
        }
        if options.stream.payload_bytes_max() < bare.record.payload.len() {
            return foreign(format!("its payload has {} bytes", bare.record.payload.len()));
        }
        let at = bare.record.at;
        left = bare.left;
        expected += 1;
        push(&mut frame, &bare);
        if FRAME_BYTES_MAX - RECORD_HEADER_BYTES < frame.bytes() {
            return foreign("its batch is too long".to_owned());
        }
        if left == 0 && FRAME_BYTES <= frame.bytes() {
            let full = std::mem::replace(&mut frame, FrameBuilder::new(expected));
            writing.frame(full, (expected, span_of(options.stream, at)))?;
        }
    }
    if left != 0 {
        let what = "its batch is not whole".to_owned();
        return Err(JournalError::Foreign { seq: expected, what });
    }
    if FRAME_HEADER_BYTES < frame.bytes() {
        let span = writing.segment.as_ref().map_or(0, |it| it.header.span);
        writing.frame(frame, (expected, span))?;
    }
    writing.end(expected - 1)
}

fn push(frame: &mut FrameBuilder, bare: &BareRecord) {
    let Record { seq, at, kind, kind_version, entity, version, key, ref payload } = bare.record;
    let header = RecordHeader {
        payload_bytes: payload.len(),
        kind,
        kind_version,
        seq,
        at_us: at.as_microsecond(),
        entity,
        version,
        left: bare.left,
        is_reduced: bare.is_reduced,
        key,
        body_hash: bare.body_hash,
    };
    frame.push(&header, payload);
}

/// A segment in memory, and where it begins.
struct Open {
    header: SegmentHeader,
    bytes: Vec<u8>,
}

struct Writing<'a> {
    folder: &'a Path,
    options: Options,
    manifest: Manifest,
    segment: Option<Open>,
}

impl Writing<'_> {
    fn frame(&mut self, frame: FrameBuilder, (next, span): (Seq, u32)) -> Result<(), JournalError> {
        let generation = self.manifest.generation;
        let first = frame.first();
        let bytes = frame.finish(generation);
        let is_full = self.segment.as_ref().is_some_and(|it| {
            self.options.segment_bytes_max < (it.bytes.len() + bytes.len()) as u64
        });
        if is_full {
            self.seal(first)?;
        }
        let stream = self.options.stream;
        let segment = self.segment.get_or_insert_with(|| {
            let header = SegmentHeader { stream, span, generation, first };
            Open { header, bytes: header.encode().to_vec() }
        });
        segment.bytes.extend(bytes);
        debug_assert!(first < next, "a frame has records");
        Ok(())
    }

    fn seal(&mut self, next: Seq) -> Result<(), JournalError> {
        let Some(Open { header, bytes }) = self.segment.take() else { return Ok(()) };
        write_new(&segment_path(self.folder, header.first), &bytes)?;
        self.manifest.sealed.push(Sealed {
            first: header.first,
            bytes: bytes.len() as u64,
            records: next - header.first,
            generation: header.generation,
            sha256: hash_hex(Sha256::new_with_prefix(&bytes)),
        });
        Ok(())
    }

    fn end(mut self, last: Seq) -> Result<Position, JournalError> {
        self.seal(last + 1)?;
        sync_folder(self.folder)?;
        self.manifest.synced = Synced { segment: 0, bytes: 0, seq: last };
        self.manifest.store(Disk::Real, self.folder)?;
        Ok(Position { generation: self.manifest.generation, seq: last })
    }
}
