//! What the log screen asks for without loading a page, and what a browser keeps of it.

use serde_json::{Value, json};

use crate::harness::visitor::{Answer, Service, Visitor, add};

const KEY: &str = "inq_0197f000000070008000000000000001";

fn csrf(visitor: &mut Visitor) -> String {
    let told = visitor.get("/api/v1/session").json();
    told["csrf"].as_str().expect("a token").to_owned()
}

fn save(visitor: &mut Visitor, fields: &Value) -> Answer {
    let token = csrf(visitor);
    visitor.send("/api/v1/screen/inquiries", &token, fields).expect("an answer")
}

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.headers.iter().find(|it| it.0 == name).map_or("", |it| it.1.as_str())
}

#[test]
fn a_row_is_acknowledged_with_its_place_and_the_same_however_often_it_is_sent() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut service = Service::start(&folder.path().join("data"));
    let mut admin = service.set_up();
    let entry = json!({ "key": KEY, "text": "når opnar de 01818510078" });
    let first = save(&mut admin, &entry);
    assert_eq!(first.status, 201, "{}", first.body);
    let (said, again) = (first.json(), save(&mut admin, &entry));
    assert_eq!((again.status, &again.json()["again"]), (200, &json!(true)));
    assert_eq!(again.json()["sequence"], said["sequence"]);
    assert_eq!((&said["id"], &said["masked"]), (&json!(KEY), &json!(1)));
    let kept = said["text"].as_str().expect("the words as they are kept");
    assert!(kept.starts_with("når opnar de [") && !kept.contains("01818510078"), "{kept}");
    assert!(said["sequence"].as_u64().is_some_and(|it| 0 < it));
    let page = admin.get("/").body;
    assert_eq!(page.matches("når opnar de").count(), 2, "once in the row, once on its button");
}

#[test]
fn what_cannot_be_taken_is_told_at_its_field_in_the_persons_language() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut service = Service::start(&folder.path().join("data"));
    let mut admin = service.set_up();
    for (fields, field) in [
        (json!({ "key": KEY, "text": "" }), "text"),
        (json!({ "key": KEY, "text": "å".repeat(2_001) }), "text"),
        (json!({ "key": KEY, "text": "når opnar de", "note": "å".repeat(2_001) }), "note"),
    ] {
        let answer = save(&mut admin, &fields);
        assert_eq!((answer.status, &answer.json()["field"]), (422, &json!(field)));
        assert!(
            answer.json()["detail"].as_str().is_some_and(|it| !it.contains('.') || 9 < it.len())
        );
    }
    assert_eq!(save(&mut admin, &json!({ "key": KEY, "text": "når opnar de" })).status, 201);
    let other = save(&mut admin, &json!({ "key": KEY, "text": "når stengjer de" }));
    assert_eq!((other.status, &other.json()["field"]), (422, &json!("text")));
    let wide = json!({ "key": KEY, "text": "å".repeat(40_000) });
    assert_eq!(save(&mut admin, &wide).status, 413);
}

#[test]
fn an_entry_is_changed_by_its_author_alone() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut service = Service::start(&folder.path().join("data"));
    let mut admin = service.set_up();
    let mut other = add(&mut admin, "reception");
    assert_eq!(save(&mut admin, &json!({ "key": KEY, "text": "når opnar de" })).status, 201);
    let path = |what: &str| format!("/api/v1/screen/inquiries/{KEY}/{what}");
    let answered = json!({ "outcome": "answered" });
    let (own, theirs) = (csrf(&mut admin), csrf(&mut other));
    let denied = other.send(&path("outcome"), &theirs, &answered).expect("an answer");
    assert_eq!(denied.status, 403);
    let set = admin.send(&path("outcome"), &own, &answered).expect("an answer");
    assert_eq!((set.status, &set.json()["outcome"]), (200, &json!("answered")));
    let forged = admin.send(&path("undo"), &theirs, &json!({})).expect("an answer");
    assert_eq!(forged.status, 403, "another's token does not fit");
    let undone = admin.send(&path("undo"), &own, &json!({})).expect("an answer");
    assert_eq!(undone.status, 200, "{}", undone.body);
    assert!(!admin.get("/").body.contains("når opnar de"));
}

