//! The list of pages that a site gives out: sitemap.xml, as sitemaps.org describes it, a list of
//! news among them, or bare addresses, a line each.

use quick_xml::Reader;
use quick_xml::events::Event;

use super::feed;

/// The largest file that is read, unpacked.
pub(in crate::page::crawl) const SITEMAP_BYTES_MAX: usize = 10 * 1024 * 1024;
/// So many addresses are taken from one file; the format allows no more.
const ENTRIES_MAX: usize = 50_000;
/// Tags nest at most so deep.
const DEPTH_MAX: usize = 16;
/// The longest text of a tag.
pub(super) const TEXT_CHARS_MAX: usize = 2_000;

/// What a file lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::page::crawl) enum Sitemap {
    /// Further sitemaps.
    Index(Vec<Entry>),
    /// Pages.
    Pages(Vec<Entry>),
}

/// One address with what is said of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::page::crawl) struct Entry {
    /// The address as it is written.
    pub address: String,
    /// When it last changed, as it is written.
    pub last_modified: Option<String>,
}

/// Why a file lists nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub(in crate::page::crawl) enum SitemapError {
    /// It is something else.
    #[error("the file is no sitemap")]
    Other,
}

/// Where in the file the reader stands.
#[derive(Default)]
struct Place {
    depth: usize,
    has_root: bool,
    is_index: Option<bool>,
    /// The tag of an entry that text belongs to.
    field: Option<Field>,
    text: String,
    entry: Entry,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    Address,
    LastModified,
}

/// Reads a file. One that breaks off gives what came before.
pub(in crate::page::crawl) fn parse(file: &[u8]) -> Result<Sitemap, SitemapError> {
    let file = &file[..file.len().min(SITEMAP_BYTES_MAX)];
    let text = String::from_utf8_lossy(file);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if let Some(entries) = lines(text) {
        return Ok(Sitemap::Pages(entries));
    }
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    let mut place = Place::default();
    let mut entries = vec![];
    while entries.len() < ENTRIES_MAX && place.depth <= DEPTH_MAX {
        let Ok(event) = reader.read_event() else {
            break;
        };
        if matches!(event, Event::Eof) {
            break;
        }
        if let Some(entry) = place.read(&event) {
            entries.push(entry);
        }
    }
    match place.is_index {
        Some(true) => Ok(Sitemap::Index(entries)),
        Some(false) => Ok(Sitemap::Pages(entries)),
        None => feed::parse(file).map(Sitemap::Pages).ok_or(SitemapError::Other),
    }
}

/// A file of bare addresses, a line each.
fn lines(text: &str) -> Option<Vec<Entry>> {
    let is_address = |it: &&str| it.starts_with("http://") || it.starts_with("https://");
    let lines = text.lines().map(str::trim).filter(|it| !it.is_empty());
    let entry = |it: &str| Entry { address: it.to_owned(), last_modified: None };
    text.lines().next().filter(|it| is_address(&it.trim()))?;
    Some(lines.filter(is_address).take(ENTRIES_MAX).map(entry).collect())
}

impl Place {
    /// Takes one event; tells the entry that ends with it.
    fn read(&mut self, event: &Event<'_>) -> Option<Entry> {
        match event {
            Event::Start(tag) => self.start(tag.local_name().as_ref()),
            Event::Text(text) => self.take(text),
            Event::CData(text) => self.take(text),
            // Only the five names of XML itself: a file's own entities could unfold endlessly.
            Event::GeneralRef(name) => {
                let written = format!("&{};", &**name);
                self.take(&quick_xml::escape::unescape(&written).unwrap_or_default());
            }
            Event::End(tag) => return self.end(tag.local_name().as_ref()),
            _ => {}
        }
        None
    }

    fn start(&mut self, name: &str) {
        self.depth += 1;
        self.text.clear();
        // A tag of another vocabulary inside an entry, such as `image:loc`, stands deeper.
        self.field = match (self.depth, name) {
            (3, "loc") => Some(Field::Address),
            // Of news, the day of publication is the day of the last change.
            (3, "lastmod") | (4, "publication_date") => Some(Field::LastModified),
            _ => None,
        };
        match self.depth {
            // A file has one root; what follows it does not count.
            1 if !std::mem::replace(&mut self.has_root, true) => {
                self.is_index = match name {
                    "sitemapindex" => Some(true),
                    "urlset" => Some(false),
                    _ => None,
                };
            }
            2 => self.entry = Entry::default(),
            _ => {}
        }
    }

    fn take(&mut self, text: &str) {
        if self.field.is_some() && self.text.len() + text.len() <= TEXT_CHARS_MAX {
            self.text.push_str(text);
        }
    }

