//! Taking a website in.

pub(super) mod after_crawl;
pub(super) mod crawl;
pub(super) mod look;
pub(super) mod mend;
pub(super) mod question;
pub(super) mod story;
mod taking;
pub(super) mod under_way;
mod way;

use std::collections::{BTreeMap, BTreeSet};

use skranke_index::{PageText, PassageText};
use uuid::Uuid;

use crate::app::App;
use crate::app::NearPassage;
use crate::id::Id;
use crate::inquiry::Norm;
use crate::journal::{JournalError, Seq};
use crate::page::{
    Body, BodyError, Crawl, CrawlCounts, CrawlEvent, FilePage, Page, PageEvent, PageFacts,
    TextChange,
};
use crate::people::By;
use crate::record::Change;

/// So many other languages of a page are kept.
const TWINS_MAX: usize = 10;

/// What taking a site in has changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PagesOutcome {
    /// Pages seen for the first time.
    pub new: u32,
    /// Pages with another text than before.
    pub changed: u32,
    /// Pages as they were.
    pub unchanged: u32,
    /// Pages that have left the site.
    pub gone: u32,
    /// Passages on all pages.
    pub passages: u32,
}

impl PagesOutcome {
    /// Both together.
    pub fn and(self, other: Self) -> Self {
        Self {
            new: self.new + other.new,
            changed: self.changed + other.changed,
            unchanged: self.unchanged + other.unchanged,
            gone: self.gone + other.gone,
            passages: self.passages + other.passages,
        }
    }
}

/// A page as it is to be taken in.
pub(super) struct TakenPage<'a> {
    pub(super) address: &'a str,
    pub(super) body: &'a Body,
    pub(super) etag: Option<&'a str>,
    pub(super) last_modified: Option<&'a str>,
    /// The day on which it was last changed, as it says itself.
    pub(super) says_changed: Option<&'a str>,
    /// Where it leads, when that is known.
    pub(super) links: Option<&'a [String]>,
    /// The same page in other languages.
    pub(super) twins: &'a [(String, String)],
}

impl<'a> TakenPage<'a> {
    fn of_file(page: &'a FilePage) -> Self {
        let FilePage { url: address, body } = page;
        let (etag, last_modified, says_changed, links) = (None, None, None, None);
        Self { address, body, etag, last_modified, says_changed, links, twins: &[] }
    }
}

impl App {
    /// Takes a whole site in: `pages` is all of it as it stands now. Blocks.
    pub fn take_pages(
        &self,
        site: &str,
        pages: &[FilePage],
        by: By,
    ) -> Result<PagesOutcome, BodyError> {
        let crawl = Id::<Crawl>::new(self.now());
        let started = CrawlEvent::Started { site: site.to_owned(), by };
        self.tell_crawl(crawl, Some(0), &started)?;
        let mut outcome = PagesOutcome::default();
        let mut seen = BTreeSet::new();
        for page in pages.iter().filter(|it| seen.insert(it.url.as_str())) {
            self.take_page((site, crawl), &TakenPage::of_file(page), &mut outcome)?;
        }
        outcome.gone = self.take_gone(site, &seen, crawl)?;
        let PagesOutcome { new, changed, unchanged, gone, passages } = outcome;
        let read = new + changed + unchanged;
        let counts = CrawlCounts { read, new, changed, gone, passages, ..CrawlCounts::default() };
        self.tell_crawl(crawl, None, &CrawlEvent::Finished(counts))?;
        Ok(outcome)
    }

