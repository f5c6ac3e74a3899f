//! CSV as spreadsheets in Norway open it without a question: RFC 4180 with `;` between the cells, a
//! byte order mark, the language's decimal sign, and no cell that fires as a formula.

use super::{Kind, Table, Value};
use crate::messages::Lang;

/// What tells Excel that the file is UTF-8.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Writes a table.
pub(super) fn write(table: &Table) -> String {
    let head = table.columns.iter().map(|it| cell(&it.head)).collect::<Vec<String>>();
    let rows = table.rows.iter().map(|row| {
        let pairs = row.iter().zip(&table.columns);
        pairs.map(|(it, column)| written(it, column.kind, table)).collect()
    });
    sheet(std::iter::once(head).chain(rows))
}

fn written(value: &Value, kind: Kind, table: &Table) -> String {
    match value {
        Value::None => String::new(),
        Value::Text(text) | Value::Link(text, _) | Value::Code(_, text) => cell(text),
        Value::Integer(n) => n.to_string(),
        Value::Number(n) => {
            let places = match kind {
                Kind::Number(places) => places,
                Kind::Share | Kind::Text | Kind::Integer | Kind::Date | Kind::Instant => 3,
            };
            number(*n, places, table.lang)
        }
        Value::Date(day) => day.to_string(),
        Value::Instant(at) => {
            at.to_zoned(table.zone.clone()).strftime("%Y-%m-%d %H:%M").to_string()
        }
    }
}

/// Writes rows of equally many cells, which are safe by now: numbers, or made by [`cell`].
pub fn sheet<R: IntoIterator<Item = String>>(rows: impl Iterator<Item = R>) -> String {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b';')
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).expect("rows are equally long");
    }
    let bytes = writer.into_inner().expect("a vector takes every byte");
    let text = String::from_utf8(bytes).expect("cells are text");
    format!("{BYTE_ORDER_MARK}{text}")
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

/// The mark that makes a text of what a spreadsheet would compute.
const MARK: char = '\'';

/// Makes a cell that a spreadsheet shows and never computes.
///
/// A leading apostrophe is what OWASP's "CSV injection" page advises. What has one by itself before
/// such a sign gets another, so that [`plain`] gives every text back.
pub fn cell(text: &str) -> String {
    let text = text.replace('\0', "");
    if is_formula(&text) { format!("{MARK}{text}") } else { text }
}

/// A cell without the mark of [`cell`].
pub fn plain(cell: &str) -> &str {
    cell.strip_prefix(MARK).filter(|rest| is_formula(rest)).unwrap_or(cell)
}

/// Whether a spreadsheet would compute it, marks or not. Spaces and signs that a spreadsheet may
/// drop do not hide the one that follows them.
fn is_formula(text: &str) -> bool {
    let text = text.trim_start_matches(MARK);
    let first = text.chars().find(|&c| !(c.is_whitespace() || c.is_control() || is_hidden(c)));
    text.starts_with(['\t', '\r', '\n']) || first.is_some_and(|c| "=+-@＝＋－＠".contains(c))
}

/// Whether `c` takes no place on the screen: zero-width and direction marks.
const fn is_hidden(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
        | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(cell(text), expected, "{text:?}");
        assert_eq!(plain(expected), text, "{text:?}");
    }

    #[test]
    fn no_cell_is_a_formula() {
        for sign in ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"] {
            let text = format!("{sign}HYPERLINK(\"x\")");
            check(&text, &format!("'{text}"));
        }
        check(" =1", "' =1");
        check("\u{feff}=1", "'\u{feff}=1");
        check("\u{200b}\u{202e}@x", "'\u{200b}\u{202e}@x");
        check("'=1", "''=1");
    }

    #[test]
    fn other_cells_stay_as_they_are() {
        for text in ["", "'", "'hei", "17 år", "a=b", "«+47»", "æøå 🏊"] {
            check(text, text);
        }
    }

    proptest! {
        #[test]
        fn every_text_comes_back(text in "['=+@ \t\n-]{0,4}[^\\x00]{0,12}") {
            let made = cell(&text);
            prop_assert_eq!(plain(&made), text.as_str());
            let computes = made.chars().find(|c| !(c.is_whitespace() || c.is_control()));
            prop_assert!(!computes.is_some_and(|c| "=+-@".contains(c)), "{:?}", made);
        }
    }
}
