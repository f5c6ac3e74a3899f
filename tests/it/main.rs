//! Black box: the program as its users run it.

mod access;
mod analyse;
mod crawl;
mod demo;
mod digest;
mod flow;
mod kill;
mod mail;
mod program;
mod report;
mod user;
mod visitor;
mod website;
