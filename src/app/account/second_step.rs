//! The second step of signing in: set up, asked for, renewed, ended.

use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;

use super::{AccountError, Way};
use crate::app::{App, Decider, DecisionError, Noted, SignInError};
use crate::id::Id;
use crate::journal::JournalError;
use crate::organisation::Settings;
use crate::people::{
    LetInBy, Passphrase, Person, PersonEvent, PersonRow, RecoveryCode, Role, SecondStep, Token,
};
use crate::record::Change;
use crate::rows::Stored;

/// Why a second step was not taken or changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SecondStepError {
    /// The code is wrong, too old or used.
    #[error("the code is wrong, too old or used")]
    Wrong,
    /// The code of the telephone until now is wrong, too old or used.
    #[error("the code of the telephone until now is wrong, too old or used")]
    Old,
    /// The passphrase is wrong.
    #[error("the passphrase is wrong")]
    Passphrase,
    /// The organisation demands it.
    #[error("the organisation demands a code")]
    Demanded,
    /// There is no such person, or the second step is not as it was thought to be.
    #[error("there is no such second step")]
    Unknown,
    /// The data folder's secret can neither be read nor made.
    #[error("could not read the secret of the data folder")]
    Secret(#[source] io::Error),
    /// The journal did not take it.
    #[error("could not write the second step to the journal")]
    Journal(#[source] JournalError),
}

impl From<JournalError> for SecondStepError {
    fn from(error: JournalError) -> Self {
        match error {
            // Somebody used a code at the same time: each counts once.
            JournalError::Conflict { .. } => Self::Wrong,
            other => Self::Journal(other),
        }
    }
}

/// What a code stands for.
enum Shown {
    Step(u64),
    Recovery { hash: String, left: usize },
}

impl App {
    /// The second step of somebody who has one.
    pub fn second_step(&self, id: Id<Person>) -> Option<SecondStep> {
        self.state.people.get(id.uuid())?.row.second_step.clone()
    }

    /// Sets the roles whose people show a code beside the passphrase. Blocks.
    pub fn set_code_roles(
        &self,
        code_roles: BTreeSet<Role>,
        who: Decider,
    ) -> Result<(), DecisionError> {
        let stored = self.state.organisation.get(Settings::entity());
        let known = stored.as_ref().map_or(0, |it| it.version);
        let settings = stored.map_or_else(Settings::default, |it| it.row.clone());
        if settings.code_roles == code_roles {
            return Ok(());
        }
        let target: Vec<&str> = code_roles.iter().map(|it| it.name()).collect();
        let noted = Noted { by: who.by, action: "settings.code_roles", target: target.join(" ") };
        // What was read a moment ago is what is changed, also for whoever takes any version.
        let who = Decider { version: who.version.or(Some(known)), ..who };
        self.put_settings(Settings { code_roles, ..settings }, who, noted).map(|_| ())
    }

    /// Whether a code is demanded of somebody: of those who have a passphrase, by their role.
    pub fn must_use_code(&self, row: &PersonRow) -> bool {
        let settings = self.state.organisation.get(Settings::entity());
        row.hash.is_some() && settings.is_some_and(|it| it.row.code_roles.contains(&row.role))
    }

    /// How many open accounts owe a code: it is demanded, and none is set up.
    pub fn n_owing_codes(&self) -> usize {
        let people = self.state.people.read();
        let owes = |it: &&Arc<Stored<PersonRow>>| {
            !it.row.disabled && self.owes_code(&it.row, LetInBy::Passphrase)
        };
        people.iter().filter(owes).count()
    }

    /// Whether a code is demanded of somebody who has set up none. Who came by the provider of
    /// identities owes none: it answers for how it lets people in.
    pub(super) fn owes_code(&self, row: &PersonRow, by: LetInBy) -> bool {
        by == LetInBy::Passphrase && row.second_step.is_none() && self.must_use_code(row)
    }

    /// Begins a session in place of one that was for setting up the second step alone: what is
    /// open to a session must not grow under the same token. Blocks.
    pub fn come_in_from(&self, half: &Token, id: Id<Person>) -> Result<Token, JournalError> {
        let place = self.sessions.place_of(half, id);
        let token = self.sessions.take_place(place, id, self.now())?;
        self.sessions.end(half, self.now())?;
        Ok(token)
    }

    /// Sets up a second step of the public part that a page has shown, for whoever gives the
    /// passphrase and a code of it. The recovery codes are shown once. Blocks.
    pub fn set_second_step(
        &self,
        id: Id<Person>,
        public: &str,
        (passphrase, code): (&str, &str),
    ) -> Result<Vec<RecoveryCode>, SecondStepError> {
        let done = || {
            let stored = self.state.people.get(id.uuid()).ok_or(SecondStepError::Unknown)?;
            if stored.row.second_step.is_some() {
                return Err(SecondStepError::Unknown);
            }
            if !Passphrase::matches(passphrase, stored.row.hash.as_deref()) {
                return Err(SecondStepError::Passphrase);
            }
            let secret =
                self.browser_keys.second_step(id, public).map_err(SecondStepError::Secret)?;
            let step = secret.step_of(code, self.now(), None).ok_or(SecondStepError::Wrong)?;
            self.put_second_step(&stored, public, step)
        };
        done().map_err(|error| self.refused(id, "person.second_step_set", error))
    }

    /// Sets up a second step in place of the one until now, as for another telephone: for whoever
    /// gives the passphrase, a code or a recovery code of the old one, and a code of the new one.
    /// Blocks.
    pub fn replace_second_step(
        &self,
        id: Id<Person>,
        public: &str,
        (passphrase, old, code): (&str, &str, &str),
    ) -> Result<Vec<RecoveryCode>, SecondStepError> {
        let done = || {
            let (stored, second) = self.with_second_step(id)?;
            if !Passphrase::matches(passphrase, stored.row.hash.as_deref()) {
                return Err(SecondStepError::Passphrase);
            }
            self.shown(id, &second, old).map_err(|error| match error {
                SecondStepError::Wrong => SecondStepError::Old,
                other => other,
            })?;
            let secret =
                self.browser_keys.second_step(id, public).map_err(SecondStepError::Secret)?;
            let step = secret.step_of(code, self.now(), None).ok_or(SecondStepError::Wrong)?;
            // What the old one was shown with goes with it.
            self.put_second_step(&stored, public, step)
        };
        done().map_err(|error| self.refused(id, "person.second_step_set", error))
    }

    /// Makes the recovery codes anew, for whoever gives a code. Blocks.
    pub fn renew_recovery(
        &self,
        id: Id<Person>,
        code: &str,
    ) -> Result<Vec<RecoveryCode>, SecondStepError> {
        let done = || {
            let (stored, second) = self.with_second_step(id)?;
            // With a recovery code alone nobody gets more of them.
            let Shown::Step(step) = self.shown(id, &second, code)? else {
                return Err(SecondStepError::Wrong);
            };
            self.put_second_step(&stored, &second.public, step)
        };
        done().map_err(|error| self.refused(id, "person.second_step_set", error))
    }

    /// Notes that somebody in an open session did not show what is asked for.
    fn refused(
        &self,
        id: Id<Person>,
        action: &'static str,
        error: SecondStepError,
    ) -> SecondStepError {
        let is_wrong = matches!(
            error,
            SecondStepError::Wrong | SecondStepError::Old | SecondStepError::Passphrase
        );
        if !is_wrong {
            return error;
        }
        let noted = Noted { by: Some(id), action, target: id.to_string() };
        self.note(noted, false).map_or_else(SecondStepError::Journal, |_| error)
    }

    fn put_second_step(
        &self,
        stored: &Stored<PersonRow>,
        public: &str,
        step: u64,
    ) -> Result<Vec<RecoveryCode>, SecondStepError> {
        let id = Id::<Person>::from_uuid(stored.id);
        let codes: Vec<RecoveryCode> =
            std::iter::repeat_with(RecoveryCode::random).take(RecoveryCode::COUNT).collect();
        let recovery = codes.iter().map(RecoveryCode::hash).collect();
        let (public, by) = (public.to_owned(), Some(id));
        let event = PersonEvent::SecondStepSet { public, recovery, by };
        let noted = Noted { by, action: "person.second_step_set", target: id.to_string() };
        self.change_person(stored, &event, noted)?;
        // The code that it was set up with is used up as well.
        let change = Change { entity: stored.id, version: None, now: self.now() };
        change.tell(&self.journal, &PersonEvent::SecondStepUsed { step })?;
        Ok(codes)
    }

    /// Ends one's own second step, for whoever gives a code and of whom none is demanded. Blocks.
    pub fn end_own_second_step(&self, id: Id<Person>, code: &str) -> Result<(), SecondStepError> {
        let done = || {
            let (stored, second) = self.with_second_step(id)?;
            if self.must_use_code(&stored.row) {
                return Err(SecondStepError::Demanded);
            }
            self.shown(id, &second, code)?;
            self.end_any_second_step(id, Some(id)).map_err(|error| match error {
                AccountError::Journal(error) => error.into(),
                _ => SecondStepError::Unknown,
            })
        };
        done().map_err(|error| self.refused(id, "person.second_step_ended", error))
    }

    /// Signs in somebody whose passphrase was right, by a code. Tells how many recovery codes are
    /// left when it was one of those. Blocks.
    pub fn sign_in_with_code(
        &self,
        id: Id<Person>,
        code: &str,
    ) -> Result<(Token, Option<usize>), SecondStepError> {
        let (stored, second) = self.with_second_step(id)?;
        let shown = match self.shown(id, &second, code) {
            Ok(shown) if !stored.row.disabled => shown,
            Ok(_) | Err(SecondStepError::Wrong) => {
                let is_recovery = RecoveryCode::parse(code).is_some();
                let way = if is_recovery { Way::Recovery } else { Way::Code };
                self.note_refused(way, id.to_string())?;
                return Err(SecondStepError::Wrong);
            }
            Err(error) => return Err(error),
        };
        let change = Change { entity: stored.id, version: Some(stored.version), now: self.now() };
        let (way, left) = match shown {
            Shown::Step(step) => {
                change.tell(&self.journal, &PersonEvent::SecondStepUsed { step })?;
                (Way::Code, None)
            }
            Shown::Recovery { hash, left } => {
                let (action, target) = ("person.recovery_used", id.to_string());
                let batch = change.batch(&PersonEvent::RecoveryUsed { hash });
                self.append_noted(batch, Noted { by: Some(id), action, target })?;
                (Way::Recovery, Some(left))
            }
        };
        let token = self.start_session(id, way)?;
        match self.check_still((&stored, stored.version + 1), &token) {
            Ok(()) => Ok((token, left)),
            Err(SignInError::Wrong) => Err(SecondStepError::Wrong),
            Err(SignInError::Journal(error)) => Err(error.into()),
        }
    }

    fn with_second_step(
        &self,
        id: Id<Person>,
    ) -> Result<(Arc<Stored<PersonRow>>, SecondStep), SecondStepError> {
        let stored = self.state.people.get(id.uuid()).ok_or(SecondStepError::Unknown)?;
        let second = stored.row.second_step.clone().ok_or(SecondStepError::Unknown)?;
        Ok((stored, second))
    }

    fn shown(
        &self,
        id: Id<Person>,
        second: &SecondStep,
        typed: &str,
    ) -> Result<Shown, SecondStepError> {
        if let Some(code) = RecoveryCode::parse(typed) {
            let hash = code.hash();
            let left = second.recovery.len().saturating_sub(1);
            let is_left = second.recovery.contains(&hash);
            return is_left.then_some(Shown::Recovery { hash, left }).ok_or(SecondStepError::Wrong);
        }
        let secret = self.browser_keys.second_step(id, &second.public);
        let secret = secret.map_err(SecondStepError::Secret)?;
        let step = secret.step_of(typed, self.now(), second.used);
        step.map(Shown::Step).ok_or(SecondStepError::Wrong)
    }
}
