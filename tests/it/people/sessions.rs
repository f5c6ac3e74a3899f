//! Sessions: listed, ended, never taken over, and gone when they should be (S10).

use jiff::SignedDuration;
use skranke::people::Sessions;

use super::{change, id_of, is_in, town};
use crate::harness::visitor::{PASSPHRASE, Visitor, add};

/// The handles of the sessions that a page can end.
fn handles(page: &str) -> Vec<String> {
    let parts = page.split("name=\"session\" value=\"").skip(1);
    parts.filter_map(|it| it.split('"').next()).map(str::to_owned).collect()
}

#[test]
fn ones_own_sessions_are_listed_and_ended_one_by_one_or_all_others() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, _) = town(folder.path());
    let mut admin = town.set_up();
    let mut kari = add(&mut admin, "editor");
    let mut others = [0; 3].map(|_| Visitor::sign_in(town.address, "editor"));
    let page = kari.get("/account").body;
    assert_eq!((handles(&page).len(), page.matches("Denne økta").count()), (3, 1), "{page}");
    assert!(!page.contains(kari.session().expect("a session")), "no token is shown");
    let of_admin = others.iter().map(|it| it.session().expect("one").to_owned());
    assert!(of_admin.into_iter().all(|it| !page.contains(&it)));
    let meant = handles(&others[0].get("/account").body);
    let own = handles(&page);
    let fields = [("change", "end_session"), ("session", own[0].as_str())];
    assert_eq!(kari.submit("/account", "/account", &fields).status, 303);
    assert_eq!(others.iter_mut().map(is_in).filter(|it| *it).count(), 2);
    // Somebody else's session cannot be named.
    let fields = [("change", "end_session"), ("session", meant[0].as_str())];
    assert_eq!(admin.submit("/account", "/account", &fields).status, 404);
    assert_eq!(kari.submit("/account", "/account", &[("change", "end_session")]).status, 422);
    assert_eq!(kari.submit("/account", "/account", &[("change", "end_others")]).status, 303);
    assert_eq!(others.iter_mut().map(is_in).filter(|it| *it).count(), 0);
    assert!(is_in(&mut kari) && is_in(&mut admin));
}

#[test]
fn ending_other_sessions_asks_once_more_for_the_passphrase_after_ten_minutes() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, clock) = town(folder.path());
    let mut admin = town.set_up();
    let mut kari = add(&mut admin, "editor");
    let mut other = Visitor::sign_in(town.address, "editor");
    clock.advance_by(SignedDuration::from_mins(9));
    let page = kari.get("/account").body;
    assert!(page.contains("end_others") && !page.contains("name=\"proof\""), "{page}");
    let meant = handles(&page).remove(0);
    clock.advance_by(SignedDuration::from_mins(1));
    let page = kari.get("/account").body;
    assert!(page.contains("name=\"proof\"") && handles(&page).is_empty(), "{page}");
    assert!(!page.contains("end_others"), "{page}");
    for fields in
        [vec![("change", "end_others")], vec![("change", "end_session"), ("session", &*meant)]]
    {
        let refused = kari.submit("/account", "/account", &fields);
        assert_eq!(refused.status, 422, "{fields:?}");
        assert!(refused.body.contains("id=\"proof-error\""), "{}", refused.body);
    }
    let prove = |kari: &mut Visitor, typed: &str| {
        kari.submit("/account", "/account", &[("change", "prove"), ("proof", typed)])
    };
    let wrong = prove(&mut kari, "gale ord etter kvarandre");
    assert!(wrong.status == 422 && wrong.body.contains("id=\"proof-error\""), "{}", wrong.body);
    assert!(is_in(&mut other), "nobody was thrown out");
    let right = prove(&mut kari, PASSPHRASE);
    assert_eq!((right.status, right.location()), (303, "/account#sessions"));
    let others = [("change", "end_others")];
    assert_eq!(kari.submit("/account", "/account", &others).status, 303);
    assert!(!is_in(&mut other) && is_in(&mut kari));
    clock.advance_by(SignedDuration::from_mins(10));
    assert!(kari.get("/account").status == 200, "the session goes on");
    let tries: Vec<u16> = (0..6).map(|_| prove(&mut kari, "gale ord etter").status).collect();
    let last = prove(&mut kari, PASSPHRASE);
    assert!(tries.iter().all(|it| *it == 422) && last.status == 422, "guessing wears out");
}

#[test]
fn an_administrator_sees_how_many_and_the_day_and_ends_them_all() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, _) = town(folder.path());
    let mut admin = town.set_up();
    let mut kari = add(&mut admin, "editor");
    let _second = Visitor::sign_in(town.address, "editor");
    let id = id_of(&town, "editor");
    let page = admin.get(&format!("/admin/people/{id}")).body;
    assert!(page.contains("2 økter er opne.") && page.contains("Sist innom 10. mars."), "{page}");
    assert!(!page.contains("09.00") && !page.contains("9:00"), "no time of day: {page}");
    assert_eq!(change(&mut admin, id, &[("change", "end_sessions")]), 303);
    assert!(!is_in(&mut kari));
    let page = admin.get(&format!("/admin/people/{id}")).body;
    assert!(page.contains("0 økter er opne."), "{page}");
}

