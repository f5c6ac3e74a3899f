//! Machines: a switchboard that logs, a chatbot that asks for answers, tokens that are taken back.

mod last_day;
mod letters;

use serde_json::{Value, json};

use crate::harness::program::{run, tried};
use crate::harness::visitor::{Answer, Service, Visitor};

const LOG: &str = "/api/v1/inquiries";
const ANSWERS: &str = "/api/v1/answers";

/// Lets an administrator make a token on the screen, which shows it once.
#[track_caller]
pub(crate) fn token(admin: &mut Visitor, fields: &[(&str, &str)]) -> String {
    let public = admin.get("/admin/tokens").hidden("public");
    let fields = [&[("change", "add"), ("public", public.as_str())], fields].concat();
    let answer = admin.submit("/admin/tokens", "/admin/tokens", &fields);
    assert_eq!(answer.status, 200, "{}", answer.body);
    shown(&answer)
}

/// The token that a page shows.
fn shown(answer: &Answer) -> String {
    let from = answer.body.split(">skr_").nth(1).expect("it is shown");
    format!("skr_{}", from.split('<').next().expect("a value"))
}

struct Scene {
    folder: tempfile::TempDir,
    service: Service,
    admin: Visitor,
}

fn scene() -> Scene {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut service = Service::start(&folder.path().join("data"));
    let admin = service.set_up();
    Scene { folder, service, admin }
}

impl Scene {
    fn machine(&mut self, fields: &[(&str, &str)]) -> Visitor {
        let token = token(&mut self.admin, fields);
        Visitor::new(self.service.address).with_token(&token)
    }

    /// All inquiries, as an export tells them; the service ends.
    fn exported(mut self) -> Vec<Value> {
        self.service.kill();
        let (data, out) = (self.folder.path().join("data"), self.folder.path().join("out"));
        run(&data, &["export", &out.to_string_lossy()]);
        let lines = std::fs::read_to_string(out.join("inquiries.jsonl")).expect("a file");
        lines.lines().map(|it| serde_json::from_str(it).expect("JSON")).collect()
    }
}

fn send(machine: &mut Visitor, path: &str, body: &Value) -> Answer {
    machine.send(path, "", body).expect("an answer")
}

#[track_caller]
fn refused(answer: &Answer, status: u16, kind: &str) {
    assert_eq!(answer.status, status, "{}", answer.body);
    let problem = answer.json();
    assert_eq!(problem["type"], format!("urn:skranke:{kind}"));
    let words = |name: &str| problem[name].as_str().is_some_and(|it| 10 < it.len());
    assert!(words("title") && words("detail"), "{problem}");
}

#[test]
fn a_machine_logs_once_under_its_own_key_and_is_named_in_place_of_a_person() {
    let mut scene = scene();
    let fields = [("name", "Sentralbord"), ("scope", "log"), ("channel", "email")];
    let mut machine = scene.machine(&fields);
    let asked = skranke::clock::Clock::System.now() - jiff::SignedDuration::from_hours(30);
    let body = json!({
        "key": "<20261127.1@post.example.org>",
        "text": "Kva tid opnar badet? Ring meg på 68 05 01 23. Mvh Kari Nordmann",
        "note": "Klokka ti",
        "asked": asked.to_string(),
    });
    let first = send(&mut machine, LOG, &body);
    assert_eq!(first.status, 201, "{}", first.body);
    assert_eq!(first.json()["masked"], 1);
    let again = send(&mut machine, LOG, &body);
    assert_eq!((again.status, again.json()["id"].clone()), (200, first.json()["id"].clone()));
    let other = json!({ "key": "<20261127.1@post.example.org>", "text": "Noko heilt anna" });
    refused(&send(&mut machine, LOG, &other), 409, "key_reused");
    let kept = scene.exported();
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0]["channel"], "email");
    assert!(kept[0]["source"]["machine"].as_str().unwrap().starts_with("tok_"));
    assert_eq!((kept[0].get("by"), kept[0]["asked"].clone()), (None, json!(asked)));
    let told = kept[0].to_string();
    assert!(
        !told.contains("68 05") && !told.contains("Nordmann") && !told.contains("post.example.org"),
        "{told}"
    );
}

