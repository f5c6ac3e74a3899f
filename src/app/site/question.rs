//! What a crawl asks a person: whether pages that a site no longer shows are gone, or the site is
//! in trouble.

use jiff::Timestamp;
use uuid::Uuid;

use super::crawl::CrawlFault;
use crate::app::App;
use crate::id::Id;
use crate::page::{Crawl, CrawlEvent, CrawlRow, Page, SiteAnswer};
use crate::people::By;
use crate::rows::Stored;

/// What a site is asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteQuestion {
    /// The crawl that asks.
    pub crawl: Uuid,
    /// What it has found.
    pub kind: SiteTrouble,
    /// Since when.
    pub since: Timestamp,
    /// The pages that it is about, kept as they were until somebody answers.
    pub pages: Vec<String>,
}

/// What seems to be wrong with a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SiteTrouble {
    /// Too many pages are missing at once.
    Missing,
    /// Pages show a notice in place of their text.
    Notice,
    /// The site does not answer, or does not want to be read, again and again.
    Silent,
}

impl App {
    /// What is to be answered about a site, if anything is. Blocks.
    ///
    /// # Errors
    /// When the list of pages cannot be read.
    pub fn site_question(&self, site: &str) -> Result<Option<SiteQuestion>, CrawlFault> {
        let crawls = self.crawls_of(site);
        let ended: Vec<&Stored<CrawlRow>> =
            crawls.iter().map(|it| &**it).filter(|it| it.row.ended.is_some()).collect();
        let Some(last) = ended.last().filter(|it| it.row.answer.is_none()) else {
            return Ok(None);
        };
        let Some(counts) = &last.row.counts else {
            return Ok(self.silence(site, &ended));
        };
        let Some(list) = &counts.missing else {
            return Ok(None);
        };
        let kind = if 0 < counts.n_noticed { SiteTrouble::Notice } else { SiteTrouble::Missing };
        let pages = self.bodies.links(list)?;
        let is_live = |it: &String| self.is_live(it);
        let pages: Vec<String> = pages.into_iter().filter(is_live).collect();
        let question = SiteQuestion { crawl: last.id, kind, since: last.row.started, pages };
        Ok(Some(question).filter(|it| !it.pages.is_empty()))
    }

    fn is_live(&self, address: &str) -> bool {
        self.state.pages.get(Page::entity(address)).is_some_and(|it| !it.row.gone)
    }

    /// A site that two crawls in a row could not read, and whose pages are still shown.
    fn silence(&self, site: &str, ended: &[&Stored<CrawlRow>]) -> Option<SiteQuestion> {
        const CRAWLS_MIN: usize = 2;
        let is_silent = |row: &CrawlRow| {
            let says = row.says.as_ref().map_or("", |it| it.key.as_str());
            let names = ["no_answer", "status", "denied", "robots", "nothing", "moved"];
            row.counts.is_none() && names.iter().any(|it| says == format!("crawl_fault.{it}"))
        };
        let silent: Vec<_> = ended.iter().rev().take_while(|it| is_silent(&it.row)).collect();
        let first = silent.last().filter(|_| CRAWLS_MIN <= silent.len())?;
        let pages = self.state.pages.all();
        let live = pages.iter().filter(|it| it.row.facts.site == site && !it.row.gone);
        let pages: Vec<String> = live.map(|it| it.row.facts.address.clone()).collect();
        let crawl = ended.last()?.id;
        let (kind, since) = (SiteTrouble::Silent, first.row.started);
        (!pages.is_empty()).then_some(SiteQuestion { crawl, kind, since, pages })
    }

    /// Takes a person's answer, and tells how many pages are gone by it. Blocks.
    ///
    /// # Errors
    /// When the journal does not take it.
    pub fn answer_site(&self, site: &str, answer: SiteAnswer, by: By) -> Result<usize, CrawlFault> {
        let Some(question) = self.site_question(site)? else {
            return Ok(0);
        };
        let crawl = Id::<Crawl>::from_uuid(question.crawl);
        let gone = match answer {
            SiteAnswer::Accept => question.pages.as_slice(),
            SiteAnswer::Keep => &[],
        };
        for address in gone {
            self.tell_gone(Page::entity(address), crawl)?;
        }
        self.tell_crawl(crawl, None, &CrawlEvent::Answered { answer, by })?;
        Ok(gone.len())
    }
}
