//! A file of mails, one after the other: where one ends and the next begins.

use std::borrow::Cow;

/// What begins a mail.
const FROM: &[u8] = b"From ";

/// Whether the bytes are such a file.
pub(super) fn is_mbox(bytes: &[u8]) -> bool {
    bytes.starts_with(FROM)
}

/// The mails of a file in order, each without the line that begins it.
pub(super) fn mails(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(bytes);
    std::iter::from_fn(move || {
        let (_, mail) = split_line(rest?);
        let (mail, next) = mail.split_at(end_of(mail));
        rest = Some(next).filter(|it| !it.is_empty());
        Some(mail)
    })
}

/// Takes back what the writer of the file did to lines that look like a beginning.
pub(super) fn unquoted(mail: &[u8]) -> Cow<'_, [u8]> {
    const QUOTED: &[u8] = b">From ";
    if !mail.windows(QUOTED.len()).any(|it| it == QUOTED) {
        return Cow::Borrowed(mail);
    }
    let plain = mail.split_inclusive(|it| *it == b'\n').flat_map(|line| {
        let n_signs = line.iter().take_while(|it| **it == b'>').count();
        let is_quoted = 0 < n_signs && line[n_signs..].starts_with(FROM);
        line[usize::from(is_quoted)..].iter().copied()
    });
    Cow::Owned(plain.collect())
}

/// Where the next mail begins: after an empty line, with a line that ends in a year. Some writers
/// leave a sentence that begins with the word as it is.
fn end_of(mail: &[u8]) -> usize {
    let (mut at, mut is_after_empty) = (0, true);
    while at < mail.len() {
        let (line, _) = split_line(&mail[at..]);
        if is_after_empty && line.starts_with(FROM) && ends_in_year(line) {
            return at;
        }
        is_after_empty = line.trim_ascii().is_empty();
        at += line.len();
    }
    at
}

fn ends_in_year(line: &[u8]) -> bool {
    let mut words = line.trim_ascii().rsplit(|it| *it == b' ');
    words.next().is_some_and(|it| it.len() == 4 && it.iter().all(u8::is_ascii_digit))
}

/// The first line with its end, and the rest.
fn split_line(bytes: &[u8]) -> (&[u8], &[u8]) {
    let end = bytes.iter().position(|it| *it == b'\n').map_or(bytes.len(), |it| it + 1);
    bytes.split_at(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mails_are_told_apart_and_a_sentence_is_no_beginning() {
        let file = b"From a@b Mon Mar  2 09:00:00 2026\nSubject: one\n\nFrom here to there?\n\n\
                     From - Tue Mar  3 09:00:00 2026\r\nSubject: two\r\n\r\n>From morning\r\n";
        assert!(is_mbox(file));
        let mails: Vec<String> =
            mails(file).map(|it| String::from_utf8_lossy(&unquoted(it)).into_owned()).collect();
        assert_eq!(mails.len(), 2, "{mails:?}");
        assert!(mails[0].ends_with("From here to there?\n\n"));
        assert_eq!(mails[1], "Subject: two\r\n\r\nFrom morning\r\n");
    }

    #[test]
    fn an_empty_file_or_a_cut_one_ends() {
        assert_eq!(mails(b"").count(), 1);
        assert_eq!(mails(b"From a Mon Mar  2 09:00:00 2026").count(), 1);
    }
}
