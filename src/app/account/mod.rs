//! Accounts: the first start, signing in and out, adding people.

mod change;
mod links;
mod lock;
mod provider;
mod second_step;
mod tokens;
mod way;

use std::sync::PoisonError;

use jiff::{SignedDuration, Timestamp};
use subtle::ConstantTimeEq;

use crate::app::{App, Noted, State};
use crate::id::Id;
use crate::journal::JournalError;
use crate::messages::Lang;
use crate::people::{
    Breached, By, Login, LoginError, Passphrase, PassphraseError, Person, PersonEvent, PersonRow,
    Role, Session, Token,
};
use crate::record::Change;
use crate::rows::Stored;

pub use links::{Invitation, LINK_LASTS};
pub use provider::{CameBy, CameError};
pub use second_step::SecondStepError;
pub(in crate::app) use tokens::TakenBack;
pub use tokens::{Machine, NewToken, TokenError, TokenRefusal};
use way::Way;

/// The code that the first administrator needs, printed once at the first start.
#[derive(Clone)]
pub(in crate::app) struct SetupCode {
    code: String,
    until: Timestamp,
}

/// A set-up code is good for so long.
const SETUP_CODE_LASTS: SignedDuration = SignedDuration::from_mins(60);
/// The longest name of a person.
pub const NAME_CHARS_MAX: usize = 120;

/// Why somebody could not be added or changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AccountError {
    /// The sign-in name does not fit.
    #[error(transparent)]
    Login(#[from] LoginError),
    /// The sign-in name is in use.
    #[error("somebody signs in with that name already")]
    LoginTaken,
    /// The passphrase does not fit.
    #[error(transparent)]
    Passphrase(#[from] PassphraseError),
    /// The name is empty or too long.
    #[error("a name has 1 to {NAME_CHARS_MAX} characters")]
    Name,
    /// The set-up code is wrong, used or too old.
    #[error("the set-up code is wrong or no longer good; start Skranke again for another")]
    SetupCode,
    /// The last administrator cannot be closed out.
    #[error("there must be an administrator who can sign in")]
    LastAdmin,
    /// Nobody takes their own role away by a slip.
    #[error("nobody changes their own role")]
    OwnRole,
    /// What is asked of oneself has no way around it.
    #[error("your own account is changed on its own page, and by what is asked for there")]
    Own,
    /// There is no such desk.
    #[error("there is no desk {0:?}")]
    Desk(String),
    /// The one-time link is used up, ended, or too old.
    #[error("the link no longer holds")]
    Link,
    /// The passphrase that was asked for is wrong.
    #[error("the passphrase is wrong")]
    WrongPassphrase,
    /// There is no such person.
    #[error("there is no such person")]
    Unknown,
    /// The journal did not take it.
    #[error("could not write the account to the journal")]
    Journal(#[from] JournalError),
}

/// Why somebody could not sign in; the same for an unknown name and a wrong passphrase.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SignInError {
    /// Name or passphrase is wrong, or the account is closed.
    #[error("the name or the passphrase is wrong")]
    Wrong,
    /// The journal did not take it.
    #[error("could not write the session to the journal")]
    Journal(#[from] JournalError),
}

/// How far somebody has come who gave the right passphrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Passed {
    /// They are in.
    In(Token),
    /// They are asked for the second step.
    Half(Id<Person>),
}

/// Somebody to be added.
#[derive(Clone)]
pub struct NewPerson {
    /// The name to sign in with, as typed.
    pub login: String,
    /// The name that others see.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// The language of pages and mails.
    pub lang: Lang,
    /// The passphrase as typed.
    pub passphrase: String,
}

/// Somebody who has signed in, as a request sees them.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who.
    pub person: Id<Person>,
    /// The name that others see.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// The language of pages.
    pub lang: Lang,
    /// The keys of the desks that the person logs under; all when there are none.
    pub desks: Vec<String>,
    /// The session.
    pub session: Session,
    /// Whether a code is demanded of the person and none is set up: then nothing is open but
    /// setting it up.
    pub owes_code: bool,
}

impl SignedIn {
    /// Whether the person logs under a desk, by its key, and sees what was logged there today.
    pub fn is_of_desk(&self, key: &str) -> bool {
        self.desks.is_empty() || self.desks.iter().any(|it| it == key)
    }
}

/// Makes the one-time code when nobody can sign in as an administrator yet.
pub(in crate::app) fn first_code(state: &State, now: Timestamp) -> Option<SetupCode> {
    (!has_admin(state)).then(|| SetupCode {
        code: Token::random().as_str()[..32].to_owned(),
        until: now + SETUP_CODE_LASTS,
    })
}

fn has_admin(state: &State) -> bool {
    state.people.read().iter().any(|it| is_admin(&it.row))
}

