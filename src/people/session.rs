//! Sessions: kept in the short-lived stream, so that signing in needs no view.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::came_from::ThereHash;
use super::token::{Token, TokenHash, handle, hex, unhex};
use super::{By, Person};
use crate::id::Id;
use crate::journal::{Batch, Failed, Journal, JournalError, NewRecord, Record, Seq};

/// A session ends after so long without a request.
pub const SESSION_IDLE: SignedDuration = SignedDuration::from_hours(4);
/// A session ends so long after signing in, whatever happens.
pub const SESSION_ABSOLUTE: SignedDuration = SignedDuration::from_hours(12);
/// A session that begins so far ahead of the clock was begun by a wrong one, and holds no more.
const AHEAD_MAX: SignedDuration = SignedDuration::from_mins(5);
/// How many sessions are held; the oldest gives way.
const SESSIONS_MAX: usize = 20_000;

/// So long after somebody has shown who they are, they need not show it again for what matters.
pub const PROOF_LASTS: SignedDuration = SignedDuration::from_mins(10);

/// What has let somebody in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LetInBy {
    /// Their own passphrase, or a link to choose one.
    #[default]
    Passphrase,
    /// The provider of identities.
    Provider,
}

impl LetInBy {
    fn is_passphrase(&self) -> bool {
        *self == Self::Passphrase
    }
}

/// Somebody who has signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session {
    /// Who.
    pub person: Id<Person>,
    /// Since when.
    pub started: Timestamp,
    /// When the last request came.
    pub seen: Timestamp,
    /// Whether it is locked: it is there, and opens nothing.
    pub locked: bool,
    /// The session at the provider of identities that it came from, as a hash of its name.
    pub there: Option<ThereHash>,
    /// What has let the person in.
    pub by: LetInBy,
    /// When the person has last shown who they are, if they have.
    pub proved: Option<Timestamp>,
}

impl Session {
    /// A new one. A provider that knows the browser may have asked for nothing, so who comes from
    /// there has not shown who they are.
    fn begun(person: Id<Person>, by: LetInBy, (started, seen): (Timestamp, Timestamp)) -> Self {
        let proved = by.is_passphrase().then_some(seen);
        Self { person, started, seen, locked: false, by, proved, there: None }
    }

    /// Whether the person has shown a short while ago who they are.
    pub fn is_proved(&self, now: Timestamp) -> bool {
        self.proved.is_some_and(|it| now.duration_since(it) < PROOF_LASTS)
    }

    /// Whether it has not run out. What was begun while the clock was ahead ends once the clock is
    /// right again, or it would live until the time that the clock had shown.
    fn holds(&self, now: Timestamp) -> bool {
        let is_new = now < self.started + SESSION_ABSOLUTE && now < self.seen + SESSION_IDLE;
        is_new && self.started <= now + AHEAD_MAX
    }
}

/// What can happen to a session.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum SessionEvent {
    Started {
        token_hash: String,
        person: Id<Person>,
        /// When the person signed in, where the session goes on in place of another.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        since: Option<Timestamp>,
        #[serde(default, skip_serializing_if = "LetInBy::is_passphrase")]
        by: LetInBy,
    },
    Proved {
        token_hash: String,
    },
    Ended {
        token_hash: String,
    },
    Locked {
        token_hash: String,
    },
    /// It belongs to a session at the provider of identities.
    CameFrom {
        token_hash: String,
        there: String,
    },
    PersonEnded {
        person: Id<Person>,
    },
}

/// All sessions that have not ended. Clones share them.
#[derive(Clone)]
pub struct Sessions {
    brief: Journal,
    pub(super) open: Arc<RwLock<HashMap<TokenHash, Session>>>,
    last: Arc<RwLock<HashMap<Id<Person>, Timestamp>>>,
}

/// An open session among others of its person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenSession {
    /// What it is called in forms; nobody can come in by it.
    pub handle: String,
    /// Since when, and when it was seen.
    pub session: Session,
}

impl Sessions {
    /// How many one person has at once; the one that began first gives way. Somebody works at a
    /// few desks and a telephone: more are forgotten ones, or somebody else's.
    pub const OF_PERSON_MAX: usize = 20;

