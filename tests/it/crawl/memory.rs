//! The service's own memory while it reads a site full of traps; what its children use is theirs.

use std::time::{Duration, Instant};

use super::page;
use super::traps::{PAGES, Trapped};
use crate::harness::visitor::{Service, Visitor};
use crate::harness::website::{Reply, Website};

/// So much more than before the service may use at any moment, in megabytes. Wanted are 20; the
/// figure scatters by some with what else the machine does.
const ROOM_MB: u64 = 30;
/// A site is read within this time, with servers that are waited for as long as usual.
const TIME_MAX: Duration = Duration::from_secs(280);

/// A figure of a process's memory, in megabytes.
fn memory_mb(process: u32, name: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("it lives");
    let line = status.lines().find_map(|it| it.strip_prefix(name)).expect("it is told");
    let kb = line.trim_start_matches(':').trim().trim_end_matches(" kB");
    kb.parse::<u64>().expect("a number") / 1024
}

/// Adds a site, which begins to read it, and waits until so many have been read.
fn read(admin: &mut Visitor, start: &str, n_sites: usize) {
    let version = admin.get("/admin/sites").hidden("version");
    let fields = [
        ("version", version.as_str()),
        ("start", start),
        ("change", "add"),
        ("pace_ms", "0"),
        ("pages_max", "2000"),
        ("allow_private", "yes"),
    ];
    let added = admin.submit("/admin/sites", "/admin/sites", &fields);
    assert_eq!(added.status, 303, "{}", added.body);
    let begun = Instant::now();
    let is_read = |admin: &mut Visitor| {
        let jobs = admin.get("/admin/jobs").body;
        let sites = admin.get("/admin/sites").body;
        // Whatever goes on can be stopped.
        !jobs.contains("value=\"stop\"") && sites.matches("class=\"figures\"").count() == n_sites
    };
    while !is_read(admin) {
        assert!(begun.elapsed() < TIME_MAX, "{start} is not read in time");
        std::thread::park_timeout(Duration::from_millis(200));
    }
}

#[test]
fn the_service_itself_stays_small_while_it_reads_traps() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut service = Service::start(&folder.path().join("data"));
    let mut admin = service.set_up();
    let links: Vec<String> = (0..PAGES).map(|it| format!("/side-{it}")).collect();
    let links: Vec<&str> = links.iter().map(String::as_str).collect();
    let calm = Website::start(&[("/", Reply::Page(page("Fram", "<p>Hei.</p>", &links)))]);
    for link in &links {
        let text = format!("<p>{} om {link}.</p>", "ord ".repeat(100));
        calm.set(link, Reply::Page(page(link, &text, &[])));
    }
    // What any crawl needs is there before the traps: threads, buffers, the writer of the index.
    read(&mut admin, &calm.at("/"), 1);
    let process = service.process();
    let before = memory_mb(process, "VmRSS");
    // The peak begins anew (proc(5)).
    std::fs::write(format!("/proc/{process}/clear_refs"), "5").expect("it is ours");

    let (trapped, begun) = (Trapped::start(), Instant::now());
    read(&mut admin, &format!("{}/", trapped.address), 2);
    let peak = memory_mb(process, "VmHWM");
    let passed = begun.elapsed().as_secs_f64();
    println!("{before} MB before, {peak} MB at most during all traps, in {passed:.0} s");
    assert!(peak <= before + ROOM_MB, "{before} MB before, {peak} MB at most");
}
