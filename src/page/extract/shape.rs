//! Measures a page before it is parsed: pages made to hang the parser are refused.

use std::collections::BTreeMap;

use super::{ATTRIBUTES_MAX, DEPTH_MAX, ExtractError};

/// Tags that are never closed, or close each other when one follows the other.
const UNCLOSED: [&str; 31] = [
    "area", "base", "body", "br", "col", "colgroup", "dd", "dt", "embed", "head", "hr", "html",
    "img", "input", "li", "link", "meta", "optgroup", "option", "p", "param", "rp", "rt", "source",
    "tbody", "td", "tfoot", "th", "thead", "tr", "wbr",
];
/// Tags whose content is no HTML.
const RAW: [&str; 8] =
    ["iframe", "noembed", "noframes", "script", "style", "textarea", "title", "xmp"];

/// Elements that draw, and hold nothing that a reader of pages knows.
const DRAWN: [&str; 22] = [
    "animate",
    "circle",
    "clippath",
    "defs",
    "ellipse",
    "filter",
    "g",
    "image",
    "line",
    "lineargradient",
    "marker",
    "mask",
    "path",
    "pattern",
    "polygon",
    "polyline",
    "radialgradient",
    "rect",
    "stop",
    "symbol",
    "tspan",
    "use",
];

/// Checks depth and attributes. The depth is an upper bound: an end tag counts only when its
/// start was seen, as the parser drops those that match nothing.
pub(super) fn check(html: &str) -> Result<(), ExtractError> {
    let mut open: BTreeMap<String, usize> = BTreeMap::new();
    let mut depth = 0_usize;
    let mut drawing: Option<Drawing> = None;
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let is_end = rest.starts_with("</");
        let name = name(&rest[1 + usize::from(is_end)..]);
        if name.is_empty() {
            rest = &rest[1..];
            continue;
        }
        let after = tag_end(rest)?;
        let is_closed = rest[..rest.len() - after.len()].ends_with("/>");
        rest = after;
        let is_whole = drawing.as_mut().is_some_and(|it| it.closes(&name, is_end, is_closed));
        if is_end {
            drawing = drawing.filter(|_| name != "svg");
            if let Some(count) = open.get_mut(&name).filter(|count| 0 < **count) {
                *count -= 1;
                depth -= 1;
            }
        } else if drawing.is_none() && RAW.contains(&name.as_str()) {
            rest = raw_end(rest, &name);
        } else if !is_whole && UNCLOSED.binary_search(&name.as_str()).is_err() {
            let is_svg = name == "svg" && !is_closed;
            drawing = drawing.or_else(|| is_svg.then(Drawing::default));
            *open.entry(name).or_default() += 1;
            depth += 1;
        }
        if DEPTH_MAX < depth {
            return Err(ExtractError::TooDeep);
        }
    }
    Ok(())
}

/// The inside of a drawing, where `<path/>` is a whole element. The parser leaves it at any
/// element of a page, so that holds only until one is seen.
#[derive(Debug, Default)]
struct Drawing {
    is_mixed: bool,
    /// The element with text that is open.
    text: Option<String>,
}

impl Drawing {
    /// Notes a tag, and tells whether it is a whole element.
    fn closes(&mut self, name: &str, is_end: bool, is_closed: bool) -> bool {
        let is_text = matches!(name, "title" | "desc" | "text");
        match self.text.take() {
            Some(open) => self.is_mixed |= !is_end || open != name,
            None if is_end => {}
            None if is_text && !is_closed => self.text = Some(name.to_owned()),
            None => self.is_mixed |= DRAWN.binary_search(&name).is_err(),
        }
        is_closed && !self.is_mixed && DRAWN.binary_search(&name).is_ok()
    }
}

fn name(text: &str) -> String {
    if !text.starts_with(|it: char| it.is_ascii_alphabetic()) {
        return String::new();
    }
    let is_over = |it: &char| it.is_ascii_whitespace() || matches!(it, '>' | '/');
    text.chars().take_while(|it| !is_over(it)).take(20).collect::<String>().to_ascii_lowercase()
}

