//! The report for a spreadsheet, so that no cell becomes a formula.

use super::Report;

/// Writes all topics as separated values with a byte-order mark, as a Norwegian Excel opens them.
pub fn csv(report: &Report) -> String {
    let mut out = String::from("\u{feff}");
    out.push_str("topic;label;count;verdict;gap_score;page;missing_words;first;last\r\n");
    for topic in &report.topics {
        let instant = |it: Option<jiff::Timestamp>| it.map(|it| it.to_string()).unwrap_or_default();
        let cells = [
            topic.topic.clone(),
            topic.label.clone(),
            topic.count.to_string(),
            topic.verdict.map_or("", crate::gap::Verdict::name).to_owned(),
            topic.gap_score.map(|it| format!("{it:.4}")).unwrap_or_default(),
            topic.urls.first().cloned().unwrap_or_default(),
            topic.missing_words.join(", "),
            instant(topic.first),
            instant(topic.last),
        ];
        let cells: Vec<String> = cells.iter().map(|it| cell(it)).collect();
        out.push_str(&cells.join(";"));
        out.push_str("\r\n");
    }
    out
}

/// Quotes a cell (RFC 4180) and takes the edge off a formula (CWE-1236).
fn cell(text: &str) -> String {
    const FORMULA: &[char] = &['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];
    let text = match text.trim_start_matches(' ').starts_with(FORMULA) {
        true => format!("'{text}"),
        false => text.to_owned(),
    };
    if text.contains([';', '"', '\n', '\r', '\'']) {
        return format!("\"{}\"", text.replace('"', "\"\""));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(cell(text), expected);
    }

    #[test]
    fn no_cell_is_a_formula() {
        check("=1+1", "\"'=1+1\"");
        check("  @SUM(A1)", "\"'  @SUM(A1)\"");
        check("＝1", "\"'＝1\"");
        check("\tx", "\"'\tx\"");
        check("frist", "frist");
    }

    #[test]
    fn separators_and_quotes_are_quoted() {
        check("a;b", "\"a;b\"");
        check("a\"b", "\"a\"\"b\"");
        check("a\nb", "\"a\nb\"");
    }
}
