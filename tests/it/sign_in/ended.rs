//! Signing out at the provider ends sessions here: by a certified one, and against tokens that lie.

use jiff::SignedDuration;
use serde_json::{Value, json};
use skranke::id::Id;

use super::certified::{says, town_with};
use super::lying::{Answering, Scene, now, scene};
use crate::harness::identities::false_provider::{packed, signed_with_public};
use crate::harness::identities::{follow, path_of, sign_in};
use crate::harness::visitor::{self, Answer, PASSPHRASE, Visitor};

const PATH: &str = "/sign-in/oidc/ended";

#[test]
fn whoever_signs_out_at_a_certified_provider_is_signed_out_here_in_that_browser() {
    let (_folder, town, identities) = town_with(&json!({}), |it| it);
    let mut admin = town.set_up();
    let come = |name: &str| {
        let (mut here, mut there) = (Visitor::new(town.address), identities.visitor());
        sign_in(&mut here, &mut there, ("/sign-in/oidc", name));
        assert_eq!(here.get("/today").status, 200);
        (here, there)
    };
    let (mut here, mut there) = come("ola");
    let (mut elsewhere, _) = come("ola");
    let (mut other, _) = come("kari");
    // Not by Skranke's own button: at the provider itself.
    let away = here.get("/sign-in/oidc/out");
    let asks = there.get(&path_of(away.location()));
    let secret = asks.hidden("xsrf");
    let yes = there.post("/session/end/confirm", "", &[("xsrf", &secret), ("logout", "yes")]);
    follow(&mut there, yes.expect("an answer"));
    assert_eq!(here.get("/today").location(), "/sign-in?next=%2Ftoday");
    assert_eq!((elsewhere.get("/today").status, other.get("/today").status), (200, 200));
    let audit = admin.get("/admin/audit?area=access");
    assert!(says(&audit, "Logga ut av innloggingstenesta"), "{}", audit.body);
}

/// A token that says that somebody has signed out.
struct Told {
    head: Value,
    claims: Value,
}

impl Told {
    fn new(scene: &Scene, jti: &str) -> Self {
        let seconds = scene.clock.now().as_second();
        let event = "http://schemas.openid.net/event/backchannel-logout";
        Self {
            head: json!({ "alg": "ES256", "kid": "one", "typ": "logout+jwt" }),
            claims: json!({
                "iss": scene.provider.issuer,
                "aud": "skranke",
                "iat": seconds,
                "exp": seconds + 120,
                "jti": jti,
                "sub": "s-1",
                "events": { event: {} },
            }),
        }
    }

    fn without(&mut self, name: &str) {
        self.claims.as_object_mut().expect("an object").remove(name);
    }
}

fn send(scene: &Scene, token: &str) -> Answer {
    let fields = [("logout_token", token), ("other", "is passed over")];
    Visitor::new(scene.town.address).post(PATH, "", &fields).expect("an answer")
}

#[track_caller]
fn is_taken(scene: &Scene, told: &Told) {
    let answer = send(scene, &scene.key.sign(&told.head, &told.claims));
    assert_eq!(answer.status, 200, "{}", answer.body);
    let kept = answer.headers.iter().find(|it| it.0 == "cache-control");
    assert_eq!(kept.map(|it| it.1.as_str()), Some("no-store"));
}

#[track_caller]
fn is_refused(answer: &Answer, what: &str) {
    assert_eq!(answer.status, 400, "{what}: {}", answer.body);
    assert_eq!(answer.json()["error"], "invalid_request", "{what}");
    let kept = answer.headers.iter().find(|it| it.0 == "cache-control");
    assert_eq!(kept.map(|it| it.1.as_str()), Some("no-store"), "{what}");
}

fn come(scene: &Scene, subject: &str, session: Option<&str>) -> Visitor {
    let (answer, mut visitor) = scene.try_with(|it: &mut Answering| {
        it.claim("sub", subject);
        if let Some(session) = session {
            it.claim("sid", session);
        }
    });
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(visitor.get("/today").status, 200);
    visitor
}

fn is_in(visitor: &mut Visitor) -> bool {
    visitor.get("/today").status == 200
}

