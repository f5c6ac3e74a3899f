//! HTML to what a reader reads: title, language, headings with anchors, passages.
//!
//! Bytes become text (`charset`), text is measured before it is parsed (`shape`), the parser's
//! tree becomes a small one of our own with counts (`tree`), what stands around the content is
//! left out (`boilerplate`), the rest becomes lines under headings (`blocks`) and these become
//! passages (`passages`). No rule names a site or a product.

mod blocks;
mod boilerplate;
mod charset;
mod head;
mod passages;
mod shape;
mod table;
mod tree;

use serde::{Deserialize, Serialize};

use tree::Element;

pub(super) use head::wishes;
pub(super) use passages::of_paragraphs;

/// The largest page that is read.
pub(super) const HTML_BYTES_MAX: usize = 10 * 1024 * 1024;
/// Tags nest at most so deep: the parser's time grows with the square of the depth.
pub(super) const DEPTH_MAX: usize = 512;
/// So many attributes a tag may have; the parser compares each with each.
pub(super) const ATTRIBUTES_MAX: usize = 1_000;
/// The tree is walked by recursion, so the stack is as large as the depth may need.
const STACK_BYTES: usize = 64 * 1024 * 1024;

/// What a page holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extracted {
    /// The title.
    pub title: String,
    /// The language that the page declares, such as `nn` or `en-GB`.
    pub language: Option<String>,
    /// The address that the page gives as its own, as it is written.
    pub canonical: Option<String>,
    /// What links are relative to, when it is not the page itself.
    pub base: Option<String>,
    /// The page asks not to be found.
    pub noindex: bool,
    /// The page asks that its links are not followed.
    pub nofollow: bool,
    /// Links as they are written, in reading order, each once.
    pub links: Vec<String>,
    /// The same page in other languages: the language and the link as they are written.
    #[serde(default)]
    pub alternates: Vec<(String, String)>,
    /// Feeds that the page names, as they are written.
    #[serde(default)]
    pub feeds: Vec<String>,
    /// The description for search engines.
    pub description: Option<String>,
    /// The passages in reading order.
    pub passages: Vec<ExtractedPassage>,
}

/// A part of a page, small enough to be an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtractedPassage {
    /// The headings above its own, outermost first.
    pub heading_path: Vec<String>,
    /// Its own heading; the page's title when it has none.
    pub heading: String,
    /// What leads to the heading, without `#`.
    pub anchor: Option<String>,
    /// The text, a line for each paragraph, list item or table row.
    pub text: String,
}

/// Why a page cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub(super) enum ExtractError {
    /// It is too large.
    #[error("the page has more than {HTML_BYTES_MAX} bytes")]
    TooLarge,
    /// Its tags nest too deep.
    #[error("the page's tags nest deeper than {DEPTH_MAX}")]
    TooDeep,
    /// A tag has too many attributes.
    #[error("a tag of the page has more than {ATTRIBUTES_MAX} attributes")]
    Attributes,
}

/// Reads a page as it came over the network, with the `Content-Type` that came with it.
pub(super) fn extract(body: &[u8], content_type: Option<&str>) -> Result<Extracted, ExtractError> {
    if HTML_BYTES_MAX < body.len() {
        return Err(ExtractError::TooLarge);
    }
    extract_text(&charset::decode(body, content_type))
}

/// Reads a page whose bytes are text already.
pub(super) fn extract_text(html: &str) -> Result<Extracted, ExtractError> {
    if HTML_BYTES_MAX * 2 < html.len() {
        return Err(ExtractError::TooLarge);
    }
    shape::check(html)?;
    std::thread::scope(|scope| {
        let read = || read(&tree::parse(html));
        let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, read);
        match thread.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(extracted)) => Ok(extracted),
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            // No thread to be had: a page is not worth the process.
            Err(_) => Err(ExtractError::TooLarge),
        }
    })
}

fn read(document: &Element) -> Extracted {
    let head = head::read(document);
    let root = boilerplate::content(document);
    let first_heading = boilerplate::first_h1(root).or_else(|| boilerplate::first_h1(document));
    let title = head::title(document, first_heading.map(Element::text).as_deref());
    let passages = passages::of_blocks(&title, blocks::read(root));
    Extracted { title, passages, ..head }
}

#[cfg(test)]
mod tests;
