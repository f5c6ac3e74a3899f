//! Lines that stand on many pages of a site: what is left of menus, footers and boxes after each
//! page has been read by itself.

use std::collections::{BTreeMap, BTreeSet};

use super::bodies::{Body, Passage};

/// A line that stands on so many pages ...
const PAGES_MIN: usize = 4;
/// ... and on so many of a hundred says nothing of any of them.
const PERCENT_MIN: usize = 8;
/// How to reach somebody, and when, is said on all pages of one office and answers on each; only
/// on so many of a hundred pages is it the site's foot.
const CONTACT_PERCENT_MIN: usize = 50;
/// So many digits are a telephone number.
const TELEPHONE_DIGITS: usize = 8;
/// Beginnings of the days of the week, in Nynorsk, Bokm\u{e5}l and English.
const DAYS: [&str; 18] = [
    "m\u{e5}nd",
    "mand",
    "tysd",
    "tirsd",
    "onsd",
    "torsd",
    "fred",
    "laurd",
    "l\u{f8}rd",
    "sund",
    "s\u{f8}nd",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

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
        let least = |percent: usize| PAGES_MIN.max((n_pages * percent).div_ceil(100));
        let (any, contact) = (least(PERCENT_MIN), least(CONTACT_PERCENT_MIN));
        let often = counts
            .into_iter()
            .filter(|(line, count)| any <= *count && (contact <= *count || !is_contact(line)));
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

/// Whether a line in small letters says how or when to reach somebody.
pub(super) fn is_contact(line: &str) -> bool {
    let digits = line.bytes().filter(u8::is_ascii_digit).count();
    let has_day = || line.split(|it: char| !it.is_alphabetic()).any(is_day);
    TELEPHONE_DIGITS <= digits || line.contains('@') || (0 < digits && has_day())
}

fn is_day(word: &str) -> bool {
    DAYS.iter().any(|it| word.starts_with(it))
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
    fn how_to_reach_an_office_stays_on_its_pages() {
        for line in [
            "Telefon 00 00 00 00",
            "Skriv til post@x.example",
            "M\u{e5}ndag til fredag 9\u{2013}15",
        ] {
            let others = |n: usize| if n.is_multiple_of(4) { line } else { "Noko anna" };
            let pages: Vec<Body> = (0..20).map(|n| page(others(n))).collect();
            assert!(Repeated::of(&pages).rest(&pages[0].passages[0]).is_some(), "{line}");
            let pages: Vec<Body> = (0..20).map(|_| page(line)).collect();
            assert!(Repeated::of(&pages).rest(&pages[0].passages[0]).is_none(), "{line}");
        }
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
