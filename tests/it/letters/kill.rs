//! `kill -9` while letters are written and sent: each reader gets one, at worst the same again.

use jiff::tz::TimeZone;
use skranke::app::{App, NewReader, OpenOptions};
use skranke::clock::Clock;
use skranke::messages::Lang;

use super::*;
use crate::harness::visitor::{Service, Visitor};

/// So many readers, unless `SKRANKE_POST_READERS` says otherwise.
#[expect(clippy::disallowed_methods, reason = "a test's own setting")]
fn readers(usual: usize) -> usize {
    let told = std::env::var("SKRANKE_POST_READERS").ok();
    told.and_then(|it| it.parse().ok()).unwrap_or(usual)
}

#[expect(clippy::disallowed_methods, reason = "a kill comes at a moment")]
fn pause(milliseconds: u64) {
    std::thread::sleep(std::time::Duration::from_millis(milliseconds));
}

fn add_readers(data: &Path, n: usize) {
    let (clock, zone) = (Clock::System, TimeZone::get("Europe/Oslo").expect("known"));
    let app = App::open(OpenOptions { data: data.to_owned(), clock, zone }).expect("opened");
    for nth in 0..n {
        let mail = format!("lesar{nth}@fjordvik.example");
        app.add_reader(NewReader::new(format!("Lesar {nth}"), mail, Lang::Nn), None)
            .expect("added");
    }
    app.close();
}

fn start(data: &Path, server: &PostBox) -> Service {
    let settings = server.settings();
    let settings: Vec<(&str, &str)> = settings.iter().map(|it| (it.0, it.1.as_str())).collect();
    Service::start_with(data, &settings).unwrap_or_else(|told| panic!("{told}"))
}

/// Starts the letters by hand; a run that was cut off is ended by the next start first.
fn begin(admin: &mut Visitor) {
    for _ in 0..100 {
        let answer = admin.submit("/admin/jobs", "/admin/jobs", &[("job", "digest")]);
        if answer.status == 303 {
            return;
        }
        pause(50);
    }
    panic!("the letters do not begin");
}

#[test]
fn every_reader_gets_one_letter_or_the_same_again() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    let n = readers(120);
    add_readers(&data, n);
    let server = taking();
    let mut service = start(&data, &server);
    let mut admin = service.set_up();
    let mut kills = 0;
    // Lives of many lengths, so that kills hit the writing as well as the sending.
    while server.len() < n && kills < 200 {
        begin(&mut admin);
        pause(40 + 37 * kills % 400);
        service.kill();
        kills += 1;
        service = start(&data, &server);
        admin = Visitor::sign_in(service.address, "marit");
    }
    begin(&mut admin);
    for _ in 0..1_200 {
        if n <= server.by_reader().len() && waiting_files(&data) == 0 {
            break;
        }
        pause(100);
    }
    drop(service);
    let by_reader = server.by_reader();
    assert_eq!(by_reader.len(), n, "every reader, after {kills} kills");
    assert!(2 < kills, "{kills} kills prove little");
    let mut again = 0;
    for (address, taken) in &by_reader {
        let first = &taken[0];
        assert!(first.header("To").contains(address), "{address}");
        for other in &taken[1..] {
            assert_eq!(other.mail, first.mail, "{address}: the same, to the last byte");
            again += 1;
        }
    }
    // A kill lies between a letter's acceptance and its record at most once.
    assert!(again <= kills, "{again} repeats by {kills} kills");
    println!("{n} readers, {kills} kills, {again} letters sent again under the same id");
}
