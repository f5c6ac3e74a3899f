//! Signing in, and the first administrator.

use askama::Template;

use super::{FieldError, Frame};

/// Signing in.
#[derive(Clone, Debug, Template)]
#[template(path = "templates/sign_in.html")]
pub struct SignInPage {
    /// What is around it.
    pub f: Frame,
    /// The sign-in name, as typed.
    pub login: String,
    /// Where to go after it.
    pub next: String,
    /// Why it did not go, in words.
    pub fault: Option<String>,
    /// What is in the way of signing in by the provider, in words.
    pub trouble: Option<String>,
    /// The provider's name; none where no provider is set.
    pub by: Option<String>,
    /// The provider that one can sign out of as well.
    pub out_by: Option<String>,
    /// Whether the form for local accounts is shown.
    pub is_local: bool,
    /// Whether the session before it ran out.
    pub ran_out: bool,
    /// The demonstration's accounts: sign-in name, role, passphrase.
    pub demo_accounts: Vec<(String, String, String)>,
}

/// Making the first administrator with the one-time code.
#[derive(Clone, Debug, Template)]
#[template(path = "templates/setup.html")]
pub struct SetupPage {
    /// What is around it.
    pub f: Frame,
    /// The code, as typed.
    pub code: String,
    /// The organisation's name, as typed.
    pub organisation: String,
    /// The sign-in name, as typed.
    pub login: String,
    /// The name that others see, as typed.
    pub name: String,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

impl SetupPage {
    /// What is wrong with a field.
    pub fn error(&self, field: &str) -> Option<&str> {
        super::error_of(&self.errors, field)
    }
}

/// Choosing a passphrase by a one-time link.
#[derive(Clone, Debug, Template)]
#[template(path = "templates/welcome.html")]
pub struct WelcomePage {
    /// What is around it.
    pub f: Frame,
    /// Whose link it is; none when it no longer holds.
    pub who: Option<Welcomed>,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

/// Somebody who has come by a link.
#[derive(Clone, Debug)]
pub struct Welcomed {
    /// The name that others see.
    pub name: String,
    /// The sign-in name.
    pub login: String,
    /// The organisation.
    pub organisation: String,
    /// The public part of the link, which tells it from another in a second window.
    pub link: String,
}

impl WelcomePage {
    /// What is wrong with a field.
    pub fn error(&self, field: &str) -> Option<&str> {
        super::error_of(&self.errors, field)
    }
}

/// What to do when the passphrase is forgotten.
#[derive(Clone, Debug, Template)]
#[template(path = "templates/forgotten.html")]
pub struct ForgottenPage {
    /// What is around it.
    pub f: Frame,
}

/// One's own way in, as a part of one's account.
#[derive(Clone, Debug, Default)]
pub struct OwnAccess {
    /// The sign-in name of whoever has a passphrase.
    pub login: Option<String>,
    /// One's open sessions, the newest first.
    pub sessions: Vec<SessionSeen>,
    /// What must be shown before other sessions can be ended.
    pub proof: ProofAsked,
    /// The desks that one logs under, by name; none when it is all of them.
    pub desks: Option<String>,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

impl OwnAccess {
    /// What is wrong with a field.
    pub fn error(&self, field: &str) -> Option<&str> {
        super::error_of(&self.errors, field)
    }
}

/// What somebody must show once more, when they have last shown who they are a while ago.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ProofAsked {
    /// Nothing: it was shown a short while ago.
    #[default]
    None,
    /// The passphrase.
    Passphrase,
    /// Coming by the provider once more; its name.
    Provider(String),
}

/// An open session.
#[derive(Clone, Debug)]
pub struct SessionSeen {
    /// What it is called in the form that ends it.
    pub handle: String,
    /// When it began.
    pub begun: String,
    /// When it was last in use.
    pub seen: String,
    /// Whether it is the one that asks.
    pub is_this: bool,
}
