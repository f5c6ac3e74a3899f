//! How many rows the tables in memory hold, to be compared with what the view notes.

use crate::app::State;
use crate::record::Kind;

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
        };
        (kind, rows as u64)
    })
}
