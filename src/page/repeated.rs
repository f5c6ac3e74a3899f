//! Lines that stand on many pages of a site: what is left of menus, footers and boxes after each
//! page has been read by itself.

use std::collections::{BTreeMap, BTreeSet};

use super::extract::ExtractedPassage;

/// A line that stands on so many pages ...
const PAGES_MIN: usize = 4;
/// ... and on so many of a hundred says nothing of any of them.
const PERCENT_MIN: usize = 8;

/// Finds the lines that repeat over a site; each item of `pages` is one page's passages.
pub fn repeated_blocks<'a>(
    pages: impl IntoIterator<Item = &'a [ExtractedPassage]>,
) -> BTreeSet<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut n_pages = 0;
    for page in pages {
        n_pages += 1;
        let lines = page
            .iter()
            .flat_map(|passage| passage.text.lines())
            .map(key);
        for line in lines.collect::<BTreeSet<String>>() {
            *counts.entry(line).or_default() += 1;
        }
    }
    let least = PAGES_MIN.max((n_pages * PERCENT_MIN).div_ceil(100));
    counts
        .into_iter()
        .filter(|(_, count)| least <= *count)
        .map(|(line, _)| line)
        .collect()
}

/// A page's passages without the lines in `repeated`; passages of which nothing is left go.
pub fn without(page: &[ExtractedPassage], repeated: &BTreeSet<String>) -> Vec<ExtractedPassage> {
    let kept = page.iter().map(|passage| {
        let lines: Vec<&str> = passage
            .text
            .lines()
            .filter(|line| !repeated.contains(&key(line)))
            .collect();
        ExtractedPassage {
            text: lines.join("\n"),
            ..passage.clone()
        }
    });
    kept.filter(|passage| !passage.text.is_empty()).collect()
}

/// Case does not count. Digits do: a price or a deadline in the same words is another answer.
fn key(line: &str) -> String {
    line.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(text: &str) -> Vec<ExtractedPassage> {
        vec![ExtractedPassage {
            text: text.to_owned(),
            ..ExtractedPassage::default()
        }]
    }

    #[track_caller]
    fn check(n_pages: usize, n_with: usize, expected: bool) {
        let pages: Vec<_> = (0..n_pages)
            .map(|n| {
                page(if n < n_with {
                    "Sist oppdatert"
                } else {
                    "Noko anna"
                })
            })
            .collect();
        let repeated = repeated_blocks(pages.iter().map(Vec::as_slice));
        assert_eq!(
            repeated.contains("sist oppdatert"),
            expected,
            "{n_with} of {n_pages}"
        );
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
        assert!(repeated_blocks(pages.iter().map(Vec::as_slice)).is_empty());
    }

    #[test]
    fn another_number_is_another_line() {
        let pages: Vec<_> = (1..=8)
            .map(|day| page(&format!("Fristen er {day}. mars")))
            .collect();
        assert!(repeated_blocks(pages.iter().map(Vec::as_slice)).is_empty());
    }

    #[test]
    fn only_the_repeated_lines_go() {
        let pages: Vec<_> = ["Frist 1. mars", "Pris 80 kr", "Opningstid", "Kart", ""]
            .iter()
            .map(|text| page(&format!("{text}\nSist OPPDATERT av kommunen")))
            .collect();
        let repeated = repeated_blocks(pages.iter().map(Vec::as_slice));
        let left: Vec<String> = pages[0..1]
            .iter()
            .flat_map(|it| without(it, &repeated))
            .map(|it| it.text)
            .collect();
        assert_eq!(left, ["Frist 1. mars"]);
        assert!(without(&page("sist oppdatert av kommunen"), &repeated).is_empty());
    }
}
