//! The journal in a folder of this machine: opening, reading, waiting.

mod disk;
mod drop_old;
mod keep;
mod layout;
mod manifest;
mod memory;
mod queue;
mod read;
mod recover;
mod scan;
mod survey;
mod verify;
mod writer;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, PoisonError, RwLock, RwLockReadGuard};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::sync::watch;
use uuid::Uuid;

use crate::durations::Durations;
use crate::journal::{
    BATCH_BYTES_MAX, BATCH_RECORDS_MAX, Batch, Generation, JournalError, Options, Position, Record,
    Seq, Stream,
};
pub(crate) use disk::Disk;
pub(super) use disk::is_full;
#[cfg(test)]
pub(crate) use disk::simulated;
pub use keep::{BareRecord, Copied, Plan, Rewritten, Sink};
pub(super) use keep::{copy, read_bare, rewrite, write_bare};
use layout::{FrameHeader, RecordHeader, SegmentHeader, record_bytes};
use manifest::Manifest;
use memory::Memory;
pub use queue::Pending;
use queue::Queue;
#[cfg(test)]
pub(super) use queue::Taken;
use read::read_segment;
pub(super) use read::show;
use recover::{load_or_create, reopen};
use scan::Segment;
use survey::{Survey, Surveyor};
pub use verify::VerifyReport;
pub(super) use verify::verify;
pub(super) use writer::Writer;

/// The lock's file name.
const LOCK: &str = "lock";

/// A journal in files. Clones share it; the last one closes it.
#[derive(Clone)]
pub struct FileJournal(Arc<Inner>);

struct Inner {
    shared: Arc<Shared>,
    writer: Mutex<Option<JoinHandle<()>>>,
}

/// What the writer and those who read have in common.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) disk: Disk,
    pub(crate) folder: PathBuf,
    pub(crate) stream: Stream,
    pub(crate) segment_bytes_max: u64,
    pub(crate) queue: Queue,
    /// How long heaps of records took to be written and synced.
    pub(crate) appends: Durations,
    generation: Generation,
    state: RwLock<State>,
    head: watch::Sender<Seq>,
    /// The head once more, for threads.
    turn: (Mutex<Seq>, Condvar),
    failed: watch::Sender<Option<String>>,
}

/// Synced things only.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) memory: Memory,
    pub(crate) last: Seq,
    segments: Vec<Segment>,
}

/// Tells when a journal has failed. The owner of the process then ends it, so that the next
/// start reads what the disk really holds.
#[derive(Clone, Debug)]
pub struct Failed(watch::Receiver<Option<String>>);

impl Failed {
    /// Tells the cause, if the journal has failed by now.
    pub fn now(&self) -> Option<String> {
        self.0.borrow().clone()
    }

    /// Waits for a failure and tells its cause; forever if the journal is closed in good order.
    pub async fn wait(mut self) -> String {
        let failed = self.0.wait_for(Option::is_some).await.map(|why| why.clone());
        match failed {
            Ok(Some(why)) => why,
            Ok(None) | Err(_) => std::future::pending().await,
        }
    }
}

impl FileJournal {
    pub(super) fn open(folder: &Path, options: Options) -> Result<Self, JournalError> {
        Self::open_on(Disk::Real, folder, options)
    }

    pub(super) fn open_on(
        disk: Disk,
        folder: &Path,
        options: Options,
    ) -> Result<Self, JournalError> {
        let writer = prepare(disk, folder, options)?;
        let shared = Arc::clone(&writer.shared);
        let thread = thread::Builder::new()
            .name(format!("{}-writer", options.stream.name()))
            .spawn(move || writer.run())
            .map_err(JournalError::io("start a writer for", folder))?;
        Ok(Self(Arc::new(Inner { shared, writer: Mutex::new(Some(thread)) })))
    }

