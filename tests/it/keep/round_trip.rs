//! What `export` writes, `import` brings back, byte by byte.

use std::fs;
use std::path::{Path, PathBuf};

use super::{export, import, text, texts};
use crate::harness::program::{run, told, tried};

/// The data folder that an earlier version wrote; it holds every kind of record.
fn golden(data: &Path) {
    let from = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/journal-1");
    for stream in ["journal", "pages"] {
        fs::create_dir_all(data.join(stream)).expect("made");
        for entry in fs::read_dir(from.join(stream)).expect("the fixture") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name");
            fs::copy(&path, data.join(stream).join(name)).expect("copied");
        }
    }
}

#[test]
fn an_export_of_every_kind_comes_back_byte_by_byte() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (data, out) = (folder.path().join("data"), folder.path().join("out"));
    golden(&data);
    let id = export(&data)["inquiries.jsonl"].lines().next().map(super::erase::id_of);
    run(&data, &["erase", &id.expect("a row")]);
    run(&data, &["export", &text(&out)]);
    let back = folder.path().join("back");
    let said = run(&back, &["import", &text(&out)]);
    assert!(said.contains("records brought back"), "{said}");
    let (found, expected) = (export(&back), export(&data));
    assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
    for (name, lines) in &expected {
        assert_eq!(found[name], *lines, "{name}");
    }
    assert!(run(&back, &["verify"]).contains("0 differences"));
    let hashes = fs::read_to_string(out.join("records.jsonl")).expect("the records");
    assert!(hashes.contains("\"hash\":\"\"") && !hashes.contains("argon2"), "{hashes}");
    // Both go on alike: the same texts find the same topics, the same pages are known.
    for data in [&data, &back] {
        import(data, "more", &texts(3));
        run(data, &["topics"]);
    }
    let report = |data: &Path| run(data, &["report", "--format", "csv"]);
    assert_eq!(report(&back), report(&data));
}

#[test]
fn an_export_that_is_not_whole_is_not_brought_back() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (data, out) = (folder.path().join("data"), folder.path().join("out"));
    import(&data, "a", &texts(5));
    run(&data, &["export", &text(&out)]);
    let records = out.join("records.jsonl");
    let whole = fs::read_to_string(&records).expect("the records");
    let back = folder.path().join("back");
    let refused = |changed: String, what: &str| {
        fs::write(&records, changed).expect("written");
        let said = told(&tried(&back, &["import", &text(&out)]));
        assert!(said.contains(what), "{said}");
        assert!(!back.join("journal").exists() && !back.join("restoring").exists());
    };
    let without = |at: usize| -> String {
        let lines = whole.lines().enumerate().filter(|it| it.0 != at);
        lines.map(|it| format!("{}\n", it.1)).collect()
    };
    refused(without(2), "record 3 cannot be brought back: record 4 stands in its place");
    refused(whole.replacen("\"form\":1", "\"form\":9", 1), "in form 9, and this program reads");
    refused(whole.replacen("{\"seq\":2", "{\"sq\":2", 1), "records.jsonl, line 2: ");
    fs::write(&records, &whole).expect("written");
    run(&back, &["import", &text(&out)]);
    let said = told(&tried(&back, &["import", &text(&out)]));
    assert!(said.contains("is not empty, and nothing in it is overwritten"), "{said}");
    fs::remove_file(&records).expect("removed");
    let other = folder.path().join("other");
    let said = told(&tried(&other, &["import", &text(&out)]));
    assert!(said.contains("records.jsonl"), "{said}");
}
