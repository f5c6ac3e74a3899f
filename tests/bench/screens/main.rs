//! How long each screen takes and how large it is, on a log that a large city has after years.
//!
//! `cargo bench --workspace --bench screens -- --topics 100000 --inquiries 1000000 --audit 1000000`
//!
//! The folder is filled with made-up records, then the program serves it as it serves any other.
//! Every page is asked for while a desk logs a question each fifth of a second. `--folder DIR`
//! keeps the filled folder, and takes it as it is when it is there already.

#![expect(clippy::unwrap_used, reason = "a measurement ends by panicking")]

mod ask;
mod files;
mod fill;
mod harness;
mod town;

use std::path::PathBuf;
use std::time::Instant;

use harness::visitor::{Service, Visitor};

/// What is to be measured.
pub(crate) struct Plan {
    topics: u32,
    inquiries: u32,
    /// So many lines of the audit.
    audit: u32,
    pages: u32,
    /// Each page is asked for so often.
    rounds: usize,
    folder: Option<PathBuf>,
    /// Only addresses that hold this.
    only: String,
}

impl Plan {
    fn read(mut arguments: impl Iterator<Item = String>) -> Self {
        let (folder, only) = (None, String::new());
        let (topics, inquiries, audit, pages) = (2_000, 20_000, 10_000, 2_000);
        let mut plan = Self { topics, inquiries, audit, pages, rounds: 40, folder, only };
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
                "--audit" => plan.audit = number(),
                "--rounds" => plan.rounds = value.parse().expect("a number"),
                "--folder" => plan.folder = Some(value.into()),
                "--only" => plan.only = value,
                other => panic!(
                    "{other} is not known; --topics, --inquiries, --audit, --rounds, --folder \
                     and --only are"
                ),
            }
        }
        plan
    }
}

fn main() {
    let plan = Plan::read(std::env::args().skip(1));
    // On the disk that the repository is on: temporary files may lie in memory.
    let own = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let folder = plan.folder.clone().unwrap_or_else(|| own.path().join("data"));
    let is_new = !folder.exists();
    if is_new {
        let begun = Instant::now();
        fill::fill(&plan, &folder);
        eprintln!("filled in {:.1} s", begun.elapsed().as_secs_f64());
    }
    let begun = Instant::now();
    let mut service = Service::start(&folder);
    town::wait_for(&service, |_, status| status == "ok");
    eprintln!("everything is made after {:.1} s", begun.elapsed().as_secs_f64());
    let admin = if is_new { service.set_up() } else { Visitor::sign_in(service.address, "marit") };
    ask::run(&plan, &service, admin.clone());
    files::run(&plan, &service, admin);
}
