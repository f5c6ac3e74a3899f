//! What is erased is in no file any more: frames, compressed bodies, views, terms, backups.

use super::{export, import, texts};
use crate::harness::program::{run, told, tried};

/// The id of an exported row.
pub(super) fn id_of(line: &str) -> String {
    let line: serde_json::Value = serde_json::from_str(line).expect("a line of JSON");
    format!("inq_{}", line["id"].as_str().unwrap_or_default())
}

#[test]
fn an_erased_inquiry_keeps_its_count_and_loses_its_words() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    import(&data, "a", &texts(10));
    let before = export(&data);
    let id = id_of(before["inquiries.jsonl"].lines().nth(3).expect("a row"));
    let said = run(&data, &["erase", &id]);
    assert!(said.starts_with("1 inquiries lose their words"), "{said}");
    let after = export(&data);
    for (old, new) in before["inquiries.jsonl"].lines().zip(after["inquiries.jsonl"].lines()) {
        let mut old: serde_json::Value = serde_json::from_str(old).expect("a line of JSON");
        if id_of(&old.to_string()) == id {
            old.as_object_mut().expect("an object").remove("text");
        }
        let new: serde_json::Value = serde_json::from_str(new).expect("a line of JSON");
        assert_eq!(new, old);
    }
    let audit = &after["audit.jsonl"];
    assert!(audit.contains("inquiry.erase") && audit.contains(&id.replace('-', "")), "{audit}");
    assert!(!audit.contains("nummer 3"), "{audit}");
    let output = tried(&data, &["erase", "inq_01970001-0001-7000-8000-000000000001"]);
    assert!(told(&output).contains("there is no inquiry"), "{}", told(&output));
}
