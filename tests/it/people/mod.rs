//! Accounts: invitations, passphrases, roles, sessions and desks, as people meet them.

mod desks;
mod invitations;
mod passphrases;
mod reset;
mod roles;
mod sessions;

use std::path::Path;

use skranke::clock::Clock;
use skranke::id::Id;
use skranke::people::Person;

use crate::harness::town::Town;
use crate::harness::visitor::{PASSPHRASE, Visitor};

/// A town on a morning.
fn town(data: &Path) -> (Town, Clock) {
    let clock = Clock::fixed("2026-03-10T08:00:00Z".parse().expect("an instant"));
    (Town::open(data, &clock), clock)
}

/// The id of whoever signs in with a name.
pub(crate) fn id_of(town: &Town, login: &str) -> Id<Person> {
    let people = town.app.state.people.all();
    let found = people.iter().find(|it| it.row.login.as_str() == login);
    Id::from_uuid(found.expect("somebody").id)
}

/// Whether a visitor is signed in.
fn is_in(visitor: &mut Visitor) -> bool {
    visitor.get("/account").status == 200
}

/// Whether somebody can sign in with everybody's passphrase.
fn can_sign_in(town: &Town, login: &str) -> bool {
    let mut visitor = Visitor::new(town.address);
    let fields = [("login", login), ("passphrase", PASSPHRASE)];
    visitor.submit("/sign-in", "/sign-in", &fields).status == 303
}

/// Sends a form of somebody's page as the administrator.
fn change(admin: &mut Visitor, id: Id<Person>, fields: &[(&str, &str)]) -> u16 {
    let path = format!("/admin/people/{id}");
    admin.submit(&path, &path, fields).status
}
