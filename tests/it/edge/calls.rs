//! Totals of calls: brought in, measured against, replaced and taken back.

use crate::harness::visitor::{Service, Visitor, add};

fn put(admin: &mut Visitor, table: &str) -> u16 {
    let fields = [("change", "import"), ("table", table)];
    admin.submit("/admin/calls", "/admin/calls", &fields).status
}

#[test]
fn a_table_is_taken_whole_or_not_at_all_and_can_be_taken_back() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut service = Service::start(folder.path());
    let mut admin = service.set_up();
    let bad = "dato;samtalar\n02.03.2026;61\n3.3.2026;mange\n40.3.2026;2\n";
    let fields = [("change", "import"), ("table", bad)];
    let answer = admin.submit("/admin/calls", "/admin/calls", &fields);
    assert_eq!(answer.status, 422);
    assert!(answer.body.contains("Linje 3: «mange»"), "{}", answer.body);
    assert!(answer.body.contains("Linje 4: «40.3.2026»"), "{}", answer.body);
    assert!(admin.get("/admin/calls").body.contains("Ingen samtaletal"), "nothing was taken");

    assert_eq!(put(&mut admin, "dato;samtalar\n02.03.2026;61\n3.3.2026;40\n"), 303);
    assert!(admin.get("/admin/calls").body.contains("101 samtalar"));
    // The same day again replaces, and taking that back brings the old number back.
    assert_eq!(put(&mut admin, "dato;samtalar\n3.3.2026;9\n"), 303);
    let page = admin.get("/admin/calls");
    assert!(page.body.contains("61 samtalar") && page.body.contains("9 samtalar"), "{}", page.body);
    let id = page.hidden("id");
    let fields = [("change", "take_back"), ("id", id.as_str())];
    assert_eq!(admin.submit("/admin/calls", "/admin/calls", &fields).status, 303);
    assert!(admin.get("/admin/calls").body.contains("101 samtalar"));

    let mut editor = add(&mut admin, "editor");
    assert_eq!(editor.get("/admin/calls").status, 403);
}

#[test]
fn a_day_of_the_form_stands_beside_what_is_known_of_the_day() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut service = Service::start(folder.path());
    let mut admin = service.set_up();
    let day =
        |calls, desk| [("change", "put"), ("day", "2026-03-02"), ("calls", calls), ("desk", desk)];
    for fields in [day("40", "Mottak"), day("2", "Bibliotek"), day("5", "Bibliotek")] {
        assert_eq!(admin.submit("/admin/calls", "/admin/calls", &fields).status, 303);
    }
    assert!(admin.get("/admin/calls").body.contains("45 samtalar"));
    let wrong = [("change", "put"), ("day", "2999-01-01"), ("calls", "x")];
    let answer = admin.submit("/admin/calls", "/admin/calls", &wrong);
    assert_eq!(answer.status, 422);
    assert!(answer.body.contains("2999-01-01"), "what was typed stays");
}
