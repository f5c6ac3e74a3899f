//! Durable appends by one, eight and 64 writers, beside a bare write and `fdatasync`.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use skranke::journal::{Batch, Journal, NewRecord, Options, Stream};
use uuid::Uuid;

use crate::table::{Table, Times};

/// How many write at once.
const WRITERS: [usize; 3] = [1, 8, 64];

/// An inquiry as the service logs it, for its size.
pub(crate) fn payload(n: u128) -> Vec<u8> {
    format!(
        "{{\"event\":\"logged\",\"text\":\"når opnar symjehallen på laurdag i veke {n}, og kva \
         kostar det for eit barn\",\"asked\":\"2026-03-02T09:12:00Z\",\"channel\":\"phone\",\
         \"outcome\":{{\"unknown\":null}},\"norm\":\"nn\",\"by\":{{\"person\":\
         \"0197aaaa-0001-7000-8000-00000000{:04}\"}}}}",
        n % 10_000
    )
    .into_bytes()
}

/// A batch that creates one entity.
pub(crate) fn creation(n: u128) -> Batch {
    let entity = Uuid::from_u128(n + 1);
    let record = NewRecord { kind: 1, kind_version: 1, entity, payload: payload(n) };
    let at = Timestamp::from_second(1_770_000_000).unwrap();
    Batch { key: entity, body_hash: 1, at, expect: vec![], records: vec![record] }
}

pub(crate) fn run(seconds: u64, folder: &Path, table: &mut Table) {
    let length = Duration::from_secs(seconds);
    let before = bare(length, &folder.join("bare"));
    table.times("bare write and fdatasync, before", &before);
    let groups = WRITERS.map(|writers| {
        let journal = folder.join(format!("journal-{writers}"));
        let times = appends(writers, length, &journal);
        table.times(&format!("journal, {writers} writers"), &times);
        times
    });
    let after = bare(length, &folder.join("bare"));
    table.times("bare write and fdatasync, after", &after);
    let gain = groups[2].rate() / groups[0].rate();
    table.note("64 writers beside one", format!("{gain:.1} times as many a second"));
    let bare_p99 = f64::midpoint(before.at(99), after.at(99));
    let slower = groups[2].at(99) / bare_p99;
    table.note("p99 of 64 writers beside the bare sync's", format!("{slower:.2} times"));
}

fn bare(length: Duration, path: &Path) -> Times {
    let mut file = File::create(path).unwrap();
    let (bytes, begun) = (vec![7_u8; 400], Instant::now());
    let mut times = Vec::new();
    while begun.elapsed() < length {
        let before = Instant::now();
        file.write_all(&bytes).unwrap();
        file.sync_data().unwrap();
        times.push(before.elapsed());
    }
    Times::new(times, begun.elapsed())
}

fn appends(writers: usize, length: Duration, folder: &Path) -> Times {
    let journal = Journal::open(folder, Options::new(Stream::Journal)).unwrap();
    let next = AtomicU64::new(0);
    together(writers, length, || {
        let n = next.fetch_add(1, Ordering::Relaxed);
        journal.append(creation(n.into())).unwrap();
    })
}

/// Lets so many threads do something over and over, and tells how long each took.
pub(crate) fn together(writers: usize, length: Duration, work: impl Fn() + Sync) -> Times {
    let begun = Instant::now();
    let times = std::thread::scope(|scope| {
        let work = &work;
        let threads: Vec<_> = (0..writers)
            .map(|_| {
                scope.spawn(move || {
                    let mut times = Vec::new();
                    while begun.elapsed() < length {
                        let before = Instant::now();
                        work();
                        times.push(before.elapsed());
                    }
                    times
                })
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    Times::new(times, begun.elapsed())
}
