//! One-time links: a person who was invited, or has lost the passphrase, sets one by them.

use std::sync::Arc;

use jiff::SignedDuration;

use super::change::not_own;
use super::{AccountError, Way, checked_name};
use crate::app::{App, Noted};
use crate::id::Id;
use crate::journal::JournalError;
use crate::messages::Lang;
use crate::people::{
    By, LinkText, Login, OneTimeLink, Person, PersonEvent, PersonRow, Role, Token, TokenText,
};
use crate::record::Change;
use crate::rows::Stored;

/// A link holds for so long.
pub const LINK_LASTS: SignedDuration = SignedDuration::from_hours(72);

/// Somebody who is to set their own passphrase.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// The sign-in name, as typed.
    pub login: String,
    /// The name that others see.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// The language of pages.
    pub lang: Lang,
    /// The keys of the desks that the person logs under; all when there are none.
    pub desks: Vec<String>,
}

impl App {
    /// Invites somebody. The link is returned this once; nothing can tell it again. Blocks.
    pub fn invite(
        &self,
        invitation: Invitation,
        by: By,
    ) -> Result<(Id<Person>, LinkText), AccountError> {
        let Invitation { role, lang, .. } = invitation;
        let login = Login::parse(&invitation.login)?;
        let name = checked_name(&invitation.name)?;
        let desks = self.checked_desks(invitation.desks)?;
        if self.by_login(&login).is_some() {
            return Err(AccountError::LoginTaken);
        }
        let id = Id::<Person>::derived(&[b"login", login.as_str().as_bytes()]);
        let (text, link) = self.new_link();
        let event = PersonEvent::Invited { login, name, role, lang, desks, link: Some(link), by };
        let change = Change { entity: id.uuid(), version: Some(0), now: self.now() };
        let noted = Noted { by, action: "person.invited", target: id.to_string() };
        match self.append_noted(change.batch(&event), noted) {
            Ok(_) => Ok((id, text)),
            // The form was sent twice, and the first time is not in the table yet.
            Err(JournalError::Conflict { .. } | JournalError::KeyReused { .. }) => {
                Err(AccountError::LoginTaken)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Makes a link for somebody else who has an account; the one before it no longer holds. What
    /// lets the person in now does so until the link is used. Blocks.
    pub fn make_person_link(&self, id: Id<Person>, by: By) -> Result<LinkText, AccountError> {
        not_own(id, by)?;
        let stored = self.state.people.get(id.uuid()).ok_or(AccountError::Unknown)?;
        let (text, link) = self.new_link();
        let noted = Noted { by, action: "person.link_made", target: id.to_string() };
        self.change_person(&stored, &PersonEvent::LinkMade { link, by }, noted)?;
        Ok(text)
    }

    /// Ends somebody's link; a second time changes nothing. Blocks.
    pub fn end_person_link(&self, id: Id<Person>, by: By) -> Result<(), AccountError> {
        let stored = self.state.people.get(id.uuid()).ok_or(AccountError::Unknown)?;
        if stored.row.link.is_none() {
            return Ok(());
        }
        let noted = Noted { by, action: "person.link_ended", target: id.to_string() };
        Ok(self.change_person(&stored, &PersonEvent::LinkEnded { by }, noted)?)
    }

    /// Whose link it is, while it holds. A closed account has none.
    pub fn person_by_link(&self, text: &LinkText) -> Option<Arc<Stored<PersonRow>>> {
        let now = self.now();
        let holds = |it: &OneTimeLink| text.fits(&it.hash) && now < it.until;
        let people = self.state.people.read();
        let mut open = people.iter().filter(|it| !it.row.disabled);
        open.find(|it| it.row.link.as_ref().is_some_and(holds)).cloned()
    }

    /// Sets a passphrase by a link, which is used up by it, and ends every session. The token is of
    /// a new session; none where the second step is still to be shown. Blocks.
    ///
    /// # Errors
    /// When the link does not hold, or the passphrase is easily guessed.
    pub fn come_by_link(
        &self,
        text: &LinkText,
        typed: &str,
    ) -> Result<Option<Token>, AccountError> {
        let stored = self.person_by_link(text).ok_or(AccountError::Link)?;
        let PersonRow { login, name, second_step, .. } = &stored.row;
        let hash = self.checked_passphrase(typed, (login, name))?.hash();
        let id = Id::<Person>::from_uuid(stored.id);
        let by = Some(id);
        let noted = Noted { by, action: "person.link_used", target: id.to_string() };
        match self.change_person(&stored, &PersonEvent::PassphraseSet { hash, by }, noted) {
            Ok(()) => {}
            // Somebody was faster, with the link or with the account.
            Err(JournalError::Conflict { .. }) => return Err(AccountError::Link),
            Err(error) => return Err(error.into()),
        }
        self.sessions.end_all(id, self.now())?;
        if second_step.is_some() {
            return Ok(None);
        }
        Ok(Some(self.start_session(id, Way::Link)?))
    }

    fn new_link(&self) -> (LinkText, OneTimeLink) {
        let text = LinkText::random(&TokenText::new_public()).expect("the public part fits");
        let link = OneTimeLink { hash: text.hash(), until: self.now() + LINK_LASTS };
        (text, link)
    }
}
