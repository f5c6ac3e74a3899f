//! The kinds of records, and how an event becomes a record's bytes and back.

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::id::Id;
use crate::journal::{Appended, Batch, Expect, Journal, JournalError, NewRecord, Record, Seq};

/// What a record is about. The numbers stand in every journal and never change their meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u16)]
pub enum Kind {
    /// One question asked once.
    Inquiry = 1,
    /// One address of a website.
    Page = 2,
    /// One visit of a site.
    Crawl = 3,
    /// A recurring question with a number for life.
    Topic = 4,
    /// One full run of the grouping, or the live assignment.
    Run = 5,
    /// What a topic was judged to be.
    Verdict = 6,
    /// An editor's work on a topic.
    Gap = 7,
    /// Somebody who may come in.
    Person = 8,
    /// The organisation's settings.
    Organisation = 9,
    /// Somebody who gets the digest.
    Reader = 10,
    /// One reader's letter of one week.
    Letter = 11,
    /// One imported file.
    Import = 12,
    /// Who did what.
    Audit = 13,
    /// Work that comes back, with its last runs.
    Job = 14,
    /// What editors tell every desk.
    Message = 15,
    /// How long logging took in a week.
    Timing = 16,
    /// What a machine shows to be let in.
    Token = 17,
    /// How many calls the switchboard has counted on a day.
    CallTotals = 18,
    /// What callers say and what the pages say for it.
    Words = 19,
    /// A list with its filter under a name.
    SavedView = 20,
    /// A secret address that leads to one thing.
    Link = 21,
    /// What was noticed of a gap.
    News = 22,
    /// Another system that is told of news.
    Hook = 23,
}

impl Kind {
    /// All kinds, by number.
    pub const ALL: [Self; 23] = [
        Self::Inquiry,
        Self::Page,
        Self::Crawl,
        Self::Topic,
        Self::Run,
        Self::Verdict,
        Self::Gap,
        Self::Person,
        Self::Organisation,
        Self::Reader,
        Self::Letter,
        Self::Import,
        Self::Audit,
        Self::Job,
        Self::Message,
        Self::Timing,
        Self::Token,
        Self::CallTotals,
        Self::Words,
        Self::SavedView,
        Self::Link,
        Self::News,
        Self::Hook,
    ];

    /// The number in a record's header.
    pub const fn number(self) -> u16 {
        self as u16
    }

    /// The kind of a number; none means that a newer Skranke wrote it.
    pub fn of(number: u16) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.number() == number)
    }

    /// The newest form of the kind's payload: the one that is written. Every older one is read.
    pub const fn form(self) -> u16 {
        match self {
            // A page's troubles and a crawl's questions were not told before; the third form has
            // reasons that every language can tell, and a page's fourth the words that came to it.
            Self::Crawl => 3,
            Self::Page => 4,
            // Which machine has logged a question was not told before, nor, in the third form, why
            // an editor has taken one out.
            Self::Inquiry => 3,
            // What reception may say on the telephone was not told before, nor, in the third form,
            // which topics are kept apart.
            Self::Topic => 3,
            // What is said about a gap, by when it is to be done, and which questions still do not
            // find the page, was not told before.
            Self::Gap => 2,
            // What a reader wishes, and which way a letter went, was not told before.
            Self::Reader | Self::Letter => 2,
            // Invitations, providers of identities, desks and second steps were not told before,
            // nor, in the third form, that a passphrase was hashed anew.
            Self::Person => 3,
            // A token was for logging and for answers alone before, and, before the third form, it
            // could be without a last day.
            Self::Token => 3,
            // When, and by which machine, was not told within the line before.
            Self::Audit => 2,
            Self::Run
            | Self::Verdict
            | Self::Organisation
            | Self::Import
            | Self::Job
            | Self::Message
            | Self::Timing
            | Self::CallTotals
            | Self::Words
            | Self::SavedView
            | Self::Link
            | Self::News
            | Self::Hook => 1,
        }
    }

    /// The name of the kind's tree in the view and of its file in an export.
    pub const fn tree(self) -> &'static str {
        match self {
            Self::Inquiry => "inquiries",
            Self::Page => "pages",
            Self::Crawl => "crawls",
            Self::Topic => "topics",
            Self::Run => "runs",
            Self::Verdict => "verdicts",
            Self::Gap => "gaps",
            Self::Person => "people",
            Self::Organisation => "organisation",
            Self::Reader => "readers",
            Self::Letter => "letters",
            Self::Import => "imports",
            Self::Audit => "audit",
            Self::Job => "jobs",
            Self::Message => "messages",
            Self::Timing => "timing",
            Self::Token => "tokens",
            Self::CallTotals => "calls",
            Self::Words => "words",
            Self::SavedView => "saved_views",
            Self::Link => "links",
            Self::News => "news",
            Self::Hook => "hooks",
        }
    }
}

