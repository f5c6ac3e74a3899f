//! Word's files to the same small tree that pages of HTML become.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::super::tree::{Element, Node};
use super::super::{DEPTH_MAX, ExtractError};

/// A part of the file is at most so large when it is unpacked.
const PART_BYTES_MAX: u64 = 32 * 1024 * 1024;
/// Headings of Word have nine levels, those of pages six.
const LEVEL_MAX: u8 = 6;
/// The part that holds the text.
const DOCUMENT: &str = "word/document.xml";
/// What is said of a file that is none.
const DAMAGED: ExtractError = ExtractError::Damaged("DOCX");

/// A file of Word as a page, with a mark where each of its pages begins.
#[derive(Debug)]
pub(super) struct Docx {
    pub(super) document: Element,
    /// When it was changed last, as it says.
    pub(super) modified: Option<String>,
}

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// Whether the bytes are an archive with a document of Word in it.
pub(super) fn is_docx(body: &[u8]) -> bool {
    body.starts_with(b"PK\x03\x04")
        && ZipArchive::new(Cursor::new(body)).is_ok_and(|it| it.index_for_name(DOCUMENT).is_some())
}

/// Reads a file of Word.
pub(super) fn read(body: &[u8]) -> Result<Docx, ExtractError> {
    let mut archive = ZipArchive::new(Cursor::new(body)).map_err(|_| DAMAGED)?;
    let styles = part(&mut archive, "word/styles.xml")?.unwrap_or_default();
    let core = part(&mut archive, "docProps/core.xml")?.unwrap_or_default();
    let text = part(&mut archive, DOCUMENT)?.ok_or(DAMAGED)?;
    let content = Builder::new(levels(&styles)?).read(&text)?;
    let [title, modified] = [fact(&core, "title")?, fact(&core, "modified")?];
    let title = Element::named("title", vec![Node::Text(title.unwrap_or_default())]);
    let content = Element::named("main", content);
    let document = Element::named("html", vec![Node::Element(title), Node::Element(content)]);
    Ok(Docx { document, modified })
}