    /// Keeps a page's text and writes its record, unless it is as it was.
    pub(super) fn take_page(
        &self,
        (site, crawl): (&str, Id<Crawl>),
        page: &TakenPage<'_>,
        outcome: &mut PagesOutcome,
    ) -> Result<(), BodyError> {
        let now = self.now();
        let passages = u32::try_from(page.body.passages.len()).unwrap_or(u32::MAX);
        outcome.passages = outcome.passages.saturating_add(passages);
        let facts = PageFacts {
            address: page.address.to_owned(),
            site: site.to_owned(),
            title: page.body.title.clone(),
            norm: norm_of(page.body),
            body: self.bodies.put(page.body, now)?,
            passages,
            etag: page.etag.and_then(short),
            last_modified: page.last_modified.and_then(short),
            says_changed: page.says_changed.and_then(|day| day.replace('-', "").parse().ok()),
            links: page.links.map(|it| self.bodies.put_links(it, now)).transpose()?,
            twins: page.twins.iter().take(TWINS_MAX).cloned().collect(),
            change: None,
            crawl,
        };
        let entity = Page::entity(page.address);
        let old = self.state.pages.get(entity);
        let mut facts = facts;
        match &old {
            Some(old) if !old.row.gone && old.row.facts.body == facts.body => {
                outcome.unchanged += 1;
                let is_same =
                    PageFacts { crawl: old.row.facts.crawl, ..facts.clone() } == old.row.facts;
                if is_same && old.row.trouble.is_none() {
                    return Ok(());
                }
            }
            Some(old) => {
                outcome.changed += 1;
                // A text that cannot be read any more is one that nothing can be said of.
                let before = self.bodies.get(&old.row.facts.body).ok();
                let change = before.map(|before| TextChange::of(&before, page.body));
                facts.change = change.map(Box::new);
            }
            None => outcome.new += 1,
        }
        let change = Change { entity, version: None, now };
        change.tell(&self.journal, &PageEvent::Read(facts))?;
        Ok(())
    }

    /// Writes that a page has left its site.
    pub(super) fn tell_gone(&self, page: Uuid, crawl: Id<Crawl>) -> Result<Seq, JournalError> {
        let change = Change { entity: page, version: None, now: self.now() };
        change.tell(&self.journal, &PageEvent::Gone { crawl, at: Some(self.now()) })
    }

    /// Writes a record of a crawl; the first one with `version` 0.
    pub(super) fn tell_crawl(
        &self,
        crawl: Id<Crawl>,
        version: Option<u32>,
        event: &CrawlEvent,
    ) -> Result<Seq, JournalError> {
        Change { entity: crawl.uuid(), version, now: self.now() }.tell(&self.journal, event)
    }

    fn take_gone(
        &self,
        site: &str,
        seen: &BTreeSet<&str>,
        crawl: Id<Crawl>,
    ) -> Result<u32, JournalError> {
        let mut gone = 0;
        for stored in self.state.pages.all() {
            let facts = &stored.row.facts;
            if facts.site == site && !stored.row.gone && !seen.contains(facts.address.as_str()) {
                self.tell_gone(stored.id, crawl)?;
                gone += 1;
            }
        }
        Ok(gone)
    }

    /// The title of a page by its address.
    pub fn page_title(&self, address: &str) -> Option<String> {
        self.state.pages.get(Page::entity(address)).map(|it| it.row.facts.title.clone())
    }

    /// A passage of a page; none when the page has changed so that it is no longer there.
    pub fn passage(&self, address: &str, passage: u32) -> Option<NearPassage> {
        let stored = self.state.pages.get(Page::entity(address))?;
        let body = self.bodies.get(&stored.row.facts.body).ok()?;
        let found = body.passages.get(usize::try_from(passage).ok()?)?;
        let anchor = found.anchor.as_ref().map(|it| format!("#{it}")).unwrap_or_default();
        Some(NearPassage {
            address: format!("{address}{anchor}"),
            title: body.title.clone(),
            heading: found.heading.clone(),
            text: found.text.clone(),
            norm: found.norm,
        })
    }
}

/// A page as the index takes it.
pub fn page_text(key: u64, body: &Body) -> PageText {
    let passages = body.passages.iter().map(|it| PassageText {
        heading: it.heading.clone(),
        text: it.text.clone(),
        language: it.norm.into(),
    });
    PageText { key, title: body.title.clone(), passages: passages.collect() }
}

/// What a server wants to hear again, unless it is too long to be kept in a row.
fn short(header: &str) -> Option<String> {
    const HEADER_CHARS_MAX: usize = 300;
    (header.len() <= HEADER_CHARS_MAX).then(|| header.to_owned())
}

/// The norm of most of a page's passages.
fn norm_of(body: &Body) -> Norm {
    let mut counts: BTreeMap<Norm, usize> = BTreeMap::new();
    for passage in body.passages.iter().filter(|it| it.norm != Norm::Unsure) {
        *counts.entry(passage.norm).or_default() += passage.text.len();
    }
    counts.into_iter().max_by_key(|it| it.1).map_or(Norm::Unsure, |it| it.0)
}
