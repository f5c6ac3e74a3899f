//! All traps in one run: the real pages are found, and the traps cost little.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use skranke::clock::Clock;
use skranke::organisation::Site;
use skranke::page::{Page, Parser};

use super::impatient;
use super::traps::{PAGES, Trapped, WORD};
use crate::harness::program::PROGRAM;
use crate::harness::town::Town;
use crate::harness::visitor::Visitor;

/// The most requests that addresses of one pattern may cost.
const PATTERN_REQUESTS_MAX: usize = 500;
/// The whole run ends within this time, on a machine that does other work as well.
const TIME_MAX: Duration = Duration::from_secs(150);

/// Logs a question every now and then until told to stop; tells how long each save took.
pub(super) fn log(mut visitor: Visitor, stop: &AtomicBool) -> Vec<Duration> {
    let csrf = visitor.get("/help").csrf().expect("a form");
    let mut took = vec![];
    for n in 0_u32.. {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let key = format!("inq_0197f000-0000-7000-8000-{n:012x}");
        let body = serde_json::json!({ "key": key, "text": format!("spørsmål om sak {n}") });
        let began = Instant::now();
        let answer = visitor.send("/api/v1/inquiries", &csrf, &body).expect("an answer");
        took.push(began.elapsed());
        assert_eq!(answer.status, 201, "{}", answer.body);
        pause();
    }
    took.sort();
    took
}

#[expect(clippy::disallowed_methods, reason = "a receptionist's own pace")]
fn pause() {
    std::thread::sleep(Duration::from_millis(25));
}

/// The most memory that this process has had, in megabytes.
fn peak_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|it| it.strip_prefix("VmHWM:"));
    let kb = line.and_then(|it| it.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    kb.unwrap_or(0) / 1024
}

#[test]
fn a_site_full_of_traps_costs_little_and_its_pages_are_found() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let town = Town::open(&folder.path().join("data"), &Clock::System);
    town.app.set_manner(impatient());
    let admin = town.set_up();
    let trapped = Trapped::start();
    let site =
        Site { allow_private: true, pace_ms: 0, ..Site::new(&format!("{}/", trapped.address)) };
    let (stop, began, before) = (AtomicBool::new(false), Instant::now(), peak_mb());
    let (outcome, took) = std::thread::scope(|scope| {
        let logging = scope.spawn(|| log(admin, &stop));
        let runtime = tokio::runtime::Runtime::new().expect("threads");
        let parser = Parser::child(PROGRAM.into());
        let outcome = runtime.block_on(Arc::clone(&town.app).crawl(&site, &parser, None));
        stop.store(true, Ordering::Relaxed);
        (outcome.expect("the site is read"), logging.join().expect("saves"))
    });
    let (passed, asked) = (began.elapsed(), trapped.asked());
    town.app.settle().expect("folded");
    let p95 = took[took.len() * 95 / 100];
    let requests: usize = asked.values().sum();
    println!("{requests} requests in {:.1} s: {asked:?}", passed.as_secs_f64());
    println!("{} saves meanwhile, p50 {:?}, p95 {p95:?}", took.len(), took[took.len() / 2]);
    println!("peak memory {before} MB before, {} MB after", peak_mb());
    outcome.report.left_out.iter().for_each(|(address, why)| println!("{address}: {why}"));

    let titles: std::collections::BTreeSet<String> =
        town.app.state.pages.all().iter().map(|it| it.row.facts.title.clone()).collect();
    let found = titles.iter().filter(|it| it.starts_with("Side ")).count();
    assert_eq!(found, PAGES, "every real page is found");
    for (trap, n) in asked.iter().filter(|it| it.0 != "side") {
        assert!(*n <= PATTERN_REQUESTS_MAX, "{trap}: {n} requests");
    }
    assert!(asked["side"] <= PAGES * 3, "{} requests for real pages", asked["side"]);
    assert!(asked["ring"] <= 3 * 6 && asked["kjede"] <= 6, "a redirect costs six at most");
    assert_eq!(outcome.report.stopped, None, "the traps did not end the crawl");
    assert!(passed < TIME_MAX, "{passed:?}");
    assert!(p95 < Duration::from_millis(500), "saves wait for the crawl: {p95:?}");
    signs_are_right(&town, &trapped);
}

/// The letters of pages that lie about how they are written.
#[track_caller]
fn signs_are_right(town: &Town, trapped: &Trapped) {
    for which in ["1252", "utf16", "utf16-utan", "meta", "nul"] {
        let address = format!("{}/teikn/{which}", trapped.address);
        let page = town.app.state.pages.get(Page::entity(&address));
        let page = page.unwrap_or_else(|| panic!("{which} is read"));
        let body = town.app.bodies.get(&page.row.facts.body).expect("a text");
        let text: String = body.passages.iter().map(|it| it.text.as_str()).collect();
        assert!(text.contains(WORD), "{which}: {text:?}");
    }
}
