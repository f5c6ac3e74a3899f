//! Asks for each screen again and again, and tells how long the answers took.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use skranke::clock::Clock;
use skranke::id::Id;
use skranke::inquiry::Inquiry;

use crate::Plan;
use crate::harness::visitor::{Service, Visitor};

/// A desk logs a question so often meanwhile.
const LOGGED_EVERY: Duration = Duration::from_millis(200);
/// The largest topic, and one in the midst.
const SCREENS: [&str; 24] = [
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
    "/admin/audit?area=access",
    "/gaps?order=last&state=all",
    "/help",
];

pub(crate) fn run(plan: &Plan, service: &Service, admin: Visitor) {
    println!("memory at rest: {} MB", memory_mb(service.process(), "VmRSS:"));
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let desk = admin.clone();
        scope.spawn(|| log_on(desk, &stop));
        println!("\n| screen | status | first ms | p50 ms | p95 ms | max ms | kB |");
        println!("|---|---|---|---|---|---|---|");
        let feed = feed(&mut admin.clone());
        for path in SCREENS.into_iter().chain([&*feed]).filter(|it| it.contains(&plan.only)) {
            // What leads on is measured too, where it leads.
            if let Some(onward) = measure(plan, admin.clone(), path) {
                measure(plan, admin.clone(), &onward);
            }
        }
        stop.store(true, Ordering::Relaxed);
    });
    println!("\nmemory after: {} MB", memory_mb(service.process(), "VmRSS:"));
}

/// Tells how long a page took, and where it leads if it does.
fn measure(plan: &Plan, mut visitor: Visitor, path: &str) -> Option<String> {
    let mut times = vec![];
    let (mut status, mut bytes, mut onward) = (0, 0, String::new());
    for _ in 0..=plan.rounds {
        let begun = Instant::now();
        let Some(answer) = visitor.try_get(path) else {
            times.push(begun.elapsed());
            continue;
        };
        times.push(begun.elapsed());
        (status, bytes) = (answer.status, bytes.max(answer.body.len()));
        answer.location().clone_into(&mut onward);
    }
    let first = times.remove(0);
    times.sort_unstable();
    let at = |percent: usize| ms(times[(times.len() * percent).div_ceil(100).max(1) - 1]);
    // A feed's address is a secret.
    let shown = if path.starts_with("/feed/") { "/feed/.." } else { path };
    println!(
        "| {shown} | {status} | {:.0} | {:.1} | {:.1} | {:.1} | {:.1} |",
        ms(first),
        at(50),
        at(95),
        at(100),
        bytes as f64 / 1e3
    );
    Some(onward).filter(|it| !it.is_empty())
}

/// A time in milliseconds.
pub(crate) fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// Makes a feed of gaps and tells its path.
fn feed(visitor: &mut Visitor) -> String {
    let public = visitor.get("/account").hidden("public");
    let fields = [("change", "make_feed"), ("public", public.as_str())];
    let answer = visitor.submit("/account", "/account", &fields);
    let at = answer.body.find("/feed/").expect("a feed");
    answer.body[at..].chars().take_while(|it| *it != '<').collect()
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

/// What a process holds in memory: now, as `VmRSS:`, or at most, as `VmHWM:`.
pub(crate) fn memory_mb(process: u32, name: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|it| it.strip_prefix(name)).unwrap_or_default();
    line.split_whitespace().next().and_then(|it| it.parse::<u64>().ok()).unwrap_or(0) / 1_024
}
