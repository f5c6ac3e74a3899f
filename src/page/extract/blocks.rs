//! The content of a page as lines under headings.

use std::collections::BTreeMap;

use super::boilerplate::Content;
use super::head::date;
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
    /// What follows stands on this page of a file.
    Page(u32),
    /// The end of what the last heading of this level, or a deeper one, spans.
    Close(u8),
}

impl Block {
    /// Whether it says nothing that is not in `text`.
    pub(super) fn stands_in(&self, text: &str) -> bool {
        match self {
            Self::Heading { text: own, .. } | Self::Line(own) => text.contains(own.as_str()),
            Self::Page(_) | Self::Close(_) => true,
        }
    }
}

/// The heading of what can be unfolded stands below every heading that HTML has.
const OPENER_LEVEL: u8 = 7;
/// A list of more links is one of contents.
const ANNOUNCED_LINKS_MAX: usize = 30;
/// So many words beside links and lists are a text.
const ITEM_WORDS_MIN: usize = 2;
/// What can be unfolded lies at most so deep in each other before its levels are taken as one.
const BASE_MAX: u8 = 28 * OPENER_LEVEL;

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
    /// Below this level lie the headings of what is unfolded here.
    base: u8,
    /// What the tabs say, by their ids.
    tabs: BTreeMap<&'a str, String>,
}

impl<'a> Reader<'a> {
    fn new(content: Content<'a>) -> Self {
        let (blocks, line, term) = (vec![], String::new(), String::new());
        let tabs = tabs(content.root);
        Self { content, blocks, line, term, anchor: None, keeps_lines: false, base: 0, tabs }
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
        let has_menus = self.content.has_menus || self.is_announced(element);
        if boilerplate::is_left_out(element, Content { has_menus, ..self.content }) {
            return;
        }
        let role = element.attribute("role");
        match element.name.as_str() {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.heading(element),
            _ if role == Some("heading") => self.heading(element),
            "details" => self.unfold(None, element),
            _ if self.tab_of(element).is_some() => self.unfold(self.tab_of(element), element),
            _ if is_question(element) => self.unfold(None, element),
            "summary" => self.open(self.base, element),
            _ if boilerplate::is_opener(element) => self.open(self.base + OPENER_LEVEL, element),
            _ if 0 < self.base && element.attribute("itemprop") == Some("name") => {
                self.open(self.base, element);
            }
            "br" => self.line.push(' '),
            "hr" => self.end_line(),
            "dt" => self.term(element),
            "table" => self.table(element),
            "pre" => self.pre(element),
            "page" => self.page(element),
            "li" => self.item(element),
            name if is_block(name) => self.block(element),
            _ => {
                self.take_anchor(element);
                self.children(element);
            }
        }
    }

    /// The heading of a panel: what its tab says, unless it says the same itself.
    fn tab_of(&self, element: &Element) -> Option<String> {
        let tab = element.attribute("aria-labelledby")?;
        let tab = self.tabs.get(tab).filter(|_| element.attribute("role") == Some("tabpanel"))?;
        let own = element.find(&|it| boilerplate::is_heading_name(&it.name)).map(heading_text);
        (own.as_ref() != Some(tab)).then(|| tab.clone())
    }

    /// A short list of links is text when the line before it says what it lists.
    fn is_announced(&self, element: &Element) -> bool {
        let before = match self.blocks.last() {
            Some(Block::Line(line)) if self.line.trim().is_empty() => line,
            _ => self.line.trim(),
        };
        before.ends_with(':') && element.tally.links <= ANNOUNCED_LINKS_MAX
    }

    /// A list in an item that says something itself is part of what it says.
    fn item(&mut self, element: &Element) {
        let own = |it: &Element| it.tally.words.saturating_sub(it.tally.link_words);
        let is_list = |it: &&Element| matches!(it.name.as_str(), "ul" | "ol" | "dl");
        let in_lists: usize = element.elements().filter(is_list).map(own).sum();
        let says = ITEM_WORDS_MIN + in_lists <= own(element);
        let outer = self.content.has_menus;
        self.content.has_menus |= says;
        self.block(element);
        self.content.has_menus = outer;
    }

    fn page(&mut self, element: &Element) {
        self.end_line();
        let number = element.attribute("value").and_then(|it| it.parse().ok());
        self.blocks.extend(number.map(Block::Page));
    }

    /// A block whose openers end with it.
    fn block(&mut self, element: &Element) {
        self.end_line();
        self.take_anchor(element);
        let start = self.blocks.len();
        self.children(element);
        self.end_line();
        let level = self.base + OPENER_LEVEL;
        let opener = |it: &Block| matches!(it, Block::Heading { level: own, .. } if *own == level);
        let last = self.blocks[start..].iter().rposition(opener);
        let has_text =
            |at: usize| self.blocks[start + at..].iter().any(|it| matches!(it, Block::Line(_)));
        let is_closed = self.blocks.last() == Some(&Block::Close(level));
        if last.is_some_and(has_text) && !is_closed {
            self.blocks.push(Block::Close(level));
        }
    }

    /// The lines of what is written as it stands are lines of the text.
    fn pre(&mut self, element: &Element) {
        let outer = std::mem::replace(&mut self.keeps_lines, true);
        self.block(element);
        self.keeps_lines = outer;
    }

    fn heading(&mut self, element: &Element) {
        let told = element.attribute("aria-level").and_then(|it| it.parse().ok());
        let level = match element.name.as_bytes() {
            [b'h', digit @ b'1'..=b'6'] => digit - b'0',
            _ => told.filter(|it| (1..=6).contains(it)).unwrap_or(2),
        };
        self.open(self.base + level, element);
    }

    /// Something that is shown when it is asked for; headings in it lie below its own.
    fn unfold(&mut self, heading: Option<String>, element: &Element) {
        self.end_line();
        let outer = self.base;
        self.base = (outer + OPENER_LEVEL).min(BASE_MAX);
        if let Some(text) = heading {
            let anchor = element.attribute("id").map(str::to_owned);
            self.blocks.push(Block::Heading { level: self.base, text, anchor });
        }
        self.children(element);
        self.end_line();
        self.blocks.push(Block::Close(self.base));
        self.base = outer;
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
        // When the page was changed is no part of what it says.
        if line.is_empty() || date::of_stamp(&line).is_some() {
            return;
        }
        let term = std::mem::take(&mut self.term);
        let line = if term.is_empty() { line } else { format!("{term}: {line}") };
        self.anchor = None;
        self.blocks.push(Block::Line(line));
    }
}

/// What each tab says.
fn tabs(root: &Element) -> BTreeMap<&str, String> {
    let mut tabs = BTreeMap::new();
    root.each(&mut |it| {
        if let (Some("tab"), Some(id)) = (it.attribute("role"), it.attribute("id")) {
            tabs.insert(id, heading_text(it));
        }
    });
    tabs.retain(|_, text| !text.is_empty());
    tabs
}

/// A question of schema.org, whose answer lies in it.
fn is_question(element: &Element) -> bool {
    let kind = element.attribute("itemtype").unwrap_or_default();
    kind.trim_end_matches('/').ends_with("schema.org/Question")
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
