//! Short mails: a gap that became one's own, a mend that was verified, a question that many ask.

use std::collections::BTreeSet;

use skranke::app::NewPerson;
use skranke::id::TopicNumber;
use skranke::inquiry::redact::Kinds;
use skranke::inquiry::{Channel, Entry, Outcome, Source};
use skranke::people::{Person, Role};
use skranke::post::{NoticeOf, Often};
use skranke::record::Change;
use skranke::review::{Gap, GapEvent, Step};

use super::*;
use crate::harness::visitor::PASSPHRASE;

fn ask(town: &Town, n: usize, from: Timestamp) -> Vec<Id<skranke::inquiry::Inquiry>> {
    let log = |nth: usize| {
        let entry = Entry {
            id: Id::derived(&[from.to_string().as_bytes(), &[nth as u8]]),
            text: Some("når opnar symjehallen".to_owned()),
            asked: from + minutes(nth as i64),
            channel: Channel::Phone,
            desk: "Rådhuset".to_owned(),
            outcome: Outcome::Unknown,
            note: None,
            count: 1,
            counts_only: false,
            source: Source::Screen,
            by: None,
            keep: Kinds::NONE,
        };
        town.app.log(entry).expect("logged").id
    };
    let ids = (0..n).map(log).collect();
    town.app.settle().expect("folded");
    ids
}

fn step(town: &Town, topic: TopicNumber, (step, by): (Step, Option<Id<Person>>)) {
    let event = GapEvent::Changed { topic, step, by };
    let change = Change { entity: Gap::entity(topic), version: None, now: town.app.now() };
    change.tell(&town.app.journal, &event).expect("told");
    town.app.settle().expect("folded");
}

/// An editor whose account reads short notices, and nothing else.
fn editor(town: &Town, login: &str) -> Id<Person> {
    let new = NewPerson {
        login: login.to_owned(),
        name: login.to_owned(),
        passphrase: PASSPHRASE.to_owned(),
        role: Role::Editor,
        lang: Lang::Nn,
    };
    let person = town.app.add_person(new, None).expect("added");
    let notices: BTreeSet<NoticeOf> = NoticeOf::ALL.into();
    let wishes = Wishes { often: Often::Never, notices, ..Wishes::default() };
    let reader = NewReader::new(login, format!("{login}@fjordvik.example"), Lang::Nn);
    let reader = NewReader { wishes, person: Some(person), ..reader };
    town.app.add_reader(reader, Some(person)).expect("added");
    town.app.settle().expect("folded");
    person
}

#[test]
fn each_notice_comes_once_to_whom_it_concerns() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (clock, server) = (Clock::fixed(at(MONDAY)), taking());
    let town = town(folder.path(), &clock, &server);
    town.set_up();
    let ids = ask(&town, 3, at("2026-02-02T09:00:00Z"));
    let topic = town.app.split(TopicNumber(1), &ids, None).expect("split");
    town.app.settle().expect("folded");
    // What happened before somebody wished to be told is no news.
    step(&town, topic, (Step::Verified { found: 3, of: 3, missing: vec![] }, None));
    clock.advance_by(minutes(1));
    let [kari, ola] = ["kari", "ola"].map(|it| editor(&town, it));
    clock.advance_by(minutes(1));
    let send = || (0..3).for_each(|_| town.send_post());
    send();
    assert_eq!(server.len(), 0);

    step(&town, topic, (Step::Take { owner: kari }, Some(ola)));
    send();
    let taken = server.taken();
    assert_eq!(taken.len(), 1, "one, to the new owner");
    assert_eq!(taken[0].to, ["kari@fjordvik.example"]);
    assert!(taken[0].mail.contains("ola har sett deg som ansvarleg"), "{}", taken[0].mail);
    assert!(taken[0].mail.contains(&format!("/gaps/{topic}")), "{}", taken[0].mail);
    assert!(!taken[0].mail.contains("symjehallen"), "no caller's words leave the system");

    clock.advance_by(minutes(1));
    // Somebody else takes it from her: whoever takes a gap knows.
    let siri = editor(&town, "siri");
    clock.advance_by(minutes(1));
    step(&town, topic, (Step::Take { owner: siri }, Some(siri)));
    send();
    assert_eq!(server.len(), 1, "{:?}", server.taken());

    clock.advance_by(minutes(1));
    step(&town, topic, (Step::Verified { found: 3, of: 3, missing: vec![] }, None));
    send();
    let told: BTreeSet<_> = server.taken()[1..].iter().map(|it| it.to[0].clone()).collect();
    assert_eq!((server.len(), told.len()), (4, 3), "all three");

    let ids = ask(&town, 8, town.app.now() - minutes(30));
    for id in ids {
        town.app.move_inquiry(id, Some(topic), None).expect("moved");
    }
    send();
    let surges = server.taken();
    assert_eq!(surges.len(), 7, "all three, once");
    assert!(surges[6].mail.contains("Spurt 8 gonger"), "{}", surges[6].mail);
}

#[test]
fn nobody_is_flooded() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (clock, server) = (Clock::fixed(at(MONDAY)), taking());
    let town = town(folder.path(), &clock, &server);
    town.set_up();
    let [kari, ola] = ["kari", "ola"].map(|it| editor(&town, it));
    clock.advance_by(minutes(1));
    for nth in 0..30 {
        let ids = ask(&town, 1, at("2026-02-02T09:00:00Z") + minutes(nth * 10));
        let topic = town.app.split(TopicNumber(1), &ids, None).expect("split");
        town.app.settle().expect("folded");
        step(&town, topic, (Step::Take { owner: kari }, Some(ola)));
    }
    (0..3).for_each(|_| town.send_post());
    assert_eq!(server.len(), 20, "the rest stands in the list of gaps");
}
