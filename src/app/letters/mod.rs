//! The weekly letter: who gets it, and writing it into the outbox at most once.

mod facts;
mod kept;
mod known;

use std::path::{Path, PathBuf};

use url::Url;

use super::{App, AppError};
use crate::digest::eml::{self, MailError, Outgoing, Sender};
use crate::digest::{Edition, Facts, Reader, ReaderId, Why, compose};
use crate::id::Id;
use crate::journal::JournalError;
use crate::messages::Lang;
use crate::people::{By, PersonRow, Role};
use crate::post::{
    LetterEvent, LetterOf, LetterRow, ReaderEvent, ReaderRow, Subscriber, Telling, Way, Wishes,
};
use crate::record::Change;
use crate::rows::Stored;
use crate::view::ViewError;
use crate::week::Week;

pub(super) use kept::Kept;

/// The name that mail programs show as the sender.
const SENDER: &str = "Skranke";
/// The longest name of a reader.
const NAME_CHARS_MAX: usize = 120;
/// The longest mail address (RFC 5321, 4.5.3.1).
const MAIL_CHARS_MAX: usize = 254;

/// Which week's letters to write, and where.
#[derive(Clone, Copy, Debug)]
pub struct Post<'a> {
    /// The week to tell of; it must be over.
    pub week: Week,
    /// The folder of letters.
    pub outbox: &'a Path,
    /// The address that people type, for the links.
    pub base: &'a Url,
    /// The sender's mail address.
    pub from: &'a str,
    /// Whether to write again what was written before.
    pub again: bool,
}

/// What became of a week's letters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LettersOutcome {
    /// The letters that were written, by file.
    pub written: Vec<PathBuf>,
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

/// Somebody who is to get the digest.
#[derive(Clone, Debug)]
pub struct NewReader {
    /// The name for the greeting.
    pub name: String,
    /// The mail address.
    pub mail: String,
    /// The language of the letter.
    pub lang: Lang,
}

/// A reader, and what keys the reader's letters.
struct Recipient {
    subscriber: Id<Subscriber>,
    reader: Reader,
    /// None for the organisation itself.
    named: Option<ReaderId>,
}

impl App {
    /// Writes the letters of a week into the outbox, each at most once unless told again. Blocks.
    ///
    /// # Errors
    /// When the week is not over, or when neither journal nor outbox takes a letter. One reader's
    /// bad address is told in the outcome and keeps no other letter back.
    pub fn write_letters(&self, post: Post<'_>) -> Result<LettersOutcome, LetterFault> {
        if self.week() <= post.week {
            let from = post.week.plus(1).monday();
            return Err(LetterFault::NotOver { week: post.week, from });
        }
        self.settle()?;
        let facts = Facts { base: post.base.to_string(), ..self.letter_facts(post.week)? };
        let recipients = self.recipients(post);
        let mut outcome = LettersOutcome {
            nobody_reads: recipients.iter().any(|it| it.named.is_none()),
            ..LettersOutcome::default()
        };
        for recipient in recipients {
            match self.write_letter(post, &facts, &recipient) {
                Ok(Some(path)) => outcome.written.push(path),
                Ok(None) => outcome.before += 1,
                Err(LetterFault::Letter(error @ MailError::Address { .. })) => {
                    outcome.faults.push(error.to_string());
                }
                Err(fault) => return Err(fault),
            }
        }
        self.settle()?;
        Ok(outcome)
    }

