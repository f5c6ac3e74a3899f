//! The visit of a site: politely, within limits, and only what has changed since the last.
//!
//! `site` finds out what may be read, the frontier says what is next, `visit` fetches and sorts
//! what comes, `ledger` keeps count and decides what is gone.

mod address;
mod frontier;
mod ledger;
mod pacer;
mod plan;
mod robots;
mod site;
mod sitemap;
mod visit;

use std::sync::Arc;

use tokio::sync::mpsc::Sender;
use tokio::task::JoinSet;
use tokio::time::Instant;

pub use self::address::{Address, AddressError};
use self::frontier::{Frontier, Visit};
pub use self::frontier::{Reach, Scope};
use self::ledger::Ledger;
use self::pacer::Pacer;
pub use self::plan::{CrawlError, CrawlPlan, CrawlReport, FetchedPage, Finding, Known, KnownPages};
use self::site::Site;
use self::visit::{Fetched, Gate, Parked, fetch};
use super::worker::Parser;
use crate::net::Client;

/// So many pages are fetched at once from a site that asks for no pace.
const FETCHES_AT_ONCE: usize = 4;
/// After so many failures in a row the site is left alone.
const FAILURES_MAX: usize = 20;

/// What a crawl works with.
#[derive(Clone, Copy, Debug)]
pub struct Crawler<'a> {
    /// Fetches pages.
    pub client: &'a Client,
    /// Reads them.
    pub parser: &'a Parser,
    /// The pages of the last crawl.
    pub known: &'a KnownPages,
}

/// A crawl under way.
struct Run<'a> {
    crawler: Crawler<'a>,
    plan: &'a CrawlPlan,
    gate: Arc<Gate>,
    frontier: Frontier,
    ledger: Ledger<'a>,
    parked: Vec<Parked>,
    sink: &'a Sender<Finding>,
    began: Instant,
    failures_in_row: usize,
    failures: usize,
    /// Whether it is known where every page of the site leads.
    knows_links: bool,
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
            gate: Arc::new(Gate { scope: site.scope, robots: site.robots }),
            ledger: Ledger::new(self.known),
            parked: vec![],
            sink,
            began,
            failures_in_row: 0,
            failures: 0,
            knows_links: true,
        };
        run.offer(site.start, 0);
        plan.more.iter().cloned().chain(site.listed).for_each(|address| run.offer(address, 1));
        run.read_all(&mut pacer).await?;
        run.offer_rest();
        run.read_all(&mut pacer).await?;
        run.unpark().await?;
        run.close().await
    }
}

impl Run<'_> {
    /// Visits what waits until nothing does or a limit is reached.
    async fn read_all(&mut self, pacer: &mut Pacer) -> Result<(), CrawlError> {
        while self.check_limits() {
            let width = if pacer.is_free() { FETCHES_AT_ONCE } else { 1 };
            let wave: Vec<Visit> = (0..width).map_while(|_| self.frontier.next_visit()).collect();
            if wave.is_empty() {
                break;
            }
            for (visit, fetched) in self.fetch_all(wave, pacer).await {
                self.take(visit, fetched).await?;
            }
        }
        if self.frontier.is_cut() {
            self.stop("the limit of pages is reached");
        }
        Ok(())
    }

    /// Fetches a few pages at once; they come back in the order of the frontier, so that the
    /// same site gives the same crawl.
    async fn fetch_all(&self, wave: Vec<Visit>, pacer: &mut Pacer) -> Vec<(Visit, Fetched)> {
        let mut tasks = JoinSet::new();
        for (place, visit) in wave.into_iter().enumerate() {
            pacer.turn().await;
            let (client, gate) = (self.crawler.client.clone(), Arc::clone(&self.gate));
            let known = self.ledger.known(&visit.address).cloned().unwrap_or_default();
            tasks.spawn(async move {
                let fetched = fetch(&client, &gate, &visit.address, &known).await;
                (place, visit, fetched)
            });
        }
        let mut fetched = tasks.join_all().await;
        fetched.sort_by_key(|it| it.0);
        fetched.into_iter().map(|(_, visit, fetched)| (visit, fetched)).collect()
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
                Ok(address) if !is_sure && self.gate.admits(&address) => self.offer(address, 1),
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
            let reason = first.map_or("it is empty".to_owned(), |(_, reason)| reason.clone());
            return Err(CrawlError::Nothing { address: self.plan.start.to_string(), reason });
        }
        for finding in self.ledger.close() {
            self.send(finding).await?;
        }
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
mod served;
#[cfg(test)]
mod tests;