    /// Reads the sessions that `brief` still holds.
    pub fn open(brief: Journal, now: Timestamp) -> Result<Self, JournalError> {
        const AT_A_TIME: usize = 1_000;
        let (mut open, mut last) = (HashMap::new(), HashMap::new());
        let mut after = 0;
        loop {
            let records = brief.read(after, AT_A_TIME)?;
            let Some(newest) = records.last() else { break };
            after = newest.seq;
            records.iter().for_each(|record| replay((&mut open, &mut last), record));
        }
        open.retain(|_, session: &mut Session| session.holds(now));
        let (open, last) = (Arc::new(RwLock::new(open)), Arc::new(RwLock::new(last)));
        Ok(Self { brief, open, last })
    }

    /// Begins a session.
    pub fn start(&self, person: Id<Person>, now: Timestamp) -> Result<Token, JournalError> {
        self.start_by(person, LetInBy::Passphrase, now)
    }

    /// Begins a session of somebody whom something else has let in.
    pub fn start_by(
        &self,
        person: Id<Person>,
        by: LetInBy,
        now: Timestamp,
    ) -> Result<Token, JournalError> {
        self.start_since(person, (by, None), now)
    }

    pub(super) fn start_since(
        &self,
        person: Id<Person>,
        (by, since): (LetInBy, Option<Timestamp>),
        now: Timestamp,
    ) -> Result<Token, JournalError> {
        let token = Token::random();
        let hash = token.hash();
        let event = SessionEvent::Started { token_hash: hex(&hash), person, since, by };
        self.make_room((person, since.is_some()), now)?;
        self.tell(&hash, now, &event)?;
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        if SESSIONS_MAX <= open.len()
            && let Some(oldest) = open.iter().min_by_key(|it| it.1.seen).map(|it| *it.0)
        {
            open.remove(&oldest);
        }
        let started = since.unwrap_or(now);
        open.insert(hash, Session::begun(person, by, (started, now)));
        drop(open);
        self.note_seen(person, now);
        Ok(token)
    }

    /// Ends what a person has beyond the limit with one more, the oldest first. One that takes
    /// another's place needs none.
    fn make_room(
        &self,
        (person, has_place): (Id<Person>, bool),
        now: Timestamp,
    ) -> Result<(), JournalError> {
        let stay = Self::OF_PERSON_MAX - usize::from(!has_place);
        let going: Vec<String> =
            self.of(person, now).into_iter().skip(stay).map(|it| it.handle).collect();
        if !going.is_empty() {
            self.end_some(person, now, |handle| going.iter().any(|it| it == handle))?;
        }
        Ok(())
    }

    /// Finds the session of a token and notes that it was seen.
    pub fn find(&self, token: &Token, now: Timestamp) -> Option<Session> {
        let hash = token.hash();
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        let session = open.get_mut(&hash)?;
        if !session.holds(now) {
            open.remove(&hash);
            return None;
        }
        session.seen = now;
        let session = *session;
        drop(open);
        self.note_seen(session.person, now);
        Some(session)
    }

    fn note_seen(&self, person: Id<Person>, now: Timestamp) {
        self.last.write().unwrap_or_else(PoisonError::into_inner).insert(person, now);
    }

    /// When a person was here last, as far as the short-lived stream reaches back.
    pub fn last_seen(&self, person: Id<Person>) -> Option<Timestamp> {
        self.last.read().unwrap_or_else(PoisonError::into_inner).get(&person).copied()
    }

    /// The open sessions of a person, the newest first.
    pub fn of(&self, person: Id<Person>, now: Timestamp) -> Vec<OpenSession> {
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        let theirs = open.iter().filter(|(_, it)| it.person == person && it.holds(now));
        let mut theirs: Vec<OpenSession> = theirs
            .map(|(hash, session)| OpenSession { handle: handle(hash), session: *session })
            .collect();
        theirs.sort_by(|a, b| {
            b.session.started.cmp(&a.session.started).then_with(|| a.handle.cmp(&b.handle))
        });
        theirs
    }

    /// Ends those sessions of a person that are `meant` by their handles; tells how many.
    pub fn end_some(
        &self,
        person: Id<Person>,
        now: Timestamp,
        meant: impl Fn(&str) -> bool,
    ) -> Result<usize, JournalError> {
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        let theirs = open.iter().filter(|(_, it)| it.person == person);
        let going: Vec<TokenHash> =
            theirs.map(|it| *it.0).filter(|hash| meant(&handle(hash))).collect();
        open.retain(|hash, _| !going.contains(hash));
        drop(open);
        for hash in &going {
            self.tell(hash, now, &SessionEvent::Ended { token_hash: hex(hash) })?;
        }
        Ok(going.len())
    }

