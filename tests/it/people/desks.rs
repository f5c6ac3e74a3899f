//! Desks as scopes: whoever has some logs under those alone, and sees those alone today.

use super::{change, id_of, town};
use crate::harness::visitor::{Visitor, add, come, invite};

const KEYS: [&str; 6] = [
    "inq_01970001-0001-7000-8000-000000000001",
    "inq_01970001-0001-7000-8000-000000000002",
    "inq_01970001-0001-7000-8000-000000000003",
    "inq_01970001-0001-7000-8000-000000000004",
    "inq_01970001-0001-7000-8000-000000000005",
    "inq_01970001-0001-7000-8000-000000000006",
];

fn with_desks(admin: &mut Visitor) {
    for name in ["Torget", "Nordbygda", "Lia"] {
        let version = admin.get("/admin/desks").hidden("version");
        let fields =
            [("version", &*version), ("kind", "desk"), ("change", "add"), ("name_nn", name)];
        assert_eq!(admin.submit("/admin/desks", "/admin/desks", &fields).status, 303);
    }
}

#[test]
fn a_person_with_desks_logs_under_those_alone_on_every_way_in() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, _) = town(folder.path());
    let mut admin = town.set_up();
    with_desks(&mut admin);
    let kari = [("login", "kari"), ("name", "Kari"), ("role", "reception"), ("desk", "Torget")];
    let link = invite(&mut admin, &kari);
    let mut kari = come(town.address, &link, "gule bananar paa loftet");
    let page = kari.get("/").body;
    assert!(!page.contains("Nordbygda"), "only her own is there: {page}");
    let form = |key: &'static str, desk: &'static str| {
        [("key", key), ("text", "når opnar symjehallen"), ("act", "save"), ("desk", desk)]
    };
    let refused = kari.submit("/", "/log", &form(KEYS[0], "Nordbygda"));
    let says = "Du loggfører for Torget.";
    assert!(refused.status == 422 && refused.body.contains(says), "{}", refused.body);
    assert_eq!(kari.submit("/", "/log", &form(KEYS[0], "")).status, 303);
    let lines = [("key", KEYS[1]), ("lines", "når går bussen"), ("desk", "Lia")];
    assert_eq!(kari.submit("/today", "/today/batch", &lines).status, 422);
    let csrf = kari.get("/").csrf().expect("a form");
    for path in ["/api/v1/inquiries", "/api/v1/screen/inquiries"] {
        let sent = serde_json::json!({"key": KEYS[2], "text": "kva kostar det", "desk": "Lia"});
        let answer = kari.send(path, &csrf, &sent).expect("an answer");
        assert!(answer.status == 422 && answer.body.contains(says), "{path}: {}", answer.body);
    }
    let sent = serde_json::json!({"key": KEYS[3], "text": "kva kostar det", "desk": "Torget"});
    assert_eq!(kari.send("/api/v1/inquiries", &csrf, &sent).expect("an answer").status, 201);
    let columns = town.app.state.inquiries.columns();
    let desks: Vec<&str> = columns.desks().iter().map(AsRef::as_ref).collect();
    assert_eq!(desks, ["Torget"]);
}

#[test]
fn a_person_whose_desk_is_archived_logs_at_no_other() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, _) = town(folder.path());
    let mut admin = town.set_up();
    with_desks(&mut admin);
    let kari = [("login", "kari"), ("name", "Kari"), ("role", "reception"), ("desk", "Lia")];
    let link = invite(&mut admin, &kari);
    let mut kari = come(town.address, &link, "gule bananar paa loftet");
    let version = admin.get("/admin/desks").hidden("version");
    let fields =
        [("version", &*version), ("kind", "desk"), ("change", "archive"), ("place", "Lia")];
    assert_eq!(admin.submit("/admin/desks", "/admin/desks", &fields).status, 303);
    let form = [("key", KEYS[0]), ("text", "når opnar symjehallen"), ("act", "save")];
    assert_eq!(kari.submit("/", "/log", &form).status, 303);
    let columns = town.app.state.inquiries.columns();
    let desks: Vec<&str> = columns.desks().iter().map(AsRef::as_ref).collect();
    assert_eq!(desks, ["Lia"]);
}

#[test]
fn today_shows_a_person_with_desks_what_was_asked_there() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, _) = town(folder.path());
    let mut admin = town.set_up();
    with_desks(&mut admin);
    let mut kari = add(&mut admin, "reception");
    for (key, text, desk) in [
        (KEYS[0], "når opnar symjehallen", "Torget"),
        (KEYS[1], "kvar leverer ein batteri", "Nordbygda"),
    ] {
        let fields = [("key", key), ("text", text), ("act", "save"), ("desk", desk)];
        assert_eq!(admin.submit("/", "/log", &fields).status, 303);
    }
    let page = kari.get("/today").body;
    assert!(page.contains("symjehallen") && page.contains("batteri"), "{page}");
    let id = id_of(&town, "reception");
    let fields = [("change", "desks"), ("desk", "Nordbygda"), ("desk", "Lia")];
    assert_eq!(change(&mut admin, id, &fields), 303);
    let page = kari.get("/today").body;
    assert!(!page.contains("symjehallen") && page.contains("batteri"), "{page}");
    assert!(!kari.get("/today?q=opnar&desk=Torget").body.contains("når opnar"));
    assert_eq!(change(&mut admin, id, &[("change", "desks"), ("desk", "Månen")]), 422);
    assert_eq!(change(&mut admin, id, &[("change", "desks")]), 303);
    assert!(kari.get("/today").body.contains("symjehallen"));
}

#[test]
fn what_many_ask_at_once_elsewhere_is_no_alarm_at_ones_own_desk() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, _) = town(folder.path());
    let mut admin = town.set_up();
    with_desks(&mut admin);
    let mut kari = add(&mut admin, "reception");
    let text = ("text", "kvifor er vatnet borte i Sjøgata");
    for key in &KEYS {
        let same_as = ("same_as", KEYS[0]);
        let of = if *key == KEYS[0] { text } else { same_as };
        let fields = [("key", *key), of, ("act", "save"), ("desk", "Torget")];
        assert_eq!(admin.submit("/", "/log", &fields).status, 303);
    }
    let mut is_told = || kari.get("/").body.contains("gonger sidan");
    assert!(is_told(), "whoever is held to no desk sees all of them");
    let id = id_of(&town, "reception");
    assert_eq!(change(&mut admin, id, &[("change", "desks"), ("desk", "Torget")]), 303);
    assert!(is_told(), "it is asked here");
    assert_eq!(change(&mut admin, id, &[("change", "desks"), ("desk", "Lia")]), 303);
    assert!(!is_told(), "it is asked elsewhere");
}