/// Whether this is an administrator who can sign in.
fn is_admin(row: &PersonRow) -> bool {
    row.role == Role::Admin && !row.disabled && row.has_come()
}

impl App {
    /// The set-up code to print, while there is no administrator.
    pub fn setup_code(&self) -> Option<String> {
        let mut held = self.setup_code.lock().unwrap_or_else(PoisonError::into_inner);
        // Somebody whom the provider let in may have become one meanwhile.
        held.take_if(|_| has_admin(&self.state));
        held.as_ref().map(|it| it.code.clone())
    }

    /// Makes the first administrator. The code is used up by it. Blocks.
    pub fn set_up(&self, code: &str, new: NewPerson) -> Result<Id<Person>, AccountError> {
        let mut held = self.setup_code.lock().unwrap_or_else(PoisonError::into_inner);
        held.take_if(|_| has_admin(&self.state));
        let fits = held.as_ref().is_some_and(|it| {
            self.now() < it.until && bool::from(it.code.as_bytes().ct_eq(code.trim().as_bytes()))
        });
        if !fits {
            return Err(AccountError::SetupCode);
        }
        let id = self.add_person(NewPerson { role: Role::Admin, ..new }, None)?;
        *held = None;
        Ok(id)
    }

    /// Adds somebody. Blocks: hashing a passphrase takes its time.
    pub fn add_person(&self, new: NewPerson, by: By) -> Result<Id<Person>, AccountError> {
        let login = Login::parse(&new.login)?;
        let name = checked_name(&new.name)?;
        if self.by_login(&login).is_some() {
            return Err(AccountError::LoginTaken);
        }
        let hash = self.checked_passphrase(&new.passphrase, (&login, &name))?.hash();
        let now = self.now();
        // The name is part of the id, so that two who add it at once make one.
        let id = Id::<Person>::derived(&[b"login", login.as_str().as_bytes()]);
        let NewPerson { role, lang, .. } = new;
        let event = PersonEvent::Added { login, name, role, lang, hash, by };
        let batch = Change { entity: id.uuid(), version: Some(0), now }.batch(&event);
        self.append_noted(batch, Noted { by, action: "person.added", target: id.to_string() })?;
        Ok(id)
    }

    /// Sets the language of a person's pages. Blocks.
    pub fn set_lang(&self, id: Id<Person>, lang: Lang) -> Result<(), AccountError> {
        let stored = self.state.people.get(id.uuid()).ok_or(AccountError::Unknown)?;
        let change = Change { entity: stored.id, version: None, now: self.now() };
        change.tell(&self.journal, &PersonEvent::LangSet { lang })?;
        Ok(())
    }

    /// Signs somebody in, as far as a passphrase does. Blocks: checking a passphrase takes its
    /// time, known name or not.
    pub fn sign_in(&self, login: &str, passphrase: &str) -> Result<Passed, SignInError> {
        let stored = Login::parse(login).ok().and_then(|login| self.by_login(&login));
        let hash = stored.as_ref().filter(|it| !it.row.disabled);
        let hash = hash.and_then(|it| it.row.hash.as_deref());
        let fits = Passphrase::matches(passphrase, hash);
        let Some(stored) = stored else {
            Way::Passphrase.told(false);
            return Err(SignInError::Wrong);
        };
        let id = Id::<Person>::from_uuid(stored.id);
        if !fits {
            self.note_refused(Way::Passphrase, id.to_string())?;
            return Err(SignInError::Wrong);
        }
        if stored.row.second_step.is_some() {
            self.hash_anew(&stored, passphrase);
            return Ok(Passed::Half(id));
        }
        let token = self.start_session(id, Way::Passphrase)?;
        self.check_still((&stored, stored.version), &token)?;
        self.hash_anew(&stored, passphrase);
        Ok(Passed::In(token))
    }

    /// Takes a session back that was begun by what an account was read as, unless it stands so in
    /// the journal. Whatever ends somebody's sessions changes the account first: so it either
    /// found this session, or is found here.
    pub(super) fn check_still(
        &self,
        (stored, version): (&Stored<PersonRow>, u32),
        token: &Token,
    ) -> Result<(), SignInError> {
        if self.journal.version_of(stored.id) == Some(version) {
            return Ok(());
        }
        self.sign_out(token)?;
        Err(SignInError::Wrong)
    }

