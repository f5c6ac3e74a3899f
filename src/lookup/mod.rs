//! Stage 3, look up: what the log screen shows while one types.
//!
//! A weak suggestion is worse than none: it costs a look, and a wrong page read out to a caller.
//! So a hit must have enough of the question's words, rare ones counting more.

mod excerpt;
mod passages;
mod questions;

use skranke_index::{IndexError, Searcher};

use crate::id::TopicNumber;
use crate::inquiry::Inquiries;
use crate::journal::Seq;
use crate::page::{Bodies, PageRow};
use crate::rows::Table;
use crate::view::ViewError;

pub use excerpt::{Piece, excerpt};
pub use passages::FoundPassage;
pub use questions::FoundQuestion;

/// The longest query; what comes after is not looked at.
pub const QUERY_CHARS_MAX: usize = skranke_index::QUESTION_CHARS_MAX;

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct LookUp {
    /// Passages that may answer, best first.
    pub passages: Vec<FoundPassage>,
    /// Questions asked before, most alike first, each topic once.
    pub questions: Vec<FoundQuestion>,
    /// Whether nothing can be found now, as while the index is made.
    pub is_down: bool,
}

/// Where a look-up reads from what it has found.
#[derive(Clone, Copy)]
pub struct Sources<'a> {
    /// The questions.
    pub inquiries: &'a Inquiries,
    /// Keys of questions that the index does not find yet.
    pub fresh: &'a [Seq],
    /// The pages.
    pub pages: &'a Table<PageRow>,
    /// Their texts.
    pub bodies: &'a Bodies,
    /// The topic that a number leads to.
    pub resolve: &'a dyn Fn(TopicNumber) -> Option<TopicNumber>,
}

/// Finds passages that may answer and questions like the one that is typed, so many of each at
/// most.
///
/// # Errors
/// When the view cannot be read. An index that fails is told in the log and finds nothing.
pub fn find(
    query: &str,
    (n_passages, n_questions): (usize, usize),
    searcher: &Searcher,
    from: Sources<'_>,
) -> Result<LookUp, ViewError> {
    let query: String = query.chars().take(QUERY_CHARS_MAX).collect();
    let passages = passages::find(&query, n_passages, searcher, from);
    let (passages, are_down) = or_down(passages);
    let questions = match questions::find(&query, n_questions, searcher, from) {
        Ok(found) => Ok(found),
        Err(questions::FindError::View(error)) => return Err(error),
        Err(questions::FindError::Index(error)) => Err(error),
    };
    let (questions, is_down) = or_down(questions);
    Ok(LookUp { passages, questions, is_down: is_down || are_down })
}

fn or_down<T>(found: Result<Vec<T>, IndexError>) -> (Vec<T>, bool) {
    match found {
        Ok(found) => (found, false),
        Err(error) => {
            tracing::error!(error = format!("{error:?}"), "a look-up failed");
            (vec![], true)
        }
    }
}
