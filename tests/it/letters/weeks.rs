//! The calendar: clock changes, week 53, the turn of the year, a clock that jumps. Each letter
//! comes once, and in the hour that its reader has chosen.

use std::collections::BTreeMap;

use skranke::post::{Often, Telling};
use skranke::week::Week;

use super::*;

fn wishing(often: Often, own: Option<&str>) -> Wishes {
    let at = own.map(|it| it.parse().expect("a day and an hour"));
    Wishes { often, at, ..Wishes::default() }
}

/// What each reader was told, and when, by the looks of a clock from `from` so many days on.
fn told(from: &str, days: i64, readers: &[(&str, Wishes)]) -> BTreeMap<String, Vec<String>> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (clock, server) = (Clock::fixed(at(from)), taking());
    let town = town(folder.path(), &clock, &server);
    only_letters(&town);
    town.look();
    let ids: Vec<_> = readers.iter().map(|it| add(&town, it.0, it.1.clone())).collect();
    for _ in 0..days * 24 * 2 {
        clock.advance_by(minutes(30));
        town.look();
        town.send_post();
    }
    let letters = |id: Id<Subscriber>| {
        let letters = letters_of(&town, id);
        let told = letters.iter().map(|it| match it.row.of {
            Telling::Week(week) => format!("{week} {}", it.row.written),
            Telling::Month(week) => format!("month to {week} {}", it.row.written),
            Telling::Notice { .. } | Telling::Consent { .. } => panic!("{it:?}"),
        });
        told.collect::<Vec<_>>()
    };
    let all: usize = ids.iter().map(|it| letters_of(&town, *it).len()).sum();
    assert_eq!(server.len(), all, "what is on record was sent, once");
    readers.iter().zip(ids).map(|(it, id)| (it.0.to_owned(), letters(id))).collect()
}

/// Nothing but the letters by the clock: the others would only take time.
fn only_letters(town: &Town) {
    use skranke::schedule::Schedule;
    let off = |job: Job| (job.name().to_owned(), Schedule { is_on: false, ..job.usual() });
    let others = Job::ALL.into_iter().filter(|it| *it != Job::Digest);
    let schedules = others.map(off).collect();
    let settings = skranke::organisation::Settings { schedules, ..town.app.state.settings() };
    let who = skranke::app::Decider { by: None, version: None };
    town.app.set_settings(settings, who).expect("set");
    town.app.settle().expect("folded");
}

#[test]
fn the_night_of_an_hour_less_and_the_night_of_an_hour_more_have_one_letter_each() {
    let night = wishing(Often::Weekly, Some("sunday 02:30"));
    let told = told(
        "2026-03-24T12:00:00Z",
        8,
        &[("kari", night.clone()), ("ola", wishing(Often::Weekly, None))],
    );
    assert_eq!(told["kari"], ["2026-W12 2026-03-29T01:30:00Z"], "half past three that night");
    assert_eq!(told["ola"], ["2026-W13 2026-03-30T05:00:00Z"], "seven, by summer time");
    let told = self::told(
        "2026-10-23T12:00:00Z",
        4,
        &[("kari", night), ("ola", wishing(Often::Weekly, None))],
    );
    assert_eq!(told["kari"], ["2026-W42 2026-10-25T00:30:00Z"], "the first of the two");
    assert_eq!(told["ola"], ["2026-W43 2026-10-26T06:00:00Z"], "seven, by winter time");
}

#[test]
fn a_year_of_53_weeks_ends_with_its_own_letter_and_month() {
    let monthly = wishing(Often::Monthly, Some("tuesday 08:00"));
    let readers = [
        ("kari", wishing(Often::Weekly, None)),
        ("ola", monthly),
        ("siri", wishing(Often::Weekly, Some("friday 08:00"))),
        ("per", wishing(Often::Never, None)),
    ];
    let told = told("2026-12-19T12:00:00Z", 25, &readers);
    let mondays = [
        "2026-W51 2026-12-21T06:00:00Z",
        "2026-W52 2026-12-28T06:00:00Z",
        "2026-W53 2027-01-04T06:00:00Z",
        "2027-W01 2027-01-11T06:00:00Z",
    ];
    assert_eq!(told["kari"], mondays);
    assert_eq!(told["ola"], ["month to 2026-W53 2027-01-05T07:00:00Z"]);
    let fridays = [
        "2026-W51 2026-12-25T07:00:00Z",
        "2026-W52 2027-01-01T07:00:00Z",
        "2026-W53 2027-01-08T07:00:00Z",
    ];
    assert_eq!(told["siri"], fridays);
    assert!(told["per"].is_empty());
}

#[test]
fn other_turns_of_the_year_and_a_leap_day_are_told_under_the_right_week() {
    let weekly = || [("kari", wishing(Often::Weekly, None))];
    // 31 December 2025 lies in 2026-W01, 31 December 2029 in 2030-W01.
    let told_2025 = told("2025-12-27T12:00:00Z", 10, &weekly());
    let expected = ["2025-W52 2025-12-29T06:00:00Z", "2026-W01 2026-01-05T06:00:00Z"];
    assert_eq!(told_2025["kari"], expected);
    let told_2029 = told("2029-12-29T12:00:00Z", 10, &weekly());
    let expected = ["2029-W52 2029-12-31T06:00:00Z", "2030-W01 2030-01-07T06:00:00Z"];
    assert_eq!(told_2029["kari"], expected);
    let told_2028 = told("2028-02-26T12:00:00Z", 9, &weekly());
    let expected = ["2028-W08 2028-02-28T06:00:00Z", "2028-W09 2028-03-06T06:00:00Z"];
    assert_eq!(told_2028["kari"], expected);
}

