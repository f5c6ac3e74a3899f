//! How long logging takes, as screens tell it and administrators read it.

use serde_json::{Value, json};

use crate::harness::program::run;
use crate::harness::visitor::{Service, Visitor, add};

const TOOK: &str = "/api/v1/screen/took";

fn tell(visitor: &mut Visitor, token: &str, fields: &Value) -> u16 {
    visitor.send(TOOK, token, fields).expect("an answer").status
}

fn token(visitor: &mut Visitor) -> String {
    visitor.get("/help").csrf().expect("a form")
}

/// Tells of `n` entries of 9.5 s, of which 1.9 s were not search.
fn tell_often(visitor: &mut Visitor, n: usize) {
    let token = token(visitor);
    for _ in 0..n {
        assert_eq!(tell(visitor, &token, &json!({ "total_ms": 9_500, "beyond_ms": 1_900 })), 200);
    }
}

/// Waits until the page says something: what is written is read a moment later.
#[expect(clippy::disallowed_methods, reason = "the view follows when it follows")]
fn until(visitor: &mut Visitor, what: &str) -> bool {
    (0..100).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(50));
        visitor.get("/admin/timing").body.contains(what)
    })
}

#[test]
fn the_median_is_told_from_twenty_entries_on_and_of_all_together() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut service = Service::start(&folder.path().join("data"));
    let mut admin = service.set_up();
    let mut kari = add(&mut admin, "reception");
    assert!(admin.get("/admin/timing").body.contains("minst 20 spørsmål"), "empty at first");
    tell_often(&mut kari, 10);
    tell_often(&mut admin, 9);
    let page = admin.get("/admin/timing").body;
    assert!(page.contains("minst 20 spørsmål") && !page.contains("<svg"), "{page}");
    tell_often(&mut kari, 1);
    assert!(until(&mut admin, "20 spørsmål"));
    let page = admin.get("/admin/timing").body;
    for told in ["under 9,5 s", "under 1,9 s", "20 spørsmål", "<polyline", "<td>100 %</td>"] {
        assert!(page.contains(told), "{told}: {page}");
    }
    let main = page.split("<main").nth(1).expect("a page");
    assert!(!main.contains("reception") && !main.contains("Marit"), "nobody is named");
    assert_eq!(kari.get("/admin/timing").status, 403);
}

#[test]
fn what_cannot_have_taken_so_long_is_not_counted() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut service = Service::start(&folder.path().join("data"));
    let mut admin = service.set_up();
    let token = token(&mut admin);
    let half_an_hour = 30 * 60 * 1_000;
    for (fields, status) in [
        (json!({ "total_ms": half_an_hour, "beyond_ms": 0 }), 200),
        (json!({ "total_ms": half_an_hour + 1, "beyond_ms": 0 }), 422),
        (json!({ "total_ms": 1_000, "beyond_ms": 1_001 }), 422),
        (json!({ "total_ms": -1, "beyond_ms": 0 }), 422),
        (json!({ "total_ms": 9.5, "beyond_ms": 0 }), 422),
        (json!({ "total_ms": 1_000 }), 422),
        (json!({ "total_ms": 1_000, "beyond_ms": 0, "person": "per_1" }), 422),
    ] {
        assert_eq!(tell(&mut admin, &token, &fields), status, "{fields}");
    }
    assert_eq!(tell(&mut admin, "0", &json!({ "total_ms": 1, "beyond_ms": 0 })), 403);
}

#[test]
fn counts_outlive_an_orderly_end_and_name_nobody_where_they_lie() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    let mut service = Service::start(&data);
    let mut admin = service.set_up();
    tell_often(&mut admin, 24);
    assert!(until(&mut admin, "20 spørsmål"), "the other four wait");
    tell_often(&mut admin, 1);
    service.signal(rustix::process::Signal::TERM);
    assert!(service.ends().success());
    let mut service = Service::start(&data);
    let mut admin = Visitor::sign_in(service.address, "marit");
    assert!(admin.get("/admin/timing").body.contains("25 spørsmål"));
    tell_often(&mut admin, 4);
    assert!(admin.get("/admin/timing").body.contains("25 spørsmål"), "four are too few");
    service.signal(rustix::process::Signal::TERM);
    assert!(service.ends().success());
    let to = folder.path().join("export");
    run(&data, &["export", &to.to_string_lossy()]);
    let lines = std::fs::read_to_string(to.join("timing.jsonl")).expect("a file of its kind");
    let kept: Value = serde_json::from_str(lines.trim()).expect("one week, one line");
    let times = json!({ "total": { "10000": 25 }, "beyond": { "2000": 25 } });
    assert_eq!(kept["times"], times, "four are too few to be written by themselves");
    let names: Vec<&String> = kept.as_object().expect("a row").keys().collect();
    assert_eq!(names, ["first", "id", "last", "times", "version", "week"]);
}
