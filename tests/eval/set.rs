//! A labelled set, and what the program finds in it.

use std::collections::{BTreeMap, HashMap};
use std::fs::read_to_string;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::scores::{Clustering, auroc, clustering, count, macro_f1, most, recall};

const PROGRAM: &str = env!("CARGO_BIN_EXE_skranke");
pub(crate) const QUESTIONS: &str = "questions.jsonl";
const PAGES: &str = "pages.jsonl";
/// Questions of this kind belong to no topic, so nobody can find that their topic has no answer.
const LEFT_OUT: &str = "one_off";
/// The kinds of a topic.
const KINDS: [&str; 3] = ["answered", "hard_to_find", "gap"];
/// How often the program's memory is looked at.
const LOOK: Duration = Duration::from_millis(10);

/// The figures of a set; none where the set does not tell.
#[derive(Debug)]
pub(crate) struct Figures {
    pub(crate) n: usize,
    pub(crate) clustering: Clustering,
    pub(crate) gap_by_question: Option<f64>,
    pub(crate) gap_by_topic: Option<f64>,
    /// Within the first page, three and five; of the answered ones where the set has kinds.
    pub(crate) recall: [Option<f64>; 3],
    pub(crate) kind_f1: Option<f64>,
    pub(crate) seconds: f64,
    /// None where the system does not tell.
    pub(crate) peak_mib: Option<u64>,
}

/// The sets in a folder and its folders, in order.
pub(crate) fn sets(folder: &Path) -> Vec<PathBuf> {
    if folder.join(QUESTIONS).exists() {
        return vec![folder.to_owned()];
    }
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let mut folders: Vec<PathBuf> =
        entries.map(|it| it.unwrap().path()).filter(|it| it.is_dir()).collect();
    folders.sort();
    folders.iter().flat_map(|it| sets(it)).collect()
}

/// Runs the program on a set and scores what it writes.
pub(crate) fn figures(set: &Path) -> Figures {
    let out = tempfile::tempdir().unwrap();
    let (seconds, peak_mib) = analyse(set, out.path());
    let gold = lines(&set.join(QUESTIONS));
    let rows = lines(&out.path().join("inquiries.jsonl"));
    let by_id: HashMap<&str, &Value> = rows.iter().map(|it| (text(it, "id"), it)).collect();
    let pairs: Vec<(&Value, &Value)> = gold
        .iter()
        .map(|it| (it, by_id.get(text(it, "id")).copied().unwrap_or(&Value::Null)))
        .collect();
    let labels: Vec<Option<&str>> = pairs.iter().map(|it| it.0["label"].as_str()).collect();
    let topics: Vec<Option<&str>> = pairs.iter().map(|it| it.1["topic"].as_str()).collect();
    let judged: Vec<(&Value, &Value)> = pairs
        .iter()
        .copied()
        .filter(|(gold, row)| {
            gold["gap"].is_boolean() && row["gap_score"].is_f64() && gold["kind"] != LEFT_OUT
        })
        .collect();
    let scored: Vec<(bool, f64)> = judged.iter().map(gap).collect();
    let places = places(&judged);
    Figures {
        n: gold.len(),
        clustering: clustering(&labels, &topics),
        gap_by_question: auroc(&scored),
        gap_by_topic: auroc(&by_topic(&judged)),
        recall: [1, 3, 5].map(|k| recall(&places, k)),
        kind_f1: kind_f1(&judged),
        seconds,
        peak_mib,
    }
}

