//! Who gets letters: added, asked, changed, stopped.

use std::sync::Arc;

use url::{Host, Url};

use super::{LetterFault, MAIL_CHARS_MAX, NAME_CHARS_MAX};
use crate::app::{App, Noted};
use crate::digest::eml;
use crate::id::Id;
use crate::messages::Lang;
use crate::people::{By, Person, Token};
use crate::post::{
    Chat, LinkFor, ReaderEvent, ReaderRow, Subscriber, Wishes, is_link_of, link_text, reader_of,
};
use crate::record::Change;
use crate::rows::Stored;

/// So many readers there are at once.
pub const READERS_MAX: usize = 10_000;
/// The longest address of a chat's webhook.
const CHAT_CHARS_MAX: usize = 1_000;

/// Somebody who is to get letters.
#[derive(Clone, Debug)]
pub struct NewReader {
    /// The name for the greeting.
    pub name: String,
    /// The mail address; empty for a chat.
    pub mail: String,
    /// The language of the letter.
    pub lang: Lang,
    /// What the reader wants.
    pub wishes: Wishes,
    /// Whose account it is.
    pub person: Option<Id<Person>>,
    /// Whether the reader is asked first.
    pub asks: bool,
    /// The chat, in place of a mail address.
    pub chat: Option<Chat>,
}

impl NewReader {
    /// A reader with the usual wishes.
    pub fn new(name: impl Into<String>, mail: impl Into<String>, lang: Lang) -> Self {
        let (name, mail, wishes) = (name.into(), mail.into(), Wishes::default());
        Self { name, mail, lang, wishes, person: None, asks: false, chat: None }
    }
}

impl App {
    /// Adds a reader, or changes one; the address is the key. Blocks.
    ///
    /// # Errors
    /// When the name, the address or the chat is none, or there are too many.
    pub fn add_reader(&self, new: NewReader, by: By) -> Result<Id<Subscriber>, LetterFault> {
        let name = new.name.trim().to_owned();
        if name.is_empty() || NAME_CHARS_MAX < name.chars().count() {
            return Err(LetterFault::Name);
        }
        let (id, mail) = match &new.chat {
            Some(chat) => (chat_id(chat)?, String::new()),
            None => mail_id(&new.mail)?,
        };
        let open = self.state.readers.read().iter().filter(|it| !it.row.stopped).count();
        let is_known = self.reader(id).is_some_and(|it| !it.row.stopped);
        if READERS_MAX <= open && !is_known {
            return Err(LetterFault::TooMany);
        }
        let NewReader { lang, wishes, person, asks, chat, .. } = new;
        let key = Token::random().as_str().to_owned();
        let event = ReaderEvent::Added { name, mail, lang, by, wishes, person, asks, chat, key };
        self.tell_reader(id, &event, "reader.set")?;
        Ok(id)
    }

    /// Ends the letters to a reader. Blocks.
    pub fn stop_reader(&self, id: Id<Subscriber>, by: By) -> Result<(), LetterFault> {
        self.tell_reader(id, &ReaderEvent::Stopped { by }, "reader.stopped")
    }

    /// Tries an address anew that the mail server had refused. Blocks.
    pub fn retry_reader(&self, id: Id<Subscriber>, by: By) -> Result<(), LetterFault> {
        self.tell_reader(id, &ReaderEvent::Retried { by }, "reader.retried")
    }

    /// A reader, also one who was stopped.
    pub fn reader(&self, id: Id<Subscriber>) -> Option<Arc<Stored<ReaderRow>>> {
        self.state.readers.get(id.uuid())
    }

    /// All readers who were not stopped, by name.
    pub fn readers(&self) -> Vec<Arc<Stored<ReaderRow>>> {
        let mut readers = self.state.readers.all();
        readers.retain(|it| !it.row.stopped);
        readers.sort_by_cached_key(|it| (it.row.name.to_lowercase(), it.id));
        readers
    }

    /// The reader that a person's account is, if letters come to it; else the last one that was
    /// stopped.
    pub fn reader_of_person(&self, person: Id<Person>) -> Option<Arc<Stored<ReaderRow>>> {
        let of = |it: &&Arc<Stored<ReaderRow>>| it.row.person == Some(person);
        let readers = self.state.readers.read();
        let open = readers.iter().filter(of).find(|it| !it.row.stopped).cloned();
        open.or_else(|| readers.iter().filter(of).max_by_key(|it| it.last).cloned())
    }

