//! A whole run on a made-up log: how fast it is indexed, looked up and assigned, and how much of
//! the best is found; beside it the same job in a bare tantivy, in SQLite and in PostgreSQL.
//!
//! `cargo bench -p skranke-index --bench whole -- --inquiries 1000000 --passages 100000`

mod live;
mod logs;
mod lookup;
mod table;

use std::error::Error;
use std::path::PathBuf;

use logs::{Logs, Size};
use table::Table;

/// What is to be measured.
pub(crate) struct Plan {
    size: Size,
    /// Which of the measurements; all when there is none.
    only: Vec<String>,
    /// So many queries.
    queries: usize,
    /// So many of them are answered by scoring everything, too.
    exhaustive: usize,
    /// Where the index is kept for the next run.
    keep: Option<PathBuf>,
}

impl Plan {
    fn read(mut arguments: impl Iterator<Item = String>) -> Result<Self, Box<dyn Error>> {
        let size = Size { inquiries: 50_000, passages: 5_000, seed: 1 };
        let mut plan = Self { size, only: vec![], queries: 500, exhaustive: 100, keep: None };
        while let Some(name) = arguments.next() {
            if name == "--bench" {
                continue;
            }
            let value = arguments.next().ok_or("each option has a value")?;
            match name.as_str() {
                "--inquiries" => plan.size.inquiries = value.parse()?,
                "--passages" => plan.size.passages = value.parse()?,
                "--seed" => plan.size.seed = value.parse()?,
                "--queries" => plan.queries = value.parse()?,
                "--exhaustive" => plan.exhaustive = value.parse()?,
                "--only" => plan.only = value.split(',').map(str::to_owned).collect(),
                "--keep" => plan.keep = Some(PathBuf::from(value)),
                _ => return Err(format!("no option is called {name}").into()),
            }
        }
        Ok(plan)
    }

    fn wants(&self, what: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|it| it == what)
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let plan = Plan::read(std::env::args().skip(1))?;
    let logs = Logs::new(plan.size);
    let mut table = Table::default();
    if plan.wants("lookup") {
        lookup::run(&plan, &logs, &mut table)?;
    }
    if plan.wants("live") {
        live::run(&plan, &logs, &mut table)?;
    }
    table.print();
    Ok(())
}