/// Runs the program; gives its seconds and its most memory.
fn analyse(set: &Path, out: &Path) -> (f64, Option<u64>) {
    let mut command = Command::new(PROGRAM);
    command.arg("analyse").arg("--inquiries").arg(set.join(QUESTIONS)).arg("--out").arg(out);
    if set.join(PAGES).exists() {
        command.arg("--pages").arg(set.join(PAGES));
    }
    let start = Instant::now();
    let mut child = command.stdout(Stdio::null()).spawn().unwrap();
    let status = PathBuf::from(format!("/proc/{}/status", child.id()));
    let mut peak = None;
    let ended = loop {
        peak = peak_mib(&status).or(peak);
        if let Some(ended) = child.try_wait().unwrap() {
            break ended;
        }
        std::thread::park_timeout(LOOK);
    };
    assert!(ended.success(), "analyse failed on {}", set.display());
    (start.elapsed().as_secs_f64(), peak)
}

/// The high-water mark of a process that runs; Linux alone tells it.
fn peak_mib(status: &Path) -> Option<u64> {
    let text = read_to_string(status).ok()?;
    let line = text.lines().find_map(|it| it.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse::<u64>().ok().map(|kib| kib / 1024)
}

pub(crate) fn lines(file: &Path) -> Vec<Value> {
    let text = read_to_string(file).unwrap();
    text.lines().filter(|it| !it.is_empty()).map(|it| serde_json::from_str(it).unwrap()).collect()
}

pub(crate) fn text<'a>(row: &'a Value, name: &str) -> &'a str {
    row[name].as_str().unwrap_or_default()
}

/// Whether a question is a gap, and how surely it was found to be one.
fn gap((gold, row): &(&Value, &Value)) -> (bool, f64) {
    (gold["gap"] == true, row["gap_score"].as_f64().unwrap_or_default())
}

/// Each gold topic: whether most of it are gaps, and the mean of its scores.
fn by_topic(judged: &[(&Value, &Value)]) -> Vec<(bool, f64)> {
    let mut topics: BTreeMap<&str, Vec<(bool, f64)>> = BTreeMap::new();
    for it in judged {
        let Some(label) = it.0["label"].as_str() else { continue };
        topics.entry(label).or_default().push(gap(it));
    }
    let topic = |all: Vec<(bool, f64)>| {
        let gaps = all.iter().filter(|it| it.0).count();
        (all.len() <= 2 * gaps, all.iter().map(|it| it.1).sum::<f64>() / count(all.len()))
    };
    topics.into_values().map(topic).collect()
}

/// The place of the first right page of each question that a page answers.
fn places(judged: &[(&Value, &Value)]) -> Vec<Option<usize>> {
    let answered = || judged.iter().filter(|it| it.0["gap"] == false);
    let has_kinds = answered().any(|it| it.0["kind"] == "answered");
    let counted = answered().filter(|it| !has_kinds || it.0["kind"] == "answered");
    let place = |(gold, row): &(&Value, &Value)| {
        let right = gold["answered_by"].as_array()?;
        row["urls"].as_array()?.iter().position(|it| right.contains(it)).map(|at| at + 1)
    };
    counted.map(place).collect()
}

/// Each gold topic's kind against the commonest verdict of its questions.
fn kind_f1(judged: &[(&Value, &Value)]) -> Option<f64> {
    let mut topics: BTreeMap<&str, Vec<(&Value, &Value)>> = BTreeMap::new();
    for it in judged.iter().filter(|it| KINDS.contains(&text(it.0, "kind"))) {
        let Some(label) = it.0["label"].as_str() else { continue };
        topics.entry(label).or_default().push(*it);
    }
    let mut pairs: Vec<(&str, Option<&str>)> = vec![];
    for questions in topics.into_values() {
        let found = questions.iter().filter_map(|it| kind_of(it.1["verdict"].as_str()?));
        pairs.push((most(questions.iter().map(|it| text(it.0, "kind")))?, most(found)));
    }
    (!pairs.is_empty()).then(|| macro_f1(&pairs, &KINDS))
}

/// What a verdict says of a topic's kind.
fn kind_of(verdict: &str) -> Option<&'static str> {
    match verdict {
        "answered" | "other_norm" | "outdated" => Some("answered"),
        "hard_to_find" => Some("hard_to_find"),
        "partly" | "missing" => Some("gap"),
        _ => None,
    }
}
