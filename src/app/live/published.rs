//! The follower that knows what the websites publish themselves, so that it is never masked.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use super::behind::Behind;
use crate::app::{App, State};
use crate::inquiry::redact::Allowed;
use crate::journal::JournalError;
use crate::page::{Bodies, Body, BodyError};
use crate::record::Kind;

/// So long it waits for records before it looks whether it is to stop.
const LOOK_ROUND: Duration = Duration::from_millis(200);
/// While a crawl brings pages, what they publish is put together no more often than this.
const TOGETHER_EVERY: Duration = Duration::from_secs(30);

/// What each page publishes, by the content it had, and all of it together.
#[derive(Default)]
pub(in crate::app) struct Published {
    together: RwLock<Arc<Allowed>>,
    of_bodies: Mutex<BTreeMap<String, Arc<Allowed>>>,
}

impl Published {
    /// All that is published, as known.
    fn known(&self) -> Arc<Allowed> {
        Arc::clone(&self.together.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads the pages whose content is new and puts all together.
    fn refresh(&self, state: &State, bodies: &Bodies) -> Result<(), BodyError> {
        let mut of_bodies = self.of_bodies.lock().unwrap_or_else(PoisonError::into_inner);
        let pages = state.pages.all();
        let live = || pages.iter().filter(|it| !it.row.gone).map(|it| &it.row.facts.body);
        let is_known = live().all(|it| of_bodies.contains_key(it));
        let mut left: BTreeMap<String, Arc<Allowed>> = BTreeMap::new();
        for name in live() {
            let known = of_bodies.get(name).cloned();
            let known = match known {
                Some(known) => known,
                None => Arc::new(of_page(&bodies.get(name)?)),
            };
            left.insert(name.clone(), known);
        }
        if is_known && left.len() == of_bodies.len() {
            return Ok(());
        }
        let mut together = Allowed::default();
        left.values().for_each(|it| together.extend(it));
        *of_bodies = left;
        *self.together.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(together);
        Ok(())
    }
}

/// What one page publishes.
fn of_page(page: &Body) -> Allowed {
    let mut allowed = Allowed::default();
    allowed.add(&page.title);
    for passage in &page.passages {
        allowed.add(&passage.heading);
        allowed.add(&passage.text);
    }
    allowed
}

impl App {
    /// What the organisation has published itself and is not masked. While nobody follows the
    /// pages, they are looked at now.
    pub(crate) fn allowed(&self) -> Arc<Allowed> {
        let published = &self.live.published;
        if !self.live.has_started()
            && let Err(error) = published.refresh(&self.state, &self.bodies)
        {
            tracing::warn!(error = format!("{error:?}"), "what the site publishes is not known");
        }
        published.known()
    }
}

/// What the follower works with.
pub(super) struct Publisher {
    pub(super) behind: Behind,
    pub(super) bodies: Bodies,
    pub(super) published: Arc<Published>,
}

/// Why it is not known any more what is published. More is masked then, never less.
#[derive(Debug, thiserror::Error)]
enum PublishError {
    #[error("could not use the journal")]
    Journal(#[from] JournalError),
    #[error("could not read the pages")]
    Pages(#[from] BodyError),
}

impl Publisher {
    /// Follows until the process ends or the journal takes no more.
    pub(super) fn run(&self) {
        if let Err(error) = self.follow()
            && !self.behind.is_stopped()
        {
            tracing::error!(error = format!("{error:?}"), "what is published is not followed");
        }
    }

    fn follow(&self) -> Result<(), PublishError> {
        let mut after = self.behind.applied();
        let mut has_changed = true;
        let mut put_together: Option<Instant> = None;
        while !self.behind.is_stopped() {
            let is_due = put_together.is_none_or(|it| TOGETHER_EVERY <= it.elapsed());
            if has_changed && is_due {
                self.published.refresh(&self.behind.state, &self.bodies)?;
                (has_changed, put_together) = (false, Some(Instant::now()));
            }
            let Some(records) = self.behind.read(after)? else { break };
            match records.last() {
                Some(last) => {
                    after = last.seq;
                    let of_pages = |kind| matches!(Kind::of(kind), Some(Kind::Page));
                    has_changed |= records.iter().any(|it| of_pages(it.kind));
                }
                None => drop(self.behind.journal.wait_past(after, LOOK_ROUND)),
            }
        }
        Ok(())
    }
}
