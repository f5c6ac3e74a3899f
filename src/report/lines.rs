//! The report for machines: JSON, and the two line files of `skranke analyse`.

use std::io;

use jiff::civil::Date;
use serde::Serialize;

use super::{Pareto, Report, ReportTopic};
use crate::gap::Verdict;

/// One line of `inquiries.jsonl`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct InquiryLine {
    /// The id as it was read, or the number of its row.
    pub id: String,
    /// Its topic; none when nobody else asked.
    pub topic: Option<String>,
    /// How well the website answers it; none without pages.
    pub verdict: Option<Verdict>,
    /// 0 to 1, higher is surer that no page answers; none without pages.
    pub gap_score: Option<f64>,
    /// Pages, the best first, up to [`InquiryLine::URLS_MAX`].
    pub urls: Vec<String>,
}

impl InquiryLine {
    /// How many pages a line names at most.
    pub const URLS_MAX: usize = 10;
}

/// One line of `topics.jsonl`: the fields of the contract in their order.
#[derive(Serialize)]
struct TopicLine<'a> {
    topic: &'a str,
    label: &'a str,
    count: u64,
    verdict: Option<Verdict>,
    gap_score: Option<f64>,
    urls: &'a [String],
    missing_words: &'a [String],
    first: Option<Date>,
    last: Option<Date>,
    inquiries: &'a [String],
}

impl<'a> TopicLine<'a> {
    fn of(topic: &'a ReportTopic) -> Self {
        Self {
            topic: &topic.topic,
            label: &topic.label,
            count: topic.count,
            verdict: topic.verdict,
            gap_score: topic.gap_score,
            urls: &topic.urls,
            missing_words: &topic.missing_words,
            first: topic.first,
            last: topic.last,
            inquiries: &topic.inquiries,
        }
    }
}

/// The whole report with the Pareto data beside it.
#[derive(Serialize)]
struct Whole<'a> {
    #[serde(flatten)]
    report: &'a Report,
    pareto: Option<Pareto>,
}

/// Writes the whole report as one indented JSON value.
pub fn json(report: &Report) -> String {
    let whole = Whole { report, pareto: report.pareto() };
    serde_json::to_string_pretty(&whole).expect("the report has text keys and plain values")
}

/// Writes one line per topic, in the report's order.
///
/// # Errors
/// Only those of `out`.
pub fn topics_jsonl(report: &Report, out: &mut impl io::Write) -> io::Result<()> {
    report.topics.iter().try_for_each(|topic| line(&TopicLine::of(topic), out))
}

/// Writes one line per inquiry, in the order given (that of the input).
///
/// # Errors
/// Only those of `out`.
pub fn inquiries_jsonl(lines: &[InquiryLine], out: &mut impl io::Write) -> io::Result<()> {
    lines.iter().try_for_each(|it| line(it, out))
}

fn line(value: &impl Serialize, out: &mut impl io::Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::busy;

    #[test]
    fn a_line_of_topics_has_the_fields_of_the_contract() {
        let mut out = Vec::new();
        topics_jsonl(&busy(), &mut out).unwrap();
        let first = String::from_utf8(out).unwrap().lines().next().unwrap().to_owned();
        let expected = concat!(
            r#"{"topic":"T12","label":"Når opnar symjehallen?","count":27,"verdict":"missing","#,
            r#""gap_score":0.94,"urls":["https://www.fjordvik.example/symjehall","#,
            r#""https://www.fjordvik.example/idrett"],"missing_words":["opnar","opningstid","#,
            r#""laurdag"],"first":"2026-07-28","last":"2026-10-16","inquiries":["1","5","9"]}"#,
        );
        assert_eq!(first, expected);
    }

    #[test]
    fn an_inquiry_alone_has_no_topic() {
        let line = InquiryLine { id: "7".into(), ..InquiryLine::default() };
        let mut out = Vec::new();
        inquiries_jsonl(&[line], &mut out).unwrap();
        let expected = r#"{"id":"7","topic":null,"verdict":null,"gap_score":null,"urls":[]}"#;
        assert_eq!(String::from_utf8(out).unwrap(), format!("{expected}\n"));
    }

    #[test]
    fn json_holds_counts_by_verdict_and_the_pareto() {
        let value: serde_json::Value = serde_json::from_str(&json(&busy())).unwrap();
        assert_eq!(value["counts"]["by_verdict"]["missing"], 27);
        assert_eq!(value["pareto"]["percent"], 93);
        assert_eq!(value["period"][0], "2026-07-27");
    }
}
