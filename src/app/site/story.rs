//! What is remembered of a site's pages, for editors: dead links, and pages long untouched.

use std::collections::{BTreeMap, BTreeSet};

use jiff::fmt::rfc2822::DateTimeParser;
use jiff::{SignedDuration, Timestamp};

use crate::app::App;
use crate::page::{BodyError, Page, PageRow, Reason};

/// So many pages are named that hold a dead link.
const HOLDERS_MAX: usize = 5;
/// A page that nobody has touched for so long may be outdated.
const UNTOUCHED: SignedDuration = SignedDuration::from_hours(2 * 365 * 24);

/// What is remembered of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageStory {
    /// The page, with the history of its changes.
    pub page: PageRow,
    /// When it was last asked for.
    pub checked: Timestamp,
}

/// How a page fares, for an editor who asks whether its answer holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageHealth {
    /// When it was last changed, as was seen or as it says; none when that is not known.
    pub changed: Option<Timestamp>,
    /// Whether nobody has touched it for two years.
    pub is_untouched: bool,
    /// Its links within the site that lead nowhere.
    pub dead: Vec<String>,
    /// Since when it cannot be read, and why.
    pub trouble: Option<(Timestamp, Reason)>,
}

/// An address of the site that does not exist, and that its pages link to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadLink {
    /// The address.
    pub address: String,
    /// How it answers.
    pub status: u16,
    /// The first pages that link to it.
    pub on: Vec<String>,
    /// How many do.
    pub n_on: usize,
}

/// A page that nobody has touched for two years.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Untouched {
    /// Its address.
    pub address: String,
    /// Its title.
    pub title: String,
    /// When it was last changed, as far as is known.
    pub since: Timestamp,
}

impl App {
    /// What is remembered of the page at an address.
    pub fn page_story(&self, address: &str) -> Option<PageStory> {
        let stored = self.state.pages.get(Page::entity(address))?;
        Some(PageStory { page: stored.row.clone(), checked: self.checked(&stored) })
    }

    /// Links within a site that lead nowhere, as its last crawl found, those that most pages hold
    /// first. Reads where all pages lead: blocks.
    ///
    /// # Errors
    /// When the page store cannot be read.
    pub fn dead_links(&self, site: &str) -> Result<Vec<DeadLink>, BodyError> {
        let link = |(address, status): (String, u16)| {
            (address.clone(), DeadLink { address, status, on: vec![], n_on: 0 })
        };
        let mut dead: BTreeMap<String, DeadLink> =
            self.dead_addresses(site)?.into_iter().map(link).collect();
        if dead.is_empty() {
            return Ok(vec![]);
        }
        for stored in self.state.pages.all() {
            let facts = &stored.row.facts;
            let Some(links) = facts.links.as_ref().filter(|_| facts.site == site) else { continue };
            if stored.row.gone {
                continue;
            }
            for link in self.bodies.links(links)? {
                let Some(dead) = dead.get_mut(&link) else { continue };
                dead.n_on += 1;
                if dead.on.len() < HOLDERS_MAX {
                    dead.on.push(facts.address.clone());
                }
            }
        }
        let mut dead: Vec<DeadLink> = dead.into_values().filter(|it| 0 < it.n_on).collect();
        dead.sort_by_key(|it| std::cmp::Reverse(it.n_on));
        Ok(dead)
    }

    /// Addresses of a site that do not exist, with their status, as its last crawl found.
    fn dead_addresses(&self, site: &str) -> Result<Vec<(String, u16)>, BodyError> {
        let crawls = self.crawls_of(site);
        let last = crawls.iter().rev().find_map(|it| it.row.counts.as_ref());
        let Some(list) = last.and_then(|it| it.dead.as_ref()) else {
            return Ok(vec![]);
        };
        let lines = self.bodies.links(list)?;
        let parted = lines.iter().filter_map(|it| it.split_once(' '));
        let read =
            |(status, address): (&str, &str)| (address.to_owned(), status.parse().unwrap_or(404));
        Ok(parted.map(read).collect())
    }

    /// How the page at an address fares. What the page store cannot tell is left out. Blocks.
    pub fn page_health(&self, address: &str) -> PageHealth {
        let Some(stored) = self.state.pages.get(Page::entity(address)) else {
            return PageHealth::default();
        };
        PageHealth {
            changed: touched(&stored.row),
            is_untouched: self.is_untouched(&stored.row),
            dead: self.dead_on(&stored.row).unwrap_or_default(),
            trouble: stored.row.trouble.clone(),
        }
    }

    fn dead_on(&self, row: &PageRow) -> Result<Vec<String>, BodyError> {
        let dead: BTreeSet<String> =
            self.dead_addresses(&row.facts.site)?.into_iter().map(|it| it.0).collect();
        let Some(links) = row.facts.links.as_ref().filter(|_| !dead.is_empty()) else {
            return Ok(vec![]);
        };
        let links = self.bodies.links(links)?;
        Ok(links.into_iter().filter(|it| dead.contains(it)).collect())
    }

    /// Whether nobody has touched the page at an address for two years.
    pub(in crate::app) fn is_old(&self, address: &str) -> bool {
        let stored = self.state.pages.get(Page::entity(address));
        stored.is_some_and(|it| self.is_untouched(&it.row))
    }

    fn is_untouched(&self, row: &PageRow) -> bool {
        let since = touched(row).unwrap_or(row.first_read);
        UNTOUCHED < self.now().duration_since(since)
    }

    /// Pages of a site that nobody has touched for two years, the oldest first. A page that does
    /// not say when it was changed counts from when it was first read.
    pub fn untouched_pages(&self, site: &str) -> Vec<Untouched> {
        let rows = self.state.pages.all();
        let live = rows.iter().map(|it| &it.row).filter(|it| !it.gone && it.facts.site == site);
        let mut old: Vec<Untouched> = live
            .filter(|row| self.is_untouched(row))
            .map(|row| Untouched {
                address: row.facts.address.clone(),
                title: row.facts.title.clone(),
                since: touched(row).unwrap_or(row.first_read),
            })
            .collect();
        old.sort_by_key(|it| it.since);
        old
    }
}

/// When a page was last changed: as was seen, or as it or its server says.
fn touched(row: &PageRow) -> Option<Timestamp> {
    // What a page says of itself was meant for readers; many servers stamp each answer anew.
    let own = row.facts.says_changed.and_then(|day| {
        let (year, month) = (day / 10_000, day / 100 % 100);
        format!("{year:04}-{month:02}-{:02}T00:00:00Z", day % 100).parse().ok()
    });
    let told = row.facts.last_modified.as_deref();
    let told = told.and_then(|it| DateTimeParser::new().parse_timestamp(it).ok());
    let said: Option<Timestamp> = own.or(told);
    let seen = Some(row.changed).filter(|it| *it != row.first_read);
    seen.into_iter().chain(said).max()
}
