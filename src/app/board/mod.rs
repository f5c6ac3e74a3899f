//! The board: one line for each topic that anybody asks, kept ready for every screen.
//!
//! Counting a topic's demand takes all its inquiries, and a screen ranks all topics. So a line is
//! made when something of its topic has changed, or when time alone changes it: a question grows
//! older than four weeks, a snooze runs out, a week is over.

mod line;
mod touched;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use uuid::Uuid;

pub use line::TopicLine;
pub(super) use touched::Touched;

use super::App;
use crate::id::TopicNumber;
use crate::topic::Topic;
use crate::view::ViewError;
use crate::week::Week;

/// All topics that anybody asks.
#[derive(Clone, Debug, Default)]
pub struct Board {
    /// So often it has changed since the start.
    turn: u64,
    lines: BTreeMap<TopicNumber, Arc<TopicLine>>,
}

impl Board {
    /// Another number for every state that it has been in since the start: what was made of it
    /// holds as long as this does.
    pub const fn turn(&self) -> u64 {
        self.turn
    }

    /// The lines by number.
    pub fn lines(&self) -> impl DoubleEndedIterator<Item = &Arc<TopicLine>> {
        self.lines.values()
    }

    /// A topic's line; none when nobody asks it or it is a part of another.
    pub fn get(&self, number: TopicNumber) -> Option<&Arc<TopicLine>> {
        self.lines.get(&number)
    }

    /// How many topics there are.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
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
        let turn = inner.board.turn + 1;
        if touched.all {
            let week = self.week();
            *inner = Inner::default();
            Arc::make_mut(&mut inner.board).turn = turn;
            let numbers = {
                let topics = self.state.topics.read();
                topics.iter().map(|it| it.row.number).collect()
            };
            self.renew_lines(inner, numbers)?;
            inner.week = Some(week);
            return Ok(());
        }
        Arc::make_mut(&mut inner.board).turn = turn;
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
                    let lines = self.lines_of(number);
                    inner.named_by.insert(stored.row.exemplar.uuid(), number);
                    self.topic_line(&stored, &lines)?
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
        let board = Arc::make_mut(&mut self.board);
        match line {
            Some(line) => drop(board.lines.insert(number, Arc::new(line))),
            None => drop(board.lines.remove(&number)),
        }
    }
}