#[test]
fn what_is_wrong_with_a_machine_s_question_is_said_of_its_field() {
    let mut scene = scene();
    let grant = [("name", "Chatbot"), ("scope", "log"), ("desk", "Nord"), ("channel", "chat")];
    let mut machine = scene.machine(&grant);
    let mut check = |field: &str, body: Value| {
        let answer = send(&mut machine, LOG, &body);
        refused(&answer, 422, "invalid");
        assert_eq!(answer.json()["field"], field, "{}", answer.body);
    };
    let text = "når opnar de";
    check("key", json!({ "text": text }));
    check("text", json!({ "key": "1" }));
    check("text", json!({ "key": "1", "text": "a".repeat(2_001) }));
    check("text", json!({ "key": "1", "text": 7 }));
    check("note", json!({ "key": "1", "text": text, "note": "a".repeat(2_001) }));
    check("asked", json!({ "key": "1", "text": text, "asked": "2020-01-01T00:00:00Z" }));
    check("asked", json!({ "key": "1", "text": text, "asked": "i går" }));
    check("channel", json!({ "key": "1", "text": text, "channel": "fax" }));
    check("channel", json!({ "key": "1", "text": text, "channel": "phone" }));
    check("desk", json!({ "key": "1", "text": text, "desk": "Sør" }));
    check("outcome", json!({ "key": "1", "text": text, "outcome": "page" }));
    let both = json!({ "key": "1", "text": text, "page": "https://a.no/", "outcome": "answered" });
    check("outcome", both);
    check("keep", json!({ "key": "1", "text": text, "keep": "phone" }));
    check("body", json!(["når opnar de"]));
    let whole = "a".repeat(70_000);
    assert_eq!(send(&mut machine, LOG, &json!({ "key": "1", "text": whole })).status, 413);
    let good = json!({ "key": "1", "text": text, "desk": "Nord", "channel": "chat" });
    assert_eq!(send(&mut machine, LOG, &good).status, 201);
    let kept = scene.exported();
    assert_eq!((kept.len(), kept[0]["desk"].clone()), (1, json!("Nord")));
}

#[test]
fn a_token_that_is_wrong_over_or_taken_back_lets_nobody_in() {
    let mut scene = scene();
    let today = skranke::clock::Clock::System.now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let last = today.tomorrow().expect("a day").to_string();
    let good = token(&mut scene.admin, &[("name", "Post"), ("scope", "log"), ("until", &last)]);
    let address = scene.service.address;
    let try_with = |token: &str| {
        let mut machine = Visitor::new(address).with_token(token);
        send(&mut machine, LOG, &json!({ "key": "1", "text": "når opnar de" }))
    };
    assert_eq!(try_with(&good).status, 201);
    let cut = &good[..good.len() - 1];
    for wrong in ["", "skr_", cut, &format!("{cut}g"), &other_secret(&good)] {
        let answer = try_with(wrong);
        refused(&answer, 401, "token_unknown");
        assert!(answer.headers.iter().any(|it| it.0 == "www-authenticate"), "{answer:?}");
    }
    let mut for_answers = Visitor::new(address).with_token(&good);
    refused(&send(&mut for_answers, ANSWERS, &json!({ "text": "badet" })), 403, "token_scope");
    let id = scene.admin.get("/admin/tokens").hidden("id");
    let back = [("change", "take_back"), ("id", id.as_str())];
    assert_eq!(scene.admin.submit("/admin/tokens", "/admin/tokens", &back).status, 303);
    refused(&try_with(&good), 401, "token_taken_back");
    scene.service.kill();
    scene.service = Service::start(&scene.folder.path().join("data"));
    let mut machine = Visitor::new(scene.service.address).with_token(&good);
    let body = json!({ "key": "2", "text": "når opnar de" });
    refused(&send(&mut machine, LOG, &body), 401, "token_taken_back");
}

