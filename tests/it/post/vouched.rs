//! A server that nobody vouches for gets nothing.

use skranke::config::MailSecurity::{StartTls, Tls};
use skranke::config::{MailSecurity, MailServer};
use skranke::post::{Unreached, Unsent};

use super::{PATIENT, sent, server};
use crate::harness::post_office::{Office, PostOffice, certificate};
use crate::harness::smtp::Answer::{Says, Silence};
use crate::harness::smtp::{self, GREETING, Manner};
use crate::harness::visitor::Service;

/// What is said of a server's certificate, both ways, and that it got nothing.
async fn check(file: &'static str, change: fn(&mut MailServer), words: &str) {
    for security in [StartTls, Tls] {
        let secure = security == Tls;
        let office = PostOffice::open(&Office { certificate: file, secure, ..Office::default() });
        let mut server = server(office.port, security);
        server.login = Some(("skranke".to_owned(), "eit godt passord".to_owned()));
        change(&mut server);
        let said = sent(&server, PATIENT).await;
        let Err(Unsent::Server(Unreached::Tls, says)) = said else { panic!("{file}: {said:?}") };
        assert!(says.contains(words), "{file}, {security:?}: {says}");
        assert!(office.has_no_more());
    }
}

#[tokio::test]
async fn a_certificate_for_another_name_does_not_hold() {
    check("elsewhere.pem", |_| {}, "not valid for name").await;
}

#[tokio::test]
async fn a_certificate_that_has_expired_does_not_hold() {
    check("expired.pem", |_| {}, "expired").await;
}

#[tokio::test]
async fn an_authority_that_is_not_told_is_not_trusted() {
    // On a machine without any authority, none is the fault.
    let is_bare = !std::path::Path::new("/etc/ssl/certs/ca-certificates.crt").exists();
    let words = if is_bare { "" } else { "UnknownIssuer" };
    check("localhost.pem", |server| server.authority = None, words).await;
}

fn with_login(port: u16, security: MailSecurity) -> MailServer {
    let login = Some(("skranke".to_owned(), "eit godt passord".to_owned()));
    MailServer { login, host: "127.0.0.1".to_owned(), ..server(port, security) }
}

/// What is said to a server whose offer somebody on the way has taken out.
#[tokio::test]
async fn a_server_without_starttls_hears_nothing_but_hello_and_goodbye() {
    let stripped = smtp::MailServer::start(Manner::Takes("250 ok"));
    let server = with_login(stripped.address.port(), StartTls);
    let said = sent(&server, PATIENT).await;
    assert!(matches!(said, Err(Unsent::Server(Unreached::Tls, _))), "{said:?}");
    assert_eq!(stripped.heard(), ["EHLO [127.0.0.1]", "QUIT"]);
}

#[tokio::test]
async fn a_server_that_offers_starttls_and_refuses_it_hears_nothing_more() {
    let offers = ("EHLO", Says("250-mail.fjordvik.example\r\n250 STARTTLS"));
    for (refusal, why) in [
        ("454 4.7.0 not now", Unreached::Tls),
        ("502 5.5.1 not here", Unreached::Tls),
        ("421 4.3.2 going down", Unreached::Busy),
    ] {
        let manner: &'static [_] = Box::leak(Box::new([offers, ("STARTTLS", Says(refusal))]));
        let refusing = smtp::MailServer::start(Manner::But(manner));
        let said = sent(&with_login(refusing.address.port(), StartTls), PATIENT).await;
        assert_eq!(said, Err(Unsent::Server(why, refusal.to_owned())));
        let heard = refusing.heard();
        assert_eq!(heard[..2], ["EHLO [127.0.0.1]", "STARTTLS"]);
        assert!(heard[2..].iter().all(|it| it == "QUIT"), "{heard:?}");
    }
}

/// Somebody on the way answers in the clear what only the server may answer under TLS.
#[tokio::test]
async fn what_comes_in_the_clear_behind_starttls_is_no_answer() {
    let injected = "220 go on\r\n250-mail.fjordvik.example\r\n250 AUTH PLAIN LOGIN\r\n235 welcome";
    let manner: &'static [_] = Box::leak(Box::new([
        (GREETING, Says("220 mail.fjordvik.example ready")),
        ("EHLO", Says("250-mail.fjordvik.example\r\n250 STARTTLS")),
        ("STARTTLS", Says(injected)),
        ("", Silence),
    ]));
    let between = smtp::MailServer::start(Manner::But(manner));
    let said = sent(&with_login(between.address.port(), StartTls), PATIENT).await;
    assert!(matches!(said, Err(Unsent::Server(Unreached::Tls, _))), "{said:?}");
}

#[test]
fn the_trial_trusts_the_authority_that_is_told() {
    let office = PostOffice::open(&Office::default());
    let (port, authority) = (office.port.to_string(), certificate("authority.pem"));
    let authority = authority.display().to_string();
    let settings = [
        ("SKRANKE_SMTP_HOST", "localhost"),
        ("SKRANKE_SMTP_PORT", port.as_str()),
        ("SKRANKE_SMTP_CA", authority.as_str()),
        ("SKRANKE_MAIL_FROM", "skranke@fjordvik.example"),
    ];
    let page = |settings: &[(&str, &str)]| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut service = Service::start_with(folder.path(), settings).expect("it starts");
        let mut admin = service.set_up();
        admin.submit("/admin/mail", "/admin/mail", &[("to", "kari@fjordvik.example")]).body
    };
    let refused = page(&[settings[0], settings[1], settings[3]]);
    assert!(refused.contains("Det vart ikkje noka trygg kopling."), "{refused}");
    assert!(office.has_no_more());
    let accepted = page(&settings);
    assert!(accepted.contains("250 2.0.0 queued"), "{accepted}");
    assert_eq!(office.taken().to, ["kari@fjordvik.example"]);
}