#[test]
fn a_browser_gets_the_key_of_its_own_person_and_keeps_no_answer() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    let mut service = Service::start(&data);
    let mut admin = service.set_up();
    let mut other = add(&mut admin, "reception");
    let answer = admin.get("/api/v1/browser-key");
    assert_eq!((answer.status, header(&answer, "cache-control")), (200, "no-store"));
    let own = answer.json();
    assert_eq!(own["key"].as_str().map(str::len), Some(64));
    assert_ne!(other.get("/api/v1/browser-key").json()["key"], own["key"]);
    let day = own["day"].as_u64().expect("a day");
    let of =
        |visitor: &mut Visitor, day: u64| visitor.get(&format!("/api/v1/browser-key?day={day}"));
    assert_eq!(of(&mut admin, day).json()["key"], own["key"]);
    let before = of(&mut admin, day - 90);
    assert_eq!((before.status, before.json()["key"] == own["key"]), (200, false));
    assert_eq!(of(&mut admin, day - 91).status, 404);
    assert_eq!(of(&mut admin, day + 1).status, 404);
    assert_eq!(Visitor::new(admin.address).get("/api/v1/browser-key").status, 401);
    service.kill();
    let mut service = Service::start(&data);
    let mut back = Visitor::sign_in(service.address, "marit");
    assert_eq!(of(&mut back, day).json()["key"], own["key"], "a restart changes no key");
    service.kill();
}

#[test]
fn the_page_that_a_browser_keeps_says_nothing_of_anybody() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut service = Service::start(&folder.path().join("data"));
    let mut admin = service.set_up();
    let token = csrf(&mut admin);
    assert_eq!(save(&mut admin, &json!({ "key": KEY, "text": "når opnar badet" })).status, 201);
    let page = admin.get("/log/shell");
    assert_eq!(page.status, 200);
    for told in ["Marit", "badet", "per_", "inq_", token.as_str()] {
        assert!(!page.body.contains(told), "{told}");
    }
    assert_eq!(page.csrf().as_deref(), Some(""), "its forms belong to no session");
    assert_eq!(header(&page, "cache-control"), "no-store", "kept on purpose only");
}

#[test]
fn what_makes_an_app_of_it_is_open_to_the_browser() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut service = Service::start(&folder.path().join("data"));
    service.set_up();
    let mut nobody = Visitor::new(service.address);
    let worker = nobody.get("/service-worker.js");
    assert_eq!(header(&worker, "content-type"), "text/javascript; charset=utf-8");
    assert!(header(&worker, "content-security-policy").contains("worker-src 'self'"));
    let manifest = nobody.get("/manifest.webmanifest");
    assert_eq!(header(&manifest, "content-type"), "application/manifest+json");
    for icon in manifest.json()["icons"].as_array().expect("icons") {
        let address = icon["src"].as_str().expect("an address");
        assert!(address.starts_with("/assets/") && !address.contains("missing"), "{address}");
    }
}

#[test]
fn a_save_is_acknowledged_while_every_look_up_hangs() {
    /// More than there are threads for what blocks, so that a look-up that keeps one is seen.
    const LOOK_UPS: usize = 600;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    let mut service =
        Service::start_with(&data, &[("SKRANKE_HANG", "look-up")]).expect("it starts");
    let mut admin = service.set_up();
    let token = csrf(&mut admin);
    let look_up = || {
        let (mut visitor, token) = (admin.clone(), token.clone());
        std::thread::spawn(move || {
            let query = json!({ "text": "når opnar de" });
            visitor.send("/api/v1/suggest", &token, &query).expect("an answer")
        })
    };
    let under_way: Vec<_> = std::iter::repeat_with(look_up).take(LOOK_UPS).collect();
    for one in under_way {
        let answer = one.join().expect("it ends");
        assert_eq!((answer.status, &answer.json()["is_down"]), (200, &json!(true)));
    }
    // Those that were begun hang still, and will for good.
    assert_eq!(save(&mut admin, &json!({ "key": KEY, "text": "når opnar de" })).status, 201);
    service.signal(rustix::process::Signal::TERM);
    assert!(service.ends().success(), "nor does one hold up the end");
}
