//! What the journal remembers to tell repeats and conflicts: decided here, without any file.
//!
//! The memory is a function of the records alone, so a restart rebuilds it from their headers.
//! A batch whose key is the entity of its first record is a creation and is remembered as
//! long as the entity is. Other keys are remembered for [`KEY_DAYS`] of told time.

use std::collections::{HashMap, VecDeque};

use uuid::Uuid;

use super::layout::{FrameBuilder, RecordHeader};
use crate::journal::{Appended, Batch, JournalError, Seq};

/// How long a key that names no creation is remembered, in days of `at`.
pub(crate) const KEY_DAYS: i64 = 35;
/// How many such keys are remembered at most; the oldest are forgotten first.
pub(crate) const KEYS_MAX: usize = 1_000_000;

const DAY_US: i64 = 24 * 60 * 60 * 1_000_000;

/// What is remembered of an entity.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entity {
    pub(crate) version: u32,
    pub(crate) first: Seq,
    made: Made,
}

#[derive(Clone, Copy, Debug)]
enum Made {
    /// By a batch that has the entity's id as key.
    Creation { body_hash: u64 },
    /// The same, but the body was erased since.
    Reduced,
    /// In a batch under another key.
    Beside,
}

#[derive(Clone, Copy, Debug)]
struct Used {
    first: Seq,
    /// None when the body was erased since.
    body_hash: Option<u64>,
}

/// Everything that is remembered of synced records.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    entities: HashMap<Uuid, Entity>,
    keys: HashMap<Uuid, Used>,
    /// Keys in the order of the journal, with their `at`.
    order: VecDeque<(i64, Uuid)>,
    /// The told time. A batch moves it by a day at most, so that one wrong clock forgets little.
    newest_us: Option<i64>,
    /// Whether the next record to be replayed belongs to the same batch as the last.
    is_within_batch: bool,
}

impl Memory {
    /// Finds an entity.
    pub(crate) fn entity(&self, entity: Uuid) -> Option<&Entity> {
        self.entities.get(&entity)
    }

    /// Takes in a record that is known to be synced; records come in order.
    pub(crate) fn replay(&mut self, header: &RecordHeader) {
        let is_first = !self.is_within_batch;
        self.is_within_batch = header.left != 0;
        if is_first && header.entity != header.key {
            let body_hash = (!header.is_reduced).then_some(header.body_hash);
            self.remember(header, Used { first: header.seq, body_hash });
        }
        let made = match (is_first && header.entity == header.key, header.is_reduced) {
            (false, _) => Made::Beside,
            (true, false) => Made::Creation { body_hash: header.body_hash },
            (true, true) => Made::Reduced,
        };
        self.entities
            .entry(header.entity)
            .and_modify(|entity| entity.version = header.version)
            .or_insert(Entity { version: header.version, first: header.seq, made });
    }

    fn remember(&mut self, header: &RecordHeader, used: Used) {
        let at = header.at_us;
        let newest = self.newest_us.unwrap_or(at);
        let newest = newest.max(at.min(newest.saturating_add(DAY_US)));
        self.newest_us = Some(newest);
        self.keys.insert(header.key, used);
        self.order.push_back((at, header.key));
        self.forget(newest.saturating_sub(KEY_DAYS * DAY_US), KEYS_MAX);
    }

    /// Forgets keys from before `horizon_us`, and the oldest beyond `keys_max`.
    fn forget(&mut self, horizon_us: i64, keys_max: usize) {
        while let Some(&(at, key)) = self.order.front()
            && (at < horizon_us || keys_max < self.order.len())
        {
            self.order.pop_front();
            self.keys.remove(&key);
        }
    }
}

/// Batches of one group that are checked and encoded, but not yet synced.
#[derive(Debug)]
pub(crate) struct Staged<'a> {
    memory: &'a Memory,
    entities: HashMap<Uuid, Entity>,
    keys: HashMap<Uuid, Used>,
    /// The headers, for [`Memory::replay`] once they are synced.
    pub(crate) headers: Vec<RecordHeader>,
    /// The frame.
    pub(crate) frame: FrameBuilder,
}

impl<'a> Staged<'a> {
    /// Begins a group whose first record gets `next`.
    pub(crate) fn new(memory: &'a Memory, next: Seq) -> Self {
        Self {
            memory,
            entities: HashMap::new(),
            keys: HashMap::new(),
            headers: Vec::new(),
            frame: FrameBuilder::new(next),
        }
    }

    /// Decides about a batch and adds it to the frame if it is new: first the key, then the
    /// versions. The answer holds once the frame is synced.
    pub(crate) fn add(&mut self, batch: &Batch) -> Result<Appended, JournalError> {
        if let Some(first) = self.repeat_of(batch)? {
            return Ok(Appended::Duplicate { first });
        }
        for expect in &batch.expect {
            let current = self.entity(expect.entity).map_or(0, |entity| entity.version);
            if current != expect.version {
                return Err(JournalError::Conflict { entity: expect.entity, current });
            }
        }
        let first = self.frame.next();
        for (index, record) in batch.records.iter().enumerate() {
            self.push(batch, index, record.payload.len());
        }
        if !is_creation(batch) {
            self.keys.insert(batch.key, Used { first, body_hash: Some(batch.body_hash) });
        }
        Ok(Appended::Written { first, last: self.frame.next() - 1 })
    }

