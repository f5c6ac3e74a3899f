//! The same look-up in other systems, which a script measures on the same texts and queries.

use std::error::Error;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::Plan;
use crate::logs::{Inquiry, Logs};
use crate::lookup::BEST;
use crate::table::{Found, Table};

pub(crate) fn run(
    plan: &Plan,
    (logs, queries): (&Logs, &[Inquiry]),
    table: &mut Table,
) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    write(plan, (logs, queries), folder.path())?;
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/whole/others.py");
    let seconds = plan.seconds.to_string();
    let told = Command::new("python3")
        .arg(script)
        .arg(folder.path())
        .args([BEST.to_string(), seconds])
        .stderr(std::process::Stdio::inherit())
        .output()?;
    for line in String::from_utf8(told.stdout)?.lines() {
        let row: Value = serde_json::from_str(line)?;
        let figure = |name: &str| row[name].as_f64().unwrap_or(f64::NAN);
        let ms = |at: usize| row["ms"][at].as_f64().unwrap_or(f64::NAN);
        let found = Found { page: figure("page"), need: figure("need") };
        let name = row["name"].as_str().unwrap_or("").to_owned();
        table.told(&name, [ms(0), ms(1), ms(2)], found);
    }
    if !told.status.success() {
        eprintln!("The other systems could not all be measured.");
    }
    Ok(())
}

/// Writes what the script reads.
fn write(
    plan: &Plan,
    (logs, queries): (&Logs, &[Inquiry]),
    folder: &Path,
) -> Result<(), Box<dyn Error>> {
    let file = |name: &str| std::fs::File::create(folder.join(name)).map(BufWriter::new);
    let mut passages = file("passages.tsv")?;
    for at in 0..logs.n_pages() {
        let page = logs.page(at);
        for (heading, text) in page.passages {
            writeln!(passages, "{at}\t{} {heading}\t{text}", page.title)?;
        }
    }
    passages.flush()?;
    let mut inquiries = file("inquiries.tsv")?;
    for at in 0..plan.size.inquiries {
        let inquiry = logs.inquiry(at);
        writeln!(inquiries, "{at}\t{}\t{}", inquiry.label, inquiry.text)?;
    }
    inquiries.flush()?;
    let mut asked = file("queries.tsv")?;
    for query in queries {
        let page = query.page.map(|it| it.to_string()).unwrap_or_default();
        writeln!(asked, "{page}\t{}\t{}", query.label, query.text)?;
    }
    Ok(asked.flush()?)
}
