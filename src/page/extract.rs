//! HTML to what a reader reads: title, headings with anchors, passages; what stands on every
//! page (menus, footers, cookie boxes) is left out.

use scraper::node::Node;
use scraper::{ElementRef, Html, Selector};

use super::bodies::{Body, Passage};

/// A page is at most so large.
pub const HTML_BYTES_MAX: usize = 10 * 1024 * 1024;
/// Tags nest at most so deep: the parser is quadratic in depth, and browsers stop here too.
pub const DEPTH_MAX: usize = 512;
/// A passage is closed at the next paragraph when it has so many words.
const PASSAGE_WORDS: usize = 120;

/// Why a page was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExtractError {
    /// It is too large.
    #[error("the page has more than {HTML_BYTES_MAX} bytes")]
    TooLarge,
    /// Its tags nest too deep.
    #[error("the page's tags nest deeper than {DEPTH_MAX}")]
    TooDeep,
}

/// Reads a page.
pub fn extract(html: &str) -> Result<Body, ExtractError> {
    if HTML_BYTES_MAX < html.len() {
        return Err(ExtractError::TooLarge);
    }
    if DEPTH_MAX < depth(html) {
        return Err(ExtractError::TooDeep);
    }
    let page = Html::parse_document(html);
    let root = main_part(&page);
    let title = title(&page, root);
    let mut reader = Reader::new(&title);
    reader.read(root);
    Ok(Body { passages: reader.finish(), title })
}

/// How deep tags may nest, counted without parsing: void and closed tags count as closed.
fn depth(html: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0_usize);
    let bytes = html.as_bytes();
    for (at, _) in html.match_indices('<') {
        match bytes.get(at + 1) {
            Some(b'/') => depth = depth.saturating_sub(1),
            Some(letter) if letter.is_ascii_alphabetic() => {
                let name: String = html[at + 1..].chars().take_while(char::is_ascii_alphanumeric).take(12).collect();
                let name = name.to_ascii_lowercase();
                if !UNCLOSED.contains(&name.as_str()) {
                    depth += 1;
                    deepest = deepest.max(depth);
                }
            }
            Some(_) | None => {}
        }
    }
    deepest
}

/// Tags that are never or seldom closed.
const UNCLOSED: [&str; 24] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr", "p", "li", "dt", "dd", "tr", "td", "th", "option", "thead", "tbody", "html",
];

fn selected<'a>(page: &'a Html, selector: &str) -> Option<ElementRef<'a>> {
    let selector = Selector::parse(selector).expect("the selector is a constant");
    page.select(&selector).next()
}

fn main_part(page: &Html) -> ElementRef<'_> {
    ["main", "[role=main]", "article", "body"]
        .iter()
        .find_map(|it| selected(page, it))
        .unwrap_or_else(|| page.root_element())
}

fn title(page: &Html, root: ElementRef<'_>) -> String {
    let heading = Selector::parse("h1").expect("the selector is a constant");
    let own = root.select(&heading).next().or_else(|| selected(page, "title"));
    let text = own.map(|it| tidy(&it.text().collect::<String>())).unwrap_or_default();
    text.split(" | ").next().unwrap_or_default().chars().take(300).collect()
}

/// Walks a page and collects passages.
struct Reader {
    title: String,
    passages: Vec<Passage>,
    /// Headings above the current place with their level.
    path: Vec<(u8, String)>,
    heading: String,
    anchor: Option<String>,
    text: String,
}

impl Reader {
    fn new(title: &str) -> Self {
        Self {
            title: title.to_owned(),
            passages: vec![],
            path: vec![],
            heading: title.to_owned(),
            anchor: None,
            text: String::new(),
        }
    }

    fn read(&mut self, element: ElementRef<'_>) {
        for child in element.children() {
            match child.value() {
                Node::Text(text) => self.text.push_str(text),
                Node::Element(_) => {
                    if let Some(child) = ElementRef::wrap(child) {
                        self.element(child);
                    }
                }
                Node::Document
                | Node::Fragment
                | Node::Doctype(_)
                | Node::Comment(_)
                | Node::ProcessingInstruction(_) => {}
            }
        }
    }

    fn element(&mut self, element: ElementRef<'_>) {
        let name = element.value().name();
        if is_boilerplate(element) {
            return;
        }
        match name {
            "h1" => {}
            "h2" | "h3" | "h4" | "h5" | "h6" | "summary" => self.heading(element, name),
            "p" | "div" | "section" | "li" | "dt" | "dd" | "tr" | "table" | "ul" | "ol" | "dl"
            | "details" | "article" | "blockquote" | "pre" | "br" | "figcaption" | "caption" => {
                self.line();
                self.read(element);
                self.line();
            }
            "td" | "th" => {
                self.read(element);
                self.text.push_str("  ");
            }
            _ => self.read(element),
        }
    }

