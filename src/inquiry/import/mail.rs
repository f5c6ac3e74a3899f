//! Mails to questions: what somebody asked in their own words, without who they are.

use std::panic::catch_unwind;

use jiff::Timestamp;
use mail_parser::{Address, HeaderValue, Message, MessageParser, MimeHeaders};

use super::own_words::{first_paragraphs, own_words};
use super::{
    ImportError, ImportedRow, QUESTION_CHARS_MAX, Reading, Rejected, Table, TableKind, mbox,
};
use crate::inquiry::Channel;
use crate::inquiry::redact::{Allowed, Kind, redact};

/// A file of mails is at most so large; attachments make it so.
pub const MAIL_BYTES_MAX: usize = 500 * 1024 * 1024;
/// A mail with its attachments is at most so large.
const MESSAGE_BYTES_MAX: usize = 50 * 1024 * 1024;
/// At most so many mails are read.
const MESSAGES_MAX: usize = 200_000;

/// What becomes of a mail.
enum Read {
    Question(ImportedRow),
    /// A program wrote it.
    Automatic,
    /// Our own house wrote it.
    Own,
    Damaged(String),
}

/// Reads a .mbox file, or an .eml file with one mail.
pub(super) fn read(bytes: &[u8], reading: &Reading) -> Result<Table, ImportError> {
    let mut table = Table { kind: TableKind::Mail, ..Table::default() };
    if !mbox::is_mbox(bytes) {
        take(1, bytes, reading, &mut table);
        return Ok(table);
    }
    for (number, mail) in (1_u32..).zip(mbox::mails(bytes)) {
        if u32::try_from(MESSAGES_MAX).unwrap_or(u32::MAX) < number {
            return Err(ImportError::TooLarge { max: MESSAGES_MAX, unit: "mails" });
        }
        take(number, &mbox::unquoted(mail), reading, &mut table);
    }
    Ok(table)
}

/// Reads one mail; one that cannot be read costs itself and no other.
fn take(row: u32, mail: &[u8], reading: &Reading, table: &mut Table) {
    let read = if MESSAGE_BYTES_MAX < mail.len() {
        Read::Damaged(format!("the mail has more than {MESSAGE_BYTES_MAX} bytes"))
    } else {
        // The parser is not ours and its input is anybody's.
        let damaged = || Read::Damaged("the mail is damaged".to_owned());
        catch_unwind(|| one(row, mail, reading)).unwrap_or_else(|_| damaged())
    };
    match read {
        Read::Question(row) => table.rows.push(row),
        Read::Automatic => table.skipped.automatic += 1,
        Read::Own => table.skipped.own += 1,
        Read::Damaged(reason) => table.rejected.push(Rejected { row, reason }),
    }
}

fn one(row: u32, mail: &[u8], reading: &Reading) -> Read {
    let Some(message) = MessageParser::default().parse(mail) else {
        return Read::Damaged("the mail is damaged".to_owned());
    };
    let Some(sender) = sender(&message) else {
        return Read::Damaged("the mail does not say who sent it".to_owned());
    };
    if is_automatic(&message, &sender.address) {
        return Read::Automatic;
    }
    if reading.is_own(&sender.address) {
        return Read::Own;
    }
    let body = message.body_text(0).unwrap_or_default().replace("\r\n", "\n");
    let subject = message.thread_name().unwrap_or_default().trim();
    let asked = sender.unnamed(&question(subject, &own_words(&body)));
    if asked.trim().is_empty() {
        return Read::Damaged("the mail has no text".to_owned());
    }
    Read::Question(ImportedRow {
        row,
        id: message.message_id().map(str::to_owned),
        logged_at: message.date().and_then(|it| Timestamp::from_second(it.to_timestamp()).ok()),
        channel: Some(reading.channel.unwrap_or(Channel::Email)),
        text: asked,
        ..ImportedRow::default()
    })
}

/// The subject and the first paragraphs; a subject that the text repeats is said once.
fn question(subject: &str, words: &str) -> String {
    let repeats = words.to_lowercase().starts_with(&subject.to_lowercase());
    let whole = if repeats { words.to_owned() } else { format!("{subject}\n\n{words}") };
    first_paragraphs(&whole, QUESTION_CHARS_MAX)
}

/// Names of so many letters are words in small letters.
const SHORT_NAME_CHARS: usize = 2;

/// Who sent a mail; known only as long as it is read.
struct Sender {
    address: String,
    names: Vec<String>,
}

fn sender(message: &Message<'_>) -> Option<Sender> {
    let from = message.from().and_then(Address::first)?;
    let address = from.address()?.trim().to_lowercase();
    // Many offices write the last name first: "Nordmann, Kari".
    let said = from.name().unwrap_or_default().trim();
    let turned = said.split_once(',').map(|(last, first)| format!("{} {last}", first.trim()));
    let name = turned.as_deref().unwrap_or(said);
    let mut names = vec![said.to_owned(), name.to_owned()];
    // The parts of a person's name stand alone too; those of a firm's are common words.
    let nobody = Allowed::default();
    if redact(name, &nobody).hints.iter().any(|it| it.kind == Kind::Name) {
        names.extend(name.split(|it: char| !it.is_alphabetic()).map(str::to_owned));
    }
    names.retain(|it| 1 < it.chars().count());
    address.contains('@').then_some(Sender { address, names })
}

