//! Reads a letter as a mail program does: headers, and the two parts decoded.

use std::path::Path;

/// A letter.
pub(crate) struct Mail {
    headers: Vec<(String, String)>,
    /// The text part, on one line: where lines break is for screens.
    pub(crate) text: String,
    /// The HTML part.
    pub(crate) html: String,
}

impl Mail {
    /// The value of a header; empty when there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        value(&self.headers, name)
    }
}

/// Reads a letter of two parts.
#[track_caller]
pub(crate) fn read(path: &Path) -> Mail {
    let mail = std::fs::read_to_string(path).expect("a letter is ASCII");
    assert!(mail.is_ascii() && !mail.replace("\r\n", "").contains(['\r', '\n']));
    let (headers, body) = split(&mail);
    let kind = value(&headers, "Content-Type").to_owned();
    let boundary = kind.split("boundary=\"").nth(1).and_then(|it| it.split('"').next());
    let boundary = format!("--{}", boundary.expect("a boundary"));
    let pieces: Vec<&str> = body.split(&boundary).collect();
    assert_eq!(pieces.len(), 4, "nothing before, two parts, and the end");
    let (text, html) = (part(pieces[1], "text/plain"), part(pieces[2], "text/html"));
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    Mail { headers, text, html }
}

fn split(mail: &str) -> (Vec<(String, String)>, String) {
    let (head, body) = mail.split_once("\r\n\r\n").expect("an empty line ends the headers");
    let head = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    let pair = |line: &str| {
        let (name, value) = line.split_once(": ").expect("a header has a name");
        (name.to_owned(), value.to_owned())
    };
    (head.split("\r\n").map(pair).collect(), body.to_owned())
}

fn value<'a>(headers: &'a [(String, String)], name: &str) -> &'a str {
    headers.iter().find(|it| it.0 == name).map_or("", |it| &it.1)
}

fn part(piece: &str, kind: &str) -> String {
    let (headers, body) = split(piece.trim_start_matches("\r\n"));
    assert!(value(&headers, "Content-Type").starts_with(kind), "{headers:?}");
    let bytes = match value(&headers, "Content-Transfer-Encoding") {
        "quoted-printable" => quoted_printable(&body),
        "base64" => base64(&body),
        "7bit" => body.into_bytes(),
        other => panic!("the encoding {other}"),
    };
    String::from_utf8(bytes).expect("a part is UTF-8").replace("\r\n", "\n")
}

/// RFC 2045, 6.7.
fn quoted_printable(body: &str) -> Vec<u8> {
    let body = body.replace("=\r\n", "");
    let (mut bytes, mut out) = (body.bytes(), vec![]);
    while let Some(byte) = bytes.next() {
        if byte != b'=' {
            out.push(byte);
            continue;
        }
        let hex: String = bytes.by_ref().take(2).map(char::from).collect();
        out.push(u8::from_str_radix(&hex, 16).expect("two hexadecimal digits"));
    }
    out
}

/// RFC 4648, 4.
fn base64(body: &str) -> Vec<u8> {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits = body.bytes().filter_map(|it| DIGITS.iter().position(|digit| *digit == it));
    let (mut held, mut bits, mut out) = (0_u32, 0, vec![]);
    for digit in digits {
        held = held << 6 | u32::try_from(digit).expect("a digit is less than 64");
        bits += 6;
        if 8 <= bits {
            bits -= 8;
            out.push((held >> bits & 0xff) as u8);
        }
    }
    out
}
