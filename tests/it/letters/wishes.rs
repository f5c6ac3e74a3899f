//! What readers wish: editions, empty weeks, consent, links that need no sign-in, accounts.

use skranke::app::{Preview, Whom};
use skranke::digest::Edition;
use skranke::people::Role;
use skranke::post::{LinkFor, Outcome, Telling, Way};

use super::*;

#[test]
fn an_empty_week_is_told_to_whoever_wants_it_and_kept_from_the_others() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (clock, server) = (Clock::fixed(at(MONDAY)), taking());
    let town = town(folder.path(), &clock, &server);
    let kari = add(&town, "kari", Wishes::default());
    let ola = add(&town, "ola", Wishes { empty_too: false, ..Wishes::default() });
    (0..2).for_each(|_| write(&town));
    assert_eq!(letters_of(&town, kari)[0].row.way, Way::Mail);
    let spared = letters_of(&town, ola);
    assert_eq!((spared.len(), spared[0].row.way), (1, Way::Spared), "it is on record, once");
    assert_eq!(server.len(), 1);
}

#[test]
fn somebody_outside_the_organisation_is_asked_first() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (clock, server) = (Clock::fixed(at(MONDAY)), taking());
    let town = town(folder.path(), &clock, &server);
    let own = |it: &str| town.app.is_own_address(it, "skranke@fjordvik.example");
    assert!(own("kari@fjordvik.example") && own("kari@skule.fjordvik.example"));
    assert!(!own("kari@ikkjefjordvik.example") && !own("kari@example.org") && !own("kari"));
    let new = NewReader::new("Kari", "kari@example.org", Lang::Nb);
    let kari = town.app.add_reader(NewReader { asks: true, ..new }, None).expect("added");
    town.app.settle().expect("folded");
    (0..3).for_each(|_| write(&town));
    let taken = server.taken();
    assert_eq!(taken.len(), 1, "the question, once, and no letter");
    assert!(taken[0].header("Message-ID").starts_with("<notice."), "{}", taken[0].mail);
    assert!(taken[0].mail.contains("/agree/rdr_"), "{}", taken[0].mail);
    let reader = town.app.reader(kari).expect("known");
    let link = town.app.reader_link(&reader, LinkFor::Agree).expect("a link");
    let stop = town.app.reader_link(&reader, LinkFor::Stop).expect("a link");
    assert!(town.app.reader_by_link(&stop, LinkFor::Agree).is_none(), "another link");
    let found = town.app.reader_by_link(&link, LinkFor::Agree).expect("hers");
    town.app.answer_by_link(&found, LinkFor::Agree).expect("told");
    town.app.settle().expect("folded");
    write(&town);
    assert_eq!(server.len(), 2);
    // The link of last year is still a way out.
    clock.advance_by(minutes(366 * 24 * 60));
    let found = town.app.reader_by_link(&stop, LinkFor::Stop).expect("hers");
    for _ in 0..2 {
        town.app.answer_by_link(&found, LinkFor::Stop).expect("told");
        town.app.settle().expect("folded");
    }
    write(&town);
    assert_eq!(server.len(), 2);
}

#[test]
fn strangers_are_asked_a_few_at_a_time() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (clock, server) = (Clock::fixed(at(MONDAY)), taking());
    let town = town(folder.path(), &clock, &server);
    for nth in 0..25 {
        let new = NewReader::new("x", format!("x{nth}@example.org"), Lang::Nb);
        town.app.add_reader(NewReader { asks: true, ..new }, None).expect("added");
    }
    (0..3).for_each(|_| town.send_post());
    assert_eq!(server.len(), 20);
    clock.advance_by(minutes(25 * 60));
    town.send_post();
    assert_eq!(server.len(), 25, "the others a day later");
}

