//! Reading old logs: tables of questions from .csv, .xlsx and .jsonl, whatever the headers say;
//! chats in such tables, and mails.

mod chat;
mod dates;
mod jsonl;
mod mail;
mod mbox;
mod names;
mod own_words;
mod reading;
mod rows;
mod text;
mod xlsx;

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::redact::{Allowed, hide};
use super::{Channel, OutcomeName};
use crate::id::Id;
pub use chat::Turn;
pub(in crate::inquiry) use dates::date as day_named;
pub use mail::MAIL_BYTES_MAX;
pub(in crate::inquiry) use names::{CallColumn, call_column, channel as channel_named};
pub use reading::{MappingError, Reading};

/// A file is at most so large.
pub const FILE_BYTES_MAX: usize = 50 * 1024 * 1024;
/// At most so many rows are read.
pub const ROWS_MAX: usize = 1_000_000;
/// At most so many columns are read.
const COLUMNS_MAX: usize = 200;
/// A cell is at most so long; what is longer is a slip in the file.
const CELL_CHARS_MAX: usize = 10_000;
/// A question is at most so long; what is longer is no question.
const TEXT_CHARS_MAX: usize = super::Question::CHARS_MAX;

/// What is made into a question from a mail or a chat is at most so long: masks may be longer than
/// what they hide.
const QUESTION_CHARS_MAX: usize = TEXT_CHARS_MAX - 200;

/// A row's number as a spreadsheet shows it, and its cells.
type Row = (u32, Vec<String>);

/// Why a file cannot be read as a table of questions.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// The ending of the name is none that is known.
    #[error("{0} is not a .csv, .xlsx, .jsonl, .mbox or .eml file")]
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
    /// No row of the file has the columns that were named.
    #[error("no row names the column {wanted}; the first one has: {found}")]
    NoColumn {
        /// The first column that is missing.
        wanted: String,
        /// What stands in the first row.
        found: String,
    },
    /// Signals without a day: the next file's would pass for the same.
    #[error("the rows have no date: say the last day that they are counted to")]
    NoDay,
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
    /// Its place in a conversation, until that has become a question.
    pub turn: Option<Turn>,
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
    /// What it is.
    pub kind: TableKind,
    /// What was left out on purpose.
    pub skipped: Skipped,
}

/// What a file is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TableKind {
    /// A list that somebody kept, each row a question.
    #[default]
    Log,
    /// Mails as they came, with names in them; each has an id of its own in all the world.
    Mail,
    /// Conversations as they were, with names in them.
    Chat,
}

impl TableKind {
    /// Whether people wrote of themselves, so that likely names are masked unseen.
    pub const fn is_letters(self) -> bool {
        match self {
            Self::Log => false,
            Self::Mail | Self::Chat => true,
        }
    }
}

/// What is no question of a visitor's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Skipped {
    /// What a program sent by itself.
    pub automatic: u32,
    /// What our own house wrote.
    pub own: u32,
}

/// Reads a file by its name's ending.
pub fn read(name: &str, bytes: &[u8], reading: &Reading) -> Result<Table, ImportError> {
    if bytes.is_empty() {
        return Err(ImportError::Empty);
    }
    let lower = name.to_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| lower.ends_with(ending));
    let is_mail = ends(&[".mbox", ".mbx", ".eml"]);
    let max = if is_mail { MAIL_BYTES_MAX } else { FILE_BYTES_MAX };
    if max < bytes.len() {
        return Err(ImportError::TooLarge { max, unit: "bytes" });
    }
    // Workbooks are renamed to .csv, and the other way around.
    let is_zip = bytes.starts_with(b"PK\x03\x04");
    let mut table = if is_mail {
        mail::read(bytes, reading)?
    } else if ends(&[".jsonl", ".ndjson"]) {
        jsonl::read(&text::decoded(bytes), reading)
    } else if ends(&[".xlsx"]) || (is_zip && ends(&[".csv"])) {
        rows::read(xlsx::of_xlsx(bytes, reading)?, reading)?
    } else if ends(&[".csv", ".tsv", ".txt"]) {
        rows::read(text::of_csv(bytes, reading), reading)?
    } else {
        return Err(ImportError::Type(name.to_owned()));
    };
    if ROWS_MAX < table.rows.len() + table.rejected.len() {
        return Err(ImportError::TooLarge { max: ROWS_MAX, unit: "rows" });
    }
    chat::fold(&mut table);
    reading.complete(&mut table);
    // A mail that stands twice in a mailbox is one, whatever else has the same id.
    if table.kind != TableKind::Mail {
        settle_ids(&mut table);
    }
    // A reason quotes the cell, and in a list whose columns have slipped that may be anybody.
    for it in &mut table.rejected {
        it.reason = hide(&it.reason, &Allowed::default());
    }
    Ok(table)
}

