//! What was logged in a period, as it may be shown to somebody from outside.

use jiff::Timestamp;

use crate::app::App;
use crate::inquiry::redact::hide;
use crate::inquiry::{Channel, OutcomeName};
use crate::journal::Seq;
use crate::view::ViewError;

/// A row of what may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspected {
    /// When it was asked.
    pub asked: Timestamp,
    /// How it came.
    pub channel: Channel,
    /// Where it was logged.
    pub desk: String,
    /// What was asked; none when it was only counted, or its words are erased.
    pub text: Option<String>,
    /// What was answered.
    pub note: Option<String>,
    /// What happened with it.
    pub outcome: OutcomeName,
    /// How often it came.
    pub count: u32,
    /// So many pieces of question and answer are masked.
    pub masked: u64,
}

impl App {
    /// Reads what was asked from `from` on and before `until`, in the order of logging. Texts are
    /// masked once more: what is likely to tell of a person goes too, for nobody has looked at it.
    /// Blocks.
    ///
    /// # Errors
    /// When the words cannot be read.
    pub fn inspect(&self, from: Timestamp, until: Timestamp) -> Result<Vec<Inspected>, ViewError> {
        let allowed = self.allowed();
        let wanted: Vec<(Seq, Timestamp)> = self
            .state
            .inquiries
            .columns()
            .live()
            .filter(|it| from <= it.asked && it.asked < until)
            .map(|it| (it.seq, it.asked))
            .collect();
        let mut rows = Vec::with_capacity(wanted.len());
        for (seq, asked) in wanted {
            let Some(stored) = self.state.inquiries.at(seq)?.filter(|it| !it.row.removed) else {
                continue;
            };
            let facts = stored.row.facts;
            let shown =
                |it: Option<crate::inquiry::Question>| it.map(|it| hide(it.as_str(), &allowed));
            let (text, note) = (shown(facts.text), shown(facts.note));
            let masked = [&text, &note].into_iter().flatten().map(|it| marks(it)).sum();
            rows.push(Inspected {
                asked,
                channel: facts.channel,
                desk: facts.desk,
                text,
                note,
                outcome: facts.outcome.name(),
                count: u32::from(facts.count),
                masked,
            });
        }
        Ok(rows)
    }
}

/// How many marks of a mask stand in a text.
fn marks(text: &str) -> u64 {
    let marks = crate::inquiry::redact::Kind::ALL.map(crate::inquiry::redact::Kind::mask);
    let distinct: std::collections::BTreeSet<&str> = marks.into_iter().collect();
    distinct.into_iter().map(|it| text.matches(it).count() as u64).sum()
}
