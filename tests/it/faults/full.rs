//! A disk that runs full, by logging and by a foreign file: nothing acknowledged is lost, reading
//! goes on, what was typed stays in its field, and all is well again once there is room.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::{Dice, key, log, rounds, system, wait};
use crate::harness::program::run;
use crate::harness::visitor::{Service, Visitor};
use crate::harness::website::{Reply, Website};

/// A small disk of its own; gone when it goes out of sight.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    /// Makes one; none where nobody may mount.
    fn make(mb: u64) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (size, path) = (format!("size={mb}m"), folder.path().to_string_lossy().into_owned());
        match system("mount", &["-t", "tmpfs", "-o", &size, "tmpfs", &path]) {
            Ok(_) => Some(Self(folder)),
            Err(why) => {
                println!("skipped: a small disk needs root, who may mount: {why}");
                None
            }
        }
    }

    fn data(&self) -> PathBuf {
        self.0.path().join("data")
    }

    /// Takes up all that is left but so many kilobytes.
    fn fill_but(&self, kb: u64) -> PathBuf {
        let path = self.0.path().join("foreign");
        let free = self.free_kb();
        let bytes = vec![1_u8; 1024 * usize::try_from(free.saturating_sub(kb)).expect("small")];
        std::fs::write(&path, bytes).expect("there is room for it");
        path
    }

    fn free_kb(&self) -> u64 {
        let told = rustix::fs::statvfs(self.0.path()).expect("it tells");
        told.f_bavail * told.f_frsize / 1024
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        drop(system("umount", &["-l", &self.0.path().to_string_lossy()]));
    }
}

/// The limits for so small a disk.
const LIMITS: [(&str, &str); 5] = [
    ("SKRANKE_DISK_WARN_MB", "3"),
    ("SKRANKE_DISK_WARN_PERCENT", "0"),
    ("SKRANKE_DISK_BACKGROUND_MB", "2"),
    ("SKRANKE_DISK_SAVE_MB", "1"),
    ("SKRANKE_DISK_BALLAST_MB", "1"),
];

fn start(data: &Path) -> Service {
    Service::start_with(data, &LIMITS).unwrap_or_else(|told| panic!("it does not start: {told}"))
}

/// Logs until it is refused, `most` at most; the acknowledged keys, and whether it was refused.
fn log_until_full(visitor: &mut Visitor, from: u64, most: u64) -> (Vec<String>, bool) {
    let csrf = visitor.get("/help").csrf().expect("a page has a form");
    let mut acknowledged = vec![];
    let mut log_in_turn = |n: u64, text: &str| {
        let answer = log(visitor, &csrf, &key(3, n), text).expect("an answer");
        if answer.status != 429 {
            return answer;
        }
        // Nobody at a desk is so fast. Who is waits for as many turns as what follows needs too.
        std::thread::park_timeout(Duration::from_secs(2));
        log(visitor, &csrf, &key(3, n), text).expect("an answer")
    };
    for n in from..from + most {
        let text = format!("spørsmål {n} {}", "med mange ord om det same ".repeat(60));
        let answer = log_in_turn(n, &text);
        match answer.status {
            201 => acknowledged.push(key(3, n)),
            507 => {
                assert_eq!(answer.json()["type"], "urn:skranke:full");
                return (acknowledged, true);
            }
            other => panic!("{other}: {}", answer.body),
        }
    }
    (acknowledged, false)
}

#[track_caller]
fn check_kept(data: &Path, acknowledged: &[String]) {
    assert!(run(data, &["verify"]).contains("0 differences"));
    let exported = super::export(data);
    let inquiries = exported.iter().find(|it| it.0 == "inquiries.jsonl").expect("it is there");
    for key in acknowledged {
        let id = key.trim_start_matches("inq_");
        assert_eq!(inquiries.1.matches(&format!("\"{id}\"")).count(), 1, "{key}");
    }
}

/// What a full disk is like for those who work.
#[track_caller]
fn check_full(service: &Service, visitor: &mut Visitor, n: u64) {
    let is_full = || super::health(service)["parts"]["disk"]["status"] == "full";
    assert!(wait(Duration::from_secs(5), is_full), "{}", super::health(service));
    let id = key(4, n);
    let fields =
        [("key", &*id), ("text", "dette vil eg ikkje skrive ein gong til"), ("act", "save")];
    let page = visitor.submit("/", "/log", &fields);
    assert_eq!(page.status, 507, "{}", page.body);
    assert!(page.body.contains("dette vil eg ikkje skrive ein gong til"), "{}", page.body);
    assert!(page.body.contains("Ikkje lagra: disken er full"), "{}", page.body);
    assert_eq!(visitor.get("/").status, 200, "reading goes on");
    assert_eq!(visitor.get("/topics").status, 200, "reading goes on");
    let job = visitor.submit("/admin/jobs", "/admin/jobs", &[("job", "crawl")]);
    assert_eq!(job.status, 507);
    let told = super::health(service);
    assert_eq!(
        (&told["status"], &told["parts"]["disk"]["status"]),
        (&"degraded".into(), &"full".into())
    );
}