    fn heading(&mut self, element: ElementRef<'_>, name: &str) {
        self.close();
        let level = name.as_bytes().last().filter(|it| it.is_ascii_digit()).map_or(7, |it| it - b'0');
        self.path.retain(|(above, _)| *above < level);
        self.heading = tidy(&element.text().collect::<String>());
        self.anchor = element.value().id().map(str::to_owned);
        self.path.push((level, self.heading.clone()));
    }

    /// Ends a line; a passage that is long enough ends with it.
    fn line(&mut self) {
        if !self.text.ends_with('\n') && !self.text.is_empty() {
            self.text.push('\n');
        }
        if PASSAGE_WORDS <= self.text.split_whitespace().count() {
            self.close();
        }
    }

    fn close(&mut self) {
        let lines: Vec<String> =
            self.text.lines().map(tidy).filter(|line| !line.is_empty()).collect();
        self.text.clear();
        if lines.is_empty() {
            return;
        }
        let text = lines.join("\n");
        let mut path = vec![self.title.clone()];
        path.extend(self.path.iter().map(|it| it.1.clone()));
        let norm = skranke_index::detect(&format!("{} {text}", self.heading)).into();
        let (heading, anchor) = (self.heading.clone(), self.anchor.clone());
        self.passages.push(Passage { path, heading, anchor, text, norm });
    }

    fn finish(mut self) -> Vec<Passage> {
        self.close();
        self.passages
    }
}

/// Names of classes and ids of what stands on every page.
const BOILERPLATE: [&str; 12] = [
    "cookie", "breadcrumb", "brodsmule", "related", "relatert", "feedback", "tilbakemelding",
    "navbar", "skip", "share", "footer", "sidebar",
];

fn is_boilerplate(element: ElementRef<'_>) -> bool {
    let value = element.value();
    match value.name() {
        "nav" | "header" | "footer" | "aside" | "form" | "script" | "style" | "template"
        | "noscript" | "dialog" | "button" | "iframe" | "svg" | "select" | "head" => return true,
        _ => {}
    }
    let role = value.attr("role").unwrap_or_default();
    if matches!(role, "navigation" | "banner" | "contentinfo" | "dialog" | "search") {
        return true;
    }
    let hidden = value.attr("hidden").is_some() || value.attr("aria-hidden") == Some("true");
    let names = value.classes().chain(value.id());
    hidden || names.into_iter().any(|name| {
        let name = name.to_lowercase();
        BOILERPLATE.iter().any(|it| name.contains(it))
    })
}

/// One line without doubled spaces.
fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<html lang="nn"><head><title>Symjehallen | Fjordvik</title></head><body>
        <a class="skip" href="/main">Hopp</a><div class="cookie-box"><p>Vi bruker kapslar</p></div>
        <header><nav><ul><li>Meny</li></ul></nav></header>
        <main id="main"><ol class="breadcrumb"><li>Heim</li></ol><h1>Symjehallen</h1>
        <p>Hallen er open for alle.</p>
        <h2 id="opning">Opningstider</h2><table><tr><th>Laurdag</th><td>10-16</td></tr></table>
        <details><summary>Kva kostar det?</summary><div><p>80 kroner.</p></div></details>
        <aside>Relatert</aside></main><footer>Kontakt</footer></body></html>"#;

    #[test]
    fn a_page_is_read_without_what_stands_on_every_page() {
        let body = extract(PAGE).unwrap();
        assert_eq!(body.title, "Symjehallen");
        let read: Vec<(&str, &str)> =
            body.passages.iter().map(|it| (it.heading.as_str(), it.text.as_str())).collect();
        assert_eq!(
            read,
            [
                ("Symjehallen", "Hallen er open for alle."),
                ("Opningstider", "Laurdag 10-16"),
                ("Kva kostar det?", "80 kroner."),
            ]
        );
        assert_eq!(body.passages[1].anchor.as_deref(), Some("opning"));
        assert_eq!(body.passages[2].path, ["Symjehallen", "Opningstider", "Kva kostar det?"]);
    }

    #[test]
    fn a_long_section_is_more_than_one_passage() {
        let paragraph = format!("<p>{}</p>", "ord ".repeat(80));
        let body = extract(&format!("<main><h1>T</h1>{}</main>", paragraph.repeat(4))).unwrap();
        assert_eq!(body.passages.len(), 2);
    }

    #[test]
    fn limits_are_kept() {
        assert_eq!(extract(&"<div>".repeat(DEPTH_MAX + 1)), Err(ExtractError::TooDeep));
        assert!(extract(&"<div>".repeat(DEPTH_MAX)).is_ok());
        assert_eq!(extract(&" ".repeat(HTML_BYTES_MAX + 1)), Err(ExtractError::TooLarge));
        assert!(extract("").unwrap().passages.is_empty());
    }
}
