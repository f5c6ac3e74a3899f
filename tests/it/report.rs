//! The report of a data folder in every form, with the few topics that most questions are about.

use std::path::Path;

use crate::harness::program::run;

const LOG: &str = "tidspunkt;kanal;spørsmål\n\
    02.03.2026 09:12;telefon;når opnar symjehallen på laurdag\n\
    02.03.2026 09:40;telefon;symjehallen opningstid laurdag\n\
    02.03.2026 10:05;skranke;når opnar symjehallen laurdag?\n\
    03.03.2026 09:00;telefon;kva kostar barnehageplass i månaden\n\
    03.03.2026 09:20;e-post;kva kostar barnehageplass\n\
    03.03.2026 11:47;telefon;=kva kostar barnehageplass i månaden\n";

const SITE: &str = concat!(
    r#"{"url":"https://www.example.org/barnehage","title":"Kva kostar barnehageplass","#,
    r#""text":"Kva kostar barnehageplass i månaden? Ein plass kostar 2 000 kroner."}"#,
);

fn report(data: &Path, format: &str) -> String {
    run(data, &["report", "--format", format])
}

#[test]
fn the_report_has_a_form_for_every_reader() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (data, at) = (folder.path().join("data"), |name: &str| folder.path().join(name));
    std::fs::write(at("log.csv"), LOG).expect("written");
    std::fs::write(at("site.jsonl"), SITE).expect("written");
    run(&data, &["import", &at("log.csv").to_string_lossy()]);
    run(&data, &["pages", &at("site.jsonl").to_string_lossy()]);
    run(&data, &["topics"]);

    let json: serde_json::Value = serde_json::from_str(&report(&data, "json")).expect("JSON");
    assert_eq!((&json["counts"]["inquiries"], &json["n_pages"]), (&6.into(), &1.into()));
    assert_eq!(json["period"], serde_json::json!(["2026-03-02", "2026-03-03"]));
    assert_eq!((&json["pareto"]["percent"], &json["pareto"]["topics"]), (&100.into(), &1.into()));
    let topics = json["topics"].as_array().expect("a list");
    let price = topics.iter().find(|it| it["verdict"] == "answered").expect("it is answered");
    assert_eq!(price["nearest"]["title"], "Kva kostar barnehageplass");
    assert!(price["nearest"]["passage"].as_str().is_some_and(|it| it.contains("2 000 kroner")));
    assert_eq!(price["examples"].as_array().map(Vec::len), Some(3));

    let lines = report(&data, "jsonl");
    let first: serde_json::Value =
        serde_json::from_str(lines.lines().next().expect("a line")).expect("JSON");
    assert_eq!((lines.lines().count(), &first["topic"]), (topics.len(), &topics[0]["topic"]));

    let csv = report(&data, "csv");
    assert!(csv.starts_with('\u{feff}'), "spreadsheets shall know the encoding");
    assert_eq!(csv.lines().count(), 1 + topics.len());
    assert!(!csv.contains(";="), "no cell is a formula: {csv}");

    let text = report(&data, "text");
    assert!(text.contains("Dette eine temaet står for 100"), "{text}");
    let html = report(&data, "html");
    assert!(html.starts_with("<!doctype html>") && html.contains("lang=\"nn\""), "{html}");
    assert!(html.contains("Dette eine temaet står for 100"), "the Pareto is shown");
    assert!(!html.contains("<script") && !html.contains("src="), "it holds all it needs");
}
