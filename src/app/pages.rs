//! Taking a website in, and reading its passages back.

use std::collections::{BTreeMap, BTreeSet};

use skranke_index::{PageText, PassageSet, PassageText};

use super::App;
use super::reading::NearPassage;
use crate::id::Id;
use crate::inquiry::Norm;
use crate::journal::JournalError;
use crate::page::{
    Body, BodyError, Crawl, CrawlCounts, CrawlEvent, FilePage, Page, PageEvent, PageFacts,
};
use crate::people::By;
use crate::record::Change;

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

/// The live pages, and their passages ready to be searched by the page's place in the list.
pub(super) struct Site {
    pub(super) addresses: Vec<String>,
    pub(super) passages: PassageSet,
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
        let at = |version| Change { entity: crawl.uuid(), version, now: self.now() };
        let started = CrawlEvent::Started { site: site.to_owned(), by };
        at(Some(0)).tell(&self.journal, &started)?;
        let mut outcome = PagesOutcome::default();
        let mut seen = BTreeSet::new();
        for page in pages.iter().filter(|it| seen.insert(it.url.as_str())) {
            self.take_page(site, page, crawl, &mut outcome)?;
        }
        outcome.gone = self.take_gone(site, &seen, crawl)?;
        let PagesOutcome { new, changed, unchanged, gone, passages } = outcome;
        let read = new + changed + unchanged;
        let counts = CrawlCounts { read, new, changed, gone, passages, ..CrawlCounts::default() };
        at(None).tell(&self.journal, &CrawlEvent::Finished(counts))?;
        Ok(outcome)
    }

    fn take_page(
        &self,
        site: &str,
        page: &FilePage,
        crawl: Id<Crawl>,
        outcome: &mut PagesOutcome,
    ) -> Result<(), BodyError> {
        let count = u32::try_from(page.body.passages.len()).unwrap_or(u32::MAX);
        outcome.passages += count;
        let entity = Page::entity(&page.url);
        let body = self.bodies.put(&page.body, self.now())?;
        match self.state.pages.get(entity) {
            Some(old) if !old.row.gone && old.row.facts.body == body => {
                outcome.unchanged += 1;
                return Ok(());
            }
            Some(_) => outcome.changed += 1,
            None => outcome.new += 1,
        }
        let facts = PageFacts {
            address: page.url.clone(),
            site: site.to_owned(),
            title: page.body.title.clone(),
            norm: norm_of(&page.body),
            body,
            passages: count,
            etag: None,
            last_modified: None,
            crawl,
        };
        let change = Change { entity, version: None, now: self.now() };
        change.tell(&self.journal, &PageEvent::Read(facts))?;
        Ok(())
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
                let change = Change { entity: stored.id, version: None, now: self.now() };
                change.tell(&self.journal, &PageEvent::Gone { crawl })?;
                gone += 1;
            }
        }
        Ok(gone)
    }

    /// The site as it stands, ready to be searched.
    pub(super) fn site(&self) -> Result<Site, BodyError> {
        let mut addresses = vec![];
        let mut texts = vec![];
        for (key, stored) in (0_u64..).zip(self.state.pages.all().iter().filter(|it| !it.row.gone)) {
            let body = self.bodies.get(&stored.row.facts.body)?;
            addresses.push(stored.row.facts.address.clone());
            texts.push(page_text(key, &body));
        }
        Ok(Site { addresses, passages: PassageSet::new(&texts) })
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

/// The norm of most of a page's passages.
fn norm_of(body: &Body) -> Norm {
    let mut counts: BTreeMap<Norm, usize> = BTreeMap::new();
    for passage in body.passages.iter().filter(|it| it.norm != Norm::Unsure) {
        *counts.entry(passage.norm).or_default() += passage.text.len();
    }
    counts.into_iter().max_by_key(|it| it.1).map_or(Norm::Unsure, |it| it.0)
}
