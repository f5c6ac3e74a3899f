//! Backups beside a running service, restores, and what is erased: in real processes.

mod backup;
mod cut_off;
mod erase;
mod privacy;
mod round_trip;
mod screen;
mod search;
mod upgrade;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::harness::program::{PROGRAM, run};

/// Runs the program so that it ends at a named place.
fn cut_off(data: &Path, arguments: &[&str], place: &str) -> Output {
    Command::new(PROGRAM)
        .arg("--data")
        .arg(data)
        .args(arguments)
        .env("SKRANKE_FAILPOINT", place)
        .output()
        .expect("the program was built")
}

/// The export of a data folder by file name.
fn export(data: &Path) -> BTreeMap<String, String> {
    let to = data.with_extension("export");
    run(data, &["export", &to.to_string_lossy()]);
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(&to).expect("the export") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        files.insert(name, std::fs::read_to_string(&path).expect("a file"));
    }
    std::fs::remove_dir_all(&to).expect("removed");
    files
}

/// Imports rows as a file of JSON lines with a text each.
fn import(data: &Path, name: &str, texts: &[String]) {
    let path = data.with_extension(name);
    let line = |(n, text): (usize, &String)| {
        format!("{}\n", serde_json::json!({ "id": format!("{name}-{n}"), "text": text }))
    };
    let lines: String = texts.iter().enumerate().map(line).collect();
    let path = PathBuf::from(format!("{}.jsonl", path.display()));
    std::fs::write(&path, lines).expect("written");
    run(data, &["import", &path.to_string_lossy(), "--source", name]);
    std::fs::remove_file(&path).expect("removed");
}

fn texts(n: usize) -> Vec<String> {
    (0..n).map(|n| format!("spørsmål nummer {n} om søppeltømming i grenda")).collect()
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// So many rounds, unless `SKRANKE_FAULT_ROUNDS` says otherwise.
#[expect(clippy::disallowed_methods, reason = "a test's own setting")]
fn rounds(usual: u32) -> u32 {
    let told = std::env::var("SKRANKE_FAULT_ROUNDS").ok();
    told.and_then(|it| it.parse().ok()).unwrap_or(usual)
}
