//! The report: topics with their verdicts, most wanted first, as text, tables and a page.
//!
//! Pure: a [`Report`] goes in, text comes out. It knows no store, no clock and no files.

pub(crate) mod figures;
mod html;
mod lines;
pub(crate) mod plain;
mod sparkline;
pub(crate) mod table;
mod terminal;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use crate::gap::{Reworded, Verdict};
use crate::messages::Lang;
use crate::topic::Trend;
use figures::count;

pub use html::html;
pub use lines::{InquiryLine, inquiries_jsonl, json, topics_jsonl};
pub use table::csv;
pub use terminal::text;

/// A verdict in a word or two, for a tag.
pub(crate) fn verdict_label(verdict: Verdict, lang: Lang) -> String {
    lang.text(&format!("report.verdict.{}", verdict.name())).to_owned()
}

/// A verdict as a short sentence without its full stop.
pub(crate) fn verdict_sentence(verdict: Verdict, lang: Lang) -> String {
    lang.text(&format!("report.because.{}", verdict.name())).to_owned()
}

/// A trend in a word.
pub(crate) fn trend_word(trend: Trend, lang: Lang) -> String {
    lang.text(&format!("report.trend.{}", trend.name())).to_owned()
}

/// The page that comes nearest to an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Nearest {
    /// Its address.
    pub url: String,
    /// Its title; the address stands in when empty.
    pub title: String,
    /// The passage that comes nearest, cut to a few lines; empty when unknown.
    pub passage: String,
}

/// A group of inquiries that ask the same, with what the website says about it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ReportTopic {
    /// Its number, such as `T12`.
    pub topic: String,
    /// Its name.
    pub label: String,
    /// How many inquiries it holds.
    pub count: u64,
    /// None when there were no pages to judge by.
    pub verdict: Option<Verdict>,
    /// 0 to 1, higher is surer that no page answers; none without pages.
    pub gap_score: Option<f64>,
    /// Pages, the best first.
    pub urls: Vec<String>,
    /// The best of the pages in words.
    pub nearest: Option<Nearest>,
    /// Callers' words that the nearest page lacks, as written; first those that it says otherwise.
    pub missing_words: Vec<String>,
    /// Callers' words for which it has another, with that.
    #[serde(skip)]
    pub reworded: Vec<Reworded>,
    /// Callers' words that the nearest page has.
    pub covered_words: Vec<String>,
    /// The day of its first inquiry, when days are known.
    pub first: Option<Date>,
    /// The day of its last inquiry.
    pub last: Option<Date>,
    /// Inquiries per week, the oldest first, weeks without any included.
    pub trend: Vec<u64>,
    /// Which way they go, when that is known.
    #[serde(skip)]
    pub direction: Option<Trend>,
    /// A few wordings of callers.
    pub examples: Vec<String>,
    /// The ids of its inquiries.
    pub inquiries: Vec<String>,
}

impl ReportTopic {
    /// Says why it stands in the report, in a sentence or two.
    pub fn reason(&self, lang: Lang) -> String {
        let Some(verdict) = self.verdict else {
            return String::new();
        };
        let mut reason = format!("{}.", verdict_sentence(verdict, lang));
        let other = self.reworded.first().filter(|_| verdict.needs_an_editor());
        if let Some(Reworded { asked, written }) = other {
            let words = [("asked", asked.as_str()), ("written", written.as_str())];
            reason.push(' ');
            reason.push_str(&lang.fill("report.because.reworded", &words));
        }
        if verdict.needs_an_editor() && !self.missing_words.is_empty() {
            let words = self.missing_words.iter().take(WORDS_SHOWN_MAX);
            let words = words.map(String::as_str).collect::<Vec<_>>().join(", ");
            reason.push(' ');
            reason.push_str(&lang.fill("report.because.words", &[("words", &words)]));
        }
        reason
    }

    /// The inquiries per week in words: `9, 11, 8: rising`.
    pub fn trend_in_words(&self, lang: Lang) -> String {
        let weeks = self.trend.iter().rev().take(WEEKS_IN_WORDS).rev();
        let weeks = weeks.map(u64::to_string).collect::<Vec<_>>().join(", ");
        match self.direction {
            Some(trend) => format!("{weeks}: {}", trend_word(trend, lang)),
            None => weeks,
        }
    }
}

