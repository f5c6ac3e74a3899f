//! What the last look at a linked page brought. The next crawl looks again, so memory will do.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

use crate::id::TopicNumber;
use crate::review::Proof;
use crate::schedule::Said;

/// So many looks are kept; the oldest goes first.
const KEPT_MAX: usize = 200;

/// What came of a look.
#[derive(Clone, Debug)]
pub(super) struct Look {
    pub(super) at: Timestamp,
    /// How many of the gap's questions find the page, or why it could not be read.
    pub(super) outcome: Result<Proof, Said>,
}

/// The last look at each gap's page.
#[derive(Default)]
pub(in crate::http) struct LinkedPages(Mutex<BTreeMap<TopicNumber, Look>>);

impl LinkedPages {
    pub(super) fn keep(&self, gap: TopicNumber, at: Timestamp, outcome: Result<Proof, Said>) {
        let mut looks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        looks.insert(gap, Look { at, outcome });
        if KEPT_MAX < looks.len() {
            let oldest = looks.iter().min_by_key(|it| it.1.at).map(|it| *it.0);
            oldest.map(|it| looks.remove(&it));
        }
    }

    /// The look at a gap's page, unless somebody has done something about the gap since.
    pub(super) fn of(&self, gap: TopicNumber, since: Option<Timestamp>) -> Option<Look> {
        let looks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        looks.get(&gap).filter(|it| since.is_none_or(|since| since <= it.at)).cloned()
    }
}