    /// Writes one letter: held back first, then on record, then released. Whatever stops between
    /// two of these, a second run neither loses the letter nor writes it twice.
    fn write_letter(
        &self,
        post: Post<'_>,
        facts: &Facts,
        to: &Recipient,
    ) -> Result<Option<PathBuf>, LetterFault> {
        let file = Outgoing::new(post.outbox, post.week, to.named.as_ref());
        let of = Telling::Week(post.week);
        let entity = LetterOf::entity(to.subscriber, of);
        let was_written = self.state.letters.get(entity).is_some();
        if !was_written || post.again {
            let letter = compose(facts, &to.reader);
            let (name, address) = (SENDER.to_owned(), post.from.to_owned());
            let from = Sender { name, address, at: self.now() };
            file.hold(&eml::message(&letter, &to.reader, &from)?)?;
            if !was_written {
                let (reader, message_id) = (to.subscriber, letter.message_id);
                let event = LetterEvent::Made { reader, of, message_id, way: Way::Outbox };
                let change = Change { entity, version: Some(0), now: self.now() };
                change.tell(&self.journal, &event)?;
            }
        }
        Ok(file.release()?.then(|| file.path().to_owned()))
    }

    /// Who gets the letter: the readers on the list; else those who have an account under a mail
    /// address and work with gaps or read of them; else the organisation itself.
    fn recipients(&self, post: Post<'_>) -> Vec<Recipient> {
        let listed = self.state.readers.all();
        let reading = listed.iter().filter(|it| !it.row.stopped);
        let mut to: Vec<Recipient> = reading.map(|it| self.on_list(it)).collect();
        if listed.is_empty() {
            let people = self.state.people.all();
            to.extend(people.iter().filter(|it| reads(&it.row)).map(|it| with_account(it)));
        }
        if to.is_empty() {
            let id = Id::derived(&[b"reader", b"organisation"]);
            let lang = self.state.settings().lang;
            let itself = recipient(id, ("", post.from, lang), Why::NobodyYet);
            to.push(Recipient { named: None, ..itself });
        }
        for it in &mut to {
            it.reader.is_first = !self.had_letter_before(it.subscriber, post.week);
        }
        to
    }

    fn on_list(&self, listed: &Stored<ReaderRow>) -> Recipient {
        let ReaderRow { name, mail, lang, set_up_by, .. } = &listed.row;
        let who = set_up_by.and_then(|by| self.person_name(by));
        let why = who.map_or(Why::SignedUp, Why::SetUpBy);
        recipient(Id::from_uuid(listed.id), (name, mail, *lang), why)
    }

    fn had_letter_before(&self, reader: Id<Subscriber>, week: Week) -> bool {
        let earlier =
            |it: &LetterRow| it.reader == reader && it.of.week().is_some_and(|it| it < week);
        self.state.letters.read().iter().any(|it| earlier(&it.row))
    }

    /// Adds somebody to the readers of the digest; the address is the key. Blocks.
    pub fn add_reader(&self, new: NewReader, by: By) -> Result<Id<Subscriber>, LetterFault> {
        let name = new.name.trim().to_owned();
        if name.is_empty() || NAME_CHARS_MAX < name.chars().count() {
            return Err(LetterFault::Name);
        }
        let mail = new.mail.trim().to_lowercase();
        if MAIL_CHARS_MAX < mail.chars().count() || !eml::is_address(&mail) {
            return Err(LetterFault::Mail);
        }
        let id = Id::<Subscriber>::derived(&[b"reader", mail.as_bytes()]);
        let event = ReaderEvent::Added {
            name,
            mail,
            lang: new.lang,
            by,
            wishes: Wishes::default(),
            person: None,
            asks: false,
            chat: None,
        };
        self.tell_reader(id, &event)?;
        Ok(id)
    }

    /// Ends the letters to a reader. Blocks.
    pub fn stop_reader(&self, id: Id<Subscriber>, by: By) -> Result<(), LetterFault> {
        self.tell_reader(id, &ReaderEvent::Stopped { by })
    }

    fn tell_reader(&self, id: Id<Subscriber>, event: &ReaderEvent) -> Result<(), LetterFault> {
        // Somebody who was stopped may come back, so that each change is a wish of its own.
        let change = Change { entity: id.uuid(), version: None, now: self.now() };
        change.tell(&self.journal, event)?;
        Ok(())
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
        edition: Edition::Editors,
        why,
        settings: String::new(),
        stop: None,
    };
    Recipient { subscriber, reader, named: Some(id) }
}
