//! The letter as both parts show it: one struct, two templates, the same facts.

use askama::Template;

use crate::messages::Lang;
use crate::report::plain::wrap;

/// How wide the text part is, in characters.
const TEXT_COLUMNS: usize = 72;

/// A letter before it is written out.
pub(super) struct Page {
    pub(super) lang: Lang,
    pub(super) subject: String,
    pub(super) preheader: String,
    pub(super) organization: String,
    pub(super) title: String,
    pub(super) greeting: String,
    /// Sentences above the numbers.
    pub(super) intro: Vec<String>,
    pub(super) figures: Vec<Figure>,
    /// What the numbers are compared with, and what the share is of; empty when there is neither.
    pub(super) figures_note: String,
    /// How the inquiries came; empty when there are none.
    pub(super) channels: String,
    pub(super) blocks: Vec<Block>,
    /// Why the reader gets it.
    pub(super) because: String,
    pub(super) links: Vec<Link>,
}

/// A number with its name.
pub(super) struct Figure {
    pub(super) label: String,
    pub(super) value: String,
    /// The number before; empty when unknown.
    pub(super) before: String,
}

/// A heading with what stands under it.
#[derive(Default)]
pub(super) struct Block {
    pub(super) heading: String,
    pub(super) items: Vec<Item>,
    /// A sentence after the items; may be empty.
    pub(super) note: String,
    pub(super) more: Option<Link>,
}

/// One topic.
pub(super) struct Item {
    pub(super) name: Link,
    pub(super) says: String,
    pub(super) page: Option<Link>,
    /// What stands before the page's title.
    pub(super) page_label: String,
}

/// A text that leads somewhere; just a text when the address is empty.
pub(super) struct Link {
    pub(super) text: String,
    pub(super) href: String,
}

#[derive(Template)]
#[template(path = "mail/letter.html")]
struct Html<'a> {
    it: &'a Page,
}

#[derive(Template)]
#[template(path = "mail/letter.txt")]
struct Text<'a> {
    it: &'a Page,
}

impl Page {
    pub(super) fn html(&self) -> String {
        let html = Html { it: self }.render();
        html.expect("the template writes to memory and calls nothing that fails")
    }

    /// The text part: lines broken at 72 characters, at most one empty line in a row.
    pub(super) fn text(&self) -> String {
        let text = Text { it: self }.render();
        let text = text.expect("the template writes to memory and calls nothing that fails");
        let mut lines: Vec<String> = Vec::new();
        for line in text.lines().map(str::trim_end) {
            if line.is_empty() && lines.last().is_none_or(String::is_empty) {
                continue;
            }
            let indent = " ".repeat(line.len() - line.trim_start().len());
            let broken = wrap(line, TEXT_COLUMNS - indent.len());
            lines.extend(broken.into_iter().map(|it| format!("{indent}{it}")));
            if line.is_empty() {
                lines.push(String::new());
            }
        }
        format!("{}\n", lines.join("\n").trim_end())
    }
}
