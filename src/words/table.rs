//! The table as files: CSV to keep and to bring, and synonyms as search engines read them.

use std::fmt::Write as _;

use super::WordFacts;
use crate::sheet::csv::{cell, plain, sheet};

/// A line that cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadLine {
    /// Its number, from 1.
    pub line: u64,
    /// What is wrong with it.
    pub why: LineFault,
}

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineFault {
    /// It is no line of CSV.
    Unreadable,
    /// One side is missing, or says nothing.
    Empty,
    /// A side or the note is too long.
    Long,
}

impl LineFault {
    /// The name in catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::Empty => "empty",
            Self::Long => "long",
        }
    }
}

/// The heading of the file, which is no row when it is brought back.
const HEADING: [&str; 3] = ["callers", "page", "note"];

/// Reads rows of `callers, page, note`, with commas or semicolons between the fields.
///
/// # Errors
/// Every line that cannot be taken; then none should be.
pub fn read_table(text: &str) -> Result<Vec<WordFacts>, Vec<BadLine>> {
    let text = text.trim_start_matches('\u{feff}');
    let first = text.lines().next().unwrap_or_default();
    let separator = if first.contains(';') { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let (mut rows, mut bad) = (vec![], vec![]);
    for (n, record) in (1..).zip(reader.records()) {
        match record {
            Ok(record) if n == 1 && record.iter().take(2).eq(HEADING[..2].iter().copied()) => {}
            Ok(record) => match row_of(&record) {
                Ok(facts) => rows.push(facts),
                Err(why) => {
                    let line = record.position().map_or(n, csv::Position::line);
                    bad.push(BadLine { line, why });
                }
            },
            Err(_) => bad.push(BadLine { line: n, why: LineFault::Unreadable }),
        }
    }
    if bad.is_empty() { Ok(rows) } else { Err(bad) }
}

/// What a line says.
fn row_of(record: &csv::StringRecord) -> Result<WordFacts, LineFault> {
    let field = |at: usize| plain(record.get(at).unwrap_or_default()).to_owned();
    let facts =
        WordFacts { said: field(0), written: field(1), note: field(2), ..WordFacts::default() };
    facts.fault().map_or(Ok(facts), Err)
}

impl WordFacts {
    /// What is wrong with it, if anything is.
    pub fn fault(&self) -> Option<LineFault> {
        let is_long = |it: &str, max| max < it.chars().count();
        let sides = [&self.said, &self.written];
        if sides.iter().any(|it| is_long(it, Self::SIDE_CHARS_MAX))
            || is_long(&self.note, Self::NOTE_CHARS_MAX)
        {
            return Some(LineFault::Long);
        }
        let says = skranke_index::OwnWords::can_be(&self.said, &self.written);
        (!says).then_some(LineFault::Empty)
    }
}

/// Writes rows as CSV that is read back as it is, and that fires no formula in a spreadsheet.
pub fn write_table<'a>(rows: impl Iterator<Item = &'a WordFacts>) -> String {
    let heading = HEADING.map(str::to_owned);
    let lines = rows.map(|it| [&it.said, &it.written, &it.note].map(|it| cell(it)));
    sheet(std::iter::once(heading).chain(lines))
}

/// Writes rows as a synonym file of Solr and Elasticsearch: what callers say finds both what they
/// say and what the pages say, and not the other way.
pub fn synonyms<'a>(rows: impl Iterator<Item = &'a WordFacts>) -> String {
    let mut text = String::new();
    for row in rows {
        let (said, written) = (expressions(&row.said), expressions(&row.written));
        for one in &said {
            // A string takes all that is written to it.
            let _ = writeln!(text, "{one} => {one}, {}", written.join(", "));
        }
    }
    text
}

/// The expressions of a side, with the format's own signs quoted.
fn expressions(side: &str) -> Vec<String> {
    let quoted = |it: &str| {
        let it = it.trim().to_lowercase().replace('\\', "\\\\");
        let it = it.replace("=>", "\\=\\>").replace('#', "\\#");
        it.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    side.split(',').map(quoted).filter(|it| !it.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn row(said: &str, written: &str) -> WordFacts {
        WordFacts { said: said.into(), written: written.into(), ..WordFacts::default() }
    }

    #[test]
    fn every_line_that_cannot_be_taken_is_named() {
        let long = "a".repeat(WordFacts::SIDE_CHARS_MAX + 1);
        let text = format!("callers,page\nboss,renovasjon\n,renovasjon\nog,er\n{long},side\n");
        let bad = [(3, LineFault::Empty), (4, LineFault::Empty), (5, LineFault::Long)];
        let bad = bad.map(|(line, why)| BadLine { line, why });
        assert_eq!(read_table(&text), Err(bad.to_vec()));
        assert_eq!(read_table("boss;renovasjon\n"), Ok(vec![row("boss", "renovasjon")]));
    }

    #[test]
    fn a_search_engine_reads_one_way_from_callers_to_pages() {
        let rows = [row("Boss, søppel", "renovasjon, avfall"), row("c#", "kurs => kode")];
        let text = synonyms(rows.iter());
        let expected = "boss => boss, renovasjon, avfall\nsøppel => søppel, renovasjon, avfall\n\
             c\\# => c\\#, kurs \\=\\> kode\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn no_formula_fires_in_a_spreadsheet() {
        let text = write_table([row("=boss()", "-renovasjon")].iter());
        assert!(text.contains("'=boss();'-renovasjon;"), "{text}");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(
            said in "[=+\"a-zæøå;, -]{1,40}",
            note in "[^\\p{C}]{0,40}",
        ) {
            let row = WordFacts { note: note.trim().into(), ..row(said.trim(), "renovasjon") };
            prop_assume!(row.fault().is_none());
            prop_assert_eq!(read_table(&write_table([&row].into_iter())), Ok(vec![row]));
        }
    }
}
