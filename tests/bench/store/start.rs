//! How soon a service on a large log takes questions, has its screens, and ends when it is told to.

use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::harness::program::run as program;
use crate::harness::visitor::{Service, Visitor};
use crate::table::Table;
use crate::town::{PATIENCE, SUBJECTS, WANTS, wait_for};

/// One file of an import may be so long.
const ROWS_A_FILE: u128 = 200_000;

pub(crate) fn run(inquiries: u128, folder: &Path, table: &mut Table) {
    let data = folder.join("data");
    let begun = Instant::now();
    import(inquiries, folder, &data);
    table.note(&format!("import {inquiries} inquiries"), told(begun.elapsed()));
    // The first start has an administrator made, and the index.
    let mut service = Service::start(&data);
    let begun = Instant::now();
    wait_for(&service, |told, _| told["parts"]["view"]["status"] == "ok");
    let mut visitor = service.set_up();
    wait_for(&service, |_, status| status == "ok");
    table.note("the first start: everything is made after", told(begun.elapsed()));
    table.note("end when at rest", told(end(&mut service)));
    for round in 1..=3 {
        let begun = Instant::now();
        let mut service = Service::start(&data);
        visitor.address = service.address;
        save(&mut visitor, round);
        table.note("start to the first save", told(begun.elapsed()));
        if round == 1 {
            table.note("end while all is read in", told(end(&mut service)));
            continue;
        }
        wait_for(&service, |told, _| told["parts"]["view"]["status"] == "ok");
        table.note("start to the screens", told(begun.elapsed()));
        wait_for(&service, |_, status| status == "ok");
        table.note("start to everything", told(begun.elapsed()));
        table.note("end when at rest", told(end(&mut service)));
    }
    let begun = Instant::now();
    program(&data, &["reindex"]);
    table.note("make the view anew", told(begun.elapsed()));
    let bytes = bytes_below(&data) as f64 / inquiries as f64;
    table.note("disk bytes per inquiry", format!("{bytes:.0} with view and index"));
}

fn import(inquiries: u128, folder: &Path, data: &Path) {
    for first in (0..inquiries).step_by(ROWS_A_FILE as usize) {
        let file = folder.join(format!("rows-{first}.jsonl"));
        let mut rows = String::new();
        for n in first..inquiries.min(first + ROWS_A_FILE) {
            let (want, subject) = (WANTS[(n % 6) as usize], SUBJECTS[(n / 7 % 12) as usize]);
            let (week, day, minute) = (n % 4_999, 1 + n % 28, n % 60);
            let text = format!("{want} {subject} på plass {} i veke {week}", n / 13 % 977);
            let asked = format!("2026-03-{day:02}T10:{minute:02}:00Z");
            writeln!(rows, "{{\"text\":\"{text}\",\"asked\":\"{asked}\"}}").unwrap();
        }
        std::fs::write(&file, rows).unwrap();
        program(data, &["import", &file.to_string_lossy()]);
    }
}

/// Logs a question; it must be taken.
fn save(visitor: &mut Visitor, n: u32) {
    let csrf = visitor.get("/help").csrf().expect("a form");
    let key = format!("inq_01970001-0001-7000-8000-{n:012x}");
    let body = serde_json::json!({ "key": key, "text": "kvar er biblioteket" });
    let answer = visitor.send("/api/v1/inquiries", &csrf, &body).expect("an answer");
    assert_eq!(answer.status, 201, "{}", answer.body);
}

fn end(service: &mut Service) -> Duration {
    let begun = Instant::now();
    service.signal(Signal::TERM);
    assert_eq!(service.ended_within(PATIENCE), Some(0));
    begun.elapsed()
}

fn bytes_below(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).unwrap().map(|it| it.unwrap());
    entries
        .map(|it| match it.metadata().unwrap() {
            about if about.is_dir() => bytes_below(&it.path()),
            about => about.len(),
        })
        .sum()
}

fn told(time: Duration) -> String {
    format!("{:.2} s", time.as_secs_f64())
}
