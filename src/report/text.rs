//! The report for a terminal.

use std::fmt::Write as _;

use super::{Report, verdict_text};
use crate::messages::Lang;

/// A name is shown with at most so many characters.
const LABEL_CHARS: usize = 52;
/// At most so many missing words are shown.
const MISSING_WORDS: usize = 4;

/// Writes the gaps as lines of at most some hundred characters, most wanted first.
pub fn text(report: &Report, lang: Lang) -> String {
    let (all, alone) = (report.inquiries.to_string(), report.alone.to_string());
    let n_gaps = report.gaps().count().to_string();
    let values = [("inquiries", all.as_str()), ("alone", alone.as_str()), ("gaps", n_gaps.as_str())];
    let mut out = lang.fill("report.summary", &values);
    out.push_str("\n\n");
    for topic in report.gaps() {
        let label: String = topic.label.chars().take(LABEL_CHARS).collect();
        let label = label.replace(['\n', '\r'], " ");
        let verdict = verdict_text(topic, lang);
        let words: Vec<&str> =
            topic.missing_words.iter().take(MISSING_WORDS).map(String::as_str).collect();
        // Writing to a string cannot fail.
        let _ = writeln!(
            out,
            "{:>5}  {:>4}  {label:LABEL_CHARS$}  {verdict:20}  {}",
            topic.topic,
            topic.count,
            words.join(", ")
        );
    }
    out
}
