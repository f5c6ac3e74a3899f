//! From which session at the provider of identities one came, so that it ends with it.

use std::collections::BTreeSet;
use std::sync::PoisonError;

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::session::{LetInBy, Session, SessionEvent};
use super::token::{TokenHash, hex};
use super::{By, Person, Sessions, Token};
use crate::id::Id;
use crate::journal::JournalError;

/// The SHA-256 of a session's name at the provider, with the provider's.
pub type ThereHash = [u8; 32];

/// What a session at a provider is known by here.
pub fn there(issuer: &str, session: &str) -> ThereHash {
    let digest = Sha256::new().chain_update(issuer).chain_update([0]).chain_update(session);
    digest.finalize().into()
}

/// What a session leaves to the one that takes its place.
#[derive(Clone, Copy, Debug, Default)]
pub struct Place {
    /// When the person signed in; nothing when the session is no more.
    since: Option<Timestamp>,
    there: Option<ThereHash>,
}

impl Sessions {
    /// The place of a person's session.
    pub fn place_of(&self, token: &Token, person: Id<Person>) -> Place {
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        let found = open.get(&token.hash()).filter(|it| it.person == person);
        found.map_or_else(Place::default, |it| Place { since: Some(it.started), there: it.there })
    }

    /// Begins a session in the place of another for whoever has shown the passphrase, under a new
    /// token; it ends when that would have ended, also at the provider.
    pub fn take_place(
        &self,
        place: Place,
        person: Id<Person>,
        now: Timestamp,
    ) -> Result<Token, JournalError> {
        let token = self.start_since(person, (LetInBy::Passphrase, place.since), now)?;
        if let Some(there) = place.there {
            self.came_from(&token, there, now)?;
        }
        Ok(token)
    }

    /// Notes from which session at the provider one came.
    pub fn came_from(
        &self,
        token: &Token,
        there: ThereHash,
        now: Timestamp,
    ) -> Result<(), JournalError> {
        let hash = token.hash();
        let event = SessionEvent::CameFrom { token_hash: hex(&hash), there: hex(&there) };
        self.tell(&hash, now, &event)?;
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(session) = open.get_mut(&hash) {
            session.there = Some(there);
        }
        Ok(())
    }

    /// Ends what came from a session at the provider, of one person where it is known whose it
    /// was; tells whose have ended.
    pub fn end_from(
        &self,
        there: ThereHash,
        person: By,
        now: Timestamp,
    ) -> Result<BTreeSet<Id<Person>>, JournalError> {
        let is_meant = |it: &Session| {
            it.there == Some(there) && person.is_none_or(|person| person == it.person)
        };
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        let going: Vec<(TokenHash, Session)> = open.extract_if(|_, it| is_meant(it)).collect();
        drop(open);
        for (hash, _) in &going {
            self.tell(hash, now, &SessionEvent::Ended { token_hash: hex(hash) })?;
        }
        Ok(going.iter().map(|it| it.1.person).collect())
    }
}
