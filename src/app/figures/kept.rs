//! What was counted of whole weeks, kept as long as it holds.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::{Share, effects};
use crate::app::App;
use crate::week::Week;

/// What the figures keep.
#[derive(Debug, Default)]
pub(in crate::app) struct Kept {
    pub(super) effects: effects::Kept,
    pub(super) rates: Rates,
}

/// Another value for every state that whole weeks and what they are told by have been in: what was
/// made of them holds as long as this is the same. New questions are of a week that is not over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct WeeksTold {
    last: Week,
    weeks: u64,
    numbers: u64,
    calls: u64,
}

/// The logging rates of weeks, as they were last counted.
#[derive(Debug, Default)]
pub(super) struct Rates(Mutex<Option<(WeeksTold, OfWeeks)>>);

type OfWeeks = Arc<BTreeMap<Week, Share>>;

impl Rates {
    /// The rates as they were counted, or counted anew.
    pub(super) fn get(
        &self,
        told: WeeksTold,
        count: impl FnOnce() -> BTreeMap<Week, Share>,
    ) -> OfWeeks {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, rates)) = held.as_ref().filter(|it| it.0 == told) {
            return Arc::clone(rates);
        }
        let rates = Arc::new(count());
        *held = Some((told, Arc::clone(&rates)));
        rates
    }
}

impl App {
    /// How the weeks up to `last` stand. To be asked for before anything is counted: what changes
    /// in between is counted once more then, and never kept for older than it is.
    pub(super) fn weeks_told(&self, last: Week) -> WeeksTold {
        let calls = self.state.calls.read().turn();
        let numbers = self.state.turn_of_numbers();
        let weeks = self.state.inquiries.columns().turn_of_weeks(last);
        WeeksTold { last, weeks, numbers, calls }
    }
}
