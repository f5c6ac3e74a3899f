//! A whole run on a made-up log: how fast it is indexed, looked up and assigned, and how much of
//! the best is found; beside it the same job in a bare tantivy, in SQLite and in PostgreSQL.
//!
//! `cargo bench -p skranke-index --bench whole -- --inquiries 1000000 --passages 100000`

mod full;
mod live;
mod logs;
mod lookup;
mod others;
mod table;
mod written;

use std::collections::HashSet;
use std::error::Error;
use std::path::PathBuf;

use logs::{Inquiry, Logs, Size};
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
    /// Another system may be asked for so many seconds.
    seconds: u32,
    /// To group so many and tell how it went, and no more.
    grouped: Option<usize>,
    /// Where the index is kept for the next run.
    keep: Option<PathBuf>,
    /// To write the log and the website as files that Skranke imports, and no more.
    write: Option<PathBuf>,
}

impl Plan {
    fn read(mut arguments: impl Iterator<Item = String>) -> Result<Self, Box<dyn Error>> {
        let size = Size { inquiries: 50_000, passages: 5_000, seed: 1 };
        let mut plan = Self {
            size,
            only: vec![],
            queries: 500,
            exhaustive: 100,
            seconds: 20,
            grouped: None,
            keep: None,
            write: None,
        };
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
                "--seconds" => plan.seconds = value.parse()?,
                "--grouped" => plan.grouped = Some(value.parse()?),
                "--only" => plan.only = value.split(',').map(str::to_owned).collect(),
                "--write" => plan.write = Some(PathBuf::from(value)),
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
    if let Some(folder) = &plan.write {
        return Ok(written::files(plan.size, &logs, folder)?);
    }
    if let (Some(n), Some(folder)) = (plan.grouped, &plan.keep) {
        return full::grouped(&logs, n, folder);
    }
    let queries = queries(&plan, &logs);
    let mut table = Table::default();
    let Size { inquiries, passages, seed } = plan.size;
    table.note("sizes", format!("{inquiries} inquiries, {passages} passages, seed {seed}"));
    let temporary = tempfile::tempdir()?;
    let folder = plan.keep.clone().unwrap_or_else(|| temporary.path().join("index"));
    let mut groups = None;
    if plan.wants("lookup") || plan.wants("full") {
        let searcher = lookup::indexed(&plan, (&logs, &folder), &mut table)?;
        if plan.wants("lookup") {
            lookup::run(&plan, (&logs, &queries), (&searcher, &folder), &mut table)?;
        }
        if plan.wants("full") {
            groups = Some(full::run(&plan, (&logs, &searcher), &mut table)?);
        }
    }
    if plan.wants("live") {
        live::run(&plan, (&logs, &queries), groups.as_deref(), &mut table);
    }
    if plan.wants("others") {
        others::run(&plan, (&logs, &queries), &mut table)?;
    }
    table.print();
    Ok(())
}

/// What comes after the log and was never asked just so.
fn queries(plan: &Plan, logs: &Logs) -> Vec<Inquiry> {
    let asked: HashSet<String> = (0..plan.size.inquiries).map(|at| logs.inquiry(at).text).collect();
    let later = (plan.size.inquiries..).map(|at| logs.inquiry(at));
    later.filter(|it| !asked.contains(&it.text)).take(plan.queries).collect()
}
