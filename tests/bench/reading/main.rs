//! How fast pages are read and indexed, on one core: beside a plain dump of the text and a port of
//! Readability doing the same pages in the same run. Then what the second crawl of a site costs.
//!
//! `cargo bench --workspace --bench reading -- --rounds 3`; the pages are those of Debian's
//! documentation, fetched by `apt-get download` the first time.

#![expect(clippy::unwrap_used, reason = "a measurement ends by panicking")]

#[path = "../../it/crawl/again.rs"]
mod again;
#[expect(dead_code, reason = "the tests ask for more of it")]
#[path = "../../it/sites/packages.rs"]
mod packages;

use std::collections::BTreeMap;
use std::path::Path;

use scraper::Html;
use skranke::page::{Body, Parser};
use skranke_index::{Index, Opened, PageText, PassageText, Position};

/// A larger page is left out of all rows: the port takes minutes for some of them.
const PAGE_BYTES_MAX: usize = 300_000;

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|it| it != "--bench");
    let rounds: u32 = match (arguments.next().as_deref(), arguments.next()) {
        (None, _) => 2,
        (Some("--rounds"), Some(number)) => number.parse().unwrap(),
        _ => panic!("only --rounds N is known"),
    };
    let pages = pages();
    let bytes: usize = pages.iter().map(String::len).sum();
    println!("{} pages, {:.1} MB", pages.len(), bytes as f64 / 1e6);
    if pages.is_empty() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let read = |html: &str| runtime.block_on(Parser::InProcess.parse(html.into(), None)).unwrap();
    println!("| what | pages a second of a core | words |\n|---|---|---|");
    measure("text dump", rounds, &pages, |html| words(&dump(html)));
    measure("Readability (dom_smoothie)", rounds, &pages, |html| words(&readable(html)));
    measure("read into passages", rounds, &pages, |html| {
        read(html).passages.iter().map(|it| words(&it.text)).sum()
    });
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let Opened::Ready(index, _) = Index::open(folder.path()).unwrap() else { panic!("it is new") };
    let mut writer = index.writer().unwrap();
    let mut key = 0;
    let keys = 0..u64::try_from(pages.len()).unwrap();
    measure("read and indexed", rounds, &pages, |html| {
        let page = read(html);
        let body = Body::of(page.title, page.passages);
        let count = body.passages.iter().map(|it| words(&it.text)).sum();
        writer.put_page(&page_text(key, body)).unwrap();
        key += 1;
        if key == keys.end {
            writer.commit(Position { generation: [1; 16], seq: key }).unwrap();
            key = 0;
        }
        count
    });
    println!("| crawl of an unchanged site | pages | bytes on the wire | ms of a processor |");
    println!("|---|---|---|---|");
    packages::PACKAGES
        .iter()
        .filter_map(|it| packages::unpacked(it).ok().zip(Some(it.start)))
        .for_each(|(unpacked, start)| crawl_again(&unpacked.root, start));
}

/// Reads a site twice and tells what each time has cost.
fn crawl_again(root: &Path, start: &str) {
    let mut pages = BTreeMap::new();
    serve_all(root, root, &mut pages);
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let program = (folder.path(), env!("CARGO_BIN_EXE_skranke"));
    let costs = again::crawl_twice(program, pages, start);
    for (name, cost) in ["first", "second"].iter().zip(costs) {
        let again::Cost { pages, unchanged, bytes, processor_ms } = cost;
        let pages = format!("{pages}, unchanged {unchanged}");
        println!("| {name}, from {start} | {pages} | {bytes} | {processor_ms} |");
    }
}

/// Every page of a folder by its path.
fn serve_all(root: &Path, folder: &Path, pages: &mut BTreeMap<String, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() && !path.is_symlink() {
            serve_all(root, &path, pages);
        } else if path.extension().is_some_and(|it| it == "html") {
            let name = path.strip_prefix(root).unwrap().to_string_lossy();
            pages.extend(std::fs::read(&path).ok().map(|it| (format!("/{name}"), it)));
        }
    }
}

/// The smaller pages of all packages that can be had, in one language.
fn pages() -> Vec<String> {
    let mut pages = vec![];
    for package in &packages::PACKAGES {
        match packages::unpacked(package) {
            Ok(unpacked) => take(&unpacked.root, &mut pages),
            Err(why) => println!("left out {}: {why}", package.name),
        }
    }
    pages
}

fn take(folder: &Path, pages: &mut Vec<String>) {
    let mut inside: Vec<_> = std::fs::read_dir(folder).unwrap().flatten().collect();
    inside.sort_by_key(std::fs::DirEntry::path);
    for entry in inside {
        let path = entry.path();
        let is_other = folder.ends_with("installation-guide-amd64") && !path.ends_with("en");
        if path.is_dir() && !path.is_symlink() && !is_other {
            take(&path, pages);
        } else if path.extension().is_some_and(|it| it == "html") && !path.is_symlink() {
            pages.extend(
                std::fs::read_to_string(&path).ok().filter(|it| it.len() <= PAGE_BYTES_MAX),
            );
        }
    }
}

fn measure(name: &str, rounds: u32, pages: &[String], mut read: impl FnMut(&str) -> usize) {
    let begun = processor_seconds();
    let mut count = 0;
    for _ in 0..rounds {
        count = pages.iter().map(|it| read(it)).sum();
    }
    let seconds = processor_seconds() - begun;
    let rate = pages.len() as f64 * f64::from(rounds) / seconds;
    println!("| {name} | {rate:.0} | {count} |");
}

/// The time of a processor that this process has used: other work on the machine does not count.
fn processor_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields = stat.rsplit_once(") ").unwrap().1.split(' ');
    let ticks: u64 = fields.skip(11).take(2).map(|it| it.parse::<u64>().unwrap()).sum();
    // A hundred ticks a second on every Linux.
    ticks as f64 / 100.0
}

fn dump(html: &str) -> String {
    let document = Html::parse_document(html);
    document.root_element().text().collect::<Vec<_>>().join(" ")
}

/// Empty where it finds nothing readable.
fn readable(html: &str) -> String {
    let read = dom_smoothie::Readability::new(html, None, None).and_then(|mut it| it.parse());
    read.map(|it| it.text_content.to_string()).unwrap_or_default()
}

fn words(text: &str) -> usize {
    text.split_whitespace().count()
}

fn page_text(key: u64, body: Body) -> PageText {
    let passages = body.passages.into_iter().map(|it| {
        let language = skranke_index::detect(&it.text);
        PassageText { heading: it.heading, text: it.text, language }
    });
    PageText { key, title: body.title, passages: passages.collect() }
}
