//! How much of a page has not stood on a page before. Numbers count as equal, so that a calendar
//! is not new each day.

use std::collections::{BTreeSet, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::page::bodies::Body;

/// So many lines are remembered; a site with more is large, and no trap.
const LINES_MAX: usize = 500_000;
/// Less than so much of a page's words is nothing new.
pub(in crate::page::crawl) const NEW_SHARE_MIN: f64 = 0.05;

/// The lines that have stood on pages.
#[derive(Debug, Default)]
pub(in crate::page::crawl) struct Novelty {
    lines: HashSet<u64>,
}

impl Novelty {
    /// The share of a page's words that stand in new lines; they are known from now on.
    pub(in crate::page::crawl) fn take(&mut self, body: &Body) -> f64 {
        let passages = body.passages.iter();
        let texts = passages.flat_map(|it| std::iter::once(&it.heading).chain([&it.text]));
        let lines = std::iter::once(&body.title).chain(texts).flat_map(|it| it.lines());
        // A line that stands twice on the page counts once: titles are headings too.
        let lines: BTreeSet<&str> = lines.filter(|it| !it.trim().is_empty()).collect();
        let (mut new, mut all) = (0_u32, 0_u32);
        for line in lines {
            let words = u32::try_from(line.split_whitespace().count()).unwrap_or(u32::MAX);
            all = all.saturating_add(words);
            let is_new = if self.lines.len() < LINES_MAX {
                self.lines.insert(hash(line))
            } else {
                !self.lines.contains(&hash(line))
            };
            new = new.saturating_add(if is_new { words } else { 0 });
        }
        if all == 0 { 0.0 } else { f64::from(new) / f64::from(all) }
    }
}

fn hash(line: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    let mut was_digit = false;
    for letter in line.chars() {
        // A number is a number, however long.
        if letter.is_ascii_digit() && was_digit {
            continue;
        }
        was_digit = letter.is_ascii_digit();
        if was_digit { '0' } else { letter }.hash(&mut hasher);
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::extract::of_paragraphs;

    #[track_caller]
    fn check(novelty: &mut Novelty, title: &str, text: &str, expected: f64) {
        let body = Body::of(title.to_owned(), of_paragraphs(title, text));
        assert!((novelty.take(&body) - expected).abs() < 0.01, "{title}: {text}");
    }

    #[test]
    fn numbers_are_nothing_new_and_words_are() {
        let mut novelty = Novelty::default();
        check(&mut novelty, "Kalender 1. mai 2026", "Ingen hende.", 1.0);
        check(&mut novelty, "Kalender 17. mai 2027", "Ingen hende.", 0.0);
        check(&mut novelty, "Kalender 17. mai 2027", "Ingen hende.\n\nTog går i dag.", 0.4);
        check(&mut novelty, "", "", 0.0);
    }
}
