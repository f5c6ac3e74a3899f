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
    /// What is wrong.
    pub errors: Vec<FieldError>,
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
