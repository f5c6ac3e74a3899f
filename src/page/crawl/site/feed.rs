//! The news that a site gives out: RSS and Atom, read for the addresses of their entries.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::sitemap::{Entry, TEXT_CHARS_MAX};

/// So many entries are taken from one feed.
const ENTRIES_MAX: usize = 1_000;
/// Tags nest at most so deep.
const DEPTH_MAX: usize = 32;

/// The entries of a feed; none when the file is no feed. One that breaks off gives what came
/// before.
pub(in crate::page::crawl) fn parse(file: &[u8]) -> Option<Vec<Entry>> {
    let text = String::from_utf8_lossy(file);
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}').trim_start());
    reader.config_mut().check_end_names = false;
    let mut place = Place::default();
    while place.entries.len() < ENTRIES_MAX && place.depth <= DEPTH_MAX {
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                place.depth += 1;
                place.start(&tag);
            }
            Ok(Event::Empty(tag)) => {
                place.depth += 1;
                place.start(&tag);
                place.end();
            }
            Ok(Event::Text(text)) => place.take(&text),
            Ok(Event::CData(text)) => place.take(&text),
            Ok(Event::GeneralRef(name)) => {
                let written = format!("&{};", &*name);
                place.take(&quick_xml::escape::unescape(&written).unwrap_or_default());
            }
            Ok(Event::End(_)) => place.end(),
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    place.is_feed.then_some(place.entries)
}

#[derive(Default)]
struct Place {
    depth: usize,
    has_root: bool,
    is_feed: bool,
    /// The depth of the entry that is being read.
    entry: Option<usize>,
    is_link: bool,
    text: String,
    entries: Vec<Entry>,
}

impl Place {
    fn start(&mut self, tag: &BytesStart<'_>) {
        let name = tag.local_name();
        let name: &str = name.as_ref();
        // A file has one root; what follows it does not count.
        if self.depth == 1 && !std::mem::replace(&mut self.has_root, true) {
            self.is_feed = matches!(name, "rss" | "feed" | "RDF");
        }
        self.text.clear();
        self.is_link = false;
        match name {
            "item" | "entry" if self.entry.is_none() => self.entry = Some(self.depth),
            "link" if self.entry == Some(self.depth - 1) => match link(tag) {
                Some(address) => self.push(&address),
                None => self.is_link = true,
            },
            _ => {}
        }
    }

    fn take(&mut self, text: &str) {
        if self.is_link && self.text.len() + text.len() <= TEXT_CHARS_MAX {
            self.text.push_str(text);
        }
    }

    fn end(&mut self) {
        if std::mem::take(&mut self.is_link) {
            let text = std::mem::take(&mut self.text);
            self.push(&text);
        }
        if self.entry == Some(self.depth) {
            self.entry = None;
        }
        self.depth = self.depth.saturating_sub(1);
    }

    fn push(&mut self, address: &str) {
        let address = address.trim();
        if self.is_feed && !address.is_empty() && address.len() <= TEXT_CHARS_MAX {
            let address = address.to_owned();
            self.entries.push(Entry { address, ..Entry::default() });
        }
    }
}

/// Atom has the address in an attribute; other kinds of links are not the entry's page.
fn link(tag: &BytesStart<'_>) -> Option<String> {
    let value = |name: &str| {
        let found = tag.attributes().flatten().find(|it| it.key.as_ref() == name)?;
        let unescaped = quick_xml::escape::unescape(&found.value).ok()?.into_owned();
        Some(unescaped)
    };
    let is_page = value("rel").is_none_or(|it| it == "alternate");
    value("href").map(|it| if is_page { it } else { String::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(file: &str, expected: Option<&[&str]>) {
        let entries = parse(file.as_bytes());
        let read: Option<Vec<&str>> =
            entries.as_ref().map(|it| it.iter().map(|it| it.address.as_str()).collect());
        assert_eq!(read.as_deref(), expected);
    }

    #[test]
    fn feeds_of_each_kind_tell_their_entries() {
        check(
            "<?xml version='1.0'?><rss><channel><link>https://x.example/</link><item><title>A\
             </title><link> https://x.example/a?b=1&amp;c=2 </link></item><item><link>\
             <![CDATA[/b]]>\
             </link></item></channel></rss>",
            Some(&["https://x.example/a?b=1&c=2", "/b"]),
        );
        check(
            "<feed xmlns='http://www.w3.org/2005/Atom'><link href='/'/><entry><link rel='self' \
             href='/x.xml'/><link href='/a'/></entry><entry><link rel='alternate' href='/b'/>\
             </entry></feed>",
            Some(&["/a", "/b"]),
        );
        check("<rdf:RDF xmlns:rdf='x'><item><link>/a</link></item></rdf:RDF>", Some(&["/a"]));
        check("<html><item><link>/a</link></item></html>", None);
        check("<rss><channel><item><link>/a</link></item><item><link>/b", Some(&["/a"]));
        check("<rss><item><link>/a</link></item></rss><p>", Some(&["/a"]));
        let long = "x".repeat(TEXT_CHARS_MAX + 1);
        let links = format!("<link href='{long}'/><link href=' '/><link href=' /a '/>");
        check(&format!("<feed><entry>{links}</entry></feed>"), Some(&["/a"]));
        check("", None);
    }
}
