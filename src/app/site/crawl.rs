//! Visiting a site: what the crawler finds becomes records while it goes.

use std::sync::Arc;

use tokio::sync::mpsc;

use super::PagesOutcome;
use super::under_way::Hold;
use super::way::{client, plan};
use crate::app::{App, AppError, GroupError};
use crate::id::Id;
use crate::journal::JournalError;
use crate::net::{Manner, NetError, RangeError};
use crate::organisation::Site;
use crate::page::{
    AddressError, BodyError, Crawl, CrawlCounts, CrawlError, CrawlEvent, CrawlReport, Crawler,
    FilePage, Finding, KnownPages, Page, PageEvent, Parser, Reason, Repeated,
};
use crate::people::By;
use crate::record::Change;
use crate::schedule::{Said, Task};

/// So many findings wait at most to become records.
const FINDINGS_WAITING_MAX: usize = 16;
/// Why a crawl did not come to its end. What it found before stays.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CrawlFault {
    /// The site's start is no address.
    #[error("could not read the start of the site")]
    Start(#[from] AddressError),
    /// A range of the organisation's own network cannot be read.
    #[error("could not read which networks may be visited")]
    Range(#[from] RangeError),
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
    /// What was read cannot be judged.
    #[error("could not judge what was read")]
    Judge(#[from] GroupError),
    /// The disk has no room for what can wait.
    #[error("the disk has too little room for a crawl")]
    NoRoom,
    /// The work was cut off.
    #[error("the crawl was cut off")]
    CutOff,
    /// Another crawl reads the same site.
    #[error("{site} is being read already: wait for that crawl, or stop it")]
    UnderWay {
        /// The site's start.
        site: String,
    },
    /// Somebody wanted no more of it.
    #[error("the crawl was stopped")]
    Stopped,
}

impl CrawlFault {
    /// The fault for somebody who reads another language.
    pub fn says(&self) -> Said {
        let said = |name: &str| Said::new(&format!("crawl_fault.{name}"));
        match self {
            Self::Start(_) | Self::Range(_) => said("address"),
            Self::Site(CrawlError::Start { .. }) => said("no_answer"),
            Self::Site(CrawlError::Status { status, .. }) => said("status").with("status", status),
            Self::Site(CrawlError::Moved { to, .. }) => said("moved").with("to", to),
            Self::Site(CrawlError::Denied { .. }) => said("denied"),
            Self::Site(CrawlError::Robots { .. }) => said("robots"),
            Self::Site(CrawlError::Nothing { .. }) => said("nothing"),
            Self::Site(CrawlError::Stopped { .. }) | Self::Stopped => said("stopped"),
            Self::Client(_)
            | Self::Judge(_)
            | Self::Pages(_)
            | Self::Journal(_)
            | Self::Follow(_) => said("inside"),
            Self::CutOff => said("cut_off"),
            Self::UnderWay { .. } => said("under_way"),
            Self::NoRoom => said("no_room"),
        }
    }
}

/// A visit of a site.
#[derive(Clone, Copy, Debug)]
pub struct Visit<'a> {
    /// The site.
    pub site: &'a Site,
    /// What reads its pages.
    pub parser: &'a Parser,
    /// By whom.
    pub by: By,
    /// Who looks on.
    pub task: &'a Task,
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
        const CHARS_MAX: usize = CrawlCounts::REASON_CHARS_MAX;
        let cut = |text: &str| text.chars().take(CHARS_MAX).collect();
        let named = self.report.left_out.iter().take(CrawlCounts::REASONS_MAX);
        CrawlCounts {
            read: new + changed + unchanged,
            new,
            changed,
            gone,
            passages,
            left_out: u32::try_from(self.report.n_left_out).unwrap_or(u32::MAX),
            reasons: named.map(|(address, reason)| (cut(address), reason.cut(CHARS_MAX))).collect(),
            kept: !self.report.kept.is_empty(),
            stopped: self.report.stopped.clone(),
            n_missing: count(self.report.kept.len()),
            n_noticed: count(self.report.noticed.len()),
            missing: None,
            n_dead: count(self.report.dead.len()),
            dead: None,
            listed_wrongly: count(self.report.listed_wrongly),
            failed: self
                .report
                .failed
                .iter()
                .map(|(why, n)| (cut(&why.to_string()), count(*n)))
                .collect(),
            requests: u32::try_from(self.report.requests).unwrap_or(u32::MAX),
            seconds: self.report.seconds as u32,
        }
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
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
        self.visit(Visit { site, parser, by, task: &Task::default() }).await
    }

    /// The same, while somebody looks on and may stop it.
    ///
    /// # Errors
    /// As [`Self::crawl`]; and when the same site is being read already.
    pub async fn visit(self: &Arc<Self>, visit: Visit<'_>) -> Result<CrawlOutcome, CrawlFault> {
        if !self.may_write_background() {
            return Err(CrawlFault::NoRoom);
        }
        let Visit { site, by, task, .. } = visit;
        let under_way = || CrawlFault::UnderWay { site: site.start.clone() };
        let hold = self.sites_under_way.hold(&site.start).ok_or_else(under_way)?;
        let crawl = Id::<Crawl>::new(self.now());
        let start = site.start.clone();
        let known = self.blocking(move |app| {
            let started = CrawlEvent::Started { site: start.clone(), by };
            app.tell_crawl(crawl, Some(0), &started)?;
            app.settle()?;
            Ok(app.known_pages(&start))
        });
        let known = known.await?;
        let n_known = u64::try_from(known.len()).ok().filter(|it| 0 < *it);
        task.begin("jobs.step.crawl", n_known);
        let ended = self.read((visit, &hold), crawl, &known).await;
        self.blocking(move |app| {
            let event = match &ended {
                Ok(outcome) => CrawlEvent::Finished(app.counted(crawl, outcome)?),
                Err(fault) => CrawlEvent::Failed { reason: told(fault), says: Some(fault.says()) },
            };
            app.tell_crawl(crawl, None, &event)?;
            ended
        })
        .await
    }

    /// Keeps what a crawl's record cannot hold, and tells of pages in trouble.
    fn counted(&self, crawl: Id<Crawl>, outcome: &CrawlOutcome) -> Result<CrawlCounts, CrawlFault> {
        let now = self.now();
        let report = &outcome.report;
        let keep = |list: Vec<String>| -> Result<Option<String>, CrawlFault> {
            let is_none = list.is_empty();
            Ok(if is_none { None } else { Some(self.bodies.put_links(&list, now)?) })
        };
        for (address, reason) in &report.troubled {
            let entity = Page::entity(address);
            let known = self.state.pages.get(entity);
            let is_new = |it: &Reason| it != reason;
            let told = known.and_then(|it| it.row.trouble.clone()).map(|it| it.1);
            if told.as_ref().is_none_or(is_new) {
                let event = PageEvent::Troubled { crawl, reason: reason.clone() };
                Change { entity, version: None, now }.tell(&self.journal, &event)?;
            }
        }
        let missing = report.kept.iter().chain(&report.noticed).cloned().collect();
        let dead = report.dead.iter().map(|(address, status)| format!("{status} {address}"));
        Ok(CrawlCounts { missing: keep(missing)?, dead: keep(dead.collect())?, ..outcome.counts() })
    }

    async fn read(
        self: &Arc<Self>,
        (visit, hold): (Visit<'_>, &Hold<'_>),
        crawl: Id<Crawl>,
        known: &KnownPages,
    ) -> Result<CrawlOutcome, CrawlFault> {
        let Visit { site, parser, task, .. } = visit;
        let (plan, client) = (self.plan_for(site)?, client(site, &self.manner())?);
        let (sink, findings) = mpsc::channel(FINDINGS_WAITING_MAX);
        let (start, seen) = (site.start.clone(), task.clone());
        let taking = self.blocking(move |app| app.take_findings((&start, crawl), findings, &seen));
        let crawler = Crawler { client: &client, parser, known, progress: Some(&hold.progress) };
        let crawling = async {
            // Dropped in the middle of a page, the crawler leaves what it has told and no more.
            let report = tokio::select! {
                report = crawler.crawl(&plan, &sink) => report.map_err(CrawlFault::Site),
                () = task.stopped() => Err(CrawlFault::Stopped),
                () = hold.stop.cancelled() => Err(CrawlFault::Stopped),
            };
            drop(sink);
            report
        };
        let (report, taken) = tokio::join!(crawling, taking);
        let pages = taken?;
        Ok(CrawlOutcome { pages, report: report? })
    }

    /// Whether a crawl of the site that begins there is under way.
    pub fn is_read_now(&self, site: &str) -> bool {
        self.sites_under_way.has(site)
    }

    /// Does what blocks where it may.
    pub(super) async fn blocking<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Self) -> Result<T, CrawlFault> + Send + 'static,
    ) -> Result<T, CrawlFault> {
        let app = Arc::clone(self);
        let done = tokio::task::spawn_blocking(move || work(&app)).await;
        done.map_err(|_| CrawlFault::CutOff)?
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
    (parser, manner): (&Parser, &Manner),
    mut told: impl FnMut(&str),
) -> Result<SiteRead, CrawlFault> {
    let (plan, client) = (plan(site)?, client(site, manner)?);
    let (sink, mut findings) = mpsc::channel(FINDINGS_WAITING_MAX);
    let crawler = Crawler { client: &client, parser, known: &KnownPages::new(), progress: None };
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
