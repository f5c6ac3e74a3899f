//! A token has a last day, whichever way it is made and however old it is.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use skranke::clock::Clock;
use skranke::people::{ApiTokenEvent, Grant, Scope, TokenText};
use skranke::record::Change;

use super::{LOG, refused, send, token};
use crate::harness::program::{run, tried};
use crate::harness::town::Town;
use crate::harness::visitor::{Service, Visitor};

const TOKENS: &str = "/api/v1/admin/tokens";

fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

/// The token of a name, as the interface tells it.
#[track_caller]
fn told(admin: &mut Visitor, name: &str) -> Value {
    let all = admin.get(TOKENS).json();
    let items = all["items"].as_array().cloned().unwrap_or_default();
    let found = items.into_iter().find(|it| it["name"] == name);
    found.unwrap_or_else(|| panic!("{name} is not in {all}"))
}

#[test]
fn a_token_holds_for_a_year_at_most_on_the_screen_and_from_a_program() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let clock = Clock::fixed(at("2026-03-02T09:00:00Z"));
    let town = Town::open(&folder.path().join("data"), &clock);
    let mut admin = town.set_up();
    let page = admin.get("/admin/tokens");
    for said in ["max=\"2027-03-02\"", "value=\"2026-05-31\""] {
        assert!(page.body.contains(said), "{said}: {}", page.body);
    }
    let public = page.hidden("public");
    let wish = |day: &'static str| {
        [("change", "add"), ("name", "Sentralbord"), ("scope", "log"), ("until", day)]
    };
    let far = [&wish("2027-03-03")[..], &[("public", public.as_str())]].concat();
    let far = admin.submit("/admin/tokens", "/admin/tokens", &far);
    assert!(far.status == 422 && far.body.contains("until-error"), "{}", far.body);
    token(&mut admin, &wish("2027-03-02")[1..]);
    assert_eq!(told(&mut admin, "Sentralbord")["until"], "2027-03-02");

    let make = |admin: &mut Visitor, body: Value| {
        crate::api::sent(admin, ("POST", TOKENS), ("", &body.to_string()))
    };
    let far = json!({ "name": "Bot", "scopes": ["log"], "until": "2027-03-03" });
    let far = make(&mut admin, far);
    assert_eq!((far.status, &far.json()["errors"][0]["field"]), (422, &json!("until")));
    let usual = make(&mut admin, json!({ "name": "Bot", "scopes": ["log"] }));
    assert_eq!(usual.status, 201, "{}", usual.body);
    assert_eq!(told(&mut admin, "Bot")["until"], "2026-05-31", "as on the screen");
    assert!(!admin.get("/admin").body.contains("Bot"), "its end is far off");

    let mut bot =
        Visitor::new(town.address).with_token(usual.json()["token"].as_str().expect("told"));
    clock.advance_to(at("2026-05-31T21:00:00Z"));
    let log = json!({ "key": "1", "text": "når opnar de" });
    assert_eq!(send(&mut bot, LOG, &log).status, 201, "its last day as Norway counts it");
    let mut admin = Visitor::sign_in(town.address, "marit");
    assert!(admin.get("/admin").body.contains("Bot (31. mai)"), "the end is told");
    clock.advance_to(at("2026-05-31T22:00:00Z"));
    refused(&send(&mut bot, LOG, &log), 401, "token_over");
}

#[test]
fn an_endless_token_of_before_gets_an_end_and_nobody_is_locked_out_by_the_upgrade() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    let clock = Clock::fixed(at("2024-01-10T09:00:00Z"));
    let town = Town::open(&data, &clock);
    town.set_up();
    let endless = |name: &str, until: Option<Timestamp>| {
        let text = TokenText::random(&TokenText::new_public()).expect("it fits");
        let grant = Grant {
            name: name.to_owned(),
            scopes: vec![Scope::Log],
            desk: None,
            channel: None,
            until,
        };
        let made = ApiTokenEvent::Made { grant, hash: text.hash(), by: None };
        let change = Change { entity: text.id().uuid(), version: Some(0), now: clock.now() };
        change.tell(&town.app.journal, &made).expect("written");
        text
    };
    let old = endless("Gammal", None);
    clock.advance_to(at("2026-03-02T09:00:00Z"));
    endless("Ny", None);
    endless("Lang", Some(at("2099-12-31T23:00:00Z")));
    endless("Kort", Some(at("2026-04-01T22:00:00Z")));
    town.app.settle().expect("folded");
    assert_eq!(town.app.end_old_tokens().expect("written"), 3);
    town.app.settle().expect("folded");
    assert_eq!(town.app.end_old_tokens().expect("written"), 0, "once");
    let mut admin = Visitor::sign_in(town.address, "marit");
    for (name, until) in [
        ("Gammal", "2026-05-31"),
        ("Ny", "2027-03-02"),
        ("Lang", "2027-03-02"),
        ("Kort", "2026-04-01"),
    ] {
        assert_eq!(told(&mut admin, name)["until"], until, "{name}");
    }
    let mut machine = Visitor::new(town.address).with_token(old.as_str());
    let log = json!({ "key": "1", "text": "når opnar de" });
    assert_eq!(send(&mut machine, LOG, &log).status, 201, "two years old, and let in");
    let warned = admin.get("/admin");
    assert!(warned.body.contains("Gammal (31. mai)") && !warned.body.contains("Ny ("));
    assert!(!admin.get("/gaps").body.contains("Gammal ("), "where tokens are looked after");
    let list = admin.get("/admin/tokens").body;
    assert_eq!(list.matches("Skranke har sett dagen").count(), 3, "{list}");
    let audit = admin.get("/api/v1/admin/audit?area=access").json().to_string();
    assert_eq!(audit.matches("token.given_end").count(), 3, "{audit}");
    clock.advance_by(SignedDuration::from_hours(24 * 91));
    refused(&send(&mut machine, LOG, &log), 401, "token_over");
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "what is done behind the start has no sign of its own"
)]
fn the_service_sees_to_old_tokens_at_its_start_and_the_command_line_keeps_the_limit() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    let far = ["token", "add", "X", "--may", "log", "--until", "2099-12-31"];
    assert!(!tried(&data, &far).status.success());
    let town = Town::open(&data, &Clock::System);
    let text = TokenText::random("0123456789ab").expect("it fits");
    let scopes = vec![Scope::Log];
    let grant = Grant { name: "Gammal".to_owned(), scopes, desk: None, channel: None, until: None };
    let made = ApiTokenEvent::Made { grant, hash: text.hash(), by: None };
    let change = Change { entity: text.id().uuid(), version: Some(0), now: Clock::System.now() };
    change.tell(&town.app.journal, &made).expect("written");
    drop(town);
    assert!(!run(&data, &["token", "list"]).contains("until"), "it is endless");
    let mut service = Service::start(&data);
    let mut admin = service.set_up();
    let has_end = (0..100).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(50));
        told(&mut admin, "Gammal")["until"].is_string()
    });
    assert!(has_end);
    drop(service);
    let list = run(&data, &["token", "list"]);
    assert!(list.contains("until: ") && list.contains("had no such last day"), "{list}");
}
