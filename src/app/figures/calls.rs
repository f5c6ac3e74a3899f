//! The calls that the switchboard has counted, and how many of them were logged.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::Share;
use crate::app::{App, DecisionError, Noted};
use crate::id::Id;
use crate::inquiry::{
    CallCount, CallEvent, CallFault, CallImport, CallRow, CallTotals, Channel, Day, DeskCode,
    read_calls,
};
use crate::journal::{Expect, JournalError};
use crate::people::By;
use crate::record::{Change, encode};
use crate::week::Week;

/// Why totals of calls were not taken.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CallsError {
    /// The table cannot be read.
    #[error("the table cannot be read")]
    Table(CallFault),
    /// The journal refuses.
    #[error("could not write to the journal")]
    Journal(#[from] JournalError),
}

/// Totals that came together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallsTaken {
    /// What they came with.
    pub import: Id<CallImport>,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: By,
    /// The first and the last day.
    pub days: (Day, Day),
    /// How many days.
    pub n_days: usize,
    /// How many calls.
    pub calls: u32,
}

/// A day with totals, ready to be compared with what was logged.
struct Counted {
    start: i64,
    end: i64,
    week: Week,
    calls: u32,
    /// The desk, or any, with the channel; a desk that nothing was logged at is none of ours.
    covered: Vec<(Option<Option<DeskCode>>, Channel)>,
}

impl Counted {
    fn covers(&self, desk: DeskCode, channel: Channel) -> bool {
        let fits = |of: &Option<Option<DeskCode>>| of.is_none_or(|it| it == Some(desk));
        self.covered.iter().any(|it| it.1 == channel && fits(&it.0))
    }
}

impl App {
    /// Takes in a table of daily totals: all of it, or nothing. A day that is known is replaced.
    /// Tells how many days. Blocks.
    ///
    /// # Errors
    /// What is wrong with the table, each line by its number.
    pub fn import_calls(&self, text: &str, by: By) -> Result<usize, CallsError> {
        let today = self.now().to_zoned(self.zone.clone()).date();
        let mut days = read_calls(text, today).map_err(CallsError::Table)?;
        // A table has the names that people use; what is kept has the keys.
        let settings = self.state.settings();
        for desk in days.values_mut().flatten().filter_map(|it| it.desk.as_mut()) {
            *desk = settings.desk_key(desk);
        }
        let n = days.len();
        self.put_calls(days, by)?;
        Ok(n)
    }

    /// Puts down the totals of days, in place of any before. Blocks.
    ///
    /// # Errors
    /// When the journal refuses; then none is put down.
    pub fn put_calls(
        &self,
        days: BTreeMap<Day, Vec<CallCount>>,
        by: By,
    ) -> Result<(), JournalError> {
        let now = self.now();
        let import = Id::new(now);
        let target = days.keys().next().map_or_else(String::new, ToString::to_string);
        let records = days.into_iter().map(|(day, counts)| {
            let event = CallEvent::Counted { day, counts, import, by };
            encode(CallTotals::entity(day), &event)
        });
        let batch = crate::journal::Batch {
            key: import.uuid(),
            body_hash: 0,
            at: now,
            expect: vec![],
            records: records.collect(),
        };
        self.append_noted(batch, Noted { by, action: "calls.put", target })?;
        Ok(())
    }

    /// Puts down one count of a day beside what else is known of it. Blocks.
    ///
    /// # Errors
    /// When the journal refuses.
    pub fn put_call_count(&self, day: Day, count: CallCount, by: By) -> Result<(), JournalError> {
        let known = self.state.calls.get(CallTotals::entity(day));
        let mut counts = known.map_or_else(Vec::new, |it| it.row.counts().to_vec());
        // A number for all desks and one for a single desk would count the same calls twice.
        let is_beside = |it: &CallCount| {
            it.channel != count.channel
                || (it.desk.is_some() && count.desk.is_some() && it.desk != count.desk)
        };
        counts.retain(is_beside);
        counts.truncate(CallRow::COUNTS_MAX - 1);
        counts.push(count);
        self.put_calls(BTreeMap::from([(day, counts)]), by)
    }

