//! What the clock does to the jobs: years of 53 weeks, nights that are longer, jumps.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use jiff::SignedDuration;
use skranke::app::ImportFile;
use skranke::inquiry::import::Reading;
use skranke::schedule::Schedule;

use super::*;
use crate::harness::program::PROGRAM;

fn letters(data: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(data.join("outbox")).into_iter().flatten();
    let mut names: Vec<String> = entries
        .map(|it| it.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn the_letter_of_week_53_is_written_once() {
    let folder = folder();
    let clock = Clock::fixed(at("2026-12-21T12:00:00Z"));
    let mut service = Service::open(folder.path(), &clock);
    service.look();
    // Every fifty minutes for three weeks, with a new process now and then.
    for n in 0..(21 * 24 * 60 / 50) {
        clock.advance_by(SignedDuration::from_mins(50));
        if n % 97 == 0 {
            drop(service);
            service = Service::open(folder.path(), &clock);
        }
        service.look();
    }
    let expected = ["2026-W52.eml", "2026-W53.eml", "2027-W01.eml"];
    assert_eq!(letters(folder.path()), expected);
    let due: Vec<_> = service.runs(Job::Digest).iter().filter_map(|it| it.due).collect();
    let mondays = ["2026-12-28T06:00:00Z", "2027-01-04T06:00:00Z", "2027-01-11T06:00:00Z"];
    assert_eq!(due, mondays.map(at));
    assert_eq!(service.runs(Job::Crawl).len(), 21, "one each night");
}

#[test]
fn what_was_missed_while_the_machine_was_off_is_made_up_once() {
    let folder = folder();
    let clock = Clock::fixed(at("2026-03-02T12:00:00Z"));
    let service = Service::open(folder.path(), &clock);
    service.look();
    drop(service);
    // On again on a Thursday, three and a half weeks later, when the clocks are about to change.
    clock.advance_to(at("2026-03-26T09:00:00Z"));
    let service = Service::open(folder.path(), &clock);
    assert!(service.jobs.look(Job::Digest).needs_a_look(), "it is late");
    (0..4).for_each(|_| service.look());
    assert_eq!(letters(folder.path()), ["2026-W12.eml"], "of last week, and no other");
    let n_runs = Job::ALL.map(|it| service.runs(it).len());
    assert_eq!(n_runs, [1; 8]);
    assert!(!service.jobs.look(Job::Digest).needs_a_look());
}

#[test]
fn a_clock_that_jumps_makes_no_second_letter_and_deletes_nothing() {
    let folder = folder();
    let clock = Clock::fixed(at("2026-03-02T12:00:00Z"));
    let service = Service::open(folder.path(), &clock);
    service.look();
    let truth = ["2026-03-09T06:00:30Z", "2026-03-09T09:00:00Z", "2026-03-10T09:00:00Z"].map(at);
    let hour = SignedDuration::from_hours(1);
    let ten_years = SignedDuration::from_hours(24 * 3_652);
    for now in truth {
        for shown in [now, now + hour, now - hour, now + ten_years, at("1970-01-01T09:00:00Z"), now]
        {
            clock.advance_to(shown);
            (0..3).for_each(|_| service.look());
        }
    }
    let written = letters(folder.path());
    let distinct: BTreeSet<&String> = written.iter().collect();
    assert_eq!(distinct.len(), written.len());
    // That of the true Monday, and those of the Mondays that the wrong clock believed in.
    assert_eq!(written[0], "2026-W10.eml");
    assert!(written.iter().all(|it| it.starts_with("2026-W10") || it.starts_with("2036-W")));
    let runs = service.runs(Job::Digest).len();
    assert_eq!(runs, written.len(), "each run wrote its letter, and none wrote it again");
    assert!(service.runs(Job::Crawl).len() <= 5, "{:#?}", service.runs(Job::Crawl));
    // A week later, with the right clock, all goes on.
    clock.advance_to(at("2026-03-16T09:00:00Z"));
    service.look();
    assert!(letters(folder.path()).contains(&"2026-W11.eml".to_owned()));
}

#[test]
fn a_clock_ten_years_ahead_deletes_nothing_until_somebody_says_that_it_is_right() {
    let folder = folder();
    let clock = Clock::fixed(at("2026-03-02T12:00:00Z"));
    let service = Service::open(folder.path(), &clock);
    service.look();
    let bytes = b"tekst,dato\nnar opnar hallen,2026-03-01 10:00\n";
    let reading = &Reading::plain(service.app.zone.clone());
    let file = ImportFile { name: "log.csv", source: "log", bytes, reading, by: None };
    assert_eq!(service.app.import(file).expect("imported").added, 1);
    for day in 1..4 {
        clock.advance_to(at("2026-03-02T12:00:00Z") + SignedDuration::from_hours(24 * day));
        // Jobs of one lane come one after the other.
        (0..4).for_each(|_| service.look());
    }
    assert!(matches!(service.last(Job::Retention), Some(End::Done(_))));
    let wishes = folder.path().join("wishes.jsonl");
    // The first day of the wrong clock, and the next, when other jobs have written by it.
    for hours in [0, 1, 24, 25, 48] {
        clock.advance_to(at("2036-03-05T12:00:00Z") + SignedDuration::from_hours(hours));
        (0..4).for_each(|_| service.look());
        let Some(End::Failed(says)) = service.last(Job::Retention) else { panic!("it ran") };
        assert_eq!(says[0].key, "job_fault.clock");
        assert!(!wishes.exists());
    }
    assert!(matches!(service.last(Job::Crawl), Some(End::Done(_))), "others go on");
    assert!(matches!(service.now(Job::Retention).ended, Some((_, End::Done(_)))));
    assert!(wishes.exists(), "by hand it is deleted at the next opening");
}

#[test]
fn a_clock_three_days_past_the_last_record_deletes_nothing_at_first() {
    let folder = folder();
    let clock = Clock::fixed(at("2026-03-02T12:00:00Z"));
    let service = Service::open(folder.path(), &clock);
    // The others would write by the new time before it.
    let off = |job: Job| (job.name().to_owned(), Schedule { is_on: false, ..job.usual() });
    let others = Job::ALL.into_iter().filter(|it| *it != Job::Retention);
    let settings =
        Settings { schedules: others.map(off).collect(), ..service.app.state.settings() };
    let who = Decider { by: None, version: None };
    service.app.set_settings(settings, who).expect("they are set");
    service.app.settle().expect("folded");
    service.look();
    clock.advance_by(SignedDuration::from_hours(3 * 24));
    service.look();
    let refused = || match service.last(Job::Retention) {
        Some(End::Failed(says)) => says[0].key == "job_fault.clock",
        _ => false,
    };
    assert!(refused());
    // Its own record is by the same clock, and proves nothing.
    for _ in 0..4 {
        clock.advance_by(SignedDuration::from_mins(21));
        service.look();
        assert!(refused());
    }
    clock.advance_by(SignedDuration::from_hours(24));
    service.look();
    assert!(refused());
    assert!(matches!(service.now(Job::Retention).ended, Some((_, End::Done(_)))));
    clock.advance_by(SignedDuration::from_hours(24));
    service.look();
    assert!(!refused(), "once somebody has said so, all goes on");
}

/// Runs the program with a machine's idea of zones, and tells what it says.
fn with_zone(data: &Path, arguments: &[&str], zone: &[(&str, &str)]) -> String {
    let mut command = Command::new(PROGRAM);
    command.arg("--data").arg(data).args(arguments).env_remove("TZ").env_remove("TZDIR");
    let output = command.envs(zone.iter().copied()).output().expect("the program was built");
    assert!(output.status.success(), "{}", told(&output));
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn the_machines_zone_changes_nothing() {
    let folder = folder();
    let log = folder.path().join("log.csv");
    let rows = "tekst,dato\nnår opnar hallen,2026-03-29 03:30\nkva kostar sfo,2026-10-25 02:30\n";
    std::fs::write(&log, rows).expect("written");
    let zones: [&[(&str, &str)]; 4] = [
        &[],
        &[("TZ", "America/New_York")],
        &[("TZ", "Nowhere/AtAll"), ("TZDIR", "/nowhere")],
        &[("TZDIR", "/nowhere")],
    ];
    let one = folder.path().join("one");
    let told = zones.map(|zone| {
        let data = tempfile::tempdir().expect("a temporary folder");
        let log = log.to_string_lossy();
        let imported = with_zone(data.path(), &["import", &log], zone);
        let letter = with_zone(data.path(), &["digest", "--week", "2026-W43"], zone);
        let letter = letter.replace(&*data.path().to_string_lossy(), "");
        let to = data.path().join("out");
        with_zone(data.path(), &["export", &to.to_string_lossy()], zone);
        let asked = std::fs::read_to_string(to.join("inquiries.jsonl")).expect("exported");
        let asked = asked.lines().map(|it| json(it)["asked"].clone()).collect::<Vec<_>>();
        // In one folder, since each puts its heavy jobs off by a time of its own.
        let jobs = json(&with_zone(&one, &["jobs", "--json"], zone));
        let next = [0, 1, 2].map(|it| jobs[it]["next"].clone());
        (imported, letter, asked, next)
    });
    assert_eq!(told[0].2, ["2026-03-29T01:30:00Z", "2026-10-25T00:30:00Z"]);
    assert!(told.iter().all(|it| *it == told[0]), "{told:#?}");
}

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).expect("JSON")
}
