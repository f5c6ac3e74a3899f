//! Workbooks to cells, streamed: a workbook's own word about its size is not trusted.
//!
//! A cell in the last corner of a sheet is enough to make a reader that builds a grid ask for
//! half a terabyte, and a kilobyte of zip can hold a megabyte of text; so both are counted.

use std::io::{Cursor, Read, sink};
use std::panic::catch_unwind;

use calamine::{Data, DataRef, ExcelDateTime, Reader, Xlsx};
use jiff::ToSpan;
use jiff::civil::DateTime;

use super::rows::header_of;
use super::{COLUMNS_MAX, ImportError, ROWS_MAX, Reading, Row};

/// A workbook is at most so large when unpacked, and so is the text of its cells.
pub(super) const UNPACKED_BYTES_MAX: usize = 100 * 1024 * 1024;

/// A workbook is packed of at most so many files; a real one has some tens.
const PARTS_MAX: usize = 1_000;

/// At most so many sheets are looked at.
const SHEETS_MAX: usize = 50;

/// Reads the first sheet that has a column of questions, or else the first that has rows.
pub(super) fn of_xlsx(bytes: &[u8], reading: &Reading) -> Result<Vec<Row>, ImportError> {
    check_unpacked_size(bytes, UNPACKED_BYTES_MAX)?;
    // The parser is not ours and its input is anybody's: a panic in it is a damaged file.
    catch_unwind(|| chosen_sheet(bytes, reading))
        .unwrap_or_else(|_| Err(ImportError::Spreadsheet("it is damaged".to_owned())))
}

fn chosen_sheet(bytes: &[u8], reading: &Reading) -> Result<Vec<Row>, ImportError> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(failed)?;
    let mut first = None;
    for name in book.sheet_names().into_iter().take(SHEETS_MAX) {
        let rows = sheet(&mut book, &name)?;
        if header_of(&rows, reading).is_some() {
            return Ok(rows);
        }
        first = first.or(Some(rows).filter(|rows| !rows.is_empty()));
    }
    first.ok_or(ImportError::Empty)
}

fn sheet(book: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<Vec<Row>, ImportError> {
    let Ok(mut cells) = book.worksheet_cells_reader(name) else {
        // A sheet of charts has no cells.
        return Ok(vec![]);
    };
    let mut rows: Vec<Row> = vec![];
    let mut n_bytes = 0;
    while let Some(cell) = cells.next_cell().map_err(failed)? {
        let (row, column) = cell.get_position();
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        let text = cell_text(cell.get_value());
        if text.is_empty() || COLUMNS_MAX < column {
            continue;
        }
        n_bytes += text.len();
        if UNPACKED_BYTES_MAX < n_bytes {
            return Err(too_large());
        }
        let number = row.saturating_add(1);
        match rows.last() {
            Some(last) if number < last.0 => {
                return Err(ImportError::Spreadsheet(format!("row {number} is out of order")));
            }
            Some(last) if last.0 == number => {}
            Some(_) | None => rows.push((number, vec![])),
        }
        if ROWS_MAX < rows.len() {
            return Ok(rows);
        }
        if let Some((_, cells)) = rows.last_mut() {
            cells.resize(cells.len().max(column + 1), String::new());
            cells[column] = text;
        }
    }
    Ok(rows)
}

/// Unpacks everything into nothing, for the sizes that a zip states may be lies.
fn check_unpacked_size(bytes: &[u8], max: usize) -> Result<(), ImportError> {
    let failed = |error: zip::result::ZipError| ImportError::Spreadsheet(error.to_string());
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(failed)?;
    if PARTS_MAX < archive.len() {
        return Err(ImportError::TooLarge { max: PARTS_MAX, unit: "files within" });
    }
    let mut left = u64::try_from(max).unwrap_or(u64::MAX);
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(failed)?;
        if left < entry.size() {
            return Err(too_large());
        }
        let n = std::io::copy(&mut entry.take(left + 1), &mut sink())
            .map_err(|error| ImportError::Spreadsheet(error.to_string()))?;
        left = left.checked_sub(n).ok_or_else(too_large)?;
    }
    Ok(())
}

fn too_large() -> ImportError {
    ImportError::TooLarge { max: UNPACKED_BYTES_MAX, unit: "bytes when unpacked" }
}

fn failed(error: calamine::XlsxError) -> ImportError {
    ImportError::Spreadsheet(error.to_string())
}

