//! The lines of the log: one for each request, of nobody, and forged by nobody.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::json;

use super::send;
use crate::harness::visitor::{PASSPHRASE, Service, Visitor, add, invite};

/// Made up, with control digits that hold, by the rules of synthetic numbers.
const NUMBER: &str = "01818510078";
const SECRET: &str = "hemmeleg passfrase nummer sju";
/// Ends a line and begins one that looks like ours, and colors a terminal.
const FORGED: &str = "a\r\n{\"level\":\"ERROR\",\"message\":\"FORGED\"}\r\n\u{1b}[31mFORGED";

fn files(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

/// Sends what must stand nowhere, in every place that takes words. How many.
fn plant(admin: &mut Visitor, (token, address): (&str, std::net::SocketAddr)) -> usize {
    let planted = format!("{NUMBER} {SECRET} {FORGED}");
    let quoted: String = url::form_urlencoded::byte_serialize(planted.as_bytes()).collect();
    let mut n = 0;
    for path in [
        "/help?q=",
        "/gaps?q=",
        "/inquiries?q=",
        "/admin/audit?q=",
        "/nowhere/",
        "/gaps/",
        "/help/",
        "/shared/",
        "/feed/",
        "/stop/",
        "/agree/",
        "/sign-in?next=",
        "/assets/0/",
    ] {
        admin.get(&format!("{path}{quoted}"));
        n += 1;
    }
    let csrf = admin.get("/help").csrf().expect("a form");
    for (path, field) in [
        ("/sign-in", "login"),
        ("/sign-in", "passphrase"),
        ("/sign-in", "next"),
        ("/setup", "code"),
        ("/lang", "lang"),
        ("/lang", "next"),
    ] {
        admin.post(path, &csrf, &[(field, planted.as_str())]);
        n += 1;
    }
    for field in ["text", "note", "desk", "page", "key", "nothing"] {
        let mut body =
            json!({ "key": format!("inq_0197f000-0000-7000-8000-{n:012x}"), "text": "kva no" });
        // The words of a question are kept; the number in them is not.
        let is_kept = matches!(field, "text" | "note" | "desk");
        let words = if is_kept { NUMBER } else { planted.as_str() };
        body[field] = words.into();
        admin.send("/api/v1/inquiries", &csrf, &body);
        n += 1;
    }
    n + plant_below(&planted, (token, address))
}

/// The same in lines of header, and in what is no request at all.
fn plant_below(planted: &str, (token, address): (&str, std::net::SocketAddr)) -> usize {
    let mut n = 0;
    let ends_no_line = planted.replace(['\r', '\n', '\u{1b}'], " ");
    for name in [
        "user-agent",
        "referer",
        "accept-language",
        "cookie",
        "x-forwarded-for",
        "origin",
        "authorization",
        "x-csrf",
        "x-request-id",
        "forwarded",
    ] {
        let head = format!(
            "GET /help HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{name}: {ends_no_line}\r\n\r\n"
        );
        send(address, head.as_bytes());
        n += 1;
    }
    let shown = format!(
        "GET /api/v1/gaps HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\
         authorization: Bearer {token}\r\n\r\n"
    );
    send(address, shown.as_bytes());
    for odd in [
        format!("{FORGED} / HTTP/1.1\r\n\r\n"),
        format!("GET /{NUMBER}\u{1b}[2J HTTP/1.1\r\nhost: x\r\n\r\n"),
        format!("FORGEDFORGED /{NUMBER} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"),
    ] {
        send(address, odd.as_bytes());
        n += 1;
    }
    n + 1
}

/// Follows links whose address holds a secret; the secrets.
fn follow_links(admin: &mut Visitor) -> Vec<String> {
    let kari = [("login", "kari"), ("name", "Kari Nes"), ("role", "editor")];
    let invited = invite(admin, &kari);
    let mut guest = Visitor::new(admin.address);
    assert_eq!(guest.get(&invited).status, 303);
    assert_eq!(guest.get("/welcome").status, 200);
    let public = admin.get("/account").hidden("public");
    let fields = [("change", "make_feed"), ("public", public.as_str())];
    let feed = admin.submit("/account", "/account", &fields).link("/feed/");
    assert_eq!(guest.get(&feed).status, 200);
    // Of each the last 64 digits are secret.
    [invited, feed].map(|it| it[it.len() - 64..].to_owned()).into()
}

#[test]
fn nothing_that_is_sent_can_be_read_in_the_log_or_forge_a_line() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (data, log) = (folder.path().join("data"), folder.path().join("log"));
    let heard = std::fs::File::create(&log).expect("made");
    let settings = [("SKRANKE_LOG", "json")];
    let mut service = Service::start_heard(&data, &settings, heard).expect("it starts");
    let mut admin = service.set_up();
    let token = crate::machine::token(&mut admin, &[("name", "chat"), ("scope", "answers")]);
    let planted = plant(&mut admin, (&token, service.address));
    let secrets_of_links = follow_links(&mut admin);
    assert!(20 <= planted);
    service.signal(rustix::process::Signal::TERM);
    assert_eq!(service.ended_within(std::time::Duration::from_secs(20)), Some(0));

    let lines = std::fs::read_to_string(&log).expect("written");
    assert!(!lines.contains('\u{1b}') && !lines.contains("u001b"), "no colors");
    let mut answered = 0;
    for line in lines.lines() {
        let told: serde_json::Value = serde_json::from_str(line).expect("each line is an object");
        let is_answer = told["message"].as_str().is_some_and(|it| it.starts_with("answered "));
        if is_answer {
            answered += 1;
            assert!(told["request.id"].as_str().is_some_and(|it| it.starts_with("req_")), "{line}");
            assert!(told["status"].is_u64() && told["duration_ms"].is_u64(), "{line}");
            assert!(told["route"].is_string() && told["verb"].is_string(), "{line}");
        }
    }
    assert!(planted <= answered, "{answered} lines for {planted} requests");
    println!("{planted} inputs planted; {} lines of log", lines.lines().count());

    let mut all = vec![log];
    files(&data, &mut all);
    let mut secrets = vec![NUMBER, SECRET, "FORGED", PASSPHRASE, token.as_str(), "127.0.0.1"];
    secrets.extend(secrets_of_links.iter().map(String::as_str));
    for path in all {
        let bytes = std::fs::read(&path).expect("a file");
        for secret in &secrets {
            let stands = bytes.windows(secret.len()).any(|it| it == secret.as_bytes());
            assert!(!stands, "{secret:?} stands in {}", path.display());
        }
    }
}

