//! Skranke: the questions a front desk gets, and the ones the website fails to answer.
//!
//! The modules stand in the order of the flow; a newcomer reads them downward.

// The base: knows nothing of the flow.
pub mod clock;
pub mod config;
pub mod id;
pub mod messages;
pub mod net;
pub mod telemetry;
pub mod week;

// The one truth, what is folded from it, and the form of its records.
pub mod journal;
pub mod record;
pub mod rows;
pub mod view;

// Before the flow: who may come in, what the organisation has set, who did what.
pub mod audit;
pub mod organisation;
pub mod people;

// The flow: log, crawl, look up, group, detect, review, tell.
pub mod digest;
pub mod gap;
pub mod inquiry;
pub mod lookup;
pub mod page;
pub mod report;
pub mod review;
pub mod topic;

// The edges.
pub mod app;
pub mod cli;
pub mod demo;
pub mod http;
