//! HTML: read within the limits or refused, in the time that a page may take.

use std::time::{Duration, Instant};

use super::crawl::address::Address;
use super::extract::{Extracted, extract};

/// A page of some kilobytes takes at most so long, with all checks compiled in.
const TIME_MAX: Duration = Duration::from_secs(5);
/// The longest passage.
const WORDS_MAX: usize = 200;
/// The most passages of a page.
const PASSAGES_MAX: usize = 2_000;
/// The longest heading and title, in letters.
const HEADING_CHARS_MAX: usize = 300;

/// Bytes as a server sends them.
pub fn holds(input: &[u8]) {
    let begun = Instant::now();
    let read = extract(input, None);
    assert!(begun.elapsed() < TIME_MAX, "{:?}", begun.elapsed());
    if let Ok(page) = read {
        is_within_limits(&page, input.len());
        assert_eq!(extract(input, None).as_ref(), Ok(&page), "twice the same");
    }
}

/// What holds of anything that was read of so many bytes.
pub(crate) fn is_within_limits(page: &Extracted, bytes: usize) {
    assert!(page.passages.len() <= PASSAGES_MAX);
    assert!(page.title.chars().count() <= HEADING_CHARS_MAX);
    let mut text = 0;
    for passage in &page.passages {
        let words = passage.text.split_whitespace().count();
        assert!((1..=WORDS_MAX).contains(&words), "{words} words: {passage:?}");
        assert_eq!(passage.text.trim(), passage.text, "tidy");
        for heading in passage.heading_path.iter().chain([&passage.heading]) {
            assert!(heading.chars().count() <= HEADING_CHARS_MAX, "{passage:?}");
        }
        assert!(passage.heading_path.len() <= 64, "{passage:?}");
        text += passage.text.len();
    }
    // A head cell of a table is said again in each row, and a wide one in each column.
    assert!(text <= 200 * bytes + 4_096, "{text} bytes of text from {bytes}");
    let mut links = page.links.clone();
    links.sort();
    links.dedup();
    assert_eq!(links.len(), page.links.len(), "each link once");
    let here = Address::parse("https://www.example.org/a/b?c=d").expect("it is one");
    for link in page.links.iter().chain(&page.feeds) {
        if let Ok(address) = here.join(link) {
            assert!(matches!(address.url().scheme(), "http" | "https"), "{link}");
        }
    }
    let is_date = |it: &String| it.len() == 10 && it.is_ascii();
    assert!(page.modified.as_ref().is_none_or(is_date), "{:?}", page.modified);
}
