//! Black box: the program as its users run it.

mod analyse;
mod crawl;
mod demo;
mod flow;
mod kill;
mod program;
mod website;
