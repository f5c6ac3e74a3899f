//! What is demanded of a sign-in at the provider beyond who somebody is: that it is of this moment,
//! strong enough, and on behalf of the organization.

use jiff::SignedDuration;
use serde_json::json;
use skranke::oidc::{ActingFor, Settings};
use skranke::people::Role;

use super::lying::{Answering, Scene, scene};
use crate::harness::visitor::{Answer, Visitor};

/// A locked desk, and what its person brings back from the provider.
fn unlock(scene: &Scene, change: impl FnOnce(&mut Answering)) -> (Answer, Visitor) {
    let (_, mut visitor) = scene.try_with(|_| {});
    let locked = visitor.submit("/today", "/lock", &[]);
    assert!(locked.location().starts_with("/locked"), "{}", locked.body);
    scene.clock.advance_by(SignedDuration::from_mins(3));
    let path = "/sign-in/oidc?unlock=yes&next=/today";
    let sent = visitor.get(path);
    assert!(sent.location().contains("prompt=login&max_age=0"), "{}", sent.location());
    let mut answering = scene.begin_at(&mut visitor, path);
    change(&mut answering);
    (scene.answer(&mut visitor, &answering), visitor)
}

#[test]
fn the_lock_opens_for_a_sign_in_of_this_moment_alone() {
    let scene = scene(|it| it);
    let now = |scene: &Scene| scene.clock.now().as_second();
    type Said = fn(&mut Answering, i64);
    let old: [(&str, Said); 4] = [
        ("an old sign-in", |it, now| it.claim("auth_time", now - 61)),
        ("no time of signing in", |_, _| {}),
        ("a time that is no number", |it, now| it.claim("auth_time", now.to_string())),
        ("nothing", |it, _| it.claim("auth_time", json!(null))),
    ];
    for (what, change) in old {
        let (answer, mut visitor) = unlock(&scene, |it| change(it, now(&scene)));
        assert_eq!(answer.status, 403, "{what}: {}", answer.body);
        let says = "Skranke er framleis låst, for Fjordvik ID stadfesta ikkje";
        assert!(answer.body.contains(says), "{what}: {}", answer.body);
        assert!(answer.body.contains("Lås opp med Fjordvik ID"), "{what}: {}", answer.body);
        assert!(visitor.get("/today").location().starts_with("/locked"), "{what}");
    }
    let (answer, mut visitor) = unlock(&scene, |it| it.claim("auth_time", now(&scene)));
    assert_eq!((answer.status, answer.location()), (303, "/today"), "{}", answer.body);
    assert_eq!(visitor.get("/today").status, 200);
}

/// The provider may still know whoever has locked the desk.
#[test]
fn nobody_comes_in_at_a_locked_desk_without_being_asked_anew() {
    let scene = scene(|it| it);
    let (_, mut visitor) = scene.try_with(|_| {});
    visitor.submit("/today", "/lock", &[]);
    let path = "/sign-in/oidc?next=/today";
    let sent = visitor.get(path);
    assert!(sent.location().contains("prompt=login&max_age=0"), "{}", sent.location());
    let answering = scene.begin_at(&mut visitor, path);
    let answer = scene.answer(&mut visitor, &answering);
    assert_eq!(answer.status, 403, "{}", answer.body);
    assert!(visitor.get("/today").location().starts_with("/locked"));
    let mut answering = scene.begin_at(&mut visitor, path);
    answering.claim("sub", "somebody-else");
    answering.claim("auth_time", scene.clock.now().as_second());
    let answer = scene.answer(&mut visitor, &answering);
    assert_eq!((answer.status, answer.location()), (303, "/today"), "{}", answer.body);
    assert_eq!(visitor.get("/today").status, 200);
}