/// Sees to it that no two rows share an id, for the second of them would be lost as a repeat.
///
/// A column in which most rows repeat one is no column of ids, whatever its name; a single slip
/// is told.
fn settle_ids(table: &mut Table) {
    let mut firsts: BTreeMap<&str, u32> = BTreeMap::new();
    let mut repeats: BTreeMap<u32, u32> = BTreeMap::new();
    for row in &table.rows {
        let Some(id) = &row.id else { continue };
        match firsts.get(id.as_str()) {
            Some(first) => drop(repeats.insert(row.row, *first)),
            None => drop(firsts.insert(id, row.row)),
        }
    }
    if firsts.len() < repeats.len() {
        table.rows.iter_mut().for_each(|row| row.id = None);
        return;
    }
    table.rejected.extend(table.rows.iter().filter_map(|row| {
        let first = repeats.get(&row.row)?;
        let id = row.id.as_deref().unwrap_or_default();
        let reason = format!("row {first} has the same id: {id}");
        Some(Rejected { row: row.row, reason })
    }));
    table.rows.retain(|row| !repeats.contains_key(&row.row));
    table.rejected.sort_by_key(|it| it.row);
}

/// Takes a row unless its text is missing or too long.
fn take(row: ImportedRow, table: &mut Table) {
    if row.turn.is_some() {
        // What is said in answer may be empty or long; the question is made of what was asked.
        return table.rows.push(row);
    }
    let reason = match row.text.trim().chars().count() {
        0 => "the row has no text".to_owned(),
        n if TEXT_CHARS_MAX < n => format!("the text has {n} characters, at most {TEXT_CHARS_MAX}"),
        _ => return table.rows.push(row),
    };
    table.rejected.push(Rejected { row: row.row, reason });
}

