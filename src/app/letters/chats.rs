//! Telling a chat by its incoming webhook.

use url::Url;

use super::Tried;
use crate::app::App;
use crate::net::{Client, Guard, IpRange, NetError, Post, Said};
use crate::post::{Chat, Outcome};

/// So many characters of an answer are kept.
const ANSWER_CHARS_MAX: usize = 200;

impl App {
    /// Sends the body of a letter within the guard's limits, and tells what came of it.
    pub async fn tell_chat(&self, chat: &Chat, body: &[u8]) -> Tried {
        match self.asked_chat(chat, body).await {
            Ok(Said { status, beginning }) => answer(status, &beginning),
            Err(NetError::Refused { .. }) => Tried::Ended(Outcome::NotTaken, String::new()),
            // The error's words hold the address, which is a secret.
            Err(NetError::TimedOut { .. }) => Tried::Later("no answer in time".to_owned()),
            Err(_) => Tried::Later("no connection".to_owned()),
        }
    }

    async fn asked_chat(&self, chat: &Chat, body: &[u8]) -> Result<Said, NetError> {
        let Ok(address) = Url::parse(&chat.address) else {
            return Ok(Said { status: 404, beginning: String::new() });
        };
        let ranges: &[IpRange] = if chat.allow_private { &IpRange::INSIDE } else { &[] };
        let client = Client::with(Guard::opening(ranges), address.as_str(), &self.manner())?;
        client.post(Post { address: &address, headers: &[], json: body }).await
    }
}

/// What an answer means: a webhook that was taken away never comes back.
fn answer(status: u16, beginning: &str) -> Tried {
    let says = short(&format!("{status} {beginning}"));
    match status {
        200..=299 => Tried::Ended(Outcome::Sent, says),
        401 | 403 | 404 | 410 => Tried::Ended(Outcome::NoSuchReader, says),
        408 | 425 | 429 | 500..=599 => Tried::Later(says),
        _ => Tried::Ended(Outcome::NotTaken, says),
    }
}

/// One line, not too long: it comes from another machine.
fn short(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().filter(|it| !it.is_control()).take(ANSWER_CHARS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_webhook_that_is_gone_is_told_no_more_and_a_busy_one_later() {
        assert!(matches!(answer(200, "ok"), Tried::Ended(Outcome::Sent, _)));
        assert!(matches!(answer(202, ""), Tried::Ended(Outcome::Sent, _)));
        assert!(matches!(answer(410, "gone"), Tried::Ended(Outcome::NoSuchReader, _)));
        assert!(matches!(answer(400, "bad"), Tried::Ended(Outcome::NotTaken, _)));
        for busy in [408, 429, 500, 503] {
            assert!(matches!(answer(busy, "later"), Tried::Later(_)), "{busy}");
        }
    }
}
