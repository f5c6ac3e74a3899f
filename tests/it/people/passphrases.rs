//! Which passphrases are refused, and changing one's own.

use std::sync::atomic::{AtomicBool, Ordering};

use skranke::app::Passed;
use skranke::people::{PersonEvent, Token};
use skranke::record::Change;

use super::{can_sign_in, id_of, is_in, town};
use crate::harness::visitor::{PASSPHRASE, Service, Visitor, add, choose, come, invite};

const NEW: &str = "seks blå vindmøller i snø";

#[test]
fn a_passphrase_is_refused_in_plain_words_at_its_field() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, _) = town(folder.path());
    let mut admin = town.set_up();
    let kari = [("login", "kari.nes"), ("name", "Kari Nes"), ("role", "reception")];
    let link = invite(&mut admin, &kari);
    let long = "lang ".repeat(41);
    for (typed, says) in [
        ("kort", "12 til 200 teikn"),
        (&long, "12 til 200 teikn"),
        ("Sommeren2026!", "mange vel"),
        ("P@ssw0rd2026!!", "mange vel"),
        ("fjordvik-2026", "mest namnet ditt"),
        ("skranke-kommune", "mest namnet ditt"),
        ("qwertyuiopå12", "gjentek seg"),
        ("hei hei hei hei", "gjentek seg"),
        ("sol1 sol2 sol3 sol4", "gjentek seg"),
        ("1q2w3e4r5t6y", "gjentek seg"),
        ("v!nt€r 24/25 !!!", "mange vel"),
        ("Ja, vi elsker dette landet!", "mange vel"),
    ] {
        let mut guest = Visitor::new(town.address);
        let answer = choose(&mut guest, &link, typed);
        let error = answer.body.split("id=\"passphrase-error\">").nth(1).unwrap_or_default();
        let error = error.split('<').next().unwrap_or_default();
        assert!(answer.status == 422 && error.contains(says), "{typed}: {error}");
        assert!(!answer.body.contains(typed), "what was typed is not sent back");
    }
    // No kind of sign is asked for, and spaces at the ends count.
    come(town.address, &link, " heile vegen til bygda ");
    let mut kari = Visitor::new(town.address);
    let trimmed = [("login", "kari.nes"), ("passphrase", "heile vegen til bygda")];
    assert_eq!(kari.submit("/sign-in", "/sign-in", &trimmed).status, 422);
    let whole = [("login", "kari.nes"), ("passphrase", " heile vegen til bygda ")];
    assert_eq!(kari.submit("/sign-in", "/sign-in", &whole).status, 303);
}

#[test]
fn the_first_start_wants_a_name_that_says_something_and_a_passphrase_that_is_another() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, _) = town(folder.path());
    let code = town.app.setup_code().expect("a first start");
    let mut first = Visitor::new(town.address);
    let mut answer = |organisation: &str, passphrase: &str| {
        let fields = [
            ("code", code.as_str()),
            ("organisation", organisation),
            ("name", "Marit"),
            ("login", "marit"),
            ("passphrase", passphrase),
        ];
        first.submit("/setup", "/setup", &fields)
    };
    let long = "å".repeat(201);
    for absurd in ["", "  ", "7", "...", "-- 12 --", &long] {
        let told = answer(absurd, PASSPHRASE);
        let error = told.body.split("id=\"organisation-error\">").nth(1).unwrap_or_default();
        assert!(told.status == 422 && error.starts_with("Skriv namnet"), "{absurd}: {error}");
        assert!(told.body.contains("value=\"marit\""), "the rest is filled in again");
    }
    let told = answer("Vesle Sørbygda kommune", "vesle-sørbygda-26");
    assert!(told.status == 422 && told.body.contains("mest namnet ditt"), "{}", told.body);
    assert_eq!(answer("Vesle Sørbygda kommune", PASSPHRASE).status, 303);
}

#[test]
fn a_stolen_passphrase_is_refused_by_the_list_that_is_set() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let list = folder.path().join("stolen.txt");
    // The SHA-1 of "tre kvite svaner i dam", as `sha1sum` tells it.
    std::fs::write(&list, "11EA32D1600D0B5FF8A41337AB3007ABBD485A09:3\n").expect("written");
    let list = list.to_string_lossy().into_owned();
    let data = folder.path().join("data");
    let settings = [("SKRANKE_BREACHED", list.as_str())];
    let mut service = Service::start_with(&data, &settings).expect("it starts");
    let mut admin = service.set_up();
    let fields = [("login", "ola"), ("name", "Ola"), ("role", "reader")];
    let link = invite(&mut admin, &fields);
    let mut guest = Visitor::new(service.address);
    let stolen = choose(&mut guest, &link, "tre kvite svaner i dam");
    assert!(stolen.status == 422 && stolen.body.contains("stolne passord"), "{}", stolen.body);
    let other = choose(&mut guest, &link, "tre kvite svaner i dammen");
    assert_eq!(other.status, 303, "{}", other.body);
}

#[test]
fn a_list_that_is_none_keeps_the_service_from_starting() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let list = folder.path().join("stolen.txt");
    std::fs::write(&list, "passord\nhemmeleg\n").expect("written");
    let settings = [("SKRANKE_BREACHED", &*list.to_string_lossy())];
    let told = Service::start_with(&folder.path().join("data"), &settings).err();
    let told = told.expect("it does not start");
    assert!(told.contains("SKRANKE_BREACHED") && told.contains("no list of SHA-1"), "{told}");
}

