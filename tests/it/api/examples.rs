//! The examples in `deploy/examples/`, run as whoever copies them would.

use std::path::Path;
use std::process::{Command, Output};

use super::{clock, town};
use crate::machine::token;

fn run(name: &str, arguments: &[&str], (address, token): (&str, &Path)) -> Output {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/examples").join(name);
    let mut command = Command::new(path);
    command.args(arguments).env("SKRANKE", address).env("TOKEN_FILE", token);
    command.output().expect("it runs: sh, curl and python3 are there")
}

#[track_caller]
fn said(output: &Output) -> String {
    let (out, err) = (&output.stdout, String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{err}");
    String::from_utf8_lossy(out).into_owned()
}

#[test]
fn a_question_is_logged_by_curl_and_gaps_are_worked_on_by_python() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, mut admin, number) = town(&folder.path().join("data"), &clock());
    let address = format!("http://{}", town.address);
    let kept = folder.path().join("token");
    let scopes = [("name", "Døme"), ("scope", "log"), ("scope", "read"), ("scope", "work")];
    std::fs::write(&kept, token(&mut admin, &scopes) + "\n").expect("written");
    let with = (address.as_str(), kept.as_path());
    let odd = "kva er \"søppel\"\nog \\ kvifor";
    let logged = said(&run("log.sh", &["call-1", odd], with));
    assert!(logged.contains("\"again\":false"), "{logged}");
    let again = said(&run("log.sh", &["call-1", odd], with));
    assert!(again.contains("\"again\":true"), "{again}");
    let listed = said(&run("gaps.py", &[], with));
    assert!(listed.contains(&number) && listed.contains("new"), "{listed}");
    let commented = said(&run("gaps.py", &["comment", &number, "ser på det"], with));
    assert_eq!(commented.trim(), format!("{number} is new"));
    let gone = said(&run("gaps.py", &["dismiss", &number, "er svart på"], with));
    assert_eq!(gone.trim(), format!("{number} is dismissed"));
    let wrong = run("gaps.py", &["dismiss", &number, " "], with);
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("reason: "), "{wrong:?}");
    drop(town);
}
