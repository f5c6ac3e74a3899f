//! Before the flow: who may come in, as what.

mod api_token;
mod browser_key;
mod passphrase;
mod person;
mod session;

use crate::id::{Id, Named};

pub use api_token::{ApiToken, ApiTokenEvent, ApiTokenRow, Grant, Scope, TokenText};
pub use browser_key::{BrowserKey, BrowserKeys, DayNumber};
pub use passphrase::{Passphrase, PassphraseError};
pub use person::{Login, LoginError, PersonEvent, PersonRow, Role};
pub use session::{SESSION_ABSOLUTE, SESSION_IDLE, Session, Sessions, Token};

/// Somebody with an account.
#[derive(Debug)]
pub struct Person;

impl Named for Person {
    const PREFIX: &'static str = "per";
}

/// Who did something; none when a job did it.
pub type By = Option<Id<Person>>;
