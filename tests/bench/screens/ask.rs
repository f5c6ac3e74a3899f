//! Asks for each screen again and again, and tells how long the answers took.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use skranke::clock::Clock;
use skranke::id::Id;
use skranke::inquiry::Inquiry;

use crate::Plan;
use crate::harness::visitor::{Service, Visitor};

/// A service that has not done it by then never will.
const PATIENCE: Duration = Duration::from_secs(1_800);
/// A desk logs a question so often meanwhile.
const LOGGED_EVERY: Duration = Duration::from_millis(200);
/// The largest topic, and one in the midst.
const SCREENS: [&str; 21] = [
    "/",
    "/today",
    "/gaps",
    "/gaps?state=all&page=3",
    "/gaps/T1",
    "/gaps/T500",
    "/topics",
    "/topics?q=barnehage&verdict=missing",
    "/topics/T1",
    "/topics/T500",
    "/inquiries",
    "/inquiries?page=400",
    "/inquiries?channel=email&outcome=answered",
    "/inquiries?q=barnehage+frist",
    "/inquiries?topic=T1",
    "/words",
    "/figures",
    "/figures?year=2026",
    "/digest",
    "/admin",
    "/admin/audit",
];

/// Waits until the view and the index are there.
pub(crate) fn wait_until_all_is_made(service: &Service) {
    let begun = Instant::now();
    loop {
        let told = Visitor::new(service.address).get("/healthz").json();
        if told["status"] == "ok" {
            return;
        }
        assert!(begun.elapsed() < PATIENCE, "{told}");
        std::thread::park_timeout(Duration::from_millis(100));
    }
}

pub(crate) fn run(plan: &Plan, service: &Service, admin: Visitor) {
    println!("memory at rest: {} MB", memory_mb(service.process()));
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let desk = admin.clone();
        scope.spawn(|| log_on(desk, &stop));
        println!("\n| screen | status | first ms | p50 ms | p95 ms | max ms | kB |");
        println!("|---|---|---|---|---|---|---|");
        for path in SCREENS.into_iter().filter(|it| it.contains(&plan.only)) {
            measure(plan, admin.clone(), path);
        }
        stop.store(true, Ordering::Relaxed);
    });
    println!("\nmemory after: {} MB", memory_mb(service.process()));
}

fn measure(plan: &Plan, mut visitor: Visitor, path: &str) {
    let mut times = vec![];
    let (mut status, mut bytes) = (0, 0);
    for _ in 0..=plan.rounds {
        let begun = Instant::now();
        let Some(answer) = visitor.try_get(path) else {
            times.push(begun.elapsed());
            continue;
        };
        times.push(begun.elapsed());
        (status, bytes) = (answer.status, bytes.max(answer.body.len()));
    }
    let first = times.remove(0);
    times.sort_unstable();
    let at = |percent: usize| times[(times.len() * percent).div_ceil(100).max(1) - 1];
    let ms = |it: Duration| it.as_secs_f64() * 1e3;
    println!(
        "| {path} | {status} | {:.0} | {:.1} | {:.1} | {:.1} | {:.1} |",
        ms(first),
        ms(at(50)),
        ms(at(95)),
        ms(at(100)),
        bytes as f64 / 1e3
    );
}

/// Logs questions as a desk does, until it is told to stop.
fn log_on(mut desk: Visitor, stop: &AtomicBool) {
    const TEXTS: [&str; 4] = [
        "når er fristen for barnehage",
        "kva tid opnar symjehallen laurdag",
        "bosset er ikkje henta på plass 17",
        "kor søkjer eg om bustøtte",
    ];
    let csrf = desk.get("/help").csrf().expect("a form");
    for text in TEXTS.iter().cycle() {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        let id = Id::<Inquiry>::new(Clock::System.now());
        let body = serde_json::json!({ "key": id.to_string(), "text": text });
        let answer = desk.send("/api/v1/inquiries", &csrf, &body).expect("an answer");
        assert_eq!(answer.status, 201, "{}", answer.body);
        std::thread::park_timeout(LOGGED_EVERY);
    }
}

/// What a process holds in memory.
fn memory_mb(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|it| it.strip_prefix("VmRSS:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|it| it.parse::<u64>().ok()).unwrap_or(0) / 1_024
}
