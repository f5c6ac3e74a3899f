//! Black box: the program as its users run it.

mod admin;
mod analyse;
mod api;
mod crawl;
mod data;
mod demo;
mod desk;
mod digest;
mod edge;
mod editors;
mod faults;
mod flow;
mod golden;
mod harness;
mod jobs;
mod keep;
mod letters;
mod live;
mod machine;
mod out;
mod post;
mod report;
mod signals;
mod sites;
mod user;
