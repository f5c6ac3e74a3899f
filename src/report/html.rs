//! The report as one page that stands alone: printable, light and dark, without script.

use askama::Template;

use super::figures::{self, count, percent, whole};
use super::plain::{cut, line};
use super::{Report, ReportTopic, sparkline, verdict_label, verdict_sentence};
use crate::gap::Verdict;
use crate::messages::Lang;

/// How many topics get a section of their own.
const SECTIONS_MAX: usize = 60;
/// How many topics the table holds.
const ROWS_MAX: usize = 1_000;
/// How many wordings stand in a section.
const EXAMPLES_MAX: usize = 3;
/// How many words of each kind stand in a section.
const WORDS_MAX: usize = 16;
/// How many characters a name, a wording or a passage may have.
const NAME_CHARS_MAX: usize = 160;
const PASSAGE_CHARS_MAX: usize = 400;

#[derive(Template)]
#[template(path = "report/report.html")]
struct Page {
    lang: Lang,
    title: String,
    period: String,
    counts: String,
    pareto: String,
    verdicts: Vec<Share>,
    sections: Vec<Section>,
    rows: Vec<Row>,
    left: String,
    with_verdicts: bool,
}

/// A verdict's part of all inquiries.
struct Share {
    class: &'static str,
    label: String,
    count: String,
    percent: String,
    /// The width of its bar, 0 to 100.
    width: u64,
}

/// A line of the table of all topics.
struct Row {
    topic: String,
    label: String,
    has_section: bool,
    count: String,
    class: &'static str,
    verdict: String,
    points: String,
    trend: String,
    last: String,
}

/// One topic in full.
struct Section {
    row: Row,
    rank: usize,
    why: String,
    asked: String,
    days: String,
    missing: Vec<String>,
    covered: Vec<String>,
    examples: Vec<String>,
    page: Option<Place>,
}

/// The nearest page.
struct Place {
    title: String,
    /// Empty when the address is no web address.
    href: String,
    passage: String,
}

impl Page {
    fn text<'a>(&self, key: &'a str) -> &'a str {
        self.lang.text(key)
    }
}

/// Writes the report as an HTML page in `lang`.
pub fn html(report: &Report, lang: Lang) -> String {
    let sections: Vec<Section> =
        shown(report).map(|(at, topic)| section(at + 1, topic, lang)).collect();
    let mut by_count: Vec<&ReportTopic> = report.topics.iter().collect();
    by_count.sort_by_key(|topic| std::cmp::Reverse(topic.count));
    let has_section = |topic: &&ReportTopic| sections.iter().any(|it| it.row.topic == topic.topic);
    let rows = by_count
        .iter()
        .take(ROWS_MAX)
        .map(|it| Row { has_section: has_section(it), ..row(it, lang) });
    let rows = rows.collect();
    let left = report.topics.len().saturating_sub(ROWS_MAX) as u64;
    let page = Page {
        lang,
        title: title(report, lang),
        period: report.period_sentence(lang),
        counts: report.counts_sentence(lang),
        pareto: report.pareto_sentence(lang),
        verdicts: shares(report, lang),
        with_verdicts: report.topics.iter().any(|topic| topic.verdict.is_some()),
        left: if 0 < left { count(lang, "report.more", left, &[]) } else { String::new() },
        sections,
        rows,
    };
    page.render().expect("the template writes to memory and calls nothing that fails")
}

/// The topics with a section: those that need an editor; without pages, all.
fn shown(report: &Report) -> impl Iterator<Item = (usize, &ReportTopic)> {
    let wanted = |topic: &&ReportTopic| topic.verdict.is_none_or(Verdict::needs_an_editor);
    report.topics.iter().filter(wanted).take(SECTIONS_MAX).enumerate()
}

fn title(report: &Report, lang: Lang) -> String {
    let title = lang.text("report.title");
    let of = cut(&line(&report.organization), NAME_CHARS_MAX);
    if of.is_empty() { title.to_owned() } else { format!("{title}: {of}") }
}

fn shares(report: &Report, lang: Lang) -> Vec<Share> {
    let all = u128::from(report.counts.by_verdict.values().sum::<u64>().max(1));
    let share = |verdict: &Verdict| {
        let n = *report.counts.by_verdict.get(verdict)?;
        let part = u64::try_from((u128::from(n) * 100 + all / 2) / all).unwrap_or(100);
        Some(Share {
            class: verdict.name(),
            label: verdict_label(*verdict, lang),
            count: whole(n, lang),
            percent: percent(part, lang),
            width: part,
        })
    };
    Verdict::ALL.iter().filter_map(share).collect()
}

