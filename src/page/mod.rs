//! Stage 2, crawl: the website as it stands, page by page and passage by passage.

pub mod address;
pub mod extract;

pub mod frontier;

pub mod robots;
pub mod sitemap;

pub mod crawl;
pub mod repeated;
pub mod worker;
