//! Waits between requests, so that a site is not troubled.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// Lets one request pass at a time.
#[derive(Debug)]
pub(super) struct Pacer {
    pace: Duration,
    next: Instant,
}

impl Pacer {
    /// A pacer whose first request passes at once.
    pub(super) fn new(pace: Duration) -> Self {
        Self { pace, next: Instant::now() }
    }

    /// Waits longer from now on when the site asks for it.
    pub(super) fn slow_down(&mut self, delay: Option<Duration>) {
        self.pace = self.pace.max(delay.unwrap_or_default());
    }

    /// Tells whether there is no need to wait at all.
    pub(super) fn is_free(&self) -> bool {
        self.pace.is_zero()
    }

    /// Waits for the turn.
    pub(super) async fn turn(&mut self) {
        sleep_until(self.next).await;
        self.next = Instant::now() + self.pace;
    }
}
