//! Sending what waits: mails by the organisation's server, chats by their webhooks.
//!
//! A letter's end is written down before its file is removed, and its bytes are those of the first
//! try: an end in the midst sends the same once more under the same Message-ID, and loses nothing.

use std::sync::{Arc, PoisonError};

use jiff::Timestamp;

use super::Jobs;
use crate::app::{App, Destination, LetterFault, Post, Room, Tried, Waiting};
use crate::config::MailServer;
use crate::post::{Conversation, Envelope, Outcome, Unreached, Unsent, Way, pause};

/// So many letters are taken at a time.
const AT_A_TIME: usize = 50;

/// So long a letter under way may take once the service is to end.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(5);

/// The mail server takes nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostTrouble {
    /// How often it was tried in vain.
    pub tries: u32,
    /// Since when.
    pub since: Timestamp,
    /// When it is tried next.
    pub until: Timestamp,
    /// Why.
    pub why: Unreached,
    /// What it said.
    pub says: String,
}

impl Jobs {
    /// How letters are posted.
    pub fn posting(&self) -> Post<'_> {
        let super::JobOptions { outbox, base, from, mail, .. } = &self.options;
        self.app.posting(outbox, (base, from), mail.is_some())
    }

    /// What stands in the way of mails, if anything does.
    pub fn post_trouble(&self) -> Option<PostTrouble> {
        self.post_trouble.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Makes the short mails that are due and sends what waits. While that goes on, a second call
    /// returns false at once.
    pub async fn send_post(self: &Arc<Self>) -> bool {
        let Ok(mut has_swept) = self.posting.try_lock() else { return false };
        // What can wait is not written while the disk is nearly full.
        let has_room = matches!(self.app.room(), Room::Enough | Room::Scarce);
        if !self.app.is_ready() || !has_room {
            return true;
        }
        if !*has_swept {
            self.with_app(|jobs| {
                jobs.app.sweep_post();
                Ok(())
            })
            .await;
            *has_swept = true;
        }
        self.with_app(|jobs| {
            jobs.app.settle()?;
            jobs.app.make_notices(jobs.posting())?;
            Ok(jobs.app.settle()?)
        })
        .await;
        self.send_chats().await;
        if let Some(server) = &self.options.mail {
            self.send_mails(server).await;
        }
        true
    }

    async fn send_mails(self: &Arc<Self>, server: &MailServer) {
        let is_paused = |it: &PostTrouble| self.app.now() < it.until && it.since <= self.app.now();
        if self.post_trouble().as_ref().is_some_and(is_paused) {
            return;
        }
        let mut talk: Option<Conversation> = None;
        'letters: loop {
            let letters = self.next(Way::Mail).await;
            if letters.is_empty() {
                break;
            }
            for letter in letters {
                if self.closing.is_cancelled() {
                    break 'letters;
                }
                // Somebody may have stopped since it was taken in hand; the next look ends it.
                if !self.app.is_still_wanted(&letter, &self.options.from) {
                    continue;
                }
                let sent = tokio::select! {
                    sent = self.send_mail(server, &mut talk, &letter) => sent,
                    () = self.patience_ends() => return,
                };
                if let Err(Unsent::Server(why, says)) = &sent {
                    self.note_trouble(&letter, (*why, says)).await;
                    return;
                }
                *self.post_trouble.lock().unwrap_or_else(PoisonError::into_inner) = None;
                if !self.note(&letter, mail_says(sent)).await {
                    break 'letters;
                }
            }
        }
        if let Some(talk) = talk {
            talk.close().await;
        }
    }

    /// Sends one mail by the conversation under way, or by a new one.
    async fn send_mail(
        &self,
        server: &MailServer,
        talk: &mut Option<Conversation>,
        letter: &Waiting,
    ) -> Result<String, Unsent> {
        let Destination::Mail(to) = &letter.to else {
            return Err(Unsent::NotTaken(String::new()));
        };
        let is_new = talk.is_none();
        let mut talking = match talk.take() {
            Some(talking) => talking,
            None => Conversation::open(server).await?,
        };
        let envelope = Envelope { from: &self.options.from, to, mail: &letter.bytes };
        let sent = talking.send(envelope).await;
        match sent {
            // A server may end a long conversation between two letters: once more, from the start.
            Err(Unsent::Server(Unreached::Connection | Unreached::Busy, _)) if !is_new => {
                let mut talking = Conversation::open(server).await?;
                let sent = talking.send(envelope).await;
                *talk = (!matches!(sent, Err(Unsent::Server(..)))).then_some(talking);
                sent
            }
            Err(Unsent::Server(..)) => sent,
            sent => {
                *talk = Some(talking);
                sent
            }
        }
    }

    /// The server takes nothing: all wait, longer from try to try, and what has waited for a day
    /// is given up.
    async fn note_trouble(self: &Arc<Self>, letter: &Waiting, (why, says): (Unreached, &str)) {
        let now = self.app.now();
        let trouble = {
            let mut held = self.post_trouble.lock().unwrap_or_else(PoisonError::into_inner);
            let before = held.take();
            let tries = before.as_ref().map_or(0, |it| it.tries) + 1;
            let since = before.map_or(now, |it| it.since);
            let until = now.checked_add(pause(tries)).unwrap_or(Timestamp::MAX);
            let trouble = PostTrouble { tries, since, until, why, says: says.to_owned() };
            *held = Some(trouble.clone());
            trouble
        };
        // Its words may quote an address, which belongs into no log.
        let code: String = says.chars().take_while(char::is_ascii_digit).collect();
        tracing::error!(tries = trouble.tries, code, "the mail server takes nothing: {why:?}");
        self.note(letter, Tried::Later(says.to_owned())).await;
        self.with_app(move |jobs| {
            jobs.app.settle()?;
            jobs.app.give_up_letters(Way::Mail, (trouble.tries, &trouble.says))
        })
        .await;
    }

    /// Returns some time after the service was told to end: a letter under way may come to its
    /// end, and a server that stands still holds nobody up.
    async fn patience_ends(&self) {
        self.closing.cancelled().await;
        tokio::time::sleep(PATIENCE).await;
    }

    async fn send_chats(self: &Arc<Self>) {
        loop {
            let letters = self.next(Way::Chat).await;
            if letters.is_empty() {
                return;
            }
            for letter in letters {
                let Destination::Chat(chat) = &letter.to else { return };
                if self.closing.is_cancelled() {
                    return;
                }
                let tried = self.app.tell_chat(chat, &letter.bytes).await;
                if !self.note(&letter, tried).await {
                    return;
                }
            }
        }
    }

    async fn next(self: &Arc<Self>, way: Way) -> Vec<Waiting> {
        let next = self.with_app(move |jobs| {
            jobs.app.settle()?;
            jobs.app.next_letters((way, &jobs.options.from), AT_A_TIME)
        });
        next.await.unwrap_or_default()
    }

    /// Writes down what came of a try; false when that cannot be, and nothing more is sent.
    async fn note(self: &Arc<Self>, letter: &Waiting, tried: Tried) -> bool {
        let (entity, reader) = (letter.entity, letter.reader);
        let noted = self.with_app(move |jobs| {
            let app: &App = &jobs.app;
            app.note_post(entity, reader, &tried)?;
            Ok(app.settle()?)
        });
        noted.await.is_some()
    }

    async fn with_app<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Self) -> Result<T, LetterFault> + Send + 'static,
    ) -> Option<T> {
        let jobs = Arc::clone(self);
        match tokio::task::spawn_blocking(move || work(&jobs)).await {
            Ok(Ok(done)) => Some(done),
            Ok(Err(error)) => {
                tracing::error!(error = format!("{error:?}"), "letters cannot be sent");
                None
            }
            Err(error) => {
                tracing::error!(%error, "sending letters ended in a panic");
                None
            }
        }
    }
}

/// What a mail server's answer means for one letter.
fn mail_says(sent: Result<String, Unsent>) -> Tried {
    match sent {
        Ok(says) => Tried::Ended(Outcome::Sent, says),
        Err(Unsent::NoSuchReader(says)) => Tried::Ended(Outcome::NoSuchReader, says),
        Err(Unsent::NotTaken(says)) => Tried::Ended(Outcome::NotTaken, says),
        Err(Unsent::Later(says) | Unsent::Server(_, says)) => Tried::Later(says),
    }
}
