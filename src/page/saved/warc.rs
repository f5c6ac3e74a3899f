//! Web archives: WARC files (ISO 28500), packed by gzip or not.

use std::io::{BufRead, BufReader, Read};

use flate2::bufread::MultiGzDecoder;

use super::{PAGE_BYTES_MAX, SavedPage, Take};
use crate::net::{Coding, unpack};

/// The longest line of a head.
const LINE_BYTES_MAX: u64 = 16 * 1024;
/// So many lines a head may have.
const LINES_MAX: usize = 200;
/// An answer's head and body together.
const RECORD_BYTES_MAX: u64 = PAGE_BYTES_MAX as u64 + 256 * 1024;

/// Reads an archive and hands each page that it holds to `each`; what cannot be read is told by
/// its address.
///
/// # Errors
/// When the file is no archive, or breaks off.
pub(super) fn read(file: impl Read, each: Take<'_>) -> Result<(), String> {
    let mut file = BufReader::new(file);
    let head = file.fill_buf().map_err(|it| it.to_string())?;
    if head.starts_with(&[0x1f, 0x8b]) {
        records(BufReader::new(MultiGzDecoder::new(file)), each)
    } else {
        records(file, each)
    }
}

fn records(mut file: impl BufRead, each: Take<'_>) -> Result<(), String> {
    let mut n_records = 0_u64;
    while let Some(version) = next_line(&mut file)? {
        if !version.starts_with("WARC/") {
            return Err(format!("record {} does not begin with WARC/", n_records + 1));
        }
        n_records += 1;
        let fields = fields(&mut file)?;
        let length = value(&fields, "content-length").and_then(|it| it.parse::<u64>().ok());
        let length = length.ok_or_else(|| format!("record {n_records} has no length"))?;
        let address = value(&fields, "warc-target-uri").unwrap_or_default();
        let address = address.trim_matches(['<', '>']).to_owned();
        let kind = value(&fields, "warc-type").unwrap_or_default();
        let is_page = matches!(kind, "response" | "resource") && address.starts_with("http");
        let mut record = (&mut file).take(length);
        if is_page && length <= RECORD_BYTES_MAX {
            let mut bytes = vec![];
            record.read_to_end(&mut bytes).map_err(|it| it.to_string())?;
            if bytes.len() as u64 != length {
                return Err(format!("record {n_records} breaks off"));
            }
            let own_type = value(&fields, "content-type").unwrap_or_default();
            match page(address.clone(), (kind, own_type), bytes) {
                Ok(Some(page)) => each(Ok(page)),
                Ok(None) => {}
                Err(why) => each(Err((address, why))),
            }
        } else {
            let passed = std::io::copy(&mut record, &mut std::io::sink());
            if passed.map_err(|it| it.to_string())? != length {
                return Err(format!("record {n_records} breaks off"));
            }
            if is_page {
                each(Err((address, format!("it has {length} bytes, which is too much"))));
            }
        }
    }
    if n_records == 0 { Err("the file is no web archive".to_owned()) } else { Ok(()) }
}

/// The next line that is not empty; none at the end.
fn next_line(file: &mut impl BufRead) -> Result<Option<String>, String> {
    loop {
        match line(file)? {
            None => return Ok(None),
            Some(line) if line.is_empty() => {}
            Some(line) => return Ok(Some(line)),
        }
    }
}

fn line(file: &mut impl BufRead) -> Result<Option<String>, String> {
    let mut bytes = vec![];
    let n = file.take(LINE_BYTES_MAX).read_until(b'\n', &mut bytes);
    if n.map_err(|it| it.to_string())? == 0 {
        return Ok(None);
    }
    if !bytes.ends_with(b"\n") && bytes.len() as u64 == LINE_BYTES_MAX {
        return Err("a line is too long".to_owned());
    }
    Ok(Some(String::from_utf8_lossy(&bytes).trim_end().to_owned()))
}

/// Fields up to an empty line, their names in lower case.
fn fields(file: &mut impl BufRead) -> Result<Vec<(String, String)>, String> {
    let mut fields = vec![];
    while let Some(line) = line(file)?.filter(|it| !it.is_empty()) {
        if LINES_MAX <= fields.len() {
            return Err("a head has too many lines".to_owned());
        }
        if let Some((name, value)) = line.split_once(':') {
            fields.push((name.trim().to_lowercase(), value.trim().to_owned()));
        }
    }
    Ok(fields)
}

fn value<'a>(fields: &'a [(String, String)], name: &str) -> Option<&'a str> {
    fields.iter().find(|it| it.0 == name).map(|it| it.1.as_str())
}

