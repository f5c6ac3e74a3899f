//! The one-shot report: its files, its exit codes, its words on bad input.

use std::process::{Command, Output};

use crate::harness::program::{PROGRAM, told};

fn analyse(arguments: &[&str]) -> Output {
    Command::new(PROGRAM).arg("analyse").args(arguments).output().expect("the program was built")
}

#[test]
fn an_old_log_alone_is_grouped_and_not_judged() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (log, out) = (folder.path().join("log.csv"), folder.path().join("out"));
    std::fs::write(&log, "id;tekst\na;frist SFO\nb;frist sfo?\nc;hund i parken\n")
        .expect("written");
    let (log, out_text) = (log.to_string_lossy(), out.to_string_lossy());
    let output = analyse(&["--inquiries", &log, "--out", &out_text]);
    assert!(output.status.success(), "{}", told(&output));
    let lines = std::fs::read_to_string(out.join("inquiries.jsonl")).expect("written");
    let lines: Vec<serde_json::Value> =
        lines.lines().map(|it| serde_json::from_str(it).expect("JSON")).collect();
    let ids: Vec<&str> = lines.iter().filter_map(|it| it["id"].as_str()).collect();
    assert_eq!(ids, ["a", "b", "c"]);
    assert_eq!((&lines[0]["topic"], &lines[1]["topic"]), (&"T1".into(), &"T1".into()));
    assert!(lines[2]["topic"].is_null() && lines[0]["verdict"].is_null());
    let topics = std::fs::read_to_string(out.join("topics.jsonl")).expect("written");
    assert_eq!(topics.lines().count(), 1);
    assert!(out.join("report.html").exists() && out.join("report.csv").exists());
}

#[test]
fn wrong_use_and_failure_have_codes_of_their_own() {
    assert_eq!(analyse(&[]).status.code(), Some(2));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path().to_string_lossy().into_owned();
    let missing = folder.path().join("none.csv").to_string_lossy().into_owned();
    let output = analyse(&["--inquiries", &missing, "--out", &out]);
    assert_eq!(output.status.code(), Some(1));
    assert!(told(&output).contains("none.csv"), "{}", told(&output));
}

#[test]
fn a_report_quotes_no_id_and_no_cell_that_tells_of_somebody() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (log, out) = (folder.path().join("log.csv"), folder.path().join("out"));
    let rows = "id;dato;tekst\n68 05 01 23;02.03.2026;frist SFO\nb;02.03.2026;hund i parken\n\
                c;Kari Nordmann 68 05 01 23;kven tømmer bosset\n";
    std::fs::write(&log, rows).expect("written");
    let (log, out_text) = (log.to_string_lossy(), out.to_string_lossy());
    let output = analyse(&["--inquiries", &log, "--out", &out_text]);
    assert!(output.status.success(), "{}", told(&output));
    let told = told(&output);
    assert!(told.contains("row 4: the time cannot be read: [person] [telefon]"), "{told}");
    let lines = std::fs::read_to_string(out.join("inquiries.jsonl")).expect("written");
    assert!(!lines.contains("68 05") && lines.contains(r#""id":"1""#), "{lines}");
    assert!(lines.contains(r#""id":"b""#), "{lines}");
}
