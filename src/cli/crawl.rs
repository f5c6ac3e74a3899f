//! Crawling from the command line: one site into a file, or the organisation's sites into the
//! data folder.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use tokio::runtime::Runtime;

use super::data::Folder;
use super::fault::Fault;
use crate::app::{App, CrawlOutcome, PagesOutcome, SiteRead, Visit, read_site};
use crate::net::{self, IpRange};
use crate::organisation::Site;
use crate::page::{CrawlReport, Parser, Reason, SitePreview, worker};
use crate::schedule::Task;

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
    /// Tells what the site's robots.txt and lists say, how much would be read and how long it would
    /// take, and reads no page.
    #[arg(long, conflicts_with = "out")]
    dry_run: bool,
    /// Reads one page of the organisation's sites anew, such as one that was just published.
    #[arg(long, value_name = "URL", conflicts_with_all = ["site", "dry_run"])]
    page: Option<String>,
    #[command(flatten)]
    manner: Manner,
}

/// How to read a site.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Manner {
    /// The site may lie on a private or local address.
    #[arg(long, requires = "site")]
    allow_private: bool,
    /// The site may lie in this range of the organisation's own network, such as 10.20.0.0/16; may
    /// be told several times.
    #[arg(long, value_name = "RANGE", requires = "site")]
    allow_range: Vec<IpRange>,
    /// Paths that are not read, such as /arkiv/ or /*?sort=; may be told several times.
    #[arg(long, value_name = "PATH", requires = "site")]
    deny: Vec<String>,
    /// The pause between two requests, in milliseconds.
    #[arg(long, value_name = "N", default_value_t = Site::PACE_MS, requires = "site")]
    pace_ms: u32,
    /// At most so many pages are read.
    #[arg(long, value_name = "N", default_value_t = Site::PAGES_MAX, requires = "site")]
    pages_max: u32,
}

impl Manner {
    pub(super) fn of(&self, site: &str) -> Site {
        let Self { allow_private, pace_ms, pages_max, .. } = *self;
        Site {
            allow_private: allow_private || !self.allow_range.is_empty(),
            pace_ms,
            pages_max,
            ranges: self.allow_range.iter().map(IpRange::to_string).collect(),
            denied: self.deny.clone(),
            ..Site::new(site)
        }
    }
}

impl Crawl {
    pub(super) fn run(self, folder: &Folder) -> Result<ExitCode, Fault> {
        if let Some(page) = &self.page {
            return one_page(folder, page);
        }
        let named = self.site.as_ref().map(|it| self.manner.of(it));
        if self.dry_run {
            return dry_run(folder, named);
        }
        match (&self.site, &self.out) {
            (Some(site), Some(out)) => into_file(&self.manner.of(site), (out, &folder.manner)),
            (Some(site), None) => into_folder(folder, Some(self.manner.of(site))),
            (None, _) => into_folder(folder, None),
        }
    }
}

/// Reads a site and tells how it goes on standard error, when somebody looks.
pub(super) fn read(site: &Site, manner: &net::Manner) -> Result<SiteRead, Fault> {
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
    let read = runtime.block_on(read_site(site, (&parser, manner), tell));
    if is_watched {
        eprintln!();
    }
    Ok(read?)
}

fn into_file(site: &Site, (out, manner): (&Path, &net::Manner)) -> Result<ExitCode, Fault> {
    let SiteRead { pages, report } = read(site, manner)?;
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
        let crawling = app.crawl(site, &parser, None);
        match runtime.block_on(watched(&app, site, crawling)) {
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

/// Tells on a terminal how a crawl goes, until it is done.
async fn watched<T>(app: &App, site: &Site, crawling: impl Future<Output = T>) -> T {
    const LOOK_EVERY: Duration = Duration::from_millis(500);
    let is_watched = std::io::stderr().is_terminal();
    let mut crawling = std::pin::pin!(crawling);
    loop {
        tokio::select! {
            done = &mut crawling => return done,
            () = tokio::time::sleep(LOOK_EVERY), if is_watched => {
                let Some(now) = app.crawl_progress(&site.start) else { continue };
                let CrawlReport { found, waiting, ref failed, .. } = now.report;
                let failed: usize = failed.values().sum();
                let address: String = now.address.chars().take(60).collect();
                eprint!(
                    "\r\x1b[K{found} pages, {waiting} waiting, {failed} failed, {:.1} a second  \
                     {address}",
                    now.speed()
                );
            }
        }
    }
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
    let mut reasons: BTreeMap<Reason, Vec<&str>> = BTreeMap::new();
    for (address, reason) in &report.left_out {
        // What is the same but for an address is one reason.
        let names_address = reason.detail.starts_with("http");
        let alike = if names_address { reason.code.naming("...") } else { reason.clone() };
        reasons.entry(alike).or_default().push(address);
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

/// Tells what would be read.
fn dry_run(folder: &Folder, site: Option<Site>) -> Result<ExitCode, Fault> {
    let app = folder.open()?;
    let sites = site.map_or_else(|| app.state.settings().sites, |it| vec![it]);
    let (runtime, parser) = (runtime()?, parser()?);
    let mut n_seen = 0;
    for site in &sites {
        match runtime.block_on(app.preview_site(site, &parser)) {
            Ok(seen) => {
                n_seen += 1;
                tell_preview(&seen);
            }
            Err(fault) => eprintln!("{}: {}", site.start, Fault::from(fault)),
        }
    }
    Ok(if n_seen == sites.len() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn tell_preview(seen: &SitePreview) {
    println!("{}", seen.starts.join(", "));
    seen.left_out.iter().for_each(|(start, why)| println!("left out: {start}: {why}"));
    println!("a request every {:.1} s", seen.pace);
    match seen.estimate {
        Some(seconds) => println!(
            "{} pages listed in {} files, about {:.0} minutes; links may lead to more",
            seen.listed,
            seen.sitemaps.len(),
            (seconds / 60.0).ceil()
        ),
        None => println!("no lists of pages: how many there are shows when they are read"),
    }
    if 0 < seen.listed_not_read {
        println!("{} listed pages are not to be read", seen.listed_not_read);
    }
    seen.first.iter().for_each(|it| println!("  {it}"));
}

/// Reads one page of the organisation's sites.
fn one_page(folder: &Folder, address: &str) -> Result<ExitCode, Fault> {
    let app = folder.open()?;
    let (runtime, parser, task) = (runtime()?, parser()?, Task::default());
    let sites = app.state.settings().sites;
    let is_near = |it: &&Site| address.starts_with(it.start.trim_end_matches('/'));
    let site = sites.iter().filter(is_near).max_by_key(|it| it.start.len());
    let Some(site) = site else {
        return Err(Fault::new(format!("{address} lies on none of the organisation's sites")));
    };
    let visit = Visit { site, parser: &parser, by: None, task: &task };
    let PagesOutcome { new, changed, unchanged, gone, passages } =
        runtime.block_on(app.recrawl_page(visit, address))?;
    println!(
        "{new} new, {changed} changed, {unchanged} unchanged, {gone} gone, {passages} passages"
    );
    Ok(ExitCode::SUCCESS)
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