fn row(topic: &ReportTopic, lang: Lang) -> Row {
    Row {
        topic: line(&topic.topic),
        label: cut(&line(&topic.label), NAME_CHARS_MAX),
        has_section: false,
        count: whole(topic.count, lang),
        class: topic.verdict.map_or("", Verdict::name),
        verdict: topic.verdict.map_or(String::new(), |it| verdict_label(it, lang)),
        points: sparkline::points(&topic.trend),
        trend: topic.trend_in_words(lang),
        last: topic.last.map_or(String::new(), |it| figures::day(it, lang)),
    }
}

fn section(rank: usize, topic: &ReportTopic, lang: Lang) -> Section {
    let some = |texts: &[String], max| {
        texts.iter().take(max).map(|it| cut(&line(it), NAME_CHARS_MAX)).collect::<Vec<_>>()
    };
    Section {
        row: row(topic, lang),
        rank,
        why: topic.verdict.map_or(String::new(), |it| format!("{}.", verdict_sentence(it, lang))),
        asked: count(lang, "report.asked", topic.count, &[]),
        days: topic.days(lang),
        missing: some(&topic.missing_words, WORDS_MAX),
        covered: some(&topic.covered_words, WORDS_MAX),
        examples: some(&topic.examples, EXAMPLES_MAX),
        page: topic.nearest.as_ref().map(|page| Place {
            title: cut(
                &line(if page.title.is_empty() { &page.url } else { &page.title }),
                NAME_CHARS_MAX,
            ),
            href: figures::web_address(&page.url).unwrap_or_default(),
            passage: cut(&line(&page.passage), PASSAGE_CHARS_MAX),
        }),
    }
}

impl ReportTopic {
    fn days(&self, lang: Lang) -> String {
        let (Some(first), Some(last)) = (self.first, self.last) else {
            return String::new();
        };
        let (first, last) = (figures::day(first, lang), figures::day(last, lang));
        lang.fill("report.first_and_last", &[("first", &first), ("last", &last)])
    }
}

impl Report {
    pub(super) fn period_sentence(&self, lang: Lang) -> String {
        let Some((first, last)) = self.period else {
            return String::new();
        };
        let (first, last) = (figures::day(first, lang), figures::day(last, lang));
        lang.fill("report.period", &[("first", &first), ("last", &last)])
    }

    pub(super) fn counts_sentence(&self, lang: Lang) -> String {
        let topics = count(lang, "report.topics", self.topics.len() as u64, &[]);
        let grouped = whole(self.counts.grouped, lang);
        let alone = whole(self.counts.alone, lang);
        let pages = count(lang, "report.pages", self.n_pages, &[]);
        let values = [
            ("topics", topics.as_str()),
            ("grouped", &grouped),
            ("alone", &alone),
            ("pages", &pages),
        ];
        count(lang, "report.counts", self.counts.inquiries, &values)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::report::tests::{busy, named};

    #[test]
    fn the_page_stands_alone_and_runs_nothing() {
        for lang in Lang::ALL {
            let page = html(&busy(), lang);
            assert!(page.contains(&format!("<html lang=\"{}\"", lang.code())));
            for word in ["<script", "src=", "@import", "url(", "<link", "onload", "report.", "{n"] {
                assert!(!page.contains(word), "{word} in {}", lang.code());
            }
        }
    }

    #[test]
    fn the_page_of_a_busy_report_is_whole() {
        insta::assert_snapshot!("report_nb", html(&busy(), Lang::Nb));
    }

    #[test]
    fn without_pages_nothing_is_said_of_verdicts() {
        let page = html(&named("bossug"), Lang::En);
        assert!(!page.contains("class=\"verdicts\""));
        assert!(page.contains("id=\"T1\""), "every topic has its section");
    }

    #[test]
    fn an_address_that_is_no_web_address_gets_no_link() {
        let mut report = busy();
        report.topics[0].nearest.as_mut().unwrap().url = "javascript:alert(1)".into();
        assert!(!html(&report, Lang::En).contains("javascript:"));
    }

    #[test]
    fn a_large_report_keeps_to_its_limits() {
        let mut report = busy();
        report.topics = vec![report.topics[0].clone(); ROWS_MAX + 1];
        let page = html(&report, Lang::En);
        assert_eq!(page.matches("<section class=\"topic\"").count(), SECTIONS_MAX);
        assert_eq!(page.matches("<tr>").count(), ROWS_MAX + 1, "rows and the header");
        assert!(page.contains("One more topic"));
    }

    proptest! {
        #[test]
        fn any_name_stays_text(name in any::<String>()) {
            let plain = html(&named("x"), Lang::Nn).matches('<').count();
            prop_assert_eq!(html(&named(&name), Lang::Nn).matches('<').count(), plain);
        }
    }
}
