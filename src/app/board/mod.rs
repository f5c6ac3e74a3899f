//! The board: one line for each topic that anybody asks, kept ready for every screen.
//!
//! Counting a topic's demand takes all its inquiries, and a screen ranks all topics. So a line is
//! made when something of its topic has changed, or when time alone changes it: a question grows
//! older than four weeks, a snooze runs out, a week is over.

mod glance;
mod line;
mod touched;
mod warm;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use uuid::Uuid;

pub use glance::Glance;
pub use line::TopicLine;
pub(super) use touched::Touched;
pub(super) use warm::Warming;

use super::App;
use super::gaps::Ranked;
use crate::id::TopicNumber;
use crate::topic::Topic;
use crate::view::ViewError;
use crate::week::Week;

/// All topics that anybody asks.
#[derive(Clone, Debug, Default)]
pub struct Board {
    places: BTreeMap<TopicNumber, (Glance, Arc<TopicLine>)>,
    gaps: Ranked,
}

impl Board {
    /// The lines by number.
    pub fn lines(&self) -> impl DoubleEndedIterator<Item = &Arc<TopicLine>> {
        self.places.values().map(|it| &it.1)
    }

    /// The lines by number, each with what lists tell it apart by.
    pub fn glances(&self) -> impl DoubleEndedIterator<Item = &(Glance, Arc<TopicLine>)> {
        self.places.values()
    }

    /// The gaps among them.
    pub(in crate::app) const fn gaps(&self) -> &Ranked {
        &self.gaps
    }

    /// A topic's line; none when nobody asks it or it is a part of another.
    pub fn get(&self, number: TopicNumber) -> Option<&Arc<TopicLine>> {
        self.places.get(&number).map(|it| &it.1)
    }

    /// How many topics there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Puts a topic's line in place of the one before; none when nobody asks it any more.
    fn put(&mut self, number: TopicNumber, line: Option<TopicLine>) {
        let line = line.map(|it| (Glance::of(&it), Arc::new(it)));
        let before = match line.clone() {
            Some(line) => self.places.insert(number, line),
            None => self.places.remove(&number),
        };
        self.gaps.put(before, line);
    }
}

/// The board with what is needed to keep it.
#[derive(Debug, Default)]
pub(super) struct Kept {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    board: Arc<Board>,
    /// The week that its lines end with; none before it is first made.
    week: Option<Week>,
    /// When lines change by time alone.
    due: BTreeSet<(Timestamp, TopicNumber)>,
    due_of: HashMap<TopicNumber, Timestamp>,
    /// The topics that an inquiry names.
    named_by: HashMap<Uuid, TopicNumber>,
}

impl App {
    /// The lines of all topics that anybody asks, by number. Blocks.
    ///
    /// # Errors
    /// When the view with the names of topics cannot be read.
    pub fn topics(&self) -> Result<Vec<Arc<TopicLine>>, ViewError> {
        Ok(self.board()?.lines().cloned().collect())
    }

    /// All topics that anybody asks, as they stand now. Blocks.
    ///
    /// # Errors
    /// When the view with the names of topics cannot be read.
    pub fn board(&self) -> Result<Arc<Board>, ViewError> {
        let mut inner = self.board.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let mut touched = self.state.take_touched();
        if inner.week != Some(self.week()) {
            // Nothing that was made in another week stands in its right place.
            touched.all = true;
        }
        let now = self.now();
        let is_due = inner.due.first().is_some_and(|it| it.0 <= now);
        if touched.is_empty() && !is_due {
            return Ok(Arc::clone(&inner.board));
        }
        let renewed = self.renew(&mut inner, &touched);
        if renewed.is_err() {
            self.state.touch(touched);
        }
        renewed.map(|()| Arc::clone(&inner.board))
    }

    fn renew(&self, inner: &mut Inner, touched: &Touched) -> Result<(), ViewError> {
        if touched.all {
            let week = self.week();
            *inner = Inner::default();
            let numbers = {
                let topics = self.state.topics.read();
                topics.iter().map(|it| it.row.number).collect()
            };
            self.renew_lines(inner, numbers)?;
            inner.week = Some(week);
            return Ok(());
        }
        let named = touched.inquiries.iter().filter_map(|it| inner.named_by.get(it));
        let mut numbers: BTreeSet<TopicNumber> = named.chain(&touched.topics).copied().collect();
        let now = self.now();
        let due = inner.due.iter().take_while(|it| it.0 <= now).map(|it| it.1);
        numbers.extend(due);
        let wholes: Vec<TopicNumber> = numbers.iter().filter_map(|it| self.resolve(*it)).collect();
        numbers.extend(wholes);
        self.renew_lines(inner, numbers)
    }

    fn renew_lines(
        &self,
        inner: &mut Inner,
        numbers: BTreeSet<TopicNumber>,
    ) -> Result<(), ViewError> {
        for number in numbers {
            let made = match self.state.topics.get(Topic::entity(number)) {
                Some(stored) if self.resolve(number) == Some(number) => {
                    let tallies = self.tallies_of(number);
                    inner.named_by.insert(stored.row.exemplar.uuid(), number);
                    self.topic_line(&stored, &tallies)?
                }
                Some(_) | None => (None, Timestamp::MAX),
            };
            inner.put(number, made);
        }
        Ok(())
    }
}

impl Inner {
    fn put(&mut self, number: TopicNumber, (line, until): (Option<TopicLine>, Timestamp)) {
        if let Some(before) = self.due_of.remove(&number) {
            self.due.remove(&(before, number));
        }
        if until < Timestamp::MAX {
            self.due.insert((until, number));
            self.due_of.insert(number, until);
        }
        Arc::make_mut(&mut self.board).put(number, line);
    }
}
