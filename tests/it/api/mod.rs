//! The programming interface as programs meet it: versions, keys, lists, faults, machines.

mod answers;
mod examples;
mod foreign;
mod machines;
mod more;

use std::path::Path;

use serde_json::{Value, json};
use skranke::clock::Clock;
use skranke::schedule::Job;

use crate::harness::town::Town;
use crate::harness::visitor::{Answer, Visitor};
use crate::live::take_pages;

/// Whatever is there is changed.
const ANY: &str = "if-match: *\r\n";

/// A town with one gap, and its administrator.
fn town(data: &Path, clock: &Clock) -> (Town, Visitor, String) {
    let town = Town::open(data, clock);
    let mut admin = town.set_up();
    take_pages(&town.app, &[("bad", "Svømmehallen", "Svømmehallen er åpen hver dag til 18.")]);
    for (n, text) in
        ["kor er kvervlingen", "kvar finn eg kvervlingen", "kvervlingen kor"].iter().enumerate()
    {
        let key = format!("inq_0197f000-0000-7000-8000-00000000000{n}");
        let body = json!({ "key": key, "text": text, "channel": "phone" });
        assert_eq!(post(&mut admin, "/api/v1/inquiries", ("", body)).status, 201, "{text}");
    }
    town.app.settle().expect("folded");
    town.run(&mut admin, Job::Topics);
    let gaps = admin.get("/api/v1/gaps?state=all").json();
    let number = gaps["items"][0]["topic"].as_str().map(str::to_owned);
    (town, admin, number.unwrap_or_else(|| panic!("a gap: {gaps}")))
}

fn clock() -> Clock {
    Clock::fixed("2026-03-02T09:00:00Z".parse().expect("a time"))
}

/// Sends something with a page's token, or a machine's alone.
pub(crate) fn sent(
    visitor: &mut Visitor,
    (verb, path): (&str, &str),
    (headers, body): (&str, &str),
) -> Answer {
    let csrf = visitor.get("/api/v1/session");
    let csrf =
        if csrf.status == 200 { csrf.json()["csrf"].as_str().map(str::to_owned) } else { None };
    let headers = format!("{headers}x-csrf: {}\r\n", csrf.unwrap_or_default());
    visitor.call(verb, path, (&headers, body)).expect("an answer")
}

fn post(visitor: &mut Visitor, path: &str, (headers, body): (&str, Value)) -> Answer {
    sent(visitor, ("POST", path), (headers, &body.to_string()))
}

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    let found = answer.headers.iter().find(|it| it.0.eq_ignore_ascii_case(name));
    found.map_or("", |it| it.1.as_str())
}

#[track_caller]
fn problem(answer: &Answer, status: u16, field: &str) {
    assert_eq!(answer.status, status, "{}", answer.body);
    assert_eq!(header(answer, "content-type"), "application/problem+json");
    let told = answer.json();
    assert_eq!(told["status"], status, "{told}");
    let words = |name: &str| told[name].as_str().is_some_and(|it| 3 < it.len());
    assert!(words("title") && words("detail") && words("instance"), "{told}");
    if !field.is_empty() {
        assert_eq!(told["errors"][0]["field"], field, "{told}");
    }
}

