//! The second step: set up in one's account, asked for after the passphrase, and the ways around a
//! lost telephone.

use jiff::{SignedDuration, Timestamp};
use ring::hmac;
use skranke::clock::Clock;

use crate::harness::town::Town;
use crate::harness::visitor::{Answer, PASSPHRASE, Visitor, add};

pub(super) const PAGE: &str = "/account/second-step";

/// An authenticator app, by the standard and not by the product's code.
pub(super) struct App {
    key: Vec<u8>,
    clock: Clock,
}

impl App {
    /// Reads the key that is shown for typing.
    pub(super) fn reading(page: &Answer, clock: &Clock) -> Self {
        let shown = page.body.split("class=\"key\">").nth(1).and_then(|it| it.split('<').next());
        let shown = shown.unwrap_or_else(|| panic!("no key: {}", page.body));
        let (mut key, mut held, mut bits) = (vec![], 0_u32, 0);
        for letter in shown.bytes().filter(|it| *it != b' ') {
            let value = match letter {
                b'A'..=b'Z' => letter - b'A',
                b'2'..=b'7' => letter - b'2' + 26,
                other => panic!("no base32: {other}"),
            };
            (held, bits) = (held << 5 | u32::from(value), bits + 5);
            if 8 <= bits {
                bits -= 8;
                key.push((held >> bits & 0xff) as u8);
            }
        }
        Self { key, clock: clock.clone() }
    }

    /// The code that it shows now.
    pub(super) fn code(&self) -> String {
        let step = u64::try_from(self.clock.now().as_second() / 30).expect("after 1970");
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.key);
        let tag = hmac::sign(&key, &step.to_be_bytes());
        let tag = tag.as_ref();
        let from = usize::from(tag[19] & 15);
        let number: [u8; 4] = tag[from..from + 4].try_into().expect("four bytes");
        format!("{:06}", (u32::from_be_bytes(number) & 0x7fff_ffff) % 1_000_000)
    }

    /// The code of the next half minute.
    pub(super) fn next(&self) -> String {
        self.clock.advance_by(SignedDuration::from_secs(30));
        self.code()
    }
}

struct Scene {
    town: Town,
    clock: Clock,
    admin: Visitor,
    app: App,
    codes: Vec<String>,
    desk: Visitor,
    _folder: tempfile::TempDir,
}

/// A service, and a receptionist whose second step is set up.
fn scene() -> Scene {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let start: Timestamp = "2026-03-06T11:00:00Z".parse().expect("a time");
    let clock = Clock::fixed(start);
    let town = Town::open(&folder.path().join("data"), &clock);
    let mut admin = town.set_up();
    let mut desk = add(&mut admin, "reception");
    let page = desk.get(PAGE);
    assert!(page.body.contains("<svg class=\"qr\""), "{}", page.body);
    let app = App::reading(&page, &clock);
    let (public, code) = (page.hidden("public"), app.code());
    let set_up = |desk: &mut Visitor, passphrase: &str, code: &str| {
        let fields = [
            ("change", "set_up"),
            ("public", public.as_str()),
            ("passphrase", passphrase),
            ("code", code),
        ];
        desk.submit(PAGE, PAGE, &fields)
    };
    let wrong = set_up(&mut desk, PASSPHRASE, "000000");
    assert!(wrong.status == 422 && wrong.body.contains("id=\"code-error\""), "{}", wrong.body);
    assert_eq!(wrong.hidden("public"), public, "the picture stays the same");
    let wrong = set_up(&mut desk, "gale ord etter kvarandre", &code);
    assert!(wrong.body.contains("id=\"passphrase-error\""), "{}", wrong.body);
    let done = set_up(&mut desk, PASSPHRASE, &code);
    let codes = recovery(&done);
    assert_eq!((done.status, codes.len()), (200, 10), "{}", done.body);
    town.app.settle().expect("folded");
    let again = desk.get(PAGE).body;
    assert!(!again.contains(&codes[0]) && !again.contains("class=\"key\""), "shown once");
    Scene { town, clock, admin, app, codes, desk, _folder: folder }
}

pub(super) fn recovery(page: &Answer) -> Vec<String> {
    let shown = page.body.split("<textarea").nth(1).unwrap_or_default();
    let shown = shown.split('>').nth(1).and_then(|it| it.split('<').next()).unwrap_or_default();
    shown.split("&#10;").map(|it| it.trim().to_owned()).collect()
}

