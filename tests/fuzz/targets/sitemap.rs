//! Sitemaps and feeds: addresses within the limits, and a file that breaks off gives its first.

use super::feed;
use super::sitemap::{Entry, Sitemap, parse};
use crate::page::crawl::address::Address;

/// The longest text of a tag.
const TEXT_BYTES_MAX: usize = 2_000;

/// Bytes as a server sends them.
pub fn holds(input: &[u8]) {
    let entries = entries(input);
    assert!(entries.len() <= 50_000);
    let is_xml = input.trim_ascii_start().starts_with(b"<");
    let text: usize = entries.iter().map(|it| it.address.len()).sum();
    // An unreadable byte becomes three.
    assert!(text <= 3 * input.len(), "{text} bytes of addresses from {}", input.len());
    let here = Address::parse("https://www.example.org/sitemap.xml").expect("it is one");
    for entry in &entries {
        assert!(!entry.address.is_empty() && entry.address.trim() == entry.address, "{entry:?}");
        if is_xml {
            assert!(entry.address.len() <= TEXT_BYTES_MAX, "{entry:?}");
        }
        let changed = entry.last_modified.as_ref().map_or(0, String::len);
        assert!(changed <= TEXT_BYTES_MAX, "{entry:?}");
        if let Ok(address) = here.join(&entry.address) {
            assert!(matches!(address.url().scheme(), "http" | "https"), "{entry:?}");
        }
    }
    breaks_off(input, &entries, is_xml);
    feed::parse(input).into_iter().flatten().for_each(|it| assert!(!it.address.is_empty()));
}

fn breaks_off(input: &[u8], all: &[Entry], is_xml: bool) {
    for part in 1..4 {
        let mut some = entries(&input[..input.len() * part / 4]);
        if !is_xml {
            // Its last line is cut as well.
            some.pop();
        }
        assert!(all.starts_with(&some), "{some:?} is not the beginning of {all:?}");
    }
}

fn entries(file: &[u8]) -> Vec<Entry> {
    match parse(file) {
        Ok(Sitemap::Index(entries) | Sitemap::Pages(entries)) => entries,
        Err(_) => vec![],
    }
}
