//! Real power cuts: ext4 on a loop device, shut down in the midst of saves by the kernel.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use super::{Dice, key, log, rounds, system, wait};
use crate::harness::program::run;
use crate::harness::visitor::{Service, Visitor};

const CLIENTS: u32 = 4;

/// A disk in a file, with a file system of its own; unmounted when it goes out of sight.
struct Disk {
    held: tempfile::TempDir,
}

impl Disk {
    /// Makes one; none where nobody may mount.
    fn make() -> Option<Self> {
        let disk = Self { held: tempfile::tempdir().expect("a temporary folder") };
        let made = std::fs::create_dir(disk.at())
            .and_then(|()| std::fs::File::create(disk.image()))
            .and_then(|it| it.set_len(256 * 1024 * 1024))
            .map_err(|it| it.to_string())
            .and_then(|()| system("mkfs.ext4", &["-q", "-F", &text(&disk.image())]))
            .and_then(|_| disk.mount())
            .and_then(|()| system("python3", &["-c", "import fcntl"]).map(drop));
        match made {
            Ok(()) => Some(disk),
            Err(why) => {
                println!("skipped: a cut needs root, a loop device, mkfs.ext4, python3: {why}");
                None
            }
        }
    }

    fn mount(&self) -> Result<(), String> {
        system("mount", &["-o", "loop", &text(&self.image()), &text(&self.at())]).map(drop)
    }

    /// Cuts it off: what is not on the disk by now never comes there.
    fn cut(&self) {
        const CALL: &str = "import fcntl,os,struct,sys\n\
             fd=os.open(sys.argv[1],os.O_RDONLY)\n\
             fcntl.ioctl(fd,0x8004587d,struct.pack('I',2))\n";
        system("python3", &["-c", CALL, &text(&self.at())]).expect("ext4 can be shut down");
    }

    fn remount(&self) {
        let gone = || system("umount", &[&text(&self.at())]).is_ok();
        assert!(wait(Duration::from_secs(10), gone), "it is still in use");
        self.mount().expect("it mounts again");
    }

    fn image(&self) -> PathBuf {
        self.held.path().join("image")
    }

