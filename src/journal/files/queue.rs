//! The bounded queue between those who append and the one who writes.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::sync::oneshot;

use super::layout::{FRAME_BYTES_MAX, record_bytes};
use crate::journal::{Appended, Batch, JournalError};

/// How many batches wait at most.
pub(crate) const QUEUE_BATCHES_MAX: usize = 4_096;
/// How many bytes wait at most.
pub(crate) const QUEUE_BYTES_MAX: usize = 64 * 1024 * 1024;

/// The answer to a batch, once it is synced. Await it, or [`Pending::wait`] in a thread.
#[derive(Debug)]
#[must_use = "a batch is saved only when its answer says so"]
pub struct Pending(State);

#[derive(Debug)]
enum State {
    Refused(Option<JournalError>),
    Waiting(oneshot::Receiver<Result<Appended, JournalError>>),
}

impl Pending {
    /// Blocks until the answer is there; panics inside async code.
    pub fn wait(self) -> Result<Appended, JournalError> {
        match self.0 {
            State::Refused(error) => Err(error.unwrap_or_else(gone)),
            State::Waiting(answer) => answer.blocking_recv().unwrap_or_else(|_| Err(gone())),
        }
    }

    pub(crate) const fn refused(error: JournalError) -> Self {
        Self(State::Refused(Some(error)))
    }
}

impl Future for Pending {
    type Output = Result<Appended, JournalError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut self.0 {
            State::Refused(error) => Poll::Ready(Err(error.take().unwrap_or_else(gone))),
            State::Waiting(answer) => {
                Pin::new(answer).poll(context).map(|it| it.unwrap_or_else(|_| Err(gone())))
            }
        }
    }
}

fn gone() -> JournalError {
    JournalError::Stopped { why: "its writer is gone".to_owned() }
}

/// A batch and where its answer goes.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) batch: Batch,
    pub(crate) answer: oneshot::Sender<Result<Appended, JournalError>>,
}

/// What the writer finds in the queue.
#[derive(Debug)]
pub(crate) enum Taken {
    /// Batches, at least one.
    Group(Vec<Job>),
    /// Nothing for as long as was waited.
    Rest,
    /// Nothing, and nothing will come.
    End,
}

#[derive(Debug, Default)]
struct Waiting {
    jobs: VecDeque<(Job, usize)>,
    bytes: usize,
    stopped: Option<String>,
}

/// Batches in the order they came.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    waiting: Mutex<Waiting>,
    came: Condvar,
}

impl Queue {
    /// Adds a batch whose size was checked; refuses when too much waits already.
    pub(crate) fn put(&self, batch: Batch) -> Pending {
        let bytes = batch.records.iter().map(record_bytes).sum::<usize>();
        let mut waiting = self.lock();
        if let Some(why) = &waiting.stopped {
            return Pending::refused(JournalError::Stopped { why: why.clone() });
        }
        let is_full = QUEUE_BATCHES_MAX <= waiting.jobs.len()
            || QUEUE_BYTES_MAX < waiting.bytes.saturating_add(bytes);
        if is_full {
            return Pending::refused(JournalError::Busy);
        }
        let (answer, receiver) = oneshot::channel();
        waiting.bytes += bytes;
        waiting.jobs.push_back((Job { batch, answer }, bytes));
        drop(waiting);
        self.came.notify_one();
        Pending(State::Waiting(receiver))
    }

    /// Takes what is waiting, as much as fits one frame. Waits for the first, at most as long as
    /// `rest` says.
    pub(crate) fn take_group(&self, rest: Option<Duration>) -> Taken {
        let mut waiting = self.lock();
        while waiting.jobs.is_empty() {
            if waiting.stopped.is_some() {
                return Taken::End;
            }
            let Some(rest) = rest else {
                waiting = self.came.wait(waiting).unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            let waited = self.came.wait_timeout(waiting, rest);
            let is_over;
            (waiting, is_over) = waited.unwrap_or_else(PoisonError::into_inner);
            if is_over.timed_out() && waiting.jobs.is_empty() && waiting.stopped.is_none() {
                return Taken::Rest;
            }
        }
        let mut group = Vec::new();
        let mut group_bytes = 0;
        while let Some(&(_, bytes)) = waiting.jobs.front()
            && (group.is_empty() || group_bytes + bytes <= FRAME_BYTES_MAX)
        {
            group_bytes += bytes;
            waiting.bytes -= bytes;
            group.extend(waiting.jobs.pop_front().map(|(job, _)| job));
        }
        Taken::Group(group)
    }

    /// Accepts no more; what waits is still taken.
    pub(crate) fn stop(&self, why: &str) {
        self.lock().stopped.get_or_insert_with(|| why.to_owned());
        self.came.notify_all();
    }

    /// Accepts no more and gives up what waits, for its waiters to be told.
    pub(crate) fn give_up(&self, why: &str) {
        let mut waiting = self.lock();
        waiting.stopped.get_or_insert_with(|| why.to_owned());
        waiting.bytes = 0;
        let jobs = std::mem::take(&mut waiting.jobs);
        drop(waiting);
        for (job, _) in jobs {
            job.refuse(why);
        }
        self.came.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Job {
    /// Tells the waiter that the journal has stopped.
    pub(crate) fn refuse(self, why: &str) {
        self.tell(Err(JournalError::Stopped { why: why.to_owned() }));
    }

    /// Tells the waiter what became of the batch; nobody may be waiting any more.
    pub(crate) fn tell(self, answer: Result<Appended, JournalError>) {
        let _ = self.answer.send(answer);
    }
}
