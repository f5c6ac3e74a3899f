//! The weekly letter: who gets it, and writing it into the outbox at most once.

mod chats;
mod facts;
mod kept;
mod known;
mod notices;
mod queue;
mod readers;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::{App, AppError};
use crate::digest::eml::{self, MailError, Outgoing, Sender};
use crate::digest::{Edition, Facts, Letter, Reader, ReaderId, Why, compose};
use crate::id::Id;
use crate::journal::JournalError;
use crate::messages::Lang;
use crate::people::{PersonRow, Role};
use crate::post::{
    Chat, LetterEvent, LetterOf, LinkFor, ReaderRow, Subscriber, Telling, Way, chat_body, due_at,
    link_text, telling,
};
use crate::record::Change;
use crate::rows::Stored;
use crate::schedule::{Job, Task};
use crate::view::ViewError;
use crate::week::Week;

pub(super) use kept::Kept;
pub use queue::{Destination, Tried, Waiting};
pub use readers::{NewReader, READERS_MAX};

/// The name that mail programs show as the sender.
const SENDER: &str = "Skranke";
/// The longest name of a reader.
const NAME_CHARS_MAX: usize = 120;
/// The longest mail address (RFC 5321, 4.5.3.1).
const MAIL_CHARS_MAX: usize = 254;

/// A letter that was due so long ago is not made up for.
const MADE_UP_FOR: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Which week's letters to write, and where.
#[derive(Clone, Copy, Debug)]
pub struct Post<'a> {
    /// The week to tell of; it must be over.
    pub week: Week,
    /// The folder of letters, for another program to take them from.
    pub outbox: &'a Path,
    /// The address that people type, for the links.
    pub base: &'a Url,
    /// The sender's mail address.
    pub from: &'a str,
    /// Whether to write again what was written before.
    pub again: bool,
    /// Whether mails go by the organisation's server, and so wait in a folder of their own.
    pub has_server: bool,
    /// Who gets a letter now.
    pub whom: Whom,
}

/// Who gets a letter by one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whom {
    /// Everybody who gets one of the week at all.
    Everybody,
    /// Those for whom the time has come.
    Due,
}

/// What became of a week's letters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LettersOutcome {
    /// The letters that were written into the outbox, by file.
    pub written: Vec<PathBuf>,
    /// How many wait to be sent.
    pub queued: u32,
    /// How many readers want no letter of such a week.
    pub spared: u32,
    /// How many had been written before, and were left as they are.
    pub before: u32,
    /// Readers whose letter could not be made, with the reason.
    pub faults: Vec<String>,
    /// Whether nobody reads it yet, so that it went to the organisation itself.
    pub nobody_reads: bool,
}

