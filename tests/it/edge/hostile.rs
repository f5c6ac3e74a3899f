//! What nobody should send, sent: it is refused or kept harmless, and the service goes on.

use std::path::Path;

use serde_json::json;

use crate::harness::program::{run, told, tried};
use crate::harness::visitor::{Service, Visitor};

/// Sends an entry and tells the status.
fn log(visitor: &mut Visitor, n: u32, fields: serde_json::Value) -> u16 {
    let csrf = visitor.get("/help").csrf().expect("a form");
    let mut body = json!({ "key": format!("inq_0197f000-0000-7000-8000-{n:012x}") });
    let all = body.as_object_mut().expect("an object");
    all.extend(fields.as_object().cloned().unwrap_or_default());
    visitor.send("/api/v1/inquiries", &csrf, &body).expect("an answer").status
}

/// Whether bytes stand in any file under a folder.
fn stands_in(folder: &Path, bytes: &[u8]) -> bool {
    std::fs::read_dir(folder).expect("a folder").any(|entry| {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            return stands_in(&path, bytes);
        }
        let content = std::fs::read(&path).expect("a file");
        content.windows(bytes.len()).any(|it| it == bytes)
    })
}

#[test]
fn the_widest_entry_that_is_accepted_fits_and_a_wider_one_is_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    let mut service = Service::start(&data);
    let mut admin = service.set_up();
    let controls = "\u{1}".repeat(2_000);
    let wide = json!({ "text": controls.clone() + "kva no", "note": controls, "page": "\u{1}" });
    assert_eq!(log(&mut admin, 1, wide), 422, "a page's address has no control characters");
    let quotes = "\"\\".repeat(1_000);
    let page = format!("https://www.example.org/{}", "å".repeat(900));
    let wide = json!({ "text": quotes, "note": "🐟".repeat(2_000), "page": page });
    assert_eq!(log(&mut admin, 2, wide), 201);
    assert_eq!(log(&mut admin, 3, json!({ "text": "når opnar de" })), 201);
    assert_eq!(admin.get("/readyz").status, 200, "the view goes on");
    let version = admin.get("/admin/sites").hidden("version");
    for start in [
        format!("https://www.example.org/{}", "a".repeat(40_000)),
        "https://kari:hemmeleg@www.example.org/".to_owned(),
    ] {
        let fields = [("version", version.as_str()), ("change", "add"), ("start", start.as_str())];
        assert_eq!(admin.submit("/admin/sites", "/admin/sites", &fields).status, 422);
    }
    service.kill();
    assert!(run(&data, &["verify"]).contains("0 differences"));
}

#[test]
fn a_number_is_seen_through_what_cannot_be_seen_and_in_every_field() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    let mut service = Service::start(&data);
    let mut admin = service.set_up();
    let number = "018185\u{0}10078";
    assert_eq!(log(&mut admin, 1, json!({ "text": format!("eg har nr {number}") })), 201);
    let plain = "fnr 01818510078";
    assert_eq!(log(&mut admin, 2, json!({ "text": plain, "note": plain, "desk": plain })), 201);
    assert_eq!(log(&mut admin, 3, json!({ "text": "fnr 0181\u{e0020}8510078" })), 201);
    service.kill();
    assert!(!stands_in(&data, b"01818510078"));
}

#[test]
fn a_repeat_of_nothing_and_an_id_that_is_ours_are_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut service = Service::start(&folder.path().join("data"));
    let mut admin = service.set_up();
    let unknown = "inq_0197f000-0000-7000-8000-0000000000ff";
    assert_eq!(log(&mut admin, 1, json!({ "same_as": unknown })), 422);
    let derived = json!({ "key": "inq_0197f000-0000-8000-8000-000000000001", "text": "hei der" });
    assert_eq!(log(&mut admin, 2, derived), 422);
}

#[test]
fn a_mistyped_folder_does_not_look_healthy() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let output = tried(&folder.path().join("typo"), &["verify"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(told(&output).contains("there is no data in"), "{}", told(&output));
}
