//! The mail server, and what it said to a trial.

use askama::Template;

use crate::http::pages::{FieldError, Frame, error_of};

/// The mail server.
#[derive(Clone, Debug, Template)]
#[template(path = "templates/mail.html")]
pub struct MailPage {
    /// What is around it.
    pub f: Frame,
    /// Name and port; none when none is set.
    pub server: Option<String>,
    /// The code of how the way to it is protected.
    pub security: Option<&'static str>,
    /// The name that Skranke signs in with there.
    pub login: Option<String>,
    /// The sender's address.
    pub from: String,
    /// The folder of letters.
    pub outbox: String,
    /// Whom to send to, as typed.
    pub to: String,
    /// What came of a trial.
    pub tried: Option<MailTried>,
    /// The letters on their way, and those that did not come through.
    pub queue: QueueSeen,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

/// The letters on their way, and those that did not come through.
#[derive(Clone, Debug, Default)]
pub struct QueueSeen {
    /// How many wait to be sent.
    pub waiting: usize,
    /// When the oldest of them was made.
    pub oldest: Option<String>,
    /// Why nothing goes now.
    pub trouble: Option<TroubleSeen>,
    /// Readers whose address the server refuses.
    pub refused: usize,
    /// What has not come through lately, the newest first.
    pub lost: Vec<LostSeen>,
}

/// The mail server takes nothing.
#[derive(Clone, Debug)]
pub struct TroubleSeen {
    /// The code of why.
    pub how: &'static str,
    /// Since when.
    pub since: String,
    /// When it is tried next.
    pub until: String,
    /// What was said.
    pub says: String,
}

/// A letter that did not come through.
#[derive(Clone, Debug)]
pub struct LostSeen {
    /// Whose.
    pub who: String,
    /// When it ended.
    pub at: String,
    /// The code of how.
    pub how: &'static str,
    /// What was said.
    pub says: String,
}

/// What came of a trial.
#[derive(Clone, Debug)]
pub struct MailTried {
    /// The code of how it went.
    pub how: &'static str,
    /// What the server or the machine said, word by word.
    pub says: String,
}

impl MailPage {
    /// What is wrong with a field.
    pub fn error(&self, field: &str) -> Option<&str> {
        error_of(&self.errors, field)
    }
}
