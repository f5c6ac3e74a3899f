//! Reading old logs: tables of questions from .csv, .xlsx and .jsonl, whatever the headers say.

mod cells;
mod dates;
mod headers;
mod jsonl;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{Channel, OutcomeName};
use crate::id::Id;

/// A file is at most so large.
pub const FILE_BYTES_MAX: usize = 50 * 1024 * 1024;
/// At most so many rows are read.
pub const ROWS_MAX: usize = 1_000_000;
/// A question is at most so long; what is longer is no question.
const TEXT_CHARS_MAX: usize = super::Question::CHARS_MAX;

/// Why a file cannot be read as a table of questions.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// The ending of the name is none that is known.
    #[error("{0} is not a .csv, .xlsx or .jsonl file")]
    Type(String),
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// It passes a limit.
    #[error("the file has more than {max} {unit}")]
    TooLarge {
        /// The limit.
        max: usize,
        /// What is counted.
        unit: &'static str,
    },
    /// The spreadsheet cannot be opened.
    #[error("could not open the spreadsheet: {0}")]
    Spreadsheet(String),
    /// No column holds the questions.
    #[error("no column is named text, spørsmål, henvendelse, førespurnad or question; found: {0}")]
    NoTextColumn(String),
}

/// A row that is a question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportedRow {
    /// Its number as a spreadsheet shows it; the line in a .jsonl file.
    pub row: u32,
    /// Its own id, if it has one.
    pub id: Option<String>,
    /// When it was asked.
    pub logged_at: Option<Timestamp>,
    /// How it came.
    pub channel: Option<Channel>,
    /// Where it was logged.
    pub desk: Option<String>,
    /// What happened with it.
    pub outcome: Option<OutcomeName>,
    /// What was answered.
    pub note: Option<String>,
    /// How many contacts it stands for.
    pub count: Option<u16>,
    /// The question.
    pub text: String,
}

/// A row that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// Its number.
    pub row: u32,
    /// What is wrong with it.
    pub reason: String,
}

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The questions, in order.
    pub rows: Vec<ImportedRow>,
    /// The rows that cannot be read.
    pub rejected: Vec<Rejected>,
}

/// Reads a file by its name's ending. Times without a zone are in `zone`.
pub fn read(name: &str, bytes: &[u8], zone: &TimeZone) -> Result<Table, ImportError> {
    if bytes.is_empty() {
        return Err(ImportError::Empty);
    }
    if FILE_BYTES_MAX < bytes.len() {
        return Err(ImportError::TooLarge { max: FILE_BYTES_MAX, unit: "bytes" });
    }
    let lower = name.to_lowercase();
    let table = if lower.ends_with(".jsonl") || lower.ends_with(".ndjson") {
        jsonl::read(&cells::decoded(bytes), zone)
    } else if lower.ends_with(".csv") || lower.ends_with(".tsv") || lower.ends_with(".txt") {
        headers::read(cells::of_csv(bytes), zone)?
    } else if lower.ends_with(".xlsx") {
        headers::read(cells::of_xlsx(bytes)?, zone)?
    } else {
        return Err(ImportError::Type(name.to_owned()));
    };
    if ROWS_MAX < table.rows.len() {
        return Err(ImportError::TooLarge { max: ROWS_MAX, unit: "rows" });
    }
    Ok(table)
}

/// Takes a row unless its text is missing or too long.
fn take(row: ImportedRow, table: &mut Table) {
    let reason = match row.text.trim().chars().count() {
        0 => "the row has no text".to_owned(),
        n if TEXT_CHARS_MAX < n => format!("the text has {n} characters, at most {TEXT_CHARS_MAX}"),
        _ => return table.rows.push(row),
    };
    table.rejected.push(Rejected { row: row.row, reason });
}

