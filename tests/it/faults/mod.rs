//! The service under faults of the machine: nothing acknowledged is lost, and it says so.

mod cuts;
mod damage;
mod folders;
mod full;
mod history;
mod kill;
mod processes;
mod repair;
mod starts;
mod store;

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::harness::visitor::{Answer, Service, Visitor};

/// So many rounds, unless `SKRANKE_FAULT_ROUNDS` says otherwise.
fn rounds(usual: u32) -> u32 {
    told("SKRANKE_FAULT_ROUNDS").unwrap_or(usual)
}

/// So many damages of a kind, unless `SKRANKE_DAMAGE_ROUNDS` says otherwise.
fn damages(usual: u32) -> u32 {
    told("SKRANKE_DAMAGE_ROUNDS").unwrap_or(usual)
}

#[expect(clippy::disallowed_methods, reason = "a test's own setting")]
fn told(name: &str) -> Option<u32> {
    std::env::var(name).ok()?.parse().ok()
}

/// Waits until something is so, `time` at most.
fn wait(time: Duration, mut is_so: impl FnMut() -> bool) -> bool {
    let begun = Instant::now();
    while !is_so() {
        if time < begun.elapsed() {
            return false;
        }
        std::thread::park_timeout(Duration::from_millis(20));
    }
    true
}

/// A time-ordered id that differs for each pair of numbers.
fn key(visitor: u32, n: u64) -> String {
    format!("inq_01970001-{visitor:04x}-7000-8000-{n:012x}")
}

/// Logs a question; `None` when no whole answer came.
fn log(visitor: &mut Visitor, csrf: &str, key: &str, text: &str) -> Option<Answer> {
    let body = serde_json::json!({ "key": key, "text": text });
    visitor.send("/api/v1/inquiries", csrf, &body)
}

/// Logs so many questions; all must be taken.
#[track_caller]
fn log_some(visitor: &mut Visitor, numbers: std::ops::Range<u64>) {
    let csrf = visitor.get("/help").csrf().expect("a page has a form");
    for n in numbers {
        let text = format!("kva kostar leige av hall nummer {n}");
        let answer = log(visitor, &csrf, &key(1, n), &text).expect("an answer");
        assert!(matches!(answer.status, 200 | 201), "{}", answer.body);
    }
}

/// How the parts are.
fn health(service: &Service) -> serde_json::Value {
    Visitor::new(service.address).get("/healthz").json()
}

/// Waits until every part is well.
#[track_caller]
fn wait_until_well(service: &Service) {
    let well = || health(service)["status"] == "ok";
    assert!(wait(Duration::from_secs(60), well), "{}", health(service));
}

/// The export of a data folder, file by file.
fn export(data: &Path) -> Vec<(String, String)> {
    let to = tempfile::tempdir().expect("a temporary folder");
    crate::harness::program::run(data, &["export", &to.path().to_string_lossy()]);
    let mut files: Vec<(String, String)> = std::fs::read_dir(to.path())
        .expect("it was written")
        .map(|it| {
            let it = it.expect("it can be listed");
            let text = std::fs::read_to_string(it.path()).expect("it is text");
            (it.file_name().to_string_lossy().into_owned(), text)
        })
        .collect();
    files.sort();
    files
}

/// Copies a folder with all in it.
pub(crate) fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("made");
    for entry in std::fs::read_dir(from).expect("it can be listed") {
        let entry = entry.expect("it can be listed");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("copied");
        }
    }
}

/// Runs a command of the system; what it said where it failed.
fn system(name: &str, arguments: &[&str]) -> Result<String, String> {
    let ended = Command::new(name).args(arguments).output().map_err(|it| it.to_string())?;
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if ended.status.success() { Ok(said(&ended.stdout)) } else { Err(said(&ended.stderr)) }
}

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    /// A number below `end`.
    fn below(&mut self, end: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end.max(1)
    }
}
