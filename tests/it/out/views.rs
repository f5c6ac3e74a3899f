//! Saved views: one's own, shared ones, other names, the way back, and their limit.

use skranke::clock::Clock;
use skranke::people::ViewFacts;

use crate::harness::town::Town;
use crate::harness::visitor::{Answer, Visitor, add};

fn change(visitor: &mut Visitor, fields: &[(&str, &str)]) -> Answer {
    visitor.submit("/views", "/views", fields)
}

/// What saves the filter of a list under a name.
fn named(name: &str) -> [(&str, &str); 4] {
    let query = ("query", "kind=missing&owner=nobody&page=2");
    [("change", "put"), ("of", "gaps"), query, ("name", name)]
}

/// The id and the version of the first view of one's own.
fn first(visitor: &mut Visitor) -> (String, String) {
    let page = visitor.get("/views").body;
    let row = page.split("name=\"id\" value=\"view_").nth(1).expect("a view");
    let id = format!("view_{}", row.split('"').next().unwrap_or_default());
    let version = row.split("name=\"version\" value=\"").nth(1).and_then(|it| it.split('"').next());
    (id, version.unwrap_or_default().to_owned())
}

#[test]
fn a_filter_is_saved_shared_renamed_deleted_and_put_back() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    let clock = Clock::fixed("2026-03-06T11:00:00Z".parse().expect("an instant"));
    let town = Town::open(&data, &clock);
    let mut admin = town.set_up();
    let mut editor = add(&mut admin, "editor");
    let asked = "/gaps?kind=missing&owner=nobody&page=2";
    assert!(!editor.get("/gaps").body.contains("/views?"), "all of a list needs no name");
    let page = editor.get(asked).body;
    assert!(
        page.contains("/views?of=gaps&amp;query=kind%3Dmissing%26owner%3Dnobody")
            || page.contains("/views?of=gaps&#38;query=kind%3Dmissing%26owner%3Dnobody"),
        "{page}"
    );
    assert_eq!(change(&mut editor, &named("  ")).status, 422);
    let long = "x".repeat(ViewFacts::NAME_CHARS_MAX + 1);
    let refused = change(&mut editor, &named(&long));
    assert!(refused.status == 422 && refused.body.contains(&long), "what was typed is there");
    assert_eq!(change(&mut editor, &named("Ring 91234567")).status, 303);
    let list = editor.get("/gaps").body;
    assert!(list.contains("Ring [telefon]</a>"), "{list}");
    assert!(!editor.get("/topics").body.contains("Ring [telefon]"), "another list");
    assert!(!admin.get("/gaps").body.contains("Ring [telefon]"), "it is one's own");

    let (id, version) = first(&mut editor);
    let put = |name: &'static str, version| {
        let at = [("id", id.as_str()), ("version", version), ("shared", "yes")];
        [named(name).as_slice(), &at].concat()
    };
    assert_eq!(change(&mut editor, &put("Skule", &version)).status, 303);
    let stale = change(&mut editor, &put("Barnehage", &version));
    assert!(stale.status == 412 && stale.body.contains("value=\"Barnehage\""), "{}", stale.status);
    assert!(admin.get("/gaps").body.contains("Skule (editor)</a>"), "{}", admin.get("/gaps").body);
    assert_eq!(change(&mut admin, &put("Min", "2")).status, 404, "only its owner changes it");
    let (id, version) = first(&mut editor);
    let step = |change, version| [("change", change), ("id", id.as_str()), ("version", version)];
    assert_eq!(change(&mut editor, &step("remove", &version)).status, 303);
    assert!(!admin.get("/gaps").body.contains("Skule"));
    let (_, version) = first(&mut editor);
    assert_eq!(change(&mut editor, &step("restore", &version)).status, 303);
    drop(town);

    std::fs::remove_dir_all(data.join("view")).expect("removed");
    let town = Town::open(&data, &clock);
    town.app.settle().expect("made anew");
    let mut editor = Visitor::sign_in(town.address, "editor");
    let list = editor.get("/gaps?kind=missing&owner=nobody").body;
    let here = "aria-current=\"page\">Skule</a>";
    assert!(list.contains(here), "the journal has it: {list}");
    for n in 1..ViewFacts::PER_PERSON_MAX {
        let name = n.to_string();
        assert_eq!(change(&mut editor, &named(&name)).status, 303, "{n}");
    }
    assert_eq!(change(&mut editor, &named("ei til")).status, 422);
}
