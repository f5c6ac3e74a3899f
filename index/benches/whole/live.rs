//! The live assignment: a new text finds its topic among all of before.

use std::time::Instant;

use skranke_index::{Nearby, Place, Standing};

use crate::Plan;
use crate::logs::{Inquiry, Logs};
use crate::table::{Table, Times};

/// So many texts of the log are placed as if they were new, to compare with the full run.
const COMPARED: usize = 2_000;

/// Takes in the log, each inquiry under the topic of its need, then places new ones; where the
/// full run has told the group of each, also how often it says the same.
pub(crate) fn run(
    plan: &Plan,
    (logs, queries): (&Logs, &[Inquiry]),
    groups: Option<&[Option<u64>]>,
    table: &mut Table,
) {
    let n = plan.size.inquiries;
    let mut nearby = Nearby::default();
    let mut topics: Vec<Option<u64>> = Vec::with_capacity(n);
    let mut taken = std::time::Duration::ZERO;
    for at in 0..n {
        let inquiry = logs.inquiry(at);
        topics.push(topic(&inquiry.label));
        let begun = Instant::now();
        nearby.put(at as u64, &inquiry.text);
        taken += begun.elapsed();
    }
    let rate = n as f64 / taken.as_secs_f64();
    table.note("live assignment, texts taken in", format!("{rate:.0} a second"));
    let standing = |key: u64| topics[key as usize].map_or(Standing::Alone, Standing::Topic);
    let (mut times, mut joined, mut right) = (Times::default(), 0, 0);
    for (at, inquiry) in (n..).zip(queries) {
        let place = times.of(|| nearby.place(at as u64, &inquiry.text, &standing));
        if let Place::Joins(found, _) = place {
            joined += 1;
            right += usize::from(Some(found) == topic(&inquiry.label));
        }
    }
    table.calls("live assignment", &times, (None, None));
    table.note("- of it joined a topic, the right one", format!("{joined}, {right}"));
    if let Some(groups) = groups {
        let share = agreement(&nearby, logs, groups);
        table.note("- of it as the full run says, each taken as new", format!("{share:.3}"));
    }
    let bytes = nearby.bytes() as f64;
    table.note(
        "- memory",
        format!("{:.0} MiB, {:.0} bytes a text", bytes / 1_048_576.0, bytes / n as f64),
    );
}

/// The share of texts that get the group of the full run, or none, as they have there.
fn agreement(nearby: &Nearby, logs: &Logs, groups: &[Option<u64>]) -> f64 {
    let standing = |key: u64| groups[key as usize].map_or(Standing::Alone, Standing::Topic);
    let (mut all, mut right) = (0, 0);
    for at in (0..groups.len()).step_by(groups.len().div_ceil(COMPARED).max(1)) {
        let place = nearby.place(at as u64, &logs.inquiry(at).text, &standing);
        let found = if let Place::Joins(topic, _) = place { Some(topic) } else { None };
        all += 1;
        right += u32::from(found == groups[at]);
    }
    f64::from(right) / f64::from(all.max(1))
}

/// The topic of a need; what is asked once has none.
fn topic(label: &str) -> Option<u64> {
    label.strip_prefix("need-")?.parse().ok()
}
