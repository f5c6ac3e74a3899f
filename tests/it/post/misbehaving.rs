//! Servers that are not there, have no time, say no, stall, or hang up.

use std::time::{Duration, Instant};

use skranke::config::{MailSecurity, MailServer};
use skranke::post::{Conversation, Envelope, Limits, Unreached, Unsent};

use super::{PATIENT, sent, to};
use crate::harness::smtp::Answer::{Cut, Drips, Endless, Says, Silence};
use crate::harness::smtp::{self, Answer, GREETING, Manner};

/// For a server that is waited for in vain.
const SHORT: Limits = Limits { command: Duration::from_secs(1), letter: Duration::from_secs(60) };

fn open(port: u16) -> MailServer {
    let host = "127.0.0.1".to_owned();
    MailServer { host, port, security: MailSecurity::Open, login: None, authority: None }
}

fn start(but: &[(&'static str, Answer)]) -> (smtp::MailServer, MailServer) {
    let started = smtp::MailServer::start(Manner::But(Box::leak(but.into())));
    let port = started.address.port();
    (started, open(port))
}

fn is_server(said: &Result<String, Unsent>, why: Unreached) -> bool {
    matches!(said, Err(Unsent::Server(it, _)) if *it == why)
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = free.local_addr().expect("it is bound").port();
    drop(free);
    for security in [MailSecurity::Open, MailSecurity::StartTls, MailSecurity::Tls] {
        let said = sent(&MailServer { security, ..open(port) }, PATIENT).await;
        assert!(is_server(&said, Unreached::Connection), "{security:?}: {said:?}");
    }
}

#[tokio::test]
async fn a_name_that_nobody_knows_is_told() {
    for security in [MailSecurity::StartTls, MailSecurity::Tls] {
        let host = "post.fjordvik.invalid".to_owned();
        let said = sent(&MailServer { host, security, ..open(587) }, PATIENT).await;
        assert!(is_server(&said, Unreached::Connection), "{security:?}: {said:?}");
    }
}

/// What a fault of the whole conversation is told as, wherever it comes up.
async fn check(but: &[(&'static str, Answer)], why: Unreached) -> smtp::MailServer {
    let (started, server) = start(but);
    let begin = Instant::now();
    let limits = if why == Unreached::Silent { SHORT } else { PATIENT };
    let said = sent(&server, limits).await;
    assert!(is_server(&said, why), "{said:?}");
    assert!(begin.elapsed() < Duration::from_secs(20), "given up at once");
    started
}

#[tokio::test]
async fn a_greeting_letter_by_letter_is_not_waited_for() {
    let slow = Drips("220 mail.fjordvik.example ready", Duration::from_millis(200));
    let started = check(&[(GREETING, slow)], Unreached::Silent).await;
    assert!(started.heard().is_empty());
}

#[tokio::test]
async fn a_server_that_stalls_is_not_waited_for() {
    for step in [GREETING, "EHLO", "MAIL", "RCPT", "DATA", "."] {
        check(&[(step, Silence)], Unreached::Silent).await;
    }
}

#[tokio::test]
async fn a_server_that_answers_each_command_just_in_time_is_given_up_too() {
    let limits = Limits { command: Duration::from_secs(30), letter: Duration::from_secs(5) };
    let slow = smtp::MailServer::start(Manner::Slow(Duration::from_millis(1500)));
    let begin = Instant::now();
    let said = sent(&open(slow.address.port()), limits).await;
    assert!(is_server(&said, Unreached::Silent), "{said:?}");
    assert!(begin.elapsed() < Duration::from_secs(15), "not the time of a command");
    assert!(slow.heard().iter().any(|it| it.starts_with("MAIL")), "it came as far as a letter");
}

#[tokio::test]
async fn a_server_that_hangs_up_is_told_and_no_letter_is_lost() {
    for step in [GREETING, "EHLO", "MAIL", "RCPT", "DATA", "."] {
        // Whether the last one was taken is known to nobody; so it goes again.
        let started = check(&[(step, Cut)], Unreached::Connection).await;
        assert_eq!(step == ".", started.heard().contains(&".".to_owned()));
    }
}

#[tokio::test]
async fn a_server_that_has_no_time_takes_nothing_now() {
    for step in [GREETING, "EHLO", "MAIL", "RCPT", "DATA", "."] {
        check(&[(step, Says("421 4.3.2 going down"))], Unreached::Busy).await;
    }
    for step in [GREETING, "EHLO", "MAIL"] {
        check(&[(step, Says("450 4.3.2 not now"))], Unreached::Busy).await;
        check(&[(step, Says("554 5.7.1 not from there"))], Unreached::Sender).await;
    }
}

#[tokio::test]
async fn a_server_that_goes_down_in_the_middle_has_what_came_before() {
    let but = [("RCPT TO:<ola@", Says("421 4.3.2 going down"))];
    let (started, server) = start(&but);
    let mut conversation = Conversation::open_within(&server, PATIENT).await.expect("it is there");
    assert_eq!(conversation.send(to("kari@fjordvik.example")).await.as_deref(), Ok("250 ok"));
    let said = conversation.send(to("ola@fjordvik.example")).await;
    let words = "421 4.3.2 going down".to_owned();
    assert_eq!(said, Err(Unsent::Server(Unreached::Busy, words)));
    let heard = started.heard().len();
    let said = conversation.send(to("per@fjordvik.example")).await;
    assert!(is_server(&said, Unreached::Connection), "{said:?}");
    conversation.close().await;
    assert_eq!(started.heard().len(), heard, "nothing is said after it is over");
}

#[tokio::test]
async fn a_letter_that_was_refused_leaves_nothing_in_the_next() {
    let (started, server) = start(&[("RCPT TO:<ola@", Says("450 later"))]);
    let mut conversation = Conversation::open_within(&server, PATIENT).await.expect("it is there");
    for (reader, want) in [
        ("ola@fjordvik.example", Err(Unsent::Later("450 later".to_owned()))),
        ("kari@fjordvik.example", Ok("250 ok".to_owned())),
        ("per@fjordvik.example", Ok("250 ok".to_owned())),
    ] {
        assert_eq!(conversation.send(to(reader)).await, want, "{reader}");
    }
    conversation.close().await;
    let heard = started.heard();
    let commands: Vec<&str> = heard.iter().filter_map(|it| it.split([' ', ':']).next()).collect();
    let text = ["DATA", "Subject", "", "Hei.", "."];
    let letter = [&["MAIL", "RCPT"][..], &text].concat();
    let want = [&["EHLO", "MAIL", "RCPT", "RSET"][..], &letter, &letter, &["QUIT"]].concat();
    assert_eq!(commands, want);
}

#[tokio::test]
async fn a_text_is_later_or_never_by_what_the_server_says() {
    let later = |words: &str| Err(Unsent::Later(words.to_owned()));
    let never = |words: &str| Err(Unsent::NotTaken(words.to_owned()));
    for (step, words, want) in [
        (".", "451 4.3.0 try later", later("451 4.3.0 try later")),
        (".", "554 5.6.0 no", never("554 5.6.0 no")),
        ("DATA", "451 4.3.0 try later", later("451 4.3.0 try later")),
        ("DATA", "554 5.5.1 no", never("554 5.5.1 no")),
    ] {
        let (_started, server) = start(&[(step, Says(words))]);
        assert_eq!(sent(&server, PATIENT).await, want, "{step}");
    }
}

#[tokio::test]
async fn an_answer_that_fits_no_question_ends_the_conversation() {
    // Were the text told now, it would be read as commands.
    let started = check(&[("DATA", Says("250 ok"))], Unreached::Connection).await;
    assert!(!started.heard().contains(&"Hei.".to_owned()));
    check(&[(".", Says("354 go on"))], Unreached::Connection).await;
    check(&[("RCPT", Says("354 go on"))], Unreached::Connection).await;
    check(&[("MAIL", Says("HTTP/1.1 400 Bad Request"))], Unreached::Connection).await;
    check(&[(GREETING, Says("SSH-2.0-OpenSSH"))], Unreached::Connection).await;
}

#[tokio::test]
async fn an_answer_without_an_end_does_not_fill_the_memory() {
    for step in [GREETING, "RCPT"] {
        let (_started, server) = start(&[(step, Endless)]);
        let said = sent(&server, PATIENT).await;
        let Err(Unsent::Server(Unreached::Connection, says)) = said else { panic!("{said:?}") };
        assert!(says.contains("no end"), "{says}");
    }
}

#[tokio::test]
async fn whoever_stops_waiting_leaves_a_conversation_that_is_over() {
    let (started, server) = start(&[("RCPT TO:<ola@", Silence)]);
    let mut conversation = Conversation::open_within(&server, PATIENT).await.expect("it is there");
    let dropped = conversation.send(to("ola@fjordvik.example"));
    assert!(tokio::time::timeout(Duration::from_millis(500), dropped).await.is_err());
    let said = conversation.send(to("kari@fjordvik.example")).await;
    assert!(is_server(&said, Unreached::Connection), "{said:?}");
    assert!(!started.heard().iter().any(|it| it.contains("kari@")));
}

#[tokio::test]
async fn what_a_server_does_not_offer_is_not_asked_of_it() {
    let offer = "250-mail.fjordvik.example\r\n250-8BITMIME\r\n250 SMTPUTF8";
    let (started, server) = start(&[("EHLO", Says(offer))]);
    let letters =
        [("kåre@fjordvik.example", super::MAIL), ("ola@fjordvik.example", "å".as_bytes())];
    let mut conversation = Conversation::open_within(&server, PATIENT).await.expect("it is there");
    for (reader, mail) in letters {
        let letter = Envelope { mail, ..to(reader) };
        assert_eq!(conversation.send(letter).await.as_deref(), Ok("250 ok"));
    }
    let heard = started.heard();
    let told: Vec<&String> = heard.iter().filter(|it| it.starts_with("MAIL")).collect();
    let from = "MAIL FROM:<skranke@fjordvik.example>";
    assert_eq!(told, [&format!("{from} SMTPUTF8"), &format!("{from} BODY=8BITMIME")]);

    let (started, server) = start(&[]);
    let mut conversation = Conversation::open_within(&server, PATIENT).await.expect("it is there");
    let said = conversation.send(to(letters[0].0)).await;
    assert!(matches!(said, Err(Unsent::NoSuchReader(_))), "{said:?}");
    let said = conversation.send(Envelope { mail: letters[1].1, ..to(letters[1].0) }).await;
    assert!(matches!(said, Err(Unsent::NotTaken(_))), "{said:?}");
    assert!(!started.heard().iter().any(|it| it.starts_with("MAIL")));
}

#[tokio::test]
async fn an_address_that_is_none_is_not_said_to_a_server() {
    let (started, server) = start(&[]);
    let mut conversation = Conversation::open_within(&server, PATIENT).await.expect("it is there");
    for wrong in ["", "kari", "a@b.example>\r\nRCPT TO:<c@d.example", "a@b.example,c@d.example"] {
        let said = conversation.send(to(wrong)).await;
        assert!(matches!(said, Err(Unsent::NoSuchReader(_))), "{wrong:?}: {said:?}");
    }
    assert_eq!(conversation.send(to("kari@bø.example")).await.as_deref(), Ok("250 ok"));
    let heard = started.heard();
    let told: Vec<&String> = heard.iter().filter(|it| it.starts_with("RCPT")).collect();
    assert_eq!(told, ["RCPT TO:<kari@xn--b-5ga.example>"]);
}
