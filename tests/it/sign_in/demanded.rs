//! A code that is demanded: nothing is open to whoever has none, and nobody who must turns it off.

use skranke::app::CameBy;
use skranke::clock::Clock;
use skranke::messages::Lang;
use skranke::people::{Identity, Role};

use super::second_step::{App, PAGE, recovery};
use crate::harness::program::run;
use crate::harness::town::Town;
use crate::harness::visitor::{Answer, PASSPHRASE, Visitor, add, come};

/// Demands a code of some roles.
fn demand(town: &Town, admin: &mut Visitor, roles: &[&str]) {
    let roles = roles.iter().map(|it| ("code_role", *it));
    let fields: Vec<(&str, &str)> = [("change", "codes")].into_iter().chain(roles).collect();
    let answer = admin.submit("/admin/people", "/admin/people", &fields);
    assert_eq!((answer.status, answer.location()), (303, "/admin/people"), "{}", answer.body);
    town.app.settle().expect("folded");
}

/// Sets the code up on the page that one is led to.
fn set_up(visitor: &mut Visitor, clock: &Clock) -> (App, Answer) {
    let page = visitor.get(PAGE);
    let (app, public) = (App::reading(&page, clock), page.hidden("public"));
    let code = app.code();
    let fields = [
        ("change", "set_up"),
        ("public", public.as_str()),
        ("passphrase", PASSPHRASE),
        ("code", code.as_str()),
    ];
    let done = visitor.submit(PAGE, PAGE, &fields);
    (app, done)
}

/// Whether nothing is open but the way to a code.
#[track_caller]
fn is_led_to_the_code(visitor: &mut Visitor) {
    for path in ["/", "/today", "/account", "/digest", "/figures", "/gaps", "/admin/people"] {
        let answer = visitor.get(path);
        assert_eq!((answer.status, answer.location()), (303, PAGE), "{path}");
    }
    for path in ["/api/v1/session", "/api/v1/me", "/api/v1/gaps"] {
        let answer = visitor.get(path);
        assert!(matches!(answer.status, 401 | 404), "{path}: {}", answer.status);
    }
    let page = visitor.get(PAGE);
    assert_eq!(page.status, 200);
    assert!(page.body.contains("Rolla di krev kode ved innlogging. Set"), "{}", page.body);
    assert!(!page.body.contains("href=\"/account\"") && !page.body.contains("href=\"/today\""));
    let csrf = page.csrf().expect("a form");
    let fields = [("text", "når opnar symjehallen"), ("act", "save")];
    let sent = visitor.post("/log", &csrf, &fields).expect("an answer");
    assert_eq!((sent.status, sent.location()), (303, PAGE));
    let help = visitor.get("/help").body;
    assert!(!help.contains("action=\"/lock\""), "as a stranger sees it: {help}");
}

