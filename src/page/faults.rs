//! The page store on a disk that forgets, tears and fails: a body that was kept is read back as
//! it was, and one that is not is told, never altered.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::bodies::{Bodies, Body, Passage};
use crate::inquiry::Norm;
use crate::journal::simulated::{Chance, Fault, Simulated};
use crate::journal::{Disk, Journal, JournalError, Options, Stream};

const FOLDER: &str = "/data/pages";
const EIO: i32 = 5;

#[expect(clippy::disallowed_methods, reason = "a test's own setting")]
fn rounds(usual: u64) -> u64 {
    let told = std::env::var("SKRANKE_FAULT_SEEDS").ok();
    told.and_then(|it| it.parse().ok()).unwrap_or(usual)
}

/// The bytes of each file.
type Files = BTreeMap<PathBuf, Vec<u8>>;

/// What was kept, by hash.
type Kept = BTreeMap<String, Body>;

fn open(disk: &'static Simulated) -> Result<Bodies, JournalError> {
    let options = Options { segment_bytes_max: 8_000, ..Options::new(Stream::Pages) };
    Journal::open_on(Disk::Simulated(disk), Path::new(FOLDER), options).map(Bodies::over)
}

fn body(chance: &mut Chance) -> Body {
    let words = ["hall", "opning", "frist", "barnehage", "søknad", "avfall", "kart", "skule"];
    let passages = (0..=chance.below(4)).map(|_| Passage {
        path: vec!["Heim".into()],
        heading: words[chance.below(words.len())].into(),
        anchor: None,
        text: (0..chance.below(120)).map(|_| words[chance.below(words.len())]).collect(),
        norm: Norm::Nn,
    });
    Body { passages: passages.collect(), title: format!("Side {}", chance.below(40)) }
}

/// Keeps bodies until something fails, and notes those that were acknowledged.
fn live(bodies: &Bodies, kept: &mut Kept, chance: &mut Chance) {
    for _ in 0..40 {
        let body = body(chance);
        match bodies.put(&body, Timestamp::UNIX_EPOCH) {
            Ok(hash) => drop(kept.insert(hash, body)),
            Err(_) => return,
        }
    }
}

/// Plays the run of a seed; tells how many bodies it kept.
fn play(seed: u64) -> (usize, u32) {
    let disk = Simulated::new(seed);
    let (mut chance, mut kept) = (Chance::new(seed), Kept::new());
    for _ in 0..4 {
        let call = disk.n_calls() + chance.below(120) as u64;
        disk.plan(call, if chance.once_in(5) { Fault::Errno(EIO) } else { Fault::Off });
        match open(disk) {
            Ok(bodies) => {
                disk.in_peace(|| check(&bodies, &kept));
                live(&bodies, &mut kept, &mut chance);
            }
            Err(JournalError::Io { .. }) if !disk.is_armed() => {}
            Err(other) => panic!("a store opens without a person: {other}"),
        }
        if chance.once_in(3) { disk.kill() } else { disk.cut() }
    }
    let bodies = open(disk).expect("a store opens without a person");
    check(&bodies, &kept);
    drop(bodies);
    let trace = disk.trace();
    disk.wipe();
    (kept.len(), trace)
}

fn check(bodies: &Bodies, kept: &Kept) {
    for (hash, body) in kept {
        assert_eq!(bodies.get(hash).unwrap(), *body);
    }
}

#[test]
fn a_cut_at_any_point_loses_no_page_that_was_kept() {
    let rounds = rounds(200);
    let mut n_kept = 0;
    for seed in 0..rounds {
        let played = std::panic::catch_unwind(|| play(seed));
        n_kept += played.unwrap_or_else(|_| panic!("seed {seed}")).0;
    }
    assert_eq!(play(3), play(3), "the same seed plays the same run");
    println!("{rounds} seeds, {n_kept} bodies kept");
    assert!(rounds * 10 < n_kept as u64);
}

/// The files of a closed store, with those it had before, and what it holds.
fn closed() -> (Files, Files, Kept) {
    let disk = Simulated::new(5);
    let (mut chance, mut kept) = (Chance::new(5), Kept::new());
    let mut before = Files::new();
    for _ in 0..2 {
        let bodies = open(disk).unwrap();
        before = disk.files();
        live(&bodies, &mut kept, &mut chance);
    }
    let files = disk.files();
    disk.wipe();
    (before, files, kept)
}

fn harm((before, files): (&Files, &Files), chance: &mut Chance) -> (Files, PathBuf) {
    let mut files = files.clone();
    let path = files.keys().nth(chance.below(files.len())).unwrap().clone();
    let bytes = files.get_mut(&path).unwrap();
    match (chance.below(4), before.get(&path)) {
        (0, Some(older)) if older != bytes => bytes.clone_from(older),
        (1, _) if !bytes.is_empty() => bytes.truncate(chance.below(bytes.len())),
        (2 | 3, _) if !bytes.is_empty() => {
            let at = chance.below(bytes.len());
            bytes[at] ^= 1 << chance.below(8);
        }
        _ => drop(files.remove(&path)),
    }
    (files, path)
}

#[test]
fn any_damage_to_the_page_store_is_found_or_harmless() {
    let rounds = rounds(50);
    let (before, files, kept) = closed();
    let mut counts = BTreeMap::new();
    for seed in 0..rounds {
        let disk = Simulated::new(seed);
        let (harmed, path) = harm((&before, &files), &mut Chance::new(seed));
        disk.hold(&harmed);
        let is_found = match open(disk) {
            Ok(bodies) => {
                check(&bodies, &kept);
                false
            }
            Err(JournalError::Damaged(_) | JournalError::Newer { .. }) => true,
            Err(other) => panic!("seed {seed}: {other}"),
        };
        disk.wipe();
        let kind = path.extension().map_or(path.file_name(), |_| path.extension());
        let kind = kind.unwrap_or_default().to_string_lossy().into_owned();
        counts.entry(kind).or_insert([0_u64, 0])[usize::from(!is_found)] += 1;
    }
    for (kind, [found, harmless]) in &counts {
        println!("page store, {kind}: {found} found, {harmless} harmless");
    }
    assert!(rounds / 4 < counts.values().map(|it| it[0]).sum());
}
