//! Birth dates: dates close to a word about being born.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::checksum::{is_date_like, is_day};
use super::plain::Plain;
use super::{Kind, pattern};

/// How far from the date the word may stand.
const WORD_CHARS_MAX: usize = 20;

static DATES: LazyLock<[Regex; 4]> = LazyLock::new(|| {
    let month = r"(?:jan|feb|mar|apr|ma[iy]|jun|jul|aug|sep|o[kc]t|nov|de[sc])\p{L}{0,7}\.?";
    let gap = r"\s?[./\-–\s]\s?";
    [
        pattern(&format!(r"(\d{{1,2}}){gap}(\d{{1,2}}){gap}(\d{{4}}|\d{{2}})")),
        pattern(&format!(
            r"(?i)\d{{1,2}}(?:\.|st|nd|rd|th)?\s?{month},?\s?(?:i\s)?(?:\d{{4}}|\d{{2}})"
        )),
        pattern(&format!(r"(?i)\b{month}\s\d{{1,2}}(?:st|nd|rd|th)?,?\s\d{{4}}")),
        pattern(r"\d{4}-\d{1,2}-\d{1,2}|\d{8}|\d{6}"),
    ]
});

static WORD: LazyLock<Regex> = LazyLock::new(|| {
    let other = r"fodt|foedt|f\.?\s?dato|bursdag\p{L}*|born|birth\p{L}*|dob";
    pattern(&format!(r"(?i)\b(?:(?:ny)?fød[dts]\p{{L}}*|{other})\b"))
});

/// Right before a date, these make a rule of it: "barn født etter 01.09.2025".
static RULE: LazyLock<Regex> = LazyLock::new(|| {
    let nordic = r"etter|før|innan|innen|mellom|frå|fra|til|sidan|siden|seinast|senest";
    let words = r"after|before|since|between|until|from|by|to|og med|med|and";
    pattern(&format!(r"\b(?:{nordic}|{words})(?:\s(?:den|the|ca\.?))?\s$"))
});

static F_BEFORE: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)(?:^|[^\p{L}])f\.\s?$"));

/// Finds birth dates.
pub(super) fn find(plain: &Plain) -> Vec<(Kind, Range<usize>)> {
    let view = plain.view();
    let mut finds = Vec::new();
    for pattern in DATES.iter() {
        for captures in pattern.captures_iter(&view.text) {
            let Some(whole) = captures.get(0) else {
                continue;
            };
            let at = view.letters(whole.range());
            let part = |index: usize| captures.get(index).and_then(|it| it.as_str().parse().ok());
            let parts = part(1).zip(part(2)).zip(part(3));
            let exists = match parts {
                Some(((day, month), year)) => is_day(day, month, year),
                None => is_solid_date(whole.as_str()),
            };
            if exists && !plain.is_inside_number(&at) && is_about_birth(plain, &at) {
                finds.push((Kind::BirthDate, at));
            }
        }
    }
    finds
}

/// Six and eight digits must be a day; what has a month's name is one.
fn is_solid_date(text: &str) -> bool {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return true;
    }
    let number = |at: Range<usize>| text.get(at).and_then(|it| it.parse().ok()).unwrap_or(0);
    match text.len() {
        6 => is_date_like(text),
        8 => {
            is_day(number(0..2), number(2..4), number(4..8))
                || is_day(number(6..8), number(4..6), number(0..4))
        }
        _ => false,
    }
}

fn is_about_birth(plain: &Plain, at: &Range<usize>) -> bool {
    let left = plain.left_of(at.start, WORD_CHARS_MAX);
    if RULE.is_match(&left) {
        return false;
    }
    let right = plain.right_of(at.end, WORD_CHARS_MAX);
    WORD.is_match(&left) || WORD.is_match(&right) || F_BEFORE.is_match(&left)
}
