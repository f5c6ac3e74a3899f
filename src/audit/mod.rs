//! Who did what, when: a chain of records in which a cut or a change shows.

mod area;

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::id::{Id, Named};
use crate::journal::NewRecord;
use crate::people::{ApiToken, By};
use crate::record::{Event, Kind, encode};
use crate::rows::{Head, Row};

pub use area::Area;

/// One line of the audit.
#[derive(Debug)]
pub struct Audit;

impl Named for Audit {
    const PREFIX: &'static str = "aud";
}

/// Something that was done. Holds no question text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRow {
    /// Who; none for a job, the command line or somebody unknown.
    pub who: By,
    /// What, such as `gap.taken`.
    pub action: String,
    /// To what: an id, a topic's number or a name of a setting.
    pub target: String,
    /// Whether it was allowed and done.
    pub done: bool,
    /// When, so that the chain holds the time too. None in lines of the first form, whose time
    /// stands beside them alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// The machine that did it by its token; none for a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub machine: Option<Id<ApiToken>>,
    /// The hash of the line before, in hex; empty for the first.
    pub before: String,
    /// The hash that the line had before it was reduced; then who and what are gone, and the
    /// chain still holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
}

/// What can happen to a line of the audit: it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditEvent {
    /// Written.
    Noted(AuditRow),
}

impl Event for AuditEvent {
    const KIND: Kind = Kind::Audit;
}

impl Row for AuditRow {
    type Event = AuditEvent;

    fn fold(old: Option<Self>, event: AuditEvent, _: Head) -> Option<Self> {
        let AuditEvent::Noted(row) = event;
        old.or(Some(row))
    }
}

impl AuditRow {
    /// The line without who and what; none when it has lost them already.
    pub fn reduced(&self) -> Option<Self> {
        let was = self.was.is_none().then(|| self.hash())?;
        let (who, machine, target) = (None, None, String::new());
        Some(Self { who, machine, target, was: Some(was), ..self.clone() })
    }

    /// Whether a line that is kept under `id` tells the time that the id was made at; it may tell
    /// none, and so may an id that was not made of the time.
    pub fn fits_time_of(&self, id: Uuid) -> bool {
        let made = Id::<Audit>::from_uuid(id).made();
        self.at.zip(made).is_none_or(|(at, made)| at.as_millisecond() == made.as_millisecond())
    }

    /// The hash that the next line names.
    pub fn hash(&self) -> String {
        if let Some(was) = &self.was {
            return was.clone();
        }
        let bytes = serde_json::to_vec(self).expect("a line is plain data");
        Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The end of the chain. Held while a line is appended, so that lines follow each other.
#[derive(Clone, Debug, Default)]
pub struct Chain {
    last: Arc<Mutex<String>>,
}

impl Chain {
    /// Takes up the chain after its last line.
    pub fn after(last: Option<&AuditRow>) -> Self {
        Self { last: Arc::new(Mutex::new(last.map_or_else(String::new, AuditRow::hash))) }
    }

    /// Links a new line into the chain and lets `append` write it; a line that was not
    /// written leaves the chain as it was.
    pub fn note<T, E>(
        &self,
        line: Line<'_>,
        append: impl FnOnce(NewRecord) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let row = AuditRow {
            who: line.who,
            action: line.action.to_owned(),
            target: line.target,
            done: line.done,
            at: Some(line.at),
            machine: line.machine,
            before: last.clone(),
            was: None,
        };
        let hash = row.hash();
        let written = append(encode(line.id, &AuditEvent::Noted(row)))?;
        *last = hash;
        Ok(written)
    }
}

/// A line to be linked into the chain.
#[derive(Clone, Debug)]
pub struct Line<'a> {
    /// The new line's id.
    pub id: Uuid,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub who: By,
    /// The machine, where it was one.
    pub machine: Option<Id<ApiToken>>,
    /// What.
    pub action: &'a str,
    /// To what.
    pub target: String,
    /// Whether it was allowed and done.
    pub done: bool,
}

/// Finds the first line that does not follow from the one before it.
pub fn first_break<'a>(lines: impl IntoIterator<Item = &'a AuditRow>) -> Option<usize> {
    first_break_after(None, lines)
}

/// The same for lines after one that is known to follow.
pub fn first_break_after<'a>(
    known: Option<&AuditRow>,
    lines: impl IntoIterator<Item = &'a AuditRow>,
) -> Option<usize> {
    let mut before = known.map_or_else(String::new, AuditRow::hash);
    for (at, line) in lines.into_iter().enumerate() {
        if line.before != before {
            return Some(at);
        }
        before = line.hash();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(n: usize) -> Vec<AuditRow> {
        let chain = Chain::default();
        let mut rows = vec![];
        for at in 0..n {
            let line = Line {
                id: Uuid::from_u128(at as u128),
                at: Timestamp::UNIX_EPOCH,
                who: None,
                machine: None,
                action: "gap.taken",
                target: at.to_string(),
                done: true,
            };
            let written: Result<(), ()> = chain.note(line, |record| {
                let AuditEvent::Noted(row) = serde_json::from_slice(&record.payload).unwrap();
                rows.push(row);
                Ok(())
            });
            written.unwrap();
        }
        rows
    }

    #[test]
    fn an_untouched_chain_holds() {
        assert_eq!(first_break(&lines(4)), None);
    }

    #[test]
    fn a_reduced_line_says_nothing_and_holds_the_chain() {
        let mut lines = lines(4);
        lines[1] = lines[1].reduced().unwrap();
        assert_eq!((lines[1].who, lines[1].target.as_str()), (None, ""));
        assert_eq!(first_break(&lines), None);
        assert_eq!(lines[1].reduced(), None);
        lines.remove(1);
        assert_eq!(first_break(&lines), Some(1), "a cut shows beside it too");
    }

    #[test]
    fn a_changed_line_and_a_cut_show() {
        let mut changed = lines(4);
        changed[1].target = "another".to_owned();
        assert_eq!(first_break(&changed), Some(2));
        let mut cut = lines(4);
        cut.remove(1);
        assert_eq!(first_break(&cut), Some(1));
    }

    #[test]
    fn a_chain_is_followed_on_from_a_line_that_is_known() {
        let mut lines = lines(5);
        assert_eq!(first_break_after(Some(&lines[1]), &lines[2..]), None);
        lines.remove(3);
        assert_eq!(first_break_after(Some(&lines[1]), &lines[2..]), Some(1));
        assert_eq!(first_break_after(Some(&lines[1]), &lines[3..]), Some(0));
    }

    #[test]
    fn a_line_that_was_not_written_is_not_in_the_chain() {
        let chain = Chain::default();
        let line = |at| Line {
            id: Uuid::from_u128(at),
            at: Timestamp::UNIX_EPOCH,
            who: None,
            machine: None,
            action: "x",
            target: String::new(),
            done: true,
        };
        assert!(chain.note(line(1), |_| Err::<(), ()>(())).is_err());
        let first = chain.note(line(2), |record| {
            let AuditEvent::Noted(row) = serde_json::from_slice(&record.payload).unwrap();
            Ok::<_, ()>(row)
        });
        assert_eq!(first.unwrap().before, "");
    }
}