/// Refuses signals without a day: a list of searches comes every month with the same words, and
/// the next would add nothing.
pub fn check_days(table: &Table) -> Result<(), ImportError> {
    let is_signal = |it: &ImportedRow| it.channel.is_some_and(|it| !it.is_contact());
    let lacks = |it: &ImportedRow| is_signal(it) && it.logged_at.is_none() && it.id.is_none();
    if table.rows.iter().any(lacks) { Err(ImportError::NoDay) } else { Ok(()) }
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
    use jiff::tz::TimeZone;

    use super::*;

    fn reading() -> Reading {
        Reading::plain(TimeZone::get("Europe/Oslo").unwrap())
    }

    fn texts(name: &str, bytes: &[u8]) -> Vec<String> {
        read(name, bytes, &reading()).unwrap().rows.into_iter().map(|it| it.text).collect()
    }

    #[test]
    fn separators_quotes_and_line_ends_are_found() {
        let rows = "Tekst;Kanal\r\n\"kva kostar SFO; i år\";telefon\r\nnår åpner hallen;epost\r\n";
        assert_eq!(texts("a.csv", rows.as_bytes()), ["kva kostar SFO; i år", "når åpner hallen"]);
        assert_eq!(texts("a.csv", b"id,question\n1,\"one\ntwo\"\n"), ["one\ntwo"]);
        assert_eq!(texts("a.csv", b"dato\tsp\xc3\xb8rsm\xc3\xa5l\n02.03.2026\tfrist\n"), ["frist"]);
    }

    fn searches(columns: &[&str]) -> Reading {
        let mut reading = Reading { channel: Some(Channel::SiteSearch), ..reading() };
        columns.iter().for_each(|it| reading.map(it).unwrap());
        reading
    }

    /// Web statistics put sums in other columns, in any order.
    #[test]
    fn a_log_of_searches_is_read_whatever_the_order_of_its_columns() {
        let rows = "nb_hits,bounce_rate,label,nb_visits\n61,12 %,hentetid boss,40\n9,0 %,pass,7\n";
        let table = read("s.csv", rows.as_bytes(), &searches(&[])).unwrap();
        let found: Vec<_> =
            table.rows.iter().map(|it| (it.text.as_str(), it.count, it.channel)).collect();
        let search = Some(Channel::SiteSearch);
        assert_eq!(found, [("hentetid boss", Some(61), search), ("pass", Some(9), search)]);
        assert!(matches!(check_days(&table), Err(ImportError::NoDay)), "whose month is it?");
        let mut told = searches(&["count=nb_visits"]);
        told.day("2026-10-31").unwrap();
        let table = read("s.csv", rows.as_bytes(), &told).unwrap();
        assert_eq!(table.rows[0].count, Some(40));
        assert_eq!(table.rows[0].logged_at, Some("2026-10-31T11:00:00Z".parse().unwrap()));
        check_days(&table).unwrap();
        // Without the channel these are no names of a log of questions.
        assert!(matches!(
            read("s.csv", rows.as_bytes(), &reading()),
            Err(ImportError::NoTextColumn(_))
        ));
    }

    #[test]
    fn columns_are_named_one_by_one_and_one_that_is_missing_is_told() {
        let rows = "Suchwort;Mal\nåpningstid;3\n";
        let told = searches(&["text=suchwort", "count = Mal"]);
        let table = read("s.csv", rows.as_bytes(), &told).unwrap();
        assert_eq!((table.rows[0].text.as_str(), table.rows[0].count), ("åpningstid", Some(3)));
        let Err(ImportError::NoColumn { wanted, found }) =
            read("s.csv", rows.as_bytes(), &searches(&["text=Suchwort", "count=Antall"]))
        else {
            panic!("a column that is not there");
        };
        assert_eq!((wanted.as_str(), found.as_str()), ("Antall", "Suchwort, Mal"));
        let line = "{\"Suchwort\":\"åpningstid\",\"Mal\":3}\n";
        let table = read("s.jsonl", line.as_bytes(), &told).unwrap();
        assert_eq!(table.rows[0].count, Some(3));
        assert!(searches(&[]).map("keyword").is_err());
        assert!(searches(&[]).map("pagerank=x").is_err());
        assert!(searches(&[]).day("i fjor").is_err());
    }

    #[test]
    fn a_comment_on_a_page_is_the_text_and_the_page_a_note() {
        let rows = "Side;Kommentar;Dato\n/barnehage;fann ikkje fristen;02.10.2026\n";
        let told = Reading { channel: Some(Channel::Feedback), ..reading() };
        let table = read("f.csv", rows.as_bytes(), &told).unwrap();
        let row = &table.rows[0];
        assert_eq!(
            (row.text.as_str(), row.note.as_deref()),
            ("fann ikkje fristen", Some("/barnehage"))
        );
        check_days(&table).unwrap();
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
        let table = read("a.csv", file.as_bytes(), &reading()).unwrap();
        assert_eq!(table.rows.len(), 1);
        assert_eq!(table.rows[0].logged_at, Some("2026-03-02T09:58:00Z".parse().unwrap()));
        let told: Vec<u32> = table.rejected.iter().map(|it| it.row).collect();
        assert_eq!(told, [3, 4]);
        assert!(table.rejected[1].reason.contains("i går"));
    }

    #[test]
    fn json_lines_are_read_by_key() {
        let file =
            "{\"id\":\"a1\",\"text\":\"frist\",\"channel\":\"desk\"}\n{\n\n{\"text\":\"\"}\n";
        let table = read("a.jsonl", file.as_bytes(), &reading()).unwrap();
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
        let error = read("a.csv", b"navn;alder\nx;3\n", &reading()).unwrap_err();
        assert!(error.to_string().contains("navn, alder"), "{error}");
        assert!(matches!(read("a.pdf", b"x", &reading()), Err(ImportError::Type(_))));
        assert!(matches!(read("a.csv", b"", &reading()), Err(ImportError::Empty)));
        assert!(matches!(read("a.xlsx", b"no", &reading()), Err(ImportError::Spreadsheet(_))));
    }

    #[test]
    fn a_row_is_numbered_as_a_spreadsheet_shows_it() {
        let file = "Tekst;Dato\r\n\r\n\"to\r\nlinjer\";02.03.2026\r\n\r\n\r\n;\r\nfrist;i går\r\n";
        let table = read("a.csv", file.as_bytes(), &reading()).unwrap();
        assert_eq!(table.rows.iter().map(|it| it.row).collect::<Vec<_>>(), [3]);
        assert_eq!(table.rejected.iter().map(|it| it.row).collect::<Vec<_>>(), [7]);
        let table = read("a.csv", b"sep=;\ntekst;id\n\nfrist;7\n", &reading()).unwrap();
        assert_eq!((table.rows[0].row, table.rows[0].id.as_deref()), (4, Some("7")));
    }

    #[test]
    fn a_title_may_stand_above_the_header() {
        assert_eq!(
            texts("a.csv", "Logg 2026;\n\nDato;Tekst\n1.1.26;frist\n".as_bytes()),
            ["frist"]
        );
    }

    #[test]
    fn commas_in_sentences_separate_nothing() {
        let file = "tekst\nHei, kva kostar det\nfrist, barnehage, i år\n";
        assert_eq!(texts("a.csv", file.as_bytes()).len(), 2);
        assert_eq!(texts("a.txt", b"Hei, kva\nfrist\n"), ["Hei, kva", "frist"]);
        let table = read("a.csv", b"tekst,kanal\nHei, kva no,telefon\n", &reading()).unwrap();
        assert!(table.rejected[0].reason.contains("3 columns"), "{:?}", table.rejected);
    }

    #[test]
    fn date_and_time_in_two_columns_are_one() {
        let file = "Dato;Kl.;Spørsmål\n02.03.2026;10.58;frist\n02.03.2026 10:58;;hund\n";
        for row in read("a.csv", file.as_bytes(), &reading()).unwrap().rows {
            assert_eq!(row.logged_at, Some("2026-03-02T09:58:00Z".parse().unwrap()));
        }
        let line = br#"{"dato":"2026-03-02","tid":"10:58","tekst":"frist"}"#;
        let row = read("a.jsonl", line, &reading()).unwrap().rows.remove(0);
        assert_eq!(row.logged_at, Some("2026-03-02T09:58:00Z".parse().unwrap()));
    }

    #[test]
    fn an_id_that_stands_twice_is_told_and_a_column_of_repeats_is_no_id() {
        let table = read("a.csv", b"id;text\n1;a\n2;b\n1;c\n", &reading()).unwrap();
        assert_eq!(table.rejected[0].row, 4);
        assert_eq!(table.rows.len(), 2);
        let table = read("a.csv", b"nr;text\n1;a\n1;b\n1;c\n", &reading()).unwrap();
        assert!(table.rejected.is_empty() && table.rows.iter().all(|it| it.id.is_none()));
    }

    #[test]
    fn a_text_at_its_limit_is_taken_and_one_longer_is_told() {
        let file = |n: usize| format!("tekst\n{}\n", "å".repeat(n));
        let rejected = |n| read("a.csv", file(n).as_bytes(), &reading()).unwrap().rejected.len();
        assert_eq!((rejected(TEXT_CHARS_MAX), rejected(TEXT_CHARS_MAX + 1)), (0, 1));
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
                drop(read(name, &bytes, &reading()));
            }
        }
    }
}
