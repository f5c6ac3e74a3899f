//! What stands around the content of a page: menus, boxes, footers.

use super::tree::{Element, Tally};

/// Words of names of classes and ids, wherever they stand in a compound: `cookie-bar`.
const STARTS: [&str; 16] = [
    "breadcrumb",
    "brodsmul",
    "br\u{f8}dsmul",
    "cookie",
    "feedback",
    "navbar",
    "navfoot",
    "navhead",
    "navigation",
    "pagination",
    "relatert",
    "samtykke",
    "sidebar",
    "skiplink",
    "tilbakemeld",
    "toolbar",
];
/// The same at the end of a word: `docnav`.
const ENDS: [&str; 3] = ["menu", "meny", "nav"];
/// What has a header and a footer that say nothing of the page.
const FRAMES: [&str; 4] = ["global", "page", "site", "top"];
/// The same where only the whole word says it.
const WORDS: [&str; 14] = [
    "consent", "footer", "menu", "meny", "modal", "nav", "pager", "related", "share", "sharing",
    "skip", "social", "toc", "toppmeny",
];
/// Headings of boxes that lead elsewhere or ask for something, in lower case.
const HEADINGS: [&str; 29] = [
    "aktuelt",
    "andre les også",
    "del denne siden",
    "del på",
    "fant du det du lette etter?",
    "fant du det du leitet etter?",
    "fann du det du leita etter?",
    "fekk du svar på det du lurte på?",
    "fikk du svar på det du lurte på?",
    "innhald på sida",
    "innhold på siden",
    "les meir",
    "les mer",
    "les også",
    "nyheiter",
    "nyheter",
    "on this page",
    "på denne sida",
    "på denne siden",
    "related content",
    "related links",
    "relaterte artiklar",
    "relaterte artikler",
    "relaterte lenker",
    "relaterte lenkjer",
    "relatert innhald",
    "relatert innhold",
    "se også",
    "sjå også",
];
/// Something named so is kept all the same when it holds most of the page and so many words: a
/// frame around everything, with a name such as `with-sidebar`.
const FRAME_WORDS: usize = 100;
/// A list or box counts as a menu when it has so many links ...
const MENU_LINKS: usize = 3;
/// ... and they are so short on average ...
const MENU_LINK_WORDS: usize = 8;
/// ... and hold so much of the text, in percent.
const MENU_LINK_PERCENT: usize = 60;

/// A foot of more words is no foot.
const FOOT_WORDS_MAX: usize = 400;

/// The part of the page that holds the content.
#[derive(Clone, Copy, Debug)]
pub(super) struct Content<'a> {
    pub(super) root: &'a Element,
    /// The page itself says that this is its content.
    pub(super) is_marked: bool,
    /// Lists of links are read too: there is nothing else.
    pub(super) has_menus: bool,
    /// It is the foot of the page: what is named so is read.
    pub(super) is_foot: bool,
}

/// The part of the page that holds the content: what is marked as such, or all.
pub(super) fn content(document: &Element) -> Content<'_> {
    let has_words = |it: &Element| 0 < it.tally.words;
    let marked = |it: &Element| it.name == "main" || it.attribute("role") == Some("main");
    let article = |it: &Element| it.name == "article";
    // One article among many is not the page.
    let most = |it: &&Element| document.tally.words <= 2 * it.tally.words;
    let found = document
        .find(&|it| marked(it) && has_words(it))
        .or_else(|| document.find(&|it| article(it) && has_words(it)).filter(most));
    match found {
        Some(root) => Content { root, is_marked: true, has_menus: false, is_foot: false },
        None => {
            let root = document.find(&|it| it.name == "body").unwrap_or(document);
            Content { root, is_marked: false, has_menus: false, is_foot: false }
        }
    }
}

/// The foot of the page, outside its content.
pub(super) fn foot(document: &Element) -> Option<Content<'_>> {
    let is_foot = |it: &Element| {
        let is_named = it.name == "footer" || it.attribute("role") == Some("contentinfo");
        is_named && !it.tally.has_core && 0 < it.tally.words && it.tally.words <= FOOT_WORDS_MAX
    };
    // An article or a section may have a foot of its own; the page's comes last.
    let root = document.find_last(&is_foot)?;
    Some(Content { root, is_marked: true, has_menus: false, is_foot: true })
}

/// The page's own heading.
pub(super) fn first_h1(root: &Element) -> Option<&Element> {
    root.find(&|it| it.name == "h1" && 0 < it.tally.words)
}

/// Tells whether an element inside the content is left out.
pub(super) fn is_left_out(element: &Element, content: Content<'_>) -> bool {
    let own = element.tally;
    if content.is_marked && 0 < own.contacts && may_hold_contacts(element) {
        return false;
    }
    match element.name.as_str() {
        "script" => return true,
        "nav" | "dialog" | "select" | "textarea" | "input" | "label" | "legend" | "datalist"
        | "title" => return true,
        "aside" if !is_own_aside(element, content) => return true,
        "header" | "footer" if !own.has_core => return !is_section_header(element),
        "form" => return !own.has_core && own.paragraphs < 3,
        "button" => return !is_opener(element),
        _ => {}
    }
    is_left_out_by_role(element)
        || (!content.is_foot && is_left_out_by_name(element, content.root.tally))
        || is_headed_as_outside(element)
        || (!content.has_menus && is_menu(element))
}

