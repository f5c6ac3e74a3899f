//! A backup is made beside a running service, checked, restored, and refused when it is not whole.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{export, import, text, texts};
use crate::harness::program::{run, told, tried};
use crate::harness::visitor::{Service, Visitor};

/// Logs questions until it is told to stop; tells the ids that were acknowledged.
fn log(mut visitor: Visitor, stop: &AtomicBool, n: &std::sync::atomic::AtomicUsize) -> Vec<String> {
    let csrf = visitor.get("/help").csrf().expect("signed in");
    let mut acknowledged = vec![];
    while !stop.load(Ordering::SeqCst) {
        let at = acknowledged.len();
        let key = format!("inq_01970001-0001-7000-8000-{at:012x}");
        let body = serde_json::json!({ "key": key, "text": format!("spørsmål om sak {at}") });
        let answer = visitor.send("/api/v1/inquiries", &csrf, &body).expect("an answer");
        assert_eq!(answer.status, 201, "{}", answer.body);
        acknowledged.push(key);
        n.store(acknowledged.len(), Ordering::SeqCst);
    }
    acknowledged
}

#[test]
fn a_backup_beside_the_service_has_what_was_acknowledged_before_it_began() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (data, at) = (folder.path().join("data"), |name: &str| folder.path().join(name));
    let mut service = Service::start(&data);
    let visitor = service.set_up();
    let (stop, n) = (AtomicBool::new(false), std::sync::atomic::AtomicUsize::new(0));
    let mut floors = vec![];
    let acknowledged = std::thread::scope(|scope| {
        let logging = scope.spawn(|| log(visitor, &stop, &n));
        for round in 0..4 {
            let wanted = floors.last().map_or(5, |it| it + 5);
            while n.load(Ordering::SeqCst) < wanted && !logging.is_finished() {
                std::thread::yield_now();
            }
            floors.push(n.load(Ordering::SeqCst));
            let said = run(&data, &["backup", &text(&at(&format!("backup-{round}")))]);
            assert!(said.contains("up to record"), "{said}");
        }
        stop.store(true, Ordering::SeqCst);
        logging.join().expect("the log went on")
    });
    service.kill();
    assert!(*floors.last().expect("rounds") < acknowledged.len(), "the service logged meanwhile");
    let all = export(&data);
    for (round, floor) in floors.into_iter().enumerate() {
        let backup = at(&format!("backup-{round}"));
        assert!(run(&data, &["backup", &text(&backup), "--verify"]).contains("0 differences"));
        let restored = at(&format!("restored-{round}"));
        run(&restored, &["restore", &text(&backup)]);
        assert!(run(&restored, &["verify"]).contains("0 differences"));
        let found = export(&restored);
        let lines = &found["inquiries.jsonl"];
        for key in &acknowledged[..floor] {
            let id = key.trim_start_matches("inq_");
            assert_eq!(lines.matches(id).count(), 1, "{key} of round {round}");
        }
        let ids = |lines: &str| lines.lines().map(super::erase::id_of).collect::<Vec<_>>();
        let logged = ids(&all["inquiries.jsonl"]);
        assert!(logged.starts_with(&ids(lines)), "nothing else is in it");
        assert_eq!(found["people.jsonl"], all["people.jsonl"]);
    }
}

#[test]
fn a_restored_folder_exports_the_same_bytes_and_goes_on() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (data, at) = (folder.path().join("data"), |name: &str| folder.path().join(name));
    import(&data, "a", &texts(50));
    run(&data, &["topics"]);
    run(&data, &["backup", &text(&at("backup")), "--also", &text(&at("second"))]);
    for (n, from) in ["backup", "second"].iter().enumerate() {
        let restored = at(&format!("restored-{n}"));
        run(&restored, &["restore", &text(&at(from))]);
        assert_eq!(export(&restored), export(&data));
        // Twice is once in the new history too, and new rows find their place.
        import(&restored, "a", &texts(51));
        assert_eq!(export(&restored)["inquiries.jsonl"].lines().count(), 51);
    }
    let said = told(&tried(&at("restored-0"), &["restore", &text(&at("backup"))]));
    assert!(said.contains("is not empty, and nothing in it is overwritten"), "{said}");
}

