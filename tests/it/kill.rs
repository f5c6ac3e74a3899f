//! `kill -9` in the midst of an import: taken up again, every row is there once.

use std::process::{Command, Stdio};
use std::time::Duration;

use crate::program::{PROGRAM, run};

/// So many rounds, unless `SKRANKE_KILL_ROUNDS` says otherwise.
const ROUNDS: u32 = 8;
const ROWS: usize = 4_000;

#[test]
#[expect(clippy::disallowed_methods, reason = "a test's own setting, and a kill at a moment")]
fn an_import_that_is_killed_can_be_taken_up_again() {
    let rounds = std::env::var("SKRANKE_KILL_ROUNDS").ok().and_then(|it| it.parse().ok());
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (data, log) = (folder.path().join("data"), folder.path().join("log.csv"));
    let rows: String = (0..ROWS).map(|n| format!("{n};spørsmål nummer {n} om noko\n")).collect();
    std::fs::write(&log, format!("id;tekst\n{rows}")).expect("written");
    let log = log.to_string_lossy().into_owned();
    for round in 0..rounds.unwrap_or(ROUNDS) {
        let mut child = Command::new(PROGRAM)
            .args(["--data", &data.to_string_lossy(), "import", &log])
            .stdout(Stdio::null())
            .spawn()
            .expect("the program was built");
        std::thread::sleep(Duration::from_millis(u64::from(20 + 17 * (round % 20))));
        child.kill().expect("killed");
        child.wait().expect("ended");
        assert!(run(&data, &["verify"]).contains("0 differences"), "round {round}");
    }
    let said = run(&data, &["import", &log]);
    let numbers: Vec<usize> = said
        .split(|it: char| !it.is_ascii_digit())
        .filter_map(|it| it.parse().ok())
        .take(2)
        .collect();
    assert_eq!(numbers.iter().sum::<usize>(), ROWS, "{said}");
    assert!(run(&data, &["topics"]).starts_with(&format!("{ROWS} questions")));
}
