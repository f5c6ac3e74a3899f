//! What machines do in the place of people: named where records say who, and no further than their
//! tokens reach.

use serde_json::{Value, json};

use super::{ANY, clock, header, post, problem, sent, town};
use crate::harness::visitor::{Visitor, add};
use crate::machine::token;

#[test]
fn a_machine_that_works_is_named_as_who_did_it() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, mut admin, number) = town(&folder.path().join("data"), &clock());
    let token = token(&mut admin, &[("name", "Saksbot"), ("scope", "work"), ("scope", "read")]);
    let mut bot = Visitor::new(town.address).with_token(&token);
    let path = format!("/api/v1/gaps/{number}");
    let steps = format!("{path}/steps");
    problem(&post(&mut bot, &steps, ("if-match: *\r\n", json!({ "step": "take" }))), 422, "step");
    let seen = bot.get(&path);
    let held = format!("if-match: {}\r\n", header(&seen, "etag"));
    let dismiss = json!({ "step": "dismiss", "reason": "er svart på telefon" });
    let gap = post(&mut bot, &steps, (&held, dismiss));
    assert_eq!((gap.status, &gap.json()["history"][0]["by"]), (200, &json!("Saksbot")));
    let page = admin.get(&format!("/gaps/{number}"));
    assert!(page.body.contains("Saksbot"), "the screen names it too");
    let audit = admin.get("/api/v1/admin/audit?area=gaps").json();
    let line = &audit["items"][0];
    assert_eq!((&line["action"], &line["name"]), (&json!("gap.dismiss"), &json!("Saksbot")));
    let who = line["machine"].as_str().expect("an id").to_owned();
    let own = admin.get(&format!("/api/v1/admin/audit?who={who}&area=gaps")).json();
    assert_eq!(own["items"].as_array().map(Vec::len), Some(1), "{own}");
    problem(&bot.get("/api/v1/admin/audit"), 403, "");
    drop(town);
}

#[test]
fn a_token_makes_no_token_and_no_field_gives_more_than_was_granted() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, mut admin, _) = town(&folder.path().join("data"), &clock());
    let token = token(&mut admin, &[("name", "Drift"), ("scope", "admin")]);
    let mut bot = Visitor::new(town.address).with_token(&token);
    let new = json!({ "name": "Til", "scopes": ["admin"] });
    problem(&post(&mut bot, "/api/v1/admin/tokens", ("", new.clone())), 403, "");
    let made = post(&mut admin, "/api/v1/admin/tokens", ("idempotency-key: t1\r\n", new.clone()));
    assert_eq!(made.status, 201, "{}", made.body);
    assert!(made.json()["token"].as_str().is_some_and(|it| it.starts_with("skr_")));
    problem(&post(&mut admin, "/api/v1/admin/tokens", ("idempotency-key: t1\r\n", new)), 409, "");
    let tokens = bot.get("/api/v1/admin/tokens").json();
    assert!(!tokens.to_string().contains("hash"), "{tokens}");
    for more in ["by", "hash", "id", "owner", "version", "disabled"] {
        let mut word: Value = json!({ "said": "a", "written": "b" });
        word[more] = json!("x");
        problem(&post(&mut admin, "/api/v1/words", ("", word)), 422, more);
    }
    drop(town);
}

#[test]
fn what_belongs_to_others_is_not_there() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, mut admin, number) = town(&folder.path().join("data"), &clock());
    let mut editor = add(&mut admin, "editor");
    let view = json!({ "name": "Mine hol", "of": "gaps", "query": "state=new" });
    let view = post(&mut admin, "/api/v1/views", ("", view));
    assert_eq!(view.status, 201, "{}", view.body);
    let path = format!("/api/v1/views/{}", view.json()["id"].as_str().expect("an id"));
    problem(&editor.get(&path), 404, "");
    let other = json!({ "name": "Mitt", "of": "gaps" }).to_string();
    problem(&sent(&mut editor, ("PUT", &path), ("if-match: *\r\n", &other)), 404, "");
    problem(&sent(&mut editor, ("DELETE", &path), (ANY, "")), 404, "");
    assert_eq!(sent(&mut admin, ("DELETE", &path), (ANY, "")).status, 204);

    let feed = admin.submit("/account", "/account", &[("change", "make_feed")]);
    assert!(feed.status < 500, "{}", feed.body);
    let links = format!("/api/v1/gaps/{number}/links");
    let link = post(&mut editor, &links, ("", json!({ "until": "2026-03-20" })));
    assert_eq!(link.status, 201, "{}", link.body);
    let id = link.json()["id"].as_str().expect("an id").to_owned();
    let strange = sent(&mut editor, ("DELETE", &format!("/api/v1/gaps/T99/links/{id}")), (ANY, ""));
    problem(&strange, 404, "");
    assert_eq!(sent(&mut editor, ("DELETE", &format!("{links}/{id}")), (ANY, "")).status, 204);

    let own = "inq_0197f000-0000-7000-8000-000000000000";
    let undo = json!({ "change": "undo" });
    let changes = format!("/api/v1/inquiries/{own}/changes");
    problem(&post(&mut editor, &changes, ("if-match: *\r\n", undo.clone())), 403, "");
    let undone = post(&mut admin, &changes, ("if-match: *\r\n", undo));
    assert_eq!((undone.status, &undone.json()["removed"]), (200, &json!(true)), "{}", undone.body);
    problem(&admin.get(&format!("/api/v1/inquiries/{own}")), 404, "");
    drop(town);
}

#[test]
fn a_person_decides_whose_code_is_demanded_and_a_machine_only_reads_it() {
    const CODES: &str = "/api/v1/admin/codes";
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, mut admin, _) = town(&folder.path().join("data"), &clock());
    let token = token(&mut admin, &[("name", "Drift"), ("scope", "admin")]);
    let mut bot = Visitor::new(town.address).with_token(&token);
    add(&mut admin, "editor");
    let seen = bot.get(CODES);
    assert_eq!(seen.json(), json!({ "roles": [], "owing": 0 }), "{}", seen.body);
    let editors = json!({ "roles": ["editor"] }).to_string();
    problem(&sent(&mut bot, ("PUT", CODES), (ANY, &editors)), 403, "");
    let held = format!("if-match: {}\r\n", header(&seen, "etag"));
    let put = sent(&mut admin, ("PUT", CODES), (&held, &editors));
    assert_eq!(put.status, 200, "{}", put.body);
    assert_eq!(put.json(), json!({ "roles": ["editor"], "owing": 1 }), "{}", put.body);
    let nobody = json!({ "roles": [] }).to_string();
    problem(&sent(&mut admin, ("PUT", CODES), (&held, &nobody)), 412, "");
    let king = json!({ "roles": ["king"] }).to_string();
    problem(&sent(&mut admin, ("PUT", CODES), (ANY, &king)), 422, "");
    let mut editor = Visitor::sign_in(town.address, "editor");
    assert_eq!(editor.get("/gaps").location(), "/account/second-step");
    assert_eq!(sent(&mut admin, ("PUT", CODES), (ANY, &nobody)).status, 200);
    assert_eq!(editor.get("/gaps").status, 200);
    drop(town);
}
