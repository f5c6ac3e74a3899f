//! Coming in by a provider of identities: who somebody is, and as what, is the provider's word.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Way;
use crate::app::{App, Noted};
use crate::id::Id;
use crate::journal::JournalError;
use crate::messages::Lang;
use crate::oidc::SignedOut;
use crate::people::{Identity, Login, Person, PersonEvent, PersonRow, Role, Token, there};
use crate::record::Change;
use crate::rows::Stored;

/// Somebody whom the provider has let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CameBy {
    /// Who it is there.
    pub identity: Identity,
    /// The name to show; empty when the provider tells none.
    pub name: String,
    /// What the person may do here; nothing when none of their roles counts here.
    pub role: Option<Role>,
    /// What the session there is called, if the provider tells.
    pub session: Option<String>,
    /// Whether the provider has asked them anew, just now.
    pub anew: bool,
}

/// Why somebody whom the provider let in is not let in here.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CameError {
    /// None of their roles there counts here.
    #[error("none of the roles there counts here")]
    NoRole,
    /// The account is closed.
    #[error("the account is closed")]
    Closed,
    /// The journal did not take it.
    #[error("could not write the account to the journal")]
    Journal(#[from] JournalError),
}

impl App {
    /// Signs in somebody whom the provider has let in. The first time makes the account; another
    /// role than before ends the sessions of the one before. Never looks at names. Blocks.
    pub fn sign_in_by(&self, came: CameBy, lang: Lang) -> Result<Token, CameError> {
        let known = self.by_identity(&came.identity);
        let known_id = known.as_ref().map(|it| Id::<Person>::from_uuid(it.id));
        let refusal = match (&known, came.role) {
            (Some(stored), _) if stored.row.disabled => Some(CameError::Closed),
            (_, None) => Some(CameError::NoRole),
            (_, Some(_)) => None,
        };
        if let Some(refusal) = refusal {
            let target = known_id.map_or_else(|| "oidc".to_owned(), |it| it.to_string());
            self.note_refused(Way::Provider, target)?;
            // Whoever has lost the role is not to go on in another window.
            if let Some(id) = known_id {
                self.sessions.end_all(id, self.now())?;
            }
            return Err(refusal);
        }
        let role = came.role.ok_or(CameError::NoRole)?;
        let anew = came.anew;
        let there = came.session.as_deref().map(|it| there(&came.identity.issuer, it));
        let id = match known {
            Some(stored) => self.take_over(&stored, &came, role)?,
            None => self.welcome(came, role, lang)?,
        };
        let token = self.start_session(id, Way::Provider)?;
        if let Some(there) = there {
            self.sessions.came_from(&token, there, self.now())?;
        }
        if anew {
            self.sessions.prove(&token, self.now())?;
        }
        Ok(token)
    }

    /// Ends the sessions of whoever has signed out at the provider: those that came from the
    /// session there, or all of the person. Tells how many people that were. Blocks.
    pub fn signed_out_by(&self, out: &SignedOut) -> Result<usize, JournalError> {
        let identity = out.subject.clone().map(|subject| {
            let issuer = out.issuer.clone();
            Identity { issuer, subject }
        });
        let known = identity.as_ref().map(|it| self.by_identity(it));
        let known = known.map(|it| it.map(|it| Id::<Person>::from_uuid(it.id)));
        let ended = match (&out.session, known) {
            // Somebody who never came here.
            (_, Some(None)) => BTreeSet::new(),
            (Some(session), person) => {
                let there = there(&out.issuer, session);
                self.sessions.end_from(there, person.flatten(), self.now())?
            }
            (None, Some(Some(id))) if !self.sessions.of(id, self.now()).is_empty() => {
                self.sessions.end_all(id, self.now())?;
                BTreeSet::from([id])
            }
            (None, Some(Some(_)) | None) => BTreeSet::new(),
        };
        for id in &ended {
            let (action, target) = ("session.ended_by_provider", id.to_string());
            self.note(Noted { by: None, action, target }, true)?;
        }
        Ok(ended.len())
    }

    /// Who somebody is at the provider, if they come by it.
    pub fn identity_of(&self, id: Id<Person>) -> Option<Identity> {
        self.state.people.get(id.uuid())?.row.identity.clone()
    }

    fn by_identity(&self, identity: &Identity) -> Option<Arc<Stored<PersonRow>>> {
        let people = self.state.people.read();
        people.iter().find(|it| it.row.identity.as_ref() == Some(identity)).cloned()
    }

    /// Takes over what the provider says now of somebody known.
    fn take_over(
        &self,
        stored: &Stored<PersonRow>,
        came: &CameBy,
        role: Role,
    ) -> Result<Id<Person>, JournalError> {
        let id = Id::<Person>::from_uuid(stored.id);
        let noted = |action| Noted { by: None, action, target: id.to_string() };
        let change = Change { entity: stored.id, version: None, now: self.now() };
        if stored.row.role != role {
            let event = PersonEvent::RoleSet { role, by: None };
            self.append_noted(change.batch(&event), noted("person.role_set"))?;
            self.sessions.end_all(id, self.now())?;
        }
        if !came.name.is_empty() && stored.row.name != came.name {
            let event = PersonEvent::NameSet { name: came.name.clone(), by: None };
            self.append_noted(change.batch(&event), noted("person.name_set"))?;
        }
        Ok(id)
    }

    /// Makes the account of somebody who comes for the first time. Its sign-in name is made of
    /// who it is there, so that no name or address can be that of another account.
    fn welcome(&self, came: CameBy, role: Role, lang: Lang) -> Result<Id<Person>, JournalError> {
        let Identity { issuer, subject } = &came.identity;
        let id = Id::<Person>::derived(&[b"identity", issuer.as_bytes(), subject.as_bytes()]);
        let digits = id.uuid().simple().to_string();
        let login = Login::parse(&format!("id-{}", &digits[digits.len() - 16..]))
            .expect("letters, digits and a hyphen are a sign-in name");
        let name = if came.name.is_empty() { login.as_str().to_owned() } else { came.name };
        let event = PersonEvent::CameBy { login, name, role, lang, identity: came.identity };
        let change = Change { entity: id.uuid(), version: Some(0), now: self.now() };
        let noted = Noted { by: None, action: "person.came_by", target: id.to_string() };
        match self.append_noted(change.batch(&event), noted) {
            // Two windows at once make one account.
            Ok(_) | Err(JournalError::Conflict { .. } | JournalError::KeyReused { .. }) => Ok(id),
            Err(error) => Err(error),
        }
    }
}
