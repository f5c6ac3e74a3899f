//! Waits between requests, so that a site is not troubled.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::page::crawl::address::Address;

/// Lets one request to a host pass at a time.
#[derive(Debug)]
pub(in crate::page::crawl) struct Pacer {
    pace: Duration,
    /// By host: its own pace, and when the next request may pass.
    hosts: BTreeMap<String, (Duration, Instant)>,
}

impl Pacer {
    /// A pacer whose first request to each host passes at once.
    pub(in crate::page::crawl) fn new(pace: Duration) -> Self {
        Self { pace, hosts: BTreeMap::new() }
    }

    fn host(&mut self, address: &Address) -> &mut (Duration, Instant) {
        let pace = self.pace;
        self.hosts.entry(address.site()).or_insert_with(|| (pace, Instant::now()))
    }

    /// Waits longer from now on when the host of `address` asks for it.
    pub(in crate::page::crawl) fn slow_down(&mut self, address: &Address, delay: Option<Duration>) {
        let host = self.host(address);
        host.0 = host.0.max(delay.unwrap_or_default());
    }

    /// Leaves the host of `address` alone for a while.
    pub(in crate::page::crawl) fn hold(&mut self, address: &Address, pause: Duration) {
        let host = self.host(address);
        host.1 = host.1.max(Instant::now() + pause);
    }

    /// Tells whether there is no need to wait at all.
    pub(in crate::page::crawl) fn is_free(&self) -> bool {
        self.pace.is_zero() && self.hosts.values().all(|it| it.0.is_zero())
    }

    /// How many hosts there are.
    pub(in crate::page::crawl) fn n_hosts(&self) -> usize {
        self.hosts.len()
    }

    /// Takes the next turn at the host of `address` and tells when it is.
    pub(in crate::page::crawl) fn take_turn(&mut self, address: &Address) -> Instant {
        let host = self.host(address);
        let turn = host.1.max(Instant::now());
        host.1 = turn + host.0;
        turn
    }

    /// Waits for the turn.
    pub(in crate::page::crawl) async fn turn(&mut self, address: &Address) {
        sleep_until(self.take_turn(address)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_pace_is_kept_and_the_site_may_ask_for_a_slower_one() {
        let [one, other] =
            ["https://x.example/", "https://y.example/"].map(|it| Address::parse(it).unwrap());
        let mut pacer = Pacer::new(Duration::from_millis(10));
        let began = Instant::now();
        pacer.turn(&one).await;
        pacer.turn(&one).await;
        assert!(Duration::from_millis(10) <= began.elapsed());
        pacer.slow_down(&one, Some(Duration::from_millis(40)));
        pacer.slow_down(&one, None);
        pacer.turn(&one).await;
        pacer.turn(&one).await;
        assert!(Duration::from_millis(20 + 40) <= began.elapsed());
        pacer.hold(&one, Duration::from_secs(60));
        assert!(Duration::from_secs(59) < pacer.take_turn(&one) - Instant::now());
        assert!(pacer.take_turn(&other) <= Instant::now(), "another host is not held up");
    }
}