/// How many words a reason names at most.
const WORDS_SHOWN_MAX: usize = 8;
/// How many weeks are told as numbers.
const WEEKS_IN_WORDS: usize = 4;

/// How many inquiries went where.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// All inquiries read.
    pub inquiries: u64,
    /// Those in a topic.
    pub grouped: u64,
    /// Those that nobody else asked.
    pub alone: u64,
    /// Inquiries by the verdict of their topic; empty without pages.
    pub by_verdict: BTreeMap<Verdict, u64>,
}

/// "These 6 topics are 80 % of the unanswered inquiries."
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Pareto {
    /// How many topics.
    pub topics: usize,
    /// Their share, in whole per cent of the inquiries in topics that need an editor.
    pub percent: u64,
    /// How many topics need an editor in all.
    pub of: usize,
}

/// Everything a report tells.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Report {
    /// Whose inquiries they are; empty when unknown.
    pub organization: String,
    /// The first and the last day, when days are known.
    pub period: Option<(Date, Date)>,
    /// How many pages were read.
    pub n_pages: u64,
    /// How many inquiries went where.
    pub counts: Counts,
    /// The topics, most wanted first (see [`rank`]).
    pub topics: Vec<ReportTopic>,
}

/// The share of the unanswered inquiries that the topics of the Pareto sentence reach.
const PARETO_PERCENT: u64 = 80;

impl Report {
    /// The data of the Pareto sentence; none when no topic needs an editor.
    pub fn pareto(&self) -> Option<Pareto> {
        let mut counts: Vec<u64> = self.unanswered().map(|topic| topic.count).collect();
        counts.sort_unstable_by(|a, b| b.cmp(a));
        let topics = pareto(&counts, PARETO_PERCENT);
        let sum = |counts: &[u64]| counts.iter().map(|&n| u128::from(n)).sum::<u128>();
        let percent = (sum(&counts[..topics]) * 100).checked_div(sum(&counts))?;
        let percent = u64::try_from(percent).expect("a part is at most the whole");
        Some(Pareto { topics, percent, of: counts.len() })
    }

    /// The Pareto sentence, or that there is nothing to mend, or nothing without pages.
    pub(crate) fn pareto_sentence(&self, lang: Lang) -> String {
        if self.topics.iter().all(|topic| topic.verdict.is_none()) {
            return lang.text("report.no_pages").to_owned();
        }
        let Some(found) = self.pareto() else {
            return lang.text("report.nothing_to_mend").to_owned();
        };
        let percent = figures::percent(found.percent, lang);
        count(lang, "report.pareto", found.topics as u64, &[("percent", &percent)])
    }

    fn unanswered(&self) -> impl Iterator<Item = &ReportTopic> {
        self.topics.iter().filter(|topic| topic.verdict.is_some_and(Verdict::needs_an_editor))
    }
}

/// Returns how many of the largest `counts` it takes to hold `percent` of their sum.
///
/// Named after Pareto's observation as Juran applied it to faults: "the vital few". Zero when the
/// sum is zero; all that are not zero when `percent` is 100 or more.
pub fn pareto(counts: &[u64], percent: u64) -> usize {
    let mut counts: Vec<u128> = counts.iter().map(|&count| u128::from(count)).collect();
    counts.sort_unstable_by(|a, b| b.cmp(a));
    let all: u128 = counts.iter().sum();
    let wanted = all * u128::from(percent.min(100));
    let mut held = 0;
    for (taken, count) in counts.iter().enumerate() {
        if wanted <= held * 100 {
            return taken;
        }
        held += count;
    }
    counts.len()
}

/// Puts topics in the order of the report: demand times how surely no page answers.
///
/// Without pages demand alone decides. Ties go to the larger, then to the lower number.
pub fn rank(topics: &mut [ReportTopic]) {
    let want = |topic: &ReportTopic| topic.count as f64 * topic.gap_score.unwrap_or(1.0);
    topics.sort_by(|a, b| {
        want(b)
            .total_cmp(&want(a))
            .then(b.count.cmp(&a.count))
            .then_with(|| number(a).cmp(&number(b)))
    });
}

fn number(topic: &ReportTopic) -> (u64, &str) {
    let digits = topic.topic.trim_start_matches('T');
    (digits.parse().unwrap_or(u64::MAX), &topic.topic)
}

#[cfg(test)]
pub(crate) mod tests;
