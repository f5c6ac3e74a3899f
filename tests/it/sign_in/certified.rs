//! A whole sign-in by a certified provider of identities, and signing out of it again.

use serde_json::json;
use skranke::clock::Clock;
use skranke::id::Id;
use skranke::oidc::Settings;

use crate::harness::identities::{Identities, follow, path_of, settings, sign_in};
use crate::harness::town::Town;
use crate::harness::visitor::{Answer, Visitor};

pub(super) fn people() -> serde_json::Value {
    json!({
        "kari": { "name": "Kari Nes", "roles": ["Skranke.Editor"], "email": "marit" },
        "ola": { "name": "Ola Li", "roles": ["Skranke.Desk"] },
        "siv": { "name": "Siv Moe", "roles": ["Noko.Anna"] },
    })
}

/// A service with a provider that signs by an algorithm.
fn town(algorithm: &str) -> (tempfile::TempDir, Town, Identities) {
    town_with(&json!({ "algorithm": algorithm }), |it| it)
}

/// A service with a provider that is told more, and other settings.
pub(super) fn town_with(
    more: &serde_json::Value,
    change: impl FnOnce(Settings) -> Settings,
) -> (tempfile::TempDir, Town, Identities) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut identities = None;
    let town = Town::open_for(
        &folder.path().join("data"),
        &Clock::System,
        (None, |places| {
            let started = identities.insert(Identities::open_with(places, &people(), more));
            Some(change(settings(&started.issuer())))
        }),
    );
    (folder, town, identities.expect("it was started"))
}

/// Where somebody is taken who asks for a page.
fn place(visitor: &mut Visitor, path: &str) -> (u16, String) {
    let answer = visitor.get(path);
    (answer.status, answer.location().to_owned())
}

pub(super) fn says(answer: &Answer, words: &str) -> bool {
    answer.body.contains(words)
}

#[test]
fn somebody_signs_in_by_the_provider_with_the_role_that_it_tells() {
    for algorithm in ["RS256", "PS256", "ES256"] {
        let (_folder, town, identities) = town(algorithm);
        town.set_up();
        let (mut here, mut there) = (Visitor::new(town.address), identities.visitor());
        let page = here.get("/sign-in?next=/gaps");
        assert!(says(&page, "Fjordvik ID") && says(&page, "/sign-in/oidc?next="), "{}", page.body);
        let back = sign_in(&mut here, &mut there, ("/sign-in/oidc?next=/gaps", "kari"));
        assert_eq!((back.status, back.location()), (303, "/gaps"), "{algorithm}: {}", back.body);
        assert_eq!(here.get("/gaps").status, 200);
        assert_eq!(here.get("/admin").status, 403, "an editor sets nothing up");
        assert!(says(&here.get("/account"), "Kari Nes"));
    }
}

#[test]
fn whoever_has_no_role_cancels_or_is_closed_out_is_told_in_plain_words() {
    let (_folder, town, identities) = town("ES256");
    town.set_up();
    let mut here = Visitor::new(town.address);
    let back = sign_in(&mut here, &mut identities.visitor(), ("/sign-in/oidc", "siv"));
    assert_eq!(back.status, 403);
    assert!(says(&back, "gi deg ei rolle i Skranke"), "{}", back.body);
    // On the provider's page somebody thinks better of it.
    let mut there = identities.visitor();
    let to = path_of(here.get("/sign-in/oidc").location());
    let shown = there.get(&to);
    let shown = follow(&mut there, shown);
    let abort = shown.body.split("href=\"").find(|it| it.contains("/abort")).expect("a way out");
    let abort = abort.split('"').next().expect("an address").to_owned();
    let abort = if abort.starts_with('/') { abort } else { path_of(&abort) };
    let left = there.get(&abort);
    let left = follow(&mut there, left);
    let back = here.get(&path_of(left.location()));
    assert_eq!(back.status, 403);
    assert!(says(&back, "vart avbroten"), "{}", back.body);
    // A closed account stays closed, and its sessions end.
    let back = sign_in(&mut here, &mut identities.visitor(), ("/sign-in/oidc", "ola"));
    assert_eq!(back.status, 303, "{}", back.body);
    let people = town.app.state.people.all();
    let ola = people.iter().find(|it| it.row.name == "Ola Li").expect("the account was made");
    town.app.set_disabled(Id::from_uuid(ola.id), true, None).expect("closed");
    town.app.settle().expect("folded");
    assert_eq!(place(&mut here, "/today"), (303, "/sign-in?next=%2Ftoday".to_owned()));
    let back = sign_in(&mut here, &mut identities.visitor(), ("/sign-in/oidc", "ola"));
    assert!(back.status == 403 && says(&back, "er stengd"), "{}", back.body);
}

#[test]
fn signing_out_leads_to_the_provider_and_the_lock_opens_for_its_person_alone() {
    let (_folder, town, identities) = town("ES256");
    town.set_up();
    let (mut here, mut there) = (Visitor::new(town.address), identities.visitor());
    sign_in(&mut here, &mut there, ("/sign-in/oidc", "ola"));
    let locked = here.submit("/today", "/lock", &[("next", "/today")]);
    assert_eq!(locked.location(), "/locked?next=%2Ftoday");
    let page = here.get("/locked?next=/today");
    assert!(says(&page, "Lås opp med Fjordvik ID") && !says(&page, "action=\"/unlock\""));
    let unlock = "/sign-in/oidc?unlock=yes&next=/today";
    let back = sign_in(&mut here, &mut identities.visitor(), (unlock, "kari"));
    assert!(back.status == 403 && says(&back, "Du er ein annan"), "{}", back.body);
    assert_eq!(here.get("/today").status, 303, "still locked");
    // The provider knows the browser, and asks for the password all the same.
    let back = sign_in(&mut here, &mut there, (unlock, "ola"));
    assert_eq!((back.status, back.location()), (303, "/today"), "{}", back.body);
    assert_eq!(here.get("/today").status, 200);

    let out = here.submit("/today", "/sign-out", &[]);
    assert_eq!(out.location(), "/sign-in?out=yes");
    assert!(says(&here.get("/sign-in?out=yes"), "/sign-in/oidc/out"));
    let away = here.get("/sign-in/oidc/out");
    let to = path_of(away.location());
    assert!(to.starts_with("/session/end?client_id=skranke&post_logout_redirect_uri="), "{to}");
    let asks = there.get(&to);
    let secret = asks.hidden("xsrf");
    let yes = there.post("/session/end/confirm", "", &[("xsrf", &secret), ("logout", "yes")]);
    let lands = yes.expect("an answer").location().to_owned();
    assert!(lands.starts_with(&format!("http://{}/sign-in", town.address)), "{lands}");
    let shown = here.get("/sign-in/oidc");
    let shown = there.get(&path_of(shown.location()));
    assert_eq!(follow(&mut there, shown).status, 200, "the provider asks for the password again");
}
