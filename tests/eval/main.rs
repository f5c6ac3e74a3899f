//! How well topics, gaps and personal data are found on labelled sets: tables, and floors.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod personal;
mod scores;
mod set;
mod year;

use std::path::{Path, PathBuf};

use set::{Figures, figures, sets};

/// Our own set: a municipality that does not exist, 356 notes and 43 pages.
const OWN: &str = "tests/fixtures/scenario";

/// What the program must reach on our own set.
const FLOORS: [(&str, f64, Of); 8] = [
    ("BCubed F1", 0.57, |it| Some(it.clustering.b3_f1)),
    ("det F1", 0.37, |it| Some(it.clustering.det_f1)),
    ("gap by question", 0.81, |it| it.gap_by_question),
    ("gap by topic", 0.90, |it| it.gap_by_topic),
    ("R@1", 0.86, |it| it.recall[0]),
    ("R@3", 0.95, |it| it.recall[1]),
    ("R@5", 0.96, |it| it.recall[2]),
    ("kind F1", 0.68, |it| it.kind_f1),
];

type Of = fn(&Figures) -> Option<f64>;

#[test]
fn topics_and_gaps_of_our_own_set_are_found() {
    let own = figures(&Path::new(env!("CARGO_MANIFEST_DIR")).join(OWN));
    println!("{}\n{}", head(), row("scenario", &own));
    for (name, least, of) in FLOORS {
        let reached = of(&own).unwrap();
        assert!(least <= reached, "{name} is {reached:.3}, below {least}");
    }
}

/// The sets in the folders that `make eval` names.
#[expect(clippy::disallowed_methods, reason = "a test's own setting")]
fn named_sets() -> Vec<PathBuf> {
    let named = std::env::var("SKRANKE_EVAL_SETS").unwrap_or_default();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = named.split(' ').filter(|it| !it.is_empty());
    folders.flat_map(|it| sets(&root.join(it))).collect()
}

#[test]
fn sets_that_are_named_are_scored() {
    let sets = named_sets();
    if sets.is_empty() {
        println!("no folder of sets is named or found: our own set alone is scored");
        return;
    }
    println!("{}", head());
    for set in sets {
        let name = set.file_name().unwrap().to_string_lossy().into_owned();
        println!("{}", row(&name, &figures(&set)));
    }
}

fn head() -> String {
    format!(
        "{:20} {:>6} {:>7} {:>6} {:>6} {:>6} {:>6} {:>6} {:>6} {:>6} {:>8} {:>6}",
        "set",
        "n",
        "BCubed",
        "det",
        "gap q",
        "gap t",
        "R@1",
        "R@3",
        "R@5",
        "kind",
        "seconds",
        "MiB"
    )
}

fn row(name: &str, it: &Figures) -> String {
    let told = |value: Option<f64>| value.map_or("-".to_owned(), |it| format!("{it:.3}"));
    let Figures { clustering, recall: [r1, r3, r5], .. } = it;
    format!(
        "{name:20} {:6} {:>7} {:>6} {:>6} {:>6} {:>6} {:>6} {:>6} {:>6} {:8.1} {:>6}",
        it.n,
        told(Some(clustering.b3_f1)),
        told(Some(clustering.det_f1)),
        told(it.gap_by_question),
        told(it.gap_by_topic),
        told(*r1),
        told(*r3),
        told(*r5),
        told(it.kind_f1),
        it.seconds,
        it.peak_mib.map_or("-".to_owned(), |it| it.to_string()),
    )
}