#[test]
fn a_session_that_is_named_ends_alone_and_a_person_that_is_named_everywhere() {
    let scene = scene(|it| it);
    let mut first = come(&scene, "s-1", Some("a"));
    let mut second = come(&scene, "s-1", Some("b"));
    let mut other = come(&scene, "s-2", Some("c"));
    let mut told = Told::new(&scene, "j-1");
    told.claims["sid"] = "a".into();
    is_taken(&scene, &told);
    assert!(!is_in(&mut first) && is_in(&mut second) && is_in(&mut other));
    // A session of somebody else is none of this person's.
    let mut told = Told::new(&scene, "j-2");
    told.claims["sid"] = "c".into();
    is_taken(&scene, &told);
    assert!(is_in(&mut second) && is_in(&mut other));
    // The session alone, without the person.
    let mut told = Told::new(&scene, "j-3");
    told.claims["sid"] = "c".into();
    told.without("sub");
    is_taken(&scene, &told);
    assert!(is_in(&mut second) && !is_in(&mut other));
    // The person alone: everywhere, also where the lock holds, and nobody else.
    let mut locked = come(&scene, "s-1", None);
    locked.submit("/today", "/lock", &[]);
    let mut other = come(&scene, "s-2", None);
    is_taken(&scene, &Told::new(&scene, "j-4"));
    assert!(!is_in(&mut second) && is_in(&mut other));
    assert_eq!(locked.get("/locked").location(), "/");
    // Somebody who never came here is no fault.
    let mut told = Told::new(&scene, "j-5");
    told.claims["sub"] = "s-9".into();
    is_taken(&scene, &told);
    assert!(is_in(&mut other));
}

#[test]
fn a_session_that_took_the_place_of_another_ends_with_the_same_one_there() {
    let scene = scene(|it| it);
    come(&scene, "s-1", None);
    let people = scene.town.app.state.people.all();
    let person = people.iter().find(|it| it.row.identity.is_some()).expect("somebody");
    let link = scene.town.app.make_person_link(Id::from_uuid(person.id), None).expect("a link");
    scene.town.app.settle().expect("folded");
    visitor::come(scene.town.address, &format!("/welcome/{}", link.as_str()), PASSPHRASE);
    let mut desk = come(&scene, "s-1", Some("b"));
    desk.submit("/today", "/lock", &[]);
    let fields = [("passphrase", PASSPHRASE), ("next", "/today")];
    assert_eq!(desk.submit("/locked", "/unlock", &fields).status, 303);
    assert!(is_in(&mut desk));
    let mut told = Told::new(&scene, "j-1");
    told.claims["sid"] = "b".into();
    is_taken(&scene, &told);
    assert!(!is_in(&mut desk));
}

#[test]
fn which_session_it_came_from_is_known_after_a_restart() {
    let scene = scene(|it| it);
    let mut visitor = come(&scene, "s-1", Some("a"));
    let mut second = come(&scene, "s-1", Some("b"));
    let Scene { town, provider, key, other, clock, _folder: folder } = scene;
    drop(town);
    let issuer = provider.issuer.clone();
    let settings = crate::harness::identities::settings(&issuer);
    let data = folder.path().join("data");
    let town = crate::harness::town::Town::open_for(&data, &clock, (None, |_| Some(settings)));
    (visitor, second) = (visitor.at(town.address), second.at(town.address));
    let scene = Scene { town, provider, key, other, clock, _folder: folder };
    assert!(is_in(&mut visitor) && is_in(&mut second));
    let mut told = Told::new(&scene, "j-1");
    told.claims["sid"] = "a".into();
    is_taken(&scene, &told);
    assert!(!is_in(&mut visitor) && is_in(&mut second));
}

