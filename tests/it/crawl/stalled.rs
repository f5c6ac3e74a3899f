//! Two hundred hosts that take a connection and never answer.

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use skranke::app::Decider;
use skranke::clock::Clock;
use skranke::net::{Manner, Patience};
use skranke::organisation::{Settings, Site};
use skranke::schedule::Job;

use super::hostile::log;
use super::page;
use crate::harness::town::Town;
use crate::harness::website::{Reply, Website};

/// As many sites as an organisation may have ...
const SITES: usize = Settings::SITES_MAX;
/// ... each with so many further starts that stall.
const STALLED_EACH: usize = 10;
/// So long one of them is waited for in this test.
const WAIT: Duration = Duration::from_millis(500);

/// Takes connections on every loopback address and keeps them; tells how many.
fn stall() -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("0.0.0.0:0").expect("a free port");
    let port = listener.local_addr().expect("it is bound").port();
    let count = Arc::<AtomicUsize>::default();
    let counted = Arc::clone(&count);
    std::thread::spawn(move || {
        let mut kept = vec![];
        for stream in listener.incoming().flatten() {
            kept.push(stream);
            counted.store(kept.len(), Ordering::SeqCst);
        }
    });
    (port, count)
}

struct Stop<'a>(&'a AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn sites(good: &Website, port: u16) -> Vec<Site> {
    let host = |n: usize| format!("http://127.0.{}.{}:{port}/", 1 + n / 200, 1 + n % 200);
    let site = |n: usize| {
        let more = (0..STALLED_EACH).map(|it| host(n * STALLED_EACH + it)).collect();
        let start = good.at(&format!("/s{n}/"));
        good.set(&format!("/s{n}/"), Reply::Page(page(&format!("S{n}"), "<p>Ei.</p>", &["a"])));
        let under = page(&format!("Under {n}"), &format!("<p>Tekst {n}.</p>"), &[]);
        good.set(&format!("/s{n}/a"), Reply::Page(under));
        Site { allow_private: true, pace_ms: 0, more, ..Site::new(&start) }
    };
    (0..SITES).map(site).collect()
}

#[test]
fn hosts_that_stall_cost_a_bounded_time_and_nobody_elses() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let town = Town::open(&folder.path().join("data"), &Clock::System);
    let patience = Patience { headers: WAIT, grace: WAIT, total: WAIT * 3 };
    town.app.set_manner(Manner { patience, ..Manner::default() });
    let mut admin = town.set_up();
    let (good, (port, n_stalled)) = (Website::start(&[]), stall());
    let settings = Settings { sites: sites(&good, port), ..town.app.state.settings() };
    let decider = Decider { by: None, version: None };
    town.app.set_settings(settings, decider).expect("they are set");
    town.app.settle().expect("folded");

    let (stop, began, saver) = (AtomicBool::new(false), Instant::now(), admin.clone());
    let (took, passed) = std::thread::scope(|scope| {
        let saving = scope.spawn(|| log(saver, &stop));
        // However the crawl ends, the saving does.
        let _stop = Stop(&stop);
        town.run(&mut admin, Job::Crawl);
        let passed = began.elapsed();
        stop.store(true, Ordering::Relaxed);
        (saving.join().expect("saves"), passed)
    });
    let p95 = took[took.len() * 95 / 100];
    let stalled = n_stalled.load(Ordering::SeqCst);
    println!("{stalled} connections stalled, {:.1} s in all", passed.as_secs_f64());
    println!("{} saves meanwhile, p50 {:?}, p95 {p95:?}", took.len(), took[took.len() / 2]);
    assert!(SITES * STALLED_EACH <= stalled, "each host is tried: {stalled}");
    let read = town.app.state.pages.all().len();
    assert_eq!(read, SITES * 2, "every page of the host that answers is read");
    // Four sites are read at once, and each waits for one host at a time.
    let waited = WAIT * u32::try_from(SITES * STALLED_EACH / 4).expect("a small number");
    assert!(passed < waited * 3 + Duration::from_secs(20), "{passed:?} where {waited:?} is waited");
    assert!(p95 < Duration::from_millis(500), "saves wait for hosts that stall: {p95:?}");
}
