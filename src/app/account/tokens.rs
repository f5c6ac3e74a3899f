//! Tokens for machines: made and shown once, looked at with each call, taken back for good.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, RwLock};

use jiff::{Span, Timestamp, ToSpan};
use uuid::Uuid;

use crate::app::{App, Noted};
use crate::id::Id;
use crate::inquiry::{Channel, Entry};
use crate::journal::JournalError;
use crate::people::{
    ApiToken, ApiTokenEvent, ApiTokenRow, By, DayNumber, Grant, Person, Scope, TokenText,
};
use crate::record::Change;
use crate::rows::Stored;
use crate::week::end_of_day_after;

/// So many tokens are at work at once; more are a slip in somebody's script.
const TOKENS_MAX: usize = 200;

/// Tokens taken back since the start: each is refused from that moment on, however far the tables
/// are behind.
#[derive(Debug, Default)]
pub(in crate::app) struct TakenBack(RwLock<BTreeSet<Uuid>>);

/// A token to be made.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// The public part; sending it twice makes one token.
    pub public: String,
    /// The name of the machine, as typed.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// The one desk that it logs under.
    pub desk: Option<String>,
    /// The one channel that it logs under.
    pub channel: Option<Channel>,
    /// It holds until then; as long as usual when nothing is said.
    pub until: Option<Timestamp>,
}

/// Why a token was not made or taken back.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// The name does not fit.
    #[error("the name of a machine has 1 to {} characters", Grant::NAME_CHARS_MAX)]
    Name,
    /// It may do nothing.
    #[error("say what the token is for")]
    Scopes,
    /// The desk's name does not fit.
    #[error("the desk's name has 1 to {} characters", Entry::DESK_CHARS_MAX)]
    Desk,
    /// It would be over before it begins, or hold too long.
    #[error("the last day is today or later, and {} year ahead at most", Grant::YEARS_MAX)]
    Until,
    /// There are too many.
    #[error("there are {TOKENS_MAX} tokens; take back one that is no longer used")]
    TooMany,
    /// It was made before, and is not shown again.
    #[error("the token was made already; what was shown then is not shown again")]
    MadeBefore,
    /// There is no such token.
    #[error("there is no such token")]
    Unknown,
    /// The journal did not take it.
    #[error("could not write the token to the journal")]
    Journal(#[from] JournalError),
}

/// A machine that showed a token which holds.
#[derive(Clone, Debug)]
pub struct Machine {
    /// The token's id.
    pub id: Id<ApiToken>,
    stored: Arc<Stored<ApiTokenRow>>,
}

/// Why what a machine showed lets nobody in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenRefusal {
    /// No such token was made.
    Unknown,
    /// Its last day has passed.
    Over,
    /// An administrator took it back.
    TakenBack,
}

impl Machine {
    /// The machine where records say who: an id that no person has, by which its name is found.
    pub const fn actor(&self) -> Id<Person> {
        Id::from_uuid(self.id.uuid())
    }

    /// What its token is for.
    pub fn grant(&self) -> &Grant {
        &self.stored.row.grant
    }

    /// Whether it may do something.
    pub fn may(&self, scope: Scope) -> bool {
        self.grant().scopes.contains(&scope)
    }
}

