//! The numbers of a chart as a table: what the page shows under it, and what its file holds.

use crate::http::pages::Frame;
use crate::messages::Lang;
pub use crate::sheet::csv::number;
use crate::sheet::{self, Column, Kind, Value};

/// A table of numbers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The heads of the columns, in the reader's language.
    pub columns: Vec<String>,
    /// The rows, each with as many cells as there are columns; the first cell names the row.
    pub rows: Vec<Vec<Cell>>,
}

/// What stands in a table.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// A number with so many decimals.
    Number(f64, usize),
    /// A share of 0 to 1, in whole percent.
    Percent(f64),
    /// Not known.
    None,
}

impl Cell {
    /// A whole number.
    pub fn count(n: u32) -> Self {
        Self::Number(f64::from(n), 0)
    }

    /// As the page shows it.
    pub fn shown(&self, f: &Frame) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(n, places) => number(*n, *places, f.lang).replace('-', "\u{2212}"),
            Self::Percent(share) => percent_of(*share, f.lang),
            Self::None => "–".to_owned(),
        }
    }

    /// Whether it is set as a number.
    pub fn is_number(&self) -> bool {
        matches!(self, Self::Number(..) | Self::Percent(_))
    }

    /// What a column that has it holds; nothing says so of words, which may be missing.
    const fn kind(&self) -> Option<Kind> {
        match self {
            Self::Text(_) => Some(Kind::Text),
            Self::Number(_, places) => Some(Kind::Number(*places)),
            Self::Percent(_) => Some(Kind::Share),
            Self::None => None,
        }
    }

    fn value(&self) -> Value {
        match self {
            Self::Text(text) => Value::text(text.clone()),
            Self::Number(n, _) | Self::Percent(n) => Value::Number(*n),
            Self::None => Value::None,
        }
    }
}

impl Table {
    /// The table for files; `english` is the same one in English, whose heads name the columns for
    /// programs.
    pub fn sheet(&self, name: &'static str, english: &Self) -> sheet::Table {
        let column = |at: usize| Column {
            key: key(english.columns.get(at).map_or("", String::as_str)),
            head: self.columns[at].clone(),
            kind: self.rows.iter().find_map(|row| row[at].kind()).unwrap_or(Kind::Text),
        };
        let rows = self.rows.iter().map(|row| row.iter().map(Cell::value).collect()).collect();
        sheet::Table::new(name, (0..self.columns.len()).map(column).collect())
            .with_rows(rows, self.rows.len())
    }
}

/// A head as a program names it.
fn key(head: &str) -> String {
    let letters = head.to_lowercase().replace(|it: char| !it.is_ascii_alphanumeric(), " ");
    letters.split_whitespace().collect::<Vec<_>>().join("_")
}

/// A share in whole percent, as the language writes it.
pub fn percent_of(share: f64, lang: Lang) -> String {
    let n = number(share * 100.0, 0, lang);
    match lang {
        Lang::Nn | Lang::Nb => format!("{n}\u{a0}%"),
        Lang::En => format!("{n}%"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_holds_plain_numbers_and_no_formula() {
        let table = Table {
            columns: vec!["Tema".to_owned(), "Spart".to_owned()],
            rows: vec![
                vec![Cell::Text("=1+1".to_owned()), Cell::Number(-1_234.56, 1)],
                vec![Cell::Text("-2; bord".to_owned()), Cell::None],
                vec![Cell::Text("Pass".to_owned()), Cell::Number(-0.04, 1)],
            ],
        };
        let nn = "\u{feff}Tema;Spart\r\n'=1+1;-1234,6\r\n\"'-2; bord\";\r\nPass;0,0\r\n";
        let csv = |lang| {
            let mut sheet = table.sheet("topics", &table);
            sheet.lang = lang;
            String::from_utf8(sheet.write(sheet::Form::Csv).unwrap()).unwrap()
        };
        assert_eq!(csv(Lang::Nn), nn);
        assert_eq!(csv(Lang::En).replace('.', ","), nn);
    }
}
