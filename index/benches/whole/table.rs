//! Times and the one table that is printed.

use std::time::{Duration, Instant};

/// How long each of many calls took.
#[derive(Default)]
pub(crate) struct Times(Vec<Duration>);

impl Times {
    /// Calls and counts the time.
    pub(crate) fn of<T>(&mut self, call: impl FnOnce() -> T) -> T {
        let begun = Instant::now();
        let made = call();
        self.0.push(begun.elapsed());
        made
    }

    fn at(&self, per_cent: usize) -> String {
        let mut times = self.0.clone();
        times.sort_unstable();
        let at = (times.len() * per_cent / 100).min(times.len().saturating_sub(1));
        times.get(at).map_or_else(String::new, |it| format!("{:.3}", it.as_secs_f64() * 1e3))
    }
}

/// Rows of what was measured.
#[derive(Default)]
pub(crate) struct Table(Vec<[String; 6]>);

impl Table {
    /// A row of calls, with the share of the best that they found.
    pub(crate) fn calls(&mut self, name: &str, times: &Times, recall: Option<f64>) {
        let recall = recall.map_or_else(String::new, |it| format!("{it:.3}"));
        let cells = [name.to_owned(), times.at(50), times.at(95), times.at(99), recall];
        let [name, p50, p95, p99, recall] = cells;
        self.push([name, p50, p95, p99, recall, String::new()]);
    }

    /// A row of another figure.
    pub(crate) fn note(&mut self, name: &str, figure: String) {
        let none = String::new;
        self.push([name.to_owned(), none(), none(), none(), none(), figure]);
    }

    fn push(&mut self, row: [String; 6]) {
        eprintln!("{}", row.join(" | "));
        self.0.push(row);
    }

    /// Prints all rows.
    pub(crate) fn print(&self) {
        println!("| what | p50 ms | p95 ms | p99 ms | recall@10 | figure |");
        println!("|---|---|---|---|---|---|");
        self.0.iter().for_each(|row| println!("| {} |", row.join(" | ")));
    }
}
