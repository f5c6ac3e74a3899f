//! The journal's files under the program: looked into, damaged, and no longer to be written.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::harness::program::{run, told, tried};
use crate::harness::visitor::Service;

fn lines(said: &str) -> Vec<Value> {
    said.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

fn seqs(said: &str) -> Vec<u64> {
    lines(said).iter().map(|line| line["seq"].as_u64().expect("a sequence")).collect()
}

/// A data folder with some questions.
fn filled(folder: &Path) -> PathBuf {
    let (data, log) = (folder.join("data"), folder.join("log.csv"));
    let rows: String = (0..20).map(|n| format!("{n};spørsmål nummer {n}\n")).collect();
    std::fs::write(&log, format!("id;tekst\n{rows}")).expect("written");
    run(&data, &["import", &log.to_string_lossy()]);
    data
}

fn segment(data: &Path) -> PathBuf {
    data.join("journal").join("00000000000000000001.log")
}

#[test]
fn the_journal_is_shown_as_lines_of_json_also_beside_the_service() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = filled(folder.path());
    let mut service = Service::start(&data);
    let said = run(&data, &["journal", "show", "--limit", "3"]);
    assert_eq!(seqs(&said), [1, 2, 3]);
    let first = &lines(&said)[0];
    assert_eq!((&first["kind"], &first["version"]), (&json!("inquiries"), &json!(1)));
    assert!(first["payload"].to_string().contains("spørsmål nummer 0"), "{first}");
    let said = run(&data, &["journal", "show", "--after", "19", "--limit", "2"]);
    assert_eq!(seqs(&said), [20, 21]);
    assert_eq!(run(&data, &["journal", "show", "--stream", "brief"]), "");
    service.kill();
    let nowhere = tried(&folder.path().join("none"), &["journal", "show"]);
    assert!(told(&nowhere).contains("there is no journal in"), "{}", told(&nowhere));
}

#[test]
fn a_damaged_journal_is_shown_up_to_the_damage_which_every_command_names() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = filled(folder.path());
    let mut bytes = std::fs::read(segment(&data)).expect("read");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(segment(&data), bytes).expect("written");
    let shown = tried(&data, &["journal", "show"]);
    assert_eq!(shown.status.code(), Some(1));
    let n_shown = seqs(&String::from_utf8_lossy(&shown.stdout)).len();
    for command in [&["journal", "show"][..], &["topics"], &["verify"]] {
        let tried = tried(&data, command);
        let said = format!("{}{}", String::from_utf8_lossy(&tried.stdout), told(&tried));
        assert_eq!(tried.status.code(), Some(1), "{command:?}: {said}");
        assert!(said.contains("00000000000000000001.log at byte"), "{command:?}: {said}");
        assert!(said.contains(&format!("{}", n_shown + 1)), "{command:?}: {said}");
    }
}

/// A folder stands where the next note of the manifest would be written.
#[test]
fn a_journal_that_can_no_longer_be_written_ends_the_service_and_the_next_start_has_all() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    let mut service = Service::start(&data);
    let mut visitor = service.set_up();
    let csrf = visitor.get("/help").csrf().expect("signed in");
    let in_the_way = data.join("journal").join("manifest.new");
    while std::fs::create_dir(&in_the_way).is_err() {}
    let key = "inq_01970001-0001-7000-8000-000000000001";
    let body = json!({ "key": key, "text": "når opnar symjehallen" });
    let answer = visitor.send("/api/v1/inquiries", &csrf, &body).expect("an answer");
    assert_eq!(answer.status, 201, "{}", answer.body);
    let ended = service.ends();
    assert_eq!(ended.code(), Some(1), "{ended}");
    std::fs::remove_dir(&in_the_way).expect("removed");
    let said = run(&data, &["journal", "show"]);
    assert!(said.contains("når opnar symjehallen"), "{said}");
    assert!(run(&data, &["verify"]).contains("0 differences"));
}
