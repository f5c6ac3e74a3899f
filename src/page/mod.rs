//! Stage 2, crawl: the website as it stands, page by page and passage by passage.
//!
//! `crawl` visits a site, `worker` has each page read by a child process, `extract` makes passages
//! of HTML, `repeated` finds what stands on every page, `bodies` keeps the texts.
//! `saved` reads websites that were saved instead.

mod bodies;
mod change;
mod crawl;
mod extract;
#[cfg(test)]
mod faults;
mod jsonl;
mod reason;
mod record;
mod repeated;
mod saved;
pub mod worker;

pub use bodies::{Bodies, Body, BodyError, Passage, pack, unpack};
pub use change::TextChange;
pub use crawl::{
    Address, AddressError, CrawlError, CrawlPlan, CrawlProgress, CrawlReport, Crawler, FetchedPage,
    Finding, Known, KnownPages, OnePage, Reach, Scope, SitePreview,
};
pub use jsonl::{ADDRESS_CHARS_MAX, FilePage, FilePages, read_pages};
pub use reason::{Reason, ReasonCode};
pub use record::{
    Crawl, CrawlCounts, CrawlEvent, CrawlRow, Page, PageEvent, PageFacts, PageRow, SiteAnswer,
};
pub use repeated::Repeated;
pub use saved::{Saved, SavedError, is_saved_site, read_saved_site};
pub use worker::{ParseError, Parser};
