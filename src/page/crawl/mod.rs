//! The visit of a site: politely, within limits, and only what has changed since the last.
//!
//! `site` finds out what may be read, the frontier says what is next, `visit` fetches and sorts
//! what comes, `ledger` keeps count and decides what is gone, `notice` which pages only seem so.

mod address;
mod frontier;
mod ledger;
mod links;
mod notice;
mod plan;
mod preview;
mod site;
mod visit;

use std::collections::{BTreeSet, HashSet};
use std::mem::take;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::Sender;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

pub use self::address::{Address, AddressError};
pub(in crate::page) use self::frontier::Skip;
use self::frontier::{From, Frontier, Novelty, Visit};
pub use self::frontier::{Reach, Scope};
use self::ledger::Ledger;
pub use self::plan::{
    CrawlError, CrawlPlan, CrawlProgress, CrawlReport, FetchedPage, Finding, Known, KnownPages,
};
pub use self::preview::{OnePage, SitePreview};
use self::site::pacer::Pacer;
use self::site::{Listed, Site};
use self::visit::{Fetched, Gate, Parked, fetch};
use super::worker::Parser;
use crate::net::Client;

/// So many pages are fetched at once from a site that asks for no pace.
const FETCHES_AT_ONCE: usize = 4;
/// After so many failures in a row the site is left alone.
const FAILURES_MAX: usize = 20;
/// What a site's lists say of a page is believed for so many days at most, by the page; then it
/// is asked for all the same.
const LISTED_DAYS_MAX: u64 = 7;

/// What a crawl works with.
#[derive(Clone, Copy, Debug)]
pub struct Crawler<'a> {
    /// Fetches pages.
    pub client: &'a Client,
    /// Reads them.
    pub parser: &'a Parser,
    /// The pages of the last crawl.
    pub known: &'a KnownPages,
    /// Who looks on, if anybody does.
    pub progress: Option<&'a watch::Sender<CrawlProgress>>,
}

/// A crawl under way.
struct Run<'a> {
    crawler: Crawler<'a>,
    plan: &'a CrawlPlan,
    gate: Arc<Gate>,
    frontier: Frontier,
    ledger: Ledger<'a>,
    novelty: Novelty,
    listed: Listed,
    parked: Vec<Parked>,
    /// What is asked for once more, and when.
    retries: Vec<(Instant, Visit)>,
    /// Hosts that have asked to be left alone for a while.
    holds: Vec<(Address, Duration)>,
    feeds: usize,
    passages: usize,
    sink: &'a Sender<Finding>,
    began: Instant,
    failures_in_row: usize,
    failures: usize,
    /// Where the site begins: these pages keep what stands at the foot of all.
    fronts: BTreeSet<Address>,
    /// Whether it is known where every page of the site leads.
    knows_links: bool,
    /// Where pages that are as before led, and what was followed therefore.
    passed_links: HashSet<String>,
}

impl Crawler<'_> {
    /// Crawls a site and sends each finding to `sink` as it comes; a sink whose other end is
    /// dropped stops the crawl. On an error nothing that was known has changed, save what has
    /// been sent.
    pub async fn crawl(
        &self,
        plan: &CrawlPlan,
        sink: &Sender<Finding>,
    ) -> Result<CrawlReport, CrawlError> {
        let began = Instant::now();
        let mut pacer = Pacer::new(plan.pace);
        let site = Site::open(self.client, plan, &mut pacer).await?;
        let mut run = Run {
            crawler: *self,
            plan,
            frontier: Frontier::new(site.scope.clone(), plan.reach),
            gate: Arc::new(Gate { scope: site.scope, rules: site.rules }),
            ledger: Ledger::new(self.known),
            novelty: Novelty::default(),
            listed: site.listed,
            parked: vec![],
            retries: vec![],
            holds: vec![],
            feeds: 0,
            passages: 0,
            sink,
            began,
            failures_in_row: 0,
            failures: site.left_out.len(),
            knows_links: true,
            fronts: plan.fronts.iter().cloned().collect(),
            passed_links: HashSet::new(),
        };
        if !plan.is_single {
            run.fronts.extend(site.starts.iter().cloned());
        }
        site.left_out.into_iter().for_each(|(start, why)| run.ledger.leave_out(&start, why));
        site.starts.into_iter().for_each(|start| run.offer(start, From::default()));
        let listed = std::mem::take(&mut run.listed.pages);
        run.follow(&listed, From::default());
        run.read_all(&mut pacer).await?;
        if !plan.is_single {
            run.offer_rest();
        }
        run.read_all(&mut pacer).await?;
        run.unpark().await?;
        run.close().await
    }
}

