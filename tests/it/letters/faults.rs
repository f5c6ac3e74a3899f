//! What a mail server may say or fail to say, and what becomes of the letters.

use skranke::post::Outcome;

use super::*;

/// How the only letter of a reader ended.
#[track_caller]
fn end(town: &Town, reader: Id<Subscriber>) -> Option<Outcome> {
    let letters = letters_of(town, reader);
    assert_eq!(letters.len(), 1, "{letters:#?}");
    letters[0].row.ended.as_ref().map(|it| it.0)
}

fn tries(town: &Town, reader: Id<Subscriber>) -> u32 {
    letters_of(town, reader)[0].row.tries.as_ref().map_or(0, |it| it.n)
}

#[test]
fn each_reader_gets_one_letter_and_a_second_run_sends_none() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (clock, server) = (Clock::fixed(at(MONDAY)), taking());
    let town = town(folder.path(), &clock, &server);
    let readers = ["kari", "ola", "siri"].map(|it| add(&town, it, Wishes::default()));
    (0..3).for_each(|_| write(&town));
    let by_reader = server.by_reader();
    assert_eq!(by_reader.len(), 3);
    for (address, taken) in &by_reader {
        assert_eq!(taken.len(), 1, "{address}");
        assert!(taken[0].header("To").contains(address));
        assert!(taken[0].header("Message-ID").starts_with("<digest.2026-W10."));
        assert_eq!(taken[0].header("From"), "Skranke <skranke@example.org>");
    }
    assert!(readers.iter().all(|it| end(&town, *it) == Some(Outcome::Sent)));
    assert_eq!(waiting_files(folder.path()), 0, "nothing stays behind");
    assert!(!folder.path().join("outbox").exists(), "another program would send it once more");
}

#[test]
fn what_is_refused_for_now_comes_later_and_holds_nobody_up() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let clock = Clock::fixed(at(MONDAY));
    let until = clock.clone();
    let server = PostBox::start(move |_, to| {
        let is_busy = to.starts_with("kari") && until.now() < at(MONDAY) + minutes(6);
        if is_busy { Act::ToReader("450 4.2.1 mailbox busy") } else { Act::Take }
    });
    let town = town(folder.path(), &clock, &server);
    let [kari, ola] = ["kari", "ola"].map(|it| add(&town, it, Wishes::default()));
    write(&town);
    assert_eq!((end(&town, kari), end(&town, ola)), (None, Some(Outcome::Sent)));
    // A minute, then five: no look in between sends it.
    for minute in 0..7 {
        town.send_post();
        let tried = if minute < 1 { 1 } else { 2 };
        if minute < 6 {
            assert_eq!((tries(&town, kari), end(&town, kari)), (tried, None), "minute {minute}");
        }
        clock.advance_by(minutes(1));
    }
    assert_eq!(end(&town, kari), Some(Outcome::Sent));
    assert!(server.by_reader().values().all(|it| it.len() == 1));
}

#[test]
fn an_address_that_is_refused_for_good_is_marked_and_the_others_are_served() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let clock = Clock::fixed(at(MONDAY));
    let server = PostBox::start(|_, to| match to.split('@').next() {
        Some("kari") => Act::ToReader("550 5.1.1 no such user"),
        Some("ola") => Act::ToText("554 5.7.1 content refused"),
        _ => Act::Take,
    });
    let town = town(folder.path(), &clock, &server);
    let [kari, ola, siri] = ["kari", "ola", "siri"].map(|it| add(&town, it, Wishes::default()));
    write(&town);
    let ends = [kari, ola, siri].map(|it| end(&town, it));
    let expected = [Outcome::NoSuchReader, Outcome::NotTaken, Outcome::Sent].map(Some);
    assert_eq!(ends, expected);
    let row = town.app.reader(kari).expect("known");
    assert!(row.row.refused.as_ref().is_some_and(|it| it.says.contains("5.1.1")), "{row:?}");
    assert!(town.app.reader(ola).expect("known").row.refused.is_none(), "only the letter was bad");
    // The week after: nothing to Kari until somebody has seen to it.
    clock.advance_by(minutes(7 * 24 * 60));
    write(&town);
    assert_eq!(letters_of(&town, kari).len(), 1);
    assert_eq!(letters_of(&town, ola).len(), 2);
    town.app.retry_reader(kari, None).expect("told");
    town.app.settle().expect("folded");
    write(&town);
    assert_eq!(letters_of(&town, kari).len(), 2);
}

#[test]
fn a_letter_cut_off_after_its_last_dot_comes_again_under_the_same_id() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let clock = Clock::fixed(at(MONDAY));
    let server = PostBox::start(|nth, _| if nth == 0 { Act::Cut } else { Act::Take });
    let town = town(folder.path(), &clock, &server);
    let kari = add(&town, "kari", Wishes::default());
    write(&town);
    assert_eq!(end(&town, kari), None);
    clock.advance_by(minutes(2));
    town.send_post();
    assert_eq!(end(&town, kari), Some(Outcome::Sent));
    let taken = server.taken();
    assert_eq!(taken.len(), 2, "it cannot be known that the first one came through");
    assert_eq!(taken[0].mail, taken[1].mail, "the same, to the last byte");
}

