//! `kill -9` in the midst of saves and of an import: every question is there once.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::harness::program::{PROGRAM, run};
use crate::harness::visitor::{Service, Visitor};

const ROWS: usize = 4_000;

/// So many rounds, unless `SKRANKE_KILL_ROUNDS` says otherwise.
#[expect(clippy::disallowed_methods, reason = "a test's own setting")]
fn rounds(usual: u32) -> u32 {
    let told = std::env::var("SKRANKE_KILL_ROUNDS").ok();
    told.and_then(|it| it.parse().ok()).unwrap_or(usual)
}

#[expect(clippy::disallowed_methods, reason = "a kill comes at a moment")]
fn pause(milliseconds: u64) {
    std::thread::sleep(Duration::from_millis(milliseconds));
}

#[test]
fn an_import_that_is_killed_can_be_taken_up_again() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (data, log) = (folder.path().join("data"), folder.path().join("log.csv"));
    let rows: String = (0..ROWS).map(|n| format!("{n};spørsmål nummer {n} om noko\n")).collect();
    std::fs::write(&log, format!("id;tekst\n{rows}")).expect("written");
    let log = log.to_string_lossy().into_owned();
    for round in 0..rounds(8) {
        let mut child = Command::new(PROGRAM)
            .args(["--data", &data.to_string_lossy(), "import", &log])
            .stdout(Stdio::null())
            .spawn()
            .expect("the program was built");
        pause(20 + 17 * u64::from(round % 20));
        child.kill().expect("killed");
        child.wait().expect("ended");
        // A busy machine may not have come as far as to make a data folder.
        let is_begun = data.join("journal/manifest").is_file();
        assert!(!is_begun || run(&data, &["verify"]).contains("0 differences"), "round {round}");
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

/// So many visitors log at once.
const VISITORS: usize = 8;

/// What the visitors know: every question they sent, and whether it was acknowledged.
type Ledger = BTreeMap<String, bool>;

/// How the visitors of a round get on.
#[derive(Default)]
struct Count {
    /// Saves in flight.
    busy: AtomicUsize,
    acknowledged: AtomicUsize,
}

impl Count {
    /// Waits until so many saves were acknowledged.
    fn wait_for(&self, acknowledged: usize) {
        const ROUNDS_MAX: u32 = 5_000;
        for _ in 0..ROUNDS_MAX {
            if acknowledged <= self.acknowledged.load(Ordering::SeqCst) {
                return;
            }
            pause(2);
        }
        panic!("the service does not acknowledge");
    }
}

/// A time-ordered id that no other visitor and no other round has.
fn key(round: u32, visitor: usize, n: u32) -> String {
    let (round, visitor) = (round + 1, visitor + 1);
    format!("inq_0197{round:04x}-{visitor:04x}-7000-8000-{n:012x}")
}

/// Logs one question after the other until the service is gone; tells what became of each.
fn log_until_gone(mut visitor: Visitor, (round, number): (u32, usize), count: &Count) -> Ledger {
    let mut ledger = Ledger::new();
    let Some(csrf) = visitor.get("/help").csrf() else { return ledger };
    for n in 0.. {
        let key = key(round, number, n);
        let body = serde_json::json!({ "key": key, "text": format!("spørsmål om sak {key}") });
        count.busy.fetch_add(1, Ordering::SeqCst);
        let answer = visitor.send("/api/v1/inquiries", &csrf, &body);
        count.busy.fetch_sub(1, Ordering::SeqCst);
        let Some(answer) = answer else {
            ledger.insert(key, false);
            return ledger;
        };
        assert_eq!(answer.status, 201, "{}", answer.body);
        ledger.insert(key, true);
        count.acknowledged.fetch_add(1, Ordering::SeqCst);
    }
    ledger
}

/// The ids of all inquiries that the data folder holds, each as often as it stands there.
fn kept(data: &Path, to: &Path) -> Vec<String> {
    run(data, &["export", &to.to_string_lossy()]);
    let lines = std::fs::read_to_string(to.join("inquiries.jsonl")).expect("the export");
    let id = |line: &str| {
        let line: serde_json::Value = serde_json::from_str(line).expect("a line of JSON");
        format!("inq_{}", line["id"].as_str().unwrap_or_default())
    };
    lines.lines().map(id).collect()
}

/// Eight visitors log over HTTP while the service is killed again and again. They are another
/// process with a ledger of their own: what was acknowledged is there once, what was not is there
/// once or not at all, and sending it again adds what is lacking and nothing else.
#[test]
fn no_acknowledged_inquiry_is_lost_or_doubled_by_a_kill() {
    let rounds = rounds(20);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (data, out) = (folder.path().join("data"), folder.path().join("out"));
    let mut service = Service::start(&data);
    let mut visitor = service.set_up();
    let (mut ledger, mut hits) = (Ledger::new(), 0);
    for round in 0..rounds {
        visitor.address = service.address;
        let count = Count::default();
        let under_way = std::thread::scope(|scope| {
            let visitors: Vec<_> = (0..VISITORS)
                .map(|number| {
                    let (visitor, count) = (visitor.clone(), &count);
                    scope.spawn(move || log_until_gone(visitor, (round, number), count))
                })
                .collect();
            count.wait_for(VISITORS + usize::try_from(round % 16).unwrap_or(0));
            pause(u64::from(round % 7));
            let under_way = count.busy.load(Ordering::SeqCst);
            service.kill();
            for visitor in visitors {
                ledger.extend(visitor.join().expect("a visitor's ledger"));
            }
            under_way
        });
        hits += u32::from(0 < under_way);
        service = Service::start(&data);
    }
    // Whoever got no answer sends again, as a browser's outbox does.
    visitor.address = service.address;
    let csrf = visitor.get("/help").csrf().expect("the session outlives the kills");
    for (key, _) in ledger.iter().filter(|it| !it.1) {
        let body = serde_json::json!({ "key": key, "text": format!("spørsmål om sak {key}") });
        let answer = visitor.send("/api/v1/inquiries", &csrf, &body).expect("an answer");
        assert!(matches!(answer.status, 200 | 201), "{}", answer.body);
    }
    service.kill();
    assert!(run(&data, &["verify"]).contains("0 differences"));
    let mut found = kept(&data, &out);
    found.sort();
    let sent: Vec<String> = ledger.into_keys().collect();
    assert_eq!(found, sent, "every question once");
    assert!(rounds <= hits + 1, "only {hits} of {rounds} kills hit while saves were in flight");
    assert!(usize::try_from(rounds).expect("few") * VISITORS < sent.len(), "{}", sent.len());
}
