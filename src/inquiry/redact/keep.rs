//! What looks like a personal number and is not: dates, hours, years, cases, money.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::checksum::is_day;
use super::pattern;
use super::plain::{Group, Plain, is_separator};

/// How much text around a number tells that it is money.
const MONEY_CHARS: usize = 10;

static DATE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(\d{1,2})[./\-–]\s?(\d{1,2})[./\-–]\s?((?:19|20)\d\d)|(?:19|20)\d\d-\d\d-\d\d")
});

static OTHERS: LazyLock<[Regex; 4]> = LazyLock::new(|| {
    let hour = r"(?:[01]?\d|2[0-4])";
    let minutes = r"[.:][0-5]\d";
    [
        pattern(&format!(r"{hour}{minutes}\s?[\-–]\s?{hour}(?:{minutes})?")),
        pattern(&format!(
            r"(?i)\bkl\.?\s?{hour}(?:{minutes})?(?:\s?[\-–]\s?{hour}(?:{minutes})?)?"
        )),
        pattern(r"(?:19|20)\d\d\s?[\-–/]\s?(?:19|20)?\d\d"),
        pattern(r"20\d\d/\d{2,6}(?:-\d{1,3})?"),
    ]
});

static MONEY_AFTER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^(?:,\d{1,2})?(?:,-|\s?(?:kr\b|kron|nok\b|mill|mrd|milliard|€|\$|euro|%))")
});

static MONEY_BEFORE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:\bkr\.?|\bnok|kroner|€|\$)\s?$"));

/// Finds the passages no number may overlap, unless its digits stand without a break.
pub(super) fn passages(plain: &Plain) -> Vec<Range<usize>> {
    let view = plain.view();
    let mut kept = Vec::new();
    for captures in DATE.captures_iter(&view.text) {
        let Some(whole) = captures.get(0) else {
            continue;
        };
        let part = |index: usize| captures.get(index).and_then(|it| it.as_str().parse().ok());
        let parts = part(1).zip(part(2)).zip(part(3));
        if parts.is_none_or(|((day, month), year)| is_day(day, month, year)) {
            kept.push(view.letters(whole.range()));
        }
    }
    for pattern in OTHERS.iter() {
        kept.extend(
            pattern
                .find_iter(&view.text)
                .map(|it| view.letters(it.range())),
        );
    }
    kept.retain(|at| !continues(plain, at));
    kept.extend(
        plain
            .runs()
            .iter()
            .filter(|run| is_money(plain, run))
            .map(|run| span(run)),
    );
    kept
}

/// Whether the range meets one of the passages.
pub(super) fn overlaps(passages: &[Range<usize>], at: &Range<usize>) -> bool {
    passages
        .iter()
        .any(|kept| kept.start < at.end && at.start < kept.end)
}

/// Whether every group is a short number such as 110, 116 or 02000.
pub(super) fn is_all_short(groups: &[Group]) -> bool {
    groups.iter().all(|group| {
        let digits = &group.digits;
        (digits.len() == 3 && digits.starts_with('1'))
            || (digits.len() == 5 && digits.starts_with('0'))
    })
}

/// The characters from the first group to the last.
pub(super) fn span(groups: &[Group]) -> Range<usize> {
    let start = groups.first().map_or(0, |group| group.at.start);
    start..groups.last().map_or(start, |group| group.at.end)
}

/// Whether the passage is only a part of a number that a sign joins closely.
fn continues(plain: &Plain, at: &Range<usize>) -> bool {
    let is_digit = |ch: Option<char>| ch.is_some_and(|ch| ch.is_ascii_digit());
    let joins = |ch: Option<char>| ch.is_some_and(|ch| is_separator(ch) && ch != ' ');
    plain.is_inside_number(at)
        || (joins(plain.before(at.start)) && is_digit(plain.before(at.start.saturating_sub(1))))
        || (joins(plain.at(at.end)) && is_digit(plain.at(at.end + 1)))
}

fn is_money(plain: &Plain, run: &[Group]) -> bool {
    let at = span(run);
    let after = MONEY_AFTER.is_match(&plain.right_of(at.end, MONEY_CHARS));
    let before = MONEY_BEFORE.is_match(&plain.left_of(at.start, MONEY_CHARS));
    (after || before)
        && run
            .iter()
            .enumerate()
            .all(|(index, group)| match group.digits.len() {
                3 => true,
                1 | 2 => index == 0 || starts_amount(plain, group),
                length => length <= 9 && (index == 0 || starts_amount(plain, group)),
            })
}

/// After a dash a new amount begins: "100 000 - 1 000 000 kr".
fn starts_amount(plain: &Plain, group: &Group) -> bool {
    let left = plain.left_of(group.at.start, 2);
    left.contains(['-', '–', '/'])
}