impl Sender {
    /// A text without the sender's name.
    fn unnamed(&self, text: &str) -> String {
        self.names.iter().fold(text.to_owned(), |text, name| without(&text, name))
    }
}

/// Puts the mask for a person in the place of a name, where it stands as a word.
fn without(text: &str, name: &str) -> String {
    // A short one is a word as well, as "an" and "Bo": only with a capital it is a name.
    let case = if name.chars().count() <= SHORT_NAME_CHARS { "" } else { "(?i)" };
    let pattern = format!(r"{case}\b{}\b", regex::escape(name));
    // A name can be longer than a pattern may be; then it is no name.
    let Ok(pattern) = regex::Regex::new(&pattern) else { return text.to_owned() };
    pattern.replace_all(text, Kind::Name.mask()).into_owned()
}

/// Whether a program wrote it: an answer while somebody is away, a list, a mail that came back.
fn is_automatic(message: &Message<'_>, address: &str) -> bool {
    let said = |name: &str| match message.header(name) {
        Some(HeaderValue::Text(text)) => text.trim().to_lowercase(),
        _ => String::new(),
    };
    let by_itself = said("Auto-Submitted");
    let kind = message.content_type();
    let is_report = kind.is_some_and(|it| it.subtype() == Some("report"));
    (!by_itself.is_empty() && !by_itself.starts_with("no"))
        || matches!(said("Precedence").as_str(), "bulk" | "junk" | "list" | "auto_reply")
        || message.header("X-Autoreply").is_some()
        || is_report
        || ["mailer-daemon@", "postmaster@"].iter().any(|it| address.starts_with(it))
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;

    fn table(mails: &[&str]) -> Table {
        let begun = "From x@example.org Mon Mar  2 09:00:00 2026\n";
        let file: String = mails.iter().map(|it| format!("{begun}{it}\n\n")).collect();
        let mut reading = Reading::plain(TimeZone::UTC);
        reading.own.push("fjordvik.example".to_owned());
        read(file.as_bytes(), &reading).unwrap()
    }

    fn mail(more: &str, body: &str) -> String {
        format!(
            "From: Tuva Testesen <tuva@mail.example>\nSubject: Sv: Badet\nMessage-ID: <1@x>\n\
             Date: Mon, 2 Mar 2026 10:00:00 +0100\n{more}\n{body}"
        )
    }

    #[test]
    fn subject_and_first_paragraphs_are_the_question_without_the_sender() {
        let found = table(&[&mail("", "Hei\n\nEg er Tuva. Når opnar de?\n\nMvh\nTuva Testesen")]);
        let row = &found.rows[0];
        assert_eq!(row.text, "Badet\nEg er [person]. Når opnar de?");
        assert_eq!(row.logged_at, Some("2026-03-02T09:00:00Z".parse().unwrap()));
        assert_eq!((row.channel, row.id.as_deref()), (Some(Channel::Email), Some("1@x")));
    }

    #[test]
    fn a_sender_whose_last_name_comes_first_is_taken_out_too() {
        let file = mail("", "Når opnar de, Bo? Det er bo Testesen som spør.")
            .replace("Tuva Testesen <", "\"Testesen, Bo\" <");
        let expected = "Badet\nNår opnar de, [person]? Det er [person] som spør.";
        assert_eq!(table(&[&file]).rows[0].text, expected);
    }

    #[test]
    fn an_html_part_is_read_as_text_in_any_charset() {
        let html = "Content-Type: text/html; charset=iso-8859-1\n\
                    Content-Transfer-Encoding: quoted-printable\n";
        let body = "<style>p{}</style><p>N=E5r opnar <b>badet</b>?</p><p>Hilsen T</p>";
        assert_eq!(table(&[&mail(html, body)]).rows[0].text, "Badet\nNår opnar badet?");
    }

    #[test]
    fn programs_and_our_own_house_are_counted_and_left_out() {
        let own =
            mail("", "Badet opnar klokka ti").replace("mail.example", "post.fjordvik.example");
        let found = table(&[
            &mail("Auto-Submitted: auto-replied\n", "Eg er på ferie"),
            &mail("Precedence: bulk\n", "Nytt frå oss"),
            &mail("Auto-Submitted: no\n", "Når opnar de?"),
            &own,
        ]);
        assert_eq!((found.skipped.automatic, found.skipped.own, found.rows.len()), (2, 1, 1));
    }

    #[test]
    fn a_damaged_mail_is_told_by_its_number_and_costs_no_other() {
        let found = table(&[&mail("", "ein"), "\u{0}\u{1}", &mail("", "to"), "Subject: x\n\nx"]);
        assert_eq!(found.rows.len(), 2);
        assert_eq!(found.rejected.iter().map(|it| it.row).collect::<Vec<_>>(), [2, 4]);
    }

    #[test]
    fn a_long_mail_is_cut_to_a_question() {
        let long = format!("{}\n\n{}", "ord ".repeat(300), "meir ".repeat(300));
        let text = &table(&[&mail("", &long)]).rows[0].text;
        assert!(text.chars().count() <= QUESTION_CHARS_MAX && text.contains("ord"), "{text}");
        assert!(!text.contains("meir"), "a paragraph is whole or not there");
    }
}
