//! Talks to the organisation's mail server, and tells what it said.

use std::time::Duration;

use jiff::Timestamp;
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::{AsyncSmtpTransport, Error};
use lettre::{AsyncTransport, Tokio1Executor};

use crate::config::{MailSecurity, MailServer};

/// A server that does not answer within this time is not reached.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(15);
/// So many characters of a server's answer are shown.
const ANSWER_CHARS_MAX: usize = 500;

/// What came of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// The server took it; its code and words.
    Accepted(String),
    /// The server refused it; its code and words.
    Refused(String),
    /// The server was not reached, or not to be spoken with.
    Unreached(Unreached, String),
}

/// Why a server could not be spoken with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreached {
    /// It did not answer in time.
    Silent,
    /// Its certificate does not hold, or it offers no TLS.
    Tls,
    /// It does not let sign in in a way that is known here.
    SignIn,
    /// Nothing listens there, or its name is not known.
    Connection,
}

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
    fn message(self) -> Option<Message> {
        let from: Mailbox = self.from.parse().ok()?;
        let to: Mailbox = self.to.parse().ok()?;
        let message = Message::builder().from(from).to(to).subject(self.subject);
        message.date(std::time::SystemTime::from(self.at)).body(self.text).ok()
    }

    /// Whether mail can be sent to an address.
    pub fn is_address(text: &str) -> bool {
        let is_one_line = !text.contains(|it: char| it.is_control() || it.is_whitespace());
        is_one_line && text.parse::<lettre::Address>().is_ok()
    }
}

/// Sends a mail and tells what the server said; none when an address is none.
pub async fn try_out(server: &MailServer, trial: Trial) -> Option<Sent> {
    let message = trial.message()?;
    let transport = match transport(server) {
        Ok(transport) => transport,
        Err(error) => return Some(failed(&error)),
    };
    let sent = tokio::time::timeout(ANSWER_TIMEOUT, transport.send(message)).await;
    Some(match sent {
        Err(_) => Sent::Unreached(Unreached::Silent, String::new()),
        Ok(Err(error)) => failed(&error),
        Ok(Ok(answer)) => {
            let words: Vec<&str> = answer.message().collect();
            Sent::Accepted(short(&format!("{} {}", answer.code(), words.join(" "))))
        }
    })
}

fn transport(server: &MailServer) -> Result<AsyncSmtpTransport<Tokio1Executor>, Error> {
    let tls = match server.security {
        MailSecurity::StartTls => Tls::Required(TlsParameters::new(server.host.clone())?),
        MailSecurity::Tls => Tls::Wrapper(TlsParameters::new(server.host.clone())?),
        MailSecurity::Open => Tls::None,
    };
    let built = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&server.host);
    let built = built.port(server.port).tls(tls).timeout(Some(ANSWER_TIMEOUT));
    let built = match &server.login {
        Some((name, password)) => {
            built.credentials(Credentials::new(name.clone(), password.clone()))
        }
        None => built,
    };
    Ok(built.build())
}

fn failed(error: &Error) -> Sent {
    let says = short(&error.to_string());
    if let Some(code) = error.status() {
        // What it said stands behind our own words for the kind of the answer.
        let words = says.split_once(": ").map_or("", |it| it.1);
        return Sent::Refused(format!("{code} {words}").trim_end().to_owned());
    }
    let why = if error.is_timeout() {
        Unreached::Silent
    } else if error.is_tls() || says.contains("STARTTLS") || says.contains("ertificate") {
        Unreached::Tls
    } else if error.is_client() {
        Unreached::SignIn
    } else {
        Unreached::Connection
    };
    Sent::Unreached(why, says)
}

/// One line of text, not too long: it comes from another machine.
fn short(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().filter(|it| !it.is_control()).take(ANSWER_CHARS_MAX).collect()
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
