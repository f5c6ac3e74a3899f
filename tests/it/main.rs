//! Black box: the program as its users run it.

mod access;
mod analyse;
mod crawl;
mod demo;
mod flow;
mod kill;
mod program;
mod service;
mod user;
mod website;
