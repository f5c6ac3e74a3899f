//! Damage to any file of a journal is found, or it harms nothing.

use std::collections::BTreeMap;

use super::*;

/// A journal's files over its life, and the records at its end.
struct Life {
    /// The files after each start, the last at the end.
    files: Vec<BTreeMap<PathBuf, Vec<u8>>>,
    records: Vec<Record>,
}

/// A journal that was closed, or one that was killed while nothing was under way.
fn life(seed: u64, is_closed: bool) -> Life {
    let disk = Simulated::new(seed);
    let (mut chance, mut ledger) = (Chance::new(seed), Ledger::default());
    let mut life = Life { files: Vec::new(), records: Vec::new() };
    for _ in 0..4 {
        let mut desk = Desk::open(disk).unwrap();
        for _ in 0..8 {
            let wishes = ledger.wishes(&mut chance);
            let answers = desk.write(&wishes);
            ledger.hear(&wishes, &answers);
        }
        desk.writer.note().unwrap();
        life.records = desk.records().unwrap();
        if is_closed {
            desk.close();
        }
        disk.kill();
        life.files.push(disk.files());
    }
    disk.wipe();
    life
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Harm {
    Flip,
    Cut,
    Delete,
    Older,
}

impl Life {
    /// The files at the end with one of them harmed; tells which, and how.
    fn harmed(&self, chance: &mut Chance) -> (BTreeMap<PathBuf, Vec<u8>>, PathBuf, Harm) {
        let mut files = self.files.last().unwrap().clone();
        let path = files.keys().nth(chance.below(files.len())).unwrap().clone();
        let bytes = files.get_mut(&path).unwrap();
        let older = self.files.iter().rev().filter_map(|it| it.get(&path));
        let older: Vec<&Vec<u8>> = older.filter(|it| *it != bytes).collect();
        let harm = match chance.below(4) {
            3 if !older.is_empty() => {
                bytes.clone_from(older[chance.below(older.len())]);
                Harm::Older
            }
            2 => Harm::Delete,
            1 if !bytes.is_empty() => {
                bytes.truncate(chance.below(bytes.len()));
                Harm::Cut
            }
            _ if bytes.is_empty() => Harm::Delete,
            _ => {
                let at = chance.below(bytes.len());
                bytes[at] ^= 1 << chance.below(8);
                Harm::Flip
            }
        };
        if harm == Harm::Delete {
            files.remove(&path);
        }
        (files, path, harm)
    }

    /// Which kind of file it is.
    fn kind(&self, path: &Path) -> &'static str {
        let is_last = |it: &&PathBuf| it.extension().is_some_and(|it| it == "log");
        let last = self.files.last().unwrap().keys().rfind(is_last);
        match path.extension().and_then(|it| it.to_str()) {
            Some("log") if last.is_some_and(|last| last == path) => "open segment",
            Some("log") => "sealed segment",
            Some(_) => "left over",
            None if path.ends_with("manifest") => "manifest",
            None => "lock",
        }
    }
}

/// What was done, and whether it was found; everything else panics.
fn judge(life: &Life, files: &BTreeMap<PathBuf, Vec<u8>>) -> bool {
    let disk = Simulated::new(1);
    disk.hold(files);
    let report = verify(Disk::Simulated(disk), Path::new(FOLDER));
    let is_clean = report.as_ref().is_ok_and(VerifyReport::is_clean);
    let is_found = match Desk::open(disk) {
        Ok(desk) => {
            assert!(is_clean, "it opens although {report:?}");
            assert_eq!(desk.records().unwrap(), life.records);
            assert_eq!(report.unwrap().torn_bytes, 0);
            false
        }
        Err(JournalError::Damaged(damage)) => {
            assert!(!is_clean, "{damage}");
            true
        }
        Err(JournalError::Newer { .. }) => {
            assert!(report.is_err());
            true
        }
        Err(other) => panic!("{other}"),
    };
    disk.wipe();
    is_found
}

#[test]
fn any_damage_to_any_file_is_found_or_harmless() {
    let rounds = rounds(50);
    let lives: Vec<Life> = (0..8).map(|seed| life(seed, seed % 2 == 0)).collect();
    let mut counts = BTreeMap::new();
    for seed in 0..rounds {
        let mut chance = Chance::new(seed);
        let life = &lives[chance.below(lives.len())];
        let (files, path, harm) = life.harmed(&mut chance);
        let found = std::panic::catch_unwind(|| judge(life, &files));
        let found = found.unwrap_or_else(|_| panic!("seed {seed}: {harm:?} of {}", path.display()));
        let count = counts.entry((life.kind(&path), harm)).or_insert([0, 0]);
        count[usize::from(!found)] += 1;
    }
    for ((kind, harm), [found, harmless]) in &counts {
        println!("{kind}, {harm:?}: {found} found, {harmless} harmless");
    }
    let found: u64 = counts.values().map(|it| it[0]).sum();
    assert!(rounds / 4 < found, "only {found} of {rounds} were found");
}