impl Run<'_> {
    /// Visits what waits until nothing does or a limit is reached.
    async fn read_all(&mut self, pacer: &mut Pacer) -> Result<(), CrawlError> {
        while self.check_limits() {
            let width = if pacer.is_free() { FETCHES_AT_ONCE } else { pacer.n_hosts() };
            let wave = self.next_wave(width.clamp(1, FETCHES_AT_ONCE));
            if wave.is_empty() {
                let Some(next) = self.retries.iter().map(|it| it.0).min() else { break };
                sleep_until(next).await;
                continue;
            }
            for (visit, fetched) in self.fetch_all(wave, pacer).await {
                match fetched {
                    Some(fetched) => self.take(visit, fetched).await?,
                    None => self.pass_over_known(visit).await?,
                }
            }
            self.holds.drain(..).for_each(|(address, pause)| pacer.hold(&address, pause));
            self.tell_progress();
        }
        if self.frontier.is_cut() {
            self.stop("the limit of pages is reached");
        }
        Ok(())
    }

    /// What is asked for next: first what has waited long enough to be asked for again.
    fn next_wave(&mut self, width: usize) -> Vec<Visit> {
        let now = Instant::now();
        let mut wave = vec![];
        while wave.len() < width
            && let Some(at) = self.retries.iter().position(|it| it.0 <= now)
        {
            wave.push(self.retries.swap_remove(at).1);
        }
        while wave.len() < width
            && let Some(visit) = self.frontier.next_visit()
        {
            wave.push(visit);
        }
        wave
    }

    /// Fetches a few pages at once; they come back in the order of the frontier, so that the
    /// same site gives the same crawl. None for a page that need not be asked for.
    async fn fetch_all(
        &mut self,
        wave: Vec<Visit>,
        pacer: &mut Pacer,
    ) -> Vec<(Visit, Option<Fetched>)> {
        let mut tasks = JoinSet::new();
        let mut passed = vec![];
        for (place, visit) in wave.into_iter().enumerate() {
            if self.need_not_ask(&visit.address) {
                passed.push((place, visit, None));
                continue;
            }
            self.ledger.report.requests += 1;
            let turn = pacer.take_turn(&visit.address);
            let (client, gate) = (self.crawler.client.clone(), Arc::clone(&self.gate));
            let known = self.ledger.known(&visit.address);
            let known = known.map(Known::asked_by).unwrap_or_default();
            tasks.spawn(async move {
                sleep_until(turn).await;
                let fetched = fetch(&client, &gate, &visit.address, &known).await;
                (place, visit, Some(fetched))
            });
        }
        let mut fetched = tasks.join_all().await;
        fetched.extend(passed);
        fetched.sort_by_key(|it| it.0);
        fetched.into_iter().map(|(_, visit, fetched)| (visit, fetched)).collect()
    }

    /// Whether a page is known well enough: it was read by the crawl that this one goes on with,
    /// or the site's lists say that it has not changed.
    fn need_not_ask(&self, address: &Address) -> bool {
        let Some(known) = self.ledger.known(address).filter(|it| it.links.is_some()) else {
            return false;
        };
        known.is_fresh || (self.was_listed_unchanged(address) && self.believes(address, known))
    }

    /// Whether the site's lists say that a page has not changed since it was last asked for.
    fn was_listed_unchanged(&self, address: &Address) -> bool {
        let checked = self.ledger.known(address).and_then(|it| it.checked);
        let changed = self.listed.changed.get(address);
        self.plan.now.is_some() && changed.zip(checked).is_some_and(|(it, checked)| *it < checked)
    }

    /// A list is believed until it has been wrong, and of no page for ever: each night some pages
    /// are asked for all the same.
    fn believes(&self, address: &Address, known: &Known) -> bool {
        let (Some(now), Some(checked)) = (self.plan.now, known.checked) else {
            return false;
        };
        let sum =
            address.as_str().bytes().fold(0_u64, |sum, it| sum * 31 % 1_000_003 + u64::from(it));
        let days = 1 + sum % LISTED_DAYS_MAX;
        // A night may begin a little earlier than the last one.
        let hours = i64::try_from(days * 24 - 2).unwrap_or(i64::MAX);
        self.ledger.report.listed_wrongly == 0
            && now.duration_since(checked) < jiff::SignedDuration::from_hours(hours)
    }

    async fn pass_over_known(&mut self, visit: Visit) -> Result<(), CrawlError> {
        let Some(known) = self.crawler.known.get(visit.address.as_str()) else {
            return Ok(());
        };
        self.ledger.report.listed_unchanged += usize::from(!known.is_fresh);
        self.pass_over(visit, known, false).await
    }

    fn tell_progress(&mut self) {
        self.ledger.report.waiting = self.frontier.n_waiting() + self.retries.len();
        self.ledger.report.seconds = self.began.elapsed().as_secs_f64();
        if let Some(progress) = self.crawler.progress {
            // Whoever looks on wants figures, not lists.
            let own = &mut self.ledger.report;
            let lists = (take(&mut own.left_out), take(&mut own.dead), take(&mut own.troubled));
            let (report, address) = (own.clone(), self.ledger.last.clone());
            (own.left_out, own.dead, own.troubled) = lists;
            progress.send_replace(CrawlProgress { report, passages: self.passages, address });
        }
    }

    /// Offers known pages that nothing led to. When it is known where every page leads, they have
    /// left the site; else each is asked for.
    fn offer_rest(&mut self) {
        if self.ledger.report.stopped.is_some() {
            return;
        }
        let is_sure = self.knows_links && self.failures == 0;
        let rest: Vec<&String> = self.ledger.all_known().collect();
        for text in rest {
            match Address::parse(text) {
                Ok(address) if self.frontier.has_seen(&address) => {}
                Ok(address) if !is_sure && self.gate.admits(&address) => {
                    self.offer(address, From { depth: 1, ..From::default() });
                }
                Ok(_) | Err(_) => self.ledger.miss(text),
            }
        }
    }

    /// Tells whether the crawl may go on, and notes why not.
    fn check_limits(&mut self) -> bool {
        if self.plan.time_max < self.began.elapsed() {
            self.stop("the limit of time is reached");
        }
        if self.plan.bytes_max < self.ledger.report.bytes {
            self.stop("the limit of bytes is reached");
        }
        if FAILURES_MAX <= self.failures_in_row {
            self.stop("the site no longer answers");
        }
        self.ledger.report.stopped.is_none()
    }

    fn stop(&mut self, reason: &str) {
        self.ledger.report.stopped.get_or_insert_with(|| reason.to_owned());
    }

    async fn send(&self, finding: Finding) -> Result<(), CrawlError> {
        let sent = self.sink.send(finding).await;
        sent.map_err(|_| CrawlError::Stopped { address: self.plan.start.to_string() })
    }

    async fn close(mut self) -> Result<CrawlReport, CrawlError> {
        if self.ledger.report.found == 0 {
            let first = self.ledger.report.left_out.first();
            let reason = first.map_or("it is empty".to_owned(), |(_, reason)| reason.to_string());
            return Err(CrawlError::Nothing { address: self.plan.start.to_string(), reason });
        }
        for finding in self.ledger.close() {
            self.send(finding).await?;
        }
        self.tell_progress();
        let mut report = std::mem::take(&mut self.ledger.report);
        report.seconds = self.began.elapsed().as_secs_f64();
        let CrawlReport { found, gone, n_left_out, .. } = report;
        tracing::info!(
            page.url = %self.plan.start,
            n_pages = found,
            n_gone = gone,
            n_left_out,
            "crawled {} in {:.0} s: {found} pages, {gone} gone, {n_left_out} left out",
            self.plan.start,
            report.seconds
        );
        Ok(report)
    }
}

#[cfg(test)]
mod tests;
