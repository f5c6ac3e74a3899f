//! The letters: who gets which, each made at most once, and waiting until it has gone.

mod chats;
mod facts;
mod kept;
mod known;
mod notices;
mod queue;
mod readers;
mod recipients;

use std::path::{Path, PathBuf};

use url::Url;

use super::{App, AppError};
use crate::digest::eml::{self, MailError, Outgoing, Sender};
use crate::digest::{Edition, Facts, Letter, Period, Why, compose};
use crate::id::Id;
use crate::journal::JournalError;
use crate::messages::Lang;
use crate::post::{LetterEvent, LetterOf, ReaderRow, Telling, Way, chat_body};
use crate::record::Change;
use crate::rows::Stored;
use crate::schedule::Task;
use crate::view::ViewError;
use crate::week::Week;

use recipients::{Recipient, recipient};

pub(super) use kept::Kept;
pub use queue::{Destination, Tried, Waiting};
pub use readers::{NewReader, READERS_MAX};

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
                let facts = self.app.letter_facts(period_of(telling))?;
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
            None if facts.is_empty_for(to.reader.edition) && !to.empty_too => Way::Spared,
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

    /// The letter of a week as somebody would get it.
    ///
    /// # Errors
    /// When the view cannot be read.
    pub fn preview(&self, of: Telling, to: Preview<'_>) -> Result<Letter, ViewError> {
        // Whoever looks at one looks at it in several ways, and that of a large log takes a while.
        let facts = Facts::clone(&*self.letter_page(period_of(of))?);
        let facts = Facts { base: to.base.to_string(), ..facts };
        let id = Id::derived(&[b"reader", b"preview"]);
        let listed = to.reader.map(|it| self.on_list(it, (self.week(), to.base)));
        let any = || recipient(id, ("", "", to.lang), Why::SignedUp);
        let mut reader = listed.unwrap_or_else(any).reader;
        if to.reader.is_none() {
            reader.edition = to.edition;
        }
        // Whoever looks at it is not the reader: the link in it answers for nobody.
        reader.stop = reader.stop.map(|_| "/stop/preview".to_owned());
        Ok(compose(&facts, &reader))
    }
}

/// The weeks that a letter tells of.
fn period_of(of: Telling) -> Period {
    match of {
        Telling::Week(week) => Period::Week(week),
        Telling::Month(last) => Period::Month(last),
        Telling::Notice { .. } | Telling::Consent { .. } => {
            unreachable!("what tells of no week is composed of other facts")
        }
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
