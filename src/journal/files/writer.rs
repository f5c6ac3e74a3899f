//! The one thread that writes: takes what waits, writes one frame, syncs, answers.
//!
//! There is no timer: while a sync runs, the next group gathers. Nothing is answered before
//! the sync, a repeat or a conflict neither, since they may rest on what is being synced. When
//! a write or a sync fails, nothing is tried again: all who wait are told, the journal stops for
//! good, and the next start reads what the disk really holds. One failure is none of the disk's:
//! a write without room is cut off again and refused, and the next may find room. A sync that
//! finds no room is a failed sync.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::Shared;
use super::disk::DiskFile;
use super::layout::{
    FrameBuilder, FrameHeader, RecordHeader, SEGMENT_HEADER_BYTES, SegmentHeader, span_of,
};
use super::manifest::{Manifest, Sealed, Synced, segment_path};
use super::memory::Staged;
use super::queue::{Job, Taken};
use super::verify::hash_hex;
use crate::journal::{Appended, JournalError, Seq};

/// The segment that grows.
#[derive(Debug)]
pub(crate) struct OpenSegment {
    pub(crate) file: DiskFile,
    pub(crate) header: SegmentHeader,
    pub(crate) bytes: u64,
    pub(crate) records: u64,
    /// Over all bytes so far, for the manifest once it is sealed.
    pub(crate) hash: Sha256,
}

/// The writer's own things; nobody else touches the files.
#[derive(Debug)]
pub(crate) struct Writer {
    pub(crate) shared: Arc<Shared>,
    pub(crate) manifest: Manifest,
    pub(crate) open: Option<OpenSegment>,
    /// Whether the manifest on disk names the open segment. Nothing is answered before.
    pub(crate) is_noted: bool,
    /// Frames since the floor was last noted.
    pub(crate) frames: u32,
    /// Held as long as the writer lives.
    pub(crate) lock: DiskFile,
}

/// What is answered to each batch of a group, in order.
type Answers = Vec<Result<Appended, JournalError>>;

/// A group that is checked and encoded.
struct Group {
    answers: Answers,
    headers: Vec<RecordHeader>,
    frame: FrameBuilder,
    /// The latest time among its new batches; none when there are none.
    latest: Option<Timestamp>,
}

/// How long nothing must come before the floor is noted.
const FLOOR_REST: Duration = Duration::from_secs(1);
/// After so many frames the floor is noted even without a rest.
const FLOOR_FRAMES: u32 = 1_000;

impl Writer {
    /// Writes until the queue is stopped and empty, or until something fails.
    pub(crate) fn run(mut self) {
        loop {
            let rest = (0 < self.frames).then_some(FLOOR_REST);
            let taken = self.shared.queue.take_group(rest);
            let done = match taken {
                Taken::Group(jobs) => self.write(jobs),
                Taken::Rest => self.note(),
                Taken::End => return self.end(),
            };
            if done.is_err() {
                return;
            }
        }
    }

    /// Writes a group and answers it; an error means that the journal has stopped.
    pub(crate) fn write(&mut self, jobs: Vec<Job>) -> Result<(), Stopped> {
        let group = self.stage(&jobs);
        match self.commit(group) {
            Ok((answers, frame)) => {
                jobs.into_iter().zip(answers).for_each(|(job, it)| job.tell(it));
                self.hash(&frame);
            }
            Err(error) if error.is_full() => {
                let why = error.told();
                tracing::error!(error = why, "the journal's disk is full");
                if let Err(error) = self.take_back() {
                    return Err(self.fail(&error, jobs));
                }
                let full = || JournalError::Full { why: why.clone() };
                jobs.into_iter().for_each(|job| job.tell(Err(full())));
            }
            Err(error) => return Err(self.fail(&error, jobs)),
        }
        if FLOOR_FRAMES <= self.frames { self.note() } else { Ok(()) }
    }

