//! The desk's own day.

use askama::Template;

use super::{Choice, FieldError, Frame};

/// What is asked today, what was written down in a rush, one's own entries, messages.
#[derive(Clone, Debug, Template)]
#[template(path = "templates/today.html")]
pub struct TodayPage {
    /// What is around it.
    pub f: Frame,
    /// What editors tell every desk.
    pub messages: Vec<MessageSeen>,
    /// A new message, as typed.
    pub message: MessageForm,
    /// What is asked today: what many ask all at once, then what most ask.
    pub asked: Vec<AskedSeen>,
    /// What was written down in a rush.
    pub batch: BatchForm,
    /// What was searched for in the desk's entries.
    pub query: String,
    /// What was found.
    pub found: Vec<FoundEntry>,
    /// One's own entries of the last day, newest first.
    pub own: Vec<OwnEntry>,
}

/// A message to every desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageSeen {
    /// Its id.
    pub id: String,
    /// The words.
    pub text: String,
    /// The day and time of its end.
    pub until: String,
}

/// A new message, as typed.
#[derive(Clone, Debug, Default)]
pub struct MessageForm {
    /// The words.
    pub text: String,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

/// A question of today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedSeen {
    /// The inquiry whose words these are.
    pub inquiry: String,
    /// The id that one more will have.
    pub key: String,
    /// The words.
    pub text: String,
    /// How many asked today.
    pub contacts: u32,
    /// That many ask all at once, in a sentence.
    pub surge: Option<String>,
}

/// What was written down in a rush.
#[derive(Clone, Debug, Default)]
pub struct BatchForm {
    /// The batch's id; sending twice adds nothing.
    pub key: String,
    /// The lines.
    pub lines: String,
    /// The day that they are of.
    pub day: String,
    /// The first and last day that may be chosen.
    pub days: (String, String),
    /// How they came.
    pub channels: Vec<Choice>,
    /// Where they were asked; empty when there is one desk or none.
    pub desks: Vec<Choice>,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

/// An entry of the desk that fits a search.
#[derive(Clone, Debug)]
pub struct FoundEntry {
    /// The words.
    pub text: String,
    /// What was answered.
    pub note: Option<String>,
    /// The day.
    pub day: String,
}

/// One of one's own entries, to be corrected.
#[derive(Clone, Debug)]
pub struct OwnEntry {
    /// Its id.
    pub id: String,
    /// The time of day.
    pub at: String,
    /// Its own words; empty for a repeat or a bare count.
    pub text: String,
    /// What was answered.
    pub note: String,
    /// The words, or those of what it repeats.
    pub shown: String,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

impl MessageForm {
    /// What is wrong with it.
    pub fn error(&self) -> Option<&str> {
        super::error_of(&self.errors, "message")
    }
}

impl BatchForm {
    /// What is wrong with a field.
    pub fn error(&self, field: &str) -> Option<&str> {
        super::error_of(&self.errors, field)
    }
}

impl OwnEntry {
    /// What is wrong with a field.
    pub fn error(&self, field: &str) -> Option<&str> {
        super::error_of(&self.errors, field)
    }
}
