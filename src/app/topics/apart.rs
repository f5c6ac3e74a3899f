//! Which topics editors keep apart.

use std::collections::BTreeSet;

use crate::app::{App, Decider, DecisionError, Noted, State};
use crate::id::TopicNumber;
use crate::journal::Seq;
use crate::record::{Change, encode};
use crate::topic::{Topic, TopicEvent};

impl State {
    /// The pairs of topics that editors keep apart, as they stand after mergers.
    pub fn apart(&self) -> BTreeSet<(TopicNumber, TopicNumber)> {
        let rows = self.topics.all();
        let rows = rows.iter().map(|it| &it.row);
        let pairs = rows.flat_map(|row| row.apart.iter().map(move |it| (row.number, *it)));
        let whole = |(a, b)| {
            let (a, b) = (self.resolve(a)?, self.resolve(b)?);
            (a != b).then(|| (a.min(b), a.max(b)))
        };
        pairs.filter_map(whole).collect()
    }
}

impl App {
    /// Lifts that two topics are kept apart, by whichever of them it was said, or of their parts.
    pub(super) fn let_join(
        &self,
        (one, other): (TopicNumber, TopicNumber),
        who: Decider,
    ) -> Result<Seq, DecisionError> {
        let by = who.by;
        let are_they = |a, b| {
            let (a, b) = (self.resolve(a), self.resolve(b));
            (a, b) == (Some(one), Some(other)) || (a, b) == (Some(other), Some(one))
        };
        let rows = self.state.topics.all();
        let lifted: Vec<(TopicNumber, TopicNumber)> = rows
            .iter()
            .flat_map(|row| row.row.apart.iter().map(|it| (row.row.number, *it)))
            .filter(|it| are_they(it.0, it.1))
            .collect();
        let (said_of, with) = *lifted.first().ok_or(DecisionError::Unknown("topic"))?;
        let change = Change { entity: Topic::entity(said_of), version: None, now: self.now() };
        let mut batch = change.batch(&TopicEvent::MayJoin { with, by });
        for (said_of, with) in &lifted[1..] {
            let event = TopicEvent::MayJoin { with: *with, by };
            batch.records.push(encode(Topic::entity(*said_of), &event));
        }
        batch.expect = who.expect(Topic::entity(one));
        let noted = Noted { by, action: "topic.may_join", target: one.to_string() };
        Ok(self.append_noted(batch, noted)?)
    }
}
