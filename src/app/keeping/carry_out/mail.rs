//! The text of a letter's file, as far as is needed to find a word in it.

/// All that a mail says: as it stands, with quoted-printable resolved, and with every run of
/// base64 resolved.
pub(super) fn text_of(mail: &[u8]) -> String {
    let mut text = String::from_utf8_lossy(mail).into_owned();
    text.push('\n');
    text.push_str(&String::from_utf8_lossy(&unquoted(mail)));
    let lines: Vec<&[u8]> = mail.split(|it| *it == b'\n').map(<[u8]>::trim_ascii).collect();
    for block in lines.chunk_by(|a, b| is_base64(a) == is_base64(b)) {
        if block.first().is_some_and(|it| is_base64(it)) {
            text.push('\n');
            text.push_str(&String::from_utf8_lossy(&decoded(&block.concat())));
        }
    }
    // A header's encoded words: `=?utf-8?b?...?=`.
    for part in lines.iter().flat_map(|line| line.split(|it| *it == b'?')) {
        if is_base64(part) {
            text.push('\n');
            text.push_str(&String::from_utf8_lossy(&decoded(part)));
        }
    }
    text
}

fn is_base64(line: &[u8]) -> bool {
    !line.is_empty() && line.iter().all(|it| value(*it).is_some() || *it == b'=')
}

fn unquoted(mail: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(mail.len());
    let mut rest = mail;
    while let Some((&first, after)) = rest.split_first() {
        let code = after.get(..2).and_then(|it| str::from_utf8(it).ok());
        match (first, code.and_then(|it| u8::from_str_radix(it, 16).ok())) {
            (b'=', Some(byte)) => {
                text.push(byte);
                rest = &after[2..];
            }
            (b'=', None) if after.starts_with(b"\r\n") => rest = &after[2..],
            (b'=', None) if after.starts_with(b"\n") => rest = &after[1..],
            _ => {
                text.push(first);
                rest = after;
            }
        }
    }
    text
}

fn decoded(base64: &[u8]) -> Vec<u8> {
    let mut bytes = vec![];
    let (mut bits, mut held) = (0_u32, 0);
    for value in base64.iter().filter_map(|it| value(*it)) {
        bits = bits << 6 | u32::from(value);
        held += 6;
        if 8 <= held {
            held -= 8;
            bytes.push((bits >> held & 0xff) as u8);
        }
    }
    bytes
}

fn value(sign: u8) -> Option<u8> {
    match sign {
        b'A'..=b'Z' => Some(sign - b'A'),
        b'a'..=b'z' => Some(sign - b'a' + 26),
        b'0'..=b'9' => Some(sign - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_every_form_that_mail_writes() {
        for mail in [
            "Subject: x\r\n\r\nkvitrysande sp\u{f8}rsm\u{e5}l",
            "\r\nkvitry=\r\nsande sp=C3=B8rsm=C3=A5l",
            "\r\na3ZpdHJ5c2FuZGUg\r\nc3DDuHJzbcOlbA==\r\n",
            "Subject: =?utf-8?b?a3ZpdHJ5c2FuZGUgc3DDuHJzbcOlbA==?=\r\n",
        ] {
            let text = text_of(mail.as_bytes());
            assert!(text.contains("kvitrysande spørsmål"), "{text}");
        }
    }
}