/// Why no letters were written, or a reader was not added.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LetterFault {
    /// The week has not come to its end: its letter would tell half of it, once and for all.
    #[error("week {week} is not over; its letter can be written from {from} on")]
    NotOver {
        /// The week.
        week: Week,
        /// The Monday after it.
        from: jiff::civil::Date,
    },
    /// The name is empty or too long.
    #[error("a reader's name has 1 to {NAME_CHARS_MAX} characters")]
    Name,
    /// The mail address is none.
    #[error("a reader needs a mail address such as kari@example.org")]
    Mail,
    /// The address of a chat is none.
    #[error("a chat needs the https address of its incoming webhook")]
    Chat,
    /// There are as many readers as may be.
    #[error("there are {READERS_MAX} readers, which is the most")]
    TooMany,
    /// A letter could not be made or written.
    #[error(transparent)]
    Letter(#[from] MailError),
    /// The view cannot be read.
    #[error("could not read the week's numbers")]
    View(#[from] ViewError),
    /// The journal did not take it.
    #[error("could not write to the journal")]
    Journal(#[from] JournalError),
    /// The view does not follow the journal.
    #[error("could not see what was written")]
    Follow(#[from] AppError),
}

/// A reader, and what keys the reader's letters.
struct Recipient {
    subscriber: Id<Subscriber>,
    reader: Reader,
    /// None for the organisation itself.
    named: Option<ReaderId>,
    /// What is told; nothing when the reader gets no letter of this week.
    of: Option<Telling>,
    /// Whether a letter comes of a week without anything to decide.
    empty_too: bool,
    chat: Option<Chat>,
    /// Whether the time of the letter has come.
    is_due: bool,
}

/// How a letter came to be, or why not.
enum Made {
    Written(PathBuf),
    Queued,
    Spared,
    Before,
}

/// What letters of a week tell, made when the first one needs it.
struct FactsOf<'a> {
    app: &'a App,
    base: String,
    made: Vec<(Telling, Facts)>,
}

impl FactsOf<'_> {
    fn of(&mut self, telling: Telling) -> Result<&Facts, ViewError> {
        let at = match self.made.iter().position(|it| it.0 == telling) {
            Some(at) => at,
            None => {
                let facts = self.app.facts_of(telling)?;
                self.made.push((telling, Facts { base: self.base.clone(), ..facts }));
                self.made.len() - 1
            }
        };
        Ok(&self.made[at].1)
    }
}

impl App {
    /// Writes the letters of a week, each at most once unless told again. Blocks.
    ///
    /// # Errors
    /// When the week is not over, or when neither journal nor folder takes a letter. One reader's
    /// bad address is told in the outcome and keeps no other letter back.
    pub fn write_letters(
        &self,
        post: Post<'_>,
        task: &Task,
    ) -> Result<LettersOutcome, LetterFault> {
        if self.week() <= post.week {
            let from = post.week.plus(1).monday();
            return Err(LetterFault::NotOver { week: post.week, from });
        }
        self.settle()?;
        let mut facts = FactsOf { app: self, base: post.base.to_string(), made: vec![] };
        let recipients = self.recipients(post);
        let mut outcome = LettersOutcome {
            nobody_reads: recipients.iter().any(|it| it.named.is_none()),
            ..LettersOutcome::default()
        };
        task.begin("jobs.step.letters", Some(recipients.len() as u64));
        for recipient in recipients {
            if task.is_stopped() {
                break;
            }
            match self.write_letter(post, &mut facts, &recipient) {
                Ok(Made::Written(path)) => outcome.written.push(path),
                Ok(Made::Queued) => outcome.queued += 1,
                Ok(Made::Spared) => outcome.spared += 1,
                Ok(Made::Before) => outcome.before += 1,
                Err(LetterFault::Letter(error @ MailError::Address { .. })) => {
                    outcome.faults.push(error.to_string());
                }
                Err(fault) => return Err(fault),
            }
            task.advance();
        }
        self.settle()?;
        Ok(outcome)
    }

    /// Writes one letter: held back first, then on record, then released. Whatever stops between
    /// two of these, a second run neither loses the letter nor writes it twice.
    fn write_letter(
        &self,
        post: Post<'_>,
        facts: &mut FactsOf<'_>,
        to: &Recipient,
    ) -> Result<Made, LetterFault> {
        let Some(of) = to.of else { return Ok(Made::Before) };
        let entity = LetterOf::entity(to.subscriber, of);
        let known = self.state.letters.get(entity);
        // What waits to be sent is the queue's from then on.
        if known.as_ref().is_some_and(|it| it.row.way != Way::Outbox) && !post.again {
            return Ok(Made::Before);
        }
        let facts = facts.of(of)?;
        let way = match &known {
            Some(_) => Way::Outbox,
            None if facts.is_empty() && !to.empty_too => Way::Spared,
            None if to.chat.is_some() => Way::Chat,
            None if post.has_server => Way::Mail,
            None => Way::Outbox,
        };
        let file = match way {
            Way::Outbox => Outgoing::new(post.outbox, of.file_name(), to.named.as_ref()),
            Way::Mail | Way::Chat | Way::Spared => Outgoing::at(self.waiting_path(entity)),
        };
        if known.is_none() || post.again {
            let letter = compose(facts, &to.reader);
            if way != Way::Spared {
                file.hold(&self.bytes_of(&letter, to, post.from)?)?;
            }
            if known.is_none() {
                let (reader, message_id) = (to.subscriber, letter.message_id);
                let event = LetterEvent::Made { reader, of, message_id, way };
                let change = Change { entity, version: Some(0), now: self.now() };
                change.tell(&self.journal, &event)?;
            }
        }
        let is_new = (way != Way::Spared && file.release()?) || known.is_none();
        Ok(match way {
            _ if !is_new => Made::Before,
            Way::Outbox => Made::Written(file.path().to_owned()),
            Way::Mail | Way::Chat => Made::Queued,
            Way::Spared => Made::Spared,
        })
    }

    /// What is to be sent: a mail, or the body of a request.
    fn bytes_of(&self, letter: &Letter, to: &Recipient, from: &str) -> Result<Vec<u8>, MailError> {
        if let Some(chat) = &to.chat {
            return Ok(chat_body(chat.kind, &letter.subject, &letter.text));
        }
        let (name, address) = (SENDER.to_owned(), from.to_owned());
        eml::message(letter, &to.reader, &Sender { name, address, at: self.now() })
    }

    /// What a letter tells of.
    fn facts_of(&self, of: Telling) -> Result<Facts, ViewError> {
        match of {
            Telling::Week(week) | Telling::Month(week) => self.letter_facts(week),
            Telling::Notice { .. } | Telling::Consent { .. } => {
                unreachable!("what tells of no week has no such facts")
            }
        }
    }

    /// Who gets a letter: the readers on the list; else those who have an account under a mail
    /// address and work with gaps or read of them; else the organisation itself.
    fn recipients(&self, post: Post<'_>) -> Vec<Recipient> {
        let readers = self.readers();
        let reading = readers.iter().filter(|it| self.is_reading(&it.row));
        let mut to: Vec<Recipient> = reading.map(|it| self.on_list(it, post.week)).collect();
        if readers.is_empty() {
            to = self.with_accounts();
        }
        if to.is_empty() && readers.is_empty() {
            to.push(self.itself(post.from));
        }
        to.retain_mut(|it| {
            it.of = it.of.or(Some(Telling::Week(post.week)).filter(|_| it.is_usual()));
            it.of.is_some() && (it.is_due || post.whom == Whom::Everybody)
        });
        let had = self.had_letter_before(post.week);
        for it in &mut to {
            it.reader.is_first = !had.contains(&it.subscriber);
        }
        to
    }

    /// The organisation itself, which gets the letter while nobody else does.
    fn itself(&self, from: &str) -> Recipient {
        let id = Id::derived(&[b"reader", b"organisation"]);
        let lang = self.state.settings().lang;
        Recipient { named: None, ..recipient(id, ("", from, lang), Why::NobodyYet) }
    }

    fn with_accounts(&self) -> Vec<Recipient> {
        let people = self.state.people.all();
        people.iter().filter(|it| reads(&it.row)).map(|it| with_account(it)).collect()
    }

    fn on_list(&self, listed: &Stored<ReaderRow>, week: Week) -> Recipient {
        let row = &listed.row;
        let subscriber = Id::from_uuid(listed.id);
        let who = row.set_up_by.filter(|it| Some(*it) != row.person);
        let why = who.and_then(|by| self.person_name(by)).map_or(Why::SignedUp, Why::SetUpBy);
        let mut to = recipient(subscriber, (&row.name, &row.mail, row.lang), why);
        to.reader.edition = row.wishes.edition;
        to.reader.settings = row.person.map_or("", |_| "/account").to_owned();
        let stop = link_text(subscriber, row, LinkFor::Stop).filter(|_| row.chat.is_none());
        to.reader.stop = stop.map(|it| format!("/stop/{it}"));
        to.of = telling(row.wishes.often, week);
        to.empty_too = row.wishes.empty_too;
        to.chat = row.chat.clone();
        to.is_due = self.is_due(row, week).is_some();
        to
    }

    /// When a reader's letter of a week was due, if it was and is still to be made up for.
    fn is_due(&self, row: &ReaderRow, week: Week) -> Option<Timestamp> {
        let now = self.now();
        let usual = self.state.schedule(Job::Digest).rhythm;
        let at = due_at(row, (week, usual), &self.zone)?;
        let is_due = row.since < at && at <= now && now.duration_since(at) < MADE_UP_FOR;
        is_due.then_some(at)
    }

    /// When the earliest letter was due that a reader wanted at an own time, and has not got.
    pub fn letters_due(&self) -> Option<Timestamp> {
        let this = self.week();
        let of_reader = |reader: &Stored<ReaderRow>| {
            reader.row.wishes.at?;
            let due = |week: Week| {
                let of = telling(reader.row.wishes.often, week)?;
                let at = self.is_due(&reader.row, week)?;
                let entity = LetterOf::entity(Id::from_uuid(reader.id), of);
                self.state.letters.get(entity).is_none().then_some(at)
            };
            due(this.plus(-2)).or_else(|| due(this.plus(-1)))
        };
        let readers = self.state.readers.all();
        let reading = readers.iter().filter(|it| self.is_reading(&it.row));
        reading.filter_map(|it| of_reader(it)).min()
    }

    /// The letter of a week as somebody would get it.
    ///
    /// # Errors
    /// When the view cannot be read.
    pub fn preview(&self, of: Telling, to: Preview<'_>) -> Result<Letter, ViewError> {
        let facts = Facts { base: to.base.to_string(), ..self.facts_of(of)? };
        let id = Id::derived(&[b"reader", b"preview"]);
        let listed = to.reader.map(|it| self.on_list(it, self.week()));
        let any = || recipient(id, ("", "", to.lang), Why::SignedUp);
        let mut reader = listed.unwrap_or_else(any).reader;
        if to.reader.is_none() {
            reader.edition = to.edition;
        }
        // Whoever looks at it is not the reader: the link in it answers for nobody.
        reader.stop = reader.stop.map(|_| "/stop/preview".to_owned());
        Ok(compose(&facts, &reader))
    }

    /// Those who had a letter of an earlier week.
    fn had_letter_before(&self, week: Week) -> HashSet<Id<Subscriber>> {
        let letters = self.state.letters.read();
        let earlier = letters.iter().filter(|it| it.row.of.week().is_some_and(|it| it < week));
        earlier.map(|it| it.row.reader).collect()
    }
}

/// Whom a preview is for.
#[derive(Clone, Copy, Debug)]
pub struct Preview<'a> {
    /// The address that people type.
    pub base: &'a Url,
    /// A reader; else anybody who reads this language and edition.
    pub reader: Option<&'a Stored<ReaderRow>>,
    /// The language.
    pub lang: Lang,
    /// The edition.
    pub edition: Edition,
}

