//! The headers that protect every answer: pages, files, errors of every kind, and what the layers
//! below the screens answer.

use skranke::http::routes::{ROUTES, Verb};

use super::send;
use crate::harness::visitor::{Answer, Service, Visitor};

/// What each answer must carry, and how it begins.
const LINES: [(&str, &str); 8] = [
    ("content-security-policy", "default-src 'none'"),
    ("strict-transport-security", "max-age=31536000; includeSubDomains"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", ""),
    ("referrer-policy", ""),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cache-control", ""),
];

fn faults(of: &str, answer: &Answer) -> Vec<String> {
    let find = |name: &str| answer.headers.iter().filter(|it| it.0 == name).collect::<Vec<_>>();
    let missing = LINES.iter().filter(|(name, begins)| {
        let found = find(name);
        found.len() != 1 || !found[0].1.starts_with(begins)
    });
    let mut faults: Vec<String> =
        missing.map(|it| format!("{of}: {} {}", answer.status, it.0)).collect();
    for name in ["server", "x-powered-by", "via"] {
        if !find(name).is_empty() {
            faults.push(format!("{of}: tells {name}"));
        }
    }
    let framed = find("content-security-policy").iter().any(|it| it.1.contains("frame-ancestors"));
    if !framed {
        faults.push(format!("{of}: may be framed"));
    }
    faults
}

fn filled(path: &str) -> String {
    let given =
        [("{week}", "2026-W10"), ("{number}", "T1"), ("{id}", "inq_none"), ("{print}", "0")];
    let path = given.iter().fold(path.to_owned(), |path, it| path.replace(it.0, it.1));
    let parts = path.split('/').map(|it| if it.starts_with('{') { "none" } else { it });
    parts.collect::<Vec<_>>().join("/")
}

#[test]
fn every_route_protects_its_answers_whoever_asks() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let settings = [("SKRANKE_SECURE_COOKIES", "true")];
    let mut service = Service::start_with(&folder.path().join("data"), &settings).expect("started");
    let admin = service.set_up();
    let mut wrong = vec![];
    for mut visitor in [Visitor::new(service.address), admin] {
        for route in ROUTES.iter().filter(|it| it.path != "/sign-out") {
            let path = filled(route.path);
            let answer = match route.verb {
                Verb::Get => visitor.get(&path),
                Verb::Post => visitor.post(&path, "none", &[]).expect("an answer"),
                Verb::Put => visitor.call("PUT", &path, ("", "{}")).expect("an answer"),
                Verb::Delete => visitor.call("DELETE", &path, ("", "")).expect("an answer"),
            };
            wrong.extend(faults(&format!("{:?} {path}", route.verb), &answer));
            assert!(answer.status < 500, "{path}: {}", answer.status);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn errors_of_every_kind_are_protected_too() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let settings = [("SKRANKE_SECURE_COOKIES", "true")];
    let service = Service::start_with(&folder.path().join("data"), &settings).expect("started");
    let get = |path: &str, more: &str| {
        format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{more}\r\n")
    };
    let post = |path: &str, more: &str, body: &str| {
        let length = body.len();
        format!(
            "POST {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\
             content-length: {length}\r\n{more}\r\n{body}"
        )
    };
    let many = "a: b\r\n".repeat(150);
    let foreign = "origin: https://elsewhere.example\r\n";
    let kinds = [
        (get("/", ""), 303),
        (get("/nowhere", ""), 404),
        (get("/assets/0/none", ""), 404),
        (get("/api/nowhere", ""), 404),
        (get("/api/v1/gaps", ""), 401),
        (get("/api/v1/gaps", "authorization: Bearer skr_none\r\n"), 401),
        (get(&format!("/{}", "a".repeat(9_000)), ""), 414),
        (get("/", &many), 431),
        (get("/", &"a: b\r\n".repeat(300)), 431),
        (get("/", &format!("a: {}\r\n", "b".repeat(17_000))), 431),
        (get("/", &format!("a: {}\r\n", "b".repeat(70_000))), 431),
        (get("/", "").replacen("GET", "TRACE", 1), 405),
        (get("/livez", "").replacen("GET", "DELETE", 1), 405),
        ("kaudervelsk\r\n\r\n".to_owned(), 400),
        ("GET / HTTP/1.1\r\na b\r\n\r\n".to_owned(), 400),
        (post("/sign-in", "", "login=a"), 403),
        (post("/sign-in", foreign, "login=a"), 403),
        (post("/lang", "", &"a".repeat(70_000)), 413),
        (post("/api/v1/inquiries", "content-type: application/json\r\n", "{"), 401),
    ];
    let mut wrong = vec![];
    for (sent, status) in kinds {
        let of: String = sent.chars().take(40).collect();
        let answer = send(service.address, sent.as_bytes()).unwrap_or_else(|| panic!("{of}"));
        if answer.status != status {
            wrong.push(format!("{of}: {} instead of {status}", answer.status));
        }
        wrong.extend(faults(&of, &answer));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_proxy_of_the_papers_demands_tls_as_the_service_does() {
    let told = LINES.iter().find(|it| it.0 == "strict-transport-security").expect("a line").1;
    let line = format!("header Strict-Transport-Security \"{told}\"");
    assert!(include_str!("../../../deploy/Caddyfile").contains(&line), "{line}");
}