    /// Who gets the letter while nobody is on the list, by name; none means the organisation's own
    /// address.
    pub fn reading_without_list(&self) -> Vec<String> {
        if self.has_list() {
            return vec![];
        }
        let accounts = self.with_accounts().into_iter();
        let mut names: Vec<String> = accounts.map(|it| it.reader.name).collect();
        names.sort_by_key(|it| it.to_lowercase());
        names
    }

    /// The link in a reader's letters that does `what`, as the end of its address.
    pub fn reader_link(&self, reader: &Stored<ReaderRow>, what: LinkFor) -> Option<String> {
        link_text(Id::from_uuid(reader.id), &reader.row, what)
    }

    /// Whose link this is; none for a text that was not made here.
    pub fn reader_by_link(&self, text: &str, what: LinkFor) -> Option<Arc<Stored<ReaderRow>>> {
        let id = reader_of(text)?;
        let stored = self.reader(id)?;
        is_link_of(text, (id, &stored.row), what).then_some(stored)
    }

    /// Does what a link says; a second time changes nothing. Blocks.
    pub fn answer_by_link(
        &self,
        reader: &Stored<ReaderRow>,
        what: LinkFor,
    ) -> Result<(), LetterFault> {
        let id = Id::from_uuid(reader.id);
        match what {
            LinkFor::Stop if reader.row.stopped => Ok(()),
            LinkFor::Stop => self.stop_reader(id, None),
            LinkFor::Agree if !reader.row.waits || reader.row.stopped => Ok(()),
            LinkFor::Agree => self.tell_reader(id, &ReaderEvent::Agreed, "reader.agreed"),
        }
    }

    /// Whether an address lies in the organisation: under the sender's domain, or under that of a
    /// website. Whoever has another one is asked before letters come.
    pub fn is_own_address(&self, mail: &str, from: &str) -> bool {
        let domain = |it: &str| it.rsplit_once('@').map(|it| it.1.to_lowercase());
        let Some(of) = domain(mail.trim()) else { return false };
        let sites = self.state.settings().sites;
        let hosts = sites.iter().filter_map(|it| Url::parse(&it.start).ok());
        let hosts = hosts.filter_map(|it| match it.host() {
            Some(Host::Domain(host)) => Some(host.trim_start_matches("www.").to_owned()),
            Some(Host::Ipv4(_) | Host::Ipv6(_)) | None => None,
        });
        hosts.chain(domain(from)).any(|own| {
            of.strip_suffix(own.as_str()).is_some_and(|it| it.is_empty() || it.ends_with('.'))
        })
    }

    /// Whether letters go to a reader now.
    pub(super) fn is_reading(&self, row: &ReaderRow) -> bool {
        // A closed account gets nothing, whatever it once wished.
        let is_closed = |person: Id<Person>| {
            self.state.people.get(person.uuid()).is_none_or(|it| it.row.disabled)
        };
        row.is_open() && !row.person.is_some_and(is_closed)
    }

    pub(super) fn tell_reader(
        &self,
        id: Id<Subscriber>,
        event: &ReaderEvent,
        action: &'static str,
    ) -> Result<(), LetterFault> {
        let by = match event {
            ReaderEvent::Added { by, .. }
            | ReaderEvent::Retried { by }
            | ReaderEvent::Stopped { by } => *by,
            ReaderEvent::Agreed | ReaderEvent::Refused { .. } => None,
        };
        // Somebody who was stopped may come back, so that each change is a wish of its own.
        let change = Change { entity: id.uuid(), version: None, now: self.now() };
        // The address itself does not belong into a log that is kept for long.
        let noted = Noted { by, action, target: id.to_string() };
        self.append_noted(change.batch(event), noted)?;
        Ok(())
    }
}

fn mail_id(mail: &str) -> Result<(Id<Subscriber>, String), LetterFault> {
    let mail = mail.trim().to_lowercase();
    if MAIL_CHARS_MAX < mail.chars().count() || !eml::is_address(&mail) {
        return Err(LetterFault::Mail);
    }
    Ok((Id::derived(&[b"reader", mail.as_bytes()]), mail))
}

/// A chat's address is as secret as a passphrase, so it travels over TLS.
fn chat_id(chat: &Chat) -> Result<Id<Subscriber>, LetterFault> {
    let url = Url::parse(&chat.address).map_err(|_| LetterFault::Chat)?;
    let is_secret = url.scheme() == "https" || (chat.allow_private && url.scheme() == "http");
    let is_plain = url.username().is_empty() && url.password().is_none();
    let fits = chat.address.chars().count() <= CHAT_CHARS_MAX && url.has_host();
    if !(is_secret && is_plain && fits) {
        return Err(LetterFault::Chat);
    }
    Ok(Id::derived(&[b"reader", b"chat", chat.address.as_bytes()]))
}