impl Recipient {
    /// Whether it is one without wishes of its own, who gets each week.
    fn is_usual(&self) -> bool {
        self.named.is_none() || self.reader.why == Why::Account
    }
}

/// Whether somebody with an account gets the letter while no list of readers has been made.
fn reads(row: &PersonRow) -> bool {
    let wants = match row.role {
        Role::Reader | Role::Editor | Role::Admin => true,
        Role::Auditor | Role::Reception => false,
    };
    wants && !row.disabled && eml::is_address(row.login.as_str())
}

fn with_account(person: &Stored<PersonRow>) -> Recipient {
    let PersonRow { login, name, lang, .. } = &person.row;
    let id = Id::derived(&[b"reader", b"person", person.id.as_bytes()]);
    recipient(id, (name, login.as_str(), *lang), Why::Account)
}

fn recipient(
    subscriber: Id<Subscriber>,
    (name, address, lang): (&str, &str, Lang),
    why: Why,
) -> Recipient {
    let id = ReaderId::parse(&subscriber.to_string()).expect("ids are letters, digits and _");
    let reader = Reader {
        id: id.clone(),
        name: name.to_owned(),
        address: address.to_owned(),
        lang,
        is_first: false,
        why,
        edition: Edition::Editors,
        settings: String::new(),
        stop: None,
    };
    let (of, chat) = (None, None);
    Recipient { subscriber, reader, named: Some(id), of, empty_too: true, chat, is_due: true }
}