    /// Notes in good time how far everything is synced, so that damage up to there cannot pass
    /// for a torn tail. Without room for it the journal goes on.
    pub(crate) fn note(&mut self) -> Result<(), Stopped> {
        match self.store_floor() {
            Err(error) if !error.is_full() => Err(self.fail(&error, Vec::new())),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Notes the end of the journal at an orderly close.
    pub(crate) fn end(mut self) {
        if let Err(error) = self.store_floor() {
            let told = error.told();
            tracing::warn!(error = told, "could not note the end of the journal at close");
        }
    }

    fn fail(&self, error: &JournalError, jobs: Vec<Job>) -> Stopped {
        let why = error.told();
        tracing::error!(error = why, "the journal failed and accepts no more");
        self.shared.fail(&why);
        jobs.into_iter().for_each(|job| job.refuse(&why));
        Stopped
    }

    /// Cuts off what a full disk took of a frame; durably, since the segment may be sealed next.
    fn take_back(&self) -> Result<(), JournalError> {
        let Some(open) = &self.open else { return Ok(()) };
        let path = segment_path(&self.shared.folder, open.header.first);
        open.file.truncate(open.bytes).map_err(JournalError::io("truncate", &path))?;
        open.file.sync().map_err(JournalError::io("sync", &path))
    }

    fn stage(&self, jobs: &[Job]) -> Group {
        let state = self.shared.state();
        let mut staged = Staged::new(&state.memory, state.last + 1);
        let mut answers = Vec::with_capacity(jobs.len());
        let mut latest = None;
        for Job { batch, .. } in jobs {
            let answer = staged.add(batch);
            if let Ok(Appended::Written { .. }) = answer {
                latest = latest.max(Some(batch.at));
            }
            answers.push(answer);
        }
        Group { answers, headers: staged.headers, frame: staged.frame, latest }
    }

    /// Counts a written frame into the segment's hash: nobody waits for it, so after the answers.
    fn hash(&mut self, frame: &[u8]) {
        if let Some(open) = &mut self.open {
            open.hash.update(frame);
        }
    }

    /// Makes a group durable and visible; gives its answers and the frame that it became.
    fn commit(&mut self, group: Group) -> Result<(Answers, Vec<u8>), JournalError> {
        let Some(latest) = group.latest else {
            return Ok((group.answers, Vec::new()));
        };
        let first = group.headers.first().map_or(1, |header| header.seq);
        let span = span_of(self.shared.stream, latest);
        if self.must_roll(group.frame.bytes(), span) {
            self.roll(first, span)?;
            self.drop_old(latest)?;
        }
        if !self.is_noted {
            self.store_floor()?;
        }
        let open = self.open.as_mut().expect("a journal without an open segment always rolls");
        let path = segment_path(&self.shared.folder, open.header.first);
        let frame = group.frame.finish(open.header.generation);
        let begun = Instant::now();
        open.file.write_at(&frame, open.bytes).map_err(JournalError::io("write", &path))?;
        open.file.sync().map_err(JournalError::io("sync", &path))?;
        self.shared.appends.took(begun.elapsed());
        open.bytes += frame.len() as u64;
        open.records += group.headers.len() as u64;
        self.frames += 1;
        let header = FrameHeader::decode(&frame).expect("it was just encoded from checked batches");
        self.shared.publish(&header, &group.headers);
        Ok((group.answers, frame))
    }

    fn must_roll(&self, frame_bytes: usize, span: u32) -> bool {
        let Some(open) = &self.open else {
            return true;
        };
        let is_full = self.shared.segment_bytes_max < open.bytes + frame_bytes as u64;
        let is_over = match self.shared.stream.kept_for() {
            None => open.header.span < span,
            // A clock that was ahead for a while does not keep a segment open until then.
            Some(_) => open.header.span != span,
        };
        is_over || (is_full && 0 < open.records)
    }

    /// Seals the open segment and begins another. The new file is whole and in the folder before
    /// the manifest changes, so a crash in between leaves two segments that read in order.
    fn roll(&mut self, first: Seq, span: u32) -> Result<(), JournalError> {
        let header = SegmentHeader {
            stream: self.shared.stream,
            span,
            generation: self.manifest.generation,
            first,
        };
        let disk = self.shared.disk;
        let path = segment_path(&self.shared.folder, first);
        let start = header.encode();
        disk.replace(&path, &start).map_err(JournalError::io("create", &path))?;
        // From here on the file is there, so nothing may go on in the segment before it.
        let file = disk.open_to_write(&path).map_err(io::Error::other);
        let file = file.map_err(JournalError::io("open", &path))?;
        if let Some(open) = self.open.take_if(|open| 0 < open.records) {
            self.manifest.sealed.push(open.seal());
        }
        self.open = Some(OpenSegment {
            file,
            header,
            bytes: SEGMENT_HEADER_BYTES as u64,
            records: 0,
            hash: Sha256::new_with_prefix(start),
        });
        self.is_noted = false;
        self.shared.begin_segment(&header);
        Ok(())
    }

    /// Notes in the manifest that everything so far is synced.
    pub(crate) fn store_floor(&mut self) -> Result<(), JournalError> {
        self.manifest.synced = Synced {
            segment: self.open.as_ref().map_or(0, |open| open.header.first),
            bytes: self.open.as_ref().map_or(0, |open| open.bytes),
            seq: self.shared.state().last,
        };
        self.manifest.store(self.shared.disk, &self.shared.folder)?;
        (self.is_noted, self.frames) = (true, 0);
        Ok(())
    }
}

/// The journal has failed; whoever waited was told.
#[derive(Debug)]
pub(crate) struct Stopped;

impl OpenSegment {
    /// Describes the segment for the manifest.
    pub(crate) fn seal(self) -> Sealed {
        Sealed {
            first: self.header.first,
            bytes: self.bytes,
            records: self.records,
            generation: self.header.generation,
            sha256: hash_hex(self.hash),
        }
    }
}

impl Drop for Writer {
    /// Also after a panic nobody waits in vain. The lock goes with the writer.
    fn drop(&mut self) {
        self.shared.queue.give_up("its writer has ended");
        tracing::debug!(lock = ?self.lock, "the journal's writer has ended");
    }
}