#[test]
fn other_sessions_end_only_for_whoever_was_asked_anew() {
    let scene = scene(|it| it);
    let prove = "/sign-in/oidc?prove=yes&next=/account";
    // A provider that knows the browser may have asked for nothing.
    let (_, mut other) = scene.try_with(|_| {});
    let (_, mut visitor) = scene.try_with(|_| {});
    let page = visitor.get("/account").body;
    assert!(page.contains("/sign-in/oidc?prove=yes") && !page.contains("end_others"), "{page}");
    let refused = visitor.submit("/account", "/account", &[("change", "end_others")]);
    assert_eq!(refused.status, 422, "{}", refused.body);
    let sent = visitor.get(prove);
    assert!(sent.location().contains("prompt=login&max_age=0"), "{}", sent.location());

    let answering = scene.begin_at(&mut visitor, prove);
    let answer = scene.answer(&mut visitor, &answering);
    assert_eq!(answer.status, 403, "{}", answer.body);
    let says = "stadfesta ikkje at du logga inn på nytt, så ingenting er endra";
    assert!(answer.body.contains(says), "{}", answer.body);
    assert!(!visitor.get("/account").body.contains("end_others"));

    let mut answering = scene.begin_at(&mut visitor, prove);
    answering.claim("auth_time", scene.clock.now().as_second());
    let answer = scene.answer(&mut visitor, &answering);
    assert_eq!((answer.status, answer.location()), (303, "/account"), "{}", answer.body);
    let done = visitor.submit("/account", "/account", &[("change", "end_others")]);
    assert_eq!(done.status, 303, "{}", done.body);
    assert_eq!(other.get("/account").status, 303, "it is over");
}

/// Tries each answer, and tells whether it let somebody in; who is not is told why.
#[track_caller]
fn check(scene: &Scene, words: &str, answers: &[(serde_json::Value, bool)]) {
    for (claims, is_let_in) in answers {
        let (answer, mut visitor) = scene.try_with(|it| {
            for (name, value) in claims.as_object().into_iter().flatten() {
                it.claim(name, value.clone());
            }
        });
        let status = if *is_let_in { 303 } else { 403 };
        assert_eq!(answer.status, status, "{claims}: {}", answer.body);
        assert_eq!(answer.body.contains(words), !is_let_in, "{claims}: {}", answer.body);
        assert_eq!(visitor.get("/today").status == 200, *is_let_in, "{claims}");
    }
}

#[test]
fn a_sign_in_weaker_than_is_demanded_is_refused_whatever_was_asked_for() {
    let words = "på ein måte som ikkje er sikker nok for Skranke";
    let ansatt = scene(|it| Settings { acr: "substantial high".to_owned(), ..it });
    let sent = Visitor::new(ansatt.town.address).get("/sign-in/oidc");
    assert!(sent.location().contains("acr_values=substantial+high"), "{}", sent.location());
    check(
        &ansatt,
        words,
        &[
            (json!({ "acr": "high" }), true),
            (json!({ "acr": "substantial" }), true),
            (json!({ "acr": "low" }), false),
            (json!({ "acr": "substantial high" }), false),
            (json!({ "acr": ["high"] }), false),
            (json!({}), false),
        ],
    );
    let entra = scene(|it| Settings { context: Some("c1".to_owned()), ..it });
    let sent = Visitor::new(entra.town.address).get("/sign-in/oidc");
    let to = url::Url::parse(sent.location()).expect("an address");
    let claims = to.query_pairs().find(|it| it.0 == "claims").expect("it asks").1.into_owned();
    let asked: serde_json::Value = serde_json::from_str(&claims).expect("JSON");
    assert_eq!(asked, json!({ "id_token": { "acrs": { "essential": true, "value": "c1" } } }));
    check(
        &entra,
        words,
        &[
            (json!({ "acrs": ["c1", "c2"] }), true),
            (json!({ "acrs": ["c2"] }), false),
            (json!({ "acrs": "c1" }), false),
            (json!({ "acr": "c1" }), false),
            (json!({}), false),
        ],
    );
}

#[test]
fn whoever_acts_for_another_organization_or_for_themselves_is_refused() {
    let asked = r#"[{"type":"ansattporten:altinn:resource","resource":"urn:altinn:resource:x"}]"#;
    let acting_for = ActingFor::parse(asked, "000000001").expect("good settings");
    let scene = scene(|it| Settings {
        acting_for: Some(acting_for),
        roles: vec![("*".to_owned(), Role::Reception)],
        ..it
    });
    let sent = Visitor::new(scene.town.address).get("/sign-in/oidc");
    let to = url::Url::parse(sent.location()).expect("an address");
    let details = to.query_pairs().find(|it| it.0 == "authorization_details");
    assert_eq!(details.expect("it asks").1, asked);
    let acting = |id: &str| {
        let party = json!({ "orgno": { "authority": "iso6523-actorid-upis", "ID": id } });
        let kind = "ansattporten:altinn:resource";
        json!({ "authorization_details": [{ "type": kind, "authorized_parties": [party] }] })
    };
    check(
        &scene,
        "Du må velje organisasjonen som Skranke er for",
        &[
            (acting("0192:000000001"), true),
            (acting("0192:000000002"), false),
            (json!({ "authorization_details": [] }), false),
            (json!({}), false),
        ],
    );
}
