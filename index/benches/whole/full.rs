//! The full run over the whole log and over a tenth of it, each in a process of its own, so that
//! its memory can be told; beside it what somebody would set up first in Python.

use std::collections::HashMap;
use std::error::Error;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use serde_json::{Value, json};
use skranke_index::{Group, GroupInput, IndexError, Searcher, Text, group};

use crate::Plan;
use crate::logs::Logs;
use crate::table::Table;

/// Pages and passages with their scores.
type Places = (Vec<(u64, f32)>, Vec<(u64, f32)>);

/// So many pages of an inquiry, and passages, say which others it is like.
const PAGES: usize = 3;
/// So many passages are looked at to find them.
const PASSAGES: usize = 9;
/// The file with the group of each inquiry.
const GROUPS: &str = "groups";

/// Finds the pages, which is the cold case alone, then groups; gives the group of each inquiry.
pub(crate) fn run(
    plan: &Plan,
    (logs, searcher): (&Logs, &Searcher),
    table: &mut Table,
) -> Result<Vec<Option<u64>>, Box<dyn Error>> {
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
    in_python(plan, logs, folder.path(), table)?;
    let groups = std::fs::read_to_string(folder.path().join(GROUPS))?;
    Ok(groups.lines().map(|it| it.parse().ok()).collect())
}

/// The pages and passages of each inquiry as JSON, found on all cores.
fn all_pages(searcher: &Searcher, logs: &Logs, n: usize) -> Vec<Result<Vec<String>, IndexError>> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let of_core = |core: usize| {
        let range = n * core / cores..n * (core + 1) / cores;
        let line = |at| places(searcher, &logs.inquiry(at).text).map(|it| json!(it).to_string());
        range.map(line).collect()
    };
    std::thread::scope(|scope| {
        let started: Vec<_> = (0..cores).map(|core| scope.spawn(move || of_core(core))).collect();
        let ended = started.into_iter().map(|it| it.join());
        ended.filter_map(Result::ok).collect()
    })
}

fn places(searcher: &Searcher, text: &str) -> Result<Places, IndexError> {
    let (mut pages, mut passages): Places = (vec![], vec![]);
    for hit in searcher.passages(text, PASSAGES)? {
        if pages.len() < PAGES && pages.iter().all(|it| it.0 != hit.page) {
            pages.push((hit.page, hit.score));
        }
        if passages.len() < PAGES {
            passages.push(((hit.page + 1) << 32 | u64::from(hit.passage), hit.score));
        }
    }
    Ok((pages, passages))
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
        "{seconds:.1} s, {:.1} s of processors, {:.0} MiB at most, {} groups ({}), BCubed F1 {:.3}",
        figure("cpu"),
        figure("mib"),
        row["groups"],
        row["fingerprint"].as_str().unwrap_or(""),
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
    let places: Vec<Places> =
        file.lines().take(n).map(serde_json::from_str).collect::<Result<_, _>>()?;
    drop(file);
    let (begun, cpu) = (Instant::now(), cpu_seconds());
    let text = |(key, (text, places)): (u64, (_, Places))| Text {
        key,
        text,
        pages: places.0,
        passages: places.1,
    };
    let texts = (0..).zip(texts.iter().map(String::as_str).zip(places)).map(text).collect();
    let groups = group(&GroupInput { texts, ..GroupInput::default() });
    let seconds = begun.elapsed().as_secs_f64();
    let members: Vec<&[u64]> = groups.iter().map(|it| it.members.as_slice()).collect();
    let told = json!({
        "seconds": seconds,
        "cpu": cpu_seconds().zip(cpu).map(|(end, start)| end - start),
        "fingerprint": fingerprint(&groups),
        "mib": peak_mib(),
        "groups": groups.len(),
        "bcubed": bcubed(&members, &labels),
    });
    println!("{told}");
    let mut group_of: Vec<Option<usize>> = vec![None; n];
    for (number, group) in groups.iter().enumerate() {
        group.members.iter().for_each(|it| group_of[*it as usize] = Some(number));
    }
    let line = |it: Option<usize>| it.map_or_else(String::new, |it| it.to_string()) + "\n";
    Ok(std::fs::write(folder.join(GROUPS), group_of.into_iter().map(line).collect::<String>())?)
}

/// One number for all that was found: two builds that give the same group alike.
fn fingerprint(groups: &[Group]) -> String {
    let mut hasher = DefaultHasher::new();
    groups.iter().for_each(|it| (&it.members, it.exemplar, &it.words).hash(&mut hasher));
    format!("{:016x}", hasher.finish())
}

/// What the process has taken of all processors; known on Linux alone, in hundredths.
fn cpu_seconds() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let mut fields = stat.rsplit(')').next()?.split_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<f64>().ok();
    Some((ticks()? + ticks()?) / 100.0)
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
