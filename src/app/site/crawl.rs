//! Visiting a site: what the crawler finds becomes records while it goes.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;

use super::{PagesOutcome, TakenPage};
use crate::app::{App, AppError};
use crate::id::Id;
use crate::journal::JournalError;
use crate::net::{Client, Guard, NetError};
use crate::organisation::Site;
use crate::page::{
    Address, AddressError, BodyError, Crawl, CrawlCounts, CrawlError, CrawlEvent, CrawlPlan,
    CrawlReport, Crawler, FetchedPage, FilePage, Finding, Known, KnownPages, Page, Parser, Reach,
    Repeated,
};
use crate::people::By;

/// So many findings wait at most to become records.
const FINDINGS_WAITING_MAX: usize = 16;

/// Why a crawl did not come to its end. What it found before stays.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CrawlFault {
    /// The site's start is no address.
    #[error("could not read the start of the site")]
    Start(#[from] AddressError),
    /// The web client cannot be made.
    #[error("could not make ready for the crawl")]
    Client(#[from] NetError),
    /// The site cannot be read.
    #[error("could not crawl the site")]
    Site(#[from] CrawlError),
    /// A page's text cannot be kept or read.
    #[error("could not keep the pages")]
    Pages(#[from] BodyError),
    /// The journal did not take a record.
    #[error("could not write the crawl to the journal")]
    Journal(#[from] JournalError),
    /// The view does not follow the journal.
    #[error("could not see what was written")]
    Follow(#[from] AppError),
    /// The disk has no room for what can wait.
    #[error("the disk has too little room for a crawl")]
    NoRoom,
    /// The work was cut off.
    #[error("the crawl was cut off")]
    CutOff,
}

/// What a crawl has changed, and what it did not read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CrawlOutcome {
    /// What has become of the site's pages.
    pub pages: PagesOutcome,
    /// What the crawler says of its way.
    pub report: CrawlReport,
}

impl CrawlOutcome {
    fn counts(&self) -> CrawlCounts {
        let PagesOutcome { new, changed, unchanged, gone, passages } = self.pages;
        let cut = |text: &str| text.chars().take(CrawlCounts::REASON_CHARS_MAX).collect();
        let named = self.report.left_out.iter().take(CrawlCounts::REASONS_MAX);
        CrawlCounts {
            read: new + changed + unchanged,
            new,
            changed,
            gone,
            passages,
            left_out: u32::try_from(self.report.n_left_out).unwrap_or(u32::MAX),
            reasons: named.map(|(address, reason)| (cut(address), cut(reason))).collect(),
            kept: !self.report.kept.is_empty(),
            stopped: self.report.stopped.clone(),
        }
    }
}

impl App {
    /// Visits a site and takes in what has changed since the last time. Pages that cannot be
    /// read this time stay as they were.
    ///
    /// # Errors
    /// When the site cannot be read at all, or its pages cannot be kept. The journal says so.
    pub async fn crawl(
        self: &Arc<Self>,
        site: &Site,
        parser: &Parser,
        by: By,
    ) -> Result<CrawlOutcome, CrawlFault> {
        if !self.may_write_background() {
            return Err(CrawlFault::NoRoom);
        }
        let plan = plan(site)?;
        let client = client(site)?;
        let crawl = Id::<Crawl>::new(self.now());
        let start = site.start.clone();
        let known = self.blocking(move |app| {
            let started = CrawlEvent::Started { site: start.clone(), by };
            app.tell_crawl(crawl, Some(0), &started)?;
            app.settle()?;
            Ok(app.known_pages(&start))
        });
        let known = known.await?;
        let (sink, findings) = mpsc::channel(FINDINGS_WAITING_MAX);
        let start = site.start.clone();
        let taking = self.blocking(move |app| app.take_findings((&start, crawl), findings));
        let crawler = Crawler { client: &client, parser, known: &known };
        let crawling = async {
            let report = crawler.crawl(&plan, &sink).await;
            drop(sink);
            report
        };
        let (report, taken) = tokio::join!(crawling, taking);
        let ended = match (report, taken) {
            (_, Err(fault)) => Err(fault),
            (Err(error), Ok(_)) => Err(CrawlFault::Site(error)),
            (Ok(report), Ok(pages)) => Ok(CrawlOutcome { pages, report }),
        };
        self.blocking(move |app| {
            let event = match &ended {
                Ok(outcome) => CrawlEvent::Finished(outcome.counts()),
                Err(fault) => CrawlEvent::Failed { reason: told(fault) },
            };
            app.tell_crawl(crawl, None, &event)?;
            ended
        })
        .await
    }

    /// Does what blocks where it may.
    async fn blocking<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Self) -> Result<T, CrawlFault> + Send + 'static,
    ) -> Result<T, CrawlFault> {
        let app = Arc::clone(self);
        let done = tokio::task::spawn_blocking(move || work(&app)).await;
        done.map_err(|_| CrawlFault::CutOff)?
    }

    /// What earlier crawls have learned of the pages of a site.
    fn known_pages(&self, site: &str) -> KnownPages {
        let rows = self.state.pages.all();
        let live = rows.iter().map(|it| &it.row).filter(|it| !it.gone && it.facts.site == site);
        let known = live.map(|row| {
            let facts = &row.facts;
            // Links that cannot be read are links that are not known: the crawl copes.
            let links = facts.links.as_ref().and_then(|it| self.bodies.links(it).ok());
            let known = Known {
                etag: facts.etag.clone(),
                last_modified: facts.last_modified.clone(),
                fingerprint: facts.body.clone(),
                links,
            };
            (facts.address.clone(), known)
        });
        known.collect()
    }

    /// Makes records of findings until there are no more.
    fn take_findings(
        &self,
        (site, crawl): (&str, Id<Crawl>),
        mut findings: mpsc::Receiver<Finding>,
    ) -> Result<PagesOutcome, CrawlFault> {
        let mut outcome = PagesOutcome::default();
        while let Some(finding) = findings.blocking_recv() {
            if !self.may_write_background() {
                return Err(CrawlFault::NoRoom);
            }
            match finding {
                Finding::New(page)
                | Finding::Changed(page)
                | Finding::Unchanged { sent: Some(page), .. } => {
                    self.take_page((site, crawl), &taken(&page), &mut outcome)?;
                }
                Finding::Unchanged { address, sent: None } => {
                    let stored = self.state.pages.get(Page::entity(&address));
                    outcome.passages += stored.map_or(0, |it| it.row.facts.passages);
                    outcome.unchanged += 1;
                }
                Finding::Gone { address } => {
                    self.tell_gone(Page::entity(&address), crawl)?;
                    outcome.gone += 1;
                }
            }
        }
        Ok(outcome)
    }
}

/// A site that was read once, without a data folder.
#[derive(Clone, Debug, Default)]
pub struct SiteRead {
    /// Its pages, without what repeats over the site.
    pub pages: Vec<FilePage>,
    /// What the crawler says of its way.
    pub report: CrawlReport,
}

/// Reads a whole site; `told` hears each page's address.
///
/// # Errors
/// When the site cannot be read at all.
pub async fn read_site(
    site: &Site,
    parser: &Parser,
    mut told: impl FnMut(&str),
) -> Result<SiteRead, CrawlFault> {
    let (plan, client) = (plan(site)?, client(site)?);
    let (sink, mut findings) = mpsc::channel(FINDINGS_WAITING_MAX);
    let crawler = Crawler { client: &client, parser, known: &KnownPages::new() };
    let crawling = async {
        let report = crawler.crawl(&plan, &sink).await;
        drop(sink);
        report
    };
    let taking = async {
        let mut pages = vec![];
        while let Some(finding) = findings.recv().await {
            if let Finding::New(page) = finding {
                told(&page.address);
                pages.push(FilePage { url: page.address, body: page.body });
            }
        }
        pages
    };
    let (report, mut pages) = tokio::join!(crawling, taking);
    let repeated = Repeated::of(pages.iter().map(|it| &it.body));
    pages.iter_mut().for_each(|it| repeated.take_out(&mut it.body));
    Ok(SiteRead { pages, report: report? })
}

fn taken(page: &FetchedPage) -> TakenPage<'_> {
    TakenPage {
        address: &page.address,
        body: &page.body,
        etag: page.etag.as_deref(),
        last_modified: page.last_modified.as_deref(),
        links: page.links.as_deref(),
    }
}

/// The client that tells the site who reads it.
fn client(site: &Site) -> Result<Client, NetError> {
    Client::new(Guard { allow_private: site.allow_private }, &site.start)
}

/// A site's settings as the crawler takes them.
fn plan(site: &Site) -> Result<CrawlPlan, AddressError> {
    let usual = CrawlPlan::of_site(Address::parse(&site.start)?);
    let pages_max = usize::try_from(site.pages_max).unwrap_or(usize::MAX);
    Ok(CrawlPlan {
        pace: Duration::from_millis(u64::from(site.pace_ms)),
        reach: Reach { pages_max, ..usual.reach },
        ..usual
    })
}

/// A failure with its causes, in a sentence.
fn told(fault: &CrawlFault) -> String {
    const REASON_CHARS_MAX: usize = 500;
    let mut told = fault.to_string();
    let mut cause = std::error::Error::source(fault);
    while let Some(error) = cause {
        told = format!("{told}: {error}");
        cause = error.source();
    }
    told.chars().take(REASON_CHARS_MAX).collect()
}
