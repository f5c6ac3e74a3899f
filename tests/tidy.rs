//! The repository tests itself: what a machine can check does not rot.

use std::path::{Path, PathBuf};

/// A file is at most so long before its tests.
const LINES_MAX: usize = 400;
/// A line is at most so long.
const LINE_CHARS_MAX: usize = 100;

/// A word and the only places that may use it.
const BELONGS: [(&str, &[&str]); 10] = [
    ("sled::", &["src/view/"]),
    ("argon2::", &["src/people/"]),
    ("calamine::", &["src/inquiry/import/"]),
    ("scraper::", &["src/page/", "src/http/pages/tests.rs"]),
    ("clap::", &["src/cli/"]),
    ("axum::", &["src/http/", "src/demo/", "src/cli/demo.rs"]),
    ("hyper::", &["src/http/edge/"]),
    ("askama::", &["src/http/", "src/digest/", "src/report/"]),
    ("reqwest::", &["src/net/"]),
    ("lettre::", &["src/digest/"]),
];

/// The stages in the order of the flow: none uses a later one.
const STAGES: [&str; 7] = ["inquiry", "page", "lookup", "topic", "gap", "review", "digest"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file of the product with its text, by its path from the root.
fn sources() -> Vec<(String, String)> {
    let mut files = vec![];
    for folder in ["src", "index/src", "index/examples", "tests"] {
        collect(&root().join(folder), &mut files);
    }
    assert!(50 < files.len(), "the sources are found");
    files
}

fn collect(folder: &Path, into: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).expect("a folder of the repository") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, into);
        } else if path.extension().is_some_and(|it| it == "rs") {
            let name = path.strip_prefix(root()).expect("it lies under the root");
            let text = std::fs::read_to_string(&path).expect("a source is text");
            into.push((name.to_string_lossy().replace('\\', "/"), text));
        }
    }
}

/// The part of a source before its tests.
fn product(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap_or(text)
}

#[track_caller]
fn none(faults: Vec<String>) {
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn every_file_begins_by_saying_what_it_is_for() {
    let silent = sources().into_iter().filter(|it| !it.1.starts_with("//! "));
    none(silent.map(|it| format!("{}: begin with a `//!` sentence", it.0)).collect());
}

#[test]
fn files_and_lines_are_short() {
    let mut faults = vec![];
    for (name, text) in sources() {
        let lines = product(&text).lines().count();
        if LINES_MAX < lines && !name.ends_with("tests.rs") {
            faults.push(format!("{name}: {lines} lines before the tests, at most {LINES_MAX}"));
        }
        for (at, line) in text.lines().enumerate() {
            if LINE_CHARS_MAX < line.chars().count() {
                faults.push(format!("{name}:{}: longer than {LINE_CHARS_MAX}", at + 1));
            }
        }
    }
    none(faults);
}

#[test]
fn every_library_stays_in_its_room() {
    let mut faults = vec![];
    for (name, text) in sources().iter().filter(|it| it.0.starts_with("src/")) {
        for (word, rooms) in BELONGS {
            if text.contains(word) && !rooms.iter().any(|room| name.starts_with(room)) {
                faults.push(format!("{name}: uses {word}, which belongs in {rooms:?}"));
            }
        }
    }
    none(faults);
}

#[test]
fn no_stage_looks_ahead() {
    let mut faults = vec![];
    for (name, text) in sources() {
        let Some(at) = STAGES.iter().position(|it| name.starts_with(&format!("src/{it}/"))) else {
            continue;
        };
        let later = STAGES[at + 1..].iter().chain(["app", "cli", "http", "report"].iter());
        for stage in later.filter(|it| product(&text).contains(&format!("crate::{it}::"))) {
            faults.push(format!("{name}: looks ahead to crate::{stage}"));
        }
    }
    none(faults);
}

#[test]
fn paths_in_documents_exist() {
    let mut faults = vec![];
    for name in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"] {
        let text = std::fs::read_to_string(root().join(name)).expect("a document");
        for word in text.split('`').skip(1).step_by(2) {
            let is_path = word.starts_with("src/")
                || word.starts_with("index/")
                || word.starts_with("tests/")
                || word.ends_with(".md");
            if is_path && !root().join(word).exists() {
                faults.push(format!("{name}: {word} does not exist"));
            }
        }
    }
    none(faults);
}
