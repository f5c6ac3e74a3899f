//! Times, and the one table that is printed.

use std::time::Duration;

/// Rows of what was measured.
#[derive(Default)]
pub(crate) struct Table(Vec<[String; 5]>);

/// How long each of many durable writes took.
#[derive(Debug)]
pub(crate) struct Times {
    sorted: Vec<Duration>,
    whole: Duration,
}

impl Times {
    pub(crate) fn new(mut times: Vec<Duration>, whole: Duration) -> Self {
        times.sort_unstable();
        Self { sorted: times, whole }
    }

    /// Writes a second.
    pub(crate) fn rate(&self) -> f64 {
        self.sorted.len() as f64 / self.whole.as_secs_f64()
    }

    /// The time in milliseconds that so many of a hundred do not exceed.
    pub(crate) fn at(&self, per_cent: usize) -> f64 {
        let at = (self.sorted.len() * per_cent / 100).min(self.sorted.len().saturating_sub(1));
        self.sorted.get(at).map_or(f64::NAN, |it| it.as_secs_f64() * 1e3)
    }
}

impl Table {
    pub(crate) fn times(&mut self, name: &str, times: &Times) {
        let ms = |per_cent| format!("{:.2}", times.at(per_cent));
        self.push([name.to_owned(), format!("{:.0}", times.rate()), ms(50), ms(99), "".into()]);
    }

    pub(crate) fn note(&mut self, name: &str, figure: String) {
        let none = String::new;
        self.push([name.to_owned(), none(), none(), none(), figure]);
    }

    fn push(&mut self, row: [String; 5]) {
        eprintln!("{}", row.join(" | "));
        self.0.push(row);
    }

    pub(crate) fn print(&self) {
        println!("\n| what | a second | p50 ms | p99 ms | figure |\n|---|---|---|---|---|");
        self.0.iter().for_each(|row| println!("| {} |", row.join(" | ")));
    }
}
