//! Counts, and how long things took: numbers that threads add to without waiting for each other.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// A number that only grows.
#[derive(Debug, Default)]
pub struct Count(AtomicU64);

impl Count {
    /// Adds to it.
    pub fn add(&self, more: u64) {
        self.0.fetch_add(more, Ordering::Relaxed);
    }

    /// The number.
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// The upper ends of the buckets of durations, in microseconds and as they are shown.
pub const BUCKETS: [(u64, &str); 12] = [
    (1_000, "0.001"),
    (2_500, "0.0025"),
    (5_000, "0.005"),
    (10_000, "0.01"),
    (25_000, "0.025"),
    (50_000, "0.05"),
    (100_000, "0.1"),
    (250_000, "0.25"),
    (500_000, "0.5"),
    (1_000_000, "1"),
    (2_500_000, "2.5"),
    (10_000_000, "10"),
];

/// How long things took.
#[derive(Debug, Default)]
pub struct Durations {
    buckets: [Count; BUCKETS.len()],
    micros: Count,
    count: Count,
}

impl Durations {
    /// Counts one.
    pub fn took(&self, time: Duration) {
        let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        if let Some(place) = BUCKETS.iter().position(|it| micros <= it.0) {
            self.buckets[place].add(1);
        }
        self.micros.add(micros);
        self.count.add(1);
    }

    /// How many so far.
    pub fn count(&self) -> u64 {
        self.count.get()
    }

    /// Each bucket's upper end with how many took no longer, then the sum in seconds and the
    /// count.
    pub fn told(&self) -> (Vec<(&'static str, u64)>, f64, u64) {
        let mut so_far = 0;
        let buckets = BUCKETS.iter().zip(&self.buckets).map(|((_, end), count)| {
            so_far += count.get();
            (*end, so_far)
        });
        let buckets = buckets.collect();
        // The last bucket holds all; a count that was taken a moment later must not be below it.
        let seconds = Duration::from_micros(self.micros.get()).as_secs_f64();
        (buckets, seconds, self.count.get().max(so_far))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_counts_in_every_bucket_that_it_fits() {
        let durations = Durations::default();
        for micros in [900, 1_000, 1_001, 30_000_000] {
            durations.took(Duration::from_micros(micros));
        }
        let (buckets, seconds, count) = durations.told();
        assert_eq!((buckets[0], buckets[1], buckets[11]), (("0.001", 2), ("0.0025", 3), ("10", 3)));
        assert_eq!((seconds, count), (30.002_901, 4));
    }
}
