//! Lines that stand on many pages of a site: what is left of menus, footers and boxes after each
//! page has been read by itself.

use std::collections::{BTreeMap, BTreeSet};

use super::bodies::{Body, Passage};

/// A line that stands on so many pages ...
const PAGES_MIN: usize = 4;
/// ... and on so many of a hundred says nothing of any of them.
const PERCENT_MIN: usize = 8;

/// The lines that repeat over a site.
#[derive(Clone, Debug, Default)]
pub struct Repeated {
    lines: BTreeSet<String>,
}

impl Repeated {
    /// Finds the lines that repeat over all pages of a site.
    pub fn of<'a>(pages: impl IntoIterator<Item = &'a Body>) -> Self {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        let mut n_pages = 0;
        for page in pages {
            n_pages += 1;
            let lines = page.passages.iter().flat_map(|passage| passage.text.lines()).map(key);
            for line in lines.collect::<BTreeSet<String>>() {
                *counts.entry(line).or_default() += 1;
            }
        }
        let least = PAGES_MIN.max((n_pages * PERCENT_MIN).div_ceil(100));
        let often = counts.into_iter().filter(|(_, count)| least <= *count);
        Self { lines: often.map(|(line, _)| line).collect() }
    }

    /// What is left of a passage; none when nothing is.
    pub fn rest(&self, passage: &Passage) -> Option<Passage> {
        let is_own = |line: &&str| !self.lines.contains(&key(line));
        let lines: Vec<&str> = passage.text.lines().filter(is_own).collect();
        (!lines.is_empty()).then(|| Passage { text: lines.join("\n"), ..passage.clone() })
    }

    /// Takes the repeated lines out of a page; passages of which nothing is left go.
    pub fn take_out(&self, page: &mut Body) {
        page.passages = page.passages.iter().filter_map(|it| self.rest(it)).collect();
    }
}

/// Case does not count. Digits do: a price or a deadline in the same words is another answer.
fn key(line: &str) -> String {
    line.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::extract::ExtractedPassage;

    fn page(text: &str) -> Body {
        let passage = ExtractedPassage { text: text.to_owned(), ..ExtractedPassage::default() };
        Body::of(String::new(), vec![passage])
    }

    #[track_caller]
    fn check(n_pages: usize, n_with: usize, expected: bool) {
        let text = |n| if n < n_with { "Sist oppdatert" } else { "Noko anna" };
        let pages: Vec<Body> = (0..n_pages).map(|n| page(text(n))).collect();
        let left = Repeated::of(&pages).rest(&pages[0].passages[0]);
        assert_eq!(left.is_none(), expected, "{n_with} of {n_pages}");
    }

    #[test]
    fn a_line_repeats_when_it_stands_on_many_pages() {
        check(10, 3, false);
        check(10, 4, true);
        check(100, 7, false);
        check(100, 8, true);
        check(101, 8, false);
        check(101, 9, true);
    }

    #[test]
    fn twice_on_a_page_is_once() {
        let pages = vec![page("Ja\nJa\nJa\nJa"), page("Nei")];
        assert!(Repeated::of(&pages).lines.is_empty());
    }

    #[test]
    fn another_number_is_another_line() {
        let pages: Vec<Body> =
            (1..=8).map(|day| page(&format!("Fristen er {day}. mars"))).collect();
        assert!(Repeated::of(&pages).lines.is_empty());
    }

    #[test]
    fn only_the_repeated_lines_go() {
        let texts = ["Frist 1. mars", "Pris 80 kr", "Opningstid", "Kart"];
        let mut pages: Vec<Body> =
            texts.iter().map(|it| page(&format!("{it}\nSist OPPDATERT av kommunen"))).collect();
        pages.push(page("Sist oppdatert av kommunen"));
        let repeated = Repeated::of(&pages);
        pages.iter_mut().for_each(|it| repeated.take_out(it));
        assert_eq!(pages[0].passages[0].text, "Frist 1. mars");
        assert!(pages[4].passages.is_empty());
    }
}
