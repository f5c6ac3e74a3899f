//! The full run over the whole log and over a tenth of it, each in a process of its own, so that
//! its memory can be told; beside it what somebody would set up first in Python.

use std::collections::HashMap;
use std::error::Error;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use serde_json::{Value, json};
use skranke_index::{GroupInput, IndexError, Searcher, Text, group};

use crate::Plan;
use crate::logs::Logs;
use crate::table::Table;

/// So many pages of an inquiry are kept when it is logged.
const PAGES: usize = 3;
/// So many passages are looked at to find them.
const PASSAGES: usize = 9;

/// Finds the pages, which is the cold case alone, then groups.
pub(crate) fn run(
    plan: &Plan,
    (logs, searcher): (&Logs, &Searcher),
    table: &mut Table,
) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let begun = Instant::now();
    let mut file = BufWriter::new(std::fs::File::create(folder.path().join("pages"))?);
    for some in all_pages(searcher, logs, plan.size.inquiries) {
        for line in some? {
            writeln!(file, "{line}")?;
        }
    }
    file.flush()?;
    let seconds = begun.elapsed().as_secs_f64();
    table.note("full run, pages found anew (cold), on all cores", format!("{seconds:.1} s"));
    let small = grouped_apart(plan, plan.size.inquiries / 10, folder.path(), table)?;
    let large = grouped_apart(plan, plan.size.inquiries, folder.path(), table)?;
    table.note("- growth exponent", format!("{:.2}", (large / small).log10()));
    in_python(plan, logs, folder.path(), table)
}

/// The pages of each inquiry as JSON, found on all cores.
fn all_pages(searcher: &Searcher, logs: &Logs, n: usize) -> Vec<Result<Vec<String>, IndexError>> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let of_core = |core: usize| {
        let range = n * core / cores..n * (core + 1) / cores;
        let line = |at| pages(searcher, &logs.inquiry(at).text).map(|it| json!(it).to_string());
        range.map(line).collect()
    };
    std::thread::scope(|scope| {
        let started: Vec<_> = (0..cores).map(|core| scope.spawn(move || of_core(core))).collect();
        let ended = started.into_iter().map(|it| it.join());
        ended.filter_map(Result::ok).collect()
    })
}

fn pages(searcher: &Searcher, text: &str) -> Result<Vec<(u64, f32)>, IndexError> {
    let mut pages: Vec<(u64, f32)> = vec![];
    for hit in searcher.passages(text, PASSAGES)? {
        if pages.len() < PAGES && pages.iter().all(|it| it.0 != hit.page) {
            pages.push((hit.page, hit.score));
        }
    }
    Ok(pages)
}

fn grouped_apart(
    plan: &Plan,
    n: usize,
    folder: &Path,
    table: &mut Table,
) -> Result<f64, Box<dyn Error>> {
    let told = Command::new(std::env::current_exe()?)
        .args(["--grouped", &n.to_string(), "--keep"])
        .arg(folder)
        .args(["--inquiries", &plan.size.inquiries.to_string()])
        .args(["--passages", &plan.size.passages.to_string()])
        .args(["--seed", &plan.size.seed.to_string()])
        .stderr(std::process::Stdio::inherit())
        .output()?;
    let row: Value = serde_json::from_slice(&told.stdout)?;
    let figure = |name: &str| row[name].as_f64().unwrap_or(f64::NAN);
    let seconds = figure("seconds");
    let told = format!(
        "{seconds:.1} s, {:.0} MiB at most, {} groups, BCubed F1 {:.3}",
        figure("mib"),
        row["groups"],
        figure("bcubed"),
    );
    table.note(&format!("full run of {n}"), told);
    Ok(seconds)
}

/// Groups the first `n` inquiries and tells how it went; the process ends after it.
pub(crate) fn grouped(logs: &Logs, n: usize, folder: &Path) -> Result<(), Box<dyn Error>> {
    let (texts, labels): (Vec<String>, Vec<String>) =
        (0..n).map(|at| logs.inquiry(at)).map(|it| (it.text, it.label)).unzip();
    let file = std::fs::read_to_string(folder.join("pages"))?;
    let pages: Vec<Vec<(u64, f32)>> =
        file.lines().take(n).map(serde_json::from_str).collect::<Result<_, _>>()?;
    drop(file);
    let begun = Instant::now();
    let text = |(key, (text, pages))| Text { key, text, pages, ..Text::default() };
    let texts = (0..).zip(texts.iter().map(String::as_str).zip(pages)).map(text).collect();
    let groups = group(&GroupInput { texts, ..GroupInput::default() });
    let seconds = begun.elapsed().as_secs_f64();
    let members: Vec<&[u64]> = groups.iter().map(|it| it.members.as_slice()).collect();
    let told = json!({
        "seconds": seconds,
        "mib": peak_mib(),
        "groups": groups.len(),
        "bcubed": bcubed(&members, &labels),
    });
    println!("{told}");
    Ok(())
}

/// The harmonic mean of BCubed precision and recall (Bagga & Baldwin 1998).
fn bcubed(groups: &[&[u64]], labels: &[String]) -> f64 {
    let mut group_of: Vec<usize> = (groups.len()..groups.len() + labels.len()).collect();
    for (number, members) in groups.iter().enumerate() {
        members.iter().for_each(|it| group_of[*it as usize] = number);
    }
    let mut sizes: HashMap<usize, f64> = HashMap::new();
    let mut needs: HashMap<&str, f64> = HashMap::new();
    let mut both: HashMap<(usize, &str), f64> = HashMap::new();
    for (group, label) in group_of.iter().zip(labels) {
        *sizes.entry(*group).or_default() += 1.0;
        *needs.entry(label).or_default() += 1.0;
        *both.entry((*group, label)).or_default() += 1.0;
    }
    let n = labels.len().max(1) as f64;
    let precision: f64 = both.iter().map(|(it, count)| count * count / sizes[&it.0]).sum();
    let recall: f64 = both.iter().map(|(it, count)| count * count / needs[it.1]).sum();
    let (precision, recall) = (precision / n, recall / n);
    2.0 * precision * recall / (precision + recall)
}

/// What the process has held at most; known on Linux alone.
fn peak_mib() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|it| it.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse::<f64>().ok().map(|it| it / 1_024.0)
}

fn in_python(
    plan: &Plan,
    logs: &Logs,
    folder: &Path,
    table: &mut Table,
) -> Result<(), Box<dyn Error>> {
    let mut file = BufWriter::new(std::fs::File::create(folder.join("labeled.tsv"))?);
    for at in 0..plan.size.inquiries.min(100_000) {
        let inquiry = logs.inquiry(at);
        writeln!(file, "{}\t{}", inquiry.label, inquiry.text)?;
    }
    file.flush()?;
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/whole/groups.py");
    let told = Command::new("python3")
        .args([script.as_ref(), folder.join("labeled.tsv").as_os_str()])
        .arg(plan.seconds.to_string())
        .stderr(std::process::Stdio::inherit())
        .output()?;
    for line in String::from_utf8(told.stdout)?.lines() {
        table.note("- TF-IDF and HDBSCAN in scikit-learn", line.to_owned());
    }
    Ok(())
}