#[test]
fn who_must_use_a_code_gets_nowhere_without_one_and_cannot_turn_it_off() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let clock = Clock::fixed("2026-03-06T11:00:00Z".parse().expect("a time"));
    let town = Town::open(&folder.path().join("data"), &clock);
    let mut admin = town.set_up();
    let mut desk = add(&mut admin, "reception");
    let mut auditor = add(&mut admin, "auditor");
    demand(&town, &mut admin, &["reception", "editor"]);
    // Whoever is in, whoever signs in, and whoever comes by an invitation.
    is_led_to_the_code(&mut desk);
    is_led_to_the_code(&mut Visitor::sign_in(town.address, "reception"));
    is_led_to_the_code(&mut add(&mut admin, "editor"));
    assert_eq!((admin.get("/admin").status, auditor.get("/gaps").status), (200, 200));
    let page = admin.get("/admin/people").body;
    assert!(page.contains("2 personar må bruke kode, men har ikkje sett han opp enno."), "{page}");
    assert!(auditor.get("/admin/people").body.contains("Må bruke kode: Resepsjon, Redaktør."));
    assert_eq!(town.app.state.inquiries.columns().live().count(), 0, "nothing was logged");

    let half = desk.session().expect("a session").to_owned();
    let (app, done) = set_up(&mut desk, &clock);
    assert_eq!((done.status, recovery(&done).len()), (200, 10), "{}", done.body);
    town.app.settle().expect("folded");
    assert_eq!(desk.get("/today").status, 200);
    assert_ne!(desk.session(), Some(half.as_str()), "another session than before");
    assert_eq!(Visitor::with_session(town.address, &half).get("/today").status, 303);
    let page = desk.get(PAGE);
    assert!(page.body.contains("så du kan ikkje slå han av"), "{}", page.body);
    assert!(!page.body.contains("value=\"end\""), "{}", page.body);
    let csrf = page.csrf().expect("a form");
    let end = [("change", "end"), ("code", &*app.next())];
    assert_eq!(desk.post(PAGE, &csrf, &end).expect("an answer").status, 403);
    assert!(town.app.second_step(crate::people::id_of(&town, "reception")).is_some());

    // What an administrator ends, because the telephone is lost, is set up again at once.
    let id = crate::people::id_of(&town, "reception").to_string();
    let person = format!("/admin/people/{id}");
    let ended = admin.submit(&person, &person, &[("change", "second_step")]);
    assert_eq!(ended.status, 303);
    is_led_to_the_code(&mut desk);
    demand(&town, &mut admin, &[]);
    assert_eq!(desk.get("/today").status, 200);
    let audit = admin.get("/admin/audit").body;
    assert!(audit.contains("Bestemte kven som må bruke kode"), "{audit}");
    assert!(audit.contains("Resepsjon, Redaktør"), "{audit}");
}

#[test]
fn who_comes_by_the_provider_is_not_asked_for_a_code_of_ours() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let town = Town::open(&folder.path().join("data"), &Clock::System);
    let mut admin = town.set_up();
    demand(&town, &mut admin, &["reader", "auditor", "reception", "editor", "admin"]);
    let identity =
        Identity { issuer: "https://id.example.org/".to_owned(), subject: "7".to_owned() };
    let came = || CameBy {
        identity: identity.clone(),
        name: "Siv".to_owned(),
        role: Some(Role::Editor),
        session: None,
        anew: false,
    };
    let token = town.app.sign_in_by(came(), Lang::Nn).expect("let in");
    town.app.settle().expect("folded");
    let mut siv = Visitor::with_session(town.address, token.as_str());
    assert_eq!(siv.get("/gaps").status, 200);
    // A passphrase beside the provider is a way in of its own, and owes the code.
    let people = town.app.state.people.all();
    let siv_row = people.iter().find(|it| it.row.identity.is_some()).expect("somebody");
    let id = skranke::id::Id::from_uuid(siv_row.id);
    let link = town.app.make_person_link(id, None).expect("a link");
    town.app.settle().expect("folded");
    let mut by_link = come(town.address, &format!("/welcome/{}", link.as_str()), PASSPHRASE);
    assert_eq!(by_link.get("/gaps").location(), PAGE);
    let token = town.app.sign_in_by(came(), Lang::Nn).expect("let in");
    let mut siv = Visitor::with_session(town.address, token.as_str());
    assert_eq!(siv.get("/gaps").status, 200, "by the provider it is as before");
}

#[test]
fn the_last_administrator_who_must_use_a_code_comes_back_from_the_command_line() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    {
        let town = Town::open(&data, &Clock::System);
        let mut admin = town.set_up();
        demand(&town, &mut admin, &["admin"]);
        let (_, done) = set_up(&mut admin, &Clock::System);
        assert_eq!(done.status, 200, "{}", done.body);
    }
    let printed = run(&data, &["user", "reset", "marit", "--second-step"]);
    let link: url::Url = printed.trim().parse().expect("an address");
    let town = Town::open(&data, &Clock::System);
    let mut marit = come(town.address, link.path(), PASSPHRASE);
    assert_eq!(marit.get("/admin/people").location(), PAGE, "the code is still demanded");
    let (_, done) = set_up(&mut marit, &Clock::System);
    assert_eq!(done.status, 200, "{}", done.body);
    town.app.settle().expect("folded");
    assert_eq!(marit.get("/admin/people").status, 200);
}
