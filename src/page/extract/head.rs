//! What a page says of itself: title, language, wishes to robots, links.

use std::collections::BTreeSet;

use super::Extracted;
use super::tree::{Element, tidy};

/// So many links are taken from one page.
const LINKS_MAX: usize = 5_000;
/// So many other forms of a page are taken.
const ALTERNATES_MAX: usize = 20;
/// The longest link, language or address that is taken.
const VALUE_CHARS_MAX: usize = 2_000;
/// The longest title or description.
const TITLE_CHARS_MAX: usize = 300;

/// Reads all but title and passages.
pub(super) fn read(document: &Element) -> Extracted {
    let mut page = Extracted { language: language(document), ..Extracted::default() };
    let mut seen = BTreeSet::new();
    document.each(&mut |element| match element.name.as_str() {
        "a" | "area" => take_link(element, &mut page, &mut seen),
        "meta" => take_meta(element, &mut page),
        "base" => page.base = page.base.take().or_else(|| value(element, "href")),
        "link" if is_rel(element, "canonical") => {
            page.canonical = page.canonical.take().or_else(|| value(element, "href"));
        }
        "link" if is_rel(element, "next") || is_rel(element, "prev") => {
            take_link(element, &mut page, &mut seen);
        }
        "link" if is_rel(element, "alternate") => take_alternate(element, &mut page),
        _ => {}
    });
    page
}

/// The page's title without the site's name: where `<title>` has several parts and the page's
/// heading is one of them, the heading.
pub(super) fn title(document: &Element, heading: Option<&str>) -> String {
    let heading = heading.filter(|it| !it.is_empty());
    let own = document.find(&|it| it.name == "title").map(Element::text).unwrap_or_default();
    let is_part = |heading: &&str| {
        let parts = [" | ", " - ", " \u{2013} ", " \u{2014} ", " \u{b7} ", " :: "];
        parts.iter().any(|by| own.split(by).any(|part| part.trim() == *heading))
    };
    let title = match heading.filter(is_part) {
        Some(heading) => heading,
        None if own.is_empty() => heading.unwrap_or_default(),
        None => &own,
    };
    title.chars().take(TITLE_CHARS_MAX).collect()
}

fn language(document: &Element) -> Option<String> {
    value(document, "lang").or_else(|| value(document, "xml:lang")).map(|it| it.to_lowercase())
}

fn value(element: &Element, name: &str) -> Option<String> {
    element.attribute(name).filter(|it| it.len() <= VALUE_CHARS_MAX).map(str::to_owned)
}

fn is_rel(element: &Element, wanted: &str) -> bool {
    let rel = element.attribute("rel").unwrap_or_default();
    rel.split_whitespace().any(|it| it.eq_ignore_ascii_case(wanted))
}

fn take_link(element: &Element, page: &mut Extracted, seen: &mut BTreeSet<String>) {
    let Some(link) = value(element, "href") else {
        return;
    };
    let is_wanted = !link.starts_with('#') && !is_rel(element, "nofollow");
    if is_wanted && page.links.len() < LINKS_MAX && seen.insert(link.clone()) {
        page.links.push(link);
    }
}

/// Another form of the page: in another language, or as a feed.
fn take_alternate(element: &Element, page: &mut Extracted) {
    const FEEDS: [&str; 2] = ["application/rss+xml", "application/atom+xml"];
    let Some(link) = value(element, "href") else {
        return;
    };
    let kind = element.attribute("type").unwrap_or_default().to_ascii_lowercase();
    if FEEDS.contains(&kind.as_str()) && page.feeds.len() < ALTERNATES_MAX {
        page.feeds.push(link);
    } else if let Some(language) = value(element, "hreflang")
        && page.alternates.len() < ALTERNATES_MAX
    {
        page.alternates.push((language.to_lowercase(), link));
    }
}

fn take_meta(element: &Element, page: &mut Extracted) {
    let content = element.attribute("content").unwrap_or_default();
    match element.attribute("name").unwrap_or_default().to_ascii_lowercase().as_str() {
        "robots" | "skranke" => {
            let (noindex, nofollow) = wishes(content);
            page.noindex |= noindex;
            page.nofollow |= nofollow;
        }
        "description" => {
            let text: String = tidy(content).chars().take(TITLE_CHARS_MAX).collect();
            page.description = Some(text).filter(|it| !it.is_empty());
        }
        _ => {}
    }
}

/// Reads a list of wishes to robots: whether it holds `noindex` and `nofollow`.
pub(crate) fn wishes(list: &str) -> (bool, bool) {
    let list = list.to_ascii_lowercase();
    let has = |wish: &str| list.split([',', ' ', ':']).any(|it| it == wish || it == "none");
    (has("noindex"), has("nofollow"))
}
