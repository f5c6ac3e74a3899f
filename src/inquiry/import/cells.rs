//! Files to cells: character sets, separators and spreadsheets.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};

use super::{ImportError, ROWS_MAX};

/// At most so many columns are read.
const COLUMNS_MAX: usize = 200;

/// A row's number as a spreadsheet shows it, and its cells.
pub(super) type Row = (u32, Vec<String>);

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

/// Reads separated values; the separator is the one that the first line has most of.
pub(super) fn of_csv(bytes: &[u8]) -> Vec<Row> {
    let text = decoded(bytes);
    let first = text.lines().next().unwrap_or_default();
    let count = |it: &u8| first.bytes().filter(|byte| byte == it).count();
    let separator = [b';', b',', b'\t'].into_iter().max_by_key(count).unwrap_or(b';');
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut rows = vec![];
    for (number, record) in (1_u32..).zip(reader.records()).take(ROWS_MAX + 1) {
        // The text is valid UTF-8 and rows may differ in length: nothing is left to fail.
        let Ok(record) = record else { continue };
        let cells = record.iter().take(COLUMNS_MAX).map(str::to_owned).collect();
        rows.push((number, cells));
    }
    rows
}

/// Reads the first sheet of a workbook.
pub(super) fn of_xlsx(bytes: &[u8]) -> Result<Vec<Row>, ImportError> {
    let failed = |error: calamine::XlsxError| ImportError::Spreadsheet(error.to_string());
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(failed)?;
    let name = book.sheet_names().first().cloned().ok_or(ImportError::Empty)?;
    let sheet = book.worksheet_range(&name).map_err(failed)?;
    let first = sheet.start().map_or(0, |it| it.0) + 1;
    let rows = (first..).zip(sheet.rows()).take(ROWS_MAX + 1);
    Ok(rows
        .map(|(number, cells)| (number, cells.iter().take(COLUMNS_MAX).map(cell).collect()))
        .collect())
}

fn cell(data: &Data) -> String {
    match data {
        Data::DateTime(at) => date_text(at),
        Data::Float(number) if number.fract() == 0.0 => format!("{number:.0}"),
        other => other.to_string(),
    }
}

/// A spreadsheet's date in the form that `dates` reads.
fn date_text(at: &calamine::ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
}
