//! Looking at the clock: what is due is started, once for whatever was missed.

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use tokio_util::sync::CancellationToken;

use super::{Jobs, Order, lease};
use crate::schedule::{Job, Standing};

/// The clock is looked at this often: a machine that sleeps or is set anew loses no more.
const LOOK_ROUND: Duration = Duration::from_secs(30);
/// After a run that left a reader without the letter, the next waits for so long.
const TRY_AGAIN_AFTER: SignedDuration = SignedDuration::from_mins(20);
/// After so many it waits longer.
const TRIES_SOON: usize = 3;
const TRY_LATER: SignedDuration = SignedDuration::from_hours(6);
/// At the start the view is waited for: what ran before is not known without it.
const READY_ROUND: Duration = Duration::from_millis(50);

impl Jobs {
    /// Starts jobs when their time has come, until told to stop; then stops what is under way.
    pub async fn keep_time(self: Arc<Self>, stop: CancellationToken) {
        while !self.app.is_ready() && !stop.is_cancelled() {
            drop(tokio::time::timeout(READY_ROUND, stop.cancelled()).await);
        }
        while !stop.is_cancelled() {
            self.look_at_clock().await;
            // A receiver that does not answer holds nobody up.
            let jobs = Arc::clone(&self);
            tokio::spawn(async move { jobs.tell_hooks().await });
            let jobs = Arc::clone(&self);
            self.runs.spawn(async move { jobs.send_post().await });
            drop(tokio::time::timeout(LOOK_ROUND, stop.cancelled()).await);
        }
        self.close().await;
    }

    /// Starts what is due now and does not have to wait for another.
    pub async fn look_at_clock(self: &Arc<Self>) {
        if !self.app.is_ready() {
            // A later look makes up for this one.
            return;
        }
        let jobs = Arc::clone(self);
        let waited = tokio::task::spawn_blocking(move || {
            jobs.take_over()?;
            lease::wait_for_new(&jobs.app)
        });
        let waited = waited.await;
        if !matches!(waited, Ok(Ok(()))) {
            // Without the journal no run could be written down; the next look tries again.
            tracing::error!(error = format!("{waited:?}"), "the jobs cannot be looked after");
            return;
        }
        self.look_at_readers();
        for job in Job::ALL {
            match self.look(job).standing {
                Standing::Due { slot, .. } => {
                    let order = Order { due: Some(slot), by: None, known: None };
                    // One that has to wait for another comes at a later look.
                    if let Err(refused) = self.start_for(job, order) {
                        tracing::debug!(job.name = job.name(), "not yet: {refused}");
                    }
                }
                Standing::ClockBehind => {
                    tracing::warn!(
                        job.name = job.name(),
                        "all runs of the job {} lie ahead: is the clock of this machine right?",
                        job.name()
                    );
                }
                Standing::Off | Standing::Running | Standing::Waits(_) => {}
            }
        }
    }

    /// Starts the letters for whoever has chosen a time of their own that has come. The start is
    /// a slot of its own, so that what was missed is made up for.
    fn look_at_readers(self: &Arc<Self>) {
        if !self.look(Job::Digest).schedule.is_on {
            return;
        }
        if let Some(due) = self.app.letters_due() {
            // A run that could not help this reader is no reason for one at every look.
            let runs = self.app.state.job(Job::Digest).runs;
            let tries: Vec<_> = runs.iter().filter(|it| it.due == Some(due)).collect();
            let ended = tries.last().and_then(|it| it.ended.as_ref()).map(|it| it.0);
            let pause = if tries.len() < TRIES_SOON { TRY_AGAIN_AFTER } else { TRY_LATER };
            let now = self.app.now();
            if ended.is_some_and(|at| now.duration_since(at).abs() < pause) {
                return;
            }
            let order = Order { due: Some(due), by: None, known: None };
            if let Err(refused) = self.start_for(Job::Digest, order) {
                tracing::debug!("the letters have to wait: {refused}");
            }
        }
    }
}