#[test]
fn a_clock_that_jumps_sends_no_letter_twice() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (clock, server) = (Clock::fixed(at("2026-03-02T12:00:00Z")), taking());
    let town = town(folder.path(), &clock, &server);
    only_letters(&town);
    town.look();
    for (name, own) in [("kari", None), ("ola", Some("wednesday 10:00"))] {
        add(&town, name, wishing(Often::Weekly, own));
    }
    let truth = ["2026-03-09T06:00:30Z", "2026-03-11T09:00:30Z", "2026-03-12T09:00:00Z"].map(at);
    for now in truth {
        let far = SignedDuration::from_hours(24 * 3_652);
        for shown in
            [now, now + minutes(60), now - minutes(60), now + far, at("1970-01-01T09:00:00Z"), now]
        {
            clock.advance_to(shown);
            for _ in 0..3 {
                town.look();
                town.send_post();
            }
        }
    }
    assert_eq!(server.by_reader().len(), 2);
    for (address, taken) in server.by_reader() {
        let mut ids: Vec<_> = taken.iter().map(|it| it.header("Message-ID")).collect();
        let all = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), all, "{address}: no letter twice");
        let of = |week: &str| ids.iter().filter(|it| it.contains(week)).count();
        assert_eq!(of("2026-W10"), 1, "{address}: {ids:?}");
    }
    clock.advance_to(at("2026-03-18T12:00:00Z"));
    town.look();
    town.send_post();
    for (address, taken) in server.by_reader() {
        let next = taken.iter().filter(|it| it.header("Message-ID").contains("2026-W11")).count();
        assert_eq!(next, 1, "{address}: with the right clock all goes on");
    }
}

#[test]
fn a_reader_who_cannot_be_served_does_not_start_a_run_at_every_look() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (clock, server) = (Clock::fixed(at("2026-03-05T12:00:00Z")), taking());
    let town = town(folder.path(), &clock, &server);
    only_letters(&town);
    town.look();
    add(&town, "kari", wishing(Often::Weekly, Some("wednesday 10:00")));
    // The folder for waiting letters cannot be made.
    std::fs::write(folder.path().join("post"), "a file").expect("written");
    clock.advance_to(at("2026-03-11T09:00:30Z"));
    let runs = || town.app.state.job(Job::Digest).runs.len();
    let before = runs();
    for _ in 0..10 {
        town.look();
        clock.advance_by(minutes(1));
    }
    assert!(runs() <= before + 2, "{} runs in ten minutes", runs() - before);
    std::fs::remove_file(folder.path().join("post")).expect("removed");
    clock.advance_by(minutes(20));
    town.look();
    town.send_post();
    assert_eq!(server.len(), 1, "and none was lost");
}

#[test]
fn what_was_due_while_the_machine_was_off_is_made_up_for_once() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (clock, server) = (Clock::fixed(at("2026-03-05T12:00:00Z")), taking());
    let first = town(folder.path(), &clock, &server);
    only_letters(&first);
    first.look();
    let own = wishing(Often::Weekly, Some("sunday 20:00"));
    add(&first, "kari", own);
    add(&first, "ola", wishing(Often::Weekly, None));
    drop(first);
    // Off from Thursday until Tuesday: the Sunday and the Monday were missed.
    clock.advance_to(at("2026-03-10T09:00:00Z"));
    let town = town(folder.path(), &clock, &server);
    for _ in 0..4 {
        town.look();
        town.send_post();
        clock.advance_by(minutes(30));
    }
    let week: Week = "2026-W10".parse().expect("a week");
    let of = |name: &str| server.by_reader()[&format!("{name}@fjordvik.example")].clone();
    assert_eq!(of("kari").len(), 1);
    assert!(
        of("kari")[0].header("Message-ID").contains("2026-W09"),
        "of the Sunday that was missed"
    );
    assert_eq!(of("ola").len(), 1);
    assert!(of("ola")[0].header("Message-ID").contains(&week.to_string()));
}

#[test]
fn whoever_goes_back_to_the_usual_time_gets_that_weeks_letter_too() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (clock, server) = (Clock::fixed(at("2026-03-05T12:00:00Z")), taking());
    let town = town(folder.path(), &clock, &server);
    only_letters(&town);
    town.look();
    add(&town, "kari", wishing(Often::Weekly, Some("thursday 13:00")));
    clock.advance_to(at("2026-03-10T09:00:00Z"));
    town.look();
    town.send_post();
    assert_eq!(server.len(), 0, "not before Thursday");
    add(&town, "kari", wishing(Often::Weekly, None));
    for _ in 0..8 {
        clock.advance_by(minutes(12 * 60));
        town.look();
        town.send_post();
    }
    assert_eq!(server.len(), 1, "once, and not with the next Monday's");
    assert!(server.taken()[0].header("Message-ID").contains("2026-W10"));
}
