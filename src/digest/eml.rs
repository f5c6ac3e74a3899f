//! Letters as mail files: both parts in one message, written whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use jiff::Timestamp;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart, MultiPartKind, SinglePart};
use sha2::{Digest, Sha256};

use super::compose::{Letter, header_text};
use super::facts::{Reader, ReaderId};
use crate::report::figures::web_address;

/// A letter did not become a mail.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MailError {
    /// The sender's address in the settings is none.
    #[error("could not read the sender's address {address:?}")]
    Sender {
        /// As it stands in the settings.
        address: String,
    },
    /// The reader's address is none; it is not quoted, as errors are logged.
    #[error("could not read the address of reader {reader}")]
    Address {
        /// Whose it is.
        reader: ReaderId,
    },
    /// The parts did not make a message.
    #[error("could not build the mail to reader {reader}")]
    Build {
        /// Whose it is.
        reader: ReaderId,
        /// What the builder said.
        #[source]
        source: lettre::error::Error,
    },
    /// The outbox did not take the file.
    #[error("could not write {path}")]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}

/// Who sends, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    /// The name that mail programs show.
    pub name: String,
    /// The mail address.
    pub address: String,
    /// The date of the letter; the same date gives the same bytes.
    pub at: Timestamp,
}

/// Builds the mail of `letter` to `reader`.
///
/// Every value in a header has become one line before, so no value can begin another header.
///
/// # Errors
/// When an address is none.
pub fn message(letter: &Letter, reader: &Reader, from: &Sender) -> Result<Vec<u8>, MailError> {
    let sender = mailbox(&from.name, &from.address)
        .ok_or_else(|| MailError::Sender { address: from.address.clone() })?;
    let to = mailbox(&reader.name, &reader.address)
        .ok_or_else(|| MailError::Address { reader: reader.id.clone() })?;
    let mut builder = Message::builder()
        .from(sender)
        .to(to)
        .date(SystemTime::from(from.at))
        .subject(letter.subject.clone())
        .message_id(Some(format!("<{}>", letter.message_id)))
        .raw_header(header("Auto-Submitted", "auto-generated".to_owned()))
        .raw_header(header("Content-Language", reader.lang.code().to_owned()));
    if let Some(stop) = reader.stop.as_deref().and_then(one_click) {
        builder = builder
            .raw_header(header("List-Unsubscribe", format!("<{stop}>")))
            .raw_header(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()));
    }
    let parts = MultiPart::builder()
        .kind(MultiPartKind::Alternative)
        .boundary(boundary(letter))
        .singlepart(SinglePart::plain(letter.text.clone()))
        .singlepart(SinglePart::html(letter.html.clone()));
    let mail = builder
        .multipart(parts)
        .map_err(|source| MailError::Build { reader: reader.id.clone(), source })?;
    Ok(mail.formatted())
}

/// A letter's file in an outbox. It is made whole under another name, and then released, so that
/// what takes letters away never sees half of one, and a record can be made in between.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    path: PathBuf,
    held: PathBuf,
}

impl Outgoing {
    /// The file of a letter of a week or a month to `reader`: `2026-W12-usr_kari.eml`; that to the
    /// organization itself has no reader, `2026-W12.eml`.
    pub fn new(outbox: &Path, of: impl std::fmt::Display, reader: Option<&ReaderId>) -> Self {
        let reader = reader.map_or(String::new(), |it| format!("-{it}"));
        Self::at(outbox.join(format!("{of}{reader}.eml")))
    }

    /// The file of a letter that waits to be sent.
    pub fn at(path: PathBuf) -> Self {
        let mut held = path.clone().into_os_string();
        held.push(".new");
        Self { held: held.into(), path }
    }

    /// Writes the letter and holds it back. What was held back before is replaced.
    ///
    /// # Errors
    /// When the folder or the file cannot be written.
    pub fn hold(&self, mail: &[u8]) -> Result<(), MailError> {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        let written = fs::create_dir_all(folder).and_then(|()| {
            let mut file = File::create(&self.held)?;
            file.write_all(mail)?;
            file.sync_all()
        });
        written.map_err(|source| self.failed(source))
    }

    /// Gives the letter its name, in place of an older one. Tells whether any was held back.
    ///
    /// # Errors
    /// When the system does not rename or sync.
    pub fn release(&self) -> Result<bool, MailError> {
        if !self.held.exists() {
            return Ok(false);
        }
        let folder = self.path.parent().unwrap_or(Path::new("."));
        match fs::rename(&self.held, &self.path) {
            Ok(()) => {}
            // Whoever sends it has just released it.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(source) => return Err(self.failed(source)),
        }
        let synced = File::open(folder).and_then(|it| it.sync_all());
        synced.map(|()| true).map_err(|source| self.failed(source))
    }

    /// Whether a letter is held back.
    pub fn is_held(&self) -> bool {
        self.held.exists()
    }

    /// Where the letter lies once it is released.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn failed(&self, source: io::Error) -> MailError {
        MailError::Write { path: self.path.clone(), source }
    }
}

/// Whether a letter can be sent to `address`.
pub fn is_address(address: &str) -> bool {
    mailbox("", address).is_some()
}

/// A name and an address of plain ASCII without quotes, spaces or control characters.
fn mailbox(of: &str, address: &str) -> Option<Mailbox> {
    let is_plain = address.bytes().all(|b| b.is_ascii_graphic() && !b"\"<>(),;:\\".contains(&b));
    let address = is_plain.then(|| address.parse().ok())??;
    let of = header_text(of);
    // A name of a header does not begin with a dot (RFC 5322, phrase).
    let of = of.trim_start_matches(['.', ' ']);
    Some(Mailbox::new((!of.is_empty()).then(|| of.to_owned()), address))
}

/// The address for one-click unsubscribing; RFC 8058 wants https.
fn one_click(stop: &str) -> Option<String> {
    web_address(stop).filter(|it| it.starts_with("https://") && it.is_ascii())
}

fn header(name: &'static str, value: String) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value)
}

/// A boundary from the letter itself, so that the same letter gives the same bytes.
fn boundary(letter: &Letter) -> String {
    let mut hash = Sha256::new();
    for part in [&letter.message_id, &letter.text, &letter.html] {
        hash.update(part);
    }
    let hash = hash.finalize();
    hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