    /// Takes back all that came together: what stood before stands again. Blocks.
    ///
    /// # Errors
    /// When nothing of it stands any more, or somebody else was first.
    pub fn take_back_calls(&self, import: Id<CallImport>, by: By) -> Result<(), DecisionError> {
        let rows = self.state.calls.all();
        let of_it = |it: &CallRow| it.told.as_ref().is_some_and(|it| it.import == import);
        let standing: Vec<_> = rows.iter().filter(|it| of_it(&it.row)).collect();
        let first = standing.first().ok_or(DecisionError::Unknown("import"))?;
        let event = CallEvent::TakenBack { by };
        let change = Change { entity: first.id, version: None, now: self.now() };
        let mut batch = change.batch(&event);
        batch.expect =
            standing.iter().map(|it| Expect { entity: it.id, version: it.version }).collect();
        batch.records = standing.iter().map(|it| encode(it.id, &event)).collect();
        let noted = Noted { by, action: "calls.take_back", target: import.to_string() };
        self.append_noted(batch, noted)?;
        Ok(())
    }

    /// What stands of the totals, by what they came with, the newest first.
    pub fn calls_taken(&self) -> Vec<CallsTaken> {
        let mut taken: BTreeMap<Id<CallImport>, CallsTaken> = BTreeMap::new();
        for row in self.state.calls.all() {
            let Some(told) = &row.row.told else { continue };
            let (day, import) = (row.row.day, told.import);
            let calls: u32 = told.counts.iter().map(|it| it.calls).sum();
            let new = || CallsTaken {
                import,
                at: told.at,
                by: told.by,
                days: (day, day),
                n_days: 0,
                calls: 0,
            };
            let entry = taken.entry(import).or_insert_with(new);
            entry.days = (entry.days.0.min(day), entry.days.1.max(day));
            entry.n_days += 1;
            entry.calls = entry.calls.saturating_add(calls);
        }
        taken.into_values().rev().collect()
    }

    /// The logging rate of each week up to `last` with any totals: of the calls on its days that
    /// were counted, those that were logged, at the same desks and by the same channels.
    pub fn logging_rates(&self, last: Week) -> Arc<BTreeMap<Week, Share>> {
        let told = self.weeks_told(last);
        self.kept_figures.rates.get(told, || self.count_rates(last))
    }

    fn count_rates(&self, last: Week) -> BTreeMap<Week, Share> {
        let mut rates: BTreeMap<Week, Share> = BTreeMap::new();
        let days = self.counted_days();
        for day in &days {
            rates.entry(day.week).or_default().all += day.calls;
        }
        let Some(first) = days.first() else { return rates };
        let columns = self.state.inquiries.columns();
        for line in columns.briefs().iter().filter(|it| it.is_live() && first.start <= it.second) {
            let at = days.partition_point(|it| it.start <= line.second);
            let Some(day) = at.checked_sub(1).and_then(|it| days.get(it)) else { continue };
            if line.second < day.end && day.covers(line.desk, line.channel) {
                rates.entry(day.week).or_default().had += line.contacts;
            }
        }
        rates.retain(|week, it| *week <= last && 0 < it.all);
        rates
    }

    /// The days with totals, in order.
    fn counted_days(&self) -> Vec<Counted> {
        let columns = self.state.inquiries.columns();
        let rows = self.state.calls.read();
        let mut days: Vec<Counted> = rows
            .iter()
            .filter_map(|it| {
                let counts = it.row.counts();
                let start = |day: Day| day.to_zoned(self.zone.clone()).ok();
                let covered =
                    |it: &CallCount| (it.desk.as_ref().map(|it| columns.desk_code(it)), it.channel);
                Some(Counted {
                    start: start(it.row.day)?.timestamp().as_second(),
                    end: start(it.row.day.tomorrow().ok()?)?.timestamp().as_second(),
                    week: Week::of_date(it.row.day),
                    calls: counts.iter().map(|it| it.calls).sum(),
                    covered: counts.iter().map(covered).collect(),
                })
            })
            .filter(|it| !it.covered.is_empty())
            .collect();
        days.sort_unstable_by_key(|it| it.start);
        days
    }
}
