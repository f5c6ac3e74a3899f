//! The report for a terminal: aligned, 100 columns, most wanted first.

use super::figures::{count, whole};
use super::plain::{cut, line, wrap};
use super::{Report, ReportTopic, verdict_label};
use crate::gap::Verdict;
use crate::messages::Lang;

/// How wide a line may be, in characters.
const COLUMNS: usize = 100;
/// How many topics are told; the files hold the rest.
const TOPICS_MAX: usize = 40;
/// How far the second line of a topic stands in.
const INDENT: usize = 14;

/// Writes the report as plain text in `lang`.
pub fn text(report: &Report, lang: Lang) -> String {
    let mut lines = heading(report, lang);
    let widths = Widths::of(report, lang);
    for (at, topic) in report.topics.iter().take(TOPICS_MAX).enumerate() {
        lines.push(String::new());
        lines.extend(entry(at + 1, topic, &widths));
    }
    let left = report.topics.len().saturating_sub(TOPICS_MAX);
    if 0 < left {
        lines.push(String::new());
        lines.push(count(lang, "report.more", left as u64, &[]));
    }
    lines.iter().map(|line| format!("{}\n", line.trim_end())).collect()
}

fn heading(report: &Report, lang: Lang) -> Vec<String> {
    let mut title = lang.text("report.title").to_owned();
    if !report.organization.is_empty() {
        title = format!("{title}: {}", line(&report.organization));
    }
    let mut lines = vec![cut(&title, COLUMNS), report.period_sentence(lang)];
    lines.retain(|it| !it.is_empty());
    lines.push(report.counts_sentence(lang));
    let verdicts = Verdict::ALL.iter().filter_map(|it| {
        let n = report.counts.by_verdict.get(it)?;
        Some(format!("{} {}", verdict_label(*it, lang), whole(*n, lang)))
    });
    lines.push(verdicts.collect::<Vec<_>>().join(" · "));
    lines.push(report.pareto_sentence(lang));
    lines.retain(|it| !it.is_empty());
    lines.into_iter().flat_map(|it| wrap(&it, COLUMNS)).collect()
}

/// How wide the columns of this report must be.
struct Widths {
    lang: Lang,
    count: usize,
    verdict: usize,
    trend: usize,
}

impl Widths {
    fn of(report: &Report, lang: Lang) -> Self {
        let shown = || report.topics.iter().take(TOPICS_MAX);
        let widest = |of: &dyn Fn(&ReportTopic) -> String| {
            shown().map(|topic| of(topic).chars().count()).max().unwrap_or(0)
        };
        Self {
            lang,
            count: widest(&|topic| whole(topic.count, lang)),
            verdict: widest(&|topic| {
                topic.verdict.map_or(String::new(), |it| verdict_label(it, lang))
            }),
            trend: widest(&|topic| bars(&topic.trend)),
        }
    }
}

/// The lines of one topic: the row, why, and the nearest page.
fn entry(rank: usize, topic: &ReportTopic, widths: &Widths) -> Vec<String> {
    let lang = widths.lang;
    let row = format!(
        "{rank:>3}. {:>count$}  {:<verdict$}  {:<trend$}  {}",
        whole(topic.count, lang),
        topic.verdict.map_or(String::new(), |it| verdict_label(it, lang)),
        bars(&topic.trend),
        line(&format!("{} {}", topic.topic, topic.label)),
        count = widths.count,
        verdict = widths.verdict,
        trend = widths.trend,
    );
    let mut below = topic.reason(lang);
    if let Some(page) = &topic.nearest {
        let page = if page.url.is_empty() { &page.title } else { &page.url };
        let page = lang.fill("report.nearest", &[("page", page)]);
        below = format!("{below} {page}");
    }
    let below = wrap(&line(&below), COLUMNS - INDENT);
    let below = below.into_iter().map(|it| format!("{}{it}", " ".repeat(INDENT)));
    std::iter::once(cut(&row, COLUMNS)).chain(below).collect()
}

/// Inquiries per week as a row of bars, the last twelve weeks.
fn bars(weeks: &[u64]) -> String {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    const WEEKS_MAX: usize = 12;
    let weeks = &weeks[weeks.len().saturating_sub(WEEKS_MAX)..];
    let most = u128::from(weeks.iter().copied().max().unwrap_or(0).max(1));
    let height = |n: u64| (u128::from(n) * (BARS.len() as u128 - 1)).div_ceil(most);
    weeks.iter().map(|&n| BARS[usize::try_from(height(n)).unwrap_or(0)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::{busy, named};

    #[test]
    fn the_report_fits_a_terminal_in_every_language() {
        for lang in Lang::ALL {
            let text = text(&busy(), lang);
            let widest = text.lines().map(|line| line.chars().count()).max().unwrap();
            assert!(widest <= COLUMNS, "{widest} in {}\n{text}", lang.code());
            assert!(!text.contains('{'), "{text}");
        }
    }

    #[test]
    fn the_terminal_report_reads_well() {
        insta::assert_snapshot!("terminal_nn", text(&busy(), Lang::Nn));
    }

    #[test]
    fn a_name_cannot_steer_the_terminal() {
        let text = text(&named("\u{1b}[2Jrød\u{202e}\r\nlinje"), Lang::Nb);
        assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{text:?}");
        assert!(text.contains("T1 [2Jrød linje"), "{text}");
    }

    #[test]
    fn what_does_not_fit_is_left_to_the_files() {
        let mut report = busy();
        report.topics = vec![report.topics[0].clone(); TOPICS_MAX + 2];
        assert!(text(&report, Lang::En).contains("2 more topics"));
    }

    #[test]
    fn bars_are_as_high_as_their_share() {
        assert_eq!(bars(&[0, 1, 4, 7]), "▁▂▅█");
        assert_eq!(bars(&[0, 0]), "▁▁");
        assert_eq!(bars(&[u64::MAX]), "█");
        assert_eq!(bars(&[]), "");
    }
}
