//! Stage 3, look up: what the log screen shows while one types.

mod excerpt;
mod passages;
mod questions;

use std::sync::{Mutex, PoisonError};

use crate::inquiry::Inquiries;
use crate::page::{Bodies, PageRow};
use crate::rows::Table;
use crate::view::ViewError;

pub use excerpt::{Piece, excerpt};
pub use passages::FoundPassage;
pub use questions::FoundQuestion;

/// Finds passages that answer and questions that were asked before. One for the process; it
/// holds copies that follow the tables and can be thrown away at any time.
#[derive(Default)]
pub struct Finder {
    passages: Mutex<passages::Passages>,
    questions: Mutex<questions::Questions>,
}

/// Where a look-up reads from.
#[derive(Clone, Copy)]
pub struct Sources<'a> {
    /// The questions.
    pub inquiries: &'a Inquiries,
    /// The pages.
    pub pages: &'a Table<PageRow>,
    /// Their texts.
    pub bodies: &'a Bodies,
}

impl Finder {
    /// The longest query; what comes after is not looked at.
    pub const QUERY_CHARS_MAX: usize = 512;

    /// The passages that come nearest to a question, best first, at most `n`. Blocks while the
    /// pages are read anew after a crawl.
    pub fn passages(&self, query: &str, n: usize, from: Sources<'_>) -> Vec<FoundPassage> {
        let mut held = self.passages.lock().unwrap_or_else(PoisonError::into_inner);
        held.follow(from);
        held.find(&cut(query), n, from)
    }

    /// Questions like this one, best first, each topic once, at most `n`. Blocks for the reading
    /// of what was logged since the last time.
    ///
    /// # Errors
    /// When the view cannot be read.
    pub fn questions(
        &self,
        query: &str,
        n: usize,
        from: Sources<'_>,
    ) -> Result<Vec<FoundQuestion>, ViewError> {
        let mut held = self.questions.lock().unwrap_or_else(PoisonError::into_inner);
        held.follow(from.inquiries)?;
        held.find(&cut(query), n, from.inquiries)
    }
}

fn cut(query: &str) -> String {
    query.chars().take(Finder::QUERY_CHARS_MAX).collect()
}