#[test]
fn a_step_is_held_against_the_version_that_was_seen() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (_town, mut admin, number) = town(&folder.path().join("data"), &clock());
    let at = format!("/api/v1/gaps/{number}");
    let steps = format!("{at}/steps");
    let gap = admin.get(&at);
    let seen = header(&gap, "etag").to_owned();
    assert!(gap.json()["version"] == 0 && seen.starts_with("\"0."), "{seen}");

    problem(&post(&mut admin, &steps, ("", json!({ "step": "take" }))), 428, "");
    let held = format!("if-match: {seen}\r\n");
    let taken = post(&mut admin, &steps, (&held, json!({ "step": "take" })));
    assert_eq!((taken.status, &taken.json()["state"]), (200, &json!("taken")), "{}", taken.body);
    let stale = post(&mut admin, &steps, (&held, json!({ "step": "release" })));
    problem(&stale, 412, "");
    assert_eq!(
        (&stale.json()["current"]["state"], &stale.json()["version"]),
        (&json!("taken"), &json!(1))
    );
    assert_eq!(header(&stale, "etag"), "\"1\"");

    let now = format!("if-match: {}\r\n", header(&taken, "etag"));
    let without = json!({ "step": "dismiss", "reason": " " });
    problem(&post(&mut admin, &steps, (&now, without)), 422, "reason");
    let strange = json!({ "step": "release", "state": "verified" });
    problem(&post(&mut admin, &steps, (&now, strange)), 422, "state");
    let link = json!({ "step": "link_page", "address": "javascript:alert(1)" });
    problem(&post(&mut admin, &steps, (&now, link)), 422, "address");
    problem(
        &post(
            &mut admin,
            "/api/v1/gaps/T99/steps",
            ("if-match: *\r\n", json!({ "step": "release" })),
        ),
        404,
        "",
    );

    let kept = admin.get_with(&at, &format!("if-none-match: {}\r\n", header(&taken, "etag")));
    assert_eq!((kept.status, kept.body.as_str()), (304, ""));
    let said = post(
        &mut admin,
        &steps,
        ("if-match: *\r\n", json!({ "step": "comment", "text": "ser på det" })),
    );
    assert_eq!(said.json()["comments"][0]["text"], "ser på det", "{}", said.body);
    let kept = admin.get_with(&at, &format!("if-none-match: {}\r\n", header(&taken, "etag")));
    assert_eq!(kept.status, 200);
}

#[test]
fn of_two_who_step_at_once_one_is_told_of_the_other() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, mut admin, number) = town(&folder.path().join("data"), &clock());
    let path = format!("/api/v1/gaps/{number}/steps");
    for round in 0..10 {
        let seen = admin.get(&format!("/api/v1/gaps/{number}"));
        let held = format!("if-match: {}\r\n", header(&seen, "etag"));
        let ask = |step: &str, mut visitor: Visitor| {
            let (path, held, step) = (path.clone(), held.clone(), step.to_owned());
            std::thread::spawn(move || {
                post(&mut visitor, &path, (&held, json!({ "step": step }))).status
            })
        };
        let both = [ask("take", admin.clone()), ask("reopen", admin.clone())];
        let mut told = both.map(|it| it.join().expect("an answer"));
        told.sort_unstable();
        assert_eq!(told, [200, 412], "round {round}");
    }
    drop(town);
}

#[test]
fn what_is_made_under_a_key_is_made_once_also_after_a_restart() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    let mut service = crate::harness::visitor::Service::start(&data);
    let mut admin = service.set_up();
    let row = json!({ "said": "søppel", "written": "avfall" });
    let key = "idempotency-key: \"rad-1\"\r\n";
    let first = post(&mut admin, "/api/v1/words", (key, row.clone()));
    assert_eq!(first.status, 201, "{}", first.body);
    let id = first.json()["id"].as_str().expect("an id").to_owned();
    assert_eq!(header(&first, "location"), format!("/api/v1/words/{id}"));
    let asked: Vec<_> = (0..10)
        .map(|_| {
            let (mut visitor, row) = (admin.clone(), row.clone());
            std::thread::spawn(move || post(&mut visitor, "/api/v1/words", (key, row)))
        })
        .collect();
    for again in asked {
        let again = again.join().expect("an answer");
        assert_eq!((again.status, &again.json()["id"]), (201, &json!(id)), "{}", again.body);
    }
    let other = json!({ "said": "søppel", "written": "renovasjon" });
    problem(&post(&mut admin, "/api/v1/words", (key, other.clone())), 422, "");
    let fresh = post(&mut admin, "/api/v1/words", ("", row.clone()));
    problem(&fresh, 422, "said");

    service.kill();
    let service = crate::harness::visitor::Service::start(&data);
    admin.address = service.address;
    let again = post(&mut admin, "/api/v1/words", (key, row));
    assert_eq!((again.status, &again.json()["id"]), (201, &json!(id)), "{}", again.body);
    let reused = post(&mut admin, "/api/v1/words", (key, other));
    assert_eq!((reused.status, &reused.json()["type"]), (422, &json!("urn:skranke:key_reused")));
    assert_eq!(admin.get("/api/v1/words").json()["total"], 1);
    let audit = admin.get("/api/v1/admin/audit?area=words").json();
    assert_eq!(audit["items"].as_array().map(Vec::len), Some(1), "{audit}");
    drop(service);
    let verified = crate::harness::program::run(&data, &["verify"]);
    assert!(!verified.is_empty(), "the chain of the audit holds");
}

