//! What somebody typed, parsed at the door: masked, within limits, with a known time.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::record::{InquiryFacts, Source};
use super::redact::{Allowed, Kinds, clean_address, redact, redact_but};
use super::{Channel, Inquiry, Norm, Outcome, Question};
use crate::id::Id;
use crate::people::By;
use crate::week::Week;

/// A question as it comes in, before masking.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its id, made by whoever sends it, so that sending twice adds one.
    pub id: Id<Inquiry>,
    /// The words; none for a repeat or a bare count.
    pub text: Option<String>,
    /// When it was asked.
    pub asked: Timestamp,
    /// How it came.
    pub channel: Channel,
    /// Where it was logged.
    pub desk: String,
    /// What happened with it.
    pub outcome: Outcome,
    /// What was answered.
    pub note: Option<String>,
    /// How many contacts it stands for.
    pub count: u16,
    /// Whether it is a bare count from a rush, without words.
    pub counts_only: bool,
    /// Where it came from.
    pub source: Source,
    /// Who logged it.
    pub by: By,
    /// What stays although it is personal, because the person who typed it says so.
    pub keep: Kinds,
}

/// What is wrong with an entry, in words for the person who typed it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EntryError {
    /// There is nothing to log.
    #[error("the question has no words")]
    NoWords,
    /// The text passes its limit.
    #[error("the question is longer than {} characters", Question::CHARS_MAX)]
    TooLong,
    /// The note passes its limit.
    #[error("the note is longer than {} characters", Question::CHARS_MAX)]
    NoteTooLong,
    /// A count of nothing, or of more than a rush can hold.
    #[error("the count must be between 1 and {0}")]
    Count(u16),
    /// The name of the desk passes its limit.
    #[error("the desk's name is longer than {} characters", Entry::DESK_CHARS_MAX)]
    Desk,
    /// The address of the page is none, or passes its limit.
    #[error("the page's address is no address of at most {} characters", Entry::ADDRESS_CHARS_MAX)]
    Address,
    /// It repeats a question that there is not, or itself.
    #[error("the question that it repeats is not in the log")]
    Repeats,
}

/// The facts to keep, and how much was masked in them.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// The facts.
    pub facts: InquiryFacts,
    /// What was masked.
    pub masked: Masked,
}

/// What the masking of an entry has to tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Masked {
    /// How many pieces of personal data were masked.
    pub count: usize,
    /// Of which kinds.
    pub kinds: Kinds,
    /// How many more may be personal, such as names; they stand in the text.
    pub hints: usize,
}

impl Masked {
    /// Masks a text and counts what was in it.
    fn mask(&mut self, text: &str, allowed: &Allowed, keep: Kinds) -> String {
        let redacted = redact_but(text, allowed, keep);
        self.count += redacted.found.len();
        self.kinds = self.kinds.and(redacted.found.iter().map(|it| it.kind).collect());
        self.hints += redacted.hints.len();
        redacted.text
    }
}

impl Entry {
    /// The most contacts that one entry may stand for.
    pub const COUNT_MAX: u16 = 500;
    /// The most searches that one entry may stand for: a site's own log counts them by the month.
    pub const SIGNALS_MAX: u16 = 60_000;
    /// The longest name of a desk.
    pub const DESK_CHARS_MAX: usize = 80;
    /// The longest address of a page.
    pub const ADDRESS_CHARS_MAX: usize = 1_000;

    /// Masks personal data and checks every limit; nothing of the raw text is kept.
    pub fn accept(self, allowed: &Allowed, zone: &TimeZone) -> Result<Accepted, EntryError> {
        let mut masked = Masked::default();
        let mut mask = |text: &str| masked.mask(text, allowed, self.keep);
        let text = kept(self.text.as_deref(), &mut mask, EntryError::TooLong)?;
        let note = kept(self.note.as_deref(), &mut mask, EntryError::NoteTooLong)?;
        let repeats = matches!(self.outcome, Outcome::SameAs { .. });
        if text.is_none() && !repeats && !self.counts_only {
            return Err(EntryError::NoWords);
        }
        let count_max = if self.channel.is_contact() { Self::COUNT_MAX } else { Self::SIGNALS_MAX };
        if self.count == 0 || count_max < self.count {
            return Err(EntryError::Count(count_max));
        }
        let is_name = !self.desk.contains(char::is_control);
        if !is_name || Self::DESK_CHARS_MAX < self.desk.chars().count() {
            return Err(EntryError::Desk);
        }
        if matches!(&self.outcome, Outcome::Page { address } if !is_address(address)) {
            return Err(EntryError::Address);
        }
        if matches!(&self.outcome, Outcome::SameAs { inquiry } if *inquiry == self.id) {
            return Err(EntryError::Repeats);
        }
        let outcome = match self.outcome {
            Outcome::Page { address } => {
                Outcome::Page { address: clean_address(&address, allowed) }
            }
            other => other,
        };
        let norm =
            text.as_ref().map_or(Norm::Unsure, |it| skranke_index::detect(it.as_str()).into());
        Ok(Accepted {
            facts: InquiryFacts {
                text,
                asked: self.asked,
                week: Week::of(self.asked, zone),
                channel: self.channel,
                desk: redact(self.desk.trim(), allowed).text,
                norm,
                outcome,
                note,
                count: self.count,
                source: self.source,
                by: self.by,
            },
            masked,
        })
    }
}

/// Whether a text may be the address of a page.
fn is_address(text: &str) -> bool {
    let is_short = text.chars().count() <= Entry::ADDRESS_CHARS_MAX;
    is_short && !text.contains(char::is_control)
}

/// Masks a text and checks its length; `None` when there is nothing in it.
fn kept(
    raw: Option<&str>,
    mask: &mut impl FnMut(&str) -> String,
    too_long: EntryError,
) -> Result<Option<Question>, EntryError> {
    let Some(raw) = raw.map(str::trim).filter(|raw| !raw.is_empty()) else { return Ok(None) };
    // Far more than the limit is refused before any work is done on it.
    if Question::CHARS_MAX * 8 < raw.len() {
        return Err(too_long);
    }
    let masked = mask(raw);
    if Question::CHARS_MAX < masked.chars().count() {
        return Err(too_long);
    }
    Ok(Question::redacted(&masked))
}
