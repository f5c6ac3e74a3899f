//! The stage's verb: log a question, correct it, take it back, put it elsewhere.

use jiff::Timestamp;

use super::entry::{Accepted, Masked};
use super::record::{InquiryEvent, InquiryFacts};
use super::{EntryError, Inquiry};
use crate::id::Id;
use crate::journal::{Appended, Batch, Journal, JournalError, Seq};
use crate::people::By;
use crate::record::{Change, encode};

/// Why a question could not be logged or changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LogError {
    /// What was typed cannot be taken.
    #[error("could not take the entry")]
    Entry(#[from] EntryError),
    /// The journal did not take it.
    #[error("could not write the inquiry to the journal")]
    Journal(#[from] JournalError),
}

/// A question that is safely kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Logged {
    /// Its id.
    pub id: Id<Inquiry>,
    /// The place of its record.
    pub seq: Seq,
    /// Whether it was kept before, so that nothing was added.
    pub again: bool,
    /// What was masked.
    pub masked: Masked,
}

/// Keeps a question; answers once it is on the disk. The id is the key: twice adds one.
pub fn log(
    journal: &Journal,
    id: Id<Inquiry>,
    accepted: &Accepted,
    now: Timestamp,
) -> Result<Logged, LogError> {
    let appended = journal.append(log_batch(id, &accepted.facts, now))?;
    let (seq, again) = match appended {
        Appended::Written { first, .. } => (first, false),
        Appended::Duplicate { first } => (first, true),
    };
    Ok(Logged { id, seq, again, masked: accepted.masked })
}

/// The batch that logs one question.
pub fn log_batch(id: Id<Inquiry>, facts: &InquiryFacts, now: Timestamp) -> Batch {
    let records = vec![encode(id.uuid(), &InquiryEvent::Logged(facts.clone()))];
    Batch { key: id.uuid(), body_hash: body_hash(facts), at: now, expect: vec![], records }
}

/// Replaces the facts of an inquiry.
pub fn edit(journal: &Journal, at: Change, facts: InquiryFacts) -> Result<Seq, LogError> {
    Ok(at.tell(journal, &InquiryEvent::Edited(facts))?)
}

/// Takes an inquiry back.
pub fn remove(journal: &Journal, at: Change, by: By) -> Result<Seq, LogError> {
    Ok(at.tell(journal, &InquiryEvent::Removed { reason: None, by })?)
}

/// Undoes the taking back.
pub fn restore(journal: &Journal, at: Change, by: By) -> Result<Seq, LogError> {
    Ok(at.tell(journal, &InquiryEvent::Restored { by })?)
}

/// Tells one body from another under the same key. The times are left out: a form that is sent
/// twice says the same thing at two times.
fn body_hash(facts: &InquiryFacts) -> u64 {
    let said = (&facts.text, &facts.channel, &facts.outcome, &facts.note, facts.count);
    let bytes = serde_json::to_vec(&said).expect("facts are plain data");
    u64::from(crc32fast::hash(&bytes))
}
