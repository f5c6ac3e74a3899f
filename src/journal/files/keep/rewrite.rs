//! Rewriting a stream that nobody has open: texts are dropped, or the end is, under a new history.
//!
//! New segments are written beside the old, as `*.log.rewritten`, and synced. The file `rewrite`
//! then holds the new manifest: from the rename that makes it, the new history holds, and whoever
//! opens the stream next finishes what was cut short. Before it, the old history is untouched.

use std::fs;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::{held, remove, sync_folder, write_new};
use crate::failpoint;
use crate::journal::files::disk::Disk;
use crate::journal::files::layout::{
    FRAME_HEADER_BYTES, FrameBuilder, RecordHeader, SEGMENT_HEADER_BYTES, SegmentHeader,
    parse_segment_name, segment_name, walk,
};
use crate::journal::files::manifest::{Manifest, Sealed, Synced, segment_path};
use crate::journal::files::scan::{Found, Scan, Segment};
use crate::journal::files::survey::Surveyor;
use crate::journal::files::verify::hash_hex;
use crate::journal::{Generation, JournalError, NewRecord, Position, Record, Seq, Stream};

/// The file that makes a rewrite hold: the new manifest.
pub(super) const MARKER: &str = "rewrite";
const BESIDE: &str = ".rewritten";

/// What a rewrite is to do.
pub struct Plan<'a> {
    /// The last record to keep; its batch is kept whole or not at all.
    pub until: Option<Seq>,
    /// What stands in place of a record whose text is to go: its payload and the payload's form.
    /// None leaves the record as it is.
    pub reduce: &'a mut dyn FnMut(&Record) -> Option<NewRecord>,
    /// Whether the stream gets a new history even when nothing changes.
    pub anew: bool,
}

/// What a rewrite has done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rewritten {
    /// Records that lost their text.
    pub reduced: u64,
    /// Records that were left out at the end.
    pub dropped: u64,
    /// The history and its last record.
    pub position: Position,
}

/// Rewrites the stream in `folder`, which must not be open. A crash leaves the old history or
/// the new one, each whole.
///
/// # Errors
/// `Locked` while somebody has it open, `Damaged` when it is not as it was written.
pub(crate) fn rewrite(folder: &Path, mut plan: Plan<'_>) -> Result<Rewritten, JournalError> {
    let disk = Disk::Real;
    let (_lock, old) = held(folder)?;
    discard(folder)?;
    let survey = Surveyor::new(disk, folder, &old, &mut |_| ()).run()?;
    if let Some(damage) = survey.damages.first() {
        return Err(JournalError::Damaged(damage.clone()));
    }
    let generation = Generation::random();
    let mut new = Manifest { generation, sealed: vec![], ..old.clone() };
    let mut done = Rewritten {
        reduced: 0,
        dropped: 0,
        position: Position { generation: old.generation, seq: survey.last },
    };
    for segment in &survey.segments {
        let mut writing = Writing::new(folder, &old, generation)?;
        writing.segment(segment, &mut plan)?;
        done.reduced += writing.reduced;
        done.dropped += writing.dropped;
        new.sealed.extend(writing.end(segment)?);
    }
    if !plan.anew && done.reduced == 0 && done.dropped == 0 {
        discard(folder)?;
        return Ok(done);
    }
    let seq = new.sealed.last().map_or(new.begins - 1, |it| it.first + it.records - 1);
    new.synced = Synced { segment: 0, bytes: 0, seq };
    done.position = Position { generation, seq };
    sync_folder(folder)?;
    failpoint::reached("rewrite-before-marker");
    new.store_as(disk, &folder.join(MARKER))?;
    failpoint::reached("rewrite-marked");
    finish(disk, folder)?;
    Ok(done)
}

/// Finishes a rewrite that was cut short after it began to hold. Only under the lock.
pub(in crate::journal::files) fn finish(disk: Disk, folder: &Path) -> Result<(), JournalError> {
    let marker = folder.join(MARKER);
    let Some(bytes) = disk.read_small(&marker).map_err(JournalError::io("read", &marker))? else {
        return Ok(());
    };
    let new = Manifest::read(&bytes)?;
    for name in disk.list(folder).map_err(JournalError::io("list", folder))? {
        let beside = folder.join(&name);
        if let Some(name) = name.strip_suffix(BESIDE) {
            let path = folder.join(name);
            fs::rename(&beside, &path).map_err(JournalError::io("rename", &beside))?;
            failpoint::reached("rewrite-renamed");
        } else if parse_segment_name(&name).is_some_and(|first| new.sealed(first).is_none()) {
            remove(&beside)?;
        }
    }
    sync_folder(folder)?;
    failpoint::reached("rewrite-before-manifest");
    new.store(disk, folder)?;
    failpoint::reached("rewrite-before-end");
    remove(&marker)?;
    sync_folder(folder)
}

