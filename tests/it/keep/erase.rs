//! What is erased is in no file any more: frames, compressed bodies, views, terms, backups.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use skranke::app::keeping::{self, KeepError, RetentionRun};
use skranke::app::{App, OpenOptions};
use skranke::clock::Clock;

use super::search::found_in;
use super::{export, import, text, texts};
use crate::harness::program::{run, told, tried};
use crate::harness::visitor::Service;

/// The id of an exported row.
pub(super) fn id_of(line: &str) -> String {
    let line: serde_json::Value = serde_json::from_str(line).expect("a line of JSON");
    format!("inq_{}", line["id"].as_str().unwrap_or_default())
}

#[test]
fn an_erased_inquiry_keeps_its_count_and_loses_its_words() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    import(&data, "a", &texts(10));
    let before = export(&data);
    let id = id_of(before["inquiries.jsonl"].lines().nth(3).expect("a row"));
    let said = run(&data, &["erase", &id]);
    assert!(said.starts_with("1 inquiries lose their words"), "{said}");
    let after = export(&data);
    for (old, new) in before["inquiries.jsonl"].lines().zip(after["inquiries.jsonl"].lines()) {
        let mut old: serde_json::Value = serde_json::from_str(old).expect("a line of JSON");
        if id_of(&old.to_string()) == id {
            old.as_object_mut().expect("an object").remove("text");
        }
        let new: serde_json::Value = serde_json::from_str(new).expect("a line of JSON");
        assert_eq!(new, old);
    }
    let audit = &after["audit.jsonl"];
    assert!(audit.contains("inquiry.erase") && audit.contains(&id.replace('-', "")), "{audit}");
    assert!(!audit.contains("nummer 3"), "{audit}");
    let output = tried(&data, &["erase", "inq_01970001-0001-7000-8000-000000000001"]);
    assert!(told(&output).contains("there is no inquiry"), "{}", told(&output));
}

/// Words that nobody writes; the first stands in a question, the second in its answer's note.
const ASKED: &str = "qzvxkurda";
const NOTED: &str = "wqxzpomel";

/// A log in which one question, asked by three, has words of its own.
fn log_with_rare_words(data: &Path) {
    let rare = |n: usize| {
        let text = format!("når kjem {ASKED} i grenda vår");
        serde_json::json!({ "id": format!("r-{n}"), "text": text, "note": NOTED })
    };
    let other = |n: usize| {
        let text = format!("kva kostar plass nummer {n} i barnehagen");
        serde_json::json!({ "id": format!("o-{n}"), "text": text })
    };
    let lines = (0..3).map(rare).chain((0..6).map(other));
    let lines: String = lines.map(|it| format!("{it}\n")).collect();
    let path = data.with_extension("jsonl");
    std::fs::write(&path, lines).expect("written");
    run(data, &["import", &text(&path), "--source", "log"]);
    let page = serde_json::json!({
        "url": "https://www.example.org/a", "title": "Barnehagen",
        "text": "Ein plass i barnehagen kostar 2 000 kroner.",
    });
    std::fs::write(&path, format!("{page}\n")).expect("written");
    run(data, &["pages", &text(&path)]);
    std::fs::remove_file(&path).expect("removed");
    run(data, &["topics"]);
    std::fs::create_dir_all(data.join("outbox")).expect("made");
    let letter =
        format!("Subject: Veke 10\r\n\r\nDei spurde om {}=\r\n{}", &ASKED[..4], &ASKED[4..]);
    std::fs::write(data.join("outbox/one.eml"), letter).expect("written");
    std::fs::write(data.join("outbox/two.eml"), "\r\nBarnehage").expect("written");
}

/// Makes everything that a service makes of its records.
fn make_views(data: &Path) {
    let zone = TimeZone::get("Europe/Oslo").expect("the zone's data is in the program");
    let options = OpenOptions { data: data.to_owned(), clock: Clock::System, zone };
    let app = App::open(options).expect("opened");
    app.start_live();
    assert!(app.settle_index(Duration::from_secs(60)), "the index comes on");
    app.close();
}

#[expect(clippy::disallowed_methods, reason = "another process comes on")]
fn pause(a_while: Duration) {
    std::thread::sleep(a_while);
}

/// How many contacts there are by week, channel and topic.
fn counts(data: &Path) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for line in export(data)["inquiries.jsonl"].lines() {
        let line: serde_json::Value = serde_json::from_str(line).expect("a line of JSON");
        let key = format!("{} {} {}", line["week"], line["channel"], line["topic"]);
        *counts.entry(key).or_default() += line["count"].as_u64().expect("a count");
    }
    counts
}

