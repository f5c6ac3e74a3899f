//! The process ends at every named place of a backup, a restore and a rewrite: what was there is
//! there still, or the new is whole.

use std::path::Path;

use super::{cut_off, export, import, rounds, text, texts};
use crate::harness::program::{run, told, tried};

#[test]
fn a_backup_that_is_cut_off_is_none_and_the_next_is_whole() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (data, at) = (folder.path().join("data"), |name: &str| folder.path().join(name));
    import(&data, "a", &texts(40));
    let before = export(&data);
    let places = ["backup-file", "backup-file:2", "backup-before-manifest", "backup-before-rename"];
    for (n, place) in places.iter().cycle().take(places.len() * rounds(1) as usize).enumerate() {
        let backup = at(&format!("backup-{n}"));
        let output = cut_off(&data, &["backup", &text(&backup)], place);
        assert_eq!(output.status.code(), None, "{place} is reached: {}", told(&output));
        assert!(!backup.exists(), "{place} leaves nothing that looks whole");
        run(&data, &["backup", &text(&backup)]);
        run(&at(&format!("restored-{n}")), &["restore", &text(&backup)]);
        assert_eq!(export(&at(&format!("restored-{n}"))), before, "{place}");
    }
    let output = cut_off(&data, &["backup", &text(&at("renamed"))], "backup-renamed");
    assert_eq!(output.status.code(), None);
    assert!(run(&data, &["backup", &text(&at("renamed")), "--verify"]).contains("0 differences"));
}

#[test]
fn a_restore_that_is_cut_off_is_no_data_folder_and_the_next_is_whole() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (data, at) = (folder.path().join("data"), |name: &str| folder.path().join(name));
    import(&data, "a", &texts(40));
    let before = export(&data);
    let backup = text(&at("backup"));
    run(&data, &["backup", &backup]);
    let places = [
        "restore-file",
        "rewrite-segment",
        "rewrite-before-marker",
        "rewrite-marked",
        "rewrite-renamed",
        "rewrite-before-manifest",
        "rewrite-before-end",
        "restore-moved",
        "restore-moved:3",
        "restore-moved:4",
        "restore-before-end",
    ];
    for (n, place) in places.iter().cycle().take(places.len() * rounds(1) as usize).enumerate() {
        let restored = at(&format!("restored-{n}"));
        // Cut within the history, so that segments are written anew.
        let arguments = ["restore", &backup, "--until", "39"];
        let output = cut_off(&restored, &arguments, place);
        assert_eq!(output.status.code(), None, "{place} is reached: {}", told(&output));
        let said = told(&tried(&restored, &["report"]));
        assert!(said.contains("a restore into"), "{place}: {said}");
        assert!(said.contains("was cut short"), "{place}: {said}");
        run(&restored, &["restore", &backup]);
        assert_eq!(export(&restored), before, "{place}");
    }
}

fn words(data: &Path) -> String {
    export(data)["inquiries.jsonl"].clone()
}

#[test]
fn an_erasure_that_is_cut_off_is_ended_by_the_next_opening() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = |name: &str| folder.path().join(name);
    import(&at("data"), "a", &texts(40));
    let id = words(&at("data")).lines().nth(7).map(super::erase::id_of).expect("a row");
    run(&at("data"), &["backup", &text(&at("backup"))]);
    let places = [
        "rewrite-segment",
        "rewrite-before-marker",
        "rewrite-marked",
        "rewrite-renamed",
        "rewrite-before-manifest",
        "rewrite-before-end",
        "erase-before-views",
        "erase-before-end",
    ];
    let expected = at("expected");
    run(&expected, &["restore", &text(&at("backup"))]);
    run(&expected, &["erase", &id]);
    let expected = words(&expected);
    assert!(!expected.contains("nummer 7 "), "{expected}");
    for (n, place) in places.iter().cycle().take(places.len() * rounds(1) as usize).enumerate() {
        let data = at(&format!("data-{n}"));
        run(&data, &["restore", &text(&at("backup"))]);
        let output = cut_off(&data, &["erase", &id], place);
        assert_eq!(output.status.code(), None, "{place} is reached: {}", told(&output));
        // Whatever opens the data next.
        run(&data, &["report"]);
        assert_eq!(words(&data), expected, "{place}");
        assert!(run(&data, &["verify"]).contains("0 differences"), "{place}");
        assert!(!data.join("wishes.jsonl").exists());
    }
}