type Lie = (&'static str, fn(&mut Told));

const LIES: &[Lie] = &[
    ("another issuer", |it| it.claims["iss"] = "https://other.example".into()),
    ("another audience", |it| it.claims["aud"] = "other".into()),
    ("another audience besides", |it| it.claims["aud"] = json!(["skranke", "other"])),
    ("no audience", |it| it.without("aud")),
    ("made at no time", |it| it.without("iat")),
    ("made in the future", |it| it.claims["iat"] = (now().as_second() + 61).into()),
    ("made long ago", |it| it.claims["iat"] = (now().as_second() - 361).into()),
    ("run out", |it| it.claims["exp"] = (now().as_second() - 60).into()),
    ("no end", |it| it.without("exp")),
    ("no event", |it| it.without("events")),
    ("another event", |it| it.claims["events"] = json!({ "https://other.example": {} })),
    ("an event that is no object", |it| {
        it.claims["events"] = json!({ "http://schemas.openid.net/event/backchannel-logout": 1 });
    }),
    ("a nonce", |it| it.claims["nonce"] = "n".into()),
    ("a nonce that is nothing", |it| it.claims["nonce"] = Value::Null),
    ("no name of its own", |it| it.without("jti")),
    ("an empty name", |it| it.claims["jti"] = "".into()),
    ("nobody and no session", |it| it.without("sub")),
    ("somebody who is no text", |it| it.claims["sub"] = 1.into()),
    ("a session that is no text", |it| it.claims["sid"] = json!(["a"])),
    ("an ID token's kind", |it| it.head["typ"] = "JWT".into()),
    ("no kind", |it| {
        it.head.as_object_mut().expect("an object").remove("typ");
    }),
    ("a key that is not known", |it| it.head["kid"] = "two".into()),
    ("the algorithm of another kind of key", |it| it.head["alg"] = "RS256".into()),
    ("an extension that must be known", |it| it.head["crit"] = json!(["b64"])),
];

#[test]
fn no_lie_ends_a_session_and_no_token_ends_one_twice() {
    let scene = scene(|it| it);
    let mut visitor = come(&scene, "s-1", Some("a"));
    let told = Told::new(&scene, "j-1");
    for (what, change) in LIES {
        let mut told = Told::new(&scene, "j-1");
        change(&mut told);
        is_refused(&send(&scene, &scene.key.sign(&told.head, &told.claims)), what);
        assert!(is_in(&mut visitor), "{what}");
    }
    let (head, claims) = (&told.head, &told.claims);
    let none = json!({ "alg": "none", "typ": "logout+jwt" });
    for (what, token) in [
        ("another key", scene.other.sign(head, claims)),
        ("no signature", format!("{}.{}.", packed(head), packed(claims))),
        ("no algorithm", format!("{}.{}.", packed(&none), packed(claims))),
        ("the public key as a secret", signed_with_public(&scene.key, claims)),
        ("no token", String::new()),
        ("junk", "a.b.c".to_owned()),
        ("much junk", "a.".repeat(20_000)),
    ] {
        is_refused(&send(&scene, &token), what);
        assert!(is_in(&mut visitor), "{what}");
    }
    let large = Visitor::new(scene.town.address).post(PATH, "", &[("x", &"x".repeat(70_000))]);
    assert_eq!(large.expect("an answer").status, 413);
    // A foreign page sends nothing here, whatever token it has.
    let form = format!("logout_token={}", scene.key.sign(head, claims));
    let foreign = "sec-fetch-site: cross-site\r\n";
    let answer = Visitor::new(scene.town.address).send_raw(PATH, &form, foreign);
    assert_eq!(answer.expect("an answer").status, 403);
    assert!(is_in(&mut visitor));
    // The lies have not used its name up; the truth does.
    is_taken(&scene, &told);
    assert!(!is_in(&mut visitor));
    let mut again = come(&scene, "s-1", Some("a"));
    is_refused(&send(&scene, &scene.key.sign(head, claims)), "a second time");
    assert!(is_in(&mut again));
    scene.clock.advance_by(SignedDuration::from_mins(2));
    is_taken(&scene, &Told::new(&scene, "j-2"));
    assert!(!is_in(&mut again));
}

#[test]
fn without_a_provider_there_is_no_such_place() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    let town = crate::harness::town::Town::open(&data, &skranke::clock::Clock::System);
    let answer = Visitor::new(town.address).post(PATH, "", &[("logout_token", "a.b.c")]);
    assert_eq!(answer.expect("an answer").status, 404);
}