#[test]
fn what_is_erased_is_in_no_file() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (data, backups) = (folder.path().join("data"), folder.path().join("backups"));
    log_with_rare_words(&data);
    make_views(&data);
    let seen: Vec<String> = found_in(&data, ASKED)
        .iter()
        .map(|it| it.trim_start_matches(&text(&data)).trim_start_matches('/').to_owned())
        .collect();
    for place in ["journal", "view", "index"] {
        assert!(seen.iter().any(|it| it.starts_with(place)), "{place} held it: {seen:?}");
    }
    assert!(!found_in(&data, NOTED).is_empty());
    for (from, aside) in
        [("view", "view.damaged-by-hand-just-now"), ("index", "index.damaged-by-hand-just-now")]
    {
        crate::faults::copy(&data.join(from), &data.join(aside));
        assert!(!found_in(&data.join(aside), ASKED).is_empty(), "{aside} holds it");
    }
    let labels = export(&data)["topics.jsonl"].clone() + &export(&data)["verdicts.jsonl"];
    assert!(labels.contains(ASKED), "a label or a verdict held it: {labels}");
    let before = counts(&data);
    let old = backups.join("skranke-20260302T080000Z");
    run(&data, &["backup", &text(&old)]);
    for line in export(&data)["inquiries.jsonl"].lines().filter(|it| it.contains(ASKED)) {
        run(&data, &["erase", &id_of(line)]);
    }
    assert!(data.join("outbox/two.eml").exists() && !data.join("outbox/one.eml").exists());
    assert_eq!(counts(&data), before);
    assert!(!data.join("view.damaged-by-hand-just-now").exists());
    make_views(&data);
    assert!(run(&data, &["topics"]).starts_with("6 questions"));
    assert_eq!(counts(&data), before, "a run leaves what has no words where it was");
    let new = backups.join("skranke-20260303T080000Z");
    run(&data, &["backup", &text(&new)]);
    assert!(!found_in(&old, ASKED).is_empty(), "a backup of before gives way in its time");
    // Restored from before the erasure, with the list of a later backup beside it.
    run(&folder.path().join("restored"), &["restore", &text(&old)]);
    for folder in [&data, &new, &folder.path().join("restored")] {
        assert_eq!(found_in(folder, ASKED), Vec::<String>::new());
        assert_eq!(found_in(folder, NOTED), Vec::<String>::new());
    }
    assert!(run(&data, &["verify"]).contains("0 differences"));
}

#[test]
fn words_that_others_asked_with_too_stay_in_labels_and_verdicts() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    log_with_rare_words(&data);
    let judged = || export(&data)["topics.jsonl"].clone() + &export(&data)["verdicts.jsonl"];
    let before = judged();
    let inquiries = export(&data)["inquiries.jsonl"].clone();
    let one = inquiries.lines().find(|it| it.contains(ASKED)).expect("a row");
    let said = run(&data, &["erase", &id_of(one)]);
    assert!(said.contains("\n0 labels and verdicts lose words"), "{said}");
    assert!(before.contains(ASKED) && judged() == before);
}

#[test]
fn a_list_that_is_named_keeps_erased_words_out_of_a_restore() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (data, at) = (folder.path().join("data"), |name: &str| folder.path().join(name));
    import(&data, "a", &texts(3));
    run(&data, &["backup", &text(&at("backup"))]);
    run(&data, &["erase", &id_of(export(&data)["inquiries.jsonl"].lines().next().expect("a row"))]);
    let list = text(&data.join("erased.jsonl"));
    run(&at("without"), &["restore", &text(&at("backup"))]);
    assert!(export(&at("without"))["inquiries.jsonl"].contains("nummer 0 "), "nobody named it");
    run(&at("with"), &["restore", &text(&at("backup")), "--erased", &list]);
    assert_eq!(found_in(&at("with"), "nummer 0 "), Vec::<String>::new());
    assert!(export(&at("with"))["inquiries.jsonl"].contains("nummer 1 "));
}

