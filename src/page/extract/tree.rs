//! The parser's tree, made into a small one of our own that knows its counts.

use scraper::{ElementRef, Html, Node as Parsed};

/// An element with what it holds.
#[derive(Debug, Default)]
pub(super) struct Element {
    pub(super) name: String,
    attributes: Vec<(String, String)>,
    pub(super) children: Vec<Node>,
    pub(super) tally: Tally,
}

/// What an element holds.
#[derive(Debug)]
pub(super) enum Node {
    Text(String),
    Element(Element),
}

/// What lies in an element, all levels down; scripts and their like not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) words: usize,
    pub(super) links: usize,
    pub(super) link_words: usize,
    pub(super) paragraphs: usize,
    pub(super) headings: usize,
    pub(super) tables: usize,
    /// What one is to be reached by, or when: addresses, telephones, opening hours.
    pub(super) contacts: usize,
    /// It holds the page's heading or its main part.
    pub(super) has_core: bool,
}

/// Elements whose content no reader reads.
const UNREAD: [&str; 14] = [
    "audio", "canvas", "embed", "iframe", "math", "noembed", "noframes", "noscript", "object",
    "script", "style", "svg", "template", "video",
];

/// Parses a page whose shape has been checked.
pub(super) fn parse(html: &str) -> Element {
    convert(Html::parse_document(html).root_element())
}

fn convert(parsed: ElementRef<'_>) -> Element {
    let value = parsed.value();
    let attributes = value.attrs().map(|(name, it)| (name.to_owned(), it.to_owned())).collect();
    let mut element = Element { name: value.name().to_owned(), attributes, ..Element::default() };
    for child in parsed.children() {
        match child.value() {
            Parsed::Text(text) => {
                element.tally.words += count(text);
                element.children.push(Node::Text(text.to_string()));
            }
            Parsed::Element(inner) if UNREAD.contains(&inner.name()) => {
                element.children.extend(ElementRef::wrap(child).and_then(facts));
            }
            Parsed::Element(_) => {
                if let Some(inner) = ElementRef::wrap(child) {
                    let inner = convert(inner);
                    element.tally.take(inner.tally);
                    element.children.push(Node::Element(inner));
                }
            }
            Parsed::Document
            | Parsed::Fragment
            | Parsed::Doctype(_)
            | Parsed::Comment(_)
            | Parsed::ProcessingInstruction(_) => {}
        }
    }
    element.count_itself();
    element
}

/// A script that holds facts and no program, and counts as no words.
fn facts(script: ElementRef<'_>) -> Option<Node> {
    let is_facts = script.value().attr("type") == Some("application/ld+json");
    is_facts.then(|| {
        let children = vec![Node::Text(script.text().collect())];
        Node::Element(Element { name: "script".to_owned(), children, ..Element::default() })
    })
}

/// Words with a letter or digit: lines and dots between links are none.
fn count(text: &str) -> usize {
    text.split_whitespace().filter(|it| it.contains(char::is_alphanumeric)).count()
}

impl Tally {
    fn take(&mut self, inner: Self) {
        self.words += inner.words;
        self.links += inner.links;
        self.link_words += inner.link_words;
        self.paragraphs += inner.paragraphs;
        self.headings += inner.headings;
        self.tables += inner.tables;
        self.contacts += inner.contacts;
        self.has_core |= inner.has_core;
    }
}

impl Element {
    /// An element that was not parsed but made.
    pub(super) fn named(name: &str, children: Vec<Node>) -> Self {
        let mut element = Self { name: name.to_owned(), children, ..Self::default() };
        for child in &element.children {
            match child {
                Node::Text(text) => element.tally.words += count(text),
                Node::Element(inner) => element.tally.take(inner.tally),
            }
        }
        element.count_itself();
        element
    }

    /// The same with an attribute.
    pub(super) fn with(mut self, name: &str, value: String) -> Self {
        self.attributes.push((name.to_owned(), value));
        self
    }

    fn is_contact(&self) -> bool {
        let is_telephone = self.attribute("href").is_some_and(|it| it.starts_with("tel:"));
        let is_told = self.attribute("itemprop").is_some_and(|it| {
            matches!(it, "telephone" | "openingHours" | "openingHoursSpecification")
        });
        self.name == "address" || is_telephone || is_told
    }

    fn count_itself(&mut self) {
        self.tally.contacts += usize::from(self.is_contact());
        let tally = &mut self.tally;
        match self.name.as_str() {
            "a" if self.attributes.iter().any(|(name, _)| name == "href") => {
                tally.links += usize::from(0 < tally.words);
                tally.link_words = tally.words;
            }
            "p" => tally.paragraphs += 1,
            "h1" | "main" => {
                tally.headings += 1;
                tally.has_core = true;
            }
            "h2" | "h3" | "h4" | "h5" | "h6" | "summary" => tally.headings += 1,
            "table" => tally.tables += 1,
            "head" => *tally = Tally::default(),
            _ => tally.has_core |= self.attributes.iter().any(|(n, v)| n == "role" && v == "main"),
        }
    }

    /// The value of an attribute, when it says something.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(it, _)| it == name)?;
        Some(found.1.trim()).filter(|value| !value.is_empty())
    }

    /// Tells whether the element has the attribute, be it empty.
    pub(super) fn has(&self, name: &str) -> bool {
        self.attributes.iter().any(|(it, _)| it == name)
    }

    /// The elements right below.
    pub(super) fn elements(&self) -> impl Iterator<Item = &Self> {
        self.children.iter().filter_map(|child| match child {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The first element that fits, itself or below, in reading order.
    pub(super) fn find(&self, fits: &dyn Fn(&Self) -> bool) -> Option<&Self> {
        if fits(self) {
            return Some(self);
        }
        self.elements().find_map(|inner| inner.find(fits))
    }

    /// The last of itself and all below, in reading order, that fits.
    pub(super) fn find_last<'a>(&'a self, fits: &dyn Fn(&Self) -> bool) -> Option<&'a Self> {
        let mut last = None;
        self.each(&mut |it| last = Some(it).filter(|it| fits(it)).or(last));
        last
    }

    /// Calls `visit` with itself and each element below, in reading order.
    pub(super) fn each<'a>(&'a self, visit: &mut dyn FnMut(&'a Self)) {
        visit(self);
        for inner in self.elements() {
            inner.each(visit);
        }
    }

    /// All text below, in one line.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        self.collect(&mut text);
        tidy(&text)
    }

    fn collect(&self, text: &mut String) {
        for child in &self.children {
            match child {
                Node::Text(piece) => text.push_str(piece),
                Node::Element(inner) if inner.name == "script" => {}
                Node::Element(inner) => {
                    let is_inline = INLINE.contains(&inner.name.as_str());
                    text.push_str(if is_inline { "" } else { " " });
                    inner.collect(text);
                    text.push_str(if is_inline { "" } else { " " });
                }
            }
        }
    }
}

/// Elements that do not part words.
const INLINE: [&str; 33] = [
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em",
    "font", "i", "ins", "kbd", "mark", "nobr", "q", "s", "samp", "small", "span", "strike",
    "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
];

/// One line without doubled spaces and without letters that cannot be seen.
pub(super) fn tidy(text: &str) -> String {
    let seen = |it: &char| !matches!(it, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{feff}' | '\0');
    let text: String = text.chars().filter(seen).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
