//! The mail server is tried by a real conversation, and what it says is shown word for word.

use crate::harness::smtp::{MailServer, Manner};
use crate::harness::visitor::{Answer, Service, Visitor, add};

const PATH: &str = "/admin/mail";

/// A service that has this mail server, and its administrator.
fn service(data: &std::path::Path, port: u16) -> (Service, Visitor) {
    let port = port.to_string();
    let settings = [
        ("SKRANKE_SMTP_HOST", "127.0.0.1"),
        ("SKRANKE_SMTP_PORT", port.as_str()),
        ("SKRANKE_SMTP_SECURITY", "none"),
        ("SKRANKE_MAIL_FROM", "skranke@fjordvik.example"),
    ];
    let mut service = Service::start_with(data, &settings).expect("it starts");
    let admin = service.set_up();
    (service, admin)
}

fn send(admin: &mut Visitor, to: &str) -> Answer {
    admin.submit(PATH, PATH, &[("to", to)])
}

#[test]
fn what_the_server_says_is_shown_when_it_takes_a_mail() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let server = MailServer::start(Manner::Takes("250 2.0.0 queued as 4F2A"));
    let (_service, mut admin) = service(folder.path(), server.address.port());
    let page = send(&mut admin, "kari@fjordvik.example").body;
    assert!(page.contains("Tenaren tok imot meldinga."), "{page}");
    assert!(page.contains("250 2.0.0 queued as 4F2A"), "{page}");
    let heard = server.heard();
    assert!(heard.iter().any(|it| it.contains("RCPT TO:<kari@fjordvik.example>")), "{heard:?}");
    assert!(heard.iter().any(|it| it.contains("MAIL FROM:<skranke@fjordvik.example>")));
    let audit = admin.get("/admin/audit?area=jobs").body;
    assert!(audit.contains("Sende ein prøve") && !audit.contains("kari@"), "{audit}");
    assert!(add(&mut admin, "auditor").get(PATH).body.contains("127.0.0.1:"));
}

#[test]
fn what_the_server_says_is_shown_when_it_refuses() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let server = MailServer::start(Manner::Refuses("550 5.1.1 no <b>such</b> user"));
    let (_service, mut admin) = service(folder.path(), server.address.port());
    let page = send(&mut admin, "ingen@fjordvik.example").body;
    assert!(page.contains("Tenaren sa nei.") && page.contains("550 5.1.1 no"), "{page}");
    assert!(!page.contains("<b>such"), "another machine's words are words: {page}");
    let audit = admin.get("/admin/audit?area=jobs").body;
    assert!(audit.contains("<strong>nei</strong>"), "{audit}");
}

#[test]
fn a_server_that_is_not_there_or_hangs_up_is_told_in_plain_words() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = free.local_addr().expect("it is bound").port();
    drop(free);
    let (_service, mut admin) = service(folder.path(), port);
    let page = send(&mut admin, "kari@fjordvik.example").body;
    assert!(page.contains("Fekk ikkje kontakt."), "{page}");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let server = MailServer::start(Manner::HangsUp);
    let (_service, mut admin) = self::service(folder.path(), server.address.port());
    let page = send(&mut admin, "kari@fjordvik.example").body;
    assert!(page.contains("data-color=\"danger\"") && !page.contains("tok imot"), "{page}");
}

#[test]
fn nobody_makes_a_relay_of_it() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let server = MailServer::start(Manner::Takes("250 ok"));
    let (_service, mut admin) = service(folder.path(), server.address.port());
    for wrong in ["", "kari", "kari@fjordvik.example\r\nBcc: ola@fjordvik.example"] {
        assert_eq!(send(&mut admin, wrong).status, 422, "{wrong:?}");
    }
    assert!(server.heard().is_empty(), "nothing was sent");
    for _ in 0..10 {
        assert_eq!(send(&mut admin, "kari@fjordvik.example").status, 200);
    }
    let page = send(&mut admin, "kari@fjordvik.example");
    assert!(page.status == 422 && page.body.contains("Vent litt."), "{}", page.body);
}

#[test]
fn without_a_server_the_page_says_so() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut service = Service::start(folder.path());
    let mut admin = service.set_up();
    let page = admin.get(PATH).body;
    assert!(page.contains("Ingen er sett") && !page.contains("name=\"to\""), "{page}");
    assert_eq!(send(&mut admin, "kari@fjordvik.example").status, 422);
}
