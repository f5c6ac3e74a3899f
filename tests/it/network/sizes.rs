//! More than anybody needs: refused with a word, and without growing.

use serde_json::json;

use super::{metric, send};
use crate::harness::visitor::{Service, Visitor};

fn line(method_and_path: &str, more: &str) -> Vec<u8> {
    format!("{method_and_path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{more}\r\n").into_bytes()
}

#[test]
fn too_long_an_address_header_or_body_is_refused_with_a_page() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut service = Service::start(&folder.path().join("data"));
    service.set_up();
    let check = |bytes: Vec<u8>, status: u16| {
        let answer = send(service.address, &bytes).expect("an answer");
        assert_eq!(answer.status, status, "{}", answer.body);
        assert!(answer.body.contains("<h1"), "{}", answer.body);
    };
    let path = |bytes: usize| format!("GET /help?q={}", "a".repeat(bytes - "/help?q=".len()));
    assert_eq!(send(service.address, &line(&path(8 * 1024), "")).map(|it| it.status), Some(200));
    check(line(&path(8 * 1024 + 1), ""), 414);
    let lines = |n: usize| "a: b\r\n".repeat(n);
    assert_eq!(
        send(service.address, &line("GET /help", &lines(98))).map(|it| it.status),
        Some(200)
    );
    check(line("GET /help", &lines(99)), 431);
    check(line("GET /help", &format!("a: {}\r\n", "b".repeat(16 * 1024))), 431);
    check(line("TRACE /help", ""), 405);
    let body = "a".repeat(64 * 1024 + 1);
    let form = "content-type: application/x-www-form-urlencoded\r\n";
    let head = format!("{form}content-length: {}\r\n", body.len());
    check([line("POST /lang", &head), body.into_bytes()].concat(), 413);
}

#[test]
fn deep_or_endless_words_are_refused_and_take_no_memory() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut service = Service::start(&folder.path().join("data"));
    let mut admin = service.set_up();
    let csrf = admin.get("/help").csrf().expect("a form");
    let before = metric(service.address, "process_resident_memory_bytes");
    assert!(0.0 < before);
    for depth in [65, 120, 10_000] {
        let deep = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let body =
            format!("{{\"key\":\"inq_0197f000-0000-7000-8000-000000000001\",\"text\":{deep}}}");
        let more = format!("x-csrf: {csrf}\r\n");
        let answer = admin.send_raw("/api/v1/inquiries", &body, &more).expect("an answer");
        assert!((400..500).contains(&answer.status), "{depth}: {}", answer.status);
    }
    let many = "a&".repeat(1_000_000);
    for path in ["/lang", "/sign-in"] {
        let answer = Visitor::new(service.address).send_raw(path, &many, "").expect("an answer");
        assert_eq!(answer.status, 413);
    }
    let answer = admin.get(&format!("/help?{}", "a&".repeat(4_000)));
    assert_eq!(answer.status, 200);
    let fields =
        json!({ "key": "inq_0197f000-0000-7000-8000-000000000002", "text": "når opnar de" });
    assert_eq!(admin.send("/api/v1/inquiries", &csrf, &fields).expect("an answer").status, 201);
    let grown = metric(service.address, "process_resident_memory_bytes") - before;
    println!("memory grew by {:.1} MB", grown / 1_048_576.0);
    assert!(grown < 50.0 * 1_048_576.0, "{grown}");
}
