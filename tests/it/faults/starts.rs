//! The order of a start: logging first, screens after; and what ends a loop of aborts.

use std::time::{Duration, Instant};

use super::{health, log, log_some, wait, wait_until_well};
use crate::harness::program::run;
use crate::harness::visitor::{Service, Visitor};

/// While the view is made anew from the journal, people sign in and log, and every page tells how
/// far it has come; whoever asks for a list hears that it comes.
#[test]
fn logging_is_open_while_the_view_is_made() {
    const ROWS: usize = 20_000;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (data, file) = (folder.path().join("data"), folder.path().join("log.csv"));
    let mut service = Service::start(&data);
    service.set_up();
    service.kill();
    let rows: String = (0..ROWS).map(|n| format!("{n};spørsmål nummer {n} om noko\n")).collect();
    std::fs::write(&file, format!("id;tekst\n{rows}")).expect("written");
    run(&data, &["import", &file.to_string_lossy()]);
    std::fs::remove_dir_all(data.join("view")).expect("removed");

    let service = Service::start(&data);
    let mut visitor = Visitor::sign_in(service.address, "marit");
    log_some(&mut visitor, 0..1);
    let was_starting = health(&service)["parts"]["view"]["status"] == "starting";
    assert!(was_starting, "the view was ready too soon to see anything: {}", health(&service));
    let page = visitor.get("/");
    assert_eq!(page.status, 200);
    assert!(page.body.contains("Skranke les inn"), "{}", page.body);
    let list = visitor.get("/gaps");
    assert_eq!(list.status, 503);
    assert!(list.body.contains("Straks klart"), "{}", list.body);
    assert!(visitor.get("/readyz").body.starts_with("ready, screens"));
    // What is said to be saved is told on the screen too.
    let fields = [("key", &*super::key(2, 1)), ("text", "er det ope på søndag"), ("act", "save")];
    let saved = visitor.submit("/", "/log", &fields);
    assert_eq!(saved.status, 303, "{}", saved.body);
    // A repeat of what is not in the view yet is taken: the journal knows it.
    let csrf = visitor.get("/help").csrf().expect("a page has a form");
    let again = serde_json::json!({ "key": super::key(2, 2), "same_as": super::key(2, 1) });
    let answer = visitor.send("/api/v1/inquiries", &csrf, &again).expect("an answer");
    assert_eq!(answer.status, 201, "{}", answer.body);
    let nothing = serde_json::json!({ "key": super::key(2, 3), "same_as": super::key(9, 9) });
    let answer = visitor.send("/api/v1/inquiries", &csrf, &nothing).expect("an answer");
    assert_eq!(answer.status, 422, "{}", answer.body);

    assert!(wait(Duration::from_secs(120), || visitor.get("/gaps").status == 200));
    let page = visitor.get("/");
    assert!(!page.body.contains("Skranke les inn"));
    assert!(page.body.contains("er det ope på søndag"), "{}", page.body);
    drop(service);
    assert!(run(&data, &["verify"]).contains("0 differences"));
}

#[test]
fn every_part_is_told_with_the_age_of_its_last_success() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    // What the disk below the tests has left is not theirs to know.
    let any_disk = [("SKRANKE_DISK_WARN_PERCENT", "0"), ("SKRANKE_DISK_WARN_MB", "0")];
    let mut service = Service::start_with(folder.path(), &any_disk).expect("it starts");
    let mut visitor = service.set_up();
    log_some(&mut visitor, 0..2);
    wait_until_well(&service);
    let told = health(&service);
    for part in ["journal", "pages", "view", "index", "disk"] {
        assert_eq!(told["parts"][part]["status"], "ok", "{told}");
    }
    assert_eq!(visitor.get("/livez").status, 200);
    assert_eq!(visitor.get("/readyz").body, "ready\n");
    let csrf = visitor.get("/help").csrf().expect("a page has a form");
    assert!(log(&mut visitor, &csrf, "inq_nonsense", "x").is_some_and(|it| it.status == 422));
}

/// A journal that was put back to an older state has lost what the view has seen: nothing is
/// taken, for it would get the numbers of what is lost, and the view is kept.
#[test]
fn a_view_that_is_ahead_of_the_journal_stops_the_start() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    let mut service = Service::start(&data);
    let mut visitor = service.set_up();
    log_some(&mut visitor, 0..5);
    stop(&mut service);
    super::copy(&data.join("journal"), &folder.path().join("older"));
    let mut service = Service::start(&data);
    visitor.address = service.address;
    log_some(&mut visitor, 5..10);
    wait_until_well(&service);
    stop(&mut service);
    std::fs::remove_dir_all(data.join("journal")).expect("removed");
    super::copy(&folder.path().join("older"), &data.join("journal"));
    let told = Service::start_with(&data, &[]).err().expect("it refuses");
    assert!(told.contains("acknowledged records are lost"), "{told}");
    assert!(told.contains("exit code 1"), "{told}");
    let names = std::fs::read_dir(&data).expect("listed").flatten();
    assert!(!names.into_iter().any(|it| it.file_name().to_string_lossy().contains("damaged")));
    // Of a large view nothing is known so soon but what it has noted of itself.
    std::fs::remove_file(data.join("view/db")).expect("removed");
    let told = Service::start_with(&data, &[]).err().expect("it refuses");
    assert!(told.contains("acknowledged records are lost"), "{told}");
}

/// The same where the view has noted nothing, as one of an earlier version.
#[test]
fn a_view_without_a_note_is_compared_all_the_same() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    let mut service = Service::start(&data);
    let mut visitor = service.set_up();
    super::copy(&data.join("journal"), &folder.path().join("older"));
    log_some(&mut visitor, 0..5);
    wait_until_well(&service);
    stop(&mut service);
    std::fs::remove_dir_all(data.join("journal")).expect("removed");
    super::copy(&folder.path().join("older"), &data.join("journal"));
    std::fs::remove_file(data.join("view/seen")).expect("removed");
    let told = Service::start_with(&data, &[]).err().expect("it refuses");
    assert!(told.contains("acknowledged records are lost"), "{told}");
}

