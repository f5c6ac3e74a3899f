//! What can happen to a page and to a crawl, and what they have become.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::change::TextChange;
use super::reason::Reason;
use crate::id::{Id, Named};
use crate::inquiry::Norm;
use crate::journal::Seq;
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
    /// The day on which it was last changed, as it says itself, as the number 20240303.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub says_changed: Option<u32>,
    /// Names where it leads in the page store; none when that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub links: Option<String>,
    /// The same page in other languages: language and address.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub twins: Vec<(String, String)>,
    /// What came and went since it was last read; stands in the event, and in the row's history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<Box<TextChange>>,
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
        /// When; none in older records.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<Timestamp>,
    },
    /// It could not be read, and is kept as it was.
    Troubled {
        /// The crawl that found it so.
        crawl: Id<Crawl>,
        /// Why.
        reason: Reason,
    },
    /// It answers again, and is as it was.
    Well {
        /// The crawl that found it so.
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
    /// When it left; none in older records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gone_at: Option<Timestamp>,
    /// When a record last said that it was read, if that is not when it changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_again: Option<Timestamp>,
    /// Since when it cannot be read, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<(Timestamp, Reason)>,
    /// What came and went, the newest last; at most `PageRow::HISTORY_MAX`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<(Timestamp, TextChange)>,
}

impl PageRow {
    /// So many changes are remembered.
    pub const HISTORY_MAX: usize = 12;

    fn read(old: Option<Self>, mut facts: PageFacts, at: Timestamp) -> Self {
        let change = facts.change.take();
        let first_read = old.as_ref().map_or(at, |old| old.first_read);
        let same = old.as_ref().filter(|old| old.facts.body == facts.body);
        let changed = same.map_or(at, |old| old.changed);
        let mut history = old.map(|old| old.history).unwrap_or_default();
        history.extend(change.map(|it| (at, *it)));
        let surplus = history.len().saturating_sub(Self::HISTORY_MAX);
        history.drain(..surplus);
        Self {
            facts,
            first_read,
            changed,
            gone: false,
            gone_at: None,
            read_again: Some(at).filter(|at| *at != changed),
            trouble: None,
            history,
        }
    }
}

impl Row for PageRow {
    type Event = PageEvent;

    fn fold(old: Option<Self>, event: PageEvent, head: Head) -> Option<Self> {
        match event {
            PageEvent::Read(facts) => Some(Self::read(old, facts, head.at)),
            PageEvent::Gone { crawl: _, at } => {
                old.map(|old| Self { gone: true, gone_at: at, trouble: None, ..old })
            }
            PageEvent::Troubled { crawl: _, reason } => old.map(|old| {
                let since = old.trouble.as_ref().map_or(head.at, |it| it.0);
                Self { trouble: Some((since, reason)), ..old }
            }),
            PageEvent::Well { crawl: _ } => old.map(|old| Self { trouble: None, ..old }),
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
    /// It asked for these pages, and they were as before: places of their first records, from and
    /// to.
    Checked {
        /// The places, in order.
        pages: Vec<[Seq; 2]>,
    },
    /// Somebody has answered what it asked.
    Answered {
        /// What is to become of the pages.
        answer: SiteAnswer,
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

/// What a person says of pages that a site no longer shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SiteAnswer {
    /// It is so: they are gone.
    Accept,
    /// The site is in trouble: they are kept.
    Keep,
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
    pub reasons: Vec<(String, Reason)>,
    /// Whether so many pages were missing that all were kept for a person to look.
    pub kept: bool,
    /// Why it ended before it had seen everything, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped: Option<String>,
    /// How many pages were missing and kept.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub n_missing: u32,
    /// How many pages showed a notice in place of their text, and were kept.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub n_noticed: u32,
    /// Names the addresses of both in the page store.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<String>,
    /// How many addresses that pages of the site link to do not exist.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub n_dead: u32,
    /// Names them in the page store, each with its status before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dead: Option<String>,
    /// Pages that had changed though the site's lists said otherwise.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub listed_wrongly: u32,
    /// Pages that could not be read, by reason.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub failed: BTreeMap<String, u32>,
    /// How often something was asked for.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub requests: u32,
    /// How long it took, in seconds.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub seconds: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
const fn is_zero(count: &u32) -> bool {
    *count == 0
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
    /// Pages that were as before: places of their first records, from and to, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checked: Vec<[Seq; 2]>,
    /// What somebody has answered to what it asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<SiteAnswer>,
}

impl CrawlRow {
    /// Whether it asked for a page, by the place of its first record, that was as before.
    pub fn has_checked(&self, first: Seq) -> bool {
        let after = self.checked.partition_point(|it| it[0] <= first);
        after.checked_sub(1).is_some_and(|at| first <= self.checked[at][1])
    }

    /// Takes places in; those that touch become one.
    fn check(mut self, pages: Vec<[Seq; 2]>) -> Self {
        self.checked.extend(pages);
        self.checked.sort_unstable();
        let mut joined: Vec<[Seq; 2]> = vec![];
        for [from, to] in std::mem::take(&mut self.checked) {
            match joined.last_mut().filter(|last| from <= last[1].saturating_add(1)) {
                Some(last) => last[1] = last[1].max(to),
                None => joined.push([from, to]),
            }
        }
        Self { checked: joined, ..self }
    }
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
                checked: vec![],
                answer: None,
            })),
            CrawlEvent::Checked { pages } => old.map(|old| old.check(pages)),
            CrawlEvent::Answered { answer, by: _ } => {
                old.map(|old| Self { answer: Some(answer), ..old })
            }
            CrawlEvent::Finished(counts) => {
                old.map(|old| Self { ended, counts: Some(counts), ..old })
            }
            CrawlEvent::Failed { reason, says } => {
                old.map(|old| Self { ended, failed: Some(reason), says, ..old })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_that_touch_become_one() {
        let row = CrawlRow {
            site: String::new(),
            started: Timestamp::UNIX_EPOCH,
            ended: None,
            counts: None,
            failed: None,
            says: None,
            checked: vec![],
            answer: None,
        };
        let row = row.check(vec![[5, 7], [1, 1]]).check(vec![[8, 9], [3, 3], [6, 6]]);
        assert_eq!(row.checked, [[1, 1], [3, 3], [5, 9]]);
        let asked: Vec<Seq> = (0..12).filter(|it| row.has_checked(*it)).collect();
        assert_eq!(asked, [1, 3, 5, 6, 7, 8, 9]);
    }
}
