//! News of gaps: noticed from what the board and the work on gaps say, each piece once.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use super::OutError;
use crate::app::App;
use crate::hook::{Happening, News, NewsEvent, NewsRow};
use crate::id::{Id, TopicNumber};
use crate::journal::{Batch, Expect, JournalError};
use crate::record::encode;
use crate::review::StepName;
use crate::rows::Stored;

/// So much is noticed in one batch; the rest with the next look.
const AT_A_TIME: usize = 200;

/// Gaps that are known to have been noticed as new, which holds for ever: making the id of that
/// piece of news for each gap anew takes long when there are very many.
#[derive(Debug, Default)]
pub(in crate::app) struct KnownGaps(Mutex<HashSet<TopicNumber>>);

impl App {
    /// Writes down what has happened to gaps and was not noticed yet; running it twice leaves the
    /// state of once. Tells how much there was. Blocks.
    ///
    /// # Errors
    /// When the view cannot be read or the journal does not take it.
    pub fn notice_news(&self) -> Result<usize, OutError> {
        let found = self.unnoticed()?;
        let mut n = 0;
        for part in found.chunks(AT_A_TIME) {
            let now = self.now();
            let expect = |it: &(Id<News>, NewsEvent)| Expect { entity: it.0.uuid(), version: 0 };
            let batch = Batch {
                key: Id::<News>::new(now).uuid(),
                body_hash: 0,
                at: now,
                expect: part.iter().map(expect).collect(),
                records: part.iter().map(|(id, event)| encode(id.uuid(), event)).collect(),
            };
            match self.journal.append(batch) {
                Ok(_) => n += part.len(),
                // Somebody else is just noticing the same.
                Err(JournalError::Conflict { .. }) => break,
                Err(error) => return Err(error.into()),
            }
        }
        Ok(n)
    }

    fn unnoticed(&self) -> Result<Vec<(Id<News>, NewsEvent)>, OutError> {
        let mut found = vec![];
        let mut add = |topic: TopicNumber, what, at| {
            let id = News::id(topic, what, at);
            if self.state.news.get(id.uuid()).is_none() {
                found.push((id, NewsEvent::Noticed { topic, what }));
            }
        };
        let board = self.board()?;
        let mut known = self.known_gaps.0.lock().unwrap_or_else(PoisonError::into_inner);
        for line in board.lines().filter(|it| it.is_gap() && it.state.name().is_open()) {
            if known.contains(&line.number) {
                continue;
            }
            let id = News::id(line.number, Happening::New, None);
            if self.state.news.get(id.uuid()).is_some() {
                known.insert(line.number);
            } else {
                add(line.number, Happening::New, None);
            }
        }
        drop(known);
        for gap in self.state.gaps.all() {
            for step in &gap.row.history {
                match step.step {
                    StepName::Verified => add(gap.row.topic, Happening::Verified, Some(step.at)),
                    StepName::Reopen | StepName::Reopened => {
                        add(gap.row.topic, Happening::Reopened, Some(step.at));
                    }
                    StepName::Take
                    | StepName::Release
                    | StepName::LinkPage
                    | StepName::Dismiss
                    | StepName::Snooze
                    | StepName::Due
                    | StepName::Comment
                    | StepName::Undo
                    | StepName::NotYet => {}
                }
            }
        }
        Ok(found)
    }

    /// The last news, the newest first.
    pub fn last_news(&self, n: usize) -> Vec<Arc<Stored<NewsRow>>> {
        self.state.news.read().iter().rev().take(n).cloned().collect()
    }
}