impl Scene {
    /// Gives the passphrase in a new browser.
    fn half_way(&self) -> Visitor {
        let mut visitor = Visitor::new(self.town.address);
        let fields = [("login", "reception"), ("passphrase", PASSPHRASE), ("next", "/today")];
        let answer = visitor.submit("/sign-in", "/sign-in", &fields);
        assert_eq!((answer.status, answer.location()), (303, "/sign-in/code"));
        assert_eq!(visitor.get("/today").status, 303, "nobody is in yet");
        visitor
    }
}

fn give(visitor: &mut Visitor, code: &str) -> Answer {
    visitor.submit("/sign-in/code", "/sign-in/code", &[("code", code)])
}

#[test]
fn a_code_is_asked_for_after_the_passphrase_and_is_good_once() {
    let scene = scene();
    let mut visitor = scene.half_way();
    let used = give(&mut visitor, &scene.app.code());
    assert_eq!(used.status, 422, "the code that it was set up with is used up");
    let code = scene.app.next();
    let answer = give(&mut visitor, &code);
    assert_eq!((answer.status, answer.location()), (303, "/today"), "{}", answer.body);
    assert_eq!(visitor.get("/today").status, 200);
    scene.town.app.settle().expect("folded");
    let mut thief = scene.half_way();
    assert_eq!(give(&mut thief, &code).status, 422, "seen over a shoulder");
    assert_eq!(thief.get("/today").status, 303);
    // Without a passphrase there is nothing to give a code to.
    let mut stranger = Visitor::new(scene.town.address);
    assert_eq!(stranger.get("/sign-in/code").location(), "/sign-in");
    let csrf = stranger.get("/sign-in").csrf().expect("a form");
    let code = scene.app.next();
    let sent = stranger.post("/sign-in/code", &csrf, &[("code", &code)]).expect("an answer");
    assert_eq!(sent.location(), "/sign-in");
    assert_eq!(stranger.get("/today").status, 303);
}

#[test]
fn codes_cannot_be_guessed_and_the_passphrase_does_not_last() {
    let scene = scene();
    let mut visitor = scene.half_way();
    let tries: Vec<u16> = (0..5).map(|n| give(&mut visitor, &format!("00000{n}")).status).collect();
    assert_eq!(tries, [422, 422, 422, 422, 303], "the fifth leads back to the passphrase");
    let mut again = scene.half_way();
    assert_eq!(give(&mut again, "000009").status, 429, "a new passphrase buys no tries");
    let recovery = give(&mut again, &scene.codes[0]);
    assert_eq!(recovery.status, 303, "whoever guesses keeps nobody with a recovery code out");
    scene.clock.advance_by(SignedDuration::from_mins(2));
    let mut late = scene.half_way();
    scene.clock.advance_by(SignedDuration::from_mins(5));
    let csrf = late.get("/sign-in").csrf().expect("a form");
    let code = scene.app.code();
    let sent = late.post("/sign-in/code", &csrf, &[("code", &code)]).expect("an answer");
    assert_eq!(sent.location(), "/sign-in");
    let mut in_time = scene.half_way();
    assert_eq!(give(&mut in_time, &scene.app.code()).status, 303);
}

#[test]
fn guessing_in_an_open_session_keeps_nobody_from_the_door_and_is_audited() {
    let mut scene = scene();
    let end = |code: &str| [("change", "end".to_owned()), ("code", code.to_owned())];
    let mut tries = vec![];
    for n in 0..6 {
        let fields = end(&format!("00000{n}"));
        let fields: Vec<(&str, &str)> = fields.iter().map(|it| (it.0, it.1.as_str())).collect();
        tries.push(scene.desk.submit(PAGE, PAGE, &fields).status);
    }
    assert_eq!(tries, [422, 422, 422, 422, 422, 429]);
    assert_eq!(scene.desk.submit(PAGE, PAGE, &[("change", "x")]).status, 422);
    let mut visitor = scene.half_way();
    assert_eq!(give(&mut visitor, &scene.app.next()).status, 303);
    scene.town.app.settle().expect("folded");
    let lines = scene.town.app.state.audit.all();
    let refused =
        |action: &str| lines.iter().filter(|it| it.row.action == action && !it.row.done).count();
    assert_eq!(refused("person.second_step_ended"), 5);
    assert_eq!(refused("person.second_step_set"), 2, "setting it up, at first");
}