/// What follows a tag, whose quoted values may hold anything.
fn tag_end(tag: &str) -> Result<&str, ExtractError> {
    let mut quote = None;
    let mut attributes = 0;
    let mut last = b' ';
    for (at, byte) in tag.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), _) if open == byte => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') if last == b'=' => quote = Some(byte),
            (None, b'>') => return Ok(&tag[at + 1..]),
            (None, _) => {}
        }
        let is_gap = |it: u8| it.is_ascii_whitespace() || it == b'/';
        attributes += usize::from(quote.is_none() && is_gap(last) && !is_gap(byte));
        if ATTRIBUTES_MAX + 1 < attributes {
            return Err(ExtractError::Attributes);
        }
        if quote.is_some() || last != b'=' || !byte.is_ascii_whitespace() {
            last = byte;
        }
    }
    Ok("")
}

/// What follows the end tag of a raw element.
fn raw_end<'a>(html: &'a str, name: &str) -> &'a str {
    let is_end = |at: &usize| {
        let after = html.get(at + 2..at + 2 + name.len());
        after.is_some_and(|it| it.eq_ignore_ascii_case(name))
    };
    let end = html.match_indices("</").map(|(at, _)| at).find(is_end);
    end.map_or("", |at| &html[at..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn verdict(html: &str, expected: Result<(), ExtractError>) {
        assert_eq!(check(html), expected, "{}", html.chars().take(60).collect::<String>());
    }

    #[test]
    fn depth_is_limited() {
        verdict(&"<div>".repeat(DEPTH_MAX), Ok(()));
        verdict(&"<div>".repeat(DEPTH_MAX + 1), Err(ExtractError::TooDeep));
        verdict(&"<div></x>".repeat(DEPTH_MAX + 1), Err(ExtractError::TooDeep));
        verdict(&"<div title='>'></div>".repeat(10_000), Ok(()));
        verdict(&"<DIV></dIv>".repeat(10_000), Ok(()));
    }

    #[test]
    fn what_is_wide_is_not_deep() {
        verdict(&"<li>a<p>b<br>".repeat(10_000), Ok(()));
        verdict(&"<!-- <div> -->".repeat(10_000), Ok(()));
        verdict(&format!("<script>{}</script>", "'<div>'".repeat(10_000)), Ok(()));
        verdict(&"a < b <3 ".repeat(10_000), Ok(()));
        verdict("<div", Ok(()));
        verdict("<!-- <", Ok(()));
        verdict("<script>", Ok(()));
    }

    #[test]
    fn what_is_drawn_is_not_deep() {
        let paths = "<path d='M0 0'/>".repeat(10_000);
        verdict(&format!("<svg><title>Kart</title><g>{paths}</g></svg>"), Ok(()));
        // The parser leaves the drawing, and then nothing is closed any more.
        let too_deep = Err(ExtractError::TooDeep);
        verdict(&format!("<svg><div></div>{paths}"), too_deep);
        verdict(&format!("<svg><title><b></b></title>{paths}"), too_deep);
        verdict(&format!("<svg><title>{}</title>", "<div>".repeat(600)), too_deep);
        verdict(&format!("<svg></svg>{paths}"), too_deep);
        verdict(&format!("<svg/>{paths}"), too_deep);
    }

    #[test]
    fn attributes_are_limited() {
        let tag = |count: usize| format!("<p {}>", "a=1 ".repeat(count));
        verdict(&tag(ATTRIBUTES_MAX), Ok(()));
        verdict(&tag(ATTRIBUTES_MAX + 1), Err(ExtractError::Attributes));
        verdict(&format!("<p title=\"{}\">", "a ".repeat(10_000)), Ok(()));
    }

    #[test]
    fn the_list_of_unclosed_tags_is_sorted() {
        assert!(UNCLOSED.is_sorted() && DRAWN.is_sorted());
    }
}
