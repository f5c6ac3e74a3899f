//! Whether everything is as it should be: what is looked at, how often, and what is told.

pub(super) mod attempts;
pub(super) mod counted;
pub(super) mod reconcile;
mod rows;
pub(super) mod space;
pub(super) mod verify;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::{App, Making};
use crate::config::DiskLimits;
use reconcile::{Difference, EVERY, Part, Reconciled};
use space::{Room, Space};

/// How often the disk is looked at.
const DISK_ROUND: Duration = Duration::from_secs(2);
/// How often the watch looks whether it is to stop.
const LOOK_ROUND: Duration = Duration::from_millis(200);

/// What the application knows of its health.
#[derive(Debug, Default)]
pub(super) struct Health {
    space: OnceLock<Space>,
    last: Mutex<Option<Reconciled>>,
    /// What is not repaired by making it anew, by the slice in which it was found: it is told
    /// until that slice is read again and is whole.
    lasting: Mutex<BTreeMap<u64, Vec<Difference>>>,
    /// When each part was last found whole.
    whole: Mutex<BTreeMap<Part, Timestamp>>,
    doubted: Doubt,
}

/// Why a view is not believed any more; taken by whoever makes it anew. Clones share it.
#[derive(Clone, Debug, Default)]
pub(super) struct Doubt(Arc<Mutex<Option<String>>>);

impl Doubt {
    pub(super) fn raise(&self, why: &str) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(why.to_owned());
    }

    pub(super) fn take(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Health {
    pub(super) fn doubted(&self) -> Doubt {
        self.doubted.clone()
    }

    /// Whether what can wait may be written.
    pub(super) fn may_write_background(&self) -> bool {
        self.space.get().map_or(Room::Enough, Space::room) < Room::Tight
    }

    fn doubt_view(&self, why: &str) {
        self.doubted.raise(why);
    }

    fn keep(&self, outcome: &Reconciled, is_ready: bool) {
        let mut whole = self.whole.lock().unwrap_or_else(PoisonError::into_inner);
        for part in Part::ALL {
            let is_looked_at = is_ready || matches!(part, Part::Journal | Part::Pages);
            if is_looked_at && !outcome.differences.iter().any(|it| it.part == part) {
                whole.insert(part, outcome.at);
            }
        }
        drop(whole);
        let lasts = |it: &&Difference| matches!(it.part, Part::Journal | Part::Pages);
        let found = outcome.differences.iter().filter(lasts).cloned().collect();
        let mut lasting = self.lasting.lock().unwrap_or_else(PoisonError::into_inner);
        lasting.insert(outcome.slice, found);
        drop(lasting);
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome.clone());
    }
}

/// How a part is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// As it should be.
    Good,
    /// On its way there.
    Coming(Option<Making>),
    /// Not as it should be, and why.
    Bad(String),
}

/// How one part is, and when it was last found whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartHealth {
    /// Which.
    pub part: Part,
    /// How it is.
    pub condition: Condition,
    /// When a reconciliation last found it whole; none since this process began.
    pub whole: Option<Timestamp>,
}

impl App {
    /// Minds the disk from now on, by these limits.
    pub fn mind_disk(&self, limits: DiskLimits) {
        drop(self.health.space.set(Space::new(&self.data, limits)));
    }

    /// How much room the disk has; enough when nobody minds it.
    pub fn room(&self) -> Room {
        self.health.space.get().map_or(Room::Enough, Space::room)
    }

    /// What is free for saves, in whole megabytes.
    pub fn free_mb(&self) -> Option<u64> {
        self.health.space.get().and_then(Space::free_mb)
    }

    /// Whether what can wait may be written: crawls, the index, backups.
    pub fn may_write_background(&self) -> bool {
        self.health.may_write_background()
    }

    /// What the last reconciliation found; none before the first.
    pub fn reconciled(&self) -> Option<Reconciled> {
        self.health.last.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How each part is now.
    pub fn parts_health(&self) -> Vec<PartHealth> {
        let whole = self.health.whole.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let last = self.reconciled();
        let lasting = self.health.lasting.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let told = |part| {
            let last = last.iter().flat_map(|it| &it.differences);
            let mut found = last.chain(lasting.values().flatten());
            found.find(|it| it.part == part).map(|it| it.says.clone())
        };
        let of = |part: Part| {
            let condition = match self.condition_of(part) {
                Condition::Good => told(part).map_or(Condition::Good, Condition::Bad),
                other => other,
            };
            PartHealth { part, condition, whole: whole.get(&part).copied() }
        };
        Part::ALL.map(of).into()
    }

    fn condition_of(&self, part: Part) -> Condition {
        let stopped = |why: Option<String>| why.map_or(Condition::Good, Condition::Bad);
        match part {
            Part::Journal => stopped(self.journal.failed().now()),
            Part::Pages => stopped(self.bodies.failed().now()),
            Part::View => {
                let progress = self.progress();
                match progress.failed.or(progress.trouble) {
                    Some(why) => Condition::Bad(why),
                    None if progress.is_ready => Condition::Good,
                    None => Condition::Coming(progress.making),
                }
            }
            Part::Index => match self.live.trouble() {
                Some(why) => Condition::Bad(why),
                None if self.live.searcher().is_some() => Condition::Good,
                None => Condition::Coming(None),
            },
        }
    }

    /// Waits until the service cannot go on: the journal has failed or lost records. Then the
    /// process should end, so that the next start reads what the disk really holds.
    pub async fn ended(&self) -> String {
        let mut progress = self.progress.clone();
        let lost = async {
            match progress.wait_for(|it| it.lost.is_some()).await {
                Ok(it) => it.failed.clone().unwrap_or_default(),
                Err(_) => std::future::pending().await,
            }
        };
        tokio::select! {
            why = self.journal.failed().wait() => why,
            why = self.bodies.failed().wait() => why,
            why = self.sessions.failed().wait() => why,
            why = lost => why,
        }
    }

    /// Starts the watch: the disk every other second, a reconciliation every ten minutes.
    pub fn start_watch(self: &Arc<Self>) {
        let app = Arc::downgrade(self);
        let watch = std::thread::spawn(move || {
            let (mut disk, mut reconciled): (Option<Instant>, Instant) = (None, Instant::now());
            while let Some(app) = app.upgrade() {
                if app.is_stopping() {
                    break;
                }
                if disk.is_none_or(|at| DISK_ROUND <= at.elapsed()) {
                    disk = Some(Instant::now());
                    app.tend_disk();
                }
                if EVERY <= reconciled.elapsed() && app.is_ready() {
                    app.reconcile();
                    reconciled = Instant::now();
                }
                drop(app);
                std::thread::park_timeout(LOOK_ROUND);
            }
        });
        self.threads.lock().unwrap_or_else(PoisonError::into_inner).push(watch);
    }

    fn tend_disk(&self) {
        let Some(space) = self.health.space.get() else { return };
        if let Err(error) = space.tend() {
            tracing::warn!(%error, "could not tend the ballast");
        }
    }
}
