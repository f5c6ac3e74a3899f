//! What administrators change of an account, and what they cannot.

use super::{can_sign_in, change, id_of, is_in, town};
use crate::harness::visitor::{Visitor, add};

#[test]
fn another_role_ends_the_sessions_of_the_old_one_and_is_audited() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, _) = town(folder.path());
    let mut admin = town.set_up();
    let mut editor = add(&mut admin, "editor");
    let id = id_of(&town, "editor");
    assert_eq!(editor.get("/gaps").status, 200);
    assert_eq!(change(&mut admin, id, &[("change", "role"), ("role", "reception")]), 303);
    assert!(!is_in(&mut editor));
    let mut editor = Visitor::sign_in(town.address, "editor");
    assert_eq!(editor.get("/gaps").status, 403);
    let audit = admin.get("/admin/audit?area=access").body;
    assert!(audit.contains("Endra rolla til ein person"), "{audit}");
}

#[test]
fn there_is_always_an_administrator_and_nobody_changes_their_own_role() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, _) = town(folder.path());
    let mut admin = town.set_up();
    let (me, path) = (id_of(&town, "marit"), "/admin/people");
    let own = format!("{path}/{me}");
    assert!(!admin.get(&own).body.contains("value=\"role\""), "it is not offered");
    let answer = admin.submit(path, &own, &[("change", "role"), ("role", "reader")]);
    assert_eq!(answer.status, 422);
    let closing = admin.submit(path, &own, &[("change", "disable")]);
    assert!(closing.status == 422 && closing.body.contains("minst éin administrator"));
    // Another one who was only invited does not count.
    let fields = [("login", "siv"), ("name", "Siv"), ("role", "admin")];
    let link = crate::harness::visitor::invite(&mut admin, &fields);
    assert_eq!(admin.submit(path, &own, &[("change", "disable")]).status, 422);
    let mut siv = crate::harness::visitor::come(town.address, &link, "gule bananar paa loftet");
    assert_eq!(change(&mut siv, me, &[("change", "role"), ("role", "reader")]), 303);
    let own = format!("{path}/{}", id_of(&town, "siv"));
    assert_eq!(siv.submit(path, &own, &[("change", "disable")]).status, 422);
    assert!(is_in(&mut siv));
}

#[test]
fn nobody_goes_around_what_is_asked_of_oneself_as_an_administrator() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, _) = town(folder.path());
    let mut admin = town.set_up();
    let me = id_of(&town, "marit");
    for way in ["link", "second_step", "end_sessions"] {
        let status = change(&mut admin, me, &[("change", way)]);
        assert!((400..500).contains(&status), "{way}: {status}");
    }
    assert!(is_in(&mut admin));
    let stored = town.app.state.people.get(me.uuid()).expect("somebody");
    assert!(stored.row.link.is_none(), "no link was made");
}

#[test]
fn a_form_changes_what_it_is_for_and_nothing_else() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, _) = town(folder.path());
    let mut admin = town.set_up();
    let mut reader = add(&mut admin, "reader");
    let id = id_of(&town, "reader");
    let fields = [("change", "name"), ("name", "Rut Eik"), ("role", "admin"), ("hash", "x")];
    assert_eq!(change(&mut admin, id, &fields), 303);
    let stored = town.app.state.people.get(id.uuid()).expect("somebody");
    assert_eq!((stored.row.name.as_str(), stored.row.role.name()), ("Rut Eik", "reader"));
    // One's own account takes nothing that only an administrator may set.
    for change in ["role", "name", "desks", "enable"] {
        let fields = [("change", change), ("role", "admin"), ("name", "Sjef")];
        assert_eq!(reader.submit("/account", "/account", &fields).status, 422, "{change}");
    }
    let fields = [("change", "end_others"), ("role", "admin"), ("id", "per_0")];
    assert_eq!(reader.submit("/account", "/account", &fields).status, 303);
    let path = format!("/admin/people/{id}");
    let fields = [("change", "role"), ("role", "admin")];
    assert_eq!(reader.submit("/account", &path, &fields).status, 403);
    let stored = town.app.state.people.get(id.uuid()).expect("somebody");
    assert_eq!((stored.row.name.as_str(), stored.row.role.name()), ("Rut Eik", "reader"));
    for odd in ["per_none", "gap_1", "x"] {
        assert_eq!(admin.get(&format!("/admin/people/{odd}")).status, 404, "{odd}");
    }
}

#[test]
fn two_administrators_cannot_close_each_other_out() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, _) = town(folder.path());
    let mut one = town.set_up();
    add(&mut one, "admin");
    let (one, two) = (id_of(&town, "marit"), id_of(&town, "admin"));
    let (app, barrier) = (&town.app, std::sync::Barrier::new(2));
    let closed: Vec<bool> = std::thread::scope(|scope| {
        let close = |who, by| {
            let barrier = &barrier;
            scope.spawn(move || {
                barrier.wait();
                app.set_disabled(who, true, Some(by)).is_ok()
            })
        };
        let threads = [close(one, two), close(two, one)];
        threads.map(|it| it.join().expect("it ends")).into()
    });
    town.app.settle().expect("folded");
    assert!(closed.contains(&false), "{closed:?}");
    assert!(can_sign_in(&town, "marit") || can_sign_in(&town, "admin"));
}
