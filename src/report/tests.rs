//! Reports to test with, and tests of the order and the Pareto.

use jiff::civil::date;

use super::*;

fn words(text: &str) -> Vec<String> {
    text.split(' ').filter(|it| !it.is_empty()).map(str::to_owned).collect()
}

fn page(url: &str, title: &str, passage: &str) -> Option<Nearest> {
    Some(Nearest { url: url.into(), title: title.into(), passage: passage.into() })
}

/// A report on one topic of this name, without pages.
pub(crate) fn named(name: &str) -> Report {
    let topic = ReportTopic {
        topic: "T1".into(),
        label: name.into(),
        count: 2,
        examples: vec![name.into()],
        ..ReportTopic::default()
    };
    Report { topics: vec![topic], ..Report::default() }
}

fn swimming() -> ReportTopic {
    ReportTopic {
        topic: "T12".into(),
        label: "Når opnar symjehallen?".into(),
        count: 27,
        verdict: Some(Verdict::Missing),
        gap_score: Some(0.94),
        urls: words("https://www.fjordvik.example/symjehall https://www.fjordvik.example/idrett"),
        nearest: page(
            "https://www.fjordvik.example/symjehall",
            "Symjehallen",
            "Symjehallen ligg ved sida av ungdomsskulen. Garderobane har universell utforming.",
        ),
        missing_words: words("opnar opningstid laurdag"),
        reworded: vec![],
        covered_words: words("symjehallen"),
        first: Some(date(2026, 7, 28)),
        last: Some(date(2026, 10, 16)),
        direction: Some(Trend::Rising),
        trend: vec![0, 1, 0, 2, 1, 1, 2, 3, 3, 4, 5, 5],
        examples: vec![
            "når opnar symjehallen på laurdag".into(),
            "opningstid svømmehall?".into(),
            "har bassenget ope i haustferien".into(),
        ],
        inquiries: words("1 5 9"),
    }
}

fn others() -> [ReportTopic; 3] {
    let bin = ReportTopic {
        topic: "T3".into(),
        label: "Korleis melder eg flytting av bossdunk?".into(),
        count: 14,
        verdict: Some(Verdict::HardToFind),
        gap_score: Some(0.61),
        urls: words("https://www.fjordvik.example/renovasjon"),
        nearest: page("https://www.fjordvik.example/renovasjon", "Renovasjon", ""),
        missing_words: words("bossdunk flytte"),
        reworded: vec![],
        covered_words: words("melde"),
        direction: Some(Trend::Steady),
        trend: vec![2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
        examples: vec!["må flytte bossdunken, kven seier eg frå til".into()],
        ..ReportTopic::default()
    };
    let answered = ReportTopic {
        topic: "T1".into(),
        label: "Frist for å søkje barnehageplass".into(),
        count: 40,
        verdict: Some(Verdict::Answered),
        gap_score: Some(0.03),
        urls: words("https://www.fjordvik.example/barnehage"),
        nearest: page("https://www.fjordvik.example/barnehage", "Barnehage", "Fristen er 1. mars."),
        covered_words: words("frist søkje barnehageplass"),
        ..ReportTopic::default()
    };
    let norm = ReportTopic {
        topic: "T20".into(),
        label: "Hvordan betaler jeg for parkering?".into(),
        count: 3,
        verdict: Some(Verdict::OtherNorm),
        gap_score: Some(0.4),
        ..ReportTopic::default()
    };
    [bin, answered, norm]
}

/// A report with verdicts of several kinds, ranked.
pub(crate) fn busy() -> Report {
    let mut topics = Vec::from(others());
    topics.push(swimming());
    rank(&mut topics);
    let by_verdict = topics.iter().filter_map(|it| Some((it.verdict?, it.count))).collect();
    Report {
        organization: "Fjordvik kommune".into(),
        period: Some((date(2026, 7, 27), date(2026, 10, 18))),
        n_pages: 64,
        counts: Counts { inquiries: 1_512, grouped: 84, alone: 1_428, by_verdict },
        topics,
    }
}

#[track_caller]
fn check(counts: &[u64], percent: u64, expected: usize) {
    assert_eq!(pareto(counts, percent), expected, "{counts:?} {percent}");
}

#[test]
fn pareto_takes_the_fewest_topics_that_hold_the_share() {
    check(&[1, 50, 9, 40], 80, 2);
    check(&[50, 30, 20], 80, 2);
    check(&[50, 29, 21], 80, 3);
    check(&[7], 80, 1);
    check(&[1; 10], 80, 8);
    check(&[5, 0, 0], 100, 1);
    check(&[u64::MAX, u64::MAX], 80, 2);
}

#[test]
fn pareto_of_nothing_is_no_topic() {
    check(&[], 80, 0);
    check(&[0, 0], 80, 0);
    check(&[3, 2], 0, 0);
}

#[test]
fn the_most_wanted_topic_comes_first() {
    let order: Vec<String> = busy().topics.into_iter().map(|it| it.topic).collect();
    assert_eq!(order, ["T12", "T3", "T20", "T1"]);
}

#[test]
fn without_pages_demand_decides_and_ties_go_to_the_lower_number() {
    let topic =
        |number: &str, count| ReportTopic { topic: number.into(), count, ..ReportTopic::default() };
    let mut topics = [topic("T10", 2), topic("T9", 2), topic("T11", 5)];
    rank(&mut topics);
    assert_eq!(topics.map(|it| it.topic), ["T11", "T9", "T10"]);
}

#[test]
fn a_reason_names_the_words_that_the_page_lacks() {
    let reason = swimming().reason(Lang::Nn);
    assert_eq!(reason, "Inga side svarer. Desse orda manglar: opnar, opningstid, laurdag.");
    let unjudged = ReportTopic { verdict: None, ..swimming() };
    assert_eq!(unjudged.reason(Lang::Nb), "");
}

#[test]
fn the_pareto_sentence_says_when_there_is_nothing_to_say() {
    assert!(busy().pareto_sentence(Lang::En).starts_with("These 2 topics"));
    assert_eq!(named("x").pareto_sentence(Lang::En), Lang::En.text("report.no_pages"));
    let mut report = busy();
    report.topics.retain(|topic| topic.verdict == Some(Verdict::Answered));
    assert_eq!(report.pareto_sentence(Lang::En), Lang::En.text("report.nothing_to_mend"));
}

#[test]
fn a_reason_names_the_page_s_word_for_a_caller_s() {
    let mut topic = swimming();
    topic.reworded = vec![Reworded { asked: "boss".into(), written: "renovasjon".into() }];
    topic.missing_words = words("boss dunk");
    let reason = topic.reason(Lang::Nn);
    assert!(reason.contains("Folk seier «boss», sida seier «renovasjon»."), "{reason}");
    assert!(reason.contains("boss, dunk"), "{reason}");
    topic.verdict = Some(Verdict::Answered);
    assert!(!topic.reason(Lang::Nb).contains("renovasjon"));
}