#[test]
fn a_history_is_restored_up_to_a_record_or_an_instant() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (data, at) = (folder.path().join("data"), |name: &str| folder.path().join(name));
    import(&data, "a", &texts(20));
    let before = export(&data);
    let until = "2026-03-02T08:00:00Z";
    import(&data, "b", &["eit spørsmål til".to_owned()]);
    run(&data, &["backup", &text(&at("backup"))]);
    let seq = before["records.jsonl"].lines().count();
    run(&at("by-seq"), &["restore", &text(&at("backup")), "--until", &seq.to_string()]);
    assert_eq!(export(&at("by-seq")), before);
    run(&at("by-time"), &["restore", &text(&at("backup")), "--until", until]);
    assert!(export(&at("by-time")).values().all(String::is_empty), "all was logged later");
    let output = tried(&at("beyond"), &["restore", &text(&at("backup")), "--until", "100000"]);
    assert!(told(&output).contains("the backup ends at record"), "{}", told(&output));
    let output = tried(&at("none"), &["restore", &text(&at("backup")), "--until", "i går"]);
    assert_eq!(output.status.code(), Some(2));
}

#[track_caller]
fn refused(folder: &Path, what: &str) {
    let (backup, data) = (folder.join("backup"), folder.join("restored"));
    let output = tried(&data, &["restore", &text(&backup)]);
    assert_eq!(output.status.code(), Some(1));
    assert!(told(&output).contains(what), "{}", told(&output));
    assert!(!data.join("journal").exists(), "nothing was restored");
    let output = tried(&data, &["backup", &text(&backup), "--verify"]);
    assert_eq!(output.status.code(), Some(1));
    let said = told(&output) + &String::from_utf8_lossy(&output.stdout);
    assert!(said.contains(what), "{said}");
}

#[test]
fn an_altered_a_missing_and_a_foreign_file_are_named() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (data, backup) = (folder.path().join("data"), folder.path().join("backup"));
    import(&data, "a", &texts(5));
    run(&data, &["backup", &text(&backup)]);
    let segment = backup.join("journal/00000000000000000001.log");
    let bytes = fs::read(&segment).expect("the segment");
    let mut altered = bytes.clone();
    altered[300] ^= 1;
    fs::write(&segment, altered).expect("written");
    refused(folder.path(), "journal/00000000000000000001.log is altered");
    fs::write(&segment, &bytes[..bytes.len() - 1]).expect("written");
    refused(folder.path(), "journal/00000000000000000001.log has");
    fs::remove_file(&segment).expect("removed");
    refused(folder.path(), "journal/00000000000000000001.log is missing");
    fs::write(&segment, &bytes).expect("written");
    fs::write(backup.join("journal/00000000000000000009.log"), &bytes).expect("written");
    refused(folder.path(), "journal/00000000000000000009.log does not belong to the backup");
    fs::remove_file(backup.join("journal/00000000000000000009.log")).expect("removed");
    let manifest = backup.join("backup.json");
    let told = fs::read_to_string(&manifest).expect("the manifest");
    fs::write(&manifest, told.replace("\"last\": ", "\"last\": 9")).expect("written");
    refused(folder.path(), "backup.json cannot be read: its checksum does not match");
    let newer = told.replacen("\"format\": 1", "\"format\": 2, \"other\": true", 1);
    fs::write(&manifest, newer).expect("written");
    refused(folder.path(), "has format 2 (Skranke 0.1.0), and this program reads up to format 1");
    fs::remove_file(&manifest).expect("removed");
    refused(folder.path(), "backup.json is missing");
}

#[test]
fn a_backup_that_was_altered_is_not_copied_to_a_second_place() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (data, at) = (folder.path().join("data"), |name: &str| folder.path().join(name));
    import(&data, "a", &texts(5));
    run(&data, &["backup", &text(&at("backup"))]);
    let segment = at("backup").join("journal/00000000000000000001.log");
    let mut bytes = fs::read(&segment).expect("the segment");
    bytes[300] ^= 1;
    fs::write(&segment, bytes).expect("written");
    let error = skranke::backup::copy_to(&at("backup"), &at("second")).expect_err("it is altered");
    assert!(error.to_string().contains("00000000000000000001.log is not as it was"), "{error}");
    assert_eq!(fs::read_dir(folder.path()).expect("listed").count(), 2, "nothing is left of it");
}

