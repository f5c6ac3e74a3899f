//! The webhooks in Admin.

use askama::Template;

use crate::http::pages::{Choice, FieldError, Frame, error_of};

/// The webhooks.
#[derive(Clone, Debug, Template)]
#[template(path = "templates/hooks.html")]
pub struct HooksPage {
    /// What is around it.
    pub f: Frame,
    /// Those there are.
    pub hooks: Vec<HookSeen>,
    /// The form of a new one.
    pub form: HookForm,
    /// The address and the secret that were made just now, shown this once.
    pub made: Option<(String, String)>,
}

/// A webhook.
#[derive(Clone, Debug)]
pub struct HookSeen {
    /// Its id.
    pub id: String,
    /// Where to.
    pub address: String,
    /// The codes of what it tells.
    pub of: Vec<&'static str>,
    /// The code of how it stands.
    pub state: &'static str,
    /// The day it was made.
    pub made: String,
    /// Who made it.
    pub by: Option<String>,
    /// The last answer: when, and what it says.
    pub last: Option<(String, String)>,
    /// So much news was sent in vain so far.
    pub waiting: usize,
    /// What came of the last test.
    pub test: Option<TestSeen>,
}

/// What came of a test.
#[derive(Clone, Debug)]
pub struct TestSeen {
    /// When it was sent.
    pub at: String,
    /// What came back; none while nothing has.
    pub says: Option<String>,
    /// The beginning of the answer.
    pub beginning: String,
}

/// The form of a new webhook.
#[derive(Clone, Debug, Default)]
pub struct HookForm {
    /// The address, as typed.
    pub address: String,
    /// What it is to tell.
    pub of: Vec<Choice>,
    /// Whether it may lie in the organisation's own network.
    pub allow_private: bool,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

impl HookForm {
    /// What is wrong with a field.
    pub fn error(&self, field: &str) -> Option<&str> {
        error_of(&self.errors, field)
    }
}