    /// A journal whose writer does nothing by itself: a test says when it writes.
    #[cfg(test)]
    pub(super) fn stepped(
        disk: Disk,
        folder: &Path,
        options: Options,
    ) -> Result<(Self, Writer), JournalError> {
        let writer = prepare(disk, folder, options)?;
        let shared = Arc::clone(&writer.shared);
        Ok((Self(Arc::new(Inner { shared, writer: Mutex::new(None) })), writer))
    }

    pub(super) fn submit(&self, batch: Batch) -> Pending {
        match check_limits(&batch, self.0.shared.stream) {
            Ok(()) => self.0.shared.queue.put(batch),
            Err(error) => Pending::refused(error),
        }
    }

    pub(super) fn appends(&self) -> &Durations {
        &self.0.shared.appends
    }

    pub(super) fn position(&self) -> Position {
        let generation = self.0.shared.generation;
        Position { generation, seq: self.0.shared.state().last }
    }

    pub(super) fn version_of(&self, entity: Uuid) -> Option<u32> {
        self.0.shared.state().memory.entity(entity).map(|entity| entity.version)
    }

    pub(super) fn first_of(&self, entity: Uuid) -> Option<Seq> {
        self.0.shared.state().memory.entity(entity).map(|entity| entity.first)
    }

    pub(super) fn read(&self, after: Seq, records_max: usize) -> Result<Vec<Record>, JournalError> {
        let mut records = Vec::new();
        let after = after.max(self.0.shared.dropped());
        for segment in self.0.shared.segments_after(after, records_max) {
            read_segment(&self.0.shared, &segment, (after, records_max), &mut records)?;
        }
        Ok(records)
    }

    pub(super) fn wait_past(&self, seq: Seq, timeout: Duration) -> bool {
        let (head, moved) = &self.0.shared.turn;
        let head = head.lock().unwrap_or_else(PoisonError::into_inner);
        let (head, _) = moved
            .wait_timeout_while(head, timeout, |head| *head <= seq)
            .unwrap_or_else(PoisonError::into_inner);
        seq < *head
    }

    pub(super) fn subscribe(&self) -> watch::Receiver<Seq> {
        self.0.shared.head.subscribe()
    }

    pub(super) fn failed(&self) -> Failed {
        Failed(self.0.shared.failed.subscribe())
    }

    pub(super) fn close(&self) {
        self.0.close();
    }
}

/// Takes the lock, reads every byte, repairs a torn tail, and makes the writer.
fn prepare(disk: Disk, folder: &Path, options: Options) -> Result<Writer, JournalError> {
    if options.create {
        disk.create_folder(folder).map_err(JournalError::io("create", folder))?;
    }
    if !disk.is_folder(folder) {
        return Err(JournalError::Missing { folder: folder.to_owned() });
    }
    let path = folder.join(LOCK);
    let lock = disk
        .lock(&path)
        .map_err(JournalError::io("lock", &path))?
        .ok_or_else(|| JournalError::Locked { folder: folder.to_owned() })?;
    keep::finish(disk, folder)?;
    let mut manifest = load_or_create(disk, folder, &options)?;
    drop_old::remove_dropped(disk, folder, &manifest)?;
    let mut memory = Memory::default();
    let mut visit = |header: &RecordHeader| memory.replay(header);
    let mut survey = Surveyor::new(disk, folder, &manifest, &mut visit).run()?;
    if let Some(damage) = survey.damages.first() {
        return Err(JournalError::Damaged(damage.clone()));
    }
    let open = reopen(disk, folder, &mut manifest, &mut survey)?;
    // A name that was found may not be durable yet, and the manifest is about to rest on it.
    disk.sync_folder(folder).map_err(JournalError::io("sync", folder))?;
    let shared = Arc::new(Shared::new(disk, folder, &options, (&manifest, survey, memory)));
    let mut writer = Writer { shared, manifest, open, is_noted: false, frames: 0, lock };
    match writer.store_floor() {
        // Reading goes on, and the next batch notes it first.
        Err(error) if error.is_full() => {
            tracing::warn!(error = error.told(), "the journal's disk is full");
        }
        stored => stored?,
    }
    Ok(writer)
}

