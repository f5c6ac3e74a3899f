//! Before the flow: who may come in, as what.

mod api_token;
mod browser_key;
mod came_from;
mod link;
mod passphrase;
mod person;
mod role;
mod saved_view;
mod second_step;
mod session;
mod token;

use crate::id::{Id, Named};

pub use api_token::{ApiToken, ApiTokenEvent, ApiTokenRow, Grant, Scope, TokenText};
pub use browser_key::{BrowserKey, BrowserKeys, DayNumber};
pub use came_from::{ThereHash, there};
pub use link::{LeadsTo, Link, LinkEvent, LinkRow, LinkText};
pub use passphrase::{Breached, BreachedError, Passphrase, PassphraseError};
pub use person::{Identity, Login, LoginError, OneTimeLink, PersonEvent, PersonRow, SecondStep};
pub use role::Role;
pub use saved_view::{SavedView, ViewEvent, ViewFacts, ViewOf, ViewRow};
pub use second_step::{RecoveryCode, StepSecret};
pub use session::{
    LetInBy, OpenSession, PROOF_LASTS, SESSION_ABSOLUTE, SESSION_IDLE, Session, Sessions,
};
pub use token::Token;

/// Somebody with an account.
#[derive(Debug)]
pub struct Person;

impl Named for Person {
    const PREFIX: &'static str = "per";
}

/// Who did something; none when a job did it.
pub type By = Option<Id<Person>>;
