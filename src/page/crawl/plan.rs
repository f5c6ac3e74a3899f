//! What a crawl is told and what it tells.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;

use crate::net::NetError;
use crate::page::Reason;
use crate::page::bodies::Body;
use crate::page::crawl::address::Address;
use crate::page::crawl::frontier::{Reach, Scope};

/// So many pages of a site are read.
pub(super) const PAGES_MAX: usize = 20_000;
/// So many links lie between the start and a page.
pub(super) const DEPTH_MAX: usize = 20;
/// So much is fetched from a site in one crawl, unpacked.
pub(super) const SITE_BYTES_MAX: u64 = 4 * 1024 * 1024 * 1024;
/// A crawl ends after this time.
pub(super) const CRAWL_TIME_MAX: Duration = Duration::from_secs(8 * 60 * 60);
/// The least time between two requests unless the organisation says otherwise.
pub(super) const PACE: Duration = Duration::from_secs(1);

/// The first pause before an address that did not answer is asked for again.
pub(super) const RETRY_PAUSE: Duration = Duration::from_secs(2);

/// What to crawl, and how.
#[derive(Clone, Debug)]
pub struct CrawlPlan {
    /// Where the crawl begins.
    pub start: Address,
    /// Further addresses to begin at, such as parts that nothing links to.
    pub more: Vec<Address>,
    /// Where the site begins, also when only another page of it is read.
    pub fronts: Vec<Address>,
    /// What belongs to the site.
    pub scope: Scope,
    /// The least time between two requests; the site may ask for more. Without any, several
    /// pages are fetched at once: only for a site of one's own.
    pub pace: Duration,
    /// The limits on pages and depth.
    pub reach: Reach,
    /// The limit on bytes.
    pub bytes_max: u64,
    /// The limit on time.
    pub time_max: Duration,
    /// Languages whose pages are read, such as `nn`; none means all. A page that names no
    /// language is read.
    pub languages: Vec<String>,
    /// The first pause before an address that did not answer is asked for again; it grows.
    pub retry_pause: Duration,
    /// Only the start is read, and no lists: a page that an editor has just published.
    pub is_single: bool,
    /// When the crawl begins, by which the dates of the site's lists are judged; without it they
    /// do not count.
    pub now: Option<Timestamp>,
}

impl CrawlPlan {
    /// The usual crawl of what lies in the folder of `start`: of a site's front page, all of it.
    pub fn of_site(start: Address) -> Self {
        Self {
            scope: Scope::below(&start),
            fronts: vec![start.clone()],
            start,
            more: vec![],
            pace: PACE,
            reach: Reach { pages_max: PAGES_MAX, depth_max: DEPTH_MAX },
            bytes_max: SITE_BYTES_MAX,
            time_max: CRAWL_TIME_MAX,
            languages: vec![],
            retry_pause: RETRY_PAUSE,
            is_single: false,
            now: None,
        }
    }

    /// A further start: what lies in its folder and below belongs to the site too.
    #[must_use]
    pub fn and(mut self, start: Address) -> Self {
        self.scope = self.scope.and(Scope::below(&start));
        self.fronts.push(start.clone());
        self.more.push(start);
        self
    }
}

/// What the last crawl learned of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// For the conditional request.
    pub etag: Option<String>,
    /// For the conditional request.
    pub last_modified: Option<String>,
    /// What its content was.
    pub fingerprint: String,
    /// Where it led, as `FetchedPage::links` told; none when that is not known. A page that is
    /// not sent again because it has not changed still leads there. Without it, pages that are
    /// linked from nowhere any more are looked up before they count as gone.
    pub links: Option<Vec<String>>,
    /// When it was last asked for.
    pub checked: Option<Timestamp>,
    /// It was read by the crawl that this one goes on with, and is not asked for again.
    pub is_fresh: bool,
}

impl Known {
    /// What the page is asked for by, without where it leads.
    pub(super) fn asked_by(&self) -> Self {
        let (etag, last_modified) = (self.etag.clone(), self.last_modified.clone());
        Self { etag, last_modified, ..Self::default() }
    }
}

/// The pages of the last crawl by address.
pub type KnownPages = BTreeMap<String, Known>;

/// One page as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FetchedPage {
    /// The address, in its normal form and after redirects.
    pub address: String,
    /// For the next crawl.
    pub etag: Option<String>,
    /// For the next crawl.
    pub last_modified: Option<String>,
    /// The day on which it was last changed, as it says itself.
    pub says_changed: Option<String>,
    /// What the content is, in hex.
    pub fingerprint: String,
    /// The language that the page declares.
    pub language: Option<String>,
    /// The same page in other languages: language and address.
    pub alternates: Vec<(String, String)>,
    /// The pages of the site that it links to; none when they are too many to be remembered.
    pub links: Option<Vec<String>>,
    /// The text.
    pub body: Body,
}

