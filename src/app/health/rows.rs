//! How many rows the tables in memory hold, to be compared with what the view notes.

use std::ops::Range;

use super::reconcile::{keys_of, settled};
use crate::app::State;
use crate::journal::Seq;
use crate::record::Kind;
use crate::rows::{Row, Stored, Table};
use crate::view::{View, ViewError};

/// How many rows each table has.
pub(super) fn counts(state: &State) -> [(Kind, u64); Kind::ALL.len()] {
    Kind::ALL.map(|kind| {
        let rows = match kind {
            Kind::Inquiry => state.inquiries.columns().len(),
            Kind::Page => state.pages.read().len(),
            Kind::Crawl => state.crawls.read().len(),
            Kind::Topic => state.topics.read().len(),
            Kind::Run => state.runs.read().len(),
            Kind::Verdict => state.verdicts.read().len(),
            Kind::Gap => state.gaps.read().len(),
            Kind::Person => state.people.read().len(),
            Kind::Organisation => state.organisation.read().len(),
            Kind::Reader => state.readers.read().len(),
            Kind::Letter => state.letters.read().len(),
            Kind::Import => state.imports.read().len(),
            Kind::Audit => state.audit.read().len(),
            Kind::Job => state.jobs.read().len(),
            Kind::Message => state.messages.read().len(),
            Kind::Timing => state.timing.read().len(),
            Kind::Token => state.tokens.read().len(),
            Kind::CallTotals => state.calls.read().len(),
            Kind::Words => state.words.read().len(),
            Kind::SavedView => state.saved_views.read().len(),
            Kind::Link => state.links.read().len(),
            Kind::News => state.news.read().len(),
            Kind::Hook => state.hooks.read().len(),
        };
        (kind, rows as u64)
    })
}

/// The rows of a kind that are not in the view as the table has them, of those in `part`.
pub(super) fn compare_table<R: Row>(
    view: &View,
    kind: Kind,
    table: &Table<R>,
    part: &Range<Seq>,
) -> Result<Vec<Seq>, ViewError> {
    let mut keys = keys_of(view, kind.tree(), part)?;
    keys.extend(table.read().keys(part.start + 1..part.end + 1));
    // A row that changes just now is looked at again: the view has it before the table.
    let is_right = |key: Seq| {
        const LOOKS_MAX: u32 = 3;
        for _ in 0..LOOKS_MAX {
            let held = table.read().at(key).map(|it| Stored::to_bytes(&it));
            if view.get(kind.tree(), key)? == held {
                return Ok(true);
            }
            std::thread::yield_now();
        }
        Ok(false)
    };
    settled(keys, is_right, || true)
}