    /// Finds the first writing of a batch.
    fn repeat_of(&self, batch: &Batch) -> Result<Option<Seq>, JournalError> {
        let reused = || JournalError::KeyReused { key: batch.key };
        if let Some(used) = self.keys.get(&batch.key).or_else(|| self.memory.keys.get(&batch.key)) {
            let is_same = used.body_hash.is_none_or(|hash| hash == batch.body_hash);
            return if is_same { Ok(Some(used.first)) } else { Err(reused()) };
        }
        let Some(entity) = self.entity(batch.key) else {
            return Ok(None);
        };
        match entity.made {
            Made::Creation { body_hash } if body_hash == batch.body_hash => Ok(Some(entity.first)),
            Made::Reduced => Ok(Some(entity.first)),
            Made::Creation { .. } => Err(reused()),
            Made::Beside if is_creation(batch) => Err(reused()),
            Made::Beside => Ok(None),
        }
    }

    fn push(&mut self, batch: &Batch, index: usize, payload_bytes: usize) {
        let record = &batch.records[index];
        let before = self.entity(record.entity).copied();
        let seq = self.frame.next();
        let version = before.map_or(0, |entity| entity.version).saturating_add(1);
        let made = match index == 0 && is_creation(batch) {
            true => Made::Creation { body_hash: batch.body_hash },
            false => Made::Beside,
        };
        let entity = before.unwrap_or(Entity { version, first: seq, made });
        self.entities.insert(record.entity, Entity { version, ..entity });
        let header = RecordHeader {
            payload_bytes,
            kind: record.kind,
            kind_version: record.kind_version,
            seq,
            at_us: batch.at.as_microsecond(),
            entity: record.entity,
            version,
            left: u16::try_from(batch.records.len() - 1 - index)
                .expect("a batch has at most 1,024 records, checked when it was submitted"),
            is_reduced: false,
            key: batch.key,
            body_hash: batch.body_hash,
        };
        self.frame.push(&header, &record.payload);
        self.headers.push(header);
    }

    fn entity(&self, entity: Uuid) -> Option<&Entity> {
        self.entities.get(&entity).or_else(|| self.memory.entity(entity))
    }
}

fn is_creation(batch: &Batch) -> bool {
    batch.records.first().is_some_and(|record| record.entity == batch.key)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::journal::{Expect, NewRecord};

    fn batch(key: u128, entity: u128, expect: Option<u32>) -> Batch {
        let entity = Uuid::from_u128(entity);
        Batch {
            key: Uuid::from_u128(key),
            body_hash: 1,
            at: Timestamp::UNIX_EPOCH,
            expect: expect.map(|version| Expect { entity, version }).into_iter().collect(),
            records: vec![NewRecord { kind: 1, kind_version: 1, entity, payload: Vec::new() }],
        }
    }

    #[test]
    fn batches_of_one_group_see_those_before_them() {
        let memory = Memory::default();
        let mut staged = Staged::new(&memory, 1);
        let written = |first| Appended::Written { first, last: first };
        assert_eq!(staged.add(&batch(9, 9, Some(0))).unwrap(), written(1));
        assert_eq!(staged.add(&batch(50, 9, Some(1))).unwrap(), written(2));
        let late = staged.add(&batch(51, 9, Some(1)));
        assert!(matches!(late, Err(JournalError::Conflict { current: 2, .. })), "{late:?}");
        let repeated = staged.add(&batch(9, 9, Some(0))).unwrap();
        assert_eq!(repeated, Appended::Duplicate { first: 1 });
        let reused = staged.add(&Batch { body_hash: 2, ..batch(50, 9, None) });
        assert!(matches!(reused, Err(JournalError::KeyReused { .. })), "{reused:?}");
        assert_eq!(staged.headers.len(), 2);
    }

    #[test]
    fn an_erased_body_is_the_same_as_any() {
        let mut memory = Memory::default();
        let mut staged = Staged::new(&memory, 1);
        staged.add(&batch(9, 9, None)).unwrap();
        staged.add(&batch(50, 9, None)).unwrap();
        let headers = std::mem::take(&mut staged.headers);
        for header in headers {
            memory.replay(&RecordHeader { is_reduced: true, body_hash: 0, ..header });
        }
        let mut staged = Staged::new(&memory, 3);
        for (key, first) in [(9, 1), (50, 2)] {
            let again = staged.add(&Batch { body_hash: 77, ..batch(key, 9, None) }).unwrap();
            assert_eq!(again, Appended::Duplicate { first });
        }
    }

    #[test]
    fn keys_are_forgotten_beyond_their_number() {
        let mut memory = Memory::default();
        let none = Memory::default();
        let mut staged = Staged::new(&none, 1);
        staged.add(&batch(1, 9, None)).unwrap();
        let header = staged.headers[0];
        for n in 100..110 {
            memory.replay(&RecordHeader { key: Uuid::from_u128(n), ..header });
        }
        memory.forget(i64::MIN, 4);
        let left: Vec<u128> = memory.order.iter().map(|(_, key)| key.as_u128()).collect();
        assert_eq!((memory.keys.len(), left), (4, vec![106, 107, 108, 109]));
    }
}
