//! The live assignment: puts a new inquiry under its topic just after it was acknowledged.
//!
//! What it decides is a record; the full run may decide otherwise later, an editor at any time.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use skranke_index::{Nearby, Place, Standing};

use super::behind::Behind;
use super::priority;
use crate::clock::Clock;
use crate::id::{Id, TopicNumber};
use crate::inquiry::{Inquiry, InquiryRow, Source};
use crate::journal::{Batch, Expect, JournalError, Seq};
use crate::record::encode;
use crate::rows::Stored;
use crate::topic::{Run, RunEvent, RunRow, Topic, TopicEvent};
use crate::view::ViewError;

/// So many of the latest texts are held to compare with, some 300 bytes each.
const TEXTS_MAX: usize = 300_000;
/// Past so many, corrected and removed ones too, they are read anew.
const PLACES_MAX: usize = TEXTS_MAX + TEXTS_MAX / 5;
/// So many lines are looked at before whoever logs has a turn.
const LINES_AT_A_TIME: usize = 10_000;
/// So long it waits for records before it looks whether it is to stop.
const LOOK_ROUND: Duration = Duration::from_millis(200);

/// Held by whoever gives a topic its number, so that no two give the same.
#[derive(Clone, Debug, Default)]
pub(super) struct Numbers(Arc<Mutex<()>>);