    /// Keeps a hash of today in place of an older one, while the passphrase is at hand. Whoever
    /// has shown it comes in, whether this goes well or not.
    fn hash_anew(&self, stored: &Stored<PersonRow>, passphrase: &str) {
        let old = stored.row.hash.as_deref().unwrap_or_default();
        let Some(hash) = Passphrase::renewed(passphrase, old) else { return };
        let change = Change { entity: stored.id, version: Some(stored.version), now: self.now() };
        match change.tell(&self.journal, &PersonEvent::PassphraseRehashed { hash }) {
            // Something else of the account has changed meanwhile: the next time will do.
            Ok(_) | Err(JournalError::Conflict { .. }) => {}
            Err(error) => tracing::warn!(%error, "could not keep a passphrase's newer hash"),
        }
    }

    /// Begins a session of somebody who has shown all that is asked for. Blocks.
    fn start_session(&self, id: Id<Person>, way: Way) -> Result<Token, JournalError> {
        let token = self.sessions.start_by(id, way.lets_in(), self.now())?;
        way.told(true);
        let noted = Noted { by: Some(id), action: way.action(), target: id.to_string() };
        self.note(noted, true)?;
        Ok(token)
    }

    /// Notes that somebody was not let in: the target is an account, or `oidc`, never a name that
    /// was typed.
    fn note_refused(&self, way: Way, target: String) -> Result<(), JournalError> {
        way.told(false);
        self.note(Noted { by: None, action: way.action(), target }, false).map(|_| ())
    }

    /// Notes that an answer of the provider of identities was refused. Blocks.
    pub fn note_false_answer(&self) -> Result<(), JournalError> {
        self.note_refused(Way::Provider, "oidc".to_owned())
    }

    /// Ends a session that another one has taken the place of: that is no signing out, unless it
    /// was somebody else's. Blocks.
    pub fn give_way(&self, before: &Token, to: &Token) -> Result<(), JournalError> {
        let now = self.now();
        let whose = |token| self.sessions.find(token, now).map(|it| it.person);
        if whose(before).is_some() && whose(before) == whose(to) {
            return self.sessions.end(before, now).map(|_| ());
        }
        self.sign_out(before)
    }

    /// Ends a session. Blocks.
    pub fn sign_out(&self, token: &Token) -> Result<(), JournalError> {
        if let Some(by) = self.sessions.end(token, self.now())? {
            let target = by.to_string();
            self.note(Noted { by: Some(by), action: "sign_out", target }, true)?;
        }
        Ok(())
    }

    /// Finds who holds a token, by the account as it stands now.
    pub fn signed_in(&self, token: &Token) -> Option<SignedIn> {
        let session = self.sessions.find(token, self.now())?;
        let stored = self.state.people.get(session.person.uuid())?;
        let row = (!stored.row.disabled).then_some(&stored.row)?;
        Some(SignedIn {
            person: session.person,
            name: row.name.clone(),
            role: row.role,
            lang: row.lang,
            desks: row.desks.clone(),
            owes_code: self.owes_code(row, session.by),
            session,
        })
    }

    /// The account that a typed sign-in name stands for.
    pub fn person_named(&self, login: &str) -> Option<Id<Person>> {
        let login = Login::parse(login).ok()?;
        self.by_login(&login).map(|it| Id::from_uuid(it.id))
    }

    fn by_login(&self, login: &Login) -> Option<std::sync::Arc<Stored<PersonRow>>> {
        self.state.people.read().iter().find(|it| it.row.login == *login).cloned()
    }

    /// Takes note of the list of stolen passwords, once, at the start.
    pub fn know_breached(&self, list: Option<Breached>) {
        if let Some(list) = list {
            drop(self.breached.set(list));
        }
    }

    /// A passphrase that this person may have. Blocks: the list of stolen ones is on the disk.
    fn checked_passphrase(
        &self,
        typed: &str,
        (login, name): (&Login, &str),
    ) -> Result<Passphrase, PassphraseError> {
        let organisation = self.state.settings().name;
        let passphrase = Passphrase::parse(typed, &[login.as_str(), name, &organisation])?;
        let is_known = self.breached.get().map_or(Ok(false), |it| it.has(typed));
        match is_known {
            Ok(true) => return Err(PassphraseError::Breached),
            Ok(false) => {}
            // The other rules hold all the same, and people must be able to come in.
            Err(error) => tracing::warn!(%error, "could not read the list of stolen passwords"),
        }
        Ok(passphrase)
    }

    fn change_person(
        &self,
        stored: &Stored<PersonRow>,
        event: &PersonEvent,
        noted: Noted<'_>,
    ) -> Result<(), JournalError> {
        let change = Change { entity: stored.id, version: Some(stored.version), now: self.now() };
        self.append_noted(change.batch(event), noted).map(|_| ())
    }
}

/// A name as others may see it.
fn checked_name(name: &str) -> Result<String, AccountError> {
    let name = name.trim();
    let count = name.chars().count();
    (0 < count && count <= NAME_CHARS_MAX).then(|| name.to_owned()).ok_or(AccountError::Name)
}
