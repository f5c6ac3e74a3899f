//! Folders that cannot be used: a clear message with path and cause, exit code 1, nothing wiped.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use super::{copy, export, log_some};
use crate::harness::program::PROGRAM;
use crate::harness::visitor::Service;

/// An account that owns nothing.
const NOBODY: u32 = 65_534;

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Starts the service as somebody who is not root; what it says and its exit code.
fn refused(data: &Path) -> (String, Option<i32>) {
    let program = data.parent().expect("it lies in a folder").join("skranke");
    if !program.exists() {
        std::fs::copy(PROGRAM, &program).expect("copied");
    }
    let mut command = Command::new(&program);
    command.args(["--data", &data.to_string_lossy(), "serve", "--listen", "127.0.0.1:0"]);
    if is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it starts");
    let ended = child.wait_with_output().expect("it ends");
    (String::from_utf8_lossy(&ended.stderr).into_owned(), ended.status.code())
}

/// A folder with some questions in it, and what it exports.
fn filled(data: &Path) -> Vec<(String, String)> {
    let mut service = Service::start(data);
    let mut visitor = service.set_up();
    log_some(&mut visitor, 0..5);
    service.kill();
    export(data)
}

fn set_mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, Permissions::from_mode(mode)).expect("set");
}

#[track_caller]
fn check_refused(data: &Path, names: &str, cause: &str) {
    let (told, code) = refused(data);
    assert!(told.contains(names) && told.contains(cause), "{told}");
    assert_eq!(code, Some(1), "{told}");
}

#[test]
fn a_folder_that_cannot_be_used_is_named_with_the_cause_and_left_alone() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    set_mode(folder.path(), 0o755);
    let data = folder.path().join("data");
    let before = filled(&data);
    let journal = data.join("journal");
    // Another owner, who lets nobody write: read-only for everybody else.
    set_mode(&data, 0o755);
    set_mode(&journal, 0o755);
    check_refused(&data, "journal", "Permission denied");
    // Not even to be looked into.
    set_mode(&data, 0o700);
    check_refused(&data, "data", "Permission denied");
    set_mode(&data, 0o755);
    assert_eq!(export(&data), before, "nothing was touched");
    // A folder that would have to be made where nobody may.
    let above = folder.path().join("closed");
    std::fs::create_dir(&above).expect("made");
    set_mode(&above, 0o555);
    check_refused(&above.join("data"), "closed", "Permission denied");
}

#[test]
fn a_view_that_may_not_be_read_is_no_damage_and_logging_goes_on() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    filled(&data);
    // sled keeps its files in this folder: a file in its place cannot be opened as one.
    let view = data.join("view");
    let aside = folder.path().join("kept");
    std::fs::rename(&view, &aside).expect("moved");
    std::fs::write(&view, "not a folder").expect("written");
    let service = Service::start(&data);
    let mut visitor = crate::harness::visitor::Visitor::sign_in(service.address, "marit");
    log_some(&mut visitor, 5..7);
    assert_eq!(super::health(&service)["parts"]["view"]["status"], "degraded");
    assert!(!damaged_copies(&data), "a refusal by the system is no damage");
    // Once it is cured, the view follows by itself.
    std::fs::remove_file(&view).expect("removed");
    std::fs::rename(&aside, &view).expect("moved");
    super::wait_until_well(&service);
    drop(service);
    assert!(crate::harness::program::run(&data, &["verify"]).contains("0 differences"));
}

fn damaged_copies(data: &Path) -> bool {
    let names = std::fs::read_dir(data).expect("it can be listed");
    names.flatten().any(|it| it.file_name().to_string_lossy().contains("damaged"))
}

#[test]
fn a_folder_in_place_of_a_journal_file_is_named() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    let before = filled(&data);
    let copied = folder.path().join("copied");
    copy(&data, &copied);
    let journal = copied.join("journal");
    let names: Vec<_> = std::fs::read_dir(&journal).expect("listed").flatten().collect();
    let segment = names.iter().find(|it| it.file_name().to_string_lossy().ends_with(".log"));
    let segment = segment.expect("there is a segment").path();
    for victim in [segment, journal.join("manifest")] {
        let kept = victim.with_extension("kept");
        std::fs::rename(&victim, &kept).expect("moved");
        std::fs::create_dir(&victim).expect("made");
        let told = Service::start_with(&copied, &[]).err().expect("it refuses");
        let name = victim.file_name().expect("a name").to_string_lossy().into_owned();
        assert!(told.contains(&name) && told.contains("exit code 1"), "{told}");
        std::fs::remove_dir(&victim).expect("it is empty still");
        std::fs::rename(&kept, &victim).expect("moved");
    }
    assert_eq!(export(&copied), before);
}
