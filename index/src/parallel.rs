//! Work on all processors.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

/// So many ranges for each processor: some take longer than others.
const RANGES: usize = 8;

/// Does a work for 0 to `n` in ranges; results come in order.
pub(crate) fn in_parallel<T: Send>(
    n: usize,
    work: impl Fn(Range<usize>) -> Vec<T> + Sync,
) -> Vec<T> {
    let size = n.div_ceil(processors() * RANGES).max(1);
    let range = |(): &mut (), at: usize| work(at * size..((at + 1) * size).min(n));
    let parts = one_by_one(n.div_ceil(size), || (), range);
    parts.into_iter().flatten().collect()
}

/// Does a work for 0 to `n`, each processor the next one when it is done with its last and with a
/// state of its own; results come in order.
pub(crate) fn one_by_one<S, T: Send>(
    n: usize,
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, usize) -> T + Sync,
) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let some = || {
        let (mut state, mut done) = (state(), vec![]);
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            if n <= at {
                return done;
            }
            done.push((at, work(&mut state, at)));
        }
    };
    let mut all: Vec<(usize, T)> = std::thread::scope(|scope| {
        let started: Vec<_> = (0..processors().min(n)).map(|_| scope.spawn(some)).collect();
        let mut all = Vec::with_capacity(n);
        for one in started {
            match one.join() {
                Ok(done) => all.extend(done),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        all
    });
    all.sort_unstable_by_key(|it| it.0);
    all.into_iter().map(|it| it.1).collect()
}

fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order() {
        for n in [0, 1, 7, 1_000] {
            let squares = in_parallel(n, |range| range.map(|it| it * it).collect());
            assert_eq!(squares, (0..n).map(|it| it * it).collect::<Vec<usize>>());
        }
    }
}
