//! Looking at a site without reading it all: before the first crawl, at one page, during a crawl.

use std::sync::Arc;

use tokio::sync::{mpsc, watch};

use super::PagesOutcome;
use super::crawl::{CrawlFault, Visit};
use super::way::{client, plan};
use crate::app::App;
use crate::id::Id;
use crate::organisation::Site;
use crate::page::{
    Address, Crawl, CrawlError, CrawlPlan, CrawlProgress, Crawler, KnownPages, OnePage, Page,
    Parser, Reach, Reason, ReasonCode, SitePreview,
};

impl App {
    /// Asks a site for its rules and lists, and reads no page.
    ///
    /// # Errors
    /// When the site cannot be read at all.
    pub async fn preview_site(
        &self,
        site: &Site,
        parser: &Parser,
    ) -> Result<SitePreview, CrawlFault> {
        let (plan, client) = (plan(site)?, client(site, &self.manner())?);
        let known = KnownPages::new();
        let crawler = Crawler { client: &client, parser, known: &known, progress: None };
        Ok(crawler.preview(&plan).await?)
    }

    /// Reads one page of a site as a crawl would, and keeps nothing.
    ///
    /// # Errors
    /// When the site cannot be read at all.
    pub async fn try_address(
        &self,
        site: &Site,
        parser: &Parser,
        address: &str,
    ) -> Result<OnePage, CrawlFault> {
        let address = Address::parse(address)?;
        let (plan, client) = (plan(site)?, client(site, &self.manner())?);
        let known = KnownPages::new();
        let crawler = Crawler { client: &client, parser, known: &known, progress: None };
        Ok(crawler.try_one(&plan, &address).await?)
    }

    /// How the crawl of the site that begins there goes, while it goes.
    pub fn crawl_progress(&self, site: &str) -> Option<CrawlProgress> {
        self.watch_crawl(site).map(|it| it.borrow().clone())
    }

    /// The same, for whoever wants to hear of each step.
    pub fn watch_crawl(&self, site: &str) -> Option<watch::Receiver<CrawlProgress>> {
        self.sites_under_way.watch(site)
    }

    /// Stops the crawl of a site; the next one goes on where it was. Tells whether there was one.
    pub fn stop_crawl(&self, site: &str) -> bool {
        self.sites_under_way.stop(site)
    }

    /// Reads one page of a site anew, such as one that an editor has just published, and takes in
    /// what has changed.
    ///
    /// # Errors
    /// When the page cannot be read; what was known of it stays.
    pub async fn recrawl_page(
        self: &Arc<Self>,
        visit: Visit<'_>,
        address: &str,
    ) -> Result<PagesOutcome, CrawlFault> {
        let Visit { site, parser, task, .. } = visit;
        let start = Address::parse(address)?;
        let plan = CrawlPlan {
            start: start.clone(),
            more: vec![],
            is_single: true,
            reach: Reach { pages_max: 1, depth_max: 1 },
            ..plan(site)?
        };
        plan.scope.check(&start).map_err(|why| CrawlError::Nothing {
            address: start.to_string(),
            reason: Reason::from(ReasonCode::from(why)).to_string(),
        })?;
        let client = client(site, &self.manner())?;
        let mut known = self.known_pages(&site.start);
        known.retain(|it, _| it == start.as_str());
        // Somebody wants to see it now, whatever was found a moment ago.
        known.values_mut().for_each(|it| it.is_fresh = false);
        let (sink, findings) = mpsc::channel(4);
        let (of, seen, id) = (site.start.clone(), task.clone(), Id::<Crawl>::new(self.now()));
        let taking = self.blocking(move |app| app.take_findings((&of, id), findings, &seen));
        let crawler = Crawler { client: &client, parser, known: &known, progress: None };
        let crawling = async {
            let report = crawler.crawl(&plan, &sink).await;
            drop(sink);
            report
        };
        let (report, taken) = tokio::join!(crawling, taking);
        let mut pages = taken?;
        match report {
            Ok(_) => Ok(pages),
            Err(CrawlError::Status { status: 404 | 410, .. }) if !known.is_empty() => {
                let gone = Page::entity(start.as_str());
                self.blocking(move |app| Ok(app.tell_gone(gone, id)?)).await?;
                pages.gone = 1;
                Ok(pages)
            }
            Err(why) => Err(why.into()),
        }
    }
}
