//! How a site is visited: its settings as the crawler takes them, and what is known of its pages.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::crawl::CrawlFault;
use crate::app::App;
use crate::journal::Seq;
use crate::net::{Client, Guard, IpRange, Manner};
use crate::organisation::Site;
use crate::page::{Address, CrawlPlan, CrawlRow, Known, KnownPages, PageRow, Reach};
use crate::rows::Stored;

/// What is left of a crawl that was cut off is gone on with for so long.
const RESUME_WITHIN: SignedDuration = SignedDuration::from_hours(24);
/// A site whose lists were wrong is not believed for so long.
const DISTRUST: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Of so many crawls it is looked up what they asked for.
const CRAWLS_LOOKED_AT: usize = 40;

/// The client that tells the site who reads it.
pub(super) fn client(site: &Site, manner: &Manner) -> Result<Client, CrawlFault> {
    let ranges: Result<Vec<IpRange>, _> = site.ranges.iter().map(|it| it.parse()).collect();
    let ranges = ranges?;
    let ranges = match (site.allow_private, ranges.is_empty()) {
        (false, _) => &[],
        (true, true) => &IpRange::INSIDE[..],
        (true, false) => &ranges,
    };
    Ok(Client::with(Guard::opening(ranges), &site.start, manner)?)
}

/// A site's settings as the crawler takes them.
pub(super) fn plan(site: &Site) -> Result<CrawlPlan, CrawlFault> {
    let mut plan = CrawlPlan::of_site(Address::parse(&site.start)?);
    for start in &site.more {
        plan = plan.and(Address::parse(start)?);
    }
    let pages_max = usize::try_from(site.pages_max).unwrap_or(usize::MAX);
    plan.pace = Duration::from_millis(u64::from(site.pace_ms));
    plan.reach = Reach { pages_max, ..plan.reach };
    plan.scope.allowed.clone_from(&site.allowed);
    plan.scope.denied.clone_from(&site.denied);
    plan.languages.clone_from(&site.languages);
    Ok(plan)
}

impl App {
    /// The same for a site of this organisation, whose lists may be believed.
    pub(super) fn plan_for(&self, site: &Site) -> Result<CrawlPlan, CrawlFault> {
        let now = self.now();
        let lied = self.crawls_of(&site.start).iter().any(|it| {
            let wrong = it.row.counts.as_ref().map_or(0, |counts| counts.listed_wrongly);
            0 < wrong && now.duration_since(it.row.started) < DISTRUST
        });
        let plan = plan(site)?;
        Ok(CrawlPlan { now: (!lied).then_some(now), retry_pause: self.retry_pause(), ..plan })
    }

    /// How the program goes out.
    pub(in crate::app) fn manner(&self) -> Manner {
        self.manner.get().cloned().unwrap_or_default()
    }

    /// Sets how the program goes out, once, before the first crawl.
    pub fn set_manner(&self, manner: Manner) {
        // A second setting is a mistake that nothing depends on.
        drop(self.manner.set(manner));
    }

    fn retry_pause(&self) -> Duration {
        // Whoever is less patient with answers is so with pauses.
        self.manner().patience.headers / 5
    }

    /// The crawls of a site, the newest last.
    pub(super) fn crawls_of(&self, site: &str) -> Vec<std::sync::Arc<Stored<CrawlRow>>> {
        self.state.crawls.all().into_iter().filter(|it| it.row.site == site).collect()
    }

    /// What earlier crawls have learned of the pages of a site.
    pub(super) fn known_pages(&self, site: &str) -> KnownPages {
        let crawls = self.crawls_of(site);
        let resumed = resumed(&crawls, self.now());
        let recent = &crawls[crawls.len().saturating_sub(CRAWLS_LOOKED_AT)..];
        let rows = self.state.pages.all();
        let live = rows.iter().filter(|it| !it.row.gone && it.row.facts.site == site);
        let known = live.map(|stored| {
            let facts = &stored.row.facts;
            // Links that cannot be read are links that are not known: the crawl copes.
            let links = facts.links.as_ref().and_then(|it| self.bodies.links(it).ok());
            let known = Known {
                etag: facts.etag.clone(),
                last_modified: facts.last_modified.clone(),
                fingerprint: facts.body.clone(),
                links,
                checked: Some(checked(stored.first, &stored.row, recent)),
                is_fresh: resumed
                    .iter()
                    .any(|it| it.id == facts.crawl.uuid() || it.row.has_checked(stored.first)),
            };
            (facts.address.clone(), known)
        });
        known.collect()
    }

    /// When a page was last asked for.
    pub(super) fn checked(&self, stored: &Stored<PageRow>) -> Timestamp {
        let crawls = self.crawls_of(&stored.row.facts.site);
        checked(stored.first, &stored.row, &crawls)
    }
}

/// When a page was last asked for, as its record and these crawls tell.
fn checked(first: Seq, row: &PageRow, crawls: &[std::sync::Arc<Stored<CrawlRow>>]) -> Timestamp {
    let read = row.read_again.unwrap_or(row.changed);
    let asked = crawls.iter().rev().find(|it| it.row.has_checked(first));
    asked.map_or(read, |it| read.max(it.row.started))
}

/// The crawls that did not come to their end and that the next one goes on with: those after the
/// last that did.
fn resumed(crawls: &[std::sync::Arc<Stored<CrawlRow>>], now: Timestamp) -> Vec<&Stored<CrawlRow>> {
    let is_cut = |row: &CrawlRow| {
        let says = row.says.as_ref().map(|it| it.key.as_str());
        row.counts.is_none()
            && (row.ended.is_none()
                || matches!(says, Some("crawl_fault.stopped" | "crawl_fault.cut_off")))
    };
    let late = crawls.iter().rev().map(|it| &**it);
    // The crawl that is about to begin is the newest, and has found nothing yet.
    late.skip_while(|it| it.row.ended.is_none() && it.row.checked.is_empty())
        .take_while(|it| is_cut(&it.row) && now.duration_since(it.row.started) < RESUME_WITHIN)
        .collect()
}
