//! All that was decided about a topic, as the audit tells it.

use jiff::Timestamp;

use crate::app::App;
use crate::audit::AuditRow;
use crate::id::{Id, TopicNumber};
use crate::people::By;
use crate::rows::Stored;
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

impl App {
    /// All steps about a topic and about what was merged into it, the newest first; for as long as
    /// the audit is kept. Blocks.
    pub fn steps_of(&self, number: TopicNumber) -> Vec<TopicStep> {
        let parts = self.parts(number);
        let step = |line: &Stored<AuditRow>| {
            let what = line.row.action.strip_prefix("topic.").filter(|_| line.row.done)?;
            let topic: TopicNumber = line.row.target.parse().ok()?;
            let at = Id::<crate::audit::Audit>::from_uuid(line.id).made()?;
            parts.contains(&topic).then(|| (at, line.row.who, what.to_owned(), topic))
        };
        let audit = self.state.audit.read();
        let mut steps: Vec<TopicStep> = audit
            .iter()
            .rev()
            .filter_map(|it| step(it))
            .map(|(at, by, what, topic)| TopicStep { at, by, what, topic })
            .collect();
        drop(audit);
        let row = self.state.topics.get(Topic::entity(number));
        if let Some((from, at)) = row.and_then(|it| Some((it.row.split_from?, it.row.created))) {
            steps.push(TopicStep { at, by: None, what: "split_off".to_owned(), topic: from });
        }
        steps
    }
}
