//! The gap report in the forms that people and programs read.

mod csv;
mod html;
mod text;

use jiff::Timestamp;
use serde::Serialize;

pub use csv::csv;
pub use html::html;
pub use text::text;

use crate::gap::Verdict;

/// A topic as a report tells it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReportTopic {
    /// Its number, such as `T12`.
    pub topic: String,
    /// Its name.
    pub label: String,
    /// How many asked.
    pub count: u32,
    /// How well the site answers; none without a site.
    pub verdict: Option<Verdict>,
    /// How sure it is that no page answers, 0 to 1; none without a site.
    pub gap_score: Option<f64>,
    /// Pages, best first.
    pub urls: Vec<String>,
    /// Callers' words that the nearest passages lack.
    pub missing_words: Vec<String>,
    /// The first and the last time, when known.
    pub first: Option<Timestamp>,
    /// The last time.
    pub last: Option<Timestamp>,
    /// The ids of the inquiries.
    pub inquiries: Vec<String>,
}

/// A report.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Report {
    /// How many inquiries there are.
    pub inquiries: usize,
    /// How many of them stand alone.
    pub alone: usize,
    /// The topics, most wanted first.
    pub topics: Vec<ReportTopic>,
}

impl Report {
    /// The topics that need an editor; all of them when there is no site to judge by.
    pub fn gaps(&self) -> impl Iterator<Item = &ReportTopic> {
        self.topics.iter().filter(|it| it.verdict.is_none_or(Verdict::needs_an_editor))
    }
}

/// The verdict in the reader's language.
fn verdict_text(topic: &ReportTopic, lang: crate::messages::Lang) -> String {
    let name = topic.verdict.map_or("none", Verdict::name);
    lang.fill(&format!("report.verdict.{name}"), &[])
}
