//! Bytes to text: nothing is lost that was told rightly, and nothing grows.

use super::charset::decode;

/// The first line is what the server says of the rest.
pub fn holds(input: &[u8]) {
    let end = input.iter().position(|it| *it == b'\n').unwrap_or(input.len());
    let told = String::from_utf8_lossy(&input[..end]);
    let body = input.get(end + 1..).unwrap_or_default();
    for told in [None, Some(&*told)] {
        let text = decode(body, told);
        // A sign of two bytes has at most four in UTF-8, and an unreadable byte becomes three.
        assert!(text.len() <= 3 * body.len() + 4, "{} of {}", text.len(), body.len());
        if body.is_ascii() && !body.contains(&0) && told.is_none() && !text.contains("charset") {
            assert_eq!(text.as_bytes(), body, "plain letters are what they are");
        }
    }
    comes_back(&String::from_utf8_lossy(body));
}

/// Text that was written in some encoding, and says so.
fn comes_back(text: &str) {
    let text = text.trim_start_matches('\u{feff}');
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let marked = |mark: &[u8], bytes: &[u8]| [mark, bytes].concat();
    assert_eq!(decode(&marked(b"\xef\xbb\xbf", text.as_bytes()), Some("charset=latin1")), text);
    assert_eq!(decode(&marked(b"\xff\xfe", &little), Some("text/html; charset=utf-8")), text);
    assert_eq!(decode(&marked(b"\xfe\xff", &big), None), text);
    let has_mark = |it: &[u8]| {
        it.starts_with(b"\xff\xfe")
            || it.starts_with(b"\xfe\xff")
            || it.starts_with(b"\xef\xbb\xbf")
    };
    if !has_mark(&little) && std::str::from_utf8(&little).is_err() {
        assert_eq!(decode(&little, Some("text/html; charset=UTF-16LE")), text);
    }
    let (latin, _, is_lossy) = encoding_rs::WINDOWS_1252.encode(text);
    if !is_lossy && !has_mark(&latin) && std::str::from_utf8(&latin).is_err() {
        assert_eq!(decode(&latin, Some("text/html; charset=\"iso-8859-1\"")), text);
    }
}
