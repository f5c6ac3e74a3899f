//! The letters that wait for another machine to take them, and what came of each try.
//!
//! A letter lies in the folder `post` as it was made, so that a second try sends the same bytes
//! under the same Message-ID. It is removed after its end is on record.

use std::fs;
use std::path::PathBuf;

use uuid::Uuid;

use super::LetterFault;
use super::recipients::Recipient;
use crate::app::App;
use crate::digest::eml::Outgoing;
use crate::id::Id;
use crate::post::{
    Chat, LetterEvent, LetterRow, NextTry, Outcome, ReaderEvent, Subscriber, Telling, Way,
    gives_up, next_try,
};
use crate::record::Change;
use crate::rows::Stored;

/// A letter that is to be sent now.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// The letter.
    pub entity: Uuid,
    /// Whose.
    pub reader: Id<Subscriber>,
    /// Where to.
    pub to: Destination,
    /// The bytes to be sent.
    pub bytes: Vec<u8>,
}

/// Where a letter goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// To a mail address.
    Mail(String),
    /// To a chat.
    Chat(Chat),
}

/// What came of a try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tried {
    /// It ended, with these words.
    Ended(Outcome, String),
    /// Not now, with these words.
    Later(String),
}

impl App {
    /// Where letters wait.
    pub(super) fn post_folder(&self) -> PathBuf {
        self.data.join("post")
    }

    pub(super) fn waiting_path(&self, entity: Uuid) -> PathBuf {
        self.post_folder().join(format!("{}.eml", entity.simple()))
    }

    /// The letters that are waiting, oldest first.
    pub fn waiting_letters(&self) -> Vec<std::sync::Arc<Stored<LetterRow>>> {
        let letters = self.state.letters.read();
        letters.iter().filter(|it| it.row.is_waiting()).cloned().collect()
    }

    /// Up to `n` letters that go this way now. What nobody wants any more, and what is gone, is
    /// ended here. Blocks.
    ///
    /// # Errors
    /// When the journal does not take it.
    pub fn next_letters(
        &self,
        (way, from): (Way, &str),
        n: usize,
    ) -> Result<Vec<Waiting>, LetterFault> {
        let now = self.now();
        let mut next = vec![];
        let is_due =
            |it: &Stored<LetterRow>| it.row.way == way && next_try(&it.row, now) == NextTry::Now;
        let mut due = self.waiting_letters();
        due.retain(|it| is_due(it));
        // One that a server never takes must not stand before all others for ever.
        due.sort_by_key(|it| it.row.tries.as_ref().map_or(0, |it| it.n));
        for letter in due {
            if n <= next.len() {
                break;
            }
            match self.waiting(&letter, from) {
                Ok(Some(waiting)) => next.push(waiting),
                Ok(None) => {}
                Err(how) => {
                    let reader = letter.row.reader;
                    self.note_post(letter.id, reader, &Tried::Ended(how, String::new()))?;
                }
            }
        }
        Ok(next)
    }

