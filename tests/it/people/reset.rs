//! The day when nobody can come in: accounts from the command line.

use skranke::app::CameBy;
use skranke::messages::Lang;
use skranke::people::{Identity, Role};

use super::{is_in, town};
use crate::harness::program::{run, told, tried};
use crate::harness::visitor::{PASSPHRASE, Service, Visitor, add, come};

/// The path of the link that a command has printed.
fn path(printed: &str) -> String {
    let address: url::Url = printed.trim().parse().expect("an address");
    address.path().to_owned()
}

#[test]
fn the_last_administrator_comes_in_again_by_a_link_from_the_command_line() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    let session = {
        let mut service = Service::start(&data);
        let session = service.set_up().session().expect("a session").to_owned();
        let served = tried(&data, &["user", "reset", "marit"]);
        assert!(told(&served).contains("stop it first"), "{}", told(&served));
        session
    };
    let none = tried(&data, &["user", "reset", "ola"]);
    assert!(told(&none).contains("nobody signs in as ola"), "{}", told(&none));
    let link = path(&run(&data, &["user", "reset", "Marit", "--second-step"]));
    let service = Service::start(&data);
    assert!(is_in(&mut Visitor::with_session(service.address, &session)), "not ended yet");
    let mut marit = come(service.address, &link, "gule bananar paa loftet");
    assert_eq!(marit.get("/admin/people").status, 200);
    assert!(!is_in(&mut Visitor::with_session(service.address, &session)));
}

#[test]
fn a_closed_account_is_opened_only_where_that_is_asked_for() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    {
        let (town, _) = town(folder.path());
        let mut admin = town.set_up();
        add(&mut admin, "editor");
    }
    run(folder.path(), &["user", "disable", "editor"]);
    let closed = tried(folder.path(), &["user", "reset", "editor"]);
    assert!(told(&closed).contains("add --enable"), "{}", told(&closed));
    assert!(closed.stdout.is_empty());
    let link = path(&run(folder.path(), &["user", "reset", "editor", "--enable"]));
    run(folder.path(), &["user", "role", "editor", "auditor"]);
    let last = tried(folder.path(), &["user", "role", "marit", "reader"]);
    assert!(told(&last).contains("there must be an administrator"), "{}", told(&last));
    let invited =
        run(folder.path(), &["user", "invite", "siv", "--name", "Siv", "--role", "admin"]);
    assert!(run(folder.path(), &["user", "list"]).contains("Siv  invited"));
    let desk = ["user", "invite", "per", "--name", "P", "--role", "reader", "--desk", "Månen"];
    assert!(told(&tried(folder.path(), &desk)).contains("there is no desk \"Månen\""));
    let service = Service::start(folder.path());
    let mut editor = come(service.address, &link, "gule bananar paa loftet");
    assert_eq!(editor.get("/admin/audit").status, 200, "an auditor now");
    let mut siv = come(service.address, &path(&invited), "raude eple under senga");
    assert_eq!(siv.get("/admin/people").status, 200);
}

#[test]
fn the_command_line_refuses_a_passphrase_in_the_words_of_the_screens() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let add = ["user", "add", "Kari", "--name", "Kari Vik", "--role", "admin"];
    let refused = crate::user::typed(folder.path(), &add, "Sommeren2026!\n");
    let says = "is made of words that many choose, and is easy to guess";
    assert!(told(&refused).contains(says), "{}", told(&refused));
}

#[test]
fn the_code_of_the_first_start_is_of_no_use_once_there_is_an_administrator() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, _) = town(folder.path());
    let code = town.app.setup_code().expect("a code");
    let issuer = "https://id.example.org/".to_owned();
    let came = CameBy {
        identity: Identity { issuer, subject: "1".to_owned() },
        name: "Siv".to_owned(),
        role: Some(Role::Admin),
        session: None,
        anew: false,
    };
    town.app.sign_in_by(came, Lang::Nn).expect("let in");
    town.app.settle().expect("folded");
    assert_eq!(Visitor::new(town.address).get("/sign-in").status, 200, "not led to the code");
    let fields = [
        ("code", code.as_str()),
        ("organisation", "Fjordvik"),
        ("name", "Ukjend"),
        ("login", "ukjend"),
        ("passphrase", PASSPHRASE),
    ];
    let mut visitor = Visitor::new(town.address);
    let csrf = visitor.get("/sign-in").csrf().expect("a form");
    let sent = visitor.post("/setup", &csrf, &fields).expect("an answer");
    assert_ne!(sent.status, 200, "{}", sent.body);
    assert_eq!(town.app.state.people.all().len(), 1, "nobody was added");
    assert_eq!(town.app.setup_code(), None);
}
