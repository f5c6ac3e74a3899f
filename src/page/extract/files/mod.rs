//! Files beside the pages: PDF and Word's DOCX, with the page on which each passage stands.
//!
//! What a file is, its first bytes say: servers are wrong about it too often.

mod docx;
mod pdf;
#[cfg(test)]
mod tests;

use super::head::Heading;
use super::{ExtractError, Extracted, blocks, boilerplate, head, passages};

/// The longest title that is taken.
const TITLE_CHARS_MAX: usize = 300;
/// A PDF says what it is within so many bytes.
const MARK_BYTES_MAX: usize = 1_024;

/// Reads a file that is no page; none when it is a page, or nobody knows what.
pub(super) fn read(body: &[u8], told: Option<&str>) -> Option<Result<Extracted, ExtractError>> {
    let start = &body[..body.len().min(MARK_BYTES_MAX)];
    let is_page = start.trim_ascii_start().starts_with(b"<");
    if start.windows(5).any(|it| it == b"%PDF-") && !is_page {
        return Some(pdf::read(body));
    }
    if docx::is_docx(body) {
        return Some(word(body));
    }
    let told = told.unwrap_or_default().trim_start().to_ascii_lowercase();
    let kinds = [("application/pdf", "PDF"), ("application/vnd.openxmlformats", "DOCX")];
    let (_, kind) = kinds.into_iter().find(|it| told.starts_with(it.0) && !is_page)?;
    Some(Err(ExtractError::Damaged(kind)))
}

fn word(body: &[u8]) -> Result<Extracted, ExtractError> {
    let docx::Docx { document, modified } = docx::read(body)?;
    let content = boilerplate::content(&document);
    let heading = boilerplate::first_h1(content.root).map(blocks::heading_text);
    let heading = heading.map(|text| Heading { text, is_sure: true });
    let blocks = blocks::read(content);
    let told = head::title(&document, heading.as_ref());
    let title = if is_title(&told) { told } else { first_words(&blocks) };
    let passages = passages::of_blocks(&title, blocks);
    let modified = modified.as_deref().and_then(head::date::of_machine);
    Ok(Extracted { title, modified, passages, ..Extracted::default() })
}

/// The first heading, or the first line.
fn first_words(blocks: &[blocks::Block]) -> String {
    let heading = |it: &blocks::Block| match it {
        blocks::Block::Heading { text, .. } => Some(text.clone()),
        _ => None,
    };
    let line = |it: &blocks::Block| match it {
        blocks::Block::Line(text) => Some(text.clone()),
        _ => None,
    };
    let first = blocks.iter().find_map(heading).or_else(|| blocks.iter().find_map(line));
    first.unwrap_or_default().chars().take(TITLE_CHARS_MAX).collect()
}

/// Programs write their own name, or that of a file, where a title should be.
fn is_title(text: &str) -> bool {
    let small = text.to_lowercase();
    let is_file = [".doc", ".docx", ".pdf", ".xls", ".xlsx", ".indd", ".pptx", ".odt"];
    let is_nothing = ["untitled", "microsoft word", "powerpoint", "presentasjon", "dokument"];
    !small.is_empty()
        && !is_file.iter().any(|it| small.ends_with(it))
        && !is_nothing.iter().any(|it| small.starts_with(it))
}
