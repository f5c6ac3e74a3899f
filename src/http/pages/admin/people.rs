//! The people who can sign in, and one of them.

use askama::Template;

use crate::http::pages::{Choice, FieldError, Frame, error_of};

/// The people who can sign in.
#[derive(Clone, Debug, Template)]
#[template(path = "templates/people.html")]
pub struct PeoplePage {
    /// What is around it.
    pub f: Frame,
    /// The people, by name.
    pub people: Vec<PersonSeen>,
    /// The form for one more.
    pub form: PersonForm,
    /// The roles, and whether their people must use a code.
    pub code_roles: Vec<Choice>,
    /// How many of those who must have set up none yet.
    pub n_owing: usize,
    /// The invitation that was made just now, shown this once.
    pub made: Option<LinkShown>,
}

impl PeoplePage {
    /// The roles of whom a code is demanded, for whoever only reads.
    pub fn demanded(&self) -> String {
        let chosen = self.code_roles.iter().filter(|it| it.chosen);
        chosen.map(|it| it.label.as_str()).collect::<Vec<_>>().join(", ")
    }
}

/// The form of an invitation.
#[derive(Clone, Debug, Default)]
pub struct PersonForm {
    /// The sign-in name, as typed.
    pub login: String,
    /// The name that others see, as typed.
    pub name: String,
    /// The roles.
    pub roles: Vec<Choice>,
    /// The languages.
    pub langs: Vec<Choice>,
    /// The desks; none where there is nothing to choose.
    pub desks: Vec<Choice>,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

impl PersonForm {
    /// What is wrong with a field.
    pub fn error(&self, field: &str) -> Option<&str> {
        error_of(&self.errors, field)
    }
}

/// Somebody who can sign in.
#[derive(Clone, Debug)]
pub struct PersonSeen {
    /// The id.
    pub id: String,
    /// The sign-in name.
    pub login: String,
    /// The name that others see.
    pub name: String,
    /// The code of the role.
    pub role: String,
    /// The code of where the account stands.
    pub state: &'static str,
    /// Whether it is the one who looks.
    pub is_me: bool,
}

impl PersonSeen {
    /// Whether the account is closed.
    pub fn is_closed(&self) -> bool {
        self.state == "closed"
    }
}

/// A one-time link that was made just now.
#[derive(Clone, Debug)]
pub struct LinkShown {
    /// Whom it is for.
    pub name: String,
    /// The whole address.
    pub address: String,
    /// Until when it holds.
    pub until: String,
}

/// A one-time link that was made before.
#[derive(Clone, Debug)]
pub struct LinkHeld {
    /// Until when it holds.
    pub until: String,
    /// Whether it still does.
    pub holds: bool,
}

/// One account.
#[derive(Clone, Debug, Template)]
#[template(path = "templates/person.html")]
pub struct PersonPage {
    /// What is around it.
    pub f: Frame,
    /// The id.
    pub id: String,
    /// The sign-in name.
    pub login: String,
    /// The name that others see.
    pub name: String,
    /// The same, as typed.
    pub typed_name: String,
    /// The code of the role.
    pub role: String,
    /// The roles.
    pub roles: Vec<Choice>,
    /// The desks; none where there is nothing to choose.
    pub desks: Vec<Choice>,
    /// The code of where the account stands.
    pub state: &'static str,
    /// Whether it is the one who looks.
    pub is_me: bool,
    /// How many sessions are open.
    pub sessions: usize,
    /// The day that the person was here last, as far as that is known.
    pub last_seen: Option<String>,
    /// The one-time link, if one was made and not used.
    pub link: Option<LinkHeld>,
    /// Whether a code is asked for beside the passphrase.
    pub has_second_step: bool,
    /// The link that was made just now, shown this once.
    pub made: Option<LinkShown>,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

impl PersonPage {
    /// What is wrong with a field.
    pub fn error(&self, field: &str) -> Option<&str> {
        error_of(&self.errors, field)
    }

    /// Whether the account is closed.
    pub fn is_closed(&self) -> bool {
        self.state == "closed"
    }

    /// Whether a link holds.
    pub fn has_link(&self) -> bool {
        self.link.as_ref().is_some_and(|it| it.holds)
    }
}