#[test]
fn a_session_is_another_after_signing_in_and_a_visit_never_becomes_one() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, _) = town(folder.path());
    let mut admin = town.set_up();
    add(&mut admin, "editor");
    // What an attacker has planted is not what is signed in.
    let planted = "ab".repeat(32);
    let mut victim = Visitor::with_session(town.address, &planted);
    victim.get("/sign-in");
    let visit = victim.visit().expect("a visit").to_owned();
    let fields = [("login", "editor"), ("passphrase", PASSPHRASE)];
    assert_eq!(victim.submit("/sign-in", "/sign-in", &fields).status, 303);
    let first = victim.session().expect("a session").to_owned();
    assert!(first != planted && first != visit);
    for token in [&planted, &visit] {
        assert!(!is_in(&mut Visitor::with_session(town.address, token)));
    }
    let second = Visitor::sign_in(town.address, "editor");
    assert_ne!(second.session(), Some(first.as_str()));
    assert_eq!(victim.submit("/account", "/sign-out", &[]).status, 303);
    assert!(!is_in(&mut Visitor::with_session(town.address, &first)), "it is over");
}

#[test]
fn a_token_is_of_no_use_after_whatever_ends_its_session() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, clock) = town(folder.path());
    let mut admin = town.set_up();
    add(&mut admin, "editor");
    let id = id_of(&town, "editor");
    type Ends<'a> = Box<dyn FnMut(&mut Visitor) + 'a>;
    let app = &town.app;
    let ends: [(&str, Ends<'_>); 5] = [
        ("sign-out", Box::new(|it| drop(it.submit("/account", "/sign-out", &[])))),
        (
            "role",
            Box::new(move |_| {
                let role = |name: &str| skranke::people::Role::parse(name).expect("a role");
                app.set_role(id, role("reader"), None).expect("set");
                app.settle().expect("folded");
                app.set_role(id, role("editor"), None).expect("set");
            }),
        ),
        (
            "passphrase",
            Box::new(move |_| {
                app.set_passphrase("editor", PASSPHRASE, None).expect("set");
            }),
        ),
        (
            "closing",
            Box::new(move |_| {
                app.set_disabled(id, true, None).expect("closed");
                app.settle().expect("folded");
                app.set_disabled(id, false, None).expect("opened");
            }),
        ),
        ("idle", Box::new(|_| clock.advance_by(SignedDuration::from_hours(4)))),
    ];
    for (name, mut end) in ends {
        let mut visitor = Visitor::sign_in(town.address, "editor");
        let token = visitor.session().expect("a session").to_owned();
        assert!(is_in(&mut visitor), "{name}");
        end(&mut visitor);
        town.app.settle().expect("folded");
        assert!(!is_in(&mut Visitor::with_session(town.address, &token)), "{name}");
    }
}

#[test]
fn a_person_has_so_many_sessions_and_the_oldest_gives_way() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, clock) = town(folder.path());
    let mut admin = town.set_up();
    let mut first = add(&mut admin, "editor");
    let id = id_of(&town, "editor");
    let more = || {
        clock.advance_by(SignedDuration::from_secs(1));
        let token = town.app.sessions.start(id, town.app.now()).expect("begun");
        Visitor::with_session(town.address, token.as_str())
    };
    let mut second = more();
    let mut others: Vec<Visitor> = (2..Sessions::OF_PERSON_MAX).map(|_| more()).collect();
    assert!(is_in(&mut first), "so many are allowed");
    let mut newest = more();
    assert!(!is_in(&mut first), "the oldest has ended");
    assert!(others.iter_mut().all(is_in) && is_in(&mut second) && is_in(&mut newest));
    assert!(is_in(&mut admin), "others are not touched");
    assert_eq!(town.app.sessions.of(id, town.app.now()).len(), Sessions::OF_PERSON_MAX);
}

/// A session that takes the place of a locked one was counted beside it, so that another ended.
#[test]
fn unlocking_with_as_many_sessions_as_are_allowed_ends_no_other() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, clock) = town(folder.path());
    let mut admin = town.set_up();
    let mut first = add(&mut admin, "editor");
    let id = id_of(&town, "editor");
    let n_open = || town.app.sessions.of(id, town.app.now()).len();
    while n_open() < Sessions::OF_PERSON_MAX {
        clock.advance_by(SignedDuration::from_secs(1));
        town.app.sessions.start(id, town.app.now()).expect("begun");
    }
    let mut desk = Visitor::sign_in(town.address, "editor");
    assert!(!is_in(&mut first), "the oldest has given way to the desk");
    desk.submit("/today", "/lock", &[]);
    let fields = [("passphrase", PASSPHRASE), ("next", "/today")];
    assert_eq!(desk.submit("/locked", "/unlock", &fields).status, 303);
    assert!(is_in(&mut desk));
    assert_eq!(n_open(), Sessions::OF_PERSON_MAX, "the locked one has ended, and no other");
}

/// A session that was begun while the clock was ahead lived on until the time it had shown.
#[test]
fn a_session_of_a_clock_that_was_ahead_ends_when_the_clock_is_right_again() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let right = "2026-03-10T08:00:00Z".parse().expect("an instant");
    let token = {
        let (town, clock) = town(folder.path());
        town.set_up();
        clock.advance_by(SignedDuration::from_hours(24 * 30));
        let mut ahead = Visitor::sign_in(town.address, "marit");
        assert!(is_in(&mut ahead));
        clock.advance_to(right);
        assert!(!is_in(&mut ahead), "the clock was set back");
        clock.advance_by(SignedDuration::from_hours(24 * 30));
        Visitor::sign_in(town.address, "marit").session().expect("a session").to_owned()
    };
    let (town, _) = town(folder.path());
    let mut ahead = Visitor::with_session(town.address, &token);
    assert!(!is_in(&mut ahead), "also after another start");
}
