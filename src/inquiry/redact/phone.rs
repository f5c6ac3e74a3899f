//! Phone numbers in the forms of the Norwegian plan, and foreign ones with their sign.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::checksum::is_day;
use super::keep::{overlaps, passages, span};
use super::number::{Find, is_published, windows};
use super::plain::{Group, Plain};
use super::{Allowed, Kind, pattern};

/// How far before the number the word may stand.
const WORD_CHARS_MAX: usize = 25;

/// The length of an ordinary number in Norway.
const DIGITS: usize = 8;

/// How ordinary numbers are grouped.
const SHAPES: [&[usize]; 3] = [&[8], &[2, 2, 2, 2], &[3, 2, 3]];

static SIGNED: LazyLock<[Regex; 2]> = LazyLock::new(|| {
    let gap = r"[\s./\-–()]{0,3}";
    [
        pattern(&format!(r"\(?(?:\+\s?|00\s?)47(?:{gap}\d){{8}}")),
        pattern(&format!(r"\(?(?:\+|00)[1-9](?:{gap}\d){{7,14}}")),
    ]
});

static WORD: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\b(?:tlf|telefon|mobil|ring|phone|call|sms|nummer)"));

/// Finds phone numbers that are not allowed.
pub(super) fn find(plain: &Plain, allowed: &Allowed) -> Vec<Find> {
    let mut kept = passages(plain);
    let mut finds = Vec::new();
    let view = plain.view();
    for pattern in SIGNED.iter() {
        for found in pattern.find_iter(&view.text) {
            let at = view.letters(found.range());
            if plain.is_inside_number(&at) || overlaps(&kept, &at) {
                continue;
            }
            if is_allowed(allowed, &plain.digits(&at)) {
                kept.push(at);
            } else {
                finds.push((Kind::Phone, at));
            }
        }
    }
    for run in plain.runs() {
        finds.extend(ordinary(plain, &run, allowed, &mut kept));
    }
    finds
}

fn ordinary(
    plain: &Plain,
    run: &[Group],
    allowed: &Allowed,
    kept: &mut Vec<Range<usize>>,
) -> Vec<Find> {
    let windows = windows(run, DIGITS);
    for window in &windows {
        let at = span(window);
        if is_allowed(allowed, &plain.digits(&at)) {
            kept.push(at);
        }
    }
    let mut finds = Vec::new();
    for window in windows {
        let at = span(window);
        let meant = is_shaped(window) || is_announced(plain, at.start);
        if meant && !overlaps(kept, &at) && is_in_plan(window, &plain.digits(&at)) {
            finds.push((Kind::Phone, at));
        }
    }
    finds
}

fn is_shaped(window: &[Group]) -> bool {
    let shape: Vec<usize> = window.iter().map(|group| group.digits.len()).collect();
    SHAPES.contains(&shape.as_slice())
}

fn is_announced(plain: &Plain, start: usize) -> bool {
    WORD.is_match(&plain.left_of(start, WORD_CHARS_MAX))
}

/// Whether the plan has such numbers; a solid `yyyymmdd` is a date.
fn is_in_plan(window: &[Group], digits: &str) -> bool {
    let number = |at: Range<usize>| digits.get(at).and_then(|it| it.parse().ok()).unwrap_or(0);
    let (year, month, day): (u32, u32, u32) = (number(0..4), number(4..6), number(6..8));
    let date = window.len() == 1 && (1900..2100).contains(&year) && is_day(day, month, year);
    !date && !digits.starts_with(['0', '1']) && !digits.starts_with("58")
}

fn is_allowed(allowed: &Allowed, digits: &str) -> bool {
    let national = digits
        .strip_prefix("0047")
        .or_else(|| digits.strip_prefix("47"));
    is_published(allowed, digits)
        || national.is_some_and(|it| it.len() == DIGITS && is_published(allowed, it))
        || (digits.len() == DIGITS && is_published(allowed, &format!("47{digits}")))
}
