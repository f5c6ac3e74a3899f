//! The rows that count, ready to read questions by.

use std::sync::{Arc, Mutex, PoisonError};

use skranke_index::OwnWords;
use uuid::Uuid;

use crate::app::State;
use crate::journal::Seq;

/// The words as they were read last, and the newest record among the rows then.
#[derive(Default)]
pub(in crate::app) struct Own(Mutex<Option<(Seq, Arc<OwnWords>)>>);

impl Own {
    /// The words as the table stands.
    pub(in crate::app) fn of(&self, state: &State) -> Arc<OwnWords> {
        let newest = state.words.read().iter().map(|it| it.last).max().unwrap_or(0);
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, words)) = held.as_ref().filter(|it| it.0 == newest) {
            return Arc::clone(words);
        }
        let words = Arc::new(without(state, None));
        *held = Some((newest, Arc::clone(&words)));
        words
    }
}

/// The words of all rows but one.
pub(super) fn without(state: &State, left_out: Option<Uuid>) -> OwnWords {
    let rows = state.words.all();
    let rows = rows.iter().filter(|it| !it.row.removed && Some(it.id) != left_out);
    OwnWords::of(rows.map(|it| (it.row.facts.said.as_str(), it.row.facts.written.as_str())))
}

/// A question together with what the words make of it: evidence that was found by other words is
/// not of this one.
pub(in crate::app) fn as_read(question: &str, own: &OwnWords) -> String {
    let meant = own.for_question(question);
    if meant.is_empty() {
        return question.to_owned();
    }
    let meant: Vec<&str> = meant.into_iter().collect();
    format!("{question}\n{}", meant.join("\n"))
}
