//! Websites that others wrote, read by the crawler and compared with what a person has read.

mod fjordvik;
mod folder;
mod mutated;
mod packages;
mod sample;
mod walk;

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use skranke::app::{SiteRead, read_site};
use skranke::net::Manner;
use skranke::organisation::Site;
use skranke::page::{ParseError, Parser};

use crate::harness::program::PROGRAM;
use packages::{PACKAGES, Package, Unpacked, unpacked};
use sample::Score;

/// So many pages are read of each site, unless all are wished for.
const PAGES_MAX: u32 = 150;
/// Of what a person has read, so much is found, in percent.
const RIGHT_MIN: usize = 95;
/// So many passages hold nothing of what stands around the content, in percent.
const CLEAN_MIN: usize = 98;

/// The package; a test that cannot have it says so and has nothing to do.
fn had(package: &Package) -> Option<Unpacked> {
    let had = unpacked(package);
    if let Err(why) = &had {
        println!("skipped, as {} cannot be had: {why}", package.name);
    }
    had.ok()
}

fn read(runtime: &tokio::runtime::Runtime, site: &Site, parser: &Parser) -> SiteRead {
    let usual = Manner::default();
    runtime.block_on(read_site(site, (parser, &usual), |_| {})).expect("the site is read")
}

fn settings(address: &str, pages_max: u32) -> Site {
    Site { allow_private: true, pace_ms: 0, pages_max, ..Site::new(address) }
}

#[test]
fn pages_of_others_are_read_as_a_person_reads_them() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let parser = Parser::child(PROGRAM.into());
    let mut score = Score::default();
    for package in &PACKAGES {
        let Some(Unpacked { root, is_sampled }) = had(package) else { continue };
        if !is_sampled {
            println!("left out {}: its version is not the one that was read", package.name);
            continue;
        }
        let address = folder::serve(&root).address;
        for page in sample::pages(sample::SAMPLE).iter().filter(|it| it.package == package.name) {
            let site = settings(&format!("{address}/{}", page.path), 1);
            let read = read(&runtime, &site, &parser);
            let body = &read.pages.first().expect("the page is read").body;
            page.judge(body, &mut score);
        }
    }
    let Score { titles, headings, passages, clean, misses } = &score;
    println!("{}", misses.join("\n"));
    println!("titles {titles}, headings {headings}, passages {passages}, clean {clean}");
    if 0 < titles.all() {
        for share in [titles, headings, passages] {
            assert!(share.is_at_least(RIGHT_MIN), "{}\n{score:?}", misses.join("\n"));
        }
        assert!(clean.is_at_least(CLEAN_MIN), "{}", misses.join("\n"));
    }
}

#[test]
fn every_page_that_links_lead_to_is_found_and_none_twice() {
    let is_whole = std::env::var_os("SKRANKE_SITES_WHOLE").is_some();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let parser = Parser::child(PROGRAM.into());
    for package in &PACKAGES {
        let Some(Unpacked { root, .. }) = had(package) else { continue };
        let walked = walk::walk(&root, package.start);
        let address = folder::serve(&root).address;
        let pages_max = if is_whole { 10_000 } else { PAGES_MAX };
        let site = settings(&format!("{address}{}", package.start), pages_max);
        let read = read(&runtime, &site, &parser);
        let (pages, seconds) = (read.pages.len(), read.report.seconds);
        println!("{}: {pages} of {} pages, {seconds:.1} s", package.name, walked.len());
        compare(package, &root, &walked, &read);
    }
}

/// Compares what was read with what the walk has found.
#[track_caller]
fn compare(package: &Package, root: &Path, walked: &BTreeMap<String, usize>, read: &SiteRead) {
    let path = |address: &str| {
        let rest = address.split_once("://").map_or(address, |it| it.1);
        rest[rest.find('/').unwrap_or(rest.len())..].to_owned()
    };
    let content = |path: &str| folder::file(root, path).map(|it| hash(std::fs::read(it).ok()));
    let found: Vec<String> = read.pages.iter().map(|it| path(&it.url)).collect();
    let mut contents = BTreeSet::new();
    for path in &found {
        assert!(walked.contains_key(path), "{}: no link leads to {path}", package.name);
        assert!(contents.insert(content(path)), "{}: {path} was read twice", package.name);
    }
    let texts: BTreeSet<String> =
        read.pages.iter().filter(|it| !it.body.passages.is_empty()).map(text).collect();
    let with_text = read.pages.iter().filter(|it| !it.body.passages.is_empty()).count();
    assert_eq!(texts.len(), with_text, "{}: a text was read twice", package.name);
    // What a cut crawl has left out lies no nearer than what it has read.
    let farthest = found.iter().map(|it| walked[it]).max().unwrap_or_default();
    let is_cut = read.report.stopped.is_some();
    let missed = walked.iter().filter(|(path, depth)| {
        !contents.contains(&content(path)) && (!is_cut || **depth < farthest)
    });
    let missed: Vec<_> = missed.collect();
    assert!(missed.is_empty(), "{}: {missed:?}\n{:?}", package.name, read.report);
}

fn text(page: &skranke::page::FilePage) -> String {
    let texts = page.body.passages.iter().map(|it| format!("{:?}{}", it.path, it.text));
    texts.collect()
}

fn hash(bytes: Option<Vec<u8>>) -> u64 {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}

#[test]
fn a_page_that_fills_the_memory_costs_its_child_only() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let parser = Parser::child(PROGRAM.into());
    let huge = "<p>a".repeat(2_500_000).into_bytes();
    let read = runtime.block_on(parser.parse(huge, None));
    assert!(matches!(read, Err(ParseError::Died | ParseError::TimedOut)), "{read:?}");
    let next = runtime.block_on(parser.parse(b"<p>Fristen er 1. mars".to_vec(), None));
    assert_eq!(next.expect("it is read by a new child").passages[0].text, "Fristen er 1. mars");
}