impl App {
    /// Makes a token. What is returned is shown once; nothing can tell it again. Blocks.
    pub fn make_token(&self, new: NewToken, by: By) -> Result<TokenText, TokenError> {
        let token = TokenText::random(&new.public).ok_or(TokenError::Unknown)?;
        // A desk is named as people name it; what is kept has its key.
        let desk = new.desk.map(|it| self.state.settings().desk_key(&it));
        let (usual, last) = self.last_ends_of_tokens();
        let until = new.until.unwrap_or(usual);
        if until <= self.now() || last < until {
            return Err(TokenError::Until);
        }
        let grant = checked(NewToken { desk, until: Some(until), ..new })?;
        let is_at_work = |it: &&Arc<Stored<ApiTokenRow>>| it.row.taken_back.is_none();
        if TOKENS_MAX <= self.state.tokens.read().iter().filter(is_at_work).count() {
            return Err(TokenError::TooMany);
        }
        let id = token.id();
        let event = ApiTokenEvent::Made { grant, hash: token.hash(), by };
        let change = Change { entity: id.uuid(), version: Some(0), now: self.now() };
        let noted = Noted { by, action: "token.made", target: id.to_string() };
        match self.append_noted(change.batch(&event), noted) {
            Ok(_) => Ok(token),
            Err(JournalError::Conflict { .. } | JournalError::KeyReused { .. }) => {
                Err(TokenError::MadeBefore)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// When a token ends that is made today: as usual, and at most.
    pub fn last_ends_of_tokens(&self) -> (Timestamp, Timestamp) {
        let now = self.now();
        (
            self.end_after(now, Grant::DAYS_USUAL.days()),
            self.end_after(now, Grant::YEARS_MAX.years()),
        )
    }

    /// The end of the day that lies so far behind another.
    fn end_after(&self, at: Timestamp, span: Span) -> Timestamp {
        end_of_day_after(at, span, &self.zone).unwrap_or(at)
    }

    /// Gives a last day to the tokens that were made when they could hold for ever or for many
    /// years: a year after they were made, and never so near that a machine is locked out before
    /// somebody has read of it. Tells how many there were. Blocks.
    pub fn end_old_tokens(&self) -> Result<usize, JournalError> {
        let mut ended = 0;
        for stored in self.state.tokens.all() {
            let row = &stored.row;
            let year = self.end_after(row.made, Grant::YEARS_MAX.years());
            let is_short = row.grant.until.is_some_and(|it| it <= year);
            if is_short || row.was_endless || self.is_taken_back(&stored) {
                continue;
            }
            let until = year.max(self.end_after(self.now(), Grant::DAYS_LEFT.days()));
            let change =
                Change { entity: stored.id, version: Some(stored.version), now: self.now() };
            let target = Id::<ApiToken>::from_uuid(stored.id).to_string();
            let noted = Noted { by: None, action: "token.given_end", target };
            match self.append_noted(change.batch(&ApiTokenEvent::Ends { until }), noted) {
                Ok(_) => ended += 1,
                // Somebody took it back just now.
                Err(JournalError::Conflict { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(ended)
    }

    /// The tokens at work whose end is near, the nearest first.
    pub fn ending_tokens(&self) -> Vec<(String, Timestamp)> {
        let is_near = |it: &Stored<ApiTokenRow>| {
            let told = if it.row.was_endless { Grant::DAYS_LEFT + 1 } else { Grant::DAYS_TOLD };
            let told = jiff::SignedDuration::from_hours(24 * told);
            let until = it.row.grant.until?;
            let is_open = self.now() < until && !self.is_taken_back(it);
            (is_open && until <= self.now() + told).then(|| (it.row.grant.name.clone(), until))
        };
        let mut ending: Vec<_> =
            self.state.tokens.read().iter().filter_map(|it| is_near(it)).collect();
        ending.sort_by_key(|it| it.1);
        ending
    }

    /// Takes a token back; a second time changes nothing. Blocks.
    pub fn take_token_back(&self, id: Id<ApiToken>, by: By) -> Result<(), TokenError> {
        let stored = self.state.tokens.get(id.uuid()).ok_or(TokenError::Unknown)?;
        if self.is_taken_back(&stored) {
            return Ok(());
        }
        let change = Change { entity: stored.id, version: None, now: self.now() };
        let noted = Noted { by, action: "token.taken_back", target: id.to_string() };
        self.append_noted(change.batch(&ApiTokenEvent::TakenBack { by }), noted)?;
        let TakenBack(ids) = &self.taken_back;
        ids.write().unwrap_or_else(PoisonError::into_inner).insert(stored.id);
        Ok(())
    }

    /// Finds the machine that shows a token.
    ///
    /// # Errors
    /// When the token lets nobody in; only whoever has the whole of it hears why.
    pub fn machine(&self, shown: &str) -> Result<Machine, TokenRefusal> {
        let token = TokenText::parse(shown.trim()).ok_or(TokenRefusal::Unknown)?;
        let id = token.id();
        let stored = self.state.tokens.get(id.uuid()).ok_or(TokenRefusal::Unknown)?;
        if !token.fits(&stored.row.hash) {
            return Err(TokenRefusal::Unknown);
        }
        if self.is_taken_back(&stored) {
            return Err(TokenRefusal::TakenBack);
        }
        if stored.row.grant.until.is_some_and(|until| until <= self.now()) {
            return Err(TokenRefusal::Over);
        }
        Ok(Machine { id, stored })
    }

    /// Whether the day of a machine's call is to be kept: once a day.
    pub fn is_first_call_of_day(&self, machine: &Machine) -> bool {
        machine.stored.row.used != Some(self.local_day())
    }

    /// Keeps that a machine showed its token today. Blocks.
    pub fn note_call(&self, machine: &Machine) -> Result<(), JournalError> {
        let Stored { id: entity, version, .. } = *machine.stored;
        // Of several calls at once the first is kept.
        let change = Change { entity, version: Some(version), now: self.now() };
        match change.tell(&self.journal, &ApiTokenEvent::Used { day: self.local_day() }) {
            Ok(_) | Err(JournalError::Conflict { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn is_taken_back(&self, stored: &Stored<ApiTokenRow>) -> bool {
        let TakenBack(ids) = &self.taken_back;
        let ids = ids.read().unwrap_or_else(PoisonError::into_inner);
        stored.row.taken_back.is_some() || ids.contains(&stored.id)
    }

    /// Today, as the organisation's calendar counts it.
    fn local_day(&self) -> DayNumber {
        const DAY_SECONDS: i64 = 24 * 60 * 60;
        let now = self.now();
        let seconds = now.as_second() + i64::from(self.zone.to_offset(now).seconds());
        DayNumber::try_from(seconds / DAY_SECONDS).unwrap_or(0)
    }
}

/// What a new token is for, within its limits.
fn checked(new: NewToken) -> Result<Grant, TokenError> {
    let fits = |text: &str, max: usize| {
        let count = text.chars().count();
        0 < count && count <= max && !text.contains(char::is_control)
    };
    let name = new.name.trim().to_owned();
    if !fits(&name, Grant::NAME_CHARS_MAX) {
        return Err(TokenError::Name);
    }
    let scopes: BTreeSet<Scope> = new.scopes.into_iter().collect();
    if scopes.is_empty() {
        return Err(TokenError::Scopes);
    }
    let desk = new.desk.map(|it| it.trim().to_owned());
    if desk.as_deref().is_some_and(|it| !fits(it, Entry::DESK_CHARS_MAX)) {
        return Err(TokenError::Desk);
    }
    let scopes = scopes.into_iter().collect();
    Ok(Grant { name, scopes, desk, channel: new.channel, until: new.until })
}