#[test]
fn changing_ones_passphrase_asks_for_the_old_one_and_ends_all_other_sessions() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, _) = town(folder.path());
    let mut admin = town.set_up();
    let mut kari = add(&mut admin, "editor");
    let mut elsewhere = Visitor::sign_in(town.address, "editor");
    let before = kari.session().expect("a session").to_owned();
    let wrong = [("change", "passphrase"), ("old", "ein heilt annan"), ("passphrase", NEW)];
    let answer = kari.submit("/account", "/account", &wrong);
    assert!(answer.status == 422 && answer.body.contains("Passfrasen er feil."));
    let weak = [("change", "passphrase"), ("old", PASSPHRASE), ("passphrase", "Vinteren-2026")];
    let answer = kari.submit("/account", "/account", &weak);
    assert!(answer.status == 422 && answer.body.contains("mange vel"));
    assert!(is_in(&mut elsewhere), "nothing has happened yet");
    let right = [("change", "passphrase"), ("old", PASSPHRASE), ("passphrase", NEW)];
    assert_eq!(kari.submit("/account", "/account", &right).status, 303);
    assert!(kari.get("/account").body.contains("logga ut alle andre stader"));
    assert!(!is_in(&mut elsewhere));
    assert_ne!(kari.session(), Some(before.as_str()), "a new token");
    assert!(!is_in(&mut Visitor::with_session(town.address, &before)));
    assert!(!can_sign_in(&town, "editor"));
}

/// Whoever was comparing the old one at that moment came in after all sessions had ended.
#[test]
fn no_session_of_the_old_passphrase_outlives_its_change() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, _) = town(folder.path());
    let mut admin = town.set_up();
    let kari = add(&mut admin, "editor");
    let (app, id) = (&town.app, id_of(&town, "editor"));
    let token = Token::parse(kari.session().expect("a session")).expect("a token");
    let is_over = AtomicBool::new(false);
    let come = || {
        let mut came = vec![];
        while !is_over.load(Ordering::Relaxed) {
            if let Ok(Passed::In(token)) = app.sign_in("editor", PASSPHRASE) {
                came.push(token);
            }
        }
        came
    };
    let (kept, came) = std::thread::scope(|scope| {
        let thieves = [scope.spawn(come), scope.spawn(come)];
        while app.sessions.of(id, app.now()).len() < 4 {
            std::thread::yield_now();
        }
        let kept = app.change_passphrase((id, &token), PASSPHRASE, NEW).expect("changed");
        app.settle().expect("folded");
        is_over.store(true, Ordering::Relaxed);
        let came = thieves.map(|it| it.join().expect("it ended"));
        (kept, came.concat())
    });
    assert!(2 < came.len(), "some came in before");
    assert!(app.signed_in(&kept).is_some());
    assert_eq!(came.iter().filter(|it| app.signed_in(it).is_some()).count(), 0);
}

#[test]
fn whoever_guesses_the_old_passphrase_waits_as_at_the_door() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, _) = town(folder.path());
    let mut admin = town.set_up();
    let mut kari = add(&mut admin, "editor");
    let wrong = [("change", "passphrase"), ("old", "ein heilt annan"), ("passphrase", NEW)];
    for _ in 0..5 {
        kari.submit("/account", "/account", &wrong);
    }
    let right = [("change", "passphrase"), ("old", PASSPHRASE), ("passphrase", NEW)];
    let answer = kari.submit("/account", "/account", &right);
    assert!(answer.status == 422 && answer.body.contains("For mange forsøk"), "{}", answer.body);
}

/// A hash of everybody's passphrase as an older version might have made it: 64 kB in one round.
const OLD_HASH: &str = "$argon2id$v=19$m=64,t=1,p=1$c2tyYW5rZS1vbGQtc2FsdA\
    $FlbPI7CHMM/29vVZJR5MFA8jAfRsLOL7WLQYrWwUHUo";

#[test]
fn a_passphrase_that_was_hashed_more_cheaply_is_hashed_anew_at_sign_in() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, _) = town(folder.path());
    let mut admin = town.set_up();
    add(&mut admin, "editor");
    let id = super::id_of(&town, "editor");
    let hash = || town.app.state.people.get(id.uuid()).and_then(|it| it.row.hash.clone());
    let event = PersonEvent::PassphraseSet { hash: OLD_HASH.to_owned(), by: None };
    let change = Change { entity: id.uuid(), version: None, now: town.app.now() };
    change.tell(&town.app.journal, &event).expect("told");
    town.app.settle().expect("folded");
    let link = town.app.make_person_link(id, None).expect("made");
    town.app.settle().expect("folded");
    assert_eq!(hash().as_deref(), Some(OLD_HASH));
    let mut wrong = Visitor::new(town.address);
    let fields = [("login", "editor"), ("passphrase", "gale ord etter kvarandre")];
    assert_eq!(wrong.submit("/sign-in", "/sign-in", &fields).status, 422);
    town.app.settle().expect("folded");
    assert_eq!(hash().as_deref(), Some(OLD_HASH), "nobody else changes it");
    Visitor::sign_in(town.address, "editor");
    town.app.settle().expect("folded");
    let new = hash().expect("a hash");
    assert!(new.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{new}");
    assert!(town.app.person_by_link(&link).is_some(), "the link is not used up");
    Visitor::sign_in(town.address, "editor");
    town.app.settle().expect("folded");
    assert_eq!(hash(), Some(new), "once");
}
