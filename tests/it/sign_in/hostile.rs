//! A provider of identities that lies, and people who send answers that are none: nobody comes in.

use jiff::SignedDuration;
use serde_json::json;
use skranke::oidc::Settings;

use super::lying::{Answering, Scene, Sign, scene};
use crate::harness::identities::false_provider::{FalseProvider, Key, key_set};
use crate::harness::identities::settings;
use crate::harness::town::Town;
use crate::harness::visitor::{PASSPHRASE, Visitor};

type Lie = (&'static str, fn(&mut Answering));

const LIES: &[Lie] = &[
    ("another issuer", |it| it.claim("iss", "https://other.example")),
    ("the issuer with a stroke", |it| {
        let issuer = format!("{}/", it.claims["iss"].as_str().unwrap_or_default());
        it.claim("iss", issuer);
    }),
    ("no issuer", |it| it.without("iss")),
    ("another audience", |it| it.claim("aud", "other")),
    ("another audience besides", |it| it.claim("aud", json!(["skranke", "other"]))),
    ("an empty audience", |it| it.claim("aud", json!([]))),
    ("no audience", |it| it.without("aud")),
    ("another party", |it| it.claim("azp", "other")),
    ("another nonce", |it| it.claim("nonce", "n")),
    ("no nonce", |it| it.without("nonce")),
    ("no algorithm", |it| {
        it.header = json!({ "alg": "none" });
        it.sign = Sign::Not;
    }),
    ("no algorithm, written otherwise", |it| {
        it.header = json!({ "alg": "nOnE", "kid": "one" });
        it.sign = Sign::Not;
    }),
    ("no signature", |it| it.sign = Sign::Not),
    ("no third part", |it| it.sign = Sign::TwoParts),
    ("the public key as a secret", |it| it.sign = Sign::WithPublic),
    ("the algorithm of another kind of key", |it| it.header["alg"] = "RS256".into()),
    ("a key that is not the provider's", |it| it.sign = Sign::WithOther),
    ("a key that is not known", |it| it.header["kid"] = "two".into()),
    ("claims that were altered", |it| it.sign = Sign::Altered),
    ("an extension that must be known", |it| it.header["crit"] = json!(["b64"])),
    ("run out", |it| it.add("exp", -60)),
    ("no end", |it| it.without("exp")),
    ("an end that is no number", |it| it.claim("exp", "tomorrow")),
    ("made in the future", |it| it.add("iat", 61)),
    ("made at no time", |it| it.without("iat")),
    ("not valid yet", |it| it.add("nbf", 61)),
    ("a beginning that is no number", |it| it.claim("nbf", "now")),
    ("nobody", |it| it.without("sub")),
    ("an empty name for somebody", |it| it.claim("sub", "")),
    ("a name with a line in it", |it| it.claim("sub", "s\n1")),
    ("a name that is too long", |it| it.claim("sub", "s".repeat(256))),
    ("no role", |it| it.without("roles")),
    ("a role that is none of ours", |it| it.claim("roles", json!(["admin", "Skranke.admin"]))),
    ("no state", |it| it.query("state", None)),
    ("a state of nobody", |it| it.query("state", Some("s"))),
    ("the state of another browser", |it| it.is_elsewhere = true),
    ("the name of another provider", |it| it.query("iss", Some("https://other.example"))),
    ("no name of the provider", |it| it.query("iss", None)),
    ("no code", |it| it.query("code", None)),
    ("an error beside the code", |it| it.query("error", Some("access_denied"))),
    ("an error that is a script", |it| it.query("error", Some("<script>alert(1)</script>"))),
    ("a code that was used", |it| {
        it.exchange = Some((400, json!({ "error": "invalid_grant" }).to_string()));
    }),
    ("a client that is not known", |it| {
        it.exchange = Some((401, json!({ "error": "invalid_client" }).to_string()));
    }),
    ("trouble of its own", |it| it.exchange = Some((500, "<html>".to_owned()))),
    ("an exchange that leads elsewhere", |it| it.exchange = Some((302, String::new()))),
    ("no token", |it| it.exchange = Some((200, json!({ "access_token": "a" }).to_string()))),
    ("no JSON", |it| it.exchange = Some((200, "<html>".to_owned()))),
    ("more than is read", |it| it.exchange = Some((200, "x".repeat(300 * 1024)))),
];

/// What an honest provider may say as well.
const TRUTHS: &[Lie] = &[
    ("as usual", |_| {}),
    ("an end within a minute of now", |it| it.add("exp", -59)),
    ("a clock that is a minute ahead", |it| it.add("iat", 60)),
    ("a list of one", |it| it.claim("aud", json!(["skranke"]))),
    ("the party as well", |it| it.claim("azp", "skranke")),
    ("one role as a text", |it| it.claim("roles", "Skranke.Desk")),
    ("no name of the key", |it| it.header = json!({ "alg": "ES256" })),
];

#[test]
fn of_all_lies_none_lets_anybody_in_and_the_truth_does() {
    let scene = scene(|it| it);
    for (what, change) in TRUTHS {
        let (answer, mut visitor) = scene.try_with(change);
        assert_eq!((answer.status, answer.location()), (303, "/today"), "{what}: {}", answer.body);
        assert_eq!(visitor.get("/today").status, 200, "{what}");
    }
    let mut accepted = vec![];
    for (what, change) in LIES {
        let (answer, mut visitor) = scene.try_with(change);
        let is_told =
            (400..=503).contains(&answer.status) && answer.body.contains("id=\"trouble\"");
        assert!(is_told, "{what}: {} {}", answer.status, answer.body);
        assert!(!answer.body.contains("<script>alert"), "{what}");
        if visitor.get("/today").status != 303 {
            accepted.push(*what);
        }
    }
    assert!(accepted.is_empty(), "{accepted:?}");
    // All that while the local form went on working.
    let mut local = Visitor::new(scene.town.address);
    let fields = [("login", "marit"), ("passphrase", PASSPHRASE)];
    assert_eq!(local.submit("/sign-in", "/sign-in", &fields).status, 303);
}

#[test]
fn an_answer_is_used_once_and_within_ten_minutes() {
    let scene = scene(|it| it);
    let mut visitor = Visitor::new(scene.town.address);
    let answering = scene.begin(&mut visitor);
    let mut thief = visitor.clone();
    assert_eq!(scene.answer(&mut visitor, &answering).status, 303);
    assert!(visitor.cookie("skranke-device").is_some(), "the browser is known from now on");
    let again = scene.answer(&mut thief, &answering);
    assert!(again.status == 400 && again.body.contains("Prøv igjen"), "{}", again.body);
    assert_eq!(thief.get("/today").status, 303, "not even with the same browser's cookies");

    let mut visitor = Visitor::new(scene.town.address);
    let answering = scene.begin(&mut visitor);
    scene.clock.advance_by(SignedDuration::from_mins(10));
    assert_eq!(scene.answer(&mut visitor, &answering).status, 400);
    // The code was sent with what only the beginner knows, and never to anybody else.
    let asked = scene.provider.asked();
    let exchanges: Vec<&String> = asked.iter().filter(|it| it.starts_with("/token")).collect();
    assert_eq!(exchanges.len(), 1, "{asked:?}");
    assert!(exchanges[0].contains("code=c0de") && exchanges[0].contains("code_verifier="));
}

#[test]
fn somebody_is_who_the_issuer_says_and_not_who_has_the_same_address() {
    let scene = scene(|it| it);
    // Marit is the administrator, by a local account.
    let (answer, mut visitor) = scene.try_with(|it| {
        for name in ["name", "email", "preferred_username", "upn", "login"] {
            it.claim(name, "marit");
        }
        it.claim("email_verified", true);
    });
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(visitor.get("/admin").status, 403);
    // The same address under another subject is another person; the same subject is the same.
    let people = || {
        scene.town.app.settle().expect("folded");
        scene.town.app.state.people.all().len()
    };
    let before = people();
    let other = |it: &mut Answering| {
        it.claim("sub", "s-2");
        it.claim("email", "marit");
    };
    assert_eq!(scene.try_with(other).0.status, 303);
    assert_eq!(people(), before + 1);
    assert_eq!(scene.try_with(|it| it.claim("name", "Kari Gift")).0.status, 303);
    assert_eq!(people(), before + 1);
}

#[test]
fn the_same_subject_of_another_issuer_is_another_person() {
    let first = scene(|it| it);
    assert_eq!(first.try_with(|_| {}).0.status, 303);
    let Scene { town, _folder: folder, clock, .. } = first;
    let people = town.app.state.people.all().len();
    drop(town);
    let key = Key::new("one");
    let provider = FalseProvider::start(&[&key]);
    let issuer = provider.issuer.clone();
    let data = folder.path().join("data");
    let town = Town::open_for(&data, &clock, (None, |_| Some(settings(&issuer))));
    let second = Scene { town, provider, other: Key::new("one"), key, clock, _folder: folder };
    assert_eq!(second.try_with(|_| {}).0.status, 303);
    assert_eq!(second.town.app.state.people.all().len(), people + 1);
}

#[test]
fn another_role_ends_the_sessions_of_the_one_before_and_no_role_ends_them_all() {
    let scene = scene(|it| it);
    let (_, mut desk) = scene.try_with(|_| {});
    assert_eq!(desk.get("/today").status, 200);
    let (_, mut editor) = scene.try_with(|it| it.claim("roles", json!(["Skranke.Editor"])));
    scene.town.app.settle().expect("folded");
    assert_eq!((desk.get("/today").status, editor.get("/gaps").status), (303, 200));
    let (answer, _) = scene.try_with(|it| it.claim("roles", json!([])));
    assert_eq!((answer.status, editor.get("/gaps").status), (403, 303));
    let mut admin = Visitor::sign_in(scene.town.address, "marit");
    let audit = admin.get("/admin/audit").body;
    assert!(audit.contains("Endra rolla til ein person"), "{audit}");
}

#[test]
fn a_new_key_is_fetched_at_most_once_a_minute() {
    let scene = scene(|it| it);
    assert_eq!(scene.try_with(|_| {}).0.status, 303);
    let new = Key::new("two");
    scene.provider.change(|it| it.keys = key_set(&[&new]));
    scene.provider.asked();
    let scene = Scene { key: new, ..scene };
    let with_new = |it: &mut Answering| it.header["kid"] = "two".into();
    let fetched = || scene.provider.asked().iter().filter(|it| it.starts_with("/keys")).count();
    for _ in 0..3 {
        assert_eq!(scene.try_with(with_new).0.status, 403);
    }
    assert_eq!(fetched(), 0);
    scene.clock.advance_by(SignedDuration::from_mins(1));
    for _ in 0..3 {
        assert_eq!(scene.try_with(with_new).0.status, 303);
    }
    assert_eq!(fetched(), 1);
}

#[test]
fn a_provider_in_trouble_becomes_a_page_that_says_what_to_do() {
    for (what, change, status, words) in [
        ("another issuer", "issuer", 502, "ikkje rett kopla"),
        ("an open way", "token_endpoint", 502, "ikkje rett kopla"),
        ("no place to sign in", "authorization_endpoint", 502, "ikkje rett kopla"),
    ] {
        let scene = scene(|it| it);
        scene.provider.change(|it| it.metadata[change] = "http://other.example/x".into());
        let answer = Visitor::new(scene.town.address).get("/sign-in/oidc");
        assert_eq!(answer.status, status, "{what}");
        assert!(answer.body.contains(words) && answer.body.contains("name=\"login\""), "{what}");
    }
    let gone = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let issuer = format!("http://{}", gone.local_addr().expect("it is bound"));
    drop(gone);
    let scene = scene(|it| Settings { issuer, is_only: true, ..it });
    let mut visitor = Visitor::new(scene.town.address);
    let answer = visitor.get("/sign-in/oidc");
    assert_eq!(answer.status, 503);
    assert!(answer.body.contains("svarar ikkje akkurat no"), "{}", answer.body);
    // Where only the provider is wanted, the form is there for whoever asks for it.
    assert!(!visitor.get("/sign-in").body.contains("name=\"login\""));
    let fields = [("login", "marit"), ("passphrase", PASSPHRASE)];
    assert_eq!(visitor.submit("/sign-in?local=yes", "/sign-in", &fields).status, 303);
}

#[test]
fn entra_can_be_known_by_tenant_and_object_and_ansattporten_by_its_level() {
    let entra = scene(|it| Settings { known_by: skranke::oidc::KnownBy::TenantAndObject, ..it });
    let as_entra = |it: &mut Answering| {
        it.claim("tid", "t-1");
        it.claim("oid", "o-1");
    };
    assert_eq!(entra.try_with(as_entra).0.status, 303);
    let people = entra.town.app.state.people.all().len();
    let renewed = |it: &mut Answering| {
        as_entra(it);
        it.claim("sub", "after the registration was made anew");
    };
    assert_eq!(entra.try_with(renewed).0.status, 303);
    assert_eq!(entra.town.app.state.people.all().len(), people);
    assert_eq!(entra.try_with(|it| it.claim("tid", "t-1")).0.status, 403);

    let ansatt = scene(|it| Settings {
        acr: "idporten-loa-high".to_owned(),
        roles: vec![("*".to_owned(), skranke::people::Role::Reader)],
        ..it
    });
    let level = |acr: &'static str| {
        ansatt.try_with(|it| {
            it.claim("acr", acr);
            it.claim("pid", "00000000000");
            it.without("roles");
        })
    };
    assert_eq!(level("idporten-loa-high").0.status, 303);
    assert_eq!(level("idporten-loa-substantial").0.status, 403);
    let kept = format!(
        "{:?}",
        ansatt
            .town
            .app
            .state
            .people
            .all()
            .iter()
            .map(|it| { serde_json::to_string(&it.row).expect("plain data") })
            .collect::<Vec<_>>()
    );
    assert!(!kept.contains("00000000000"), "a national number is never kept");
}

#[test]
fn a_foreign_page_does_not_begin_a_sign_in() {
    let scene = scene(|it| it);
    let mut visitor = Visitor::new(scene.town.address);
    let foreign = visitor.get_with("/sign-in/oidc", "sec-fetch-site: cross-site\r\n");
    assert_eq!((foreign.status, foreign.location()), (303, "/sign-in"));
    let own = visitor.get_with("/sign-in/oidc", "sec-fetch-site: same-origin\r\n");
    assert!(own.location().starts_with(&scene.provider.issuer), "{}", own.location());
}
