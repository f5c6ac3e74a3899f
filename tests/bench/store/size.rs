//! What a large journal takes on disk, and how long it takes to open, verify and read.

use std::collections::VecDeque;
use std::path::Path;
use std::time::Instant;

use skranke::journal::{Journal, Options, Stream};

use crate::appends::creation;
use crate::table::Table;

/// So many batches are under way at once, as in an import.
const UNDER_WAY: usize = 512;

pub(crate) fn run(records: u128, folder: &Path, table: &mut Table) {
    let folder = folder.join("large");
    let begun = Instant::now();
    let journal = Journal::open(&folder, Options::new(Stream::Journal)).unwrap();
    let mut under_way = VecDeque::new();
    for n in 0..records {
        under_way.push_back(journal.submit(creation(n)));
        if UNDER_WAY <= under_way.len() {
            under_way.pop_front().unwrap().wait().unwrap();
        }
    }
    for last in under_way {
        last.wait().unwrap();
    }
    drop(journal);
    let named = |what: &str| format!("{what} {records} records");
    let told = |begun: Instant| format!("{:.2} s", begun.elapsed().as_secs_f64());
    table.note(&named("write"), told(begun));
    let files = std::fs::read_dir(&folder).unwrap();
    let bytes: u64 = files.map(|file| file.unwrap().metadata().unwrap().len()).sum();
    let each = bytes as f64 / records as f64;
    table.note("disk bytes per inquiry", format!("{each:.0} in the journal"));
    let begun = Instant::now();
    let journal = Journal::open(&folder, Options::new(Stream::Journal)).unwrap();
    table.note(&named("open a journal of"), told(begun));
    let (begun, mut after) = (Instant::now(), 0);
    loop {
        let read = journal.read(after, 1_000).unwrap();
        let Some(last) = read.last() else { break };
        after = last.seq;
    }
    table.note(&named("read"), told(begun));
    assert_eq!(u128::from(after), records);
    let begun = Instant::now();
    assert!(Journal::verify(&folder).unwrap().is_clean());
    table.note(&named("verify, every byte twice,"), told(begun));
}
