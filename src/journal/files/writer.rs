//! The one thread that writes: takes what waits, writes one frame, syncs, answers.
//!
//! There is no timer: while a sync runs, the next group gathers. Nothing is answered before
//! the sync, a repeat or a conflict neither, since they may rest on what is being synced. When
//! a write or a sync fails, nothing is tried again: all who wait are told, the journal stops for
//! good, and the next start reads what the disk really holds.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::Shared;
use super::disk::DiskFile;
use super::layout::{
    FrameBuilder, FrameHeader, RecordHeader, SEGMENT_HEADER_BYTES, SegmentHeader, month_of,
};
use super::manifest::{Manifest, Sealed, Synced, segment_path};
use super::memory::Staged;
use super::queue::Job;
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
    /// Held as long as the writer lives.
    pub(crate) lock: DiskFile,
}

/// A group that is checked and encoded.
struct Group {
    answers: Vec<Result<Appended, JournalError>>,
    headers: Vec<RecordHeader>,
    frame: FrameBuilder,
    /// The latest month among its new batches; none when there are none.
    month: Option<u32>,
}

impl Writer {
    /// Writes until the queue is stopped and empty, or until something fails.
    pub(crate) fn run(mut self) {
        while let Some(jobs) = self.shared.queue.take_group() {
            let group = self.stage(&jobs);
            let answers = match self.commit(group) {
                Ok(answers) => answers,
                Err(error) => return self.fail(&error, jobs),
            };
            for (job, answer) in jobs.into_iter().zip(answers) {
                let _ = job.answer.send(answer); // Nobody may be waiting any more.
            }
        }
        if let Err(error) = self.store_floor() {
            let told = error.told();
            tracing::warn!(error = told, "could not note the end of the journal at close");
        }
    }

    fn fail(self, error: &JournalError, jobs: Vec<Job>) {
        let why = error.told();
        tracing::error!(error = why, "the journal failed and accepts no more");
        self.shared.fail(&why);
        jobs.into_iter().for_each(|job| job.refuse(&why));
    }

    fn stage(&self, jobs: &[Job]) -> Group {
        let state = self.shared.state();
        let mut staged = Staged::new(&state.memory, state.last + 1);
        let mut answers = Vec::with_capacity(jobs.len());
        let mut month = None;
        for Job { batch, .. } in jobs {
            let answer = staged.add(batch);
            if let Ok(Appended::Written { .. }) = answer {
                month = month.max(Some(month_of(batch.at)));
            }
            answers.push(answer);
        }
        Group { answers, headers: staged.headers, frame: staged.frame, month }
    }

    /// Makes a group durable and visible.
    fn commit(
        &mut self,
        group: Group,
    ) -> Result<Vec<Result<Appended, JournalError>>, JournalError> {
        let Some(month) = group.month else {
            return Ok(group.answers);
        };
        let first = group.headers.first().map_or(1, |header| header.seq);
        if self.must_roll(group.frame.bytes(), month) {
            self.roll(first, month)?;
        }
        let open = self.open.as_mut().expect("a journal without an open segment always rolls");
        let path = segment_path(&self.shared.folder, open.header.first);
        let frame = group.frame.finish(open.header.generation);
        open.file.write_at(&frame, open.bytes).map_err(JournalError::io("write", &path))?;
        open.file.sync().map_err(JournalError::io("sync", &path))?;
        open.hash.update(&frame);
        open.bytes += frame.len() as u64;
        open.records += group.headers.len() as u64;
        let frame = FrameHeader::decode(&frame).expect("it was just encoded from checked batches");
        self.shared.publish(&frame, &group.headers);
        Ok(group.answers)
    }

    fn must_roll(&self, frame_bytes: usize, month: u32) -> bool {
        let Some(open) = &self.open else {
            return true;
        };
        let is_full = self.shared.segment_bytes_max < open.bytes + frame_bytes as u64;
        open.header.month < month || (is_full && 0 < open.records)
    }

    /// Seals the open segment and begins another. The new file is whole and in the folder before
    /// the manifest changes, so a crash in between leaves two segments that read in order.
    fn roll(&mut self, first: Seq, month: u32) -> Result<(), JournalError> {
        let header = SegmentHeader {
            stream: self.shared.stream,
            month,
            generation: self.manifest.generation,
            first,
        };
        let disk = self.shared.disk;
        let path = segment_path(&self.shared.folder, first);
        let start = header.encode();
        if let Some(open) = self.open.take_if(|open| 0 < open.records) {
            self.manifest.sealed.push(open.seal());
        }
        disk.replace(&path, &start).map_err(JournalError::io("create", &path))?;
        self.open = Some(OpenSegment {
            file: disk.open_to_write(&path).map_err(JournalError::io("open", &path))?,
            header,
            bytes: SEGMENT_HEADER_BYTES as u64,
            records: 0,
            hash: Sha256::new_with_prefix(start),
        });
        self.shared.begin_segment(&header);
        self.store_floor()
    }

    /// Notes in the manifest that everything so far is synced.
    pub(crate) fn store_floor(&mut self) -> Result<(), JournalError> {
        self.manifest.synced = Synced {
            segment: self.open.as_ref().map_or(0, |open| open.header.first),
            bytes: self.open.as_ref().map_or(0, |open| open.bytes),
            seq: self.shared.state().last,
        };
        self.manifest.store(self.shared.disk, &self.shared.folder)
    }
}

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
