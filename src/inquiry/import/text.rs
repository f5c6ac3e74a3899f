//! Bytes to lines and cells: character sets and separated values.

use super::{COLUMNS_MAX, ROWS_MAX, Reading, Row};

/// So many records tell the separator.
const SAMPLE_RECORDS: usize = 20;

/// A byte that no file separates cells with: the whole line is one cell.
const NONE: u8 = 0x1f;

/// Decodes text: by its byte-order mark, as UTF-8 when it is that, else as Windows-1252.
pub(super) fn decoded(bytes: &[u8]) -> String {
    if let Some((encoding, _)) = encoding_rs::Encoding::for_bom(bytes) {
        return encoding.decode_with_bom_removal(bytes).0.into_owned();
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
    }
}

/// Reads separated values. Rows are numbered as a spreadsheet shows them: an empty line counts,
/// a line break inside quotes does not. Empty rows are left out.
pub(super) fn of_csv(bytes: &[u8], reading: &Reading) -> Vec<Row> {
    let text = decoded(bytes);
    let (told, body) = told_separator(&text);
    let separator = told.unwrap_or_else(|| likeliest(body, reading));
    let mut number = if told.is_some() { 1 } else { 0 };
    let mut reader = reader(body, separator);
    let (mut record, mut rows) = (csv::StringRecord::new(), vec![]);
    loop {
        let before = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
        number += 1 + n_empty_lines(body, before);
        // The text is valid UTF-8 and rows may differ in length: nothing is left to fail.
        if !reader.read_record(&mut record).unwrap_or(false) || ROWS_MAX < rows.len() {
            return rows;
        }
        // One more than the limit, so that a row that is too wide can be told.
        rows.push((number, record.iter().take(COLUMNS_MAX + 1).map(str::to_owned).collect()));
    }
}

/// Excel's own hint: a first line that says `sep=;`.
fn told_separator(text: &str) -> (Option<u8>, &str) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    match first.trim_end().strip_prefix("sep=").map(str::as_bytes) {
        Some(&[separator]) => (Some(separator), rest),
        _ => (None, text),
    }
}

/// The separator under which most columns have known names, or else the one that gives all rows
/// the same number of cells; none when there is no such one, for commas stand in sentences too.
fn likeliest(text: &str, reading: &Reading) -> u8 {
    let score = |separator: u8| {
        let mut widths = vec![];
        let mut n_known = 0;
        for record in reader(text, separator).records().take(SAMPLE_RECORDS).flatten() {
            let known = record.iter().filter(|cell| reading.column(cell).is_some()).count();
            n_known = n_known.max(known);
            widths.push(record.len());
        }
        let width = widths.first().copied().unwrap_or(0);
        let even = 1 < width && widths.iter().all(|it| *it == width);
        (n_known, even, if 1 < width { width } else { 0 })
    };
    let mut best = (NONE, score(NONE));
    for separator in [b';', b'\t', b','] {
        let (n_known, even, width) = score(separator);
        let splits = 1 < n_known || (1 < width && (even || best.1.0 < n_known));
        if splits && best.1 < (n_known, even, width) {
            best = (separator, (n_known, even, width));
        }
    }
    best.0
}

fn reader(text: &str, separator: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes())
}

/// How many empty lines stand at byte `at`, which the reader passes over in silence.
fn n_empty_lines(text: &str, at: usize) -> u32 {
    let bytes = text.as_bytes();
    let mut at = at.min(bytes.len());
    // The line feed of the line end before belongs to it.
    if 0 < at && bytes[at - 1] == b'\r' && bytes.get(at) == Some(&b'\n') {
        at += 1;
    }
    let mut n = 0;
    loop {
        match (bytes.get(at), bytes.get(at + 1)) {
            (Some(b'\r'), Some(b'\n')) => at += 2,
            (Some(b'\r' | b'\n'), _) => at += 1,
            _ => return n,
        }
        n += 1;
    }
}
