//! Looking a question up while it is typed: in the site's passages and in what was asked before.

use super::App;
use crate::lookup::{FoundPassage, FoundQuestion, Sources};
use crate::view::ViewError;

/// What a look-up has found.
#[derive(Clone, Debug, Default)]
pub struct LookUp {
    /// Passages that may answer, best first.
    pub passages: Vec<FoundPassage>,
    /// Questions like this one, best first, each topic once.
    pub questions: Vec<FoundQuestion>,
    /// Whether the search cannot be used now; saving does not depend on it.
    pub is_down: bool,
}

impl App {
    /// Looks a question up, finished or not. Blocks for milliseconds.
    pub fn look_up(
        &self,
        query: &str,
        n_passages: usize,
        n_questions: usize,
    ) -> Result<LookUp, ViewError> {
        let from = Sources {
            inquiries: &self.state.inquiries,
            pages: &self.state.pages,
            bodies: &self.bodies,
        };
        Ok(LookUp {
            passages: self.finder.passages(query, n_passages, from),
            questions: self.finder.questions(query, n_questions, from)?,
            is_down: false,
        })
    }
}
