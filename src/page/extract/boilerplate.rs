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
/// The same where only the whole word says it.
const WORDS: [&str; 14] = [
    "consent", "footer", "menu", "meny", "modal", "nav", "pager", "related", "share", "sharing",
    "skip", "social", "toc", "toppmeny",
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

/// The part of the page that holds the content: what is marked as such, or all.
pub(super) fn content(document: &Element) -> &Element {
    let has_words = |it: &Element| 0 < it.tally.words;
    let marked = |it: &Element| it.name == "main" || it.attribute("role") == Some("main");
    let article = |it: &Element| it.name == "article";
    // One article among many is not the page.
    let most = |it: &&Element| document.tally.words <= 2 * it.tally.words;
    document
        .find(&|it| marked(it) && has_words(it))
        .or_else(|| document.find(&|it| article(it) && has_words(it)).filter(most))
        .or_else(|| document.find(&|it| it.name == "body"))
        .unwrap_or(document)
}

/// The page's own heading.
pub(super) fn first_h1(root: &Element) -> Option<&Element> {
    root.find(&|it| it.name == "h1" && 0 < it.tally.words)
}

/// Tells whether an element inside the content is left out. `around` counts the content.
pub(super) fn is_left_out(element: &Element, around: Tally) -> bool {
    let own = element.tally;
    match element.name.as_str() {
        "nav" | "aside" | "dialog" | "select" | "textarea" | "input" | "label" | "legend"
        | "datalist" | "title" => return true,
        "header" | "footer" if !own.has_core => return !is_section_header(element),
        "form" => return !own.has_core && own.paragraphs < 3,
        "button" => return !is_opener(element),
        _ => {}
    }
    is_left_out_by_role(element) || is_left_out_by_name(element, around) || is_menu(element)
}

/// The head of an article or section holds its heading and is part of it.
fn is_section_header(element: &Element) -> bool {
    element.name == "header" && 0 < element.tally.headings && element.tally.links < MENU_LINKS
}

/// A button that opens the text below it is that text's heading.
pub(super) fn is_opener(element: &Element) -> bool {
    element.name == "button" && element.has("aria-expanded") && 0 < element.tally.words
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
    (is_outside && !element.tally.has_core) || is_icon
}

fn is_left_out_by_name(element: &Element, around: Tally) -> bool {
    let own = element.tally;
    let is_frame = own.has_core || (FRAME_WORDS < own.words && around.words * 2 < own.words * 5);
    if is_frame || matches!(element.name.as_str(), "h1" | "h2" | "h3" | "h4" | "h5" | "h6") {
        return false;
    }
    let names = [element.attribute("class"), element.attribute("id")];
    names.into_iter().flatten().flat_map(str::split_whitespace).any(is_outside_name)
}

fn is_outside_name(name: &str) -> bool {
    let words = words(name);
    let says_whether = ["has", "no", "with", "without", "uten", "utan", "med"];
    if words.first().is_some_and(|it| says_whether.contains(&it.as_str())) {
        return false;
    }
    words.iter().any(|word| {
        WORDS.contains(&word.as_str()) || STARTS.iter().any(|start| word.starts_with(start))
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
    let Tally { words, links, link_words, headings, .. } = element.tally;
    let may_be = matches!(
        element.name.as_str(),
        "ul" | "ol" | "dl" | "menu" | "table" | "div" | "section" | "p" | "center"
    );
    may_be
        && headings == 0
        && MENU_LINKS <= links
        && link_words <= links * MENU_LINK_WORDS
        && words * MENU_LINK_PERCENT <= link_words * 100
}
