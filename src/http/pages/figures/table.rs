//! The numbers of a chart as a table: what the page shows under it, and what its file holds.

use crate::http::pages::Frame;
use crate::messages::Lang;
use crate::report::table::{cell, sheet};

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

    /// As a spreadsheet reads it.
    fn written(&self, lang: Lang) -> String {
        match self {
            Self::Text(text) => cell(text),
            Self::Number(n, places) => number(*n, *places, lang),
            Self::Percent(share) => number(*share, 3, lang),
            Self::None => String::new(),
        }
    }
}

impl Table {
    /// The table as a file for spreadsheets.
    pub fn csv(&self, lang: Lang) -> String {
        let head = self.columns.iter().map(|it| cell(it)).collect::<Vec<String>>();
        let rows = self.rows.iter().map(|row| row.iter().map(|it| it.written(lang)).collect());
        sheet(std::iter::once(head).chain(rows))
    }
}

/// A share in whole percent, as the language writes it.
pub fn percent_of(share: f64, lang: Lang) -> String {
    let n = number(share * 100.0, 0, lang);
    match lang {
        Lang::Nn | Lang::Nb => format!("{n}\u{a0}%"),
        Lang::En => format!("{n}%"),
    }
}

/// A number with so many decimals; nothing apart in thousands, so that a spreadsheet reads it.
pub fn number(n: f64, places: usize, lang: Lang) -> String {
    let text = format!("{n:.places$}");
    let is_zero = text.bytes().all(|it| matches!(it, b'-' | b'0' | b'.'));
    let text = if is_zero { text.trim_start_matches('-').to_owned() } else { text };
    match lang {
        Lang::Nn | Lang::Nb => text.replace('.', ","),
        Lang::En => text,
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
        assert_eq!(table.csv(Lang::Nn), nn);
        assert_eq!(table.csv(Lang::En).replace('.', ","), nn);
    }
}