/// The same public part with a secret that was never given out.
fn other_secret(token: &str) -> String {
    let last = if token.ends_with('0') { '1' } else { '0' };
    format!("{}{last}", &token[..token.len() - 1])
}

#[test]
fn the_screen_shows_a_token_once_and_tells_the_day_of_its_use_and_no_more() {
    let mut scene = scene();
    let admin = &mut scene.admin;
    let public = admin.get("/admin/tokens").hidden("public");
    let fields = [("change", "add"), ("public", public.as_str()), ("name", "Sentralbordet")];
    let nothing = admin.submit("/admin/tokens", "/admin/tokens", &fields);
    assert_eq!(nothing.status, 422);
    assert!(nothing.body.contains("scope-error") && nothing.body.contains("Sentralbordet"));
    let fields = [&fields[..], &[("scope", "log")]].concat();
    let made = admin.submit("/admin/tokens", "/admin/tokens", &fields);
    let token = shown(&made);
    let twice = admin.submit("/admin/tokens", "/admin/tokens", &fields);
    assert_eq!(twice.status, 422, "the form was sent before: {}", twice.body);
    let list = admin.get("/admin/tokens").body;
    assert!(!list.contains(&token) && list.contains("Aldri brukt"), "{list}");
    assert_eq!(list.matches("<td role=\"cell\" class=\"name\">Sentralbordet").count(), 1);
    let mut machine = Visitor::new(scene.service.address).with_token(&token);
    for key in ["1", "2"] {
        let answer = send(&mut machine, LOG, &json!({ "key": key, "text": "når opnar de" }));
        assert_eq!(answer.status, 201, "{}", answer.body);
    }
    let admin = &mut scene.admin;
    assert!(admin.get("/admin/tokens").body.contains("Sist brukt"));
    let audit = admin.get("/admin/audit").body;
    assert_eq!(audit.matches("token.made").count(), 1);
    scene.service.kill();
    let data = scene.folder.path().join("data");
    let uses = run(&data, &["journal", "show"]).matches("\"used\"").count();
    assert!(uses <= 1, "one record a day: {uses}");
    assert!(!tells(&data, &token), "the token itself is kept nowhere");
}

/// Whether any file of a folder holds a text.
fn tells(folder: &std::path::Path, text: &str) -> bool {
    std::fs::read_dir(folder).expect("a folder").any(|it| {
        let path = it.expect("an entry").path();
        if path.is_dir() {
            return tells(&path, text);
        }
        let bytes = std::fs::read(&path).unwrap_or_default();
        bytes.windows(text.len()).any(|it| it == text.as_bytes())
    })
}

/// A folder with a page about the pool and what three have asked about it.
fn town(folder: &std::path::Path) -> std::path::PathBuf {
    let data = folder.join("data");
    let (pages, log) = (folder.join("sida.jsonl"), folder.join("logg.csv"));
    let page = json!({
        "url": "https://www.example.org/bad",
        "title": "Badet i Fjordvik",
        "text": "Badet er ope for alle frå klokka ti kvar laurdag og sundag.",
    });
    std::fs::write(&pages, format!("{page}\n")).expect("written");
    run(&data, &["pages", &pages.to_string_lossy(), "--site", "https://www.example.org/"]);
    let rows = "tekst\nnår opnar badet på laurdag\nopnar badet laurdag, spør Kari\n\
                når opnar badet på laurdag\n";
    std::fs::write(&log, rows).expect("written");
    run(&data, &["import", &log.to_string_lossy()]);
    run(&data, &["topics"]);
    data
}

/// Asks until the search is there: it is read in behind.
fn answered(machine: &mut Visitor, text: &str) -> Answer {
    const TRIES: usize = 300;
    for _ in 0..TRIES {
        let answer = send(machine, ANSWERS, &json!({ "text": text }));
        assert_eq!(answer.status, 200, "{}", answer.body);
        if answer.json()["is_down"] == false {
            return answer;
        }
        std::thread::park_timeout(std::time::Duration::from_millis(50));
    }
    panic!("the search does not come up");
}

