//! How fast the journal takes and opens, and how soon a service on it is there: beside a bare
//! sync, sled and SQLite doing the same on the same disk in the same run.
//!
//! `cargo bench --workspace --bench store -- --seconds 5 --records 1000000`

#![expect(clippy::unwrap_used, reason = "a measurement ends by panicking")]

mod appends;
mod harness;
mod others;
mod size;
mod start;
mod table;
#[path = "../screens/town.rs"]
mod town;

use table::Table;

/// What is to be measured.
struct Plan {
    /// Each of the writings goes on for so many seconds.
    seconds: u64,
    /// So many records are opened.
    records: u128,
}

impl Plan {
    fn read(mut arguments: impl Iterator<Item = String>) -> Self {
        let mut plan = Self { seconds: 3, records: 100_000 };
        while let Some(name) = arguments.next() {
            let mut number = || arguments.next().and_then(|it| it.parse().ok());
            match name.as_str() {
                "--seconds" => plan.seconds = number().expect("--seconds N"),
                "--records" => plan.records = number().expect("--records N").into(),
                // cargo says this to every benchmark.
                "--bench" => {}
                other => panic!("{other} is not known; --seconds N and --records N are"),
            }
        }
        plan
    }
}

fn main() {
    let plan = Plan::read(std::env::args().skip(1));
    let mut table = Table::default();
    // On the disk that the repository is on: temporary files may lie in memory.
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    appends::run(plan.seconds, folder.path(), &mut table);
    others::run(plan.seconds, folder.path(), &mut table);
    size::run(plan.records, folder.path(), &mut table);
    start::run(plan.records, folder.path(), &mut table);
    table.print();
}
