//! A made-up town and how to wait for its service: what several measurements share.

use std::time::{Duration, Instant};

use crate::harness::visitor::{Service, Visitor};

/// What callers ask about ...
pub(crate) const SUBJECTS: [&str; 12] = [
    "symjehallen",
    "biblioteket",
    "barnehage",
    "byggesak",
    "renovasjon",
    "legevakta",
    "kulturskulen",
    "skuleskyss",
    "brøyting",
    "gatelys",
    "hyttetomt",
    "vassavgift",
];
/// ... and what they want to know of it.
pub(crate) const WANTS: [&str; 6] =
    ["når opnar", "kva kostar", "kven har ansvar for", "korleis søkjer eg om", "kvar er", "frist"];
/// A service that has not done it by then never will.
pub(crate) const PATIENCE: Duration = Duration::from_secs(1_800);
/// So often a service is asked how far it has come.
const LOOK_ROUND: Duration = Duration::from_millis(50);

/// Waits until what the service says of itself fits: all of it, and its status.
pub(crate) fn wait_for(service: &Service, fits: impl Fn(&serde_json::Value, &str) -> bool) {
    let begun = Instant::now();
    loop {
        let told = Visitor::new(service.address).get("/healthz").json();
        if fits(&told, told["status"].as_str().unwrap_or_default()) {
            return;
        }
        assert!(begun.elapsed() < PATIENCE, "{told}");
        std::thread::park_timeout(LOOK_ROUND);
    }
}
