//! Talks to the organisation's mail server, and tells what it said.
//!
//! The conversation is led command by command, since only then is it known what a refusal is
//! about: the reader, the letter, or all that we send.

mod fault;
mod text;
mod trial;
mod wire;

use std::time::Duration;

use lettre::Address;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use lettre::transport::smtp::response::{Response, Severity};
use tokio::net::TcpStream;
use tokio::time::timeout;

use self::fault::{Fault, Step, short, words_of};
use self::wire::{Room, Wire};
use crate::config::{MailSecurity, MailServer};

pub use fault::{Unreached, Unsent};
pub use trial::{Trial, try_out};

/// A server that does not answer a command within this time is not waited for.
const COMMAND_TIME: Duration = Duration::from_secs(30);
/// Nor one that answers every command just in time.
const LETTER_TIME: Duration = Duration::from_secs(120);

/// An answer to our leave changes nothing any more.
const LEAVE_TIME: Duration = Duration::from_secs(5);

/// How long a server is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// For the answer to a command. The connection and the greeting together are as one.
    pub command: Duration,
    /// For a whole letter; and for all that comes before the first.
    pub letter: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { command: COMMAND_TIME, letter: LETTER_TIME }
    }
}

/// A letter on its way. It has one receiver, whatever stands in its headers.
#[derive(Clone, Copy, Debug)]
pub struct Envelope<'a> {
    /// The sender's address.
    pub from: &'a str,
    /// The receiver's address.
    pub to: &'a str,
    /// The mail, headers and all.
    pub mail: &'a [u8],
}

/// A conversation with the mail server, in which many letters can be sent.
pub struct Conversation {
    smtp: AsyncSmtpConnection,
    /// How we call ourselves.
    hello: ClientId,
    limits: Limits,
    room: Room,
    state: State,
}

/// How the conversation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// The next letter may come.
    Ready,
    /// The last letter was refused, and the server still has a part of it.
    Refused,
    /// Nothing more is said.
    Over,
}

impl std::fmt::Debug for Conversation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { limits, state, .. } = self;
        write!(f, "Conversation({state:?}, {limits:?})")
    }
}

impl Conversation {
    /// Connects, and goes as far as the first letter needs: greeting, TLS, signing in.
    pub async fn open(server: &MailServer) -> Result<Self, Unsent> {
        Self::open_within(server, Limits::default()).await
    }

    /// As [`open`](Self::open), with other patience than usual.
    pub async fn open_within(server: &MailServer, limits: Limits) -> Result<Self, Unsent> {
        let opened = timeout(limits.letter, Self::opened(server, limits)).await;
        opened.unwrap_or_else(|_| Err(Fault::silent().judged(Step::Sender)))
    }

    async fn opened(server: &MailServer, limits: Limits) -> Result<Self, Unsent> {
        let mut it = Self::greeted(server, limits).await?;
        let ready = it.make_ready(server).await;
        match ready {
            Ok(()) => Ok(it),
            Err(fault) => {
                it.close().await;
                Err(fault)
            }
        }
    }

    /// Up to the answer to the first EHLO.
    async fn greeted(server: &MailServer, limits: Limits) -> Result<Self, Unsent> {
        let (place, room) = ((server.host.as_str(), server.port), Room::new());
        let mut hello = ClientId::default();
        let smtp = if server.security == MailSecurity::Tls {
            let tls = Some(tls(server)?);
            let limit = Some(limits.command);
            let greeting = AsyncSmtpConnection::connect_tokio1(place, limit, &hello, tls, None);
            within(limits.command, Step::Sender, greeting).await
        } else {
            let stream = match timeout(limits.command, TcpStream::connect(place)).await {
                Ok(Ok(stream)) => stream,
                Ok(Err(error)) => {
                    return Err(Unsent::Server(Unreached::Connection, short(&error.to_string())));
                }
                Err(_) => return Err(Fault::silent().judged(Step::Sender)),
            };
            hello = name(&stream);
            let wire = Box::new(Wire::new(stream, room.clone()));
            let greeting = AsyncSmtpConnection::connect_with_transport(wire, &hello);
            within(limits.command, Step::Sender, greeting).await
        };
        let smtp = smtp.map_err(|it| it.judged(Step::Sender))?;
        Ok(Self { smtp, hello, limits, room, state: State::Ready })
    }

    /// TLS where it comes after the greeting, and signing in.
    async fn make_ready(&mut self, server: &MailServer) -> Result<(), Unsent> {
        if server.security == MailSecurity::StartTls {
            self.encrypt(server).await?;
        }
        let Some((user, password)) = &server.login else { return Ok(()) };
        let login = Credentials::new(user.clone(), password.clone());
        self.room.renew();
        let answer = self.smtp.auth(&[Mechanism::Plain, Mechanism::Login], &login);
        let answer = within(self.limits.command, Step::SignIn, answer).await;
        answer.map(drop).map_err(|it| self.fail(it, Step::SignIn))
    }

    async fn encrypt(&mut self, server: &MailServer) -> Result<(), Unsent> {
        if !self.smtp.can_starttls() {
            let says = "the server offers no STARTTLS".to_owned();
            return Err(Unsent::Server(Unreached::Tls, says));
        }
        let tls = tls(server)?;
        self.room.renew();
        let answer = self.smtp.starttls(tls, &self.hello);
        let answer = within(self.limits.command, Step::Encryption, answer).await;
        answer.map_err(|it| self.fail(it, Step::Encryption))
    }