#[test]
fn a_server_that_is_away_is_waited_for_longer_and_longer_and_a_day_at_most() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let clock = Clock::fixed(at(MONDAY));
    let back = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let is_back = Arc::clone(&back);
    let server = PostBox::start(move |_, _| {
        let is_back = is_back.load(std::sync::atomic::Ordering::Relaxed);
        if is_back { Act::Take } else { Act::Greet("421 4.3.2 closing") }
    });
    let town = town(folder.path(), &clock, &server);
    let readers = ["kari", "ola"].map(|it| add(&town, it, Wishes::default()));
    write(&town);
    let mut tried = vec![];
    for minute in 0..25 * 60 {
        let before = town.jobs.post_trouble().map_or(0, |it| it.tries);
        town.send_post();
        let after = town.jobs.post_trouble().map_or(0, |it| it.tries);
        if before < after {
            tried.push(minute);
        }
        clock.advance_by(minutes(1));
    }
    assert_eq!(&tried[..4], [1, 6, 21, 81], "the first was when they were written");
    assert!(tried.len() <= 27, "{tried:?}");
    assert!(readers.iter().all(|it| end(&town, *it) == Some(Outcome::GivenUp)));
    assert_eq!(waiting_files(folder.path()), 0);
    back.store(true, std::sync::atomic::Ordering::Relaxed);
    clock.advance_to(at(MONDAY) + minutes(7 * 24 * 60));
    write(&town);
    assert_eq!(server.len(), 2, "the next week's letters, and no old ones");
    assert_eq!(town.jobs.post_trouble(), None);
}

#[test]
fn whoever_stops_before_the_letter_went_does_not_get_it() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let clock = Clock::fixed(at(MONDAY));
    let server =
        PostBox::start(
            |nth, _| {
                if nth == 0 { Act::ToReader("451 4.3.0 try again") } else { Act::Take }
            },
        );
    let town = town(folder.path(), &clock, &server);
    let kari = add(&town, "kari", Wishes::default());
    write(&town);
    town.app.stop_reader(kari, None).expect("stopped");
    clock.advance_by(minutes(5));
    town.send_post();
    assert_eq!(end(&town, kari), Some(Outcome::Stopped));
    assert_eq!((server.len(), waiting_files(folder.path())), (0, 0));
}

#[test]
fn a_letter_whose_file_is_gone_is_told_as_lost() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let clock = Clock::fixed(at(MONDAY));
    let server = PostBox::start(|_, _| Act::ToReader("451 4.3.0 try again"));
    let town = town(folder.path(), &clock, &server);
    let kari = add(&town, "kari", Wishes::default());
    write(&town);
    std::fs::remove_dir_all(folder.path().join("post")).expect("removed");
    clock.advance_by(minutes(5));
    town.send_post();
    assert_eq!(end(&town, kari), Some(Outcome::Lost));
}

#[test]
fn one_letter_that_ends_every_conversation_holds_back_no_other() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let clock = Clock::fixed(at(MONDAY));
    let server = PostBox::start(|_, to| {
        if to.starts_with("kari") { Act::ToReader("421 4.3.0 closing") } else { Act::Take }
    });
    let town = town(folder.path(), &clock, &server);
    let [kari, ola, siri] = ["kari", "ola", "siri"].map(|it| add(&town, it, Wishes::default()));
    write(&town);
    for _ in 0..10 {
        clock.advance_by(minutes(30));
        town.send_post();
    }
    assert_eq!([ola, siri].map(|it| end(&town, it)), [Some(Outcome::Sent); 2]);
    assert_eq!(end(&town, kari), None, "it is still tried");
}

#[test]
fn a_letter_that_cannot_be_read_now_waits() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let clock = Clock::fixed(at(MONDAY));
    let back = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let is_back = Arc::clone(&back);
    let server = PostBox::start(move |_, _| {
        let is_back = is_back.load(std::sync::atomic::Ordering::Relaxed);
        if is_back { Act::Take } else { Act::ToReader("451 4.3.0 try again") }
    });
    let town = town(folder.path(), &clock, &server);
    let kari = add(&town, "kari", Wishes::default());
    write(&town);
    let post = folder.path().join("post");
    let file = std::fs::read_dir(&post).expect("made").next().expect("one").expect("one").path();
    let aside = folder.path().join("aside");
    std::fs::rename(&file, &aside).expect("moved");
    std::fs::create_dir(&file).expect("made");
    clock.advance_by(minutes(5));
    town.send_post();
    assert_eq!(end(&town, kari), None, "what is in the way may pass");
    std::fs::remove_dir(&file).expect("removed");
    std::fs::rename(&aside, &file).expect("moved back");
    back.store(true, std::sync::atomic::Ordering::Relaxed);
    town.send_post();
    assert_eq!(end(&town, kari), Some(Outcome::Sent));
}
