//! HTML to what a reader reads: title, language, headings with anchors, passages.
//!
//! Bytes become text (`charset`), text is measured before it is parsed (`shape`), the parser's
//! tree becomes a small one of our own with counts (`tree`), what stands around the content is
//! left out (`boilerplate`), the rest becomes lines under headings (`blocks`) and these become
//! passages (`passages`). No rule names a site or a product.

mod blocks;
mod boilerplate;
mod charset;
mod files;
mod head;
mod passages;
mod shape;
mod table;
mod tree;

use serde::{Deserialize, Serialize};

use super::repeated::is_contact;
use boilerplate::Content;
use head::Heading;
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
    /// The day on which it was changed last, as it says itself: `2024-03-03`.
    #[serde(default)]
    pub modified: Option<String>,
    /// It is a file of pictures of pages, in which nobody can read or search.
    #[serde(default)]
    pub has_only_pictures: bool,
    /// The passages in reading order.
    pub passages: Vec<ExtractedPassage>,
    /// How and when to reach somebody, as the foot of the page says. It stands on every page of a
    /// site, so it belongs to the front page alone.
    #[serde(default)]
    pub foot: Vec<ExtractedPassage>,
}

/// A part of a page, small enough to be an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtractedPassage {
    /// The headings above its own, outermost first.
    pub heading_path: Vec<String>,
    /// Its own heading; the page's title when it has none.
    pub heading: String,
    /// What leads to the heading, without `#`; in a file, the page: `page=3`.
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
    /// It is no such file, or one that was cut off.
    #[error("the file should be a {0} and cannot be read as one; it may be damaged")]
    Damaged(&'static str),
    /// A password is needed.
    #[error("the PDF is locked with a password")]
    Locked,
}

/// Media types of what is read.
pub(super) const ACCEPTED: [&str; 4] = [
    "text/html",
    "application/xhtml+xml",
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
];

/// Reads a page or file as it came over the network, with the `Content-Type` that came with it.
pub(super) fn extract(body: &[u8], content_type: Option<&str>) -> Result<Extracted, ExtractError> {
    if HTML_BYTES_MAX < body.len() {
        return Err(ExtractError::TooLarge);
    }
    match with_stack(|| files::read(body, content_type))? {
        Some(read) => read,
        None => extract_text(&charset::decode(body, content_type)),
    }
}

/// Reads a page whose bytes are text already.
pub(super) fn extract_text(html: &str) -> Result<Extracted, ExtractError> {
    if HTML_BYTES_MAX * 2 < html.len() {
        return Err(ExtractError::TooLarge);
    }
    shape::check(html)?;
    with_stack(|| read(&tree::parse(html)))
}

/// Reads on a thread with a stack as large as the depth may need.
fn with_stack<T: Send>(read: impl FnOnce() -> T + Send) -> Result<T, ExtractError> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, read);
        match thread.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(read)) => Ok(read),
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            // No thread to be had: a page is not worth the process.
            Err(_) => Err(ExtractError::TooLarge),
        }
    })
}

fn read(document: &Element) -> Extracted {
    let head = head::read(document);
    let schema = head::schema::read(document);
    let content = boilerplate::content(document);
    let heading = |at: &Element, is_sure| {
        boilerplate::first_h1(at).map(|it| Heading { text: blocks::heading_text(it), is_sure })
    };
    let first = heading(content.root, content.is_marked).or_else(|| heading(document, false));
    let title = head::title(document, first.as_ref());
    let mut passages = passages::of_blocks(&title, blocks::read(content));
    if passages.is_empty() {
        // A page of nothing but links says where they lead.
        passages =
            passages::of_blocks(&title, blocks::read(Content { has_menus: true, ..content }));
    }
    add_answers(&title, &schema.questions, &mut passages);
    let passages = passages::within_limits(&title, passages);
    let modified = schema.modified.or(head.modified);
    let foot = boilerplate::foot(document).map(|it| contacts(&title, it)).unwrap_or_default();
    Extracted { title, passages, modified, foot, ..head }
}

/// What a foot says of how and when to reach somebody.
fn contacts(title: &str, foot: Content<'_>) -> Vec<ExtractedPassage> {
    // An organisation number has as many digits as a telephone number.
    let is_number = |line: &&str| line.to_lowercase().starts_with("org");
    let passages = passages::of_blocks(title, blocks::read(foot)).into_iter();
    let told = passages.map(|it| {
        let lines: Vec<&str> = it.text.lines().filter(|line| !is_number(line)).collect();
        ExtractedPassage { text: lines.join("\n"), ..it }
    });
    told.filter(|it| it.text.lines().any(|line| is_contact(&line.to_lowercase()))).collect()
}

/// Adds the answers that a page gives to search engines and shows only when asked.
fn add_answers(title: &str, questions: &[(String, String)], passages: &mut Vec<ExtractedPassage>) {
    for (question, answer) in questions {
        let lines = match shape::check(answer) {
            Ok(()) => {
                let answer = tree::parse(answer);
                blocks::read(boilerplate::content(&answer))
            }
            Err(_) => continue,
        };
        let is_known = passages.iter().any(|it| it.heading.eq_ignore_ascii_case(question))
            || lines.iter().all(|line| passages.iter().any(|it| line.stands_in(&it.text)));
        if !is_known {
            let (text, anchor) = (question.clone(), None);
            let heading = blocks::Block::Heading { level: 2, text, anchor };
            passages.extend(passages::of_blocks(title, [vec![heading], lines].concat()));
        }
    }
}

#[cfg(test)]
mod tests;