/// Saves are taken again within ten seconds, without anybody's hand.
#[track_caller]
fn check_recovers(visitor: &mut Visitor, n: u64) -> String {
    let begun = Instant::now();
    let csrf = visitor.get("/help").csrf().expect("a page has a form");
    let id = key(5, n);
    let taken = || log(visitor, &csrf, &id, "er det plass no").is_some_and(|it| it.status < 300);
    assert!(wait(Duration::from_secs(10), taken), "not within ten seconds");
    println!("saves are taken again after {} ms", begun.elapsed().as_millis());
    id
}

#[test]
fn a_disk_that_a_foreign_file_fills_refuses_saves_and_recovers() {
    for (size, round) in [6, 16, 64].into_iter().flat_map(|it| (0..rounds(1)).map(move |n| (it, n)))
    {
        let Some(disk) = SmallDisk::make(size) else { return };
        let mut service = start(&disk.data());
        let mut visitor = service.set_up();
        let (mut kept, was_full) = log_until_full(&mut visitor, 0, 20);
        assert!(!was_full && kept.len() == 20, "{size} MB");
        // Administrators are warned before anybody is refused.
        let warned = disk.fill_but(1_600 + 384.min(size * 1024 / 16));
        assert!(wait(Duration::from_secs(5), || {
            super::health(&service)["parts"]["disk"]["status"] != "ok"
        }));
        assert!(visitor.get("/").body.contains("plass att på disken"), "{size} MB");
        std::fs::remove_file(warned).expect("removed");
        let foreign = disk.fill_but(500 + u64::from(round));
        check_full(&service, &mut visitor, u64::from(round));
        // The ballast is given up, and saves are refused all the same.
        assert!(wait(Duration::from_secs(5), || !disk.data().join("ballast").exists()));
        check_full(&service, &mut visitor, u64::from(round));
        // A start on a full disk can be read from.
        service.kill();
        service = start(&disk.data());
        visitor.address = service.address;
        assert!(wait(Duration::from_secs(20), || visitor.get("/topics").status == 200));
        check_full(&service, &mut visitor, u64::from(round));
        std::fs::remove_file(foreign).expect("removed");
        kept.push(check_recovers(&mut visitor, u64::from(round)));
        assert!(wait(Duration::from_secs(10), || disk.data().join("ballast").exists()));
        super::wait_until_well(&service);
        service.kill();
        check_kept(&disk.data(), &kept);
    }
}

#[test]
fn a_disk_that_logging_fills_refuses_before_anything_is_lost() {
    for size in [6, 16] {
        let Some(disk) = SmallDisk::make(size) else { return };
        let mut service = start(&disk.data());
        let mut visitor = service.set_up();
        let (kept, was_full) = log_until_full(&mut visitor, 0, size * 1_000);
        assert!(was_full && 100 < kept.len(), "{size} MB: {}", kept.len());
        println!("{size} MB: {} saves before the first was refused", kept.len());
        check_full(&service, &mut visitor, 0);
        service.kill();
        // Moved to where there is room, all of it is there.
        let room = tempfile::tempdir().expect("a temporary folder");
        super::copy(&disk.data(), &room.path().join("data"));
        check_kept(&room.path().join("data"), &kept);
    }
}

/// A site whose pages do not get shorter by packing.
fn site_of_noise(pages: u64, page_kb: u64) -> Website {
    let mut dice = Dice(11);
    let mut noise = |kb: u64| -> String {
        let word = |_| format!("{:07x} ", dice.below(1 << 28));
        (0..kb * 1024 / 8).map(word).collect()
    };
    let links: String = (0..pages).map(|n| format!("<a href='/{n}'>side {n}</a> ")).collect();
    let front = format!("<html lang=nn><main><h1>Framsida</h1>{links}</main>");
    let site = Website::start(&[("/", Reply::Page(front))]);
    for n in 0..pages {
        let text: String = (0..page_kb).map(|_| format!("<p>{}</p>", noise(1))).collect();
        let page = format!("<html lang=nn><main><h1>Side {n}</h1>{text}</main>");
        site.set(&format!("/{n}"), Reply::Page(page));
    }
    site
}

