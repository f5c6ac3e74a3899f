//! What the system tells of a process.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

/// Lets this program hold as many connections as the system allows.
pub(crate) fn allow_descriptors() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limits = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limits.maximum, maximum: limits.maximum };
    setrlimit(Resource::Nofile, raised).expect("the soft limit may be raised to the hard one");
}

const ROUND: Duration = Duration::from_millis(250);

/// A process that is looked at each quarter of a second.
pub(crate) struct Watched {
    stop: Arc<AtomicBool>,
    memory: Arc<AtomicU64>,
    descriptors: Arc<AtomicU64>,
    judging: Arc<AtomicU64>,
}

/// What was seen of a process.
pub(crate) struct Seen {
    /// The most memory.
    pub(crate) memory_mb: u64,
    /// The most descriptors.
    pub(crate) descriptors: u64,
    /// So long a child of it grouped and judged.
    pub(crate) judging_seconds: f64,
}

static CHILDREN_PEAK_MB: AtomicU64 = AtomicU64::new(0);

impl Watched {
    pub(crate) fn start(process: u32) -> Self {
        let it = Self {
            stop: Arc::default(),
            memory: Arc::default(),
            descriptors: Arc::default(),
            judging: Arc::default(),
        };
        let (stop, memory) = (Arc::clone(&it.stop), Arc::clone(&it.memory));
        let (descriptors, judging) = (Arc::clone(&it.descriptors), Arc::clone(&it.judging));
        std::thread::spawn(move || {
            while !stop.load(Ordering::Relaxed) {
                let (mb, open) = now(process);
                memory.fetch_max(mb, Ordering::Relaxed);
                descriptors.fetch_max(open, Ordering::Relaxed);
                let children = children(process);
                let all_mb = children.iter().map(|it| memory_mb(*it)).sum();
                CHILDREN_PEAK_MB.fetch_max(all_mb, Ordering::Relaxed);
                let is_judging = children.into_iter().any(judges);
                judging.fetch_add(u64::from(is_judging), Ordering::Relaxed);
                std::thread::park_timeout(ROUND);
            }
        });
        it
    }

    /// What was seen until now.
    #[expect(clippy::cast_precision_loss, reason = "rounds of minutes")]
    pub(crate) fn end(self) -> Seen {
        self.stop.store(true, Ordering::Relaxed);
        Seen {
            memory_mb: self.memory.load(Ordering::Relaxed),
            descriptors: self.descriptors.load(Ordering::Relaxed),
            judging_seconds: self.judging.load(Ordering::Relaxed) as f64 * ROUND.as_secs_f64(),
        }
    }
}

/// Memory of its own in MB, without files that are mapped into it, and open descriptors of a
/// process.
pub(crate) fn now(process: u32) -> (u64, u64) {
    let open = std::fs::read_dir(format!("/proc/{process}/fd")).map_or(0, Iterator::count);
    (memory_mb(process), open as u64)
}

fn memory_mb(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|it| it.strip_prefix("RssAnon:"));
    let kb = line.and_then(|it| it.trim().split(' ').next()?.parse::<u64>().ok());
    kb.unwrap_or(0) / 1_024
}

/// The children at the moment.
fn children(process: u32) -> Vec<u32> {
    let tasks = std::fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
    let told = tasks.filter_map(|it| std::fs::read_to_string(it.path().join("children")).ok());
    told.flat_map(|it| it.split(' ').filter_map(|it| it.parse().ok()).collect::<Vec<_>>()).collect()
}

/// Whether a process is one that groups and judges.
fn judges(process: u32) -> bool {
    let line = std::fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default();
    String::from_utf8_lossy(&line).contains("judge-worker")
}

/// The most memory that all children of watched processes ever had together.
pub(crate) fn children_peak_mb() -> u64 {
    CHILDREN_PEAK_MB.load(Ordering::Relaxed)
}

/// How much a figure that is taken each minute grows in an hour, by least squares.
#[expect(clippy::cast_precision_loss, reason = "minutes")]
pub(crate) fn slope_an_hour(all: &[f64]) -> f64 {
    let n = all.len() as f64;
    let (mean_x, mean_y) = ((n - 1.0) / 2.0, all.iter().sum::<f64>() / n);
    let pairs = || all.iter().enumerate().map(|(x, y)| (x as f64 - mean_x, y - mean_y));
    let (both, square) = (pairs().map(|it| it.0 * it.1), pairs().map(|it| it.0 * it.0));
    60.0 * both.sum::<f64>() / square.sum::<f64>().max(f64::MIN_POSITIVE)
}
