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

    fn at(&self, per_cent: usize) -> f64 {
        let mut times = self.0.clone();
        times.sort_unstable();
        let at = (times.len() * per_cent / 100).min(times.len().saturating_sub(1));
        times.get(at).map_or(f64::NAN, |it| it.as_secs_f64() * 1e3)
    }
}

/// The share of queries for which the right thing is among ten hits.
#[derive(Clone, Copy)]
pub(crate) struct Found {
    /// A passage of the page that answers.
    pub(crate) page: f64,
    /// An inquiry with the same need.
    pub(crate) need: f64,
}

const HEADINGS: [&str; 8] =
    ["what", "p50 ms", "p95 ms", "p99 ms", "recall@10", "page in 10", "need in 10", "figure"];

/// Rows of what was measured.
#[derive(Default)]
pub(crate) struct Table(Vec<[String; HEADINGS.len()]>);

impl Table {
    /// A row of calls; of look-ups also the share of the best that they found, and of the right.
    pub(crate) fn calls(
        &mut self,
        name: &str,
        times: &Times,
        (recall, found): (Option<f64>, Option<Found>),
    ) {
        let ms = [50, 95, 99].map(|it| times.at(it));
        self.row(name, ms, (recall, found));
    }

    /// A row of calls that another program has measured.
    pub(crate) fn told(&mut self, name: &str, ms: [f64; 3], found: Found) {
        self.row(name, ms, (None, Some(found)));
    }

    fn row(&mut self, name: &str, ms: [f64; 3], found: (Option<f64>, Option<Found>)) {
        let share = |it: Option<f64>| it.map_or_else(String::new, |it| format!("{it:.3}"));
        let [p50, p95, p99] = ms.map(|it| format!("{it:.3}"));
        let (page, need) = (found.1.map(|it| it.page), found.1.map(|it| it.need));
        let (recall, page, need) = (share(found.0), share(page), share(need));
        self.push([name.to_owned(), p50, p95, p99, recall, page, need, String::new()]);
    }

    /// A row of another figure.
    pub(crate) fn note(&mut self, name: &str, figure: String) {
        let mut row = [const { String::new() }; HEADINGS.len()];
        row[0] = name.to_owned();
        row[HEADINGS.len() - 1] = figure;
        self.push(row);
    }

    fn push(&mut self, row: [String; HEADINGS.len()]) {
        eprintln!("{}", row.join(" | "));
        self.0.push(row);
    }

    /// Prints all rows.
    pub(crate) fn print(&self) {
        println!("\n| {} |\n|{}", HEADINGS.join(" | "), "---|".repeat(HEADINGS.len()));
        self.0.iter().for_each(|row| println!("| {} |", row.join(" | ")));
    }
}