/// How the last crawl ended, in the words of the jobs' screen; none while it is under way.
fn crawl_ended(visitor: &mut Visitor) -> Option<String> {
    let page = visitor.get("/admin/jobs").body;
    let job = page.split("id=\"crawl\"").nth(1)?.split("</section>").next()?.to_owned();
    let is_over = !job.contains("under-way") && job.contains("Sist: ");
    is_over.then_some(job)
}

/// So many pages of the site are known.
fn pages_known(visitor: &mut Visitor) -> usize {
    let page = visitor.get("/admin/sites").body;
    let before = page.split(" sider er kjende").next().unwrap_or_default();
    let digits = before.rsplit(|it: char| !it.is_ascii_digit()).next().unwrap_or_default();
    digits.parse().unwrap_or_default()
}

#[test]
fn a_crawl_that_fills_the_disk_is_stopped_before_any_save_is_refused() {
    let Some(disk) = SmallDisk::make(160) else { return };
    // What is under way when the limit is met comes to its end, so the two limits lie apart.
    let limits = [&LIMITS[..], &[("SKRANKE_DISK_BACKGROUND_MB", "9")]].concat();
    let service = Service::start_with(&disk.data(), &limits);
    let mut service = service.unwrap_or_else(|told| panic!("it does not start: {told}"));
    let mut visitor = service.set_up();
    let site = site_of_noise(300, 48);
    let foreign = disk.fill_but(14 * 1024);
    let version = visitor.get("/admin/sites").hidden("version");
    let start_at = site.at("/");
    let added = [
        ("version", version.as_str()),
        ("change", "add"),
        ("start", start_at.as_str()),
        ("allow_private", "yes"),
        ("pace_ms", "0"),
        ("pages_max", "1000"),
    ];
    assert_eq!(visitor.submit("/admin/sites", "/admin/sites", &added).status, 303);
    let csrf = visitor.get("/help").csrf().expect("a page has a form");
    let (mut kept, mut ended, begun) = (vec![], None, Instant::now());
    while ended.is_none() && begun.elapsed() < Duration::from_secs(120) {
        for _ in 0..5 {
            let id = key(6, kept.len() as u64);
            let answer =
                log(&mut visitor, &csrf, &id, "kva seier sida om dette").expect("answered");
            assert_eq!(answer.status, 201, "{} kB free: {}", disk.free_kb(), answer.body);
            kept.push(id);
        }
        ended = crawl_ended(&mut visitor);
    }
    let ended = ended.expect("the crawl comes to an end");
    assert!(ended.contains("Disken er nesten full"), "{ended}");
    println!("{} saves beside the crawl, {} kB free after it", kept.len(), disk.free_kb());
    assert_eq!(super::health(&service)["parts"]["disk"]["status"], "tight");
    assert!(visitor.get("/").body.contains("kan vente, er stoppa"));
    // Room again, and the next crawl reads what is left.
    std::fs::remove_file(foreign).expect("removed");
    assert!(wait(Duration::from_secs(10), || {
        super::health(&service)["parts"]["disk"]["status"] != "tight"
    }));
    let before = pages_known(&mut visitor);
    let again = [("job", "crawl"), ("change", "run")];
    assert_eq!(visitor.submit("/admin/jobs", "/admin/jobs", &again).status, 303);
    let goes_on = || before + 20 < pages_known(&mut visitor);
    assert!(wait(Duration::from_secs(60), goes_on), "no more than {before} pages");
    service.kill();
    check_kept(&disk.data(), &kept);
}

#[test]
fn a_disk_that_turns_read_only_is_named_and_loses_nothing() {
    let Some(disk) = SmallDisk::make(64) else { return };
    let mut service = start(&disk.data());
    let mut visitor = service.set_up();
    let (mut kept, _) = log_until_full(&mut visitor, 0, 20);
    service.kill();
    let remount = |how: &str| {
        let how = format!("remount,{how}");
        system("mount", &["-o", &how, &disk.0.path().to_string_lossy()]).expect("root may");
    };
    remount("ro");
    let Err(said) = Service::start_with(&disk.data(), &LIMITS) else { panic!("it starts") };
    let path = disk.data().to_string_lossy().into_owned();
    assert!(said.contains(&path) && said.contains("Read-only file system"), "{said}");
    assert!(said.ends_with("exit code 1"), "{said}");
    remount("rw");
    service = start(&disk.data());
    visitor.address = service.address;
    let (more, was_full) = log_until_full(&mut visitor, 100, 5);
    assert!(!was_full);
    kept.extend(more);
    service.kill();
    check_kept(&disk.data(), &kept);
}