/// Refuses a stream whose rewrite holds but is not at its end: half of its files are new.
pub(in crate::journal::files) fn assure_finished(folder: &Path) -> Result<(), JournalError> {
    match folder.join(MARKER).exists() {
        true => Err(JournalError::Unfinished { folder: folder.to_owned() }),
        false => Ok(()),
    }
}

/// Removes what a rewrite left that never began to hold.
fn discard(folder: &Path) -> Result<(), JournalError> {
    let names = Disk::Real.list(folder).map_err(JournalError::io("list", folder))?;
    names.iter().filter(|name| name.ends_with(BESIDE)).try_for_each(|it| remove(&folder.join(it)))
}

/// One segment on its way into the new history.
struct Writing<'a> {
    folder: &'a Path,
    old: &'a Manifest,
    stream: Stream,
    generation: Generation,
    bytes: Vec<u8>,
    records: u64,
    reduced: u64,
    dropped: u64,
}

type Entry = (RecordHeader, Vec<u8>);

impl<'a> Writing<'a> {
    fn new(
        folder: &'a Path,
        old: &'a Manifest,
        generation: Generation,
    ) -> Result<Self, JournalError> {
        let stream = Stream::named(&old.stream).ok_or_else(|| JournalError::OtherStream {
            folder: folder.to_owned(),
            found: old.stream.clone(),
            wanted: Stream::Journal.name(),
        })?;
        let (bytes, records, reduced, dropped) = (vec![], 0, 0, 0);
        Ok(Self { folder, old, stream, generation, bytes, records, reduced, dropped })
    }

    /// Reads every record of a segment and decides about it.
    fn segment(&mut self, segment: &Segment, plan: &mut Plan<'_>) -> Result<(), JournalError> {
        let path = segment_path(self.folder, segment.first);
        let read = |error| JournalError::io("read", &path)(error);
        let file = Disk::Real.open(&path).map_err(read)?;
        let (start, end) = (SEGMENT_HEADER_BYTES as u64, segment.bytes);
        let mut scan = Scan::new(file, segment.generation, start, end);
        let header = SegmentHeader {
            stream: self.stream,
            span: segment.span,
            generation: self.generation,
            first: segment.first,
        };
        self.bytes.extend(header.encode());
        while let Found::Frame(frame) = scan.next().map_err(read)? {
            let mut batch: Vec<Entry> = vec![];
            let mut builder = FrameBuilder::new(frame.first);
            let body = &scan.frame(&frame)[FRAME_HEADER_BYTES..];
            walk(&frame, body, |header, payload| {
                batch.push((*header, payload.to_vec()));
                if header.left == 0 {
                    self.batch(std::mem::take(&mut batch), plan, &mut builder);
                }
                true
            });
            // A batch never reaches over a frame; what is left is none.
            self.dropped += batch.len() as u64;
            if frame.first < builder.next() {
                self.records += builder.next() - frame.first;
                self.bytes.extend(builder.finish(self.generation));
            }
        }
        Ok(())
    }

    fn batch(&mut self, batch: Vec<Entry>, plan: &mut Plan<'_>, into: &mut FrameBuilder) {
        let last = batch.last().map_or(0, |it| it.0.seq);
        if plan.until.is_some_and(|until| until < last) {
            self.dropped += batch.len() as u64;
            return;
        }
        let decided: Vec<Option<NewRecord>> = batch
            .iter()
            .map(|(header, payload)| {
                header.record(payload).and_then(|record| (plan.reduce)(&record))
            })
            .collect();
        let is_reduced = decided.iter().any(Option::is_some);
        for ((mut header, payload), decided) in batch.into_iter().zip(decided) {
            self.reduced += u64::from(decided.is_some());
            let (kind_version, payload) = match decided {
                Some(new) => (new.kind_version, new.payload),
                None => (header.kind_version, payload),
            };
            header.kind_version = kind_version;
            header.payload_bytes = payload.len();
            if is_reduced {
                // The hash is over the whole batch and would confirm a guess.
                header.is_reduced = true;
                header.body_hash = 0;
            }
            into.push(&header, &payload);
        }
    }

    /// Writes the segment beside the old one if it has changed; tells its place in the manifest.
    fn end(self, segment: &Segment) -> Result<Option<Sealed>, JournalError> {
        let sealed = self.old.sealed(segment.first);
        if let (Some(sealed), 0, 0) = (sealed, self.reduced, self.dropped) {
            return Ok(Some(sealed.clone()));
        }
        if self.records == 0 {
            return Ok(None);
        }
        let name = format!("{}{BESIDE}", segment_name(segment.first));
        write_new(&self.folder.join(name), &self.bytes)?;
        failpoint::reached("rewrite-segment");
        Ok(Some(Sealed {
            first: segment.first,
            bytes: self.bytes.len() as u64,
            records: self.records,
            generation: self.generation,
            sha256: hash_hex(Sha256::new_with_prefix(&self.bytes)),
        }))
    }
}
