//! Letters that a real server takes, as they are, each for one reader.

use skranke::config::MailSecurity;
use skranke::post::{Conversation, Envelope, Unreached, Unsent};

use super::{PATIENT, SENDER, sent, server, to};
use crate::harness::post_office::{Office, PostOffice};

const LOGIN: (&str, &str) = ("skranke", "eit godt passord");

/// A mail with everything that a server could take for something else.
const ODD: &str = concat!(
    "From: Skranke <skranke@fjordvik.example>\r\n",
    "To: Kari <kari@fjordvik.example>, Ola <ola@fjordvik.example>\r\n",
    "Bcc: lege@fjordvik.example\r\n",
    "Subject: =?utf-8?q?Veke_10=3A_symjehallen?=\r\n",
    " =?utf-8?q?_og_gangvegen?=\r\n",
    "Content-Type: text/plain; charset=utf-8\r\n",
    "Content-Transfer-Encoding: quoted-printable\r\n",
    "\r\n",
    ".\r\n",
    "..\r\n",
    ".to prikkar =C3=A5 byrje med\r\n",
    "\r\n",
    ".\r\n",
    "RCPT TO:<lege@fjordvik.example>\r\n",
    "QUIT\r\n",
    ".\r\n",
    "\r\n",
);

async fn goes_whole(security: MailSecurity) {
    let secure = security == MailSecurity::Tls;
    let office = PostOffice::open(&Office { secure, login: Some(LOGIN), ..Office::default() });
    let mut server = server(office.port, security);
    server.login = Some((LOGIN.0.to_owned(), LOGIN.1.to_owned()));
    let mut conversation = Conversation::open_within(&server, PATIENT).await.expect("it is let in");
    let mut connections = vec![];
    for to in ["kari@fjordvik.example", "ola@fjordvik.example"] {
        let letter = Envelope { from: SENDER, to, mail: ODD.as_bytes() };
        assert_eq!(conversation.send(letter).await.as_deref(), Ok("250 2.0.0 queued"));
        let taken = office.taken();
        assert_eq!(String::from_utf8_lossy(&taken.mail), ODD, "byte for byte");
        assert_eq!((taken.from.as_str(), taken.to), (SENDER, vec![to.to_owned()]));
        assert!(taken.secure && taken.user.as_deref() == Some(LOGIN.0));
        connections.push(taken.connection);
    }
    conversation.close().await;
    assert_eq!(connections[0], connections[1], "one connection for all");
    assert!(office.has_no_more());
}

#[tokio::test]
async fn a_letter_goes_whole_over_starttls() {
    goes_whole(MailSecurity::StartTls).await;
}

#[tokio::test]
async fn a_letter_goes_whole_over_tls() {
    goes_whole(MailSecurity::Tls).await;
}

#[tokio::test]
async fn a_letter_of_many_lines_goes_whole() {
    let office = PostOffice::open(&Office::default());
    let server = server(office.port, MailSecurity::StartTls);
    let mut conversation = Conversation::open_within(&server, PATIENT).await.expect("it is there");
    let mail = format!("Subject: Lang\r\n\r\n{}", ".linje\r\n".repeat(30_000));
    let letter = Envelope { mail: mail.as_bytes(), ..to("kari@fjordvik.example") };
    assert!(conversation.send(letter).await.is_ok());
    assert!(office.taken().mail == mail.as_bytes());
}

#[tokio::test]
async fn one_that_is_refused_does_not_stop_the_others() {
    let refuses = &[
        ("full@fjordvik.example", "450 4.2.1 try again later"),
        ("gone@fjordvik.example", "550 5.1.1 no such user"),
        ("large@fjordvik.example", "552 5.2.2 mailbox full"),
    ];
    let office = PostOffice::open(&Office { refuses, ..Office::default() });
    let server = server(office.port, MailSecurity::StartTls);
    let mut conversation = Conversation::open_within(&server, PATIENT).await.expect("it is there");
    let mut said = vec![];
    for reader in ["kari", "full", "ola", "gone", "large", "per"] {
        let reader = format!("{reader}@fjordvik.example");
        said.push(conversation.send(to(&reader)).await);
    }
    let accepted = Ok("250 2.0.0 queued".to_owned());
    let want = [
        accepted.clone(),
        Err(Unsent::Later("450 4.2.1 try again later".to_owned())),
        accepted.clone(),
        Err(Unsent::NoSuchReader("550 5.1.1 no such user".to_owned())),
        Err(Unsent::NotTaken("552 5.2.2 mailbox full".to_owned())),
        accepted,
    ];
    assert_eq!(said, want);
    let taken: Vec<_> = (0..3).map(|_| office.taken()).collect();
    let to: Vec<&str> = taken.iter().flat_map(|it| &it.to).map(String::as_str).collect();
    assert_eq!(to, ["kari@fjordvik.example", "ola@fjordvik.example", "per@fjordvik.example"]);
    assert!(taken.iter().all(|it| it.connection == taken[0].connection), "one connection for all");
}

#[tokio::test]
async fn a_text_that_is_refused_is_told_from_a_reader_who_is() {
    let refuses = &[("text", "554 5.7.1 looks like advertising")];
    let office = PostOffice::open(&Office { refuses, ..Office::default() });
    let server = server(office.port, MailSecurity::StartTls);
    let mut conversation = Conversation::open_within(&server, PATIENT).await.expect("it is there");
    for _ in 0..2 {
        let want = Unsent::NotTaken("554 5.7.1 looks like advertising".to_owned());
        assert_eq!(conversation.send(to("kari@fjordvik.example")).await, Err(want));
    }
    assert!(office.has_no_more());
}

#[tokio::test]
async fn a_sender_that_is_refused_is_our_fault_and_no_readers() {
    let refuses = &[(SENDER, "550 5.7.1 not our sender")];
    let office = PostOffice::open(&Office { refuses, ..Office::default() });
    let server = server(office.port, MailSecurity::StartTls);
    let mut conversation = Conversation::open_within(&server, PATIENT).await.expect("it is there");
    let said = conversation.send(to("kari@fjordvik.example")).await;
    let words = "550 5.7.1 not our sender".to_owned();
    assert_eq!(said, Err(Unsent::Server(Unreached::Sender, words)));
    let said = conversation.send(to("ola@fjordvik.example")).await;
    assert!(matches!(said, Err(Unsent::Server(Unreached::Connection, _))), "it is over: {said:?}");
}

#[tokio::test]
async fn without_the_right_password_nothing_goes() {
    let office = PostOffice::open(&Office { login: Some(LOGIN), ..Office::default() });
    let mut server = server(office.port, MailSecurity::StartTls);
    let said = sent(&server, PATIENT).await;
    assert!(matches!(said, Err(Unsent::Server(Unreached::SignIn, _))), "none at all: {said:?}");
    server.login = Some((LOGIN.0.to_owned(), "eit anna".to_owned()));
    let words = "535 5.7.8 wrong name or password".to_owned();
    assert_eq!(sent(&server, PATIENT).await, Err(Unsent::Server(Unreached::SignIn, words)));
    assert!(office.has_no_more());
}
