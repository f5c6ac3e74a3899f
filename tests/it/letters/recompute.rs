//! Every figure of the letters of ten weeks, reckoned anew from an export by a program that shares
//! nothing with ours.

use std::path::Path;
use std::process::Command;

use skranke::app::{App, NewReader};
use skranke::demo::Demo;
use skranke::digest::eml::{self, Sender};
use skranke::digest::{Edition, Facts, Period, Reader, ReaderId, Why, compose};
use skranke::messages::Lang;
use skranke::week::Week;

use crate::demo::loaded;
use crate::harness::program::run;

/// The demo's last ten whole weeks.
const FIRST: &str = "2026-W06";
const WEEKS: i64 = 10;
const RECOMPUTE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/letters/recompute.mjs");

/// What the switchboard has counted on some days; of one day it is fewer than were logged.
const CALLS: &str = "dato;kanal;samtalar\n2026-03-02;telefon;61\n2026-03-03;telefon;55\n\
    2026-03-24;telefon;90\n2026-04-07;telefon;1\n";

fn reader(edition: Edition) -> Reader {
    Reader {
        id: ReaderId::parse("red_kari").expect("an id"),
        name: "Kari Nes".into(),
        address: "kari@example.org".into(),
        lang: Lang::En,
        is_first: false,
        edition,
        why: Why::SignedUp,
        settings: String::new(),
        stop: None,
    }
}

fn write(app: &App, period: Period, edition: Edition, folder: &Path) {
    let facts = app.letter_facts(period).expect("read");
    let facts = Facts { base: "http://127.0.0.1:8080".into(), ..facts };
    let reader = reader(edition);
    let from = Sender { name: "Skranke".into(), address: "s@example.org".into(), at: app.now() };
    let mail = eml::message(&compose(&facts, &reader), &reader, &from).expect("a mail");
    let name = format!("{}-{}-{}.eml", edition.name(), period.name(), period.last());
    std::fs::write(folder.join(name), mail).expect("written");
}

/// The months and the desk's letters, which the command line does not write.
fn write_others(app: &App, folder: &Path) {
    std::fs::create_dir_all(folder).expect("made");
    let first: Week = FIRST.parse().expect("a week");
    for week in (0..WEEKS).map(|n| first.plus(n)) {
        write(app, Period::Week(week), Edition::Desk, folder);
        for edition in Edition::ALL.into_iter().filter(|_| week.is_last_of_month()) {
            write(app, Period::Month(week), edition, folder);
        }
    }
}

fn recompute(export: &Path, letters: &Path) -> (bool, String) {
    let program = Command::new("node").arg(RECOMPUTE).args([export, letters]).output();
    let output = program.expect("node is installed");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let failed = String::from_utf8_lossy(&output.stderr);
    (output.status.success(), format!("{said}{failed}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_figure_of_ten_weeks_is_reckoned_anew_from_an_export() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let [data, letters, export] = ["data", "letters", "export"].map(|it| folder.path().join(it));
    let Demo { app, .. } = loaded(&data).await;
    let checked = tokio::task::spawn_blocking(move || {
        let (name, mail) = ("Kari Nes".to_owned(), "kari@example.org".to_owned());
        app.add_reader(NewReader::new(name, mail, Lang::En), None).expect("added");
        app.import_calls(CALLS, None).expect("taken");
        app.settle().expect("folded");
        write_others(&app, &letters);
        app.close();
        drop(app);
        let first: Week = FIRST.parse().expect("a week");
        let outbox = letters.to_string_lossy().into_owned();
        for week in (0..WEEKS).map(|n| first.plus(n).to_string()) {
            let said = run(&data, &["digest", "--week", &week, "--outbox", &outbox]);
            assert!(said.contains(": 1 written, 2 written before"), "{said}");
        }
        run(&data, &["export", &export.to_string_lossy()]);
        let (agrees, said) = recompute(&export, &letters);
        println!("{said}");
        assert!(agrees, "{said}");
        assert!(said.contains("24 letters"), "ten weeks twice, and two months twice: {said}");
        check_sees(&export, &letters);
    });
    checked.await.expect("checked");
}

/// One inquiry more in the export is seen: the program does not agree with whatever it reads.
fn check_sees(export: &Path, letters: &Path) {
    let file = export.join("inquiries.jsonl");
    let lines = std::fs::read_to_string(&file).expect("the export");
    let line = lines.lines().find(|it| it.contains("\"week\":\"2026-W12\"")).expect("one");
    std::fs::write(&file, format!("{lines}{line}\n")).expect("written");
    let (agrees, said) = recompute(export, letters);
    assert!(!agrees && said.contains("2026-W12"), "{said}");
}