#[test]
fn a_machine_hears_what_answers_and_nothing_of_what_others_have_asked() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = town(folder.path());
    let mut service = Service::start(&data);
    let mut admin = service.set_up();
    let made = token(&mut admin, &[("name", "Bot"), ("scope", "answers")]);
    let mut machine = Visitor::new(service.address).with_token(&made);
    let answer = answered(&mut machine, "når opnar badet på laurdag");
    let said = answer.json();
    let passages = said["passages"].as_array().expect("passages");
    assert!((1..=3).contains(&passages.len()), "{said}");
    assert_eq!(passages[0]["address"], "https://www.example.org/bad");
    assert_eq!(passages[0]["title"], "Badet i Fjordvik");
    assert!(passages[0]["text"].as_str().unwrap().contains("klokka ti"), "{said}");
    assert_eq!((passages[0]["lang"].as_str(), said["answer"].clone()), (Some("nn"), Value::Null));
    assert!(!answer.body.contains("Kari") && said.get("earlier").is_none(), "{said}");

    let words = "Badet opnar klokka ti på laurdag.";
    let version = admin.get("/topics/T1").hidden("version");
    let fields = [("decision", "set_answer"), ("version", &version), ("answer", words)];
    assert_eq!(admin.submit("/topics/T1", "/topics/T1", &fields).status, 303);
    let said = answered(&mut machine, "når opnar badet på laurdag").json();
    assert_eq!(said["answer"]["text"], words, "{said}");
    assert_eq!(said["answer"]["lang"], "nn");
    assert_eq!(said["answer"]["day"].as_str().map(str::len), Some("2026-03-02".len()));
    service.kill();
    let out = folder.path().join("out");
    run(&data, &["export", &out.to_string_lossy()]);
    let kept = std::fs::read_to_string(out.join("inquiries.jsonl")).expect("a file");
    assert_eq!(kept.lines().count(), 3, "what is asked for an answer is not kept");
}

#[test]
fn a_machine_that_calls_too_often_waits_and_others_do_not() {
    let mut scene = scene();
    let mut busy = scene.machine(&[("name", "Sløyfe"), ("scope", "answers")]);
    let mut other = scene.machine(&[("name", "Bot"), ("scope", "answers")]);
    let mut last = None;
    for _ in 0..700 {
        let answer = busy.get("/api/v1/openapi.json");
        if answer.status != 200 {
            last = Some(answer);
            break;
        }
    }
    let last = last.expect("it is held up");
    refused(&last, 429, "too_many_calls");
    assert!(last.headers.iter().any(|it| *it == ("retry-after".into(), "60".into())), "{last:?}");
    assert_eq!(other.get("/api/v1/openapi.json").status, 200);
}

#[test]
fn the_command_line_makes_lists_and_takes_back() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    let today = skranke::clock::Clock::System.now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let day = today.tomorrow().expect("a day").to_string();
    let add = ["token", "add", "Postregel", "--may", "log", "--until", &day];
    let token = run(&data, &add).trim().to_owned();
    assert_eq!((token.len(), &token[..4]), (4 + 12 + 1 + 64, "skr_"));
    let list = run(&data, &["token", "list"]);
    assert!(list.contains("Postregel") && list.contains(&format!("until: {day}")), "{list}");
    assert!(list.contains("never used") && !list.contains(&token), "{list}");
    let service = Service::start(&data);
    let mut machine = Visitor::new(service.address).with_token(&token);
    let answer = send(&mut machine, LOG, &json!({ "key": "1", "text": "når opnar de" }));
    assert_eq!(answer.status, 201, "{}", answer.body);
    drop(service);
    let id = list.split_whitespace().next().expect("an id");
    run(&data, &["token", "remove", id]);
    let list = run(&data, &["token", "list"]);
    assert!(list.contains("taken back") && !list.contains("never used"), "{list}");
    let gone = tried(&data, &["token", "add", "X", "--may", "log", "--until", "2020-01-01"]);
    assert!(!gone.status.success());
    assert!(!tried(&data, &["token", "add", "X", "--may", "all"]).status.success());
}
