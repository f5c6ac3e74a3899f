//! What lists tell inquiries apart by, side by side in memory, so that a screen can look at all.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::{Channel, Line, Norm, OutcomeName};
use crate::id::TopicNumber;
use crate::journal::Seq;

/// What lists tell one inquiry apart by. [`Line`] has the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Brief {
    /// Its key.
    pub seq: Seq,
    /// The second that it was asked in.
    pub second: i64,
    /// The topic that it is under.
    pub topic: Option<TopicNumber>,
    /// So many contacts does it stand for; see [`Line::contacts`].
    pub contacts: u32,
    /// Where it was logged.
    pub desk: DeskCode,
    /// How it came.
    pub channel: Channel,
    /// What happened with it.
    pub outcome: OutcomeName,
    /// The norm of its text.
    pub norm: Norm,
    /// Whether it has words of its own.
    pub has_text: bool,
    /// Whether it counts, or why not.
    pub standing: Standing,
}

/// Whether an inquiry counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It counts.
    Live,
    /// An editor has taken it out.
    TakenOut,
    /// Who logged it has taken it back.
    TakenBack,
}

/// A desk's place among the names that inquiries have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DeskCode(u32);

/// All briefs in order of logging.
#[derive(Debug, Default)]
pub(super) struct Briefs(Vec<Brief>);

/// Names of desks, each of them kept once.
#[derive(Debug, Default)]
pub(super) struct Names {
    desks: Vec<Arc<str>>,
    codes: HashMap<Arc<str>, DeskCode>,
}

impl Brief {
    pub(super) fn of(line: &Line) -> Self {
        let standing = match (line.removed, line.taken_out) {
            (false, _) => Standing::Live,
            (true, Some(_)) => Standing::TakenOut,
            (true, None) => Standing::TakenBack,
        };
        Self {
            seq: line.seq,
            second: line.asked.as_second(),
            topic: line.topic,
            contacts: line.contacts(),
            desk: line.desk,
            channel: line.channel,
            outcome: line.outcome,
            norm: line.norm,
            has_text: line.has_text,
            standing,
        }
    }

    /// Whether it was asked at this time or later, to the second.
    pub fn is_since(&self, since: Timestamp) -> bool {
        since.as_second() <= self.second
    }

    /// Whether it counts.
    pub fn is_live(&self) -> bool {
        self.standing == Standing::Live
    }
}

impl Briefs {
    /// Puts a line's brief in its place: nearly always the last.
    pub(super) fn put(&mut self, line: &Line) {
        let brief = Brief::of(line);
        if self.0.last().is_none_or(|it| it.seq < brief.seq) {
            return self.0.push(brief);
        }
        match self.0.binary_search_by_key(&brief.seq, |it| it.seq) {
            Ok(at) => self.0[at] = brief,
            Err(at) => self.0.insert(at, brief),
        }
    }

    pub(super) fn all(&self) -> &[Brief] {
        &self.0
    }
}

impl Names {
    /// What stands for a desk, also one that was never heard of.
    pub(super) fn desk(&mut self, name: &str) -> DeskCode {
        if let Some(code) = self.codes.get(name) {
            return *code;
        }
        let code = DeskCode(u32::try_from(self.desks.len()).unwrap_or(u32::MAX));
        let name: Arc<str> = Arc::from(name);
        self.desks.push(Arc::clone(&name));
        self.codes.insert(name, code);
        code
    }

    pub(super) fn code(&self, name: &str) -> Option<DeskCode> {
        self.codes.get(name).copied()
    }

    pub(super) fn desk_name(&self, code: DeskCode) -> Option<&Arc<str>> {
        self.desks.get(usize::try_from(code.0).ok()?)
    }

    pub(super) fn desks(&self) -> &[Arc<str>] {
        &self.desks
    }
}