impl fmt::Debug for FileJournal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileJournal").field("folder", &self.0.shared.folder).finish_non_exhaustive()
    }
}

impl Inner {
    fn close(&self) {
        self.shared.queue.stop("it was closed");
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        // A writer that panicked has told those who waited; there is nothing to add.
        writer.map(JoinHandle::join);
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.close();
    }
}

impl Shared {
    fn new(
        disk: Disk,
        folder: &Path,
        options: &Options,
        (manifest, survey, memory): (&Manifest, Survey, Memory),
    ) -> Self {
        Self {
            disk,
            folder: folder.to_owned(),
            stream: options.stream,
            segment_bytes_max: options.segment_bytes_max,
            queue: Queue::default(),
            appends: Durations::default(),
            generation: manifest.generation,
            head: watch::Sender::new(survey.last),
            turn: (Mutex::new(survey.last), Condvar::new()),
            failed: watch::Sender::new(None),
            state: RwLock::new(State { memory, last: survey.last, segments: survey.segments }),
        }
    }

    pub(crate) fn state(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Shows a frame that is synced now, and wakes whoever waits for it.
    pub(crate) fn publish(&self, frame: &FrameHeader, headers: &[RecordHeader]) {
        let last = frame.next() - 1;
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        headers.iter().for_each(|header| state.memory.replay(header));
        state.segments.iter_mut().next_back().into_iter().for_each(|it| it.grow(frame));
        state.last = last;
        drop(state);
        *self.turn.0.lock().unwrap_or_else(PoisonError::into_inner) = last;
        self.turn.1.notify_all();
        self.head.send_replace(last);
    }

    /// Shows that a segment without records has begun.
    pub(crate) fn begin_segment(&self, header: &SegmentHeader) {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        state.segments.retain(|segment| segment.first != header.first);
        state.segments.push(Segment::new(header));
    }

    /// Stops for good and tells everybody.
    pub(crate) fn fail(&self, why: &str) {
        self.failed.send_replace(Some(why.to_owned()));
        self.queue.give_up(why);
    }

    /// The last record that is dropped; 0 when none is.
    fn dropped(&self) -> Seq {
        self.state().segments.first().map_or(0, |it| it.first - 1)
    }

    /// Forgets the segments before the one that begins with `first`.
    pub(crate) fn drop_before(&self, first: Seq) {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        state.segments.retain(|it| first <= it.first);
    }

    /// Picks the segments that hold the records asked for.
    fn segments_after(&self, after: Seq, records_max: usize) -> Vec<Segment> {
        let state = self.state();
        if state.last <= after {
            return Vec::new();
        }
        let next = after.saturating_add(1);
        let last = after.saturating_add(records_max as u64);
        let begin = state.segments.partition_point(|segment| segment.first <= next);
        let segments = state.segments[begin.saturating_sub(1)..].iter();
        segments.take_while(|segment| segment.first <= last).map(|it| it.from(after)).collect()
    }
}

fn check_limits(batch: &Batch, stream: Stream) -> Result<(), JournalError> {
    let key = batch.key;
    let n_records = batch.records.len();
    let bytes = batch.records.iter().map(record_bytes).sum();
    let payload = batch.records.iter().map(|record| record.payload.len()).max();
    let limits = [
        ("records", n_records, BATCH_RECORDS_MAX),
        ("bytes in a payload", payload.unwrap_or(0), stream.payload_bytes_max()),
        ("bytes", bytes, BATCH_BYTES_MAX),
    ];
    if n_records == 0 {
        return Err(JournalError::Empty { key });
    }
    let beyond = limits.into_iter().find(|(_, found, max)| max < found);
    beyond
        .map_or(Ok(()), |(unit, found, max)| Err(JournalError::TooLarge { key, unit, found, max }))
}