    fn at(&self) -> PathBuf {
        self.held.path().join("disk")
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        drop(system("umount", &["-l", &text(&self.at())]));
    }
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// What all clients look at.
#[derive(Default)]
struct Shared {
    acknowledged: AtomicUsize,
    /// The cut has begun. A machine without power answers nobody: an answer from then on is one
    /// that no caller would have heard, and the kernel may tell of a sync that came too late.
    is_cut: AtomicBool,
}

/// Logs until no answer comes or one is refused; tells what was acknowledged before the cut.
fn log_until_cut((mut visitor, client): (Visitor, u32), from: u64, shared: &Shared) -> Vec<String> {
    let mut kept = vec![];
    let Some(csrf) = visitor.try_get("/help").and_then(|it| it.csrf()) else { return kept };
    for n in from.. {
        let id = key(client, n);
        let length = [1, 8, 60][usize::try_from(n % 3).expect("small")];
        let words = format!("spørsmål {id} {}", "om fristen for barnehage ".repeat(length));
        match log(&mut visitor, &csrf, &id, &words) {
            Some(answer) if answer.status == 201 => {}
            Some(_) | None => return kept,
        }
        if shared.is_cut.load(Ordering::SeqCst) {
            return kept;
        }
        kept.push(id);
        shared.acknowledged.fetch_add(1, Ordering::SeqCst);
    }
    kept
}

/// What was acknowledged before a cut is there after it, and the service starts by itself.
#[test]
fn nothing_acknowledged_is_lost_by_a_power_cut() {
    let Some(disk) = Disk::make() else { return };
    let data = disk.at().join("data");
    let (mut kept, mut dice) = (vec![], Dice(7));
    let mut service = Service::start(&data);
    let mut visitor = service.set_up();
    let n_cuts = rounds(2);
    for cut in 0..n_cuts {
        visitor.address = service.address;
        let shared = Shared::default();
        let enough = 20 + usize::try_from(dice.below(100)).expect("small");
        kept.extend(std::thread::scope(|scope| {
            let clients: Vec<_> = (1..=CLIENTS)
                .map(|client| {
                    let (visitor, shared) = (visitor.clone(), &shared);
                    let from = u64::from(cut) * 1_000_000;
                    scope.spawn(move || log_until_cut((visitor, client), from, shared))
                })
                .collect();
            let is_busy = || enough <= shared.acknowledged.load(Ordering::SeqCst);
            assert!(wait(Duration::from_secs(60), is_busy), "it does not acknowledge");
            shared.is_cut.store(true, Ordering::SeqCst);
            disk.cut();
            let kept = clients.into_iter().flat_map(|it| it.join().expect("its ledger"));
            kept.collect::<Vec<_>>()
        }));
        service.kill();
        drop(service);
        disk.remount();
        assert!(run(&data, &["verify"]).contains("0 differences"), "cut {cut}");
        service = Service::start(&data);
    }
    service.kill();
    let exported = super::export(&data);
    let inquiries = &exported.iter().find(|it| it.0 == "inquiries.jsonl").expect("there").1;
    let lost = kept.iter().filter(|it| !inquiries.contains(it.trim_start_matches("inq_")));
    assert_eq!(lost.count(), 0, "of {}", kept.len());
    println!("{n_cuts} cuts, {} acknowledged, 0 lost", kept.len());
}

#[test]
fn a_backup_that_is_told_of_outlives_a_power_cut() {
    let Some(disk) = Disk::make() else { return };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (data, backup) = (folder.path().join("data"), text(&disk.at().join("backup")));
    let mut service = Service::start(&data);
    super::log_some(&mut service.set_up(), 0..30);
    service.kill();
    run(&data, &["backup", &backup]);
    disk.cut();
    disk.remount();
    assert!(run(&data, &["backup", &backup, "--verify"]).contains("0 differences"));
}

/// The kernel makes the file system read-only beneath the running service, as it does when its
/// disk fails.
#[test]
fn a_file_system_that_turns_read_only_beneath_the_service_is_named_and_loses_nothing() {
    let Some(disk) = Disk::make() else { return };
    let data = disk.at().join("data");
    let log_file = disk.held.path().join("said");
    let mut service = Service::start_told_to(&data, &log_file);
    let mut visitor = service.set_up();
    let csrf = visitor.get("/help").csrf().expect("a page has a form");
    let mut kept = vec![];
    for n in 0..20 {
        let answer = log(&mut visitor, &csrf, &key(9, n), "er det ope i dag").expect("an answer");
        assert_eq!(answer.status, 201, "{}", answer.body);
        kept.push(key(9, n));
    }
    system("mount", &["-o", "remount,abort", &text(&disk.at())]).expect("root may");
    let answer = log(&mut visitor, &csrf, &key(9, 1_000), "er det ope i morgon");
    assert!(answer.is_none_or(|it| 500 <= it.status), "it is not told that it was saved");
    assert_eq!(service.ended_within(Duration::from_secs(30)), Some(1), "it ends");
    let said = std::fs::read_to_string(&log_file).expect("what it said");
    assert!(said.contains(&text(&data.join("journal"))), "{said}");
    assert!(said.contains("Read-only file system") || said.contains("Input/output"), "{said}");
    drop(service);
    disk.remount();
    let mut service = Service::start(&data);
    service.kill();
    assert!(run(&data, &["verify"]).contains("0 differences"));
    let exported = super::export(&data);
    let inquiries = &exported.iter().find(|it| it.0 == "inquiries.jsonl").expect("there").1;
    for id in &kept {
        let id = id.trim_start_matches("inq_");
        assert_eq!(inquiries.matches(&format!("\"{id}\"")).count(), 1, "{id}");
    }
}
