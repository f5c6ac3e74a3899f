//! PDF to lines under headings, page by page.
//!
//! A PDF knows glyphs and their places. What stands at one height is a line; what is set larger
//! than most of the text, and is short, is a heading.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use pdf_extract::{Document, MediaBox, Object, OutputDev, OutputError, Transform, output_doc_page};

use super::super::blocks::Block;
use super::super::tree::tidy;
use super::super::{ExtractError, Extracted, head, passages};
use super::{first_words, is_title};

/// So many pages of a file are read.
const PAGES_MAX: u32 = 500;
/// So much text is taken from a file, in glyphs.
const GLYPHS_MAX: usize = 2_000_000;
/// A file whose pages have fewer letters on average, and pictures, is a scanned one.
const LETTERS_PER_PAGE_MIN: usize = 20;
/// So many lines at the top and foot of a page may stand on each ...
const MARGIN_LINES: usize = 2;
/// ... and do so when they stand on so many.
const MARGIN_PAGES_MIN: usize = 3;
/// A line with more words is no heading.
const HEADING_WORDS_MAX: usize = 16;
/// So much larger than most of the text is a heading, in percent.
const HEADING_PERCENT: i64 = 115;

/// Reads a PDF.
pub(super) fn read(body: &[u8]) -> Result<Extracted, ExtractError> {
    let mut document =
        quietly(|| Document::load_mem(body).ok()).ok_or(ExtractError::Damaged("PDF"))?;
    if document.is_encrypted() && quietly(|| document.decrypt("").ok()).is_none() {
        return Err(ExtractError::Locked);
    }
    let n_pages = quietly(|| Some(document.get_pages().len())).unwrap_or_default();
    let mut taken = 0;
    let mut pages = vec![];
    for number in (1..).take(n_pages).take_while(|number| *number <= PAGES_MAX) {
        let mut page = Glyphs { room: GLYPHS_MAX - taken, ..Glyphs::default() };
        // A page that the library cannot read costs itself; what was read of it stays.
        quietly(|| output_doc_page(&document, &mut page, number).ok());
        taken += page.n_glyphs;
        pages.push((number, page.lines()));
    }
    let letters = pages.iter().flat_map(|it| &it.1).map(|it| it.text.len()).sum::<usize>();
    if letters < LETTERS_PER_PAGE_MIN * n_pages.max(1) {
        return Ok(Extracted { has_only_pictures: true, ..Extracted::default() });
    }
    leave_out_margins(&mut pages);
    let blocks = blocks(&pages);
    let title = title(&document, &blocks);
    Ok(Extracted {
        modified: information(&document, b"ModDate").as_deref().and_then(head::date::of_pdf),
        passages: passages::of_blocks(&title, blocks),
        title,
        ..Extracted::default()
    })
}

/// What `read` gives; none when the library panics, which it does on many a damaged file.
fn quietly<T>(read: impl FnOnce() -> Option<T>) -> Option<T> {
    catch_unwind(AssertUnwindSafe(read)).ok().flatten()
}

/// A line of a page.
#[derive(Debug)]
struct Line {
    text: String,
    /// Of its largest letters, in tenths of a point.
    size: i64,
    /// The room above it, in percent of its size; none for the first of a page.
    above: Option<i64>,
    is_cell_row: bool,
}

/// The glyphs of a page, made into lines as they come.
#[derive(Debug, Default)]
struct Glyphs {
    room: usize,
    n_glyphs: usize,
    lines: Vec<Line>,
    text: String,
    size: f64,
    /// Where the last glyph ended.
    end: f64,
    y: f64,
    last_y: Option<f64>,
    has_cells: bool,
}

impl Glyphs {
    fn lines(mut self) -> Vec<Line> {
        self.end_line();
        self.lines
    }

    fn end_line(&mut self) {
        let text = tidy(&std::mem::take(&mut self.text));
        if !text.is_empty() {
            let above = self.last_y.map(|y| percent((y - self.y).abs() / self.size.max(1.0)));
            let size = percent(self.size / 10.0);
            let is_cell_row = self.has_cells;
            self.lines.push(Line { text, size, above, is_cell_row });
            self.last_y = Some(self.y);
        }
        self.size = 0.0;
        self.has_cells = false;
    }
}

fn percent(share: f64) -> i64 {
    (share * 100.0).round() as i64
}

