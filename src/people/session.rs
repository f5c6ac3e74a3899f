//! Sessions: kept in the short-lived stream, so that signing in needs no view.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{By, Person};
use crate::id::Id;
use crate::journal::{Batch, Failed, Journal, JournalError, NewRecord, Record, Seq};

/// A session ends after so long without a request.
pub const SESSION_IDLE: SignedDuration = SignedDuration::from_hours(4);
/// A session ends so long after signing in, whatever happens.
pub const SESSION_ABSOLUTE: SignedDuration = SignedDuration::from_hours(12);
/// How many sessions are held; the oldest gives way.
const SESSIONS_MAX: usize = 20_000;

/// What the browser holds: 256 random bits in hex. Only its hash is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

/// The SHA-256 of a token.
type TokenHash = [u8; 32];

/// Somebody who has signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session {
    /// Who.
    pub person: Id<Person>,
    /// Since when.
    pub started: Timestamp,
    /// When the last request came.
    pub seen: Timestamp,
}

/// What can happen to a session.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum SessionEvent {
    Started { token_hash: String, person: Id<Person> },
    Ended { token_hash: String },
    PersonEnded { person: Id<Person> },
}

/// All sessions that have not ended. Clones share them.
#[derive(Clone)]
pub struct Sessions {
    brief: Journal,
    open: Arc<RwLock<HashMap<TokenHash, Session>>>,
}

impl Token {
    /// Makes a new one.
    pub fn random() -> Self {
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
        Self(hex(&bytes))
    }

    /// Takes what a browser sent; anything of the right length may be tried.
    pub fn parse(text: &str) -> Option<Self> {
        (text.len() == 64 && text.bytes().all(|it| it.is_ascii_hexdigit()))
            .then(|| Self(text.to_owned()))
    }

    /// The text for the cookie.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A value bound to the session for one purpose, such as a form's hidden field.
    pub fn bound(&self, purpose: &str) -> String {
        let digest = Sha256::new().chain_update(purpose).chain_update(":").chain_update(&self.0);
        hex(&digest.finalize()[..16])
    }

    fn hash(&self) -> TokenHash {
        Sha256::digest(self.0.as_bytes()).into()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(***)")
    }
}

impl Sessions {
    /// Reads the sessions that `brief` still holds.
    pub fn open(brief: Journal, now: Timestamp) -> Result<Self, JournalError> {
        const AT_A_TIME: usize = 1_000;
        let mut open = HashMap::new();
        let mut after = 0;
        loop {
            let records = brief.read(after, AT_A_TIME)?;
            let Some(last) = records.last() else { break };
            after = last.seq;
            records.iter().for_each(|record| replay(&mut open, record));
        }
        open.retain(|_, session| now < session.started + SESSION_ABSOLUTE);
        Ok(Self { brief, open: Arc::new(RwLock::new(open)) })
    }

    /// Begins a session.
    pub fn start(&self, person: Id<Person>, now: Timestamp) -> Result<Token, JournalError> {
        let token = Token::random();
        let hash = token.hash();
        self.tell(&hash, now, &SessionEvent::Started { token_hash: hex(&hash), person })?;
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        if SESSIONS_MAX <= open.len()
            && let Some(oldest) = open.iter().min_by_key(|it| it.1.seen).map(|it| *it.0)
        {
            open.remove(&oldest);
        }
        open.insert(hash, Session { person, started: now, seen: now });
        Ok(token)
    }

    /// Finds the session of a token and notes that it was seen.
    pub fn find(&self, token: &Token, now: Timestamp) -> Option<Session> {
        let hash = token.hash();
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        let session = open.get_mut(&hash)?;
        if session.seen + SESSION_IDLE <= now || session.started + SESSION_ABSOLUTE <= now {
            open.remove(&hash);
            return None;
        }
        session.seen = session.seen.max(now);
        Some(*session)
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

    /// Ends every session of a person, as when the account is closed or the role changes.
    pub fn end_all(&self, person: Id<Person>, now: Timestamp) -> Result<(), JournalError> {
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        open.retain(|_, session| session.person != person);
        drop(open);
        self.tell(person.uuid().as_bytes(), now, &SessionEvent::PersonEnded { person })
    }

    fn tell(&self, of: &[u8], now: Timestamp, event: &SessionEvent) -> Result<(), JournalError> {
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

fn replay(open: &mut HashMap<TokenHash, Session>, record: &Record) {
    // A record of the short-lived stream that cannot be read costs a sign-in, no more.
    let Ok(event) = serde_json::from_slice(&record.payload) else { return };
    match event {
        SessionEvent::Started { token_hash, person } => {
            if let Some(hash) = unhex(&token_hash) {
                open.insert(hash, Session { person, started: record.at, seen: record.at });
            }
        }
        SessionEvent::Ended { token_hash } => {
            if let Some(hash) = unhex(&token_hash) {
                open.remove(&hash);
            }
        }
        SessionEvent::PersonEnded { person } => open.retain(|_, it| it.person != person),
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<TokenHash> {
    let mut hash = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (byte, at) in hash.iter_mut().zip((0..64).step_by(2)) {
        *byte = u8::from_str_radix(&text[at..at + 2], 16).ok()?;
    }
    Some(hash)
}
