//! What a newer program wrote is refused with both versions and what to do; nothing is changed.

use std::fs;
use std::path::Path;

use jiff::Timestamp;
use skranke::journal::{Batch, Journal, NewRecord, Options, Stream};
use skranke::record::Kind;
use uuid::Uuid;

use super::{import, text, texts};
use crate::harness::program::{run, told, tried};
use crate::harness::visitor::Service;

/// Every command that opens the data says `what`, and no byte of the records changes.
#[track_caller]
fn refused(data: &Path, what: &str) {
    let bytes = || {
        let entries = fs::read_dir(data.join("journal")).expect("the journal");
        let mut paths: Vec<_> = entries.map(|it| it.expect("an entry").path()).collect();
        paths.sort();
        paths.into_iter().map(|it| fs::read(it).expect("a file")).collect::<Vec<_>>()
    };
    let before = bytes();
    let out = data.with_extension("out");
    for command in [&["report"][..], &["topics"], &["export", &text(&out)]] {
        let output = tried(data, command);
        assert_eq!(output.status.code(), Some(1), "{command:?}");
        assert!(told(&output).contains(what), "{command:?}: {}", told(&output));
        assert!(told(&output).contains("run that version or a later one"), "{}", told(&output));
        assert!(bytes() == before, "{command:?} changed the journal");
    }
    let Err(said) = Service::start_with(data, &[]) else { panic!("it serves") };
    assert!(said.contains(what) && said.contains("run that version or a later one"), "{said}");
    assert!(said.ends_with("exit code 1"), "{said}");
    assert!(bytes() == before, "serving changed the journal");
}

#[test]
fn a_journal_of_a_newer_format_is_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    import(&data, "a", &texts(3));
    let path = data.join("journal/manifest");
    let manifest = fs::read_to_string(&path).expect("the manifest");
    let body = manifest.split_once("\"body\": ").expect("a body").1;
    let body = body.trim_end().strip_suffix('}').expect("an end").trim_end();
    let newer = body.replacen("\"format\": 1", "\"format\": 3,\n    \"other\": true", 1);
    let crc = crc32fast::hash(newer.replace("\n  ", "\n").as_bytes());
    let manifest = format!("{{\n  \"crc32\": \"{crc:08x}\",\n  \"body\": {newer}\n}}\n");
    fs::write(&path, manifest).expect("written");
    refused(&data, "the journal has format 3, and this program reads up to format 2");
    let backup = folder.path().join("backup");
    let said = told(&tried(&data, &["backup", &text(&backup)]));
    assert!(said.contains("format 3"), "{said}");
    assert!(!backup.exists());
}

fn append(data: &Path, kind: u16, kind_version: u16) {
    let journal = Journal::open(&data.join("journal"), Options::new(Stream::Journal));
    let journal = journal.expect("opened");
    let entity = Uuid::from_u128(7);
    let record = NewRecord { kind, kind_version, entity, payload: b"{}".to_vec() };
    let (at, records) = (Timestamp::UNIX_EPOCH, vec![record]);
    let batch = Batch { key: entity, body_hash: 0, at, expect: vec![], records };
    journal.append(batch).expect("appended");
}

#[test]
fn a_record_of_a_newer_form_is_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    import(&data, "a", &texts(3));
    let known = Kind::Inquiry.form();
    append(&data, Kind::Inquiry.number(), known + 1);
    let what = format!(
        "has kind 1 in form {}, and this program reads that kind up to form {known}",
        known + 1
    );
    refused(&data, &what);
}

#[test]
fn a_record_of_a_newer_kind_is_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    import(&data, "a", &texts(3));
    append(&data, 99, 1);
    refused(&data, "has kind 99 in form 1, and this program knows kinds up to");
    // What cannot be read can still be carried to a program that reads it.
    let backup = folder.path().join("backup");
    run(&data, &["backup", &text(&backup)]);
    assert!(run(&data, &["backup", &text(&backup), "--verify"]).contains("0 differences"));
}