/// The page in a record, if it holds one.
fn page(
    address: String,
    (kind, own_type): (&str, &str),
    bytes: Vec<u8>,
) -> Result<Option<SavedPage>, String> {
    if kind == "resource" {
        let content_type = Some(own_type.to_owned());
        return Ok(is_html(own_type).then_some(SavedPage { address, content_type, body: bytes }));
    }
    let mut rest = bytes.as_slice();
    let status = line(&mut rest)?.unwrap_or_default();
    if status.split(' ').nth(1) != Some("200") {
        return Ok(None);
    }
    let fields = fields(&mut rest)?;
    let content_type = value(&fields, "content-type").map(str::to_owned);
    if !content_type.as_deref().is_some_and(is_html) {
        return Ok(None);
    }
    let is_chunked = value(&fields, "transfer-encoding").is_some_and(|it| it.contains("chunked"));
    let body = if is_chunked { unchunk(rest)? } else { rest.to_vec() };
    let codings = Coding::of_header(value(&fields, "content-encoding").unwrap_or_default());
    let body = codings.and_then(|it| unpack(body, &it, PAGE_BYTES_MAX));
    let body = body.map_err(|it| it.to_string())?;
    Ok(Some(SavedPage { address, content_type, body }))
}

/// Archives keep what was sent, also in what pieces; some say so and have joined them all the same.
fn unchunk(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let (mut rest, mut body) = (bytes, vec![]);
    loop {
        let size = line(&mut rest)?.unwrap_or_default();
        let size = size.split(';').next().unwrap_or_default().trim().to_owned();
        let Ok(size) = usize::from_str_radix(&size, 16) else {
            let is_joined = body.is_empty();
            return if is_joined { Ok(bytes.to_vec()) } else { Err("it breaks off".to_owned()) };
        };
        if size == 0 {
            return Ok(body);
        }
        let piece = rest.get(..size).ok_or("it breaks off")?;
        body.extend_from_slice(piece);
        rest = rest[size..].strip_prefix(b"\r\n").unwrap_or(&rest[size..]);
    }
}

fn is_html(content_type: &str) -> bool {
    let bare = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    matches!(bare.as_str(), "text/html" | "application/xhtml+xml")
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use proptest::prelude::*;

    use super::*;

    fn record(kind: &str, address: &str, block: &str) -> String {
        format!(
            "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {address}\r\n\
             Content-Type: text/html\r\nContent-Length: {}\r\n\r\n{block}\r\n\r\n",
            block.len()
        )
    }

    fn archive() -> String {
        let answer = |head: &str, body: &str| format!("HTTP/1.1 {head}\r\n\r\n{body}");
        let html = "200 OK\r\nContent-Type: text/html; charset=utf-8";
        let chunked = format!("{html}\r\nTransfer-Encoding: chunked");
        record("warcinfo", "", "software: x")
            + &record("response", "https://x.example/a", &answer(html, "<p>A"))
            + &record("request", "https://x.example/a", "GET /a HTTP/1.1\r\n\r\n")
            + &record("response", "https://x.example/b", &answer("404 X", "<p>borte"))
            + &record("response", "https://x.example/c.png", &answer("200 OK", "png"))
            + &record(
                "response",
                "<https://x.example/d>",
                &answer(&chunked, "2\r\n<p\r\n2\r\n>D\r\n0\r\n"),
            )
            + &record("resource", "https://x.example/e", "<p>E")
    }

    fn pages(bytes: &[u8]) -> (Vec<(String, String)>, Result<(), String>) {
        let mut found = vec![];
        let told = read(bytes, &mut |page| {
            let page = page.unwrap_or_else(|(address, why)| panic!("{address}: {why}"));
            found.push((page.address, String::from_utf8(page.body).unwrap()));
        });
        (found, told)
    }

    #[test]
    fn an_archive_tells_its_pages_packed_or_not() {
        let mut packed = vec![];
        // A record each for itself, as archives are packed.
        for record in archive().split_inclusive("\r\n\r\nWARC").collect::<Vec<_>>() {
            let mut to = GzEncoder::new(vec![], Compression::default());
            to.write_all(record.as_bytes()).unwrap();
            packed.extend(to.finish().unwrap());
        }
        for bytes in [archive().into_bytes(), packed] {
            let (found, told) = pages(&bytes);
            told.unwrap();
            let found: Vec<String> = found.iter().map(|it| format!("{} {}", it.0, it.1)).collect();
            assert_eq!(
                found,
                [
                    "https://x.example/a <p>A",
                    "https://x.example/d <p>D",
                    "https://x.example/e <p>E"
                ]
            );
        }
    }

    #[test]
    fn what_is_no_archive_or_breaks_off_is_told() {
        assert_eq!(pages(b"").1, Err("the file is no web archive".to_owned()));
        assert!(pages(b"<html>").1.is_err());
        let whole = archive();
        let (found, told) = pages(&whole.as_bytes()[..whole.len() - 6]);
        assert_eq!((found.len(), told), (2, Err("record 7 breaks off".to_owned())));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(
            at in any::<proptest::sample::Index>(), byte in any::<u8>()
        ) {
            let mut bytes = archive().into_bytes();
            let place = at.index(bytes.len());
            bytes[place] = byte;
            drop(read(bytes.as_slice(), &mut |_| {}));
        }
    }
}
