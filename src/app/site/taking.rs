//! Findings of a crawl become records while it goes.

use tokio::sync::mpsc;

use super::crawl::CrawlFault;
use super::{PagesOutcome, TakenPage};
use crate::app::App;
use crate::id::Id;
use crate::journal::Seq;
use crate::page::{Crawl, CrawlEvent, FetchedPage, Finding, Page, PageEvent, PageRow};
use crate::record::Change;
use crate::rows::Stored;
use crate::schedule::Task;

/// After so many pages that were as before the journal is told of them: a crawl that is cut off
/// asks for no more than these again.
const CHECKED_AT_ONCE: usize = 200;

impl App {
    /// Makes records of findings until there are no more.
    pub(super) fn take_findings(
        &self,
        (site, crawl): (&str, Id<Crawl>),
        mut findings: mpsc::Receiver<Finding>,
        task: &Task,
    ) -> Result<PagesOutcome, CrawlFault> {
        let mut outcome = PagesOutcome::default();
        let mut checked: Vec<Seq> = vec![];
        while let Some(finding) = findings.blocking_recv() {
            if !self.may_write_background() {
                return Err(CrawlFault::NoRoom);
            }
            task.advance();
            match finding {
                Finding::New(page)
                | Finding::Changed(page)
                | Finding::Unchanged { sent: Some(page), .. } => {
                    self.take_page((site, crawl), &taken(&page), &mut outcome)?;
                }
                Finding::Unchanged { address, sent: None, is_asked } => {
                    outcome.unchanged += 1;
                    let Some(stored) = self.state.pages.get(Page::entity(&address)) else {
                        continue;
                    };
                    outcome.passages += stored.row.facts.passages;
                    if is_asked {
                        checked.push(stored.first);
                        self.tell_well(&stored, crawl)?;
                    }
                }
                Finding::Gone { address } => {
                    self.tell_gone(Page::entity(&address), crawl)?;
                    outcome.gone += 1;
                }
            }
            if CHECKED_AT_ONCE <= checked.len() {
                self.tell_checked(crawl, std::mem::take(&mut checked))?;
            }
        }
        self.tell_checked(crawl, checked)?;
        Ok(outcome)
    }

    /// Says that a page in trouble answers again, as it was.
    fn tell_well(&self, stored: &Stored<PageRow>, crawl: Id<Crawl>) -> Result<(), CrawlFault> {
        if stored.row.trouble.is_some() {
            let change = Change { entity: stored.id, version: None, now: self.now() };
            change.tell(&self.journal, &PageEvent::Well { crawl })?;
        }
        Ok(())
    }

    /// Says which pages were as before: places that follow each other as one.
    fn tell_checked(&self, crawl: Id<Crawl>, mut places: Vec<Seq>) -> Result<(), CrawlFault> {
        places.sort_unstable();
        let mut pages: Vec<[Seq; 2]> = vec![];
        for place in places {
            match pages.last_mut().filter(|last| place <= last[1] + 1) {
                Some(last) => last[1] = place,
                None => pages.push([place, place]),
            }
        }
        // What is one page of a site alone belongs to no crawl's record.
        if !pages.is_empty() && self.state.crawls.get(crawl.uuid()).is_some() {
            self.tell_crawl(crawl, None, &CrawlEvent::Checked { pages })?;
        }
        Ok(())
    }
}

fn taken(page: &FetchedPage) -> TakenPage<'_> {
    TakenPage {
        address: &page.address,
        body: &page.body,
        etag: page.etag.as_deref(),
        last_modified: page.last_modified.as_deref(),
        says_changed: page.says_changed.as_deref(),
        links: page.links.as_deref(),
        twins: &page.alternates,
    }
}
