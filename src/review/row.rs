//! The work on a gap as it stands, folded from its steps.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::record::{GapEvent, State, Step, StepName};
use crate::id::{Id, TopicNumber};
use crate::inquiry::Inquiry;
use crate::people::{By, Person};
use crate::rows::{Head, Row};

/// The work on a gap as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GapRow {
    /// The topic.
    pub topic: TopicNumber,
    /// Where the work stands.
    pub state: State,
    /// Where it stood before the last step, for undo.
    pub before: State,
    /// The last steps, oldest first, at most `GapRow::HISTORY_MAX`.
    pub history: Vec<Happened>,
    /// Who has it, also after a page is linked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Id<Person>>,
    /// The end of the day that it is to be done by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// The owner and the day before the last step, for undo.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub before_rest: Rest,
    /// What was said about it, oldest first, at most `GapRow::COMMENTS_MAX`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub comments: Vec<Comment>,
    /// What the linked page was last seen to bring.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<Proof>,
}

/// An owner and the end of a day.
type Rest = (Option<Id<Person>>, Option<Timestamp>);

fn is_nothing(rest: &Rest) -> bool {
    *rest == (None, None)
}

/// What somebody said about a gap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comment {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: By,
    /// The words, masked.
    pub text: String,
}

/// How many of a topic's questions found the linked page when it was last read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// When.
    pub at: Timestamp,
    /// So many find it among the first three.
    pub found: u32,
    /// Of so many.
    pub of: u32,
    /// Some of those that do not.
    pub missing: Vec<Id<Inquiry>>,
}

/// One step with its time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Happened {
    /// When.
    pub at: Timestamp,
    /// What.
    pub step: StepName,
    /// By whom.
    pub by: By,
}

impl GapRow {
    /// So many steps stand in the row; the journal has all.
    pub const HISTORY_MAX: usize = 40;
    /// So many comments stand in the row, so that it stays within what the view takes.
    pub const COMMENTS_MAX: usize = 12;
    /// The longest comment.
    pub const COMMENT_CHARS_MAX: usize = 300;
    /// The longest address of a linked page.
    pub const ADDRESS_CHARS_MAX: usize = 1_000;
    /// The longest reason of a dismissal.
    pub const REASON_CHARS_MAX: usize = 300;
    /// So many questions are named that do not find a linked page.
    pub const MISSING_MAX: usize = 5;

    /// A gap that nobody has touched.
    const fn untouched(topic: TopicNumber) -> Self {
        Self {
            topic,
            state: State::New,
            before: State::New,
            history: vec![],
            owner: None,
            due: None,
            before_rest: (None, None),
            comments: vec![],
            proof: None,
        }
    }

    /// Who has it. Rows of an earlier version tell it of taken gaps only.
    pub fn holder(&self) -> Option<Id<Person>> {
        match self.state {
            State::Taken { owner, .. } => self.owner.or(Some(owner)),
            _ => self.owner,
        }
    }

    /// Whether a crawl's step says no more than the last look did.
    pub fn knows(&self, step: &Step) -> bool {
        let Step::NotYet { found, of, .. } = step else { return false };
        self.proof.as_ref().is_some_and(|it| (it.found, it.of) == (*found, *of))
    }

    /// Whether the last step can be undone: undoing the undoing would only turn it back and forth.
    pub fn can_undo(&self) -> bool {
        let last = self.history.iter().rev().find(|it| it.step != StepName::Comment);
        let is_changed = self.before != self.state || self.before_rest != (self.owner, self.due);
        is_changed && last.is_some_and(|it| it.step.is_of_people() && it.step != StepName::Undo)
    }

    fn take_step(&mut self, step: &Step, at: Timestamp) {
        let next = super::state::after(self, step, at);
        let rest = (self.owner, self.due);
        match step {
            Step::Take { owner } => self.owner = Some(*owner),
            Step::Release => self.owner = None,
            Step::LinkPage { .. } => self.proof = None,
            Step::Due { until } => self.due = *until,
            Step::Undo => (self.owner, self.due) = self.before_rest,
            Step::Verified { found, of, missing } | Step::NotYet { found, of, missing } => {
                let (found, of, missing) = (*found, *of, missing.clone());
                self.proof = Some(Proof { at, found, of, missing });
            }
            Step::Comment { .. }
            | Step::Dismiss { .. }
            | Step::Snooze { .. }
            | Step::Reopen
            | Step::Reopened { .. } => {}
        }
        self.before_rest = rest;
        self.before = std::mem::replace(&mut self.state, next);
    }

    fn say(&mut self, comment: Comment) {
        self.comments.push(comment);
        if Self::COMMENTS_MAX < self.comments.len() {
            self.comments.remove(0);
        }
    }
}

impl Row for GapRow {
    type Event = GapEvent;

    fn fold(old: Option<Self>, event: GapEvent, head: Head) -> Option<Self> {
        let GapEvent::Changed { topic, step, by } = event;
        let mut row = old.unwrap_or_else(|| Self::untouched(topic));
        let name = step.name();
        match step {
            Step::Comment { text } => row.say(Comment { at: head.at, by, text }),
            step => row.take_step(&step, head.at),
        }
        row.history.push(Happened { at: head.at, step: name, by });
        if Self::HISTORY_MAX < row.history.len() {
            row.history.remove(0);
        }
        Some(row)
    }
}