#[test]
fn a_letter_can_be_stopped_by_one_click_where_the_service_has_https() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (clock, server) = (Clock::fixed(at(MONDAY)), taking());
    let town = town(folder.path(), &clock, &server);
    let kari = add(&town, "kari", Wishes::default());
    let base = "https://skranke.fjordvik.example".parse().expect("an address");
    let outbox = folder.path().join("outbox");
    let mut post = town.app.posting(&outbox, (&base, "skranke@fjordvik.example"), true);
    post.whom = Whom::Everybody;
    let outcome = town.app.write_letters(post, &skranke::schedule::Task::default());
    assert_eq!(outcome.expect("written").queued, 1);
    town.send_post();
    let taken = &server.taken()[0];
    let reader = town.app.reader(kari).expect("known");
    let link = town.app.reader_link(&reader, LinkFor::Stop).expect("a link");
    let expected = format!("<https://skranke.fjordvik.example/stop/{link}>");
    assert_eq!(taken.header("List-Unsubscribe"), expected);
    assert_eq!(taken.header("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
}

#[test]
fn a_closed_account_gets_nothing_more() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (clock, server) = (Clock::fixed(at(MONDAY)), taking());
    let town = town(folder.path(), &clock, &server);
    town.set_up();
    let new = skranke::app::NewPerson {
        login: "kari@fjordvik.example".to_owned(),
        name: "Kari".to_owned(),
        passphrase: crate::harness::visitor::PASSPHRASE.to_owned(),
        role: Role::Editor,
        lang: Lang::Nn,
    };
    let person = town.app.add_person(new, None).expect("added");
    town.app.settle().expect("folded");
    let reader = NewReader::new("Kari", "kari@fjordvik.example", Lang::Nn);
    let reader = NewReader { person: Some(person), ..reader };
    let kari = town.app.add_reader(reader, Some(person)).expect("added");
    town.app.settle().expect("folded");
    write(&town);
    assert_eq!(letters_of(&town, kari).len(), 1);
    town.app.set_disabled(person, true, None).expect("closed");
    town.app.settle().expect("folded");
    clock.advance_by(minutes(7 * 24 * 60));
    write(&town);
    assert_eq!(letters_of(&town, kari).len(), 1);
    assert_eq!(letters_of(&town, kari)[0].row.ended.as_ref().map(|it| it.0), Some(Outcome::Sent));
}

#[test]
fn a_preview_is_what_a_reader_gets_and_sends_nothing() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (clock, server) = (Clock::fixed(at(MONDAY)), taking());
    let town = town(folder.path(), &clock, &server);
    let kari = add(&town, "kari", Wishes::default());
    let base = town.jobs.base().clone();
    let reader = town.app.reader(kari).expect("known");
    let (lang, edition) = (Lang::En, Edition::Desk);
    let of = Telling::Week("2026-W10".parse().expect("a week"));
    let to = Preview { base: &base, reader: Some(&reader), lang, edition };
    let letter = town.app.preview(of, to).expect("made");
    assert!(letter.text.contains("Hei, kari!"), "{}", letter.text);
    assert!(letters_of(&town, kari).is_empty() && server.len() == 0);
    let anybody = town.app.preview(of, Preview { reader: None, ..to }).expect("made");
    assert!(anybody.text.contains("Hello"), "{}", anybody.text);
}

/// Makes an account under a mail address.
fn account(town: &Town, name: &str) -> Id<skranke::people::Person> {
    let new = skranke::app::NewPerson {
        login: format!("{name}@fjordvik.example"),
        name: name.to_owned(),
        passphrase: crate::harness::visitor::PASSPHRASE.to_owned(),
        role: Role::Editor,
        lang: Lang::Nn,
    };
    let person = town.app.add_person(new, None).expect("added");
    town.app.settle().expect("folded");
    person
}

#[test]
fn while_nobody_reads_the_letter_goes_to_the_organisation_itself() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (clock, server) = (Clock::fixed(at(MONDAY)), taking());
    let town = town(folder.path(), &clock, &server);
    (0..2).for_each(|_| write(&town));
    let taken = server.taken();
    assert_eq!((taken.len(), taken[0].to.clone()), (1, vec!["skranke@example.org".to_owned()]));
}

#[test]
fn what_one_account_chooses_keeps_no_letter_from_the_others() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (clock, server) = (Clock::fixed(at(MONDAY)), taking());
    let town = town(folder.path(), &clock, &server);
    town.set_up();
    let [kari, _] = ["kari", "ola"].map(|it| account(&town, it));
    let new = NewReader::new("kari", "kari@fjordvik.example", Lang::Nn);
    let reader = NewReader { person: Some(kari), ..new };
    let id = town.app.add_reader(reader, Some(kari)).expect("added");
    town.app.settle().expect("folded");
    write(&town);
    let to = |server: &PostBox| server.by_reader().into_keys().collect::<Vec<_>>();
    assert_eq!(to(&server), ["kari@fjordvik.example", "ola@fjordvik.example"]);
    // Whoever stops is not taken back by having an account.
    town.app.stop_reader(id, Some(kari)).expect("stopped");
    town.app.settle().expect("folded");
    clock.advance_by(minutes(7 * 24 * 60));
    write(&town);
    let sent = server.by_reader();
    let counts = ["kari", "ola"].map(|it| sent[&format!("{it}@fjordvik.example")].len());
    assert_eq!(counts, [1, 2]);
}

#[test]
fn a_list_tells_who_reads_and_its_end_brings_nobody_back() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (clock, server) = (Clock::fixed(at(MONDAY)), taking());
    let town = town(folder.path(), &clock, &server);
    town.set_up();
    account(&town, "ola");
    let kari = add(&town, "kari", Wishes::default());
    write(&town);
    assert_eq!(server.len(), 1);
    town.app.stop_reader(kari, None).expect("stopped");
    town.app.settle().expect("folded");
    clock.advance_by(minutes(7 * 24 * 60));
    write(&town);
    assert_eq!(server.len(), 1, "neither her nor the accounts");
}
