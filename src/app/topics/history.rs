//! All that was decided about a topic, as the audit tells it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

use crate::app::App;
use crate::audit::AuditRow;
use crate::id::{Id, TopicNumber};
use crate::journal::Seq;
use crate::people::By;
use crate::rows::{Rows, Stored};
use crate::topic::Topic;

/// Something that was decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicStep {
    /// When.
    pub at: Timestamp,
    /// Who; none once the audit has forgotten it.
    pub by: By,
    /// What, such as `rename`.
    pub what: String,
    /// About which topic: this one or a part of it.
    pub topic: TopicNumber,
}

/// The steps by topic, kept up with the audit: looking at all of its lines for each page of a topic
/// takes longer the more there are.
#[derive(Debug, Default)]
pub(in crate::app) struct Steps(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    turn: u64,
    lines: usize,
    of: HashMap<TopicNumber, Vec<(Seq, TopicStep)>>,
}

impl Inner {
    fn catch_up(&mut self, audit: &Rows<AuditRow>) {
        let added = audit.added_since(self.turn, self.lines).unwrap_or_else(|| {
            self.of.clear();
            audit.len()
        });
        let mut new: Vec<(Seq, TopicStep)> =
            audit.iter().rev().take(added).filter_map(|it| Some((it.first, step(it)?))).collect();
        new.reverse();
        for (seq, step) in new {
            self.of.entry(step.topic).or_default().push((seq, step));
        }
        (self.turn, self.lines) = (audit.turn(), audit.len());
    }
}

/// What a line tells of a topic, if it does.
fn step(line: &Stored<AuditRow>) -> Option<TopicStep> {
    let what = line.row.action.strip_prefix("topic.").filter(|_| line.row.done)?;
    Some(TopicStep {
        at: Id::<crate::audit::Audit>::from_uuid(line.id).made()?,
        by: line.row.who.or(line.row.machine.map(|it| Id::from_uuid(it.uuid()))),
        what: what.to_owned(),
        topic: line.row.target.parse().ok()?,
    })
}

impl App {
    /// All steps about a topic and about what was merged into it, the newest first; for as long as
    /// the audit is kept. Blocks.
    pub fn steps_of(&self, number: TopicNumber) -> Vec<TopicStep> {
        let mut steps: Vec<(Seq, TopicStep)> = {
            let mut kept = self.steps.0.lock().unwrap_or_else(PoisonError::into_inner);
            kept.catch_up(&self.state.audit.read());
            let parts = self.parts(number).into_iter();
            parts.filter_map(|it| kept.of.get(&it)).flatten().cloned().collect()
        };
        steps.sort_by_key(|it| std::cmp::Reverse(it.0));
        let mut steps: Vec<TopicStep> = steps.into_iter().map(|it| it.1).collect();
        let row = self.state.topics.get(Topic::entity(number));
        if let Some((from, at)) = row.and_then(|it| Some((it.row.split_from?, it.row.created))) {
            steps.push(TopicStep { at, by: None, what: "split_off".to_owned(), topic: from });
        }
        steps
    }
}