impl OutputDev for Glyphs {
    fn begin_page(
        &mut self,
        _number: u32,
        _media: &MediaBox,
        _art: Option<(f64, f64, f64, f64)>,
    ) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_page(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn output_character(
        &mut self,
        place: &Transform,
        width: f64,
        _spacing: f64,
        font_size: f64,
        text: &str,
    ) -> Result<(), OutputError> {
        if self.room <= self.n_glyphs {
            return Ok(());
        }
        self.n_glyphs += 1;
        let size = font_size * place.m22.hypot(place.m21);
        let scale = font_size * place.m11.hypot(place.m12);
        let (x, y) = (place.m31, place.m32);
        let is_new_line = size * 0.5 < (y - self.y).abs() || x + size * 2.0 < self.end;
        if !self.text.is_empty() && is_new_line {
            self.end_line();
        } else if !self.text.is_empty() && self.end + size * 0.1 < x {
            self.has_cells |= self.end + size * 1.5 < x;
            self.text.push(' ');
        }
        self.text.push_str(text);
        self.size = self.size.max(size);
        (self.end, self.y) = (x + width * scale, y);
        Ok(())
    }

    fn begin_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_line(&mut self) -> Result<(), OutputError> {
        Ok(())
    }
}

/// Takes out what stands at the top and foot of page after page, page numbers, and the dotted
/// lines of a list of contents.
fn leave_out_margins(pages: &mut [(u32, Vec<Line>)]) {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (_, lines) in pages.iter() {
        let at_margin = (0..lines.len()).filter(|at| is_margin(*at, lines.len()));
        for key in at_margin.map(|at| margin_key(&lines[at].text)).collect::<BTreeSet<_>>() {
            *counts.entry(key).or_default() += 1;
        }
    }
    for (_, lines) in pages {
        let n_lines = lines.len();
        let mut at = 0;
        lines.retain(|line| {
            at += 1;
            let key = margin_key(&line.text);
            let repeats = MARGIN_PAGES_MIN <= counts.get(&key).copied().unwrap_or_default();
            let is_number = is_page_number(&key);
            let has_dots = line.text.contains(". . . .") || line.text.contains(".....");
            !has_dots && !(is_margin(at - 1, n_lines) && (repeats || is_number))
        });
    }
}

fn is_margin(at: usize, n_lines: usize) -> bool {
    at < MARGIN_LINES || n_lines <= at + MARGIN_LINES
}

/// The text without its numbers, which go on from page to page.
fn margin_key(text: &str) -> String {
    let mut key: String =
        text.chars().map(|it| if it.is_ascii_digit() { '0' } else { it }).collect();
    while key.contains("00") {
        key = key.replace("00", "0");
    }
    key.to_lowercase()
}

fn is_page_number(key: &str) -> bool {
    let bare = key.trim_start_matches("side ").trim_start_matches("page ");
    let is_roman =
        !bare.is_empty() && bare.len() <= 6 && bare.chars().all(|it| "ivxlc".contains(it));
    is_roman || matches!(bare, "0" | "0 av 0" | "0 of 0" | "0/0" | "- 0 -" | "0 (0)")
}

/// The lines of all pages as paragraphs under headings.
fn blocks(pages: &[(u32, Vec<Line>)]) -> Vec<Block> {
    let usual = usual_size(pages);
    let is_heading = |line: &Line| {
        let words = line.text.split_whitespace().count();
        let has_letters = line.text.chars().filter(|it| it.is_alphabetic()).count() >= 3;
        usual * HEADING_PERCENT <= line.size * 100
            && words <= HEADING_WORDS_MAX
            && has_letters
            && !line.is_cell_row
    };
    let mut sizes: Vec<i64> =
        pages.iter().flat_map(|it| &it.1).filter(|it| is_heading(it)).map(|it| it.size).collect();
    sizes.sort_unstable_by(|a, b| b.cmp(a));
    sizes.dedup();
    let level = |size: i64| {
        let rank = sizes.iter().position(|it| *it == size).unwrap_or_default();
        u8::try_from(rank.min(5) + 1).unwrap_or(6)
    };
    let mut blocks = vec![];
    for (number, lines) in pages.iter().filter(|it| !it.1.is_empty()) {
        blocks.push(Block::Page(*number));
        let mut last: Option<&Line> = None;
        for line in lines {
            let level = is_heading(line).then(|| level(line.size));
            take(&mut blocks, last, line, level);
            last = Some(line);
        }
    }
    blocks
}

/// Adds a line: to the heading or paragraph that it goes on, or as a block of its own.
fn take(blocks: &mut Vec<Block>, last: Option<&Line>, line: &Line, level: Option<u8>) {
    let near = last.is_some_and(|it| it.size == line.size && line.above.is_some_and(|it| it < 160));
    match (blocks.last_mut(), level) {
        (Some(Block::Heading { text, level: own, .. }), Some(level)) if near && *own == level => {
            text.push(' ');
            text.push_str(&line.text);
        }
        (_, Some(level)) => {
            blocks.push(Block::Heading { level, text: line.text.clone(), anchor: None });
        }
        (Some(Block::Line(text)), None) if near && goes_on(last, line) => {
            let hyphen = text.ends_with('-')
                && line.text.starts_with(char::is_lowercase)
                && !line.text.starts_with("og ");
            if hyphen {
                text.pop();
            } else {
                text.push(' ');
            }
            text.push_str(&line.text);
        }
        _ => blocks.push(Block::Line(line.text.clone())),
    }
}

/// Rows of tables and items of lists stand on lines of their own.
fn goes_on(last: Option<&Line>, line: &Line) -> bool {
    let begins_item = line.text.starts_with(['\u{2022}', '-', '\u{2013}', '\u{25cf}', '\u{f0b7}']);
    last.is_some_and(|it| !it.is_cell_row) && !line.is_cell_row && !begins_item
}

/// The size that most letters have.
fn usual_size(pages: &[(u32, Vec<Line>)]) -> i64 {
    let mut letters: BTreeMap<i64, usize> = BTreeMap::new();
    for line in pages.iter().flat_map(|it| &it.1) {
        *letters.entry(line.size).or_default() += line.text.len();
    }
    letters.into_iter().max_by_key(|it| it.1).map_or(0, |it| it.0)
}

/// What the file calls itself, if that is no name of a file; else its first heading or line.
fn title(document: &Document, blocks: &[Block]) -> String {
    let told = information(document, b"Title").map(|it| tidy(&it)).filter(|it| is_title(it));
    told.unwrap_or_else(|| first_words(blocks))
}

/// A text of the file's information.
fn information(document: &Document, key: &[u8]) -> Option<String> {
    quietly(|| {
        let information = document.trailer.get(b"Info").ok()?;
        let (_, information) = document.dereference(information).ok()?;
        let (_, value) = document.dereference(information.as_dict().ok()?.get(key).ok()?).ok()?;
        let Object::String(bytes, _) = value else { return None };
        Some(match bytes.strip_prefix(b"\xfe\xff") {
            Some(wide) => encoding_rs::UTF_16BE.decode_without_bom_handling(wide).0.into_owned(),
            None => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
        })
    })
}
