//! Stage 2, crawl: the website as it stands, page by page and passage by passage.

mod bodies;
mod extract;
mod jsonl;
mod record;

pub use bodies::{Bodies, Body, BodyError, Passage};
pub use extract::{DEPTH_MAX, ExtractError, HTML_BYTES_MAX, extract};
pub use jsonl::{ADDRESS_CHARS_MAX, FilePage, FilePages, read_pages};
pub use record::{Crawl, CrawlCounts, CrawlEvent, CrawlRow, Page, PageEvent, PageFacts, PageRow};
