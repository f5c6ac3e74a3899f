//! Skranke: the questions a front desk gets, and the ones the website fails to answer.
//!
//! The modules stand in the order of the flow; a newcomer reads them downward.

// The base: knows nothing of the flow.
pub mod clock;
pub mod config;
pub mod durations;
pub mod failpoint;
pub mod id;
pub mod messages;
pub mod net;
pub mod sheet;
pub mod telemetry;
pub mod week;

// The one truth, copies of it, what is folded from it, and the form of its records.
pub mod backup;
pub mod journal;
pub mod record;
pub mod rows;
pub mod view;

// Before the flow: who may come in, what the organisation has set and tells its desks, what its
// callers say and its pages for it, what runs when, who did what.
pub mod audit;
pub mod desk;
pub mod oidc;
pub mod organisation;
pub mod people;
pub mod schedule;
pub mod words;

// The flow. Stage 1, log: questions come in and are masked.
pub mod inquiry;

// Stage 2, crawl: the website as it stands.
pub mod page;

// Stage 3, look up: what a receptionist sees while typing.
pub mod lookup;

// Stage 4, group: what asks the same is one topic.
pub mod topic;

// Stage 5, detect: what the website fails to answer.
pub mod gap;

// Stage 6, review: an editor's work until a crawl verifies it.
pub mod review;

pub mod effect;

// Stage 7, tell: the report now, the letter on Monday.
pub mod report;

pub mod digest;

pub mod post;

pub mod hook;

// The edges.
pub mod app;

pub mod jobs;

pub mod cli;
pub mod demo;
pub mod http;
