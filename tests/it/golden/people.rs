//! The people of the newest journal, and every way that they come in by.

use skranke::app::{App, CameBy, Decider, Invitation, NewPerson, NewReader};
use skranke::messages::Lang;
use skranke::organisation::{Desk, Settings, Site};
use skranke::people::{By, Identity, PersonEvent, Role};
use skranke::record::Change;

use crate::harness::visitor::PASSPHRASE;

/// The first administrator, who may come in and how, what is set, and who gets the letter.
pub(super) fn make(app: &App) -> By {
    let new = |login: &str, role| NewPerson {
        login: login.to_owned(),
        name: login.to_owned(),
        role,
        lang: Lang::Nn,
        passphrase: PASSPHRASE.to_owned(),
    };
    let code = app.setup_code().expect("the first start has a code");
    let by = Some(app.set_up(&code, new("marit", Role::Admin)).expect("set up"));
    let gone = app.add_person(new("ola", Role::Reception), by).expect("added");
    app.settle().expect("folded");
    for closed in [true, false, true] {
        app.set_disabled(gone, closed, by).expect("closed or opened");
        app.settle().expect("folded");
    }
    app.set_passphrase("ola", "grøne fiskar i snø no", by).expect("set");
    app.set_lang(gone, Lang::En).expect("set");
    let settings = Settings {
        name: "Fjordvik kommune".to_owned(),
        sites: vec![Site {
            more: vec!["https://bibliotek.example.org/".to_owned()],
            denied: vec!["/arkiv/".to_owned()],
            languages: vec!["nn".to_owned()],
            days: vec!["monday".to_owned()],
            ranges: vec!["10.20.0.0/16".to_owned()],
            ..Site::new("https://www.example.org/")
        }],
        desks: vec![Desk::from("Rådhuset"), Desk::from("Nordbygda")],
        code_roles: [Role::Admin].into(),
        ..app.state.settings()
    };
    app.set_settings(settings, Decider { by, version: None }).expect("set");
    ways_in(app, by);
    let mail = "kari@example.org".to_owned();
    let reader = NewReader::new("Kari", mail, Lang::Nn);
    app.add_reader(reader, by).expect("added");
    let mail = "ola@example.org".to_owned();
    let reader = NewReader::new("Ola", mail, Lang::Nb);
    let stopped = app.add_reader(reader, by).expect("added");
    app.settle().expect("folded");
    app.stop_reader(stopped, by).expect("stopped");
    by
}

/// A hash as it is kept, of no passphrase that anybody knows.
const NEWER: &str = "$argon2id$v=19$m=19456,t=2,p=1$c2tyYW5rZS1ub2JvZHk\
    $AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Every way that people come in by: a link, a provider of identities, a second step.
fn ways_in(app: &App, by: By) {
    let invited = |login: &str| Invitation {
        login: login.to_owned(),
        name: login.to_owned(),
        role: Role::Reception,
        lang: Lang::Nn,
        desks: vec![],
    };
    app.settle().expect("folded");
    let (liv, link) = app.invite(invited("liv"), by).expect("invited");
    app.settle().expect("folded");
    app.come_by_link(&link, "grøne fiskar i snø no").expect("come");
    app.settle().expect("folded");
    app.set_role(liv, Role::Editor, by).expect("set");
    app.settle().expect("folded");
    app.set_person_name(liv, "Liv", by).expect("set");
    app.settle().expect("folded");
    app.set_desks(liv, vec!["Nordbygda".to_owned()], by).expect("set");
    app.settle().expect("folded");
    let (per, _) = app.invite(invited("per"), by).expect("invited");
    app.settle().expect("folded");
    app.end_person_link(per, by).expect("ended");
    let identity =
        Identity { issuer: "https://id.example.org".to_owned(), subject: "abc".to_owned() };
    let role = Some(Role::Reader);
    let came = CameBy { identity, name: "Ada".to_owned(), role, session: None, anew: false };
    app.sign_in_by(came, Lang::En).expect("in");
    app.settle().expect("folded");
    // A code needs the folder's own secret, which no fixture holds: its records are enough.
    let (public, hash) = ("00112233445566778899aabb".to_owned(), "ab".repeat(32));
    for event in [
        PersonEvent::SecondStepSet { public, recovery: vec![hash.clone()], by },
        PersonEvent::SecondStepUsed { step: 59_000_000 },
        PersonEvent::RecoveryUsed { hash },
        PersonEvent::PassphraseRehashed { hash: NEWER.to_owned() },
    ] {
        let change = Change { entity: liv.uuid(), version: None, now: app.now() };
        change.tell(&app.journal, &event).expect("told");
    }
}
