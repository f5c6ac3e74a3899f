//! The lock of a shared desk, and showing once more who one is.

use super::AccountError;
use crate::app::{App, Noted, SignInError};
use crate::id::Id;
use crate::journal::JournalError;
use crate::people::{By, Passphrase, Person, Token};

impl App {
    /// Locks a session: it stays, and nothing can be done with it. Blocks.
    pub fn lock(&self, token: &Token, by: By) -> Result<(), JournalError> {
        self.sessions.lock(token, self.now())?;
        let target = by.map_or_else(String::new, |it| it.to_string());
        self.note(Noted { by, action: "session.locked", target }, true).map(|_| ())
    }

    /// Lets the person of a locked session go on, in a session that takes its place and ends when
    /// it would have ended. No code is asked for: a session that was begun with two factors may be
    /// gone on with by one of them (NIST SP 800-63B, reauthentication). Blocks: checking a
    /// passphrase takes its time.
    pub fn unlock(
        &self,
        id: Id<Person>,
        passphrase: &str,
        locked: &Token,
    ) -> Result<Token, SignInError> {
        let stored = self.state.people.get(id.uuid());
        let hash = stored.as_ref().filter(|it| !it.row.disabled);
        let fits = Passphrase::matches(passphrase, hash.and_then(|it| it.row.hash.as_deref()));
        let (by, target) = (fits.then_some(id), id.to_string());
        self.note(Noted { by, action: "session.unlocked", target }, fits)?;
        if !fits {
            return Err(SignInError::Wrong);
        }
        let stored = stored.ok_or(SignInError::Wrong)?;
        let place = self.sessions.place_of(locked, id);
        let token = self.sessions.take_place(place, id, self.now())?;
        self.check_still((&stored, stored.version), &token)?;
        Ok(token)
    }

    /// Takes a passphrase once more in a session, before something that matters. Blocks.
    ///
    /// # Errors
    /// When the passphrase is wrong.
    pub fn prove(
        &self,
        id: Id<Person>,
        passphrase: &str,
        token: &Token,
    ) -> Result<(), AccountError> {
        let stored = self.state.people.get(id.uuid()).ok_or(AccountError::Unknown)?;
        let fits = Passphrase::matches(passphrase, stored.row.hash.as_deref());
        let noted = Noted { by: Some(id), action: "session.proved", target: id.to_string() };
        self.note(noted, fits)?;
        if !fits {
            return Err(AccountError::WrongPassphrase);
        }
        Ok(self.sessions.prove(token, self.now())?)
    }

    /// Whether somebody signs in with a passphrase.
    pub fn has_passphrase(&self, id: Id<Person>) -> bool {
        self.state.people.get(id.uuid()).is_some_and(|it| it.row.hash.is_some())
    }

    /// The name that somebody signs in with.
    pub fn login_of(&self, id: Id<Person>) -> Option<String> {
        Some(self.state.people.get(id.uuid())?.row.login.as_str().to_owned())
    }
}