#[test]
fn a_list_is_walked_to_its_end_while_new_ones_come() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, mut admin, _) = town(&folder.path().join("data"), &clock());
    let log = |admin: &mut Visitor, n: u32| {
        let key = format!("inq_0197f000-0000-7000-8000-0000000001{n:02}");
        let body = json!({ "key": key, "text": format!("spørsmål nummer {n}"), "channel": "desk" });
        assert_eq!(post(admin, "/api/v1/inquiries", ("", body)).status, 201);
        town.app.settle().expect("folded");
    };
    (10..17).for_each(|n| log(&mut admin, n));
    let (mut seen, mut next) = (vec![], Some("/api/v1/inquiries?channel=desk&limit=3".to_owned()));
    while let Some(path) = next {
        let answer = admin.get(&path);
        assert_eq!(answer.status, 200, "{}", answer.body);
        let told = answer.json();
        let items = told["items"].as_array().cloned().unwrap_or_default();
        seen.extend(items.iter().filter_map(|it| it["text"].as_str().map(str::to_owned)));
        next = told["next"].as_str().map(str::to_owned);
        let link = next.as_ref().map_or(String::new(), |it| format!("<{it}>; rel=\"next\""));
        assert_eq!(header(&answer, "link"), link);
        log(&mut admin, 20 + seen.len() as u32);
    }
    let told: Vec<String> = (10..17).rev().map(|n| format!("spørsmål nummer {n}")).collect();
    assert_eq!(seen, told);
    problem(&admin.get("/api/v1/inquiries?limit=0"), 422, "limit");
    problem(&admin.get("/api/v1/inquiries?cursor=zz"), 422, "cursor");
    problem(&admin.get("/api/v1/inquiries?limt=1"), 422, "limt");
    problem(&admin.get("/api/v1/inquiries?channel=fax"), 422, "");
}

#[test]
fn every_fault_is_told_as_a_problem() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut service = crate::harness::visitor::Service::start(&folder.path().join("data"));
    let mut admin = service.set_up();
    problem(&admin.get("/api/v1/nothing"), 404, "");
    let wrong = sent(&mut admin, ("PUT", "/api/v1/gaps"), ("", ""));
    problem(&wrong, 405, "");
    assert_eq!(header(&wrong, "allow"), "GET,HEAD");
    problem(&admin.get_with("/api/v1/words", "accept: text/html\r\n"), 406, "");
    problem(&post(&mut admin, "/api/v1/words", ("", json!({ "said": "a" }))), 422, "written");
    problem(
        &post(&mut admin, "/api/v1/words", ("", json!({ "said": "a", "written": 1 }))),
        422,
        "written",
    );
    problem(&sent(&mut admin, ("POST", "/api/v1/words"), ("", "{\"said\"")), 400, "");
    let large = format!("{{\"said\":\"{}\"}}", "a".repeat(70_000));
    problem(&sent(&mut admin, ("POST", "/api/v1/words"), ("", &large)), 413, "");
    let mut nobody = Visitor::new(service.address);
    let out = nobody.get("/api/v1/words");
    problem(&out, 401, "");
    assert_eq!(header(&out, "www-authenticate"), "Bearer");
    let forged = admin.call("POST", "/api/v1/words", ("", "{}")).expect("an answer");
    problem(&forged, 403, "");
    let csrf = admin.get("/api/v1/session").json()["csrf"].as_str().unwrap_or_default().to_owned();
    let form = admin.post("/api/v1/words", &csrf, &[("said", "a")]).expect("an answer");
    problem(&form, 403, "");
}
