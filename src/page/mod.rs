//! Stage 2, crawl: the website as it stands, page by page and passage by passage.

mod bodies;
mod record;

pub use bodies::{Bodies, Body, BodyError, Passage};
pub use record::{
    Crawl, CrawlCounts, CrawlEvent, CrawlRow, Page, PageEvent, PageFacts, PageRow,
};
