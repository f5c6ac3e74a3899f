//! What is changed of an account: closed, opened, another role, name or passphrase, its desks, and
//! its sessions.

use std::sync::Arc;

use super::{AccountError, checked_name, is_admin};
use crate::app::{App, Noted};
use crate::id::Id;
use crate::journal::{Expect, JournalError};
use crate::people::{By, Login, Passphrase, Person, PersonEvent, PersonRow, Role, Token};
use crate::record::Change;
use crate::rows::Stored;

/// What an administrator may do for others is no way around what is asked of oneself: an open
/// session alone would be enough to take its own account over.
pub(super) fn not_own(id: Id<Person>, by: By) -> Result<(), AccountError> {
    if by == Some(id) { Err(AccountError::Own) } else { Ok(()) }
}

impl App {
    /// Closes an account and ends its sessions, or opens it again. Blocks.
    pub fn set_disabled(&self, id: Id<Person>, disabled: bool, by: By) -> Result<(), AccountError> {
        let stored = self.state.people.get(id.uuid()).ok_or(AccountError::Unknown)?;
        let target = id.to_string();
        if !disabled {
            let noted = Noted { by, action: "person.enabled", target };
            return Ok(self.change_person(&stored, &PersonEvent::Enabled { by }, noted)?);
        }
        let noted = Noted { by, action: "person.disabled", target };
        self.unseat(&stored, &PersonEvent::Disabled { by }, noted)?;
        Ok(self.sessions.end_all(id, self.now())?)
    }

    /// Sets another role, and ends the person's sessions: what they had open was for the old one.
    /// Blocks.
    pub fn set_role(&self, id: Id<Person>, role: Role, by: By) -> Result<(), AccountError> {
        let stored = self.state.people.get(id.uuid()).ok_or(AccountError::Unknown)?;
        if by == Some(id) {
            return Err(AccountError::OwnRole);
        }
        if stored.row.role == role {
            return Ok(());
        }
        let noted = Noted { by, action: "person.role_set", target: id.to_string() };
        let event = PersonEvent::RoleSet { role, by };
        if role == Role::Admin {
            self.change_person(&stored, &event, noted)?;
        } else {
            self.unseat(&stored, &event, noted)?;
        }
        Ok(self.sessions.end_all(id, self.now())?)
    }

    /// Sets the name that others see. Blocks.
    pub fn set_person_name(&self, id: Id<Person>, name: &str, by: By) -> Result<(), AccountError> {
        let stored = self.state.people.get(id.uuid()).ok_or(AccountError::Unknown)?;
        let name = checked_name(name)?;
        if stored.row.name == name {
            return Ok(());
        }
        let noted = Noted { by, action: "person.name_set", target: id.to_string() };
        Ok(self.change_person(&stored, &PersonEvent::NameSet { name, by }, noted)?)
    }

    /// Sets the desks that a person logs under; all when there are none. Blocks.
    pub fn set_desks(
        &self,
        id: Id<Person>,
        desks: Vec<String>,
        by: By,
    ) -> Result<(), AccountError> {
        let stored = self.state.people.get(id.uuid()).ok_or(AccountError::Unknown)?;
        let desks = self.checked_desks(desks)?;
        if stored.row.desks == desks {
            return Ok(());
        }
        let noted = Noted { by, action: "person.desks_set", target: id.to_string() };
        Ok(self.change_person(&stored, &PersonEvent::DesksSet { desks, by }, noted)?)
    }

    /// Takes somebody else's second step away; where there is none, nothing changes. One's own is
    /// ended by showing it. Blocks.
    pub fn end_second_step(&self, id: Id<Person>, by: By) -> Result<(), AccountError> {
        not_own(id, by)?;
        self.end_any_second_step(id, by)
    }

    pub(super) fn end_any_second_step(&self, id: Id<Person>, by: By) -> Result<(), AccountError> {
        let stored = self.state.people.get(id.uuid()).ok_or(AccountError::Unknown)?;
        if stored.row.second_step.is_none() {
            return Ok(());
        }
        let noted = Noted { by, action: "person.second_step_ended", target: id.to_string() };
        Ok(self.change_person(&stored, &PersonEvent::SecondStepEnded { by }, noted)?)
    }