/// What can happen to one kind of entity.
pub trait Event: Serialize + DeserializeOwned {
    /// The kind of the entity.
    const KIND: Kind;
    /// The version of the payload's form that this program writes.
    const VERSION: u16 = Self::KIND.form();
}

/// A record that this program cannot read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecordError {
    /// A newer program wrote it.
    #[error(
        "record {seq} has kind {kind} in form {version}, and this program {known}: a newer Skranke \
         wrote it; run that version or a later one, or restore a backup from before it",
        known = known(*kind)
    )]
    Newer {
        /// Its place.
        seq: u64,
        /// Its kind's number.
        kind: u16,
        /// Its payload's form.
        version: u16,
    },
    /// The payload does not fit its kind.
    #[error("record {seq} of kind {kind} cannot be read")]
    Payload {
        /// Its place.
        seq: u64,
        /// Its kind's number.
        kind: u16,
        /// What serde says.
        #[source]
        source: serde_json::Error,
    },
}

/// What this program can read of a kind.
fn known(kind: u16) -> String {
    match Kind::of(kind) {
        Some(kind) => format!("reads that kind up to form {}", kind.form()),
        None => {
            let newest = Kind::ALL.last().map_or(0, |it| it.number());
            format!("knows kinds up to {newest}")
        }
    }
}

/// Makes the record that tells `event` of `entity`.
pub fn encode<E: Event>(entity: Uuid, event: &E) -> NewRecord {
    NewRecord {
        kind: E::KIND.number(),
        kind_version: E::VERSION,
        entity,
        payload: serde_json::to_vec(event).expect("events are plain data with string keys"),
    }
}

/// The kind of a record, or that a newer program wrote it.
pub fn kind_of(record: &Record) -> Result<Kind, RecordError> {
    let Record { seq, kind, kind_version: version, .. } = *record;
    let known = Kind::of(kind).filter(|it| version <= it.form());
    known.ok_or(RecordError::Newer { seq, kind, version })
}

/// Reads the event that a record of kind `E::KIND` tells.
pub fn decode<E: Event>(record: &Record) -> Result<E, RecordError> {
    let Record { seq, kind, kind_version, .. } = *record;
    if E::VERSION < kind_version {
        return Err(RecordError::Newer { seq, kind, version: kind_version });
    }
    serde_json::from_slice(&record.payload).map_err(|source| RecordError::Payload {
        seq,
        kind,
        source,
    })
}

/// An entity about to be changed, and the version that the writer has seen.
#[derive(Clone, Copy, Debug)]
pub struct Change {
    /// The entity.
    pub entity: Uuid,
    /// Its version as seen: 0 when it must be new, `None` when any will do.
    pub version: Option<u32>,
    /// When the change is made.
    pub now: Timestamp,
}

impl Change {
    /// The batch of one record that tells `event`; each call is another wish.
    pub fn batch<E: Event>(self, event: &E) -> Batch {
        let record = encode(self.entity, event);
        let expect = self.version.map(|version| Expect { entity: self.entity, version });
        // The first record of an entity is its creation: the entity's id is the key for life.
        let key = match self.version {
            Some(0) => self.entity,
            Some(_) | None => Id::<()>::new(self.now).uuid(),
        };
        Batch {
            key,
            body_hash: u64::from(crc32fast::hash(&record.payload)),
            at: self.now,
            expect: expect.into_iter().collect(),
            records: vec![record],
        }
    }

    /// Appends `event` and tells the place of its record.
    pub fn tell<E: Event>(self, journal: &Journal, event: &E) -> Result<Seq, JournalError> {
        journal.append(self.batch(event)).map(Appended::last)
    }
}