    fn end(&mut self, name: &str) -> Option<Entry> {
        self.depth = self.depth.saturating_sub(1);
        let text = self.text.trim();
        match self.field.take() {
            Some(Field::Address) => self.entry.address = text.to_owned(),
            Some(Field::LastModified) => self.entry.last_modified = Some(text.to_owned()),
            None => {}
        }
        let is_entry = self.depth == 1 && matches!(name, "url" | "sitemap");
        let entry = is_entry.then(|| std::mem::take(&mut self.entry))?;
        (self.is_index.is_some() && !entry.address.is_empty()).then_some(entry)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(file: &str, expected: &[(&str, Option<&str>)]) {
        let entries = match parse(file.as_bytes()).unwrap() {
            Sitemap::Index(entries) | Sitemap::Pages(entries) => entries,
        };
        let read: Vec<(&str, Option<&str>)> =
            entries.iter().map(|it| (it.address.as_str(), it.last_modified.as_deref())).collect();
        assert_eq!(read, expected);
    }

    #[test]
    fn pages_are_listed_with_their_dates() {
        check(
            "<?xml version=\"1.0\"?><urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\
             <url><loc> https://x.example/a?b=1&amp;c=2 </loc><lastmod>2026-03-01</lastmod></url>\
             <!-- mer --><url><loc><![CDATA[https://x.example/b]]></loc>\
             <priority>1</priority></url>\
             <url><lastmod>2026-03-01</lastmod></url></urlset>",
            &[("https://x.example/a?b=1&c=2", Some("2026-03-01")), ("https://x.example/b", None)],
        );
    }

    #[test]
    fn an_index_lists_further_files() {
        let file =
            "<sitemapindex><sitemap><loc>https://x.example/s1.xml</loc></sitemap></sitemapindex>";
        check(file, &[("https://x.example/s1.xml", None)]);
        assert!(matches!(parse(file.as_bytes()), Ok(Sitemap::Index(_))));
    }

    #[test]
    fn news_and_bare_lists_are_read() {
        check(
            "<urlset xmlns:news=\"x\"><url><loc>https://x.example/n</loc><news:news>\
             <news:publication_date>2026-03-01T07:00:00Z</news:publication_date></news:news></url>\
             </urlset>",
            &[("https://x.example/n", Some("2026-03-01T07:00:00Z"))],
        );
        check(
            "https://x.example/a\r\n\nhttps://x.example/b\nmailto:a",
            &[("https://x.example/a", None), ("https://x.example/b", None)],
        );
        check(
            "<rss><item><link>https://x.example/a</link></item></rss>",
            &[("https://x.example/a", None)],
        );
    }

    proptest::proptest! {
        #[test]
        fn any_file_is_read_or_refused(
            bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..300),
            tags in "(<(/?)(urlset|url|loc|rss|item|link|entry)( href='x'|/)?>|&amp;|&#9;|x){0,40}"
        ) {
            for file in [bytes.as_slice(), tags.as_bytes()] {
                drop(parse(file));
                drop(feed::parse(file));
            }
        }
    }

    #[test]
    fn pictures_of_a_page_are_not_pages() {
        check(
            "<s:urlset xmlns:s=\"x\" xmlns:i=\"y\"><s:url><s:loc>https://x.example/a</s:loc>\
             <i:image><i:loc>https://x.example/a.png</i:loc></i:image></s:url></s:urlset>",
            &[("https://x.example/a", None)],
        );
    }

    #[test]
    fn a_broken_file_gives_what_came_before() {
        check("<urlset><url><loc>a</loc></url><url><loc>", &[("a", None)]);
        assert_eq!(parse(b"<html><body>404</body></html>"), Err(SitemapError::Other));
        assert_eq!(parse(b""), Err(SitemapError::Other));
        check("<urlset><url><loc>a</loc></url></urlset><sitemapindex><sitemap>", &[("a", None)]);
        assert_eq!(parse(b"<rss></rss><urlset><url><loc>a"), Ok(Sitemap::Pages(vec![])));
        let deep = format!("<urlset>{}", "<a>".repeat(100_000));
        check(&deep, &[]);
    }

    #[test]
    fn the_list_has_an_end() {
        let entry = "<url><loc>https://x.example/</loc></url>";
        let file = format!("<urlset>{}</urlset>", entry.repeat(ENTRIES_MAX + 1));
        let Ok(Sitemap::Pages(entries)) = parse(file.as_bytes()) else { panic!("no pages") };
        assert_eq!(entries.len(), ENTRIES_MAX);
    }

    #[test]
    fn entities_of_the_files_own_are_not_unfolded() {
        check(
            "<!DOCTYPE x [<!ENTITY a \"https://evil.example/\">]>\
             <urlset><url><loc>&a;b</loc></url></urlset>",
            &[("b", None)],
        );
    }
}