#[test]
fn what_was_moved_aside_long_ago_goes_at_the_next_start() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    import(&data, "a", &texts(2));
    for name in ["view.damaged-20260101T070000Z", "index.damaged-20260101T070000Z-1"] {
        crate::faults::copy(&data.join("view"), &data.join(name));
    }
    crate::faults::copy(&data.join("view"), &data.join("view.damaged-by-hand-just-now"));
    run(&data, &["report"]);
    assert!(!data.join("view.damaged-20260101T070000Z").exists());
    assert!(!data.join("index.damaged-20260101T070000Z-1").exists());
    assert!(data.join("view.damaged-by-hand-just-now").exists(), "somebody may look into it");
}

#[test]
fn a_running_service_erases_and_goes_on_at_the_same_address() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    log_with_rare_words(&data);
    let lines = export(&data)["inquiries.jsonl"].clone();
    let mut service = Service::start(&data);
    let mut visitor = service.set_up();
    for line in lines.lines().filter(|it| it.contains(ASKED)) {
        assert!(run(&data, &["erase", &id_of(line)]).contains("is erased by the service"));
    }
    let said = run(&data, &["retain", "--dry-run"]);
    assert!(said.starts_with("0 inquiries lose their words"), "beside the service too: {said}");
    for _ in 0..3_000 {
        if !data.join("wishes.jsonl").exists() {
            break;
        }
        pause(Duration::from_millis(10));
    }
    assert!(!data.join("wishes.jsonl").exists(), "it is done");
    let csrf = visitor.get("/help").csrf().expect("the session goes on");
    let body = serde_json::json!({
        "key": "inq_01970001-0001-7000-8000-000000000001", "text": "opnar de i morgon",
    });
    let answer = visitor.send("/api/v1/inquiries", &csrf, &body).expect("an answer");
    assert_eq!(answer.status, 201, "{}", answer.body);
    service.kill();
    assert_eq!(found_in(&data, ASKED), Vec::<String>::new());
    let now = export(&data)["inquiries.jsonl"].clone();
    assert_eq!(now.lines().count(), lines.lines().count() + 1);
}

#[test]
fn retention_counts_first_and_refuses_a_clock_that_is_off() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    log_with_rare_words(&data);
    let before = counts(&data);
    let zone = TimeZone::get("Europe/Oslo").expect("the zone's data is in the program");
    let newest = std::fs::metadata(data.join("journal/manifest")).expect("a file").modified();
    let newest = Timestamp::try_from(newest.expect("a time")).expect("a time");
    let days = |n: i64| newest + SignedDuration::from_hours(24 * n);
    let retain = |now, run| keeping::retain(&data, run, (now, &zone)).map(|it| it.0.due);
    let dry = RetentionRun { is_dry: true, ..RetentionRun::default() };
    let sure = RetentionRun { clock_is_right: true, ..RetentionRun::default() };
    assert_eq!(retain(days(0), dry).expect("counted").texts, 0);
    let said = run(&data, &["retain", "--dry-run"]);
    assert!(said.starts_with("0 inquiries lose their words"), "{said}");
    for far in [days(2), days(-2), days(3_650)] {
        let error = retain(far, RetentionRun::default()).expect_err("the clock is off");
        assert!(matches!(error, KeepError::Clock { .. }), "{error}");
        assert!(error.to_string().contains("--clock-is-right"), "{error}");
    }
    let kept = RetentionRun { clock_is_right: true, is_dry: true };
    assert_eq!(retain(days(390), kept).expect("counted").texts, 0, "thirteen months are not over");
    assert_eq!(retain(days(400), kept).expect("counted").texts, 9);
    assert!(!found_in(&data, ASKED).is_empty(), "counting erases nothing");
    assert_eq!(retain(days(400), sure).expect("erased").texts, 9);
    assert_eq!(found_in(&data, ASKED), Vec::<String>::new());
    assert_eq!(found_in(&data, "kostar plass nummer"), Vec::<String>::new());
    assert_eq!(counts(&data), before);
    assert_eq!(retain(days(400), sure).expect("nothing is due").texts, 0);
    // The audit has a line from the year in which all was erased.
    let dry = ["retain", "--dry-run", "--clock-is-right"];
    run(&data, &[&dry[..], &["--text-months", "3", "--session-days", "7"]].concat());
    let settings = export(&data)["organisation.jsonl"].clone();
    assert!(settings.contains("\"text_months\":3") && settings.contains("\"author_days\":30"));
    import(&data, "later", &texts(2));
    assert_eq!(retain(days(80), kept).expect("counted").texts, 0);
    assert_eq!(retain(days(100), kept).expect("counted").texts, 2);
    assert!(run(&data, &["verify"]).contains("0 differences"));
}
