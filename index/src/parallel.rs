//! Work on all processors.

use std::ops::Range;

/// Does a work for 0 to `n`, a range for each processor; results come in order.
pub(crate) fn in_parallel<T: Send>(
    n: usize,
    work: impl Fn(Range<usize>) -> Vec<T> + Sync,
) -> Vec<T> {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let size = n.div_ceil(processors).max(1);
    let work = &work;
    std::thread::scope(|scope| {
        let ranges = (0..n).step_by(size).map(|start| start..(start + size).min(n));
        let all: Vec<_> = ranges.map(|range| scope.spawn(move || work(range))).collect();
        let mut found = Vec::with_capacity(n);
        for one in all {
            match one.join() {
                Ok(part) => found.extend(part),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        found
    })
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