fn cell_text(data: &DataRef<'_>) -> String {
    match data {
        DataRef::DateTime(at) => date_text(*at),
        DataRef::Float(number) if number.fract() == 0.0 => format!("{number:.0}"),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Empty | DataRef::Error(_) => String::new(),
        other => Data::from(other.clone()).to_string(),
    }
}

/// A date in the form that `dates` reads: alone when the cell holds no time of day, and the time
/// of day alone when it holds no date.
fn date_text(at: ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, millis) = at.to_ymd_hms_milli();
    let small = |it: u8| i8::try_from(it).unwrap_or(i8::MAX);
    let year = i16::try_from(year).unwrap_or(i16::MAX);
    let time = [hour, minute, second].map(small);
    let exact = DateTime::new(year, small(month), small(day), time[0], time[1], time[2], 0);
    // 10:58 is stored as a fraction that may fall a hair short of it.
    let rounded = exact.and_then(|it| it.checked_add(i64::from(millis / 500).seconds()));
    let Ok(rounded) = rounded else {
        return String::new();
    };
    match at.as_f64() {
        value if (0.0..1.0).contains(&value) => rounded.time().to_string(),
        value if value.fract() == 0.0 => rounded.date().to_string(),
        _ => rounded.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use jiff::tz::TimeZone;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::super::{Table, read};
    use super::*;

    const OFFICE: &str = "http://schemas.openxmlformats.org";

    /// A workbook of sheets, each given as the XML of its rows.
    fn book(sheets: &[&str], strings: &str) -> Vec<u8> {
        let main = format!("{OFFICE}/spreadsheetml/2006/main");
        let kinds = format!("{OFFICE}/officeDocument/2006/relationships");
        let relation = |id: usize, kind: &str, target: &str| {
            format!("<Relationship Id='rId{id}' Type='{kinds}/{kind}' Target='{target}'/>")
        };
        let relations = |inner: &str| {
            format!(
                "<Relationships xmlns='{OFFICE}/package/2006/relationships'>{inner}</Relationships>"
            )
        };
        let (mut listed, mut linked) = (String::new(), String::new());
        let mut parts = vec![];
        for (number, rows) in (1..).zip(sheets) {
            listed += &format!("<sheet name='S{number}' sheetId='{number}' r:id='rId{number}'/>");
            linked += &relation(number, "worksheet", &format!("worksheets/sheet{number}.xml"));
            let sheet =
                format!("<worksheet xmlns='{main}'><sheetData>{rows}</sheetData></worksheet>");
            parts.push((format!("xl/worksheets/sheet{number}.xml"), sheet));
        }
        linked += &relation(99, "sharedStrings", "sharedStrings.xml");
        linked += &relation(98, "styles", "styles.xml");
        let formats = [0, 14, 22, 20].map(|it| format!("<xf numFmtId='{it}'/>")).concat();
        let fixed = [
            ("_rels/.rels", relations(&relation(1, "officeDocument", "xl/workbook.xml"))),
            (
                "xl/workbook.xml",
                format!(
                    "<workbook xmlns='{main}' xmlns:r='{kinds}'>\
                     <sheets>{listed}</sheets></workbook>"
                ),
            ),
            ("xl/_rels/workbook.xml.rels", relations(&linked)),
            ("xl/sharedStrings.xml", format!("<sst xmlns='{main}'>{strings}</sst>")),
            (
                "xl/styles.xml",
                format!("<styleSheet xmlns='{main}'><cellXfs>{formats}</cellXfs></styleSheet>"),
            ),
        ];
        parts.extend(fixed.map(|(name, text)| (name.to_owned(), text)));
        let mut writer = ZipWriter::new(Cursor::new(vec![]));
        for (name, text) in parts {
            writer.start_file(name, SimpleFileOptions::default()).unwrap();
            writer.write_all(text.as_bytes()).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn text(at: &str, value: &str) -> String {
        format!("<c r='{at}' t='inlineStr'><is><t>{value}</t></is></c>")
    }

    /// A number with a format: 0 none, 1 a date, 2 a date with its time, 3 a time.
    fn number(at: &str, format: usize, value: &str) -> String {
        format!("<c r='{at}' s='{format}'><v>{value}</v></c>")
    }

    fn row(number: u32, cells: &[String]) -> String {
        format!("<row r='{number}'>{}</row>", cells.concat())
    }

    fn table(bytes: &[u8]) -> Result<Table, ImportError> {
        read("a.xlsx", bytes, &Reading::plain(TimeZone::get("Europe/Oslo").unwrap()))
    }

    #[test]
    fn the_first_sheet_with_questions_is_read() {
        let title = row(1, &[text("A1", "Rapport for mars")]);
        let log = [
            row(1, &[text("A1", "Logg frå mottaket")]),
            row(3, &[text("A3", "Nr"), text("B3", "Tidspunkt"), text("C3", "Spørsmål")]),
            row(4, &[number("A4", 0, "17"), number("B4", 2, "46083.4569444"), text("C4", "frist")]),
            row(6, &[number("A6", 0, "18"), text("B6", "i går"), text("C6", "hund")]),
        ];
        let table = table(&book(&[&title, &log.concat()], "")).unwrap();
        let found = &table.rows[0];
        assert_eq!((found.row, found.id.as_deref(), found.text.as_str()), (4, Some("17"), "frist"));
        assert_eq!(found.logged_at, Some("2026-03-02T09:58:00Z".parse().unwrap()));
        assert_eq!(table.rejected.iter().map(|it| it.row).collect::<Vec<_>>(), [6]);
    }

    #[test]
    fn date_and_time_cells_are_joined_with_and_without_formats() {
        let header = row(1, &[text("A1", "Dato"), text("B1", "Kl."), text("C1", "Tekst")]);
        for format in [(1, 3), (0, 0), (1, 0)] {
            let cells = [
                number("A2", format.0, "46083"),
                number("B2", format.1, "0.456944444"),
                text("C2", "frist"),
            ];
            let found = table(&book(&[&(header.clone() + &row(2, &cells))], "")).unwrap();
            let at = found.rows.first().and_then(|it| it.logged_at);
            assert_eq!(at, Some("2026-03-02T09:58:00Z".parse().unwrap()), "{format:?} {found:?}");
        }
    }

    #[test]
    fn a_cell_in_the_last_corner_costs_nothing() {
        let rows = [
            row(1, &[text("A1", "tekst")]),
            row(2, &[text("A2", "frist")]),
            row(1_048_576, &[text("XFD1048576", "x")]),
        ];
        assert_eq!(table(&book(&[&rows.concat()], "")).unwrap().rows.len(), 1);
    }

    #[test]
    fn a_workbook_that_unpacks_to_too_much_is_refused() {
        let bytes = book(&[], &"a".repeat(100_000));
        assert!(bytes.len() < 10_000);
        assert!(check_unpacked_size(&bytes, 200_000).is_ok());
        let error = check_unpacked_size(&bytes, 100_000).unwrap_err();
        assert!(matches!(error, ImportError::TooLarge { .. }), "{error}");
    }

    #[test]
    fn a_workbook_of_very_many_files_is_refused() {
        let zip = |files: usize| {
            let mut zip = ZipWriter::new(Cursor::new(vec![]));
            for n in 0..files {
                zip.start_file(n.to_string(), SimpleFileOptions::default()).unwrap();
            }
            zip.finish().unwrap().into_inner()
        };
        assert!(check_unpacked_size(&zip(PARTS_MAX), 1).is_ok());
        let error = check_unpacked_size(&zip(PARTS_MAX + 1), 1).unwrap_err();
        assert_eq!(error.to_string(), "the file has more than 1000 files within");
    }

    #[test]
    fn a_lie_about_the_unpacked_size_is_found() {
        let mut bytes = book(&[], &"a".repeat(100_000));
        let size = u32::try_from(
            format!("<sst xmlns='{OFFICE}/spreadsheetml/2006/main'></sst>").len() + 100_000,
        )
        .unwrap();
        for at in 0..bytes.len() - 4 {
            if bytes[at..at + 4] == size.to_le_bytes() {
                bytes[at..at + 4].copy_from_slice(&1_u32.to_le_bytes());
            }
        }
        assert!(check_unpacked_size(&bytes, 50_000).is_err());
    }

    #[test]
    fn damage_is_told() {
        let whole = book(&[&row(1, &[text("A1", "tekst")])], "");
        for end in [0, 1, whole.len() / 2, whole.len() - 1] {
            assert!(table(&whole[..end]).is_err());
        }
        for at in (0..whole.len()).step_by(7) {
            let mut bytes = whole.clone();
            bytes[at] ^= 0x55;
            drop(table(&bytes));
        }
    }

    #[test]
    fn a_renamed_workbook_is_read_all_the_same() {
        let rows = row(1, &[text("A1", "tekst")]) + &row(2, &[text("A2", "frist")]);
        let reading = Reading::plain(TimeZone::get("Europe/Oslo").unwrap());
        assert_eq!(read("a.csv", &book(&[&rows], ""), &reading).unwrap().rows.len(), 1);
    }
}
