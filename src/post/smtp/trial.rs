//! A mail to try a server with.

use std::time::Duration;

use jiff::Timestamp;
use lettre::message::{Mailbox, Message};

use super::{Conversation, Envelope, Limits, Unsent};
use crate::config::MailServer;

/// Somebody waits for the answer in front of a screen.
const LIMITS: Limits = Limits { command: Duration::from_secs(10), letter: Duration::from_secs(12) };

/// A mail to try a server with.
#[derive(Clone, Debug)]
pub struct Trial {
    /// The sender's address.
    pub from: String,
    /// Whom it goes to.
    pub to: String,
    /// What it is about.
    pub subject: String,
    /// What it says.
    pub text: String,
    /// When.
    pub at: Timestamp,
}

impl Trial {
    /// The message; none when an address is none.
    fn message(&self) -> Option<Vec<u8>> {
        let from: Mailbox = self.from.parse().ok()?;
        let to: Mailbox = self.to.parse().ok()?;
        let message = Message::builder().from(from).to(to).subject(self.subject.clone());
        let message = message.date(std::time::SystemTime::from(self.at));
        Some(message.body(self.text.clone()).ok()?.formatted())
    }

    /// Whether mail can be sent to an address.
    pub fn is_address(text: &str) -> bool {
        let is_one_line = !text.contains(|it: char| it.is_control() || it.is_whitespace());
        is_one_line && text.parse::<lettre::Address>().is_ok()
    }
}

/// Sends a mail and tells what the server said; none when an address is none.
pub async fn try_out(server: &MailServer, trial: &Trial) -> Option<Result<String, Unsent>> {
    let mail = trial.message()?;
    Some(sent(server, Envelope { from: &trial.from, to: &trial.to, mail: &mail }).await)
}

async fn sent(server: &MailServer, letter: Envelope<'_>) -> Result<String, Unsent> {
    let mut conversation = Conversation::open_within(server, LIMITS).await?;
    let said = conversation.send(letter).await;
    conversation.close().await;
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_and_begins_no_header() {
        assert!(Trial::is_address("kari@example.org"));
        for wrong in ["kari", "a@b@c", "a@example.org\r\nBcc: b@example.org", "a b@example.org", ""]
        {
            assert!(!Trial::is_address(wrong), "{wrong:?}");
        }
    }
}
