//! Those who sit at the desks: accounts made before the service starts, already signed in.

use std::path::Path;

use jiff::tz::TimeZone;
use skranke::app::{AccountError, App, NewPerson, OpenOptions, Passed};
use skranke::clock::Clock;
use skranke::messages::Lang;
use skranke::people::Role;

use crate::harness::visitor::PASSPHRASE;

/// So many sit at desks. Each asks as often as one who types fast.
pub(crate) const DESKS: usize = 64;

/// The administrator's sign-in name.
pub(crate) const ADMIN: &str = "marit";

/// Adds whoever is not there yet and signs the desks in; tells the tokens of their sessions.
pub(crate) fn signed_in(folder: &Path) -> Vec<String> {
    let zone = TimeZone::get("Europe/Oslo").unwrap();
    let options = OpenOptions { data: folder.to_owned(), clock: Clock::System, zone };
    let app = App::open(options).unwrap();
    let enter = |login: String, role| {
        let new = NewPerson {
            login: login.clone(),
            name: login.clone(),
            role,
            lang: Lang::Nn,
            passphrase: PASSPHRASE.to_owned(),
        };
        match app.add_person(new, None) {
            Ok(_) | Err(AccountError::LoginTaken) => {}
            Err(error) => panic!("{error}"),
        }
        app.settle().unwrap();
        match app.sign_in(&login, PASSPHRASE).unwrap() {
            Passed::In(token) => token.as_str().to_owned(),
            Passed::Half(_) => panic!("nobody here has a second step"),
        }
    };
    enter(ADMIN.to_owned(), Role::Admin);
    let desks: Vec<String> =
        (0..DESKS).map(|n| enter(format!("skranke{n}"), Role::Reception)).collect();
    app.settle().unwrap();
    app.close();
    desks
}
