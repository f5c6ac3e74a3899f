//! What letters tell, kept for the page that shows them: of a large log it takes a while to make.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

use crate::app::App;
use crate::digest::{Facts, Period};
use crate::view::ViewError;

/// What was made this fast is made anew each time.
const QUICK: Duration = Duration::from_millis(50);
/// What took longer is shown for so long.
const FRESH_FOR: SignedDuration = SignedDuration::from_mins(10);
/// So many weeks and months are kept.
const WEEKS_MAX: usize = 12;

/// Facts of weeks and months, with when they were made.
#[derive(Debug, Default)]
pub(in crate::app) struct Kept {
    facts: Mutex<BTreeMap<Period, (Timestamp, Arc<Facts>)>>,
}

impl App {
    /// What the letter of a week or a month tells, as its page shows it: some minutes old where the
    /// log is large. Blocks.
    ///
    /// # Errors
    /// When the view cannot be read.
    pub fn letter_page(&self, period: impl Into<Period>) -> Result<Arc<Facts>, ViewError> {
        let period = period.into();
        let now = self.now();
        let held = || self.letters.facts.lock().unwrap_or_else(PoisonError::into_inner);
        let is_fresh = |at: Timestamp| now.duration_since(at).abs() < FRESH_FOR;
        if let Some((_, facts)) = held().get(&period).filter(|it| is_fresh(it.0)) {
            return Ok(Arc::clone(facts));
        }
        let begun = Instant::now();
        let facts = Arc::new(self.letter_facts(period)?);
        let mut held = held();
        held.remove(&period);
        if QUICK < begun.elapsed() {
            if WEEKS_MAX <= held.len() {
                held.retain(|_, it| is_fresh(it.0));
            }
            if WEEKS_MAX <= held.len() {
                held.pop_first();
            }
            held.insert(period, (now, Arc::clone(&facts)));
        }
        Ok(facts)
    }
}
