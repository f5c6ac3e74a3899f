//! The same writes in sled alone, flushed each, and in SQLite, which a script measures.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde_json::Value;

use crate::appends::{payload, together};
use crate::table::{Table, Times};

pub(crate) fn run(seconds: u64, folder: &Path, table: &mut Table) {
    let length = Duration::from_secs(seconds);
    for writers in [1, 64] {
        let base = sled::open(folder.join(format!("sled-{writers}"))).unwrap();
        let next = AtomicU64::new(0);
        let times = together(writers, length, || {
            let n = next.fetch_add(1, Ordering::Relaxed);
            base.insert(n.to_be_bytes(), payload(n.into())).unwrap();
            base.flush().unwrap();
        });
        table.times(&format!("sled, flush per write, {writers} writers"), &times);
    }
    sqlite(seconds, folder, table);
}

fn sqlite(seconds: u64, folder: &Path, table: &mut Table) {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bench/store/sqlite.py");
    let told = Command::new("python3")
        .arg(script)
        .arg(folder)
        .arg(seconds.to_string())
        .stderr(Stdio::inherit())
        .output();
    let Ok(told) = told else {
        eprintln!("python3 is not installed: SQLite is not measured");
        return;
    };
    for line in String::from_utf8_lossy(&told.stdout).lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        let times = row["us"].as_array().unwrap().iter().filter_map(Value::as_u64);
        let times = times.map(Duration::from_micros).collect();
        let whole = Duration::from_secs_f64(row["seconds"].as_f64().unwrap());
        table.times(row["name"].as_str().unwrap(), &Times::new(times, whole));
    }
}
