//! The report as a table for spreadsheets: `;` between cells, a byte order mark, no formulas.

use super::{Report, ReportTopic, figures, verdict_label};
use crate::messages::Lang;
use crate::sheet::csv::{cell, sheet};

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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::report::tests::{busy, named};

    fn read(text: &str) -> Vec<Vec<String>> {
        let text = text.strip_prefix('\u{feff}').unwrap();
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
                let is_marked = text.starts_with('\'');
                prop_assert!(is_marked || &cell(text) == text, "a second look changes nothing");
            }
        }
    }
}
