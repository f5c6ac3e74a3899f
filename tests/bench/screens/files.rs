//! Asks for lists as files: how long each takes, how large it is, and what memory it takes beside
//! what the service has at rest.

use std::time::Instant;

use crate::Plan;
use crate::ask::{memory_mb, ms};
use crate::harness::visitor::{Service, Visitor};

const FILES: [&str; 13] = [
    "/lists/gaps.csv?state=all",
    "/lists/gaps.xlsx?state=all",
    "/lists/gaps.json?state=all",
    "/lists/topics.csv",
    "/lists/topics.xlsx",
    "/lists/topics.json",
    "/lists/inquiries.csv",
    "/lists/inquiries.xlsx",
    "/lists/inquiries.json",
    "/lists/words.csv",
    "/figures/effects.csv",
    "/admin/audit.csv",
    "/api/v1/gaps",
];
/// Each file is asked for so often.
const ROUNDS: usize = 3;

pub(crate) fn run(plan: &Plan, service: &Service, mut visitor: Visitor) {
    println!("\n| file | status | first ms | best ms | MB | peak above rest MB |");
    println!("|---|---|---|---|---|---|");
    let process = service.process();
    for path in FILES.into_iter().filter(|it| it.contains(&plan.only)) {
        let mut times = vec![];
        let rest = memory_mb(process, "VmRSS:");
        // From here on the highest is told anew; where that is not allowed, it is since the start.
        drop(std::fs::write(format!("/proc/{process}/clear_refs"), "5"));
        let (mut status, mut bytes) = (0, 0);
        for _ in 0..ROUNDS {
            let begun = Instant::now();
            if let Some(answer) = visitor.try_get(path) {
                (status, bytes) = (answer.status, answer.bytes.len().max(answer.body.len()));
            }
            times.push(begun.elapsed());
        }
        let peak = memory_mb(process, "VmHWM:").saturating_sub(rest);
        let best = times.iter().min().copied().unwrap_or_default();
        println!(
            "| {path} | {status} | {:.0} | {:.0} | {:.1} | {peak} |",
            ms(times[0]),
            ms(best),
            bytes as f64 / 1e6
        );
    }
}
