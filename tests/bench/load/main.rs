//! How a service holds that many use at once, while it reads a website, groups and writes letters,
//! and while strangers hold thousands of connections open.
//!
//! `cargo bench --workspace --bench load -- --inquiries 700000 --pages 20000 --seconds 120`
//!
//! The load is an open loop: each request has its instant, and what waits for its turn waits in
//! the figure too. The load generator runs on the same machine as the service and takes its share
//! of the cores. `--soak SECONDS` goes on at a tenth of the pace with faults of visitors, and tells
//! how memory and descriptors went. `--folder DIR` keeps the filled folder and takes it again.

#![expect(clippy::unwrap_used, reason = "a measurement ends by panicking")]

mod besiege;
mod desks;
#[path = "../screens/fill.rs"]
mod fill;
#[path = "../screens/harness.rs"]
mod harness;
mod people;
mod process;
#[path = "../screens/town.rs"]
mod town;
#[path = "../../it/harness/website.rs"]
#[expect(dead_code, reason = "the tests use the rest")]
mod website;
mod work;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use desks::{Load, Paces};
use harness::visitor::Service;
use process::Watched;

/// What is to be measured.
pub(crate) struct Plan {
    topics: u32,
    inquiries: u32,
    audit: u32,
    pages: u32,
    seconds: u64,
    soak: u64,
    folder: Option<PathBuf>,
}

impl Plan {
    fn read(mut arguments: impl Iterator<Item = String>) -> Self {
        let (topics, inquiries, audit, pages) = (500, 20_000, 1_000, 2_000);
        let mut plan = Self { topics, inquiries, audit, pages, seconds: 10, soak: 0, folder: None };
        while let Some(name) = arguments.next() {
            // cargo says this to every benchmark.
            if name == "--bench" {
                continue;
            }
            let value = arguments.next().expect("a value after each name");
            let number = || value.parse().expect("a number");
            match name.as_str() {
                "--topics" => plan.topics = number(),
                "--inquiries" => plan.inquiries = number(),
                "--pages" => plan.pages = number(),
                "--seconds" => plan.seconds = value.parse().expect("a number"),
                "--soak" => plan.soak = value.parse().expect("a number"),
                "--folder" => plan.folder = Some(value.into()),
                other => panic!(
                    "{other} is not known; --topics, --inquiries, --pages, --seconds, --soak and \
                     --folder are"
                ),
            }
        }
        plan
    }
}

fn main() {
    let plan = Plan::read(std::env::args().skip(1));
    process::allow_descriptors();
    // On the disk that the repository is on: temporary files may lie in memory.
    let own = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let folder = plan.folder.clone().unwrap_or_else(|| own.path().join("data"));
    if !folder.exists() {
        let begun = Instant::now();
        fill::fill(&plan, &folder);
        eprintln!("filled in {:.1} s", begun.elapsed().as_secs_f64());
    }
    let people = people::signed_in(&folder);
    let begun = Instant::now();
    let service = Service::start(&folder);
    town::wait_for(&service, |_, status| status == "ok");
    eprintln!("everything is made after {:.1} s", begun.elapsed().as_secs_f64());
    let load = Load::new(service.address, &people);
    if 0 < plan.soak {
        soak(&plan, &service, &load);
        return;
    }
    let paces = Paces { look_ups: 200, saves: 50 };
    let time = Duration::from_secs(plan.seconds);
    println!(
        "\n| what goes on | look-ups p50 ms | p95 | p99 | saves p50 ms | p95 | p99 | \
        failed | memory MB | descriptors | judging s |\n\
        |---|---|---|---|---|---|---|---|---|---|---|"
    );
    phase("nothing else", &service, || load.run(paces, time));
    let site = work::site(plan.pages / 5);
    work::begin(&service, &site);
    phase("a crawl, a full topic run, a digest", &service, || load.run(paces, time));
    let guests = besiege::besiege(service.address);
    work::begin(&service, &site);
    phase("the same, 1,000 half and 10,000 idle connections", &service, || load.run(paces, time));
    println!("\nof the idle and half-open connections {} were still held", guests.held());
    println!("children at most: {} MB", process::children_peak_mb());
}

fn phase(name: &str, service: &Service, run: impl FnOnce() -> desks::Figures) {
    let watched = Watched::start(service.process());
    let figures = run();
    let process::Seen { memory_mb, descriptors, judging_seconds } = watched.end();
    println!("| {name} | {figures} | {memory_mb} | {descriptors} | {judging_seconds} |");
}

/// A long time with visitors who hang up, dawdle and send nonsense.
fn soak(plan: &Plan, service: &Service, load: &Load) {
    const ROUND: Duration = Duration::from_secs(60);
    println!(
        "\n| minute | look-ups p95 ms | saves p95 ms | failed | memory MB | descriptors |\n\
        |---|---|---|---|---|---|"
    );
    let paces = Paces { look_ups: 20, saves: 5 };
    let (mut memory, mut descriptors) = (vec![], vec![]);
    for minute in 1..=plan.soak.div_ceil(60) {
        let faults = std::thread::spawn({
            let address = service.address;
            move || besiege::misbehave(address, ROUND)
        });
        let figures = load.run(paces, ROUND);
        faults.join().unwrap();
        let (mb, open) = process::now(service.process());
        memory.push(mb);
        descriptors.push(open);
        let (look_ups, saves, failed) = figures.p95s();
        println!("| {minute} | {look_ups:.1} | {saves:.1} | {failed} | {mb} | {open} |");
    }
    let slope = |all: &[f64]| process::slope_an_hour(&all[all.len() / 3..]);
    println!(
        "\ngrowth in the last two thirds, an hour: {:.1} MB, {:.1} descriptors",
        slope(&memory.iter().map(|it| *it as f64).collect::<Vec<_>>()),
        slope(&descriptors.iter().map(|it| *it as f64).collect::<Vec<_>>())
    );
}
