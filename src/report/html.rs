//! The report as one page that needs nothing else: for a browser, a printer or a mail.

use std::fmt::Write as _;

use super::{Report, ReportTopic, verdict_text};
use crate::messages::Lang;

const STYLE: &str = "
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 64rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid #8886; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
.wide { overflow-x: auto; }
@media print { body { margin: 0; max-width: none; } tr { break-inside: avoid; } }
";

/// Writes the page. It holds no script and asks no other host for anything.
pub fn html(report: &Report, lang: Lang) -> String {
    let (all, alone) = (report.inquiries.to_string(), report.alone.to_string());
    let n_gaps = report.gaps().count().to_string();
    let values = [("inquiries", all.as_str()), ("alone", alone.as_str()), ("gaps", n_gaps.as_str())];
    let title = lang.text("report.title");
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write!(
        out,
        "<!doctype html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{title}</title><style>{STYLE}</style></head>\n<body><main><h1>{title}</h1>\n\
         <p>{}</p>\n<div class=\"wide\" role=\"region\" aria-label=\"{title}\" tabindex=\"0\">\
         <table><thead><tr>",
        lang.code(),
        lang.fill("report.summary", &values),
    );
    for (key, class) in [("topic", ""), ("count", " class=\"n\""), ("kind", ""), ("page", ""), ("missing", "")] {
        let heading = lang.fill(&format!("report.column.{key}"), &[]);
        let _ = write!(out, "<th scope=\"col\"{class}>{heading}</th>");
    }
    out.push_str("</tr></thead><tbody>\n");
    report.gaps().for_each(|topic| row(topic, lang, &mut out));
    out.push_str("</tbody></table></div></main></body></html>\n");
    out
}

fn row(topic: &ReportTopic, lang: Lang, out: &mut String) {
    let page = topic.urls.first().map_or_else(String::new, |url| {
        let url = escaped(url);
        if url.starts_with("http://") || url.starts_with("https://") {
            format!("<a href=\"{url}\">{url}</a>")
        } else {
            url
        }
    });
    let _ = writeln!(
        out,
        "<tr><th scope=\"row\">{} {}</th><td class=\"n\">{}</td><td>{}</td><td>{page}</td><td>{}</td></tr>",
        topic.topic,
        escaped(&topic.label),
        topic.count,
        verdict_text(topic, lang),
        escaped(&topic.missing_words.join(", ")),
    );
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gap::Verdict;

    #[test]
    fn callers_words_never_become_markup() {
        let topic = ReportTopic {
            topic: "T1".into(),
            label: "<script>alert(1)</script>".into(),
            count: 3,
            verdict: Some(Verdict::Missing),
            gap_score: Some(0.9),
            urls: vec!["javascript:alert(1)".into()],
            missing_words: vec!["\"><img src=x>".into()],
            first: None,
            last: None,
            inquiries: vec![],
        };
        for lang in Lang::ALL {
            let report = Report { inquiries: 3, alone: 0, topics: vec![topic.clone()] };
            let page = html(&report, lang);
            assert!(!page.contains("<script"), "{page}");
            assert!(!page.contains("<img"), "{page}");
            assert!(!page.contains("href=\"javascript"), "{page}");
            assert!(!page.contains('{') || page.contains(STYLE), "{page}");
            assert!(!page.contains("report."), "{page}");
        }
    }
}
