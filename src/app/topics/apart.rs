//! Which topics editors keep apart.

use std::collections::BTreeSet;

use crate::app::{App, Decider, DecisionError, Noted, State};
use crate::id::{Id, TopicNumber};
use crate::inquiry::{Inquiry, InquiryEvent, InquiryRow};
use crate::journal::{Batch, Expect, Seq};
use crate::people::By;
use crate::record::{Change, encode};
use crate::rows::Stored;
use crate::topic::{Run, Topic, TopicEvent};

impl State {
    /// The pairs of topics that editors keep apart, as they stand after mergers.
    pub fn apart(&self) -> BTreeSet<(TopicNumber, TopicNumber)> {
        let pairs: Vec<(TopicNumber, TopicNumber)> = {
            let rows = self.topics.read();
            let rows = rows.iter().map(|it| &it.row);
            rows.flat_map(|row| row.apart.iter().map(move |it| (row.number, *it))).collect()
        };
        let whole = |(a, b)| {
            let (a, b) = (self.resolve(a)?, self.resolve(b)?);
            (a != b).then(|| (a.min(b), a.max(b)))
        };
        pairs.into_iter().filter_map(whole).collect()
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

impl App {
    /// Keeps two inquiries apart for every later run: each is under a topic of its own from now on,
    /// and no run may put the two topics together. Tells the topics. Blocks.
    ///
    /// # Errors
    /// When one of them is not there, or somebody else was first.
    pub fn keep_inquiries_apart(
        &self,
        (one, other): (Id<Inquiry>, Id<Inquiry>),
        by: By,
    ) -> Result<(TopicNumber, TopicNumber), DecisionError> {
        if one == other {
            return Err(DecisionError::MergeIntoItself);
        }
        let _turn = self.number_turn();
        // Whoever had the turn before may have given out a number that is not seen yet.
        self.settle()?;
        let now = self.now();
        let mut made = Made {
            next: self.next_number(),
            batch: Batch {
                key: Id::<Run>::new(now).uuid(),
                body_hash: 0,
                at: now,
                expect: vec![],
                records: vec![],
            },
        };
        let read = |id: Id<Inquiry>| -> Result<_, DecisionError> {
            let stored = self.state.inquiries.get(id)?.ok_or(DecisionError::Unknown("inquiry"))?;
            let topic = stored.row.topic.and_then(|it| self.resolve(it));
            Ok((stored, topic))
        };
        let (first, second) = (read(one)?, read(other)?);
        let a = first.1.unwrap_or_else(|| made.own(&first.0, None, by));
        let b = match second.1 {
            Some(b) if b != a => b,
            shared => made.own(&second.0, shared, by),
        };
        let event = TopicEvent::KeptApart { from: b, by };
        made.batch.records.push(encode(Topic::entity(a), &event));
        let noted = Noted { by, action: "topic.keep_apart", target: a.to_string() };
        self.append_noted(made.batch, noted)?;
        Ok((a, b))
    }
}

/// Topics that are being made for single inquiries.
struct Made {
    next: TopicNumber,
    batch: Batch,
}

impl Made {
    /// Gives an inquiry a topic of its own.
    fn own(
        &mut self,
        stored: &Stored<InquiryRow>,
        split_from: Option<TopicNumber>,
        by: By,
    ) -> TopicNumber {
        let number = self.next;
        self.next = TopicNumber(number.0 + 1);
        let (entity, exemplar) = (Topic::entity(number), Id::from_uuid(stored.id));
        let created = TopicEvent::Created { number, exemplar, split_from, by };
        let moved = InquiryEvent::Moved { topic: Some(number), by };
        self.batch.expect.push(Expect { entity, version: 0 });
        self.batch.expect.push(Expect { entity: stored.id, version: stored.version });
        self.batch.records.push(encode(entity, &created));
        self.batch.records.push(encode(stored.id, &moved));
        number
    }
}
