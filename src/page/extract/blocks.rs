//! The content of a page as lines under headings.

use super::boilerplate::Content;
use super::tree::{Element, Node, tidy};
use super::{boilerplate, table};

/// One piece of a page, in reading order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Block {
    /// A heading; what follows belongs to it.
    Heading {
        /// 1 for the page's own, then up.
        level: u8,
        /// Its text.
        text: String,
        /// What leads to it.
        anchor: Option<String>,
    },
    /// A paragraph, list item or table row.
    Line(String),
    /// The end of what the last heading of this level, or a deeper one, spans.
    Close(u8),
}

/// The heading of what can be unfolded stands below every heading that HTML has.
const OPENER_LEVEL: u8 = 7;

/// Reads the content.
pub(super) fn read(content: Content<'_>) -> Vec<Block> {
    let mut reader = Reader::new(content);
    reader.children(content.root);
    reader.end_line();
    reader.blocks
}

struct Reader<'a> {
    content: Content<'a>,
    blocks: Vec<Block>,
    /// The line being read.
    line: String,
    /// A term that waits for its definition.
    term: String,
    /// The last anchor before which no text stood.
    anchor: Option<String>,
    /// Whether a line break in the text is one for the reader.
    keeps_lines: bool,
}

impl<'a> Reader<'a> {
    fn new(content: Content<'a>) -> Self {
        let (blocks, line, term) = (vec![], String::new(), String::new());
        Self { content, blocks, line, term, anchor: None, keeps_lines: false }
    }

    fn children(&mut self, element: &Element) {
        for child in &element.children {
            match child {
                Node::Text(text) => self.text(text),
                Node::Element(inner) => self.element(inner),
            }
        }
    }

    fn text(&mut self, text: &str) {
        if !self.keeps_lines {
            self.line.push_str(text);
            return;
        }
        let mut lines = text.split('\n');
        self.line.push_str(lines.next().unwrap_or_default());
        for line in lines {
            self.end_line();
            self.line.push_str(line);
        }
    }

    fn element(&mut self, element: &Element) {
        if boilerplate::is_left_out(element, self.content) {
            return;
        }
        match element.name.as_str() {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.heading(element),
            "details" => self.details(element),
            "summary" | "button" => self.open(OPENER_LEVEL, element),
            "br" => self.line.push(' '),
            "hr" => self.end_line(),
            "dt" => self.term(element),
            "table" => self.table(element),
            "pre" => self.pre(element),
            name if is_block(name) => self.block(element),
            _ => {
                self.take_anchor(element);
                self.children(element);
            }
        }
    }

    fn block(&mut self, element: &Element) {
        self.end_line();
        self.take_anchor(element);
        self.children(element);
        self.end_line();
    }

    /// The lines of what is written as it stands are lines of the text.
    fn pre(&mut self, element: &Element) {
        let outer = std::mem::replace(&mut self.keeps_lines, true);
        self.block(element);
        self.keeps_lines = outer;
    }

    fn heading(&mut self, element: &Element) {
        let level = element.name.as_bytes()[1] - b'0';
        self.open(level, element);
    }

    fn details(&mut self, element: &Element) {
        self.end_line();
        self.children(element);
        self.end_line();
        self.blocks.push(Block::Close(OPENER_LEVEL));
    }

    fn open(&mut self, level: u8, element: &Element) {
        self.end_line();
        let text = heading_text(element);
        let inside = element.find(&|it| anchor(it).is_some()).and_then(anchor);
        let anchor = inside.or_else(|| self.anchor.take());
        if text.is_empty() {
            return;
        }
        self.anchor = None;
        self.blocks.push(Block::Heading { level, text, anchor });
    }

    fn take_anchor(&mut self, element: &Element) {
        if self.line.trim().is_empty()
            && let Some(anchor) = anchor(element)
        {
            self.anchor = Some(anchor);
        }
    }

    fn term(&mut self, element: &Element) {
        self.end_line();
        let text = element.text();
        let gap = if self.term.is_empty() || text.is_empty() { "" } else { ", " };
        self.term.push_str(gap);
        self.term.push_str(text.trim_end_matches(':').trim());
    }

    fn table(&mut self, element: &Element) {
        self.end_line();
        let Some(lines) = table::lines(element) else {
            return self.block(element);
        };
        self.anchor = None;
        self.blocks.extend(lines.into_iter().map(Block::Line));
    }

    fn end_line(&mut self) {
        let line = tidy(&std::mem::take(&mut self.line));
        if line.is_empty() {
            return;
        }
        let term = std::mem::take(&mut self.term);
        let line = if term.is_empty() { line } else { format!("{term}: {line}") };
        self.anchor = None;
        self.blocks.push(Block::Line(line));
    }
}

/// The text of a heading without the sign that leads to it.
pub(super) fn heading_text(element: &Element) -> String {
    let text = element.text();
    text.trim_end_matches(['\u{b6}', '#', '\u{a7}']).trim().to_owned()
}

fn anchor(element: &Element) -> Option<String> {
    let name = if element.name == "a" { element.attribute("name") } else { None };
    element.attribute("id").or(name).filter(|it| it.len() <= 200).map(str::to_owned)
}

/// Elements that begin on a line of their own.
fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "blockquote"
            | "body"
            | "caption"
            | "center"
            | "dd"
            | "div"
            | "dl"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "header"
            | "hgroup"
            | "html"
            | "li"
            | "main"
            | "menu"
            | "ol"
            | "p"
            | "section"
            | "td"
            | "tbody"
            | "tfoot"
            | "th"
            | "thead"
            | "tr"
            | "ul"
    )
}
