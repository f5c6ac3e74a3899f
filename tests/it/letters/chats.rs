//! A chat gets the letter by its incoming webhook, told to a real receiver.

use serde_json::Value;
use skranke::app::LetterFault;
use skranke::post::{Chat, ChatKind, Outcome};

use super::*;
use crate::out::hooks::Receiver;

fn add_chat(town: &Town, kind: ChatKind, receiver: &Receiver) -> Id<Subscriber> {
    let address = format!("http://{}/hooks/{}", receiver.address, kind.name());
    let chat = Some(Chat { kind, address, allow_private: true });
    let new = NewReader { chat, ..NewReader::new(kind.name(), "", Lang::Nn) };
    let id = town.app.add_reader(new, None).expect("added");
    town.app.settle().expect("folded");
    id
}

#[test]
fn each_chat_gets_the_letter_in_its_own_shape_once() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (clock, server) = (Clock::fixed(at(MONDAY)), taking());
    let town = town(folder.path(), &clock, &server);
    let receiver = Receiver::start(&[200]);
    for kind in ChatKind::ALL {
        add_chat(&town, kind, &receiver);
    }
    (0..2).for_each(|_| write(&town));
    let told = receiver.told.lock().expect("whole").clone();
    assert_eq!((told.len(), server.len()), (3, 0));
    let bodies: Vec<Value> =
        told.iter().map(|it| serde_json::from_str(&it.body).expect("JSON")).collect();
    let cards = bodies.iter().filter(|it| it["type"] == "message").count();
    let texts = bodies.iter().filter_map(|it| it["text"].as_str());
    assert_eq!((cards, texts.clone().count()), (1, 2));
    for text in texts {
        assert!(text.contains("Veke 10") && !text.contains("/stop/"), "{text}");
    }
}

#[test]
fn a_chat_that_is_busy_is_told_later_and_one_that_is_gone_no_more() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (clock, server) = (Clock::fixed(at(MONDAY)), taking());
    let town = town(folder.path(), &clock, &server);
    let receiver = Receiver::start(&[503, 410]);
    let slack = add_chat(&town, ChatKind::Slack, &receiver);
    write(&town);
    assert_eq!(letters_of(&town, slack)[0].row.ended, None);
    clock.advance_by(minutes(2));
    town.send_post();
    let ended = letters_of(&town, slack)[0].row.ended.as_ref().map(|it| it.0);
    assert_eq!(ended, Some(Outcome::NoSuchReader));
    clock.advance_by(minutes(7 * 24 * 60));
    write(&town);
    assert_eq!(receiver.told.lock().expect("whole").len(), 2, "until somebody has seen to it");
}

#[test]
fn a_chat_is_told_over_tls_and_not_inside_unless_somebody_says_so() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (clock, server) = (Clock::fixed(at(MONDAY)), taking());
    let town = town(folder.path(), &clock, &server);
    let add = |address: &str| {
        let address = address.to_owned();
        let chat = Some(Chat { kind: ChatKind::Teams, address, allow_private: false });
        town.app.add_reader(NewReader { chat, ..NewReader::new("x", "", Lang::Nn) }, None)
    };
    for wrong in ["", "x", "http://chat.example.org/a", "https://a:b@chat.example.org/a"] {
        assert!(matches!(add(wrong), Err(LetterFault::Chat)), "{wrong}");
    }
    let inside = add("https://127.0.0.1:9/hook").expect("it is only looked up when it is told");
    town.app.settle().expect("folded");
    write(&town);
    let ended = letters_of(&town, inside)[0].row.ended.as_ref().map(|it| it.0);
    assert_eq!(ended, Some(Outcome::NotTaken), "the guard lets nothing inside");
}
