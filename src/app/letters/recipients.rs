//! Who gets a letter, of what, and whether its time has come.

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::{Post, Whom};
use crate::app::App;
use crate::digest::{Edition, Reader, ReaderId, Why, eml};
use crate::id::Id;
use crate::messages::Lang;
use crate::people::{Person, PersonRow, Role};
use crate::post::{
    Chat, LetterOf, LetterRow, LinkFor, Outcome, ReaderRow, Subscriber, Telling, Way, due_at,
    link_text, telling,
};
use crate::rows::Stored;
use crate::schedule::Job;
use crate::week::Week;

/// A letter that was due so long ago is not made up for.
const MADE_UP_FOR: SignedDuration = SignedDuration::from_hours(7 * 24);

/// A reader, and what keys the reader's letters.
pub(super) struct Recipient {
    pub(super) subscriber: Id<Subscriber>,
    pub(super) reader: Reader,
    /// None for the organisation itself.
    pub(super) named: Option<ReaderId>,
    /// What is told; nothing when the reader gets no letter of this week.
    pub(super) of: Option<Telling>,
    /// Whether a letter comes of a week without anything to decide.
    pub(super) empty_too: bool,
    pub(super) chat: Option<Chat>,
    /// Whether the time of the letter has come.
    pub(super) is_due: bool,
}

impl App {
    /// Who gets a letter: the readers; until somebody has made a list of them, also those who have
    /// an account under a mail address, work with gaps or read of them, and have said nothing of
    /// what they want; if nobody at all, the organisation itself.
    pub(super) fn recipients(&self, post: Post<'_>) -> Vec<Recipient> {
        let readers = self.readers();
        let reading = readers.iter().filter(|it| self.is_reading(&it.row));
        let mut to: Vec<Recipient> =
            reading.map(|it| self.on_list(it, (post.week, post.base))).collect();
        if !self.has_list() {
            to.extend(self.with_accounts());
            if to.is_empty() {
                to.push(self.itself(post.from));
            }
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
    pub(super) fn itself(&self, from: &str) -> Recipient {
        let id = Id::derived(&[b"reader", b"organisation"]);
        let lang = self.state.settings().lang;
        Recipient { named: None, ..recipient(id, ("", from, lang), Why::NobodyYet) }
    }

    /// Whether somebody has ever put another on the list: then it tells who reads.
    pub(super) fn has_list(&self) -> bool {
        let readers = self.state.readers.read();
        let is_own = |it: &ReaderRow| it.person.is_some() && it.set_up_by == it.person;
        readers.iter().any(|it| !is_own(&it.row))
    }

    /// Those who get the letter by their account alone.
    pub(super) fn with_accounts(&self) -> Vec<Recipient> {
        let readers = self.state.readers.all();
        let has_said = |it: &Stored<PersonRow>| {
            let id = Id::<Person>::from_uuid(it.id);
            let login = it.row.login.as_str();
            readers.iter().any(|it| it.row.person == Some(id) || it.row.mail == login)
        };
        let people = self.state.people.all();
        let reading = people.iter().filter(|it| reads(&it.row) && !has_said(it));
        reading.map(|it| with_account(it)).collect()
    }

    pub(super) fn on_list(
        &self,
        listed: &Stored<ReaderRow>,
        (week, base): (Week, &Url),
    ) -> Recipient {
        let row = &listed.row;
        let subscriber = Id::from_uuid(listed.id);
        let who = row.set_up_by.filter(|it| Some(*it) != row.person);
        let why = who.and_then(|by| self.person_name(by)).map_or(Why::SignedUp, Why::SetUpBy);
        let mut to = recipient(subscriber, (&row.name, &row.mail, row.lang), why);
        to.reader.edition = row.wishes.edition;
        to.reader.settings = row.person.map_or("", |_| "/account").to_owned();
        to.reader.stop = stop_address(listed, base).filter(|_| row.chat.is_none());
        to.of = telling(row.wishes.often, week);
        to.empty_too = row.wishes.empty_too;
        to.chat = row.chat.clone();
        to.is_due = self.is_due(row, week).is_some();
        to
    }

    /// When a reader's letter of a week was due, if it was and is still to be made up for.
    fn is_due(&self, row: &ReaderRow, week: Week) -> Option<Timestamp> {
        let now = self.now();
        let usual = self.state.schedule(Job::Digest);
        let at = due_at(row, (week, usual.rhythm), &self.zone)?;
        // What lies before a time that was set anew is not made up for.
        let is_slot = row.wishes.at.is_some() || usual.since <= at;
        let is_due = row.since < at && at <= now && now.duration_since(at) < MADE_UP_FOR;
        (is_due && is_slot).then_some(at)
    }

    /// When the earliest letter was due that a reader on the list has not got: at an own time, or
    /// at the usual one by a wish that came after it.
    pub fn letters_due(&self) -> Option<Timestamp> {
        let this = self.week();
        let of_reader = |reader: &Stored<ReaderRow>| {
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

    /// Those who had a letter of an earlier week.
    fn had_letter_before(&self, week: Week) -> HashSet<Id<Subscriber>> {
        let letters = self.state.letters.read();
        let has_come = |it: &LetterRow| {
            let went = it.ended.as_ref().is_some_and(|it| it.0 == Outcome::Sent);
            it.of.week().is_some_and(|it| it < week) && (went || it.way == Way::Outbox)
        };
        let come = letters.iter().filter(|it| has_come(&it.row));
        come.map(|it| it.row.reader).collect()
    }
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
    let mut to = recipient(id, (name, login.as_str(), *lang), Why::Account);
    to.reader.settings = "/account".to_owned();
    to
}

pub(super) fn recipient(
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

/// The whole address of the link that ends a reader's letters, as mail programs follow it.
pub(super) fn stop_address(listed: &Stored<ReaderRow>, base: &Url) -> Option<String> {
    let link = link_text(Id::from_uuid(listed.id), &listed.row, LinkFor::Stop)?;
    base.join(&format!("/stop/{link}")).ok().map(String::from)
}
