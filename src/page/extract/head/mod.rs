//! What a page says of itself: title, language, wishes to robots, links.

pub(super) mod date;
pub(super) mod schema;

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
    let mut dates = Dates::default();
    document.each(&mut |element| {
        dates.take(element);
        take(element, &mut page, &mut seen);
    });
    page.modified = dates.best();
    page
}

fn take(element: &Element, page: &mut Extracted, seen: &mut BTreeSet<String>) {
    match element.name.as_str() {
        "a" | "area" => take_link(element, page, seen),
        "meta" => take_meta(element, page),
        "base" => page.base = page.base.take().or_else(|| value(element, "href")),
        "link" if is_rel(element, "canonical") => {
            page.canonical = page.canonical.take().or_else(|| value(element, "href"));
        }
        "link" if is_rel(element, "next") || is_rel(element, "prev") => {
            take_link(element, page, seen);
        }
        "link" if is_rel(element, "alternate") => take_alternate(element, page),
        _ => {}
    }
}

/// Where a page may say when it was changed last.
#[derive(Debug, Default)]
struct Dates {
    meta: Option<String>,
    marked: Option<String>,
    stamp: Option<String>,
}

impl Dates {
    fn take(&mut self, element: &Element) {
        let content = element.attribute("content");
        let name = element.attribute("property").or(element.attribute("name")).unwrap_or_default();
        if element.name == "meta" && META_DATES.iter().any(|it| it.eq_ignore_ascii_case(name)) {
            self.meta = self.meta.take().or_else(|| content.and_then(date::of_machine));
        }
        if element.attribute("itemprop") == Some("dateModified") {
            let value = element.attribute("datetime").or(content).and_then(date::of_machine);
            let marked = value.or_else(|| date::of_text(&element.text()));
            self.marked = self.marked.take().or(marked);
        }
        if self.stamp.is_none() && (2..=14).contains(&element.tally.words) {
            self.stamp = date::of_stamp(&element.text());
        }
    }

    /// For machines first: it is written by the program that knows.
    fn best(self) -> Option<String> {
        self.meta.or(self.marked).or(self.stamp)
    }
}

/// Names of `<meta>` that tell when the page was changed.
const META_DATES: [&str; 5] = [
    "article:modified_time",
    "og:updated_time",
    "dcterms.modified",
    "dc.date.modified",
    "last-modified",
];

/// What stands between the parts of a title.
const BETWEEN: [&str; 9] =
    [" | ", " - ", " \u{2013} ", " \u{2014} ", " \u{b7} ", " :: ", " \u{bb} ", " / ", " \u{2022} "];

/// The page's title without the site's name: the page's heading where `<title>` has it as a part,
/// or says something else than a heading in what is marked as the content.
pub(super) fn title(document: &Element, heading: Option<&Heading>) -> String {
    let own = document.find(&|it| it.name == "title").map(Element::text).unwrap_or_default();
    let heading = heading.filter(|it| !it.text.is_empty());
    let is_better = |it: &&Heading| {
        own.is_empty() || is_part(&own, &it.text) || (it.is_sure && !own.contains(&it.text))
    };
    let title = heading.filter(is_better).map_or(&own, |it| &it.text);
    title.chars().take(TITLE_CHARS_MAX).collect()
}

/// The page's own heading.
#[derive(Debug)]
pub(super) struct Heading {
    pub(super) text: String,
    /// It stands in what is marked as the content, so it is no name of the site.
    pub(super) is_sure: bool,
}

/// Whether `heading` is a whole part, or several, of a title.
fn is_part(title: &str, heading: &str) -> bool {
    title.match_indices(heading).any(|(at, _)| {
        let (before, after) = (&title[..at], &title[at + heading.len()..]);
        let starts = before.is_empty() || BETWEEN.iter().any(|it| before.ends_with(it));
        starts && (after.is_empty() || BETWEEN.iter().any(|it| after.starts_with(it)))
    })
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
