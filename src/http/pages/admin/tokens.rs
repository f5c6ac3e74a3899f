//! The tokens of machines.

use askama::Template;

use crate::http::pages::{Choice, FieldError, Frame, error_of};

/// The machines that may log or ask for answers.
#[derive(Clone, Debug, Template)]
#[template(path = "templates/tokens.html")]
pub struct TokensPage {
    /// What is around it.
    pub f: Frame,
    /// The tokens, the newest first.
    pub tokens: Vec<TokenSeen>,
    /// A token that was made just now: the machine's name and the words that are shown once.
    pub made: Option<(String, String)>,
    /// The form for one more.
    pub form: TokenForm,
}

/// A token as it stands.
#[derive(Clone, Debug)]
pub struct TokenSeen {
    /// The id.
    pub id: String,
    /// The name of the machine.
    pub name: String,
    /// The codes of what it may do.
    pub scopes: Vec<&'static str>,
    /// The one desk that it logs under.
    pub desk: Option<String>,
    /// The code of the one channel that it logs under.
    pub channel: Option<&'static str>,
    /// The last day that it holds.
    pub until: Option<String>,
    /// When it was made.
    pub made: String,
    /// By whom; none from the command line.
    pub by: Option<String>,
    /// The last day that it was used.
    pub used: Option<String>,
    /// Whether its last day was set by the program: it was made to hold longer.
    pub was_endless: bool,
    /// The code of how it stands: `open`, `ends`, `over` or `taken_back`.
    pub state: &'static str,
}

/// The form for one more token.
#[derive(Clone, Debug, Default)]
pub struct TokenForm {
    /// The public part, so that a form that is sent twice makes one token.
    pub public: String,
    /// The name of the machine, as typed.
    pub name: String,
    /// What it may do; several may be chosen.
    pub scopes: Vec<Choice>,
    /// The desk, as typed.
    pub desk: String,
    /// The channels; the first is any.
    pub channels: Vec<Choice>,
    /// The last day, as typed.
    pub until: String,
    /// The furthest last day that is taken.
    pub last: String,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

impl TokenForm {
    /// What is wrong with a field.
    pub fn error(&self, field: &str) -> Option<&str> {
        error_of(&self.errors, field)
    }
}