/// How to reach somebody, and when, is what people ask for, also where it stands beside the text.
/// What in the box leads elsewhere is left out piece by piece.
fn may_hold_contacts(element: &Element) -> bool {
    matches!(element.name.as_str(), "aside" | "footer" | "address")
        || element.attribute("role") == Some("complementary")
        || element.attribute("class").is_some_and(|it| it.contains("sidebar"))
}

/// A box beside the text belongs to the page when it stands in what is marked as the content and
/// is no list of links: a fact, a footnote, opening hours.
fn is_own_aside(element: &Element, content: Content<'_>) -> bool {
    let own = element.tally;
    content.is_marked && own.link_words * 2 <= own.words
}

/// A box whose heading says that it leads elsewhere.
fn is_headed_as_outside(element: &Element) -> bool {
    if !matches!(element.name.as_str(), "div" | "section" | "aside") || element.tally.has_core {
        return false;
    }
    let first = element.elements().find_map(|it| it.find(&|it| is_heading_name(&it.name)));
    let is_one = element.tally.headings == 1 && element.tally.words < FRAME_WORDS;
    is_one && first.is_some_and(|it| HEADINGS.contains(&it.text().to_lowercase().as_str()))
}

pub(super) fn is_heading_name(name: &str) -> bool {
    matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

/// The head of an article or section holds its heading and is part of it.
fn is_section_header(element: &Element) -> bool {
    element.name == "header" && 0 < element.tally.headings && element.tally.links < MENU_LINKS
}

/// A button that opens the text below it is that text's heading.
pub(super) fn is_opener(element: &Element) -> bool {
    let is_button = element.name == "button" || element.attribute("role") == Some("button");
    is_button && element.has("aria-expanded") && 0 < element.tally.words
}

fn is_left_out_by_role(element: &Element) -> bool {
    let role = element.attribute("role").unwrap_or_default();
    let is_outside = matches!(
        role,
        "navigation"
            | "banner"
            | "contentinfo"
            | "complementary"
            | "search"
            | "dialog"
            | "alertdialog"
            | "menu"
            | "menubar"
            | "toolbar"
            | "tablist"
    );
    let is_icon = element.attribute("aria-hidden") == Some("true")
        && matches!(element.name.as_str(), "span" | "i" | "a");
    (is_outside && !element.tally.has_core) || is_icon || is_unseen(element)
}

/// Words for those who listen to the page, such as that a link opens a window.
fn is_unseen(element: &Element) -> bool {
    const UNSEEN: [&str; 6] = [
        "sr-only",
        "visually-hidden",
        "visuallyhidden",
        "screen-reader-text",
        "screen-reader-only",
        "u-visually-hidden",
    ];
    let classes = element.attribute("class").unwrap_or_default();
    matches!(element.name.as_str(), "span" | "a" | "p")
        && classes.split_whitespace().any(|it| UNSEEN.contains(&it))
}

fn is_left_out_by_name(element: &Element, around: Tally) -> bool {
    let own = element.tally;
    let is_large = FRAME_WORDS < own.words && around.words * 2 < own.words * 5;
    let is_frame = own.has_core || (is_large && own.link_words * 2 < own.words);
    let holds_no_box = matches!(element.name.as_str(), "dt" | "dd" | "td" | "th" | "tr" | "code");
    if is_frame || holds_no_box || is_heading_name(&element.name) {
        return false;
    }
    let classes = element.attribute("class").into_iter().flat_map(str::split_whitespace);
    let by_class = classes.filter_map(outside_word).next().is_some();
    // The id of an anchor names the place that it leads to.
    let id = element.attribute("id").filter(|_| element.name != "a");
    by_class || id.is_some_and(|it| is_outside_id(element, it))
}

/// The id of a section is often made of its heading, and then names no box.
fn is_outside_id(element: &Element, id: &str) -> bool {
    let heading = || element.find(&|it| is_heading_name(&it.name)).map(Element::text);
    outside_word(id).is_some_and(|word| !heading().is_some_and(|it| words(&it).contains(&word)))
}

/// The word of a name that says that the box is not the content.
fn outside_word(name: &str) -> Option<String> {
    let words = words(name);
    let says_whether = ["has", "no", "with", "without", "uten", "utan", "med"];
    if words.first().is_some_and(|it| says_whether.contains(&it.as_str())) {
        return None;
    }
    let is_frame = |pair: &[String]| {
        FRAMES.contains(&pair[0].as_str()) && ["header", "footer"].contains(&pair[1].as_str())
    };
    if words.windows(2).any(is_frame) {
        return words.into_iter().next();
    }
    words.into_iter().find(|word| {
        WORDS.contains(&word.as_str())
            || STARTS.iter().any(|start| word.starts_with(start))
            || ENDS.iter().any(|end| word.ends_with(end))
    })
}

/// The words of a name: `cookieBar`, `cookie-bar` and `cookie_bar` have two.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_small = false;
    for letter in name.chars() {
        let is_new = !letter.is_alphanumeric() || (was_small && letter.is_uppercase());
        if is_new {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| letter.is_alphanumeric()) {
            word.extend(letter.to_lowercase());
        }
        was_small = letter.is_lowercase();
    }
    words
}

/// A box of nothing but short links leads on and answers nothing.
fn is_menu(element: &Element) -> bool {
    let Tally { words, links, link_words, headings, contacts, .. } = element.tally;
    let may_be = matches!(
        element.name.as_str(),
        "ul" | "ol" | "dl" | "menu" | "table" | "div" | "section" | "p" | "center"
    );
    may_be
        && headings == 0
        && contacts == 0
        && MENU_LINKS <= links
        && link_words <= links * MENU_LINK_WORDS
        && words * MENU_LINK_PERCENT <= link_words * 100
}