#[test]
fn the_page_of_a_fault_shows_the_id_that_the_log_has() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (data, log) = (folder.path().join("data"), folder.path().join("log"));
    let heard = std::fs::File::create(&log).expect("made");
    let mut service = Service::start_heard(&data, &[], heard).expect("it starts");
    let page = service.set_up().get("/nowhere").body;
    let id = page.split("req_").nth(1).and_then(|it| it.get(..32)).expect("an id");
    service.signal(rustix::process::Signal::TERM);
    service.ended_within(std::time::Duration::from_secs(20));
    let lines = std::fs::read_to_string(&log).expect("written");
    let line = lines.lines().find(|it| it.contains(id)).expect("a line with the id");
    assert!(line.contains("answered GET none with 404 in "), "{line}");
    assert!(!line.contains("nowhere"), "{line}");
}

/// What stands in a log under `event`, with the way, factor and outcome of a sign-in.
fn events(log: &Path) -> BTreeSet<String> {
    let lines = std::fs::read_to_string(log).expect("written");
    let told = lines.lines().map(|it| serde_json::from_str(it).expect("an object"));
    let told = told.filter_map(|it: serde_json::Value| {
        let part = |name: &str| it[name].as_str().map(str::to_owned);
        let event = part("event")?;
        let more = ["way", "factor", "outcome"].into_iter().filter_map(part);
        Some([event].into_iter().chain(more).collect::<Vec<_>>().join(" "))
    });
    told.collect()
}

#[test]
fn each_sign_in_and_each_attempt_to_get_around_has_an_event_of_its_own() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (data, log) = (folder.path().join("data"), folder.path().join("log"));
    let heard = std::fs::File::create(&log).expect("made");
    let settings = [("SKRANKE_LOG", "json")];
    let mut service = Service::start_heard(&data, &settings, heard).expect("it starts");
    let mut admin = service.set_up();
    let mut desk = add(&mut admin, "reception");
    let address = service.address;
    for login in ["reception", "nobody.here"] {
        let fields = [("login", login), ("passphrase", "gale ord etter kvarandre")];
        let answer = Visitor::new(address).submit("/sign-in", "/sign-in", &fields);
        assert_eq!(answer.status, 422);
    }
    let csrf = desk.get("/account").csrf().expect("a form");
    assert_eq!(desk.post("/lock", &"0".repeat(48), &[]).expect("an answer").status, 403);
    let foreign = desk.clone().with_line("origin: https://evil.example");
    let mut foreign = foreign.with_line("sec-fetch-site: cross-site");
    assert_eq!(foreign.post("/lock", &csrf, &[]).expect("an answer").status, 403);
    assert_eq!(desk.get("/admin/people").status, 403);
    let odd = desk.post("/account", &csrf, &[("change", "nothing")]).expect("an answer");
    assert_eq!(odd.status, 422);
    let unknown = format!("skr_{}", "0".repeat(40));
    assert_eq!(Visitor::new(address).with_token(&unknown).get("/api/v1/gaps").status, 401);
    let link = format!("/welcome/{}", "a".repeat(76));
    let guesses: BTreeSet<u16> = (0..7).map(|_| Visitor::new(address).get(&link).status).collect();
    let long = Visitor::new(address).get(&format!("/help?q={}", "a".repeat(9_000)));
    println!("guesses of a link: {guesses:?}");
    assert_eq!(long.status, 414);
    service.signal(rustix::process::Signal::TERM);
    assert_eq!(service.ended_within(std::time::Duration::from_secs(20)), Some(0));

    let expected = [
        "access_denied",
        "form_forged",
        "input_refused",
        "limit_reached",
        "link_refused",
        "origin_refused",
        "sign_in link none passed",
        "sign_in passphrase none passed",
        "sign_in passphrase none refused",
        "token_refused",
    ];
    let expected: BTreeSet<String> = expected.map(str::to_owned).into();
    assert_eq!(events(&log), expected);
    let lines = std::fs::read_to_string(&log).expect("written");
    for name in ["nobody.here", "evil.example"] {
        assert!(!lines.contains(name), "{name} stands in the log");
    }
    let papers = include_str!("../../../deploy/README.md");
    for event in &expected {
        let name = event.split(' ').next().unwrap_or_default();
        assert!(papers.contains(&format!("`{name}`")), "{name} is in no paper");
    }
}