    /// A letter with its bytes; none while they cannot be read, which may pass.
    fn waiting(&self, letter: &Stored<LetterRow>, from: &str) -> Result<Option<Waiting>, Outcome> {
        let to = self.destination(&letter.row, from).ok_or(Outcome::Stopped)?;
        let path = self.waiting_path(letter.id);
        // It is on record, so that it may be released by whoever comes first.
        let released = Outgoing::at(path.clone()).release();
        drop(released.inspect_err(|error| tracing::warn!(%error, "a letter cannot be released")));
        let is_held = Outgoing::at(path.clone()).is_held();
        match fs::read(path) {
            Ok(bytes) => {
                let (entity, reader) = (letter.id, letter.row.reader);
                Ok(Some(Waiting { entity, reader, to, bytes }))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && !is_held => {
                tracing::error!(letter.id = %letter.id, "a letter that waits is gone");
                Err(Outcome::Lost)
            }
            Err(error) => {
                let error = format!("{error:?}");
                tracing::error!(letter.id = %letter.id, error, "a letter cannot be read now");
                Ok(None)
            }
        }
    }

    /// Whether a letter that was taken in hand is still wanted there.
    pub fn is_still_wanted(&self, letter: &Waiting, from: &str) -> bool {
        let row = self.state.letters.get(letter.entity);
        row.is_some_and(|it| self.destination(&it.row, from).as_ref() == Some(&letter.to))
    }

    /// Where a letter goes; none when nobody wants it any more.
    fn destination(&self, letter: &LetterRow, from: &str) -> Option<Destination> {
        let Some(reader) = self.reader(letter.reader) else {
            return self.unlisted(letter.reader, from).map(Destination::Mail);
        };
        let asks = matches!(letter.of, Telling::Consent { .. });
        let is_wanted = if asks { !reader.row.stopped } else { self.is_reading(&reader.row) };
        if !is_wanted {
            return None;
        }
        let mail = || Destination::Mail(reader.row.mail.clone());
        Some(reader.row.chat.clone().map_or_else(mail, Destination::Chat))
    }

    /// The address of somebody who gets the letter while nobody is on the list.
    fn unlisted(&self, id: Id<Subscriber>, from: &str) -> Option<String> {
        let accounts = self.with_accounts().into_iter().chain([self.itself(from)]);
        let of = |it: Recipient| (it.subscriber == id).then_some(it.reader.address);
        let mut accounts = accounts;
        accounts.find_map(of)
    }

    /// Keeps what came of a try. Blocks.
    ///
    /// # Errors
    /// When the journal does not take it; then the same letter is sent again.
    pub fn note_post(
        &self,
        entity: Uuid,
        reader: Id<Subscriber>,
        tried: &Tried,
    ) -> Result<(), LetterFault> {
        let event = match tried {
            Tried::Ended(how, says) => LetterEvent::Ended { how: *how, says: says.clone() },
            Tried::Later(says) => {
                let row = self.state.letters.get(entity);
                let tries = row.as_ref().and_then(|it| it.row.tries.as_ref()).map_or(0, |it| it.n);
                match row.and_then(|it| gives_up(&it.row, tries + 1, self.now())) {
                    Some(how) => LetterEvent::Ended { how, says: says.clone() },
                    None => LetterEvent::Tried { says: says.clone() },
                }
            }
        };
        let change = Change { entity, version: None, now: self.now() };
        change.tell(&self.journal, &event)?;
        if let LetterEvent::Ended { how, says } = event {
            if how == Outcome::NoSuchReader && self.reader(reader).is_some() {
                self.tell_reader(reader, &ReaderEvent::Refused { says }, "reader.refused")?;
            }
            self.forget(entity);
        }
        Ok(())
    }

    /// Gives up what has waited for a day while nothing was taken so often. Blocks.
    ///
    /// # Errors
    /// When the journal does not take it.
    pub fn give_up_letters(&self, way: Way, (tries, says): (u32, &str)) -> Result<(), LetterFault> {
        let now = self.now();
        for letter in self.waiting_letters().iter().filter(|it| it.row.way == way) {
            if let Some(how) = gives_up(&letter.row, tries, now) {
                let ended = Tried::Ended(how, says.to_owned());
                self.note_post(letter.id, letter.row.reader, &ended)?;
            }
        }
        Ok(())
    }

    /// Removes what was to be sent; what stays by a fault is swept with the next start.
    fn forget(&self, entity: Uuid) {
        let path = self.waiting_path(entity);
        if let Err(error) = fs::remove_file(&path)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(%error, path = %path.display(), "a letter that went cannot be removed");
        }
    }

    /// Removes the files of letters that have ended, or that are on no record: a crash lay between.
    pub fn sweep_post(&self) {
        let Ok(entries) = fs::read_dir(self.post_folder()) else { return };
        let paths: Vec<PathBuf> = entries.flatten().map(|it| it.path()).collect();
        // What was released lies on record; here it is seen, if the view follows.
        if self.settle().is_err() {
            return;
        }
        for path in paths {
            let name = path.file_name().and_then(|it| it.to_str()).unwrap_or_default().to_owned();
            let entity = name.split('.').next().and_then(|it| it.parse::<Uuid>().ok());
            let letter = entity.and_then(|it| self.state.letters.get(it));
            // A letter that is held back is made anew, or released, with the next run.
            let is_held = path.extension().is_some_and(|it| it == "new");
            let is_known = letter.is_some();
            if (!is_held || is_known) && letter.is_none_or(|it| !it.row.is_waiting()) {
                drop(fs::remove_file(&path));
            }
        }
    }
}
