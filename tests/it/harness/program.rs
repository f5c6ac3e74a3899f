//! Runs the program and reads what it says.

use std::path::Path;
use std::process::{Command, Output};

/// The program that is tested.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_skranke");

/// Runs the program on a data folder and expects it to do its work.
#[track_caller]
pub(crate) fn run(data: &Path, arguments: &[&str]) -> String {
    let output = tried(data, arguments);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{arguments:?}: {said}{}", told(&output));
    said
}

/// Runs the program on a data folder, whatever comes of it.
pub(crate) fn tried(data: &Path, arguments: &[&str]) -> Output {
    Command::new(PROGRAM)
        .arg("--data")
        .arg(data)
        .args(arguments)
        .output()
        .expect("the program was built")
}

/// What a run said on standard error.
pub(crate) fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
