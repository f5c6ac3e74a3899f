//! The report as a table for spreadsheets: `;` between cells, a byte order mark, no formulas.

use super::{Report, ReportTopic, figures, verdict_label};
use crate::messages::Lang;

/// What tells Excel that the file is UTF-8.
const BYTE_ORDER_MARK: &str = "\u{feff}";
/// How many wordings stand in a row.
const EXAMPLES_MAX: usize = 3;
/// How many addresses stand in a cell.
const URLS_MAX: usize = 3;

const COLUMNS: [&str; 14] = [
    "rank",
    "topic",
    "label",
    "count",
    "verdict",
    "gap_score",
    "why",
    "nearest",
    "urls",
    "missing_words",
    "covered_words",
    "first",
    "last",
    "examples",
];

/// Writes one row per topic, in the report's order, under headers in `lang`.
///
/// The form is RFC 4180 with `;`, which is what spreadsheets in Norway open without a question.
pub fn csv(report: &Report, lang: Lang) -> String {
    let header = COLUMNS.map(|name| lang.text(&format!("report.column.{name}")).to_owned());
    let rows = report.topics.iter().enumerate();
    sheet(std::iter::once(header).chain(rows.map(|(at, topic)| row(at + 1, topic, lang))))
}

/// Writes rows of equally many cells, which are safe by now: numbers, or made by [`cell`].
pub(crate) fn sheet<R: IntoIterator<Item = String>>(rows: impl Iterator<Item = R>) -> String {
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

fn row(rank: usize, topic: &ReportTopic, lang: Lang) -> [String; COLUMNS.len()] {
    let day = |date: Option<jiff::civil::Date>| date.map_or(String::new(), |it| it.to_string());
    let some = |texts: &[String], max| texts.iter().take(max).cloned().collect::<Vec<_>>();
    let nearest = topic.nearest.as_ref().map_or("", |page| &page.title);
    [
        rank.to_string(),
        cell(&topic.topic),
        cell(&topic.label),
        topic.count.to_string(),
        topic.verdict.map_or(String::new(), |it| cell(&verdict_label(it, lang))),
        topic.gap_score.map_or(String::new(), |it| figures::decimal(it, 3, lang)),
        cell(&topic.reason(lang)),
        cell(nearest),
        cell(&some(&topic.urls, URLS_MAX).join(" ")),
        cell(&topic.missing_words.join(", ")),
        cell(&topic.covered_words.join(", ")),
        day(topic.first),
        day(topic.last),
        cell(&some(&topic.examples, EXAMPLES_MAX).join(" | ")),
    ]
}

/// Makes a cell that a spreadsheet shows and never computes.
///
/// A leading apostrophe is what OWASP's "CSV injection" page advises. Spaces and marks that a
/// spreadsheet may drop do not hide the sign that follows them.
pub(crate) fn cell(text: &str) -> String {
    let text = text.replace('\0', "");
    let starts = text.starts_with(['\t', '\r', '\n']);
    let first = text.chars().find(|&c| !(c.is_whitespace() || c.is_control() || is_hidden(c)));
    if starts || first.is_some_and(|c| "=+-@＝＋－＠".contains(c)) {
        return format!("'{text}");
    }
    text
}

/// Tells whether `c` takes no place on the screen: zero-width and direction marks.
const fn is_hidden(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
        | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::report::tests::{busy, named};

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(cell(text), expected, "{text:?}");
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
    }

    #[test]
    fn other_cells_stay_as_they_are() {
        check("", "");
        check("bossug", "bossug");
        check("a=b", "a=b");
        check("'=1", "'=1");
    }

    fn read(text: &str) -> Vec<Vec<String>> {
        let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap();
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(b';')
            .has_headers(false)
            .from_reader(text.as_bytes());
        reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
    }

    #[test]
    fn a_row_reads_back_with_quotes_and_lines_in_it() {
        let rows = read(&csv(&named("så \"rart\"; to\nlinjer"), Lang::Nb));
        assert_eq!(rows[1][2], "så \"rart\"; to\nlinjer");
    }

    #[test]
    fn a_norwegian_table_has_commas_in_its_decimals() {
        let rows = read(&csv(&busy(), Lang::Nn));
        assert_eq!(rows[1][5], "0,94");
        assert_eq!(read(&csv(&busy(), Lang::En))[1][5], "0.94");
        assert_eq!(rows.len(), 1 + busy().topics.len());
    }

    proptest! {
        #[test]
        fn any_name_gives_a_table_without_formulas(name in any::<String>()) {
            let rows = read(&csv(&named(&name), Lang::Nn));
            prop_assert_eq!(rows.len(), 2);
            for text in &rows[1] {
                prop_assert_eq!(&cell(text), text, "a second look changes nothing");
            }
        }
    }
}
