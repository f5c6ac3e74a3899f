//! Editors' decisions about topics, and about which inquiries are under them.

mod apart;
mod history;
mod inquiries;

use crate::app::decisions::masked;
use crate::app::{App, Decider, DecisionError, Noted};
use crate::id::{Id, TopicNumber};
use crate::inquiry::{Inquiry, InquiryEvent};
use crate::journal::{Expect, Seq};
use crate::people::By;
use crate::record::{Change, encode};
use crate::topic::{Scope, Topic, TopicEvent, TopicRow};

pub(super) use history::Steps;
pub use history::TopicStep;
pub use inquiries::{CHOSEN_MAX, InquiryFilter, InquiryList, Under};

/// A decision about a topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TopicDecision {
    /// Name it; an empty name goes back to the callers' words.
    Rename(String),
    /// It asks the same as another.
    Merge(TopicNumber),
    /// It does not, after all.
    Unmerge,
    /// It does not ask the same as another, and no run may put them together.
    KeepApart(TopicNumber),
    /// It may ask the same as another after all.
    MayJoin(TopicNumber),
    /// Who can answer.
    SetScope(Scope),
    /// What reception may say; an empty text takes it back.
    SetAnswer(String),
}

impl App {
    /// Decides about a topic. Blocks.
    pub fn decide_topic(
        &self,
        number: TopicNumber,
        decision: TopicDecision,
        who: Decider,
    ) -> Result<Seq, DecisionError> {
        let entity = Topic::entity(number);
        let stored = self.state.topics.get(entity).ok_or(DecisionError::Unknown("topic"))?;
        let by = who.by;
        let mut expect = who.expect(entity);
        let (event, action) = match decision {
            TopicDecision::Rename(name) => {
                let name = masked(&name, &self.allowed());
                if TopicRow::NAME_CHARS_MAX < name.chars().count() {
                    return Err(DecisionError::Name);
                }
                (TopicEvent::Named { name, by }, "topic.rename")
            }
            TopicDecision::Merge(into) => {
                let into = self.resolve(into).ok_or(DecisionError::Unknown("topic"))?;
                if into == number {
                    return Err(DecisionError::MergeIntoItself);
                }
                // Two who merge each way at once would make both vanish.
                let target = self.state.topics.get(Topic::entity(into));
                expect.extend(target.map(|it| Expect { entity: it.id, version: it.version }));
                (TopicEvent::Merged { into, by }, "topic.merge")
            }
            TopicDecision::KeepApart(from) => {
                let from = self.resolve(from).ok_or(DecisionError::Unknown("topic"))?;
                if from == number {
                    return Err(DecisionError::MergeIntoItself);
                }
                if TopicRow::APART_MAX <= stored.row.apart.len() {
                    return Err(DecisionError::Settings("a topic is kept apart from 100 at most"));
                }
                (TopicEvent::KeptApart { from, by }, "topic.keep_apart")
            }
            TopicDecision::MayJoin(with) => return self.let_join((number, with), who),
            TopicDecision::Unmerge => (TopicEvent::Unmerged { by }, "topic.unmerge"),
            TopicDecision::SetAnswer(text) => {
                let text = masked(&text, &self.allowed());
                if TopicRow::ANSWER_CHARS_MAX < text.chars().count() {
                    return Err(DecisionError::Answer);
                }
                (TopicEvent::AnswerSet { text, by }, "topic.set_answer")
            }
            TopicDecision::SetScope(scope) => {
                (TopicEvent::ScopeSet { scope, by }, "topic.set_scope")
            }
        };
        let noted = Noted { by, action, target: number.to_string() };
        self.decide((entity, expect), &event, noted)
    }

    /// Puts an inquiry under a topic, or under none, for every later run. Blocks.
    ///
    /// Who moves it says where to, and not from where.
    pub fn move_inquiry(
        &self,
        id: Id<Inquiry>,
        topic: Option<TopicNumber>,
        by: By,
    ) -> Result<Seq, DecisionError> {
        self.place_inquiries(&[id], topic, by)
    }

    /// Splits inquiries off into a topic of their own, and tells its number. Blocks.
    pub fn split(
        &self,
        from: TopicNumber,
        inquiries: &[Id<Inquiry>],
        by: By,
    ) -> Result<TopicNumber, DecisionError> {
        /// One batch holds so many at most.
        const SPLIT_MAX: usize = 500;
        let first = *inquiries.first().ok_or(DecisionError::Unknown("inquiry"))?;
        let _turn = self.number_turn();
        // Whoever had the turn before may have given out a number that is not seen yet.
        self.settle()?;
        let number = self.next_number();
        let created = TopicEvent::Created { number, exemplar: first, split_from: Some(from), by };
        let now = self.now();
        let entity = Topic::entity(number);
        let mut batch = Change { entity, version: Some(0), now }.batch(&created);
        if SPLIT_MAX < inquiries.len() {
            return Err(DecisionError::Settings("at most 500 inquiries can be split off at once"));
        }
        // What was split off is kept from what is left.
        batch.records.push(encode(entity, &TopicEvent::KeptApart { from, by }));
        for id in inquiries {
            let stored = self.state.inquiries.get(*id)?.ok_or(DecisionError::Unknown("inquiry"))?;
            batch.expect.push(Expect { entity: stored.id, version: stored.version });
            let event = InquiryEvent::Moved { topic: Some(number), by };
            batch.records.push(encode(stored.id, &event));
        }
        self.append_noted(batch, Noted { by, action: "topic.split", target: from.to_string() })?;
        Ok(number)
    }
}
