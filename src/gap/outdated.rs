//! How old the nearest answer is, by what it says of itself and by how long nobody touched it.

use std::sync::LazyLock;

use regex::Regex;

/// What is known of the age of the page that comes nearest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Age {
    /// The passage is about a year that has passed, and nobody asks about that one.
    pub is_of_past_year: bool,
    /// Nobody has touched the page for two years.
    pub is_untouched: bool,
}

/// A year longer ago than this is history that a page tells: the year a school was built.
const YEARS_MAX: i16 = 5;
/// After these a year says since or until when something holds, not what year it is about.
const BOUNDS: [&str; 13] = [
    "frå", "fra", "from", "etter", "after", "sidan", "siden", "since", "før", "before", "av", "of",
    "innan",
];
static YEAR: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b(20\d\d)(?:\s?[/–-]\s?(20\d\d|\d\d))?\b").expect("it is written right")
});

/// The year that a title or heading is about, when it has passed: the latest that it names, such
/// as 2025 in "Satsar 2024/25".
pub fn past_year<'a>(headings: impl Iterator<Item = &'a str>, this_year: i16) -> Option<i16> {
    let latest = headings.flat_map(years).max()?;
    (this_year - YEARS_MAX..this_year).contains(&latest).then_some(latest)
}

/// The years that a text is about.
pub fn years(text: &str) -> impl Iterator<Item = i16> {
    YEAR.captures_iter(text).filter_map(|found| {
        let whole = found.get(0)?;
        let before = text[..whole.start()].split_whitespace().next_back().unwrap_or_default();
        if BOUNDS.contains(&before.to_lowercase().as_str()) {
            return None;
        }
        let first: i16 = found[1].parse().ok()?;
        let last: Option<i16> = found.get(2).and_then(|it| it.as_str().parse().ok());
        // "2024/25" ends in 2025; in "2024-03-12" the second number is a month.
        let last = last.map(|it| if it < 100 { first / 100 * 100 + it } else { it });
        Some(last.filter(|it| *it == first + 1).unwrap_or(first))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(heading: &str, expected: Option<i16>) {
        assert_eq!(past_year([heading].into_iter(), 2026), expected, "{heading}");
    }

    #[test]
    fn a_heading_about_a_past_year_is_known() {
        check("Satsar 2024", Some(2024));
        check("Skuleruta 2024/25", Some(2025));
        check("Skuleruta 2024–2025", Some(2025));
        check("Vassavstenging 2025-03-12", Some(2025));
        check("Gebyr 2023 og 2024", Some(2024));
    }

    #[test]
    fn what_holds_still_or_is_history_is_not() {
        check("Satsar 2026", None);
        check("Skuleruta 2025/26", None);
        check("Nye reglar frå 2024", None);
        check("Regler etter 2025", None);
        check("Lov av 2024 om gravferd", None);
        check("Gebyr 2025 og 2026", None);
        check("Skulen vart bygd i 2009", None);
        check("Ring 20241234", None);
        check("Opningstider", None);
    }
}