#[test]
fn a_backup_goes_to_a_place_of_its_own() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    import(&data, "a", &texts(5));
    fs::create_dir(folder.path().join("used")).expect("made");
    fs::write(folder.path().join("used/note"), "x").expect("written");
    let refused = |to: &Path, what: &str| {
        let said = told(&tried(&data, &["backup", &text(to)]));
        assert!(said.contains(what), "{said}");
    };
    refused(&folder.path().join("used"), "is not empty, and nothing in it is overwritten");
    refused(&data.join("backup"), "lies within the data folder");
    let said = told(&tried(&folder.path().join("other"), &["backup", &text(&data)]));
    assert!(said.contains("there is no data in"), "{said}");
    fs::create_dir(folder.path().join("empty")).expect("made");
    run(&data, &["backup", &text(&folder.path().join("empty"))]);
}

#[test]
fn scheduled_backups_give_way_and_are_tried_out() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (data, backups) = (folder.path().join("data"), folder.path().join("backups"));
    import(&data, "a", &texts(5));
    let told = |arguments: &[&str]| {
        let output = std::process::Command::new(crate::harness::program::PROGRAM)
            .args(["--data", &text(&data)])
            .args(arguments)
            .env("SKRANKE_BACKUP_FOLDER", &backups)
            .env("SKRANKE_BACKUP_KEEP", "1")
            .output()
            .expect("the program was built");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        said + &String::from_utf8_lossy(&output.stderr)
    };
    assert!(told(&["backup", "--rehearse"]).contains("there is no whole backup in"));
    assert!(told(&["backup"]).contains("read back, all is there"));
    let said = told(&["backup", "--rehearse"]);
    assert!(said.contains("compared byte by byte"), "{said}");
    assert!(!data.join("rehearsal").exists());
    import(&data, "b", &texts(6));
    assert!(told(&["backup", "--rehearse"]).contains("compared byte by byte"), "up to its end");
    let backup = fs::read_dir(&backups).expect("backups").next().expect("one").expect("an entry");
    let settings = fs::read_to_string(backup.path().join("settings.env")).expect("settings");
    assert!(settings.contains(&format!("SKRANKE_BACKUP_FOLDER={}", backups.display())));
}

#[test]
fn a_backup_that_restores_to_something_else_is_told() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (data, at) = (folder.path().join("data"), |name: &str| folder.path().join(name));
    import(&data, "a", &texts(5));
    // Another installation's backup, under a name of the schedule.
    import(&at("other"), "a", &texts(4));
    run(&at("other"), &["backup", &text(&at("backups/skranke-20260302T080000Z"))]);
    let output = std::process::Command::new(crate::harness::program::PROGRAM)
        .args(["--data", &text(&data), "backup", "--rehearse"])
        .env("SKRANKE_BACKUP_FOLDER", at("backups"))
        .output()
        .expect("the program was built");
    assert_eq!(output.status.code(), Some(1));
    assert!(told(&output).contains("does not restore to what is kept"), "{}", told(&output));
    assert!(!data.join("rehearsal").exists());
}

#[test]
fn an_encrypted_backup_is_read_with_its_key_alone() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (data, at) = (folder.path().join("data"), |name: &str| folder.path().join(name));
    import(&data, "a", &texts(30));
    let key = age::x25519::Identity::generate();
    let secret = age::secrecy::ExposeSecret::expose_secret(&key.to_string()).to_owned();
    fs::write(at("key"), format!("# a key\n{secret}\n")).expect("written");
    let other = age::x25519::Identity::generate().to_string();
    let other = age::secrecy::ExposeSecret::expose_secret(&other).to_owned();
    fs::write(at("other"), other).expect("written");
    let backup = text(&at("backup"));
    run(&data, &["backup", &backup, "--recipient", &key.to_public().to_string()]);
    assert!(run(&data, &["backup", &backup, "--verify"]).contains("0 differences"));
    assert_eq!(super::search::found_in(&at("backup"), "ppeltømming"), Vec::<String>::new());
    let refused = |arguments: &[&str], what: &str| {
        let said = told(&tried(&at("restored"), &[&["restore", &backup], arguments].concat()));
        assert!(said.contains(what), "{said}");
    };
    refused(&[], "is encrypted to age1");
    refused(&["--identity", &text(&at("other"))], "could not decrypt");
    refused(&["--identity", &text(&data.join("journal/manifest"))], "holds no secret key");
    run(&at("restored"), &["restore", &backup, "--identity", &text(&at("key"))]);
    assert_eq!(export(&at("restored")), export(&data));
    let output = tried(&data, &["backup", &text(&at("more")), "--recipient", "age1x"]);
    assert_eq!(output.status.code(), Some(2));
}
