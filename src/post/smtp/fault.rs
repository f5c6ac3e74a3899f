//! What can go wrong in a conversation, and what it means for the letter and for the others.

use lettre::transport::smtp::Error;
use lettre::transport::smtp::response::Response;

/// So many characters of a server's answer are kept.
const ANSWER_CHARS_MAX: usize = 500;

/// Why a letter did not go; each with the code and the words of the server, or our own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unsent {
    /// Not now: this letter later. Others may go at once.
    Later(String),
    /// The server knows no such reader, or takes nothing for it.
    NoSuchReader(String),
    /// The server does not take this letter; it would not take it another time either.
    NotTaken(String),
    /// Nothing goes now, this letter or another; the conversation is over.
    Server(Unreached, String),
}

/// Why a server could not be spoken with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreached {
    /// It did not answer in time.
    Silent,
    /// Its certificate does not hold, or it offers no TLS.
    Tls,
    /// It does not let us sign in, or not in a way that is known here.
    SignIn,
    /// Nothing listens there, its name is not known, or the connection was cut.
    Connection,
    /// It has no time now, and says so.
    Busy,
    /// It takes no mail from this machine or from this sender.
    Sender,
}

/// Where in the conversation a fault came up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// From the greeting to the sender.
    Sender,
    /// The way to TLS.
    Encryption,
    /// Signing in.
    SignIn,
    /// The receiver.
    Reader,
    /// The text.
    Text,
}

/// A fault as it came, before it is judged.
#[derive(Debug)]
pub(super) enum Fault {
    /// The server said no: the code, and the code with its words.
    Said(u16, String),
    /// There is nobody to speak with any more.
    Gone(Unreached, String),
}

impl Fault {
    /// Nothing came in time.
    pub(super) fn silent() -> Self {
        Self::Gone(Unreached::Silent, "no answer in time".to_owned())
    }

    /// An answer that fits no question.
    pub(super) fn unfitting(answer: &Response) -> Self {
        Self::Gone(Unreached::Connection, words_of(answer))
    }

    pub(super) fn of(error: &Error, at: Step) -> Self {
        if let Some(code) = error.status() {
            let words = std::error::Error::source(error).map(ToString::to_string);
            let says = format!("{code} {}", words.unwrap_or_default());
            return Self::Said(u16::from(code), short(&says));
        }
        let why = if error.is_timeout() {
            Unreached::Silent
        } else if error.is_tls() || is_handshake(error) {
            Unreached::Tls
        } else if error.is_client() && at == Step::SignIn {
            Unreached::SignIn
        } else {
            Unreached::Connection
        };
        Self::Gone(why, short(&error.to_string()))
    }

    /// What it means. A code alone does not tell: 550 to a receiver is about the reader, to the
    /// sender about us, and after the text about the letter.
    pub(super) fn judged(self, at: Step) -> Unsent {
        let (code, says) = match self {
            Self::Gone(why, says) => return Unsent::Server(why, says),
            Self::Said(code, says) => (code, says),
        };
        let is_later = code / 100 == 4;
        match (code, at) {
            (421, _) => Unsent::Server(Unreached::Busy, says),
            // "Authentication required" comes at any command, as a server likes.
            (530 | 534 | 535 | 538, _) => Unsent::Server(Unreached::SignIn, says),
            (_, Step::Encryption) => Unsent::Server(Unreached::Tls, says),
            (_, Step::Sender | Step::SignIn) if is_later => Unsent::Server(Unreached::Busy, says),
            (_, Step::Sender) => Unsent::Server(Unreached::Sender, says),
            (_, Step::SignIn) => Unsent::Server(Unreached::SignIn, says),
            (_, Step::Reader | Step::Text) if is_later => Unsent::Later(says),
            // A mailbox that is full is there.
            (552, Step::Reader) | (_, Step::Text) => Unsent::NotTaken(says),
            // What the server's policy forbids, such as relaying, says nothing of the reader.
            (_, Step::Reader) if is_policy(&says) => Unsent::NotTaken(says),
            (_, Step::Reader) => Unsent::NoSuchReader(says),
        }
    }
}

/// Whether an answer tells of the server's policy (RFC 3463, 3.8: X.7.X).
fn is_policy(says: &str) -> bool {
    let is_told = says.split_whitespace().nth(1).is_some_and(|it| it.starts_with("5.7."));
    is_told || says.to_ascii_lowercase().contains("relay")
}

/// The library wraps what TLS says into an error of the connection; TLS says it as damaged data,
/// or finds the end where it began.
fn is_handshake(error: &Error) -> bool {
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        if let Some(fault) = inner.downcast_ref::<std::io::Error>() {
            let is_damaged = fault.kind() == std::io::ErrorKind::InvalidData;
            let is_ended = fault.to_string().contains("tls handshake");
            return is_ended || is_damaged && !fault.to_string().contains("UTF-8");
        }
        source = inner.source();
    }
    false
}

/// The code and the words of an answer.
pub(super) fn words_of(answer: &Response) -> String {
    let words: Vec<&str> = answer.message().collect();
    short(&format!("{} {}", answer.code(), words.join(" ")))
}

/// One line of text, not too long: it comes from another machine.
pub(super) fn short(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().filter(|it| !it.is_control()).take(ANSWER_CHARS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(code: u16, at: Step, want: &Unsent) {
        let says = format!("{code} words");
        assert_eq!(&Fault::Said(code, says).judged(at), want, "{code} at {at:?}");
    }

    #[test]
    fn the_same_code_means_another_thing_at_another_step() {
        let server = |why, says: &str| Unsent::Server(why, says.to_owned());
        for at in [Step::Sender, Step::SignIn, Step::Reader, Step::Text] {
            check(421, at, &server(Unreached::Busy, "421 words"));
            check(530, at, &server(Unreached::SignIn, "530 words"));
        }
        check(450, Step::Sender, &server(Unreached::Busy, "450 words"));
        check(454, Step::SignIn, &server(Unreached::Busy, "454 words"));
        check(450, Step::Reader, &Unsent::Later("450 words".to_owned()));
        check(451, Step::Text, &Unsent::Later("451 words".to_owned()));
        check(550, Step::Sender, &server(Unreached::Sender, "550 words"));
        check(550, Step::SignIn, &server(Unreached::SignIn, "550 words"));
        check(550, Step::Reader, &Unsent::NoSuchReader("550 words".to_owned()));
        let relay = Fault::Said(550, "550 5.7.1 relaying denied".to_owned()).judged(Step::Reader);
        assert_eq!(relay, Unsent::NotTaken("550 5.7.1 relaying denied".to_owned()));
        check(552, Step::Reader, &Unsent::NotTaken("552 words".to_owned()));
        check(554, Step::Text, &Unsent::NotTaken("554 words".to_owned()));
        check(454, Step::Encryption, &server(Unreached::Tls, "454 words"));
    }

    #[test]
    fn the_words_of_another_machine_are_one_short_line() {
        assert_eq!(short("550 no\r\n such \u{1b}[31muser"), "550 no such [31muser");
        assert_eq!(short(&"ø".repeat(600)).chars().count(), ANSWER_CHARS_MAX);
    }
}