    /// Sends a letter; returns the code and the words with which the server took it.
    pub async fn send(&mut self, letter: Envelope<'_>) -> Result<String, Unsent> {
        // Whoever stops waiting for this leaves a conversation in which nothing fits any more.
        let state = std::mem::replace(&mut self.state, State::Over);
        if state == State::Over {
            let says = "the conversation is over".to_owned();
            return Err(Unsent::Server(Unreached::Connection, says));
        }
        let sent = timeout(self.limits.letter, self.letter(letter, state)).await;
        let sent = sent.unwrap_or_else(|_| Err(Fault::silent().judged(Step::Text)));
        self.state = match &sent {
            Ok(_) => State::Ready,
            Err(Unsent::Server(..)) => State::Over,
            Err(_) => State::Refused,
        };
        sent
    }

    async fn letter(&mut self, letter: Envelope<'_>, state: State) -> Result<String, Unsent> {
        if state == State::Refused {
            self.say(Rset, Step::Sender).await?;
        }
        let Envelope { from, to, mail } = letter;
        let from = text::address(from).ok_or_else(|| {
            Unsent::Server(Unreached::Sender, short(&format!("no address: {from}")))
        })?;
        let to = text::address(to)
            .ok_or_else(|| Unsent::NoSuchReader(short(&format!("no address: {to}"))))?;
        let parameters = self.parameters([&from, &to], mail)?;
        self.say(Mail::new(Some(from), parameters), Step::Sender).await?;
        self.say(Rcpt::new(to, vec![]), Step::Reader).await?;
        let answer = self.say(Data, Step::Text).await?;
        if answer.code().severity != Severity::PositiveIntermediate {
            // It would read the text as commands.
            return Err(Fault::unfitting(&answer).judged(Step::Text));
        }
        self.room.renew();
        let lines = text::lines(mail);
        let answer = within(self.limits.command, Step::Text, self.smtp.message(&lines)).await;
        let answer = answer.and_then(taken).map_err(|it| it.judged(Step::Text))?;
        Ok(words_of(&answer))
    }

    /// What the server must be able to for this letter.
    fn parameters(&self, who: [&Address; 2], mail: &[u8]) -> Result<Vec<MailParameter>, Unsent> {
        let can = |it| self.smtp.server_info().supports_feature(it);
        let mut parameters = vec![];
        if who.iter().any(|it| !AsRef::<str>::as_ref(*it).is_ascii()) {
            if !can(Extension::SmtpUtfEight) {
                let says = "the server takes no address with such letters (SMTPUTF8)";
                return Err(Unsent::NoSuchReader(says.to_owned()));
            }
            parameters.push(MailParameter::SmtpUtfEight);
        }
        if !mail.is_ascii() {
            if !can(Extension::EightBitMime) {
                let says = "the server takes no text of eight bits (8BITMIME)";
                return Err(Unsent::NotTaken(says.to_owned()));
            }
            parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
        }
        Ok(parameters)
    }

    /// Says a command and hears the answer.
    async fn say(&mut self, command: impl std::fmt::Display, at: Step) -> Result<Response, Unsent> {
        self.room.renew();
        let answer = within(self.limits.command, at, self.smtp.command(command)).await;
        let answer = if at == Step::Text { answer } else { answer.and_then(taken) };
        answer.map_err(|it| it.judged(at))
    }

    /// Takes a fault; where nobody is left to speak with, nothing more is said.
    fn fail(&mut self, fault: Fault, at: Step) -> Unsent {
        if matches!(fault, Fault::Gone(..)) || self.smtp.has_broken() {
            self.state = State::Over;
        }
        fault.judged(at)
    }

    /// Takes leave, if there is still somebody to take leave of.
    pub async fn close(mut self) {
        if self.state != State::Over {
            self.room.renew();
            let limit = LEAVE_TIME.min(self.limits.command);
            drop(within(limit, Step::Sender, self.smtp.quit()).await);
        }
    }
}

/// An answer, if it comes in time.
async fn within<T>(
    limit: Duration,
    at: Step,
    answer: impl Future<Output = Result<T, Error>>,
) -> Result<T, Fault> {
    match timeout(limit, answer).await {
        Ok(answer) => answer.map_err(|it| Fault::of(&it, at)),
        Err(_) => Err(Fault::silent()),
    }
}

/// An answer that says that something is done; the library takes "go on" for one too.
fn taken(answer: Response) -> Result<Response, Fault> {
    let is_done = answer.code().severity == Severity::PositiveCompletion;
    if is_done { Ok(answer) } else { Err(Fault::unfitting(&answer)) }
}

/// How we call ourselves: by our address, since not every machine has a name that others know.
fn name(stream: &TcpStream) -> ClientId {
    match stream.local_addr() {
        Ok(std::net::SocketAddr::V4(it)) => ClientId::Ipv4(*it.ip()),
        Ok(std::net::SocketAddr::V6(it)) => ClientId::Ipv6(*it.ip()),
        Err(_) => ClientId::default(),
    }
}

/// Whom we trust to vouch for the server: the usual authorities, and the organisation's own.
fn tls(server: &MailServer) -> Result<TlsParameters, Unsent> {
    let fault = |error: Error| Unsent::Server(Unreached::Tls, short(&error.to_string()));
    let mut built = TlsParameters::builder(server.host.clone());
    if let Some(authority) = &server.authority {
        let certificates = Certificate::from_pem(authority.pem()).map_err(fault)?;
        built = built.add_root_certificate(certificates);
    }
    built.build().map_err(fault)
}