/// A part of the archive; none when there is no such part.
fn part(archive: &mut Archive<'_>, name: &str) -> Result<Option<String>, ExtractError> {
    let Ok(file) = archive.by_name(name) else { return Ok(None) };
    let mut bytes = vec![];
    file.take(PART_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(|_| DAMAGED)?;
    if PART_BYTES_MAX < bytes.len() as u64 {
        return Err(ExtractError::TooLarge);
    }
    Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
}

/// The level of each style that is a heading, by the style's id. Word keeps the English names of
/// its own styles in every language.
fn levels(styles: &str) -> Result<BTreeMap<String, u8>, ExtractError> {
    let mut levels = BTreeMap::new();
    let mut style = String::new();
    let mut reader = Reader::from_str(styles);
    loop {
        let (Event::Start(tag) | Event::Empty(tag)) = (match reader.read_event() {
            Ok(Event::Eof) => return Ok(levels),
            Ok(event @ (Event::Start(_) | Event::Empty(_))) => event,
            Ok(_) => continue,
            Err(_) => return Err(DAMAGED),
        }) else {
            continue;
        };
        let value = || attribute(&tag, "val").unwrap_or_default().to_lowercase();
        let level = match tag.local_name().as_ref() {
            "style" => {
                style = attribute(&tag, "styleId").unwrap_or_default();
                None
            }
            "name" if value() == "title" => Some(1),
            "name" => value().strip_prefix("heading ").and_then(|it| it.parse::<u8>().ok()),
            // Level 9 is that of plain text.
            "outlineLvl" => value().parse::<u8>().ok().filter(|it| *it < 9).map(|it| it + 1),
            _ => None,
        };
        if let Some(level) = level {
            levels.insert(style.clone(), level.clamp(1, LEVEL_MAX));
        }
    }
}

/// What the file says of itself.
fn fact(core: &str, name: &str) -> Result<Option<String>, ExtractError> {
    let mut reader = Reader::from_str(core);
    let mut is_inside = false;
    loop {
        match reader.read_event().map_err(|_| DAMAGED)? {
            Event::Start(tag) => is_inside = tag.local_name().as_ref() == name,
            Event::Text(text) if is_inside => {
                return Ok(Some(text.trim().to_owned()));
            }
            Event::Eof => return Ok(None),
            _ => is_inside = false,
        }
    }
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = tag.attributes().flatten().find(|it| it.key.local_name().as_ref() == name)?;
    Some(found.value.into_owned())
}

/// Builds paragraphs and tables as the parts of the text come.
struct Builder {
    levels: BTreeMap<String, u8>,
    done: Vec<Node>,
    text: String,
    level: Option<u8>,
    is_item: bool,
    page: u32,
    is_new_page: bool,
    /// How many tables lie in each other here.
    tables: usize,
    rows: Vec<Node>,
    row: Vec<Node>,
    cell: Vec<Node>,
    columns: String,
    is_head: bool,
    depth: usize,
    /// The depth at which something begins that is said twice.
    skipped: Option<usize>,
}

impl Builder {
    fn new(levels: BTreeMap<String, u8>) -> Self {
        Self {
            levels,
            done: vec![],
            text: String::new(),
            level: None,
            is_item: false,
            page: 1,
            is_new_page: true,
            tables: 0,
            rows: vec![],
            row: vec![],
            cell: vec![],
            columns: String::new(),
            is_head: false,
            depth: 0,
            skipped: None,
        }
    }

    fn read(mut self, text: &str) -> Result<Vec<Node>, ExtractError> {
        let mut reader = Reader::from_str(text);
        let mut is_text = false;
        loop {
            match reader.read_event().map_err(|_| DAMAGED)? {
                Event::Start(tag) => {
                    self.depth += 1;
                    if DEPTH_MAX < self.depth {
                        return Err(ExtractError::TooDeep);
                    }
                    is_text = tag.local_name().as_ref() == "t";
                    self.start(&tag);
                }
                Event::Empty(tag) => self.start_and_end(&tag),
                Event::End(tag) => {
                    is_text = false;
                    self.end(tag.local_name().as_ref());
                }
                Event::Text(text) if is_text && self.skipped.is_none() => {
                    self.text.push_str(&text);
                }
                Event::GeneralRef(name) if is_text && self.skipped.is_none() => {
                    self.text.push_str(entity(&name));
                }
                Event::Eof => break,
                _ => {}
            }
        }
        self.end_paragraph();
        if self.page == 1 {
            // Nobody says where its pages end.
            self.done.retain(|it| !matches!(it, Node::Element(it) if it.name == PAGE));
        }
        Ok(self.done)
    }

    fn start(&mut self, tag: &BytesStart<'_>) {
        if self.skipped.is_some() {
            return;
        }
        match tag.local_name().as_ref() {
            "Fallback" | "del" | "moveFrom" => self.skipped = Some(self.depth),
            "p" => self.end_paragraph(),
            "tbl" => {
                self.end_paragraph();
                self.tables += 1;
            }
            "tr" if self.tables == 1 => self.is_head = false,
            "tc" if self.tables == 1 => self.columns = "1".to_owned(),
            _ => self.take(tag),
        }
    }

    fn start_and_end(&mut self, tag: &BytesStart<'_>) {
        if self.skipped.is_none() {
            self.take(tag);
        }
    }

    /// What is said of the paragraph, cell or page at hand.
    fn take(&mut self, tag: &BytesStart<'_>) {
        let value = || attribute(tag, "val").unwrap_or_default();
        match tag.local_name().as_ref() {
            "pStyle" => self.level = self.levels.get(&value()).copied(),
            "numPr" => self.is_item = true,
            "tblHeader" if self.tables == 1 => self.is_head = true,
            "gridSpan" if self.tables == 1 => self.columns = value(),
            "tab" | "cr" => self.text.push(' '),
            "br" if attribute(tag, "type").as_deref() == Some("page") => self.turn_page(),
            "br" => self.text.push(' '),
            "lastRenderedPageBreak" => self.turn_page(),
            _ => {}
        }
    }

    /// A break that the writer asked for is told again where the page was last drawn.
    fn turn_page(&mut self) {
        if !self.is_new_page || !self.text.trim().is_empty() {
            self.page += 1;
        }
        self.is_new_page = true;
    }

    fn end(&mut self, name: &str) {
        let depth = self.depth;
        self.depth = depth.saturating_sub(1);
        if self.skipped.is_some() {
            self.skipped = self.skipped.filter(|it| *it != depth);
            return;
        }
        match name {
            "p" => self.end_paragraph(),
            "tc" if self.tables == 1 => {
                let name = if self.is_head { "th" } else { "td" };
                let cell = Element::named(name, std::mem::take(&mut self.cell));
                let columns = std::mem::take(&mut self.columns);
                self.row.push(Node::Element(cell.with("colspan", columns)));
            }
            "tr" if self.tables == 1 => {
                let row = Element::named("tr", std::mem::take(&mut self.row));
                self.rows.push(Node::Element(row));
            }
            "tbl" => {
                self.tables = self.tables.saturating_sub(1);
                if self.tables == 0 {
                    let table = Element::named("table", std::mem::take(&mut self.rows));
                    self.done.push(Node::Element(table));
                }
            }
            _ => {}
        }
    }

    fn end_paragraph(&mut self) {
        let (level, is_item) = (self.level.take(), std::mem::take(&mut self.is_item));
        let text = std::mem::take(&mut self.text);
        if text.trim().is_empty() {
            return;
        }
        let name = match level {
            Some(level) => format!("h{level}"),
            None if is_item => "li".to_owned(),
            None => "p".to_owned(),
        };
        let paragraph = Element::named(&name, vec![Node::Text(text)]);
        if 0 < self.tables {
            self.cell.push(Node::Element(Element::named("p", paragraph.children)));
            return;
        }
        if std::mem::take(&mut self.is_new_page) {
            let page = Element::named(PAGE, vec![]).with("value", self.page.to_string());
            self.done.push(Node::Element(page));
        }
        self.done.push(Node::Element(paragraph));
    }
}

/// The element that stands where a page begins.
const PAGE: &str = "page";

fn entity(name: &str) -> &'static str {
    match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => " ",
    }
}