fn stop(service: &mut Service) {
    service.signal(rustix::process::Signal::TERM);
    assert_eq!(service.ended_within(Duration::from_secs(20)), Some(0));
}

/// Starts the service with a place at which it is to end, and waits for that.
fn ends_at(data: &std::path::Path, place: &str) -> bool {
    match Service::start_with(data, &[("SKRANKE_FAILPOINT", place)]) {
        Ok(mut service) => !service.lives_for(Duration::from_secs(10)),
        Err(told) => told.contains("exit code none"),
    }
}

/// A record that ends the process whenever it is folded in is named at last, and not passed over:
/// logging goes on without the screens.
#[test]
fn a_record_that_ends_the_program_again_and_again_is_named_and_logging_goes_on() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut service = Service::start(folder.path());
    let mut visitor = service.set_up();
    log_some(&mut visitor, 0..3);
    wait_until_well(&service);
    stop(&mut service);
    std::fs::remove_dir_all(folder.path().join("view")).expect("removed");
    let mut n_ended = 0;
    let place = [("SKRANKE_FAILPOINT", "view-before-apply")];
    let service = loop {
        if let Ok(mut service) = Service::start_with(folder.path(), &place)
            && service.lives_for(Duration::from_secs(5))
        {
            break service;
        }
        n_ended += 1;
        assert!(n_ended < 10, "it never stops trying");
    };
    println!("named after {n_ended} ends");
    let told = health(&service);
    assert_eq!(told["parts"]["view"]["status"], "degraded", "{told}");
    assert_eq!(told["parts"]["journal"]["status"], "ok", "{told}");
    visitor.address = service.address;
    log_some(&mut visitor, 3..6);
    drop(service);
    // A program that can fold it brings all of it.
    let service = Service::start(folder.path());
    wait_until_well(&service);
    drop(service);
    assert!(run(folder.path(), &["verify"]).contains("0 differences"));
    assert!(run(folder.path(), &["topics"]).starts_with("6 questions"));
}

/// An index that ends the process whenever it is opened is made anew after three times.
#[test]
fn an_index_that_ends_the_program_again_and_again_is_made_anew() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut service = Service::start(folder.path());
    let mut visitor = service.set_up();
    log_some(&mut visitor, 0..3);
    wait_until_well(&service);
    stop(&mut service);
    for n in 0..3 {
        assert!(ends_at(folder.path(), "index-open"), "{n}");
    }
    let service = Service::start(folder.path());
    wait_until_well(&service);
    let names = std::fs::read_dir(folder.path()).expect("listed").flatten();
    let aside =
        |it: &std::fs::DirEntry| it.file_name().to_string_lossy().starts_with("index.damaged-");
    assert_eq!(names.filter(aside).count(), 1, "the one that was opened is kept");
}

/// Ends at each named place of a view's batch and an index's commit: nothing is lost, nothing is
/// there twice, and the next start is well.
#[test]
fn an_end_at_any_place_of_a_batch_or_a_commit_loses_nothing() {
    const PLACES: [&str; 6] = [
        "view-before-apply",
        "view-between-transactions",
        "view-after-apply",
        "index-before-commit",
        "index-after-commit",
        "index-before-swap",
    ];
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut service = Service::start(folder.path());
    let mut visitor = service.set_up();
    wait_until_well(&service);
    stop(&mut service);
    let mut kept = 0;
    for round in 0..u64::from(super::rounds(1)) {
        for (n, place) in (0..).zip(PLACES) {
            if place == "index-before-swap" {
                std::fs::remove_dir_all(folder.path().join("index")).expect("removed");
            }
            // Late enough that somebody has logged by then, save where it comes once a start.
            let first = match place {
                "index-before-swap" => 1,
                "index-before-commit" | "index-after-commit" => 2,
                _ => 8,
            };
            let visit = format!("{place}:{}", first + if first == 1 { 0 } else { round % 3 });
            let settings = [("SKRANKE_FAILPOINT", &*visit)];
            if let Ok(mut service) = Service::start_with(folder.path(), &settings) {
                visitor.address = service.address;
                kept += log_until_gone(&mut visitor, 100_000 * (10 * round + n));
                assert!(!service.lives_for(Duration::from_secs(10)), "{visit} is not passed");
            }
        }
    }
    assert!(0 < kept);
    let service = Service::start(folder.path());
    wait_until_well(&service);
    drop(service);
    assert!(run(folder.path(), &["verify"]).contains("0 differences"));
    let said = run(folder.path(), &["topics"]);
    let found: u64 = said.split(' ').next().and_then(|it| it.parse().ok()).expect("a number");
    // The one under way at each end may be there or not.
    assert!(kept <= found && found <= kept + 6 * u64::from(super::rounds(1)), "{kept}: {said}");
}

/// Logs until no answer comes, for some seconds at most; tells how many were acknowledged.
fn log_until_gone(visitor: &mut Visitor, from: u64) -> u64 {
    const WHILE: Duration = Duration::from_secs(10);
    let Some(csrf) = visitor.try_get("/help").and_then(|it| it.csrf()) else { return 0 };
    let begun = Instant::now();
    let mut acknowledged = 0;
    while begun.elapsed() < WHILE {
        let key = super::key(6, from + acknowledged);
        let answer = log(visitor, &csrf, &key, "kvar er biblioteket");
        if answer.is_none_or(|it| it.status != 201) {
            break;
        }
        acknowledged += 1;
    }
    acknowledged
}
