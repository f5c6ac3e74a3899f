//! What can happen to a page and to a crawl, and what they have become.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::id::{Id, Named};
use crate::inquiry::Norm;
use crate::people::By;
use crate::record::{Event, Kind};
use crate::rows::{Head, Row};
use crate::schedule::Said;

/// One address of a website.
#[derive(Debug)]
pub struct Page;

impl Named for Page {
    const PREFIX: &'static str = "pag";
}

/// One visit of a site.
#[derive(Debug)]
pub struct Crawl;

impl Named for Crawl {
    const PREFIX: &'static str = "crw";
}

impl Page {
    /// The entity of an address: the same address is the same page for ever.
    pub fn entity(address: &str) -> Uuid {
        Id::<Self>::derived(&[b"page", address.as_bytes()]).uuid()
    }
}

/// What a crawl found at an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageFacts {
    /// The address in its normal form.
    pub address: String,
    /// The site's start address.
    pub site: String,
    /// The title.
    pub title: String,
    /// The norm or language of the text.
    pub norm: Norm,
    /// SHA-256 of what was read, in hex; names the body in the page store.
    pub body: String,
    /// How many passages it has.
    pub passages: u32,
    /// For the next conditional request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// For the next conditional request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<String>,
    /// Names where it leads in the page store; none when that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub links: Option<String>,
    /// The crawl that read it.
    pub crawl: Id<Crawl>,
}

/// What can happen to a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PageEvent {
    /// It was read, for the first time or with a new content.
    Read(PageFacts),
    /// It is no longer on the site.
    Gone {
        /// The crawl that missed it.
        crawl: Id<Crawl>,
    },
}

impl Event for PageEvent {
    const KIND: Kind = Kind::Page;
}

/// A page as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageRow {
    /// What the last crawl found.
    #[serde(flatten)]
    pub facts: PageFacts,
    /// When it was first read.
    pub first_read: Timestamp,
    /// When its content last changed.
    pub changed: Timestamp,
    /// Whether it has left the site.
    pub gone: bool,
}

impl Row for PageRow {
    type Event = PageEvent;

    fn fold(old: Option<Self>, event: PageEvent, head: Head) -> Option<Self> {
        match event {
            PageEvent::Read(facts) => {
                let first_read = old.as_ref().map_or(head.at, |old| old.first_read);
                let same = old.as_ref().filter(|old| old.facts.body == facts.body);
                let changed = same.map_or(head.at, |old| old.changed);
                Some(Self { facts, first_read, changed, gone: false })
            }
            PageEvent::Gone { .. } => old.map(|old| Self { gone: true, ..old }),
        }
    }
}

/// What can happen to a crawl.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CrawlEvent {
    /// It began.
    Started {
        /// The site's start address.
        site: String,
        /// By whom.
        by: By,
    },
    /// It came to its end; all its pages are records before this one.
    Finished(CrawlCounts),
    /// It could not come to its end.
    Failed {
        /// Why, in a sentence with the causes, as the program says it.
        reason: String,
        /// Why, for somebody who reads another language; none in older records.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        says: Option<Said>,
    },
}

impl Event for CrawlEvent {
    const KIND: Kind = Kind::Crawl;
}

/// What a crawl brought.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CrawlCounts {
    /// Pages read.
    pub read: u32,
    /// Of these, seen for the first time.
    pub new: u32,
    /// Of these, with another content than before.
    pub changed: u32,
    /// Pages that have left the site.
    pub gone: u32,
    /// Passages on all pages.
    pub passages: u32,
    /// How many addresses were left out.
    pub left_out: u32,
    /// The first of them with the reason, at most `CrawlCounts::REASONS_MAX`.
    pub reasons: Vec<(String, String)>,
    /// Whether so many pages were missing that all were kept for a person to look.
    pub kept: bool,
    /// Why it ended before it had seen everything, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped: Option<String>,
}

impl CrawlCounts {
    /// So many reasons are kept; the rest is counted.
    pub const REASONS_MAX: usize = 20;
    /// The longest address or reason that is kept.
    pub const REASON_CHARS_MAX: usize = 80;
}

/// A crawl as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CrawlRow {
    /// The site's start address.
    pub site: String,
    /// When it began.
    pub started: Timestamp,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// What it brought, when it came to its end.
    pub counts: Option<CrawlCounts>,
    /// Why it did not.
    pub failed: Option<String>,
    /// The same for somebody who reads another language; none in older records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub says: Option<Said>,
}

impl Row for CrawlRow {
    type Event = CrawlEvent;

    fn fold(old: Option<Self>, event: CrawlEvent, head: Head) -> Option<Self> {
        let ended = Some(head.at);
        match event {
            CrawlEvent::Started { site, by: _ } => old.or(Some(Self {
                site,
                started: head.at,
                ended: None,
                counts: None,
                failed: None,
                says: None,
            })),
            CrawlEvent::Finished(counts) => {
                old.map(|old| Self { ended, counts: Some(counts), ..old })
            }
            CrawlEvent::Failed { reason, says } => {
                old.map(|old| Self { ended, failed: Some(reason), says, ..old })
            }
        }
    }
}
