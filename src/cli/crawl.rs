//! Crawling from the command line: one site into a file, or the organisation's sites into the
//! data folder.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use tokio::runtime::Runtime;

use super::data::Folder;
use super::fault::Fault;
use crate::app::{CrawlOutcome, PagesOutcome, SiteRead, read_site};
use crate::organisation::Site;
use crate::page::{CrawlReport, Parser, worker};

/// So many of the addresses that were left out for one reason are named.
const LEFT_OUT_TOLD: usize = 5;

#[derive(Debug, clap::Args)]
pub(super) struct Crawl {
    /// The start page of the site to read; without it, the organisation's sites are read.
    #[arg(long, value_name = "URL")]
    site: Option<String>,
    /// Where to write the pages, in the form that `analyse --pages` reads; without it, they are
    /// taken into the data folder.
    #[arg(long, value_name = "FILE.jsonl", requires = "site")]
    out: Option<PathBuf>,
    #[command(flatten)]
    manner: Manner,
}

/// How to read a site.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(super) struct Manner {
    /// The site may lie on a private or local address.
    #[arg(long, requires = "site")]
    allow_private: bool,
    /// The pause between two requests, in milliseconds.
    #[arg(long, value_name = "N", default_value_t = Site::PACE_MS, requires = "site")]
    pace_ms: u32,
    /// At most so many pages are read.
    #[arg(long, value_name = "N", default_value_t = Site::PAGES_MAX, requires = "site")]
    pages_max: u32,
}

impl Manner {
    pub(super) fn of(self, site: &str) -> Site {
        let Self { allow_private, pace_ms, pages_max } = self;
        Site { start: site.to_owned(), allow_private, pace_ms, pages_max }
    }
}

impl Crawl {
    pub(super) fn run(self, folder: &Folder) -> Result<ExitCode, Fault> {
        match (&self.site, &self.out) {
            (Some(site), Some(out)) => into_file(&self.manner.of(site), out),
            (Some(site), None) => into_folder(folder, Some(self.manner.of(site))),
            (None, _) => into_folder(folder, None),
        }
    }
}

/// Reads a site and tells how it goes on standard error, when somebody looks.
pub(super) fn read(site: &Site) -> Result<SiteRead, Fault> {
    let runtime = runtime()?;
    let is_watched = std::io::stderr().is_terminal();
    let mut n_pages = 0_usize;
    let tell = |address: &str| {
        n_pages += 1;
        if is_watched {
            let short: String = address.chars().take(60).collect();
            eprint!("\r\x1b[K{n_pages} pages, {short}");
        }
    };
    let parser = parser()?;
    let read = runtime.block_on(read_site(site, &parser, tell));
    if is_watched {
        eprintln!();
    }
    Ok(read?)
}

fn into_file(site: &Site, out: &Path) -> Result<ExitCode, Fault> {
    let SiteRead { pages, report } = read(site)?;
    let mut text = String::new();
    let mut n_passages = 0;
    for page in &pages {
        n_passages += page.body.passages.len();
        text.push_str(&page.to_line());
        text.push('\n');
    }
    std::fs::write(out, text).map_err(Fault::file("write", out))?;
    println!(
        "{} pages, {n_passages} passages, {:.1} s, {} left out",
        pages.len(),
        report.seconds,
        report.n_left_out
    );
    tell_rest(&report);
    Ok(ExitCode::SUCCESS)
}

fn into_folder(folder: &Folder, site: Option<Site>) -> Result<ExitCode, Fault> {
    let app = folder.open()?;
    let sites = site.map_or_else(|| app.state.settings().sites, |it| vec![it]);
    if sites.is_empty() {
        println!("no site is set: an administrator adds one, or read one into a file by --site");
        return Ok(ExitCode::FAILURE);
    }
    let (runtime, parser) = (runtime()?, parser()?);
    let mut n_read = 0;
    for site in &sites {
        if std::io::stderr().is_terminal() {
            eprintln!("reading {}", site.start);
        }
        match runtime.block_on(app.crawl(site, &parser, None)) {
            Ok(outcome) => {
                n_read += 1;
                tell(&site.start, &outcome);
            }
            Err(fault) => eprintln!("{}: {}", site.start, Fault::from(fault)),
        }
    }
    if 0 < n_read {
        let after = app.after_crawl()?;
        println!(
            "{} topics, {} gaps verified, {} not yet, {} open again",
            after.group.topics, after.verified, after.not_yet, after.reopened
        );
    }
    Ok(if n_read == sites.len() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn tell(site: &str, outcome: &CrawlOutcome) {
    let PagesOutcome { new, changed, unchanged, gone, passages } = outcome.pages;
    println!(
        "{site}: {new} new, {changed} changed, {unchanged} unchanged, {gone} gone, {passages} \
         passages, {} left out",
        outcome.report.n_left_out
    );
    tell_rest(&outcome.report);
}

fn tell_rest(report: &CrawlReport) {
    let mut reasons: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (address, reason) in &report.left_out {
        // What is the same but for an address is one reason.
        let reason = reason.split(" http").next().unwrap_or(reason);
        reasons.entry(reason).or_default().push(address);
    }
    for (reason, addresses) in reasons {
        println!("left out, {}: {reason}", addresses.len());
        addresses.iter().take(LEFT_OUT_TOLD).for_each(|it| println!("  {it}"));
        let more = addresses.len().saturating_sub(LEFT_OUT_TOLD);
        if 0 < more {
            println!("  and {more} more");
        }
    }
    if let Some(reason) = &report.stopped {
        println!("stopped early: {reason}");
    }
    if !report.kept.is_empty() {
        println!(
            "{} known pages were missing; so many at once are kept until somebody has looked",
            report.kept.len()
        );
    }
}

/// The child that reads one page after another, on its standard input and output.
pub(super) fn parse_worker() -> Result<ExitCode, Fault> {
    worker::run(std::io::stdin().lock(), std::io::stdout().lock())?;
    Ok(ExitCode::SUCCESS)
}

fn runtime() -> Result<Runtime, Fault> {
    Ok(Runtime::new()?)
}

pub(super) fn parser() -> Result<Parser, Fault> {
    Ok(Parser::child(std::env::current_exe()?))
}