impl Numbers {
    /// Waits for the turn. Then let the view catch up before asking for the next number.
    pub(super) fn turn(&self) -> MutexGuard<'_, ()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Why the assignment does not go on.
#[derive(Debug, thiserror::Error)]
enum AssignError {
    #[error("could not use the journal")]
    Journal(#[from] JournalError),
    #[error("could not read the inquiries")]
    View(#[from] ViewError),
    #[error("reading the latest questions has panicked")]
    Panicked,
}

/// What the follower works with.
pub(super) struct Assigner {
    pub(super) behind: Behind,
    pub(super) clock: Clock,
    pub(super) numbers: Numbers,
    /// Everything up to this record has been looked at.
    pub(super) through: Arc<AtomicU64>,
}

/// What the follower remembers of the inquiries.
#[derive(Default)]
struct Memory {
    texts: Nearby,
    /// By inquiry: those that repeat it and wait with it.
    repeats: HashMap<Id<Inquiry>, Vec<Seq>>,
}

/// What is to be written.
#[derive(Default)]
struct Decided {
    /// The next number that was never used.
    next: u32,
    topic_of: BTreeMap<Seq, TopicNumber>,
    created: Vec<(TopicNumber, Id<Inquiry>)>,
}

impl Assigner {
    /// Follows until the process ends or the journal takes no more.
    pub(super) fn run(&self) {
        if let Err(error) = self.follow()
            && !self.behind.is_stopped()
        {
            tracing::error!(error = format!("{error:?}"), "the live assignment has stopped");
        }
        // Nobody need wait for it any longer.
        self.through.store(Seq::MAX, Ordering::Release);
    }

    fn follow(&self) -> Result<(), AssignError> {
        let mut after = self.behind.applied();
        let mut memory = self.remembered()?;
        let backlog = self.backlog();
        for some in backlog.chunks(RunRow::PAIRS_MAX / 2) {
            if self.behind.is_stopped() {
                return Ok(());
            }
            self.decide(&mut memory, some, after)?;
        }
        self.through.store(after, Ordering::Release);
        while !self.behind.is_stopped() {
            let Some(records) = self.behind.read(after)? else { break };
            if let Some(last) = records.last() {
                after = last.seq;
                let seqs = self.behind.changed(&records);
                self.decide(&mut memory, &seqs, after)?;
                self.through.store(after, Ordering::Release);
                if PLACES_MAX < memory.texts.len() {
                    memory = self.remembered()?;
                }
            } else {
                self.behind.journal.wait_past(after, LOOK_ROUND);
            }
        }
        Ok(())
    }

    /// The latest texts, and who waits with whom. Many texts take seconds: whoever logs and looks
    /// up meanwhile comes first.
    fn remembered(&self) -> Result<Memory, AssignError> {
        let read = || {
            priority::lower(priority::BACK);
            let mut memory = Memory::default();
            for seq in self.latest(&mut memory.repeats) {
                if self.behind.is_stopped() {
                    break;
                }
                if let Some(words) = self.behind.state.inquiries.words(seq)? {
                    memory.texts.put(seq, &words);
                }
            }
            Ok(memory)
        };
        std::thread::scope(|scope| scope.spawn(read).join()).map_err(|_| AssignError::Panicked)?
    }

    /// Those with the latest texts, in order of logging; tells who waits with whom as well.
    fn latest(&self, repeats: &mut HashMap<Id<Inquiry>, Vec<Seq>>) -> VecDeque<Seq> {
        let (mut latest, mut after) = (VecDeque::new(), 0);
        loop {
            let columns = self.behind.state.inquiries.columns();
            let before = after;
            for line in columns.live_after(after).take(LINES_AT_A_TIME) {
                after = line.seq;
                if line.has_text {
                    latest.push_back(line.seq);
                } else if let Some(of) = line.same_as.filter(|_| line.topic.is_none()) {
                    repeats.entry(of).or_default().push(line.seq);
                }
            }
            if after == before {
                return latest;
            }
            let too_many = latest.len().saturating_sub(TEXTS_MAX);
            latest.drain(..too_many);
        }
    }

    /// What was logged after the last look, by this follower or by a full run.
    fn backlog(&self) -> Vec<Seq> {
        let looked = self.behind.state.runs.read().iter().map(|it| it.row.through).max();
        let columns = self.behind.state.inquiries.columns();
        let waiting = columns.live_after(looked.unwrap_or(0)).filter(|it| it.topic.is_none());
        waiting.map(|it| it.seq).collect()
    }

    /// Looks at inquiries one after the other and writes what is decided, as seen at `after`.
    fn decide(&self, memory: &mut Memory, seqs: &[Seq], after: Seq) -> Result<(), AssignError> {
        // Held from before the first look: during a full run, the assignment waits.
        let turn = self.numbers.turn();
        if seqs.is_empty() || !self.behind.seen(self.behind.journal.position().seq) {
            return Ok(());
        }
        let mut decided = Decided { next: self.behind.state.next_number().0, ..Decided::default() };
        for seq in seqs {
            let Some(stored) = self.behind.state.inquiries.at(*seq)? else { continue };
            self.look_at(memory, &stored, &mut decided)?;
        }
        if !decided.topic_of.is_empty() {
            let seq = self.append(decided, after)?;
            self.behind.seen(seq);
        }
        drop(turn);
        Ok(())
    }

    fn look_at(
        &self,
        memory: &mut Memory,
        stored: &Stored<InquiryRow>,
        decided: &mut Decided,
    ) -> Result<(), ViewError> {
        let (seq, row) = (stored.first, &stored.row);
        let id = Id::<Inquiry>::from_uuid(stored.id);
        let words = row.facts.text.as_ref().filter(|_| !row.removed).map(|it| it.as_str());
        match words {
            Some(words) => memory.texts.put(seq, words),
            None => memory.texts.remove(seq),
        }
        let is_bulk = row.facts.source == Source::Import;
        if row.removed || row.pinned || row.topic.is_some() || is_bulk {
            return Ok(());
        }
        let columns = self.behind.state.inquiries.columns();
        let of = columns.line(seq).and_then(|it| it.same_as);
        let repeated = of.and_then(|of| columns.of_id(of)).map(|it| it.seq);
        drop(columns);
        let standing = |key: Seq| self.standing(key, decided);
        let joined = repeated.map(&standing);
        let place = match (joined, words) {
            (Some(Standing::Topic(topic)), _) => Place::Joins(topic, 1.0),
            (Some(Standing::Alone | Standing::Apart) | None, Some(words)) => {
                memory.texts.place(seq, words, &standing)
            }
            (Some(Standing::Alone | Standing::Apart) | None, None) => Place::Waits,
        };
        match place {
            Place::Joins(topic, _) => {
                let topic = u32::try_from(topic).map_or(TopicNumber(0), TopicNumber);
                decided.topic_of.insert(seq, topic);
                decided.take_along(memory.repeats.remove(&id), topic);
            }
            Place::Pairs(other, _) => {
                let Some(exemplar) = self.id_of(other) else { return Ok(()) };
                let topic = decided.new_topic(exemplar);
                decided.topic_of.extend([(seq, topic), (other, topic)]);
                decided.take_along(memory.repeats.remove(&id), topic);
                decided.take_along(memory.repeats.remove(&exemplar), topic);
            }
            Place::Waits => {
                if let Some(of) = of.filter(|_| words.is_none()) {
                    let waiting = memory.repeats.entry(of).or_default();
                    waiting.retain(|it| *it != seq);
                    waiting.push(seq);
                }
            }
        }
        Ok(())
    }

    fn id_of(&self, seq: Seq) -> Option<Id<Inquiry>> {
        self.behind.state.inquiries.columns().line(seq).map(|it| it.id)
    }

    /// Where an inquiry stands: as just decided, else as the state has it.
    fn standing(&self, seq: Seq, decided: &Decided) -> Standing {
        if let Some(topic) = decided.topic_of.get(&seq) {
            return Standing::Topic(u64::from(topic.0));
        }
        let columns = self.behind.state.inquiries.columns();
        let Some(line) = columns.line(seq).filter(|it| !it.removed) else {
            return Standing::Apart;
        };
        match line.topic {
            Some(topic) => {
                let whole = self.behind.state.resolve(topic).unwrap_or(topic);
                Standing::Topic(u64::from(whole.0))
            }
            None if line.pinned => Standing::Apart,
            None => Standing::Alone,
        }
    }

    fn append(&self, decided: Decided, after: Seq) -> Result<Seq, JournalError> {
        let now = self.clock.now();
        let mut batch = Batch {
            key: Id::<Run>::new(now).uuid(),
            body_hash: 0,
            at: now,
            expect: vec![],
            records: vec![],
        };
        for (number, exemplar) in decided.created {
            let entity = Topic::entity(number);
            batch.expect.push(Expect { entity, version: 0 });
            let event = TopicEvent::Created { number, exemplar, split_from: None, by: None };
            batch.records.push(encode(entity, &event));
        }
        let pairs: Vec<(Seq, Option<TopicNumber>)> =
            decided.topic_of.into_iter().map(|(seq, topic)| (seq, Some(topic))).collect();
        for some in pairs.chunks(RunRow::PAIRS_MAX) {
            let event = RunEvent::Assigned { pairs: some.to_vec(), through: after };
            batch.records.push(encode(RunRow::live(), &event));
        }
        match self.behind.journal.append(batch) {
            Ok(appended) => Ok(appended.last()),
            // Somebody made a topic without waiting for the turn: these wait for the next run.
            Err(error @ JournalError::Conflict { .. }) => {
                tracing::warn!(error = format!("{error:?}"), "an assignment was not taken");
                Ok(after)
            }
            Err(error) => Err(error),
        }
    }
}

impl Decided {
    fn new_topic(&mut self, exemplar: Id<Inquiry>) -> TopicNumber {
        let number = TopicNumber(self.next);
        self.next += 1;
        self.created.push((number, exemplar));
        number
    }

    fn take_along(&mut self, repeats: Option<Vec<Seq>>, topic: TopicNumber) {
        self.topic_of.extend(repeats.into_iter().flatten().map(|seq| (seq, topic)));
    }
}
