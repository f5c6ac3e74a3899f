//! The mail server is tried by a real conversation, and what it says is shown word for word.

use skranke::app::NewReader;
use skranke::clock::Clock;
use skranke::messages::Lang;
use skranke::schedule::Job;

use crate::harness::post_box::{Act, PostBox};
use crate::harness::smtp::{MailServer, Manner};
use crate::harness::town::Town;
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

#[test]
fn what_waits_what_stands_in_the_way_and_what_was_lost_is_shown() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let clock = Clock::fixed("2026-03-09T07:00:00Z".parse().expect("an instant"));
    let server = PostBox::start(|nth, to| match to.split('@').next() {
        Some("kari") => Act::ToReader("550 5.1.1 no such user"),
        _ if nth < 3 => Act::ToReader("450 4.2.1 mailbox busy"),
        _ => Act::Greet("421 4.3.2 closing"),
    });
    let town = Town::open_with(folder.path(), &clock, Some(server.server()));
    let mut admin = town.set_up();
    for name in ["kari", "ola", "siri"] {
        let mail = format!("{name}@fjordvik.example");
        town.app.add_reader(NewReader::new(name, mail, Lang::Nn), None).expect("added");
    }
    town.run_now(Job::Digest);
    town.send_post();
    let page = admin.get(PATH).body;
    assert!(page.contains("2 brev ventar på å bli sende."), "{page}");
    assert!(page.contains("Tenaren tek ikkje imot e-post til éin lesar"), "{page}");
    assert!(page.contains("kari. Tenaren tek ikkje imot e-post til adressa."), "{page}");
    assert!(page.contains("550 5.1.1 no such user"), "{page}");
    assert!(!page.contains("Tenaren har ikkje teke imot noko sidan"), "the others only wait");
    for _ in 0..3 {
        clock.advance_by(jiff::SignedDuration::from_mins(20));
        town.send_post();
    }
    let page = admin.get(PATH).body;
    assert!(page.contains("Tenaren har ikkje teke imot noko sidan"), "{page}");
    assert!(page.contains("421 4.3.2 closing"), "{page}");
    assert!(admin.get("/gaps").body.contains("E-posttenaren tek ikkje imot brev."));
}
