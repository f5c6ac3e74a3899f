//! A list as a table, and the files that are made of it: CSV, a workbook, JSON.
//!
//! Whoever makes a table says what each column holds; what writes a file knows columns and nothing
//! of what stands in them.

pub mod csv;
mod json;
mod xlsx;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::messages::Lang;

/// So many rows go into a file: more links a workbook cannot have (65,530), and a service that
/// answers others beside must hold it in memory whole.
pub const ROWS_MAX: usize = 50_000;

/// What a column holds, which decides how it is written and how wide it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Words, never a formula.
    Text,
    /// A whole number.
    Integer,
    /// A number with so many decimals.
    Number(usize),
    /// A day of the calendar.
    Date,
    /// A day with its time.
    Instant,
    /// A share of 0 to 1.
    Share,
}

impl Kind {
    /// The name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Integer => "integer",
            Self::Number(_) => "number",
            Self::Date => "date",
            Self::Instant => "instant",
            Self::Share => "share",
        }
    }
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name for programs, the same in every language.
    pub key: String,
    /// Its head, in the reader's language.
    pub head: String,
    /// What it holds.
    pub kind: Kind,
}

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing is known, or nothing is so.
    None,
    /// Words.
    Text(String),
    /// Words that lead to an address.
    Link(String, String),
    /// One of our lists: its code for programs, its words for people.
    Code(&'static str, String),
    /// A whole number.
    Integer(i64),
    /// A number or a share.
    Number(f64),
    /// A day.
    Date(Date),
    /// An instant.
    Instant(Timestamp),
}

impl Value {
    /// Words, or nothing when there are none.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::None } else { Self::Text(text) }
    }

    /// Words that may be missing.
    pub fn maybe(text: Option<String>) -> Self {
        text.map_or(Self::None, Self::text)
    }

    /// A count.
    pub fn count(n: u32) -> Self {
        Self::Integer(n.into())
    }

    /// Whether a column of `kind` can hold it.
    const fn fits(&self, kind: Kind) -> bool {
        match self {
            Self::None => true,
            Self::Text(_) | Self::Link(..) | Self::Code(..) => matches!(kind, Kind::Text),
            Self::Integer(_) => matches!(kind, Kind::Integer),
            Self::Number(_) => matches!(kind, Kind::Number(_) | Kind::Share),
            Self::Date(_) => matches!(kind, Kind::Date),
            Self::Instant(_) => matches!(kind, Kind::Instant),
        }
    }
}

/// A table.
#[derive(Clone, Debug)]
pub struct Table {
    /// What it lists, such as `gaps`.
    pub name: &'static str,
    /// What it is called, in the reader's language.
    pub title: String,
    /// The filter that it shows, as an address has it.
    pub filter: String,
    /// The reader's language.
    pub lang: Lang,
    /// The zone of its instants.
    pub zone: TimeZone,
    /// When it was made.
    pub made: Timestamp,
    columns: Vec<Column>,
    rows: Vec<Vec<Value>>,
    of: usize,
}

/// A form of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Comma-separated values as Norwegian spreadsheets open them.
    Csv,
    /// A workbook of Office Open XML.
    Xlsx,
    /// JSON, for programs.
    Json,
}

/// Why a file could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SheetError {
    /// The workbook's writer does not take it.
    #[error("could not write the workbook {name}")]
    Workbook {
        /// What it lists.
        name: &'static str,
        /// The cause.
        #[source]
        source: rust_xlsxwriter::XlsxError,
    },
}

impl Form {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Csv, Self::Xlsx, Self::Json];

    /// How a file of this form ends.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Json => "json",
        }
    }

    /// Reads an ending.
    pub fn parse(ending: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.ending() == ending)
    }

    /// Its media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Json => "application/json",
        }
    }
}

impl Table {
    /// Makes a table without rows; what is around the rows is filled in by field.
    pub fn new(name: &'static str, columns: Vec<Column>) -> Self {
        Self {
            name,
            title: name.to_owned(),
            filter: String::new(),
            lang: Lang::default(),
            zone: TimeZone::UTC,
            made: Timestamp::UNIX_EPOCH,
            columns,
            rows: vec![],
            of: 0,
        }
    }

    /// Adds the rows that there are, up to the limit; `of` is how many the list has in all.
    #[must_use]
    pub fn with_rows(mut self, rows: Vec<Vec<Value>>, of: usize) -> Self {
        for row in &rows {
            assert_eq!(row.len(), self.columns.len(), "a row has a cell for each column");
            let mut pairs = row.iter().zip(&self.columns);
            debug_assert!(pairs.all(|(it, column)| it.fits(column.kind)), "{row:?}");
        }
        self.rows = rows;
        self.rows.truncate(ROWS_MAX);
        self.of = of.max(self.rows.len());
        self
    }

    /// How many rows it has.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Whether the list has more rows than the file.
    pub fn is_cut(&self) -> bool {
        self.rows.len() < self.of
    }

    /// The name of its file: what it lists, the day, and whether it is cut.
    pub fn file_name(&self, form: Form) -> String {
        let day = self.made.to_zoned(self.zone.clone()).date();
        let cut = if self.is_cut() { format!("-first-{}", self.len()) } else { String::new() };
        format!("skranke-{}-{day}{cut}.{}", self.name, form.ending())
    }

    /// Writes the file.
    ///
    /// # Errors
    /// When a workbook is wanted and its writer does not take the table.
    pub fn write(&self, form: Form) -> Result<Vec<u8>, SheetError> {
        match form {
            Form::Csv => Ok(csv::write(self).into_bytes()),
            Form::Xlsx => {
                xlsx::write(self).map_err(|source| SheetError::Workbook { name: self.name, source })
            }
            Form::Json => Ok(json::write(self)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_by_its_list_and_its_day_and_says_when_it_is_cut() {
        let column = |key: &str| Column { key: key.into(), head: key.into(), kind: Kind::Integer };
        let made = "2026-03-02T23:30:00Z".parse().unwrap();
        let zone = TimeZone::get("Europe/Oslo").unwrap();
        let table = Table { made, zone, ..Table::new("gaps", vec![column("n")]) };
        let rows = |n: i64| (0..n).map(|it| vec![Value::Integer(it)]).collect::<Vec<_>>();
        let whole = table.clone().with_rows(rows(3), 3);
        assert_eq!(whole.file_name(Form::Xlsx), "skranke-gaps-2026-03-03.xlsx");
        let max = i64::try_from(ROWS_MAX).unwrap();
        assert!(!table.clone().with_rows(rows(max), ROWS_MAX).is_cut());
        let cut = table.with_rows(rows(max + 1), ROWS_MAX + 1);
        assert_eq!((cut.len(), cut.is_cut()), (ROWS_MAX, true));
        assert_eq!(cut.file_name(Form::Csv), "skranke-gaps-2026-03-03-first-50000.csv");
    }
}
