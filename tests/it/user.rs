//! Accounts from the command line.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::harness::program::{PROGRAM, run, told, tried};
use crate::harness::visitor::{PASSPHRASE, Service, Visitor};

/// Runs the program with something on standard input.
pub(crate) fn typed(data: &Path, arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(PROGRAM)
        .arg("--data")
        .arg(data)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program was built");
    let mut pipe = child.stdin.take().expect("it is piped");
    pipe.write_all(input.as_bytes()).expect("written");
    drop(pipe);
    child.wait_with_output().expect("it ends")
}

#[test]
fn an_account_made_on_the_command_line_can_sign_in_until_it_is_closed() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    let add = ["user", "add", "Kari", "--name", "Kari Vik", "--role", "admin"];
    let added = typed(&data, &add, &format!("{PASSPHRASE}\n"));
    assert!(added.status.success(), "{}", told(&added));
    let again = typed(&data, &add, PASSPHRASE);
    assert!(told(&again).contains("somebody signs in with that name already"), "{}", told(&again));
    let short = typed(&data, &["user", "passphrase", "kari"], "kort");
    assert_eq!(short.status.code(), Some(1));
    assert!(run(&data, &["user", "list"]).contains("kari                 admin      Kari Vik"));
    {
        let service = Service::start(&data);
        Visitor::sign_in(service.address, "kari");
    }
    let last = tried(&data, &["user", "disable", "kari"]);
    assert!(told(&last).contains("there must be an administrator"), "{}", told(&last));
}