    /// Sets another passphrase and ends every session. Blocks.
    pub fn set_passphrase(&self, login: &str, typed: &str, by: By) -> Result<(), AccountError> {
        let stored = self.by_login(&Login::parse(login)?).ok_or(AccountError::Unknown)?;
        let PersonRow { login, name, .. } = &stored.row;
        let hash = self.checked_passphrase(typed, (login, name))?.hash();
        let id = Id::<Person>::from_uuid(stored.id);
        let noted = Noted { by, action: "person.passphrase_set", target: id.to_string() };
        self.change_person(&stored, &PersonEvent::PassphraseSet { hash, by }, noted)?;
        Ok(self.sessions.end_all(id, self.now())?)
    }

    /// Changes one's own passphrase and ends every session. Another one takes the place of the
    /// session that this was done in, under a new token. Blocks: two passphrases are hashed.
    pub fn change_passphrase(
        &self,
        (id, session): (Id<Person>, &Token),
        old: &str,
        typed: &str,
    ) -> Result<Token, AccountError> {
        let stored = self.state.people.get(id.uuid()).ok_or(AccountError::Unknown)?;
        let by = Some(id);
        let noted = Noted { by, action: "person.passphrase_changed", target: id.to_string() };
        let PersonRow { login, name, hash, .. } = &stored.row;
        if !Passphrase::matches(old, hash.as_deref()) {
            self.note(noted, false)?;
            return Err(AccountError::WrongPassphrase);
        }
        let hash = self.checked_passphrase(typed, (login, name))?.hash();
        self.change_person(&stored, &PersonEvent::PassphraseSet { hash, by }, noted)?;
        let place = self.sessions.place_of(session, id);
        self.sessions.end_all(id, self.now())?;
        Ok(self.sessions.take_place(place, id, self.now())?)
    }

    /// Ends every session of somebody else. Blocks.
    pub fn end_sessions(&self, id: Id<Person>, by: By) -> Result<(), AccountError> {
        not_own(id, by)?;
        let stored = self.state.people.get(id.uuid()).ok_or(AccountError::Unknown)?;
        self.sessions.end_all(Id::from_uuid(stored.id), self.now())?;
        let noted = Noted { by, action: "person.sessions_ended", target: id.to_string() };
        self.note(noted, true)?;
        Ok(())
    }

    /// Ends those of one's own sessions that are meant by their handles; tells how many. Blocks.
    pub fn end_own_sessions(
        &self,
        id: Id<Person>,
        meant: impl Fn(&str) -> bool,
    ) -> Result<usize, JournalError> {
        let ended = self.sessions.end_some(id, self.now(), meant)?;
        if 0 < ended {
            let action = "person.own_sessions_ended";
            self.note(Noted { by: Some(id), action, target: id.to_string() }, true)?;
        }
        Ok(ended)
    }

    /// Desks that there are, each once and in the organisation's order.
    pub(super) fn checked_desks(&self, wanted: Vec<String>) -> Result<Vec<String>, AccountError> {
        let settings = self.state.settings();
        let is_known = |key: &String| settings.desks.iter().any(|it| it.key == *key);
        if let Some(unknown) = wanted.iter().find(|it| !is_known(it)) {
            return Err(AccountError::Desk(unknown.clone()));
        }
        let keys = settings.desks.into_iter().map(|it| it.key);
        Ok(keys.filter(|it| wanted.contains(it)).collect())
    }

    /// Tells an event after which somebody is no administrator who can sign in. Another one must
    /// be left, also when two do this to each other in the same moment: the record is taken only
    /// while that one stands as seen.
    fn unseat(
        &self,
        stored: &Stored<PersonRow>,
        event: &PersonEvent,
        noted: Noted<'_>,
    ) -> Result<(), AccountError> {
        let Stored { id: entity, version, .. } = *stored;
        let mut batch = Change { entity, version: Some(version), now: self.now() }.batch(event);
        if is_admin(&stored.row) {
            let other = self.another_admin(stored).ok_or(AccountError::LastAdmin)?;
            batch.expect.push(Expect { entity: other.id, version: other.version });
        }
        self.append_noted(batch, noted)?;
        Ok(())
    }

    fn another_admin(&self, than: &Stored<PersonRow>) -> Option<Arc<Stored<PersonRow>>> {
        let people = self.state.people.read();
        people.iter().find(|it| it.id != than.id && is_admin(&it.row)).cloned()
    }
}
