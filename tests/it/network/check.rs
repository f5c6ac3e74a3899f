//! `skranke check`: every fault of what is set up at once, each with what to do.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use skranke::app::{App, OpenOptions};
use skranke::clock::Clock;

use crate::harness::program::PROGRAM;
use crate::harness::visitor::Service;

fn check(data: &Path, settings: &[(&str, &str)]) -> (Option<i32>, String) {
    let run = Command::new(PROGRAM)
        .arg("--data")
        .arg(data)
        .arg("check")
        .envs(settings.iter().copied())
        .output();
    let Output { status, stdout, .. } = run.expect("the program was built");
    (status.code(), String::from_utf8_lossy(&stdout).into_owned())
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("set");
}

#[test]
fn what_is_well_is_told_so_also_beside_the_service() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    assert_eq!(check(&data, &[]).0, Some(0));
    assert!(!data.exists(), "nothing is made");
    let mut service = Service::start(&data);
    service.set_up();
    let (code, told) = check(&data, &[("SKRANKE_SMTP_HOTS", "mail.example.org")]);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.ends_with("the settings can be used\n"), "{told}");
    assert!(told.contains("note: no mail server is set"), "{told}");
    assert!(told.contains("note: SKRANKE_SMTP_HOTS is set, and nothing reads it"), "{told}");
}

#[test]
fn all_faults_are_told_at_once_and_each_says_what_to_do() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (data, at) = (folder.path().join("data"), |name: &str| folder.path().join(name));
    fs::create_dir(&data).expect("made");
    set_mode(&data, 0o755);
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/tls");
    fs::copy(fixtures.join("cert.pem"), at("cert.pem")).expect("copied");
    fs::copy(fixtures.join("mail.key"), at("key.pem")).expect("copied");
    set_mode(&at("key.pem"), 0o600);
    fs::write(at("password"), "hemmeleg\n").expect("written");
    set_mode(&at("password"), 0o644);
    fs::write(at("file"), "").expect("written");
    let text = |name: &str| at(name).to_string_lossy().into_owned();
    let (cert, key, password, file) =
        (text("cert.pem"), text("key.pem"), text("password"), text("file"));
    let backups = data.join("backups").to_string_lossy().into_owned();
    let (code, told) = check(
        &data,
        &[
            ("SKRANKE_ZONE", "Oslo"),
            ("SKRANKE_TRUSTED_PROXIES", "proxy,10.0.0.0/99"),
            ("SKRANKE_TLS_CERT", &cert),
            ("SKRANKE_TLS_KEY", &key),
            ("SKRANKE_BASE_URL", "http://skranke.example.org"),
            ("SKRANKE_SECURE_COOKIES", "true"),
            ("SKRANKE_SMTP_HOST", "mail.example.org"),
            ("SKRANKE_SMTP_USER", "skranke"),
            ("SKRANKE_SMTP_PASSWORD_FILE", &password),
            ("SKRANKE_MAIL_OUTBOX", &file),
            ("SKRANKE_BACKUP_FOLDER", &backups),
            ("SKRANKE_DISK_SAVE_MB", "1000000"),
        ],
    );
    assert_eq!(code, Some(1), "{told}");
    for fault in [
        "SKRANKE_ZONE: not a time zone",
        "SKRANKE_TRUSTED_PROXIES: not a range",
        "10.0.0.0/99",
        "SKRANKE_SMTP_PASSWORD: ",
        "is open to everybody (mode 644); chmod 600 closes it",
        "is not the key of",
        "begin SKRANKE_BASE_URL with https",
        "nobody can sign in",
        "can look into",
        "is no folder",
        "backups lie in the data folder",
        "new saves are refused",
        "which nobody can answer",
    ] {
        assert!(told.contains(fault), "{fault}: {told}");
    }
    assert!(!told.contains("hemmeleg"), "{told}");
    for line in told.lines().filter(|it| it.starts_with("fault: ")) {
        let next = told.split(line).nth(1).and_then(|it| it.lines().nth(1));
        assert!(next.is_some_and(|it| it.starts_with("    ")), "{line} says what to do");
    }
}

#[test]
fn a_clock_behind_the_records_and_plain_http_are_told() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    let clock = Clock::fixed("2099-01-01T12:00:00Z".parse().expect("a time"));
    let zone = jiff::tz::TimeZone::UTC;
    let app = App::open(OpenOptions { data: data.clone(), clock, zone }).expect("opened");
    app.set_settings(app.state.settings(), skranke::app::Decider { by: None, version: None })
        .expect("kept");
    app.close();
    drop(app);
    let base = [("SKRANKE_BASE_URL", "http://skranke.fjordvik.example")];
    let (code, told) = check(&data, &base);
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("set the machine's clock"), "{told}");
    let plain = "note: http://skranke.fjordvik.example/ is plain http: browsers hold back";
    assert!(told.contains(plain) && told.contains("set SKRANKE_TLS_CERT"), "{told}");
}

#[test]
fn plain_http_from_elsewhere_is_told_at_the_start_and_on_screen() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let base = [("SKRANKE_BASE_URL", "http://skranke.fjordvik.example")];
    let mut service = Service::start_with(&folder.path().join("data"), &base).expect("it starts");
    let mut admin = service.set_up();
    assert!(admin.get("/").body.contains("Skranke blir opna over vanleg http."));
    let mut visitor = crate::harness::visitor::Visitor::new(service.address);
    let page = visitor.get("/sign-in").body;
    assert!(page.contains("Denne adressa er ikkje verna med https."), "{page}");
    assert!(!page.contains("Be den som driftar"), "one line, for whoever signs in");
    let mut editor = crate::harness::visitor::add(&mut admin, "editor");
    assert!(!editor.get("/").body.contains("vanleg http"));
}
