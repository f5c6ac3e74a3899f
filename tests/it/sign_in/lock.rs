//! The lock of a shared desk.

use jiff::SignedDuration;
use skranke::clock::Clock;

use crate::harness::town::Town;
use crate::harness::visitor::{PASSPHRASE, Visitor, add};

#[test]
fn a_locked_session_shows_nothing_and_opens_for_its_passphrase_alone() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    let town = Town::open(&data, &Clock::System);
    let mut admin = town.set_up();
    let mut desk = add(&mut admin, "reception");
    let csrf = desk.get("/today").csrf().expect("a form");
    let old = desk.clone();
    let answer = desk.submit("/today", "/lock", &[("next", "/today?q=bad")]);
    assert_eq!((answer.status, answer.location()), (303, "/locked?next=%2Ftoday%3Fq%3Dbad"));

    for path in ["/", "/today", "/account", "/digest", "/gaps"] {
        let answer = desk.get(path);
        assert!(answer.status == 303 && answer.location().starts_with("/locked?next="), "{path}");
    }
    let body = serde_json::json!({ "key": "x", "text": "når opnar de" });
    let answer = desk.send("/api/v1/screen/inquiries", &csrf, &body).expect("an answer");
    assert_eq!((answer.status, answer.json()["type"].as_str()), (401, Some("urn:skranke:locked")));
    assert_eq!(desk.get("/api/v1/session").status, 401);
    let page = desk.get("/locked?next=/today");
    assert!(page.body.contains("reception har låst Skranke"), "{}", page.body);
    assert!(!page.body.contains("action=\"/lock\""));

    let unlock = |visitor: &mut Visitor, passphrase: &str| {
        let fields = [("passphrase", passphrase), ("next", "/today?q=bad")];
        visitor.submit("/locked", "/unlock", &fields)
    };
    let wrong = unlock(&mut desk, "gale ord etter kvarandre");
    assert!(wrong.status == 422 && wrong.body.contains("Passfrasen er feil"), "{}", wrong.body);
    assert_eq!(desk.get("/today").status, 303);
    let right = unlock(&mut desk, PASSPHRASE);
    assert_eq!((right.status, right.location()), (303, "/today?q=bad"));
    assert_eq!(desk.get("/today").status, 200);
    town.app.settle().expect("folded");
    let audit = admin.get("/admin/audit").body;
    assert!(audit.contains("Låste opp Skranke") && !audit.contains("Logga ut"), "{audit}");
    let mut old = old;
    assert_eq!(
        old.get("/today").location(),
        "/sign-in?next=%2Ftoday",
        "the locked session is over"
    );
}

#[test]
fn the_lock_holds_over_a_restart_wears_guessers_out_and_lets_somebody_else_in() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    let town = Town::open(&data, &Clock::System);
    let mut admin = town.set_up();
    let mut desk = add(&mut admin, "reception");
    desk.submit("/today", "/lock", &[]);
    drop(town);
    let town = Town::open(&data, &Clock::System);
    let mut desk = desk.at(town.address);
    assert!(desk.get("/today").location().starts_with("/locked"));
    let mut tries = vec![];
    for _ in 0..6 {
        let fields = [("passphrase", "gale ord etter kvarandre")];
        tries.push(desk.submit("/locked", "/unlock", &fields).status);
    }
    assert_eq!(tries, [422, 422, 422, 422, 422, 429]);
    // Whoever guesses here keeps nobody from signing in elsewhere.
    Visitor::sign_in(town.address, "reception");
    let out = desk.submit("/locked", "/sign-out", &[]);
    assert_eq!(out.location(), "/sign-in");
    assert_eq!(desk.get("/locked").location(), "/");
    let fields = [("login", "marit"), ("passphrase", PASSPHRASE)];
    assert_eq!(desk.submit("/sign-in", "/sign-in", &fields).status, 303);
    assert_eq!(desk.get("/admin").status, 200);
}

#[test]
fn a_session_ends_after_twelve_hours_also_when_it_was_locked_meanwhile() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let clock = Clock::fixed("2026-03-10T06:00:00Z".parse().expect("an instant"));
    let town = Town::open(&folder.path().join("data"), &clock);
    let mut admin = town.set_up();
    let mut desk = add(&mut admin, "reception");
    for hour in 1..=11 {
        clock.advance_by(SignedDuration::from_hours(1));
        assert_eq!(desk.get("/today").status, 200, "hour {hour}");
    }
    desk.submit("/today", "/lock", &[]);
    let fields = [("passphrase", PASSPHRASE), ("next", "/today")];
    assert_eq!(desk.submit("/locked", "/unlock", &fields).status, 303);
    clock.advance_by(SignedDuration::from_mins(59));
    assert_eq!(desk.get("/today").status, 200);
    clock.advance_by(SignedDuration::from_mins(2));
    assert_eq!(desk.get("/today").location(), "/sign-in?next=%2Ftoday");
}