    /// Ends one session; whose it was, unless it had ended.
    pub fn end(&self, token: &Token, now: Timestamp) -> Result<By, JournalError> {
        let hash = token.hash();
        let known = self.open.write().unwrap_or_else(PoisonError::into_inner).remove(&hash);
        if known.is_some() {
            self.tell(&hash, now, &SessionEvent::Ended { token_hash: hex(&hash) })?;
        }
        Ok(known.map(|it| it.person))
    }

    /// Notes that the person of a session has shown once more who they are.
    pub fn prove(&self, token: &Token, now: Timestamp) -> Result<(), JournalError> {
        let hash = token.hash();
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        let Some(session) = open.get_mut(&hash) else { return Ok(()) };
        session.proved = Some(now);
        drop(open);
        self.tell(&hash, now, &SessionEvent::Proved { token_hash: hex(&hash) })
    }

    /// Locks one session, at once and for every window.
    pub fn lock(&self, token: &Token, now: Timestamp) -> Result<(), JournalError> {
        let hash = token.hash();
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        let Some(session) = open.get_mut(&hash).filter(|it| !it.locked) else { return Ok(()) };
        session.locked = true;
        drop(open);
        self.tell(&hash, now, &SessionEvent::Locked { token_hash: hex(&hash) })
    }

    /// Ends every session of a person, as when the account is closed or the role changes.
    pub fn end_all(&self, person: Id<Person>, now: Timestamp) -> Result<(), JournalError> {
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        open.retain(|_, session| session.person != person);
        drop(open);
        self.tell(person.uuid().as_bytes(), now, &SessionEvent::PersonEnded { person })
    }

    pub(super) fn tell(
        &self,
        of: &[u8],
        now: Timestamp,
        event: &SessionEvent,
    ) -> Result<(), JournalError> {
        let payload = serde_json::to_vec(event).expect("events are plain data");
        let entity = Id::<Person>::derived(&[b"session", of]).uuid();
        let record = NewRecord { kind: 1, kind_version: 1, entity, payload };
        let key: Uuid = Id::<Person>::new(now).uuid();
        let batch = Batch { key, body_hash: 0, at: now, expect: vec![], records: vec![record] };
        self.brief.append(batch).map(|_| ())
    }

    /// The stream that sessions are kept in.
    pub const fn stream(&self) -> &Journal {
        &self.brief
    }

    /// Tells when the stream has failed.
    pub fn failed(&self) -> Failed {
        self.brief.failed()
    }

    /// Writes and syncs what is waiting.
    pub fn close(&self) {
        self.brief.close();
    }

    /// How far the stream has come.
    pub fn position(&self) -> Seq {
        self.brief.position().seq
    }
}

/// The open sessions, and when each person was here last.
type Held<'a> = (&'a mut HashMap<TokenHash, Session>, &'a mut HashMap<Id<Person>, Timestamp>);

fn replay((open, last): Held<'_>, record: &Record) {
    // A record of the short-lived stream that cannot be read costs a sign-in, no more.
    let Ok(event) = serde_json::from_slice(&record.payload) else { return };
    match event {
        SessionEvent::Started { token_hash, person, since, by } => {
            last.insert(person, record.at);
            if let Some(hash) = unhex(&token_hash) {
                let started = since.unwrap_or(record.at);
                open.insert(hash, Session::begun(person, by, (started, record.at)));
            }
        }
        SessionEvent::Proved { token_hash } => {
            if let Some(session) = unhex(&token_hash).and_then(|hash| open.get_mut(&hash)) {
                session.proved = Some(record.at);
            }
        }
        SessionEvent::Ended { token_hash } => {
            if let Some(hash) = unhex(&token_hash) {
                open.remove(&hash);
            }
        }
        SessionEvent::Locked { token_hash } => {
            if let Some(session) = unhex(&token_hash).and_then(|hash| open.get_mut(&hash)) {
                session.locked = true;
            }
        }
        SessionEvent::CameFrom { token_hash, there } => {
            if let Some(session) = unhex(&token_hash).and_then(|hash| open.get_mut(&hash)) {
                session.there = unhex(&there);
            }
        }
        SessionEvent::PersonEnded { person } => open.retain(|_, it| it.person != person),
    }
}