/// The id of a row, the same whenever the row comes again: by its own id, or else by what it
/// says and which of several equal rows it is.
pub fn row_id<T>(source: &str, row: &ImportedRow, occurrence: u32) -> Id<T> {
    if let Some(id) = &row.id {
        return Id::derived(&[b"row-id", source.as_bytes(), id.as_bytes()]);
    }
    let at = row.logged_at.map(|it| it.to_string()).unwrap_or_default();
    let channel = row.channel.map_or("", Channel::name);
    let occurrence = occurrence.to_be_bytes();
    let words = row.text.as_bytes();
    let parts: [&[u8]; 6] =
        [b"row", source.as_bytes(), at.as_bytes(), channel.as_bytes(), words, &occurrence];
    Id::derived(&parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone() -> TimeZone {
        TimeZone::get("Europe/Oslo").unwrap()
    }

    fn texts(name: &str, bytes: &[u8]) -> Vec<String> {
        read(name, bytes, &zone()).unwrap().rows.into_iter().map(|it| it.text).collect()
    }

    #[test]
    fn separators_quotes_and_line_ends_are_found() {
        let rows = "Tekst;Kanal\r\n\"kva kostar SFO; i år\";telefon\r\nnår åpner hallen;epost\r\n";
        assert_eq!(texts("a.csv", rows.as_bytes()), ["kva kostar SFO; i år", "når åpner hallen"]);
        assert_eq!(texts("a.csv", b"id,question\n1,\"one\ntwo\"\n"), ["one\ntwo"]);
        assert_eq!(texts("a.csv", b"dato\tsp\xc3\xb8rsm\xc3\xa5l\n02.03.2026\tfrist\n"), ["frist"]);
    }

    #[test]
    fn common_encodings_are_read() {
        let text = "spørsmål\nnår åpner hallen\n";
        let mut bom = vec![0xef, 0xbb, 0xbf];
        bom.extend(text.as_bytes());
        let latin: Vec<u8> = text.chars().map(|it| u8::try_from(u32::from(it)).unwrap()).collect();
        let mut wide = vec![0xff, 0xfe];
        wide.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        for bytes in [text.as_bytes().to_vec(), bom, latin, wide] {
            assert_eq!(texts("a.csv", &bytes), ["når åpner hallen"]);
        }
    }

    #[test]
    fn a_row_that_cannot_be_read_is_told_and_the_others_go_in() {
        let file = "tekst;tidspunkt\nfrist SFO;02.03.2026 10:58\n;02.03.2026\nhund;i går\n";
        let table = read("a.csv", file.as_bytes(), &zone()).unwrap();
        assert_eq!(table.rows.len(), 1);
        assert_eq!(table.rows[0].logged_at, Some("2026-03-02T09:58:00Z".parse().unwrap()));
        let told: Vec<u32> = table.rejected.iter().map(|it| it.row).collect();
        assert_eq!(told, [3, 4]);
        assert!(table.rejected[1].reason.contains("i går"));
    }

    #[test]
    fn json_lines_are_read_by_key() {
        let file = "{\"id\":\"a1\",\"text\":\"frist\",\"channel\":\"desk\"}\n{\n\n{\"text\":\"\"}\n";
        let table = read("a.jsonl", file.as_bytes(), &zone()).unwrap();
        assert_eq!(table.rows[0].id.as_deref(), Some("a1"));
        assert_eq!(table.rows[0].channel, Some(Channel::Desk));
        assert_eq!(table.rejected.iter().map(|it| it.row).collect::<Vec<_>>(), [2, 4]);
    }

    #[test]
    fn one_column_without_a_known_header_is_the_text() {
        assert_eq!(texts("a.txt", "frist SFO\nhund\n".as_bytes()), ["frist SFO", "hund"]);
    }

    #[test]
    fn a_file_without_questions_says_what_it_has() {
        let error = read("a.csv", b"navn;alder\nx;3\n", &zone()).unwrap_err();
        assert!(error.to_string().contains("navn, alder"), "{error}");
        assert!(matches!(read("a.pdf", b"x", &zone()), Err(ImportError::Type(_))));
        assert!(matches!(read("a.csv", b"", &zone()), Err(ImportError::Empty)));
        assert!(matches!(read("a.xlsx", b"no", &zone()), Err(ImportError::Spreadsheet(_))));
    }

    #[test]
    fn equal_rows_have_ids_of_their_own_and_keep_them() {
        let row = ImportedRow { text: "frist".into(), ..ImportedRow::default() };
        let id = |occurrence| row_id::<()>("a.csv", &row, occurrence).uuid();
        assert_eq!(id(0), id(0));
        assert_ne!(id(0), id(1));
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            for name in ["a.csv", "a.xlsx", "a.jsonl"] {
                drop(read(name, &bytes, &zone()));
            }
        }
    }
}