#[test]
fn a_recovery_code_stands_in_for_the_telephone_once() {
    let mut scene = scene();
    let code = scene.codes[3].to_uppercase();
    let mut visitor = scene.half_way();
    assert_eq!(give(&mut visitor, &code).location(), "/today");
    let page = visitor.get("/today").body;
    assert!(page.contains("Du brukte ein reservekode. No har du 9 att."), "{page}");
    scene.town.app.settle().expect("folded");
    let mut again = scene.half_way();
    assert_eq!(give(&mut again, &code).status, 422);
    // New ones need the telephone, and the ones before are gone.
    let change = |desk: &mut Visitor, change: &str, code: &str| {
        desk.submit(PAGE, PAGE, &[("change", change), ("code", code)])
    };
    assert_eq!(change(&mut scene.desk, "codes", &scene.codes[4]).status, 422);
    let new = recovery(&change(&mut scene.desk, "codes", &scene.app.next()));
    assert_eq!(new.len(), 10);
    scene.town.app.settle().expect("folded");
    let mut old = scene.half_way();
    assert_eq!(give(&mut old, &scene.codes[5]).status, 422);
    // It can be ended with one of them, and then the passphrase is enough.
    assert_eq!(change(&mut scene.desk, "end", &new[0]).status, 303);
    scene.town.app.settle().expect("folded");
    Visitor::sign_in(scene.town.address, "reception");
}

#[test]
fn the_code_moves_to_another_telephone_for_a_code_of_the_old_one() {
    let mut scene = scene();
    let another = "/account/second-step?phone=new";
    let page = scene.desk.get(another);
    let new = App::reading(&page, &scene.clock);
    let public = page.hidden("public");
    let replace = |desk: &mut Visitor, (old, code, passphrase): (&str, &str, &str)| {
        let fields = [
            ("change", "replace"),
            ("public", public.as_str()),
            ("old", old),
            ("code", code),
            ("passphrase", passphrase),
        ];
        desk.submit(another, PAGE, &fields)
    };
    let old = scene.app.next();
    let desk = &mut scene.desk;
    for (typed, field) in [
        (("000000", &*new.code(), PASSPHRASE), "old"),
        ((&*old, "000000", PASSPHRASE), "code"),
        ((&*old, &*new.code(), "gale ord etter kvarandre"), "passphrase"),
    ] {
        let wrong = replace(desk, typed);
        assert_eq!(wrong.status, 422, "{field}");
        assert!(wrong.body.contains(&format!("id=\"{field}-error\"")), "{field}: {}", wrong.body);
        assert_eq!(wrong.hidden("public"), public, "the picture stays the same");
    }
    let codes = recovery(&replace(desk, (&scene.codes[0], &new.code(), PASSPHRASE)));
    assert_eq!(codes.len(), 10);
    scene.town.app.settle().expect("folded");
    let mut visitor = scene.half_way();
    assert_eq!(give(&mut visitor, &scene.app.next()).status, 422, "the old telephone");
    assert_eq!(give(&mut visitor, &scene.codes[1]).status, 422, "an old recovery code");
    assert_eq!(give(&mut visitor, &new.code()).location(), "/today");
}

#[test]
fn what_is_kept_is_no_secret_and_each_step_is_audited() {
    let mut scene = scene();
    let mut visitor = scene.half_way();
    give(&mut visitor, &scene.codes[0]);
    scene.town.app.settle().expect("folded");
    let kept = scene.town.app.state.people.all();
    let kept: Vec<String> =
        kept.iter().map(|it| serde_json::to_string(&it.row).expect("plain data")).collect();
    let kept = kept.join("\n");
    let key: String = scene.app.key.iter().map(|it| format!("{it:02x}")).collect();
    assert!(kept.contains("second_step") && !kept.contains(&key));
    assert!(
        scene.codes.iter().all(|it| !kept.contains(it) && !kept.contains(&it.replace('-', "")))
    );
    let audit = scene.admin.get("/admin/audit").body;
    for words in
        ["Slo på kode ved innlogging", "Brukte ein reservekode", "med passfrase og reservekode"]
    {
        assert!(audit.contains(words), "{words}: {audit}");
    }
}