/// What was found out about one address, told as the crawl goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// A page that was not known.
    New(Box<FetchedPage>),
    /// A known page with another content.
    Changed(Box<FetchedPage>),
    /// A known page with the same content.
    Unchanged {
        /// The address.
        address: String,
        /// What was sent again though it holds the same; none when nothing was.
        sent: Option<Box<FetchedPage>>,
        /// Whether the site was asked.
        is_asked: bool,
    },
    /// A known page that has left the site; told at the end.
    Gone {
        /// The address.
        address: String,
    },
}

/// What a crawl brought.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CrawlReport {
    /// Pages found: new, changed and unchanged.
    pub found: usize,
    /// Of these, not known before.
    pub new: usize,
    /// Of these, with another content.
    pub changed: usize,
    /// Of these, as before.
    pub unchanged: usize,
    /// Known pages that have left the site.
    pub gone: usize,
    /// Addresses that were not read, with the reason; the first `CrawlReport::LEFT_OUT_MAX`.
    pub left_out: Vec<(String, Reason)>,
    /// How many were not read.
    pub n_left_out: usize,
    /// Known pages that were missing, but too many at once to believe it: they are kept.
    pub kept: Vec<String>,
    /// Known pages that answered with a notice in place of their text: they are kept.
    pub noticed: Vec<String>,
    /// Pages of the site that do not exist, with their status; the first
    /// `CrawlReport::LEFT_OUT_MAX`.
    pub dead: Vec<(String, u16)>,
    /// Pages that were not asked for, since the site's lists say that they have not changed.
    pub listed_unchanged: usize,
    /// Pages that had changed though the site's lists said otherwise.
    pub listed_wrongly: usize,
    /// Pages that could not be read, by reason.
    pub failed: BTreeMap<Reason, usize>,
    /// Known pages that could not be read, with the reason; the first
    /// `CrawlReport::LEFT_OUT_MAX`.
    pub troubled: Vec<(String, Reason)>,
    /// How many addresses still waited at the end.
    pub waiting: usize,
    /// How often something was asked for, redirects not counted.
    pub requests: u64,
    /// Why the crawl ended before it had seen everything, if it did.
    pub stopped: Option<String>,
    /// How long it took.
    pub seconds: f64,
    /// What it fetched, unpacked.
    pub bytes: u64,
    /// The same as it came, packed.
    pub wire_bytes: u64,
}

/// How a crawl goes, for whoever looks on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CrawlProgress {
    /// The counts so far; `waiting` is what waits now.
    pub report: CrawlReport,
    /// Passages on the pages that came.
    pub passages: usize,
    /// The address that was asked for last.
    pub address: String,
}

impl CrawlProgress {
    /// Pages a second since the beginning.
    pub fn speed(&self) -> f64 {
        self.report.found as f64 / self.report.seconds.max(0.001)
    }
}

impl CrawlReport {
    /// So many addresses that were left out are named.
    pub const LEFT_OUT_MAX: usize = 1_000;
}

/// Why a crawl told nothing. Known pages stay as they are.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CrawlError {
    /// The start cannot be read.
    #[error("could not read the start page {address}")]
    Start {
        /// The address.
        address: String,
        /// Why.
        #[source]
        source: NetError,
    },
    /// The start answers with an error.
    #[error("the start page {address} answers with status {status}")]
    Status {
        /// The address.
        address: String,
        /// The HTTP status.
        status: u16,
    },
    /// The start leads to another site.
    #[error("the start page {address} leads to another site, {to}: crawl that one instead")]
    Moved {
        /// The address.
        address: String,
        /// Where it leads.
        to: String,
    },
    /// The site does not want to be read.
    #[error("the robots.txt of {address} asks robots to stay away")]
    Denied {
        /// The address.
        address: String,
    },
    /// The site cannot say whether it may be read.
    #[error("the robots.txt of {address} cannot be read ({reason}), so nothing is")]
    Robots {
        /// The address.
        address: String,
        /// What happened.
        reason: String,
    },
    /// Nothing on the site could be read.
    #[error("no page of {address} could be read: {reason}")]
    Nothing {
        /// The address.
        address: String,
        /// What happened to the first.
        reason: String,
    },
    /// Nobody takes what is found any more.
    #[error("the crawl of {address} was stopped")]
    Stopped {
        /// The address.
        address: String,
    },
}
