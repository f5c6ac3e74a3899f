//! Numbers of fixed length: IBAN, 12 digits, 11 digits, and 6 + 5 digits apart.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::checksum::{is_account, is_date_like, is_duf, is_iban, is_national};
use super::keep::{is_all_short, overlaps, passages, span};
use super::plain::{Group, Plain, is_separator};
use super::{Allowed, Kind, pattern};

/// A kind and the characters it takes.
pub(super) type Find = (Kind, Range<usize>);

/// How far apart the two parts of a number may stand, and the word from them.
const APART_CHARS_MAX: usize = 40;

/// A number on several lines or in a list has so many parts at most.
const LOOSE_GROUPS_MAX: usize = 6;

/// How 11 digits are grouped by those who mean one number.
const SHAPES_11: [&[usize]; 7] =
    [&[6, 5], &[4, 2, 5], &[2, 2, 2, 5], &[2, 2, 2, 3, 2], &[6, 3, 2], &[3, 3, 5], &[4, 4, 3]];

static PERSON: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"person|fødsel|fodsel|fød[dt]|\bpnr|\bfnr|personnr|born|birth"));

static RING: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?:ring|tlf|telefon)\p{L}*\.?:?\s?$"));

/// Finds IBANs; of a wrong one, the account.
pub(super) fn ibans(plain: &Plain, allowed: &Allowed) -> Vec<Find> {
    let mut finds = Vec::new();
    let (close, loose) = (plain.runs(), plain.loose_runs());
    for window in close.iter().chain(&loose).flat_map(|run| windows(run, 13)) {
        let at = span(window);
        let digits = plain.digits(&at);
        let Some(start) = country(plain, at.start) else {
            continue;
        };
        if is_published(allowed, &digits) || is_published(allowed, &digits[2..]) {
            continue;
        }
        if is_iban(&digits) {
            finds.push((Kind::Iban, start..at.end));
        } else if window.len() == 1 {
            finds.push((eleven_kind(&digits[2..]), at.start + 2..at.end));
        }
    }
    finds
}

/// Finds 12 digits.
pub(super) fn twelve_digits(plain: &Plain, allowed: &Allowed) -> Vec<Find> {
    let kind = |digits: &str| {
        if is_duf(digits) { Kind::Duf } else { Kind::Digits12 }
    };
    let is_shaped = |window: &[Group], digits: &str| {
        let year = digits.starts_with("19") || digits.starts_with("20");
        year && is_duf(digits) && window.first().is_some_and(|group| 4 <= group.digits.len())
    };
    fixed(
        plain,
        allowed,
        &Fixed { length: 12, kind: &kind, is_shaped: &is_shaped, proves: &is_shaped },
    )
}

/// Finds 11 digits.
pub(super) fn eleven_digits(plain: &Plain, allowed: &Allowed) -> Vec<Find> {
    let is_shaped = |window: &[Group], digits: &str| {
        is_national(digits) || SHAPES_11.contains(&shape(window).as_slice())
    };
    let proves = |window: &[Group], digits: &str| {
        let is_account_shape = shape(window) == [4, 2, 5] && is_account(digits);
        is_account_shape || (is_national(digits) && window.len() <= LOOSE_GROUPS_MAX)
    };
    let wanted = Fixed { length: 11, kind: &eleven_kind, is_shaped: &is_shaped, proves: &proves };
    fixed(plain, allowed, &wanted)
}

/// Finds a birth date and a personal number that stand apart, near a word about a person.
pub(super) fn apart(plain: &Plain) -> Vec<Find> {
    let groups = plain.groups();
    let mut finds = Vec::new();
    // Behind a stroke it is the number of a case: 2026/10078.
    let is_free = |five: &&Group| plain.before(five.at.start) != Some('/');
    for five in groups.iter().filter(|group| group.digits.len() == 5).filter(is_free) {
        if RING.is_match(&plain.left_of(five.at.start, APART_CHARS_MAX)) {
            continue;
        }
        let near = |six: &Range<usize>| {
            let (first, second) =
                if six.start < five.at.start { (six, &five.at) } else { (&five.at, six) };
            let gap = second.start.saturating_sub(first.end);
            let from = first.start.saturating_sub(APART_CHARS_MAX);
            let to = second.end + APART_CHARS_MAX;
            gap <= APART_CHARS_MAX && PERSON.is_match(&plain.text(from..to))
        };
        for six in date_likes(&groups).into_iter().filter(near) {
            finds.push((Kind::NationalNumber, six));
            finds.push((Kind::NationalNumber, five.at.clone()));
        }
    }
    finds
}

/// Whether the organisation published the number.
pub(super) fn is_published(allowed: &Allowed, digits: &str) -> bool {
    allowed.numbers.contains(digits)
}

/// Consecutive groups with `length` digits in all.
pub(super) fn windows(run: &[Group], length: usize) -> Vec<&[Group]> {
    let mut windows = Vec::new();
    for first in 0..run.len() {
        let mut count = 0;
        for last in first..run.len().min(first + length) {
            count += run[last].digits.len();
            if count == length {
                windows.push(&run[first..=last]);
            }
        }
    }
    windows
}

struct Fixed<'a> {
    length: usize,
    kind: &'a dyn Fn(&str) -> Kind,
    /// Whether groups that stand close are one number.
    is_shaped: &'a dyn Fn(&[Group], &str) -> bool,
    /// Whether groups that stand apart are.
    proves: &'a dyn Fn(&[Group], &str) -> bool,
}

fn fixed(plain: &Plain, allowed: &Allowed, wanted: &Fixed) -> Vec<Find> {
    let kept = passages(plain);
    let mut finds = Vec::new();
    for run in plain.runs() {
        for window in windows(&run, wanted.length) {
            let at = span(window);
            let digits = plain.digits(&at);
            let alone = window.len() == run.len() && !ends_published(allowed, &digits);
            let broken = 1 < window.len();
            let meant = !broken || alone || (wanted.is_shaped)(window, &digits);
            let harmless = broken && (overlaps(&kept, &at) || is_all_short(window));
            let phone = is_international(plain, at.start, &digits);
            if meant && !harmless && !phone && !is_published(allowed, &digits) {
                finds.push(((wanted.kind)(&digits), at));
            }
        }
    }
    for window in plain.loose_runs().iter().flat_map(|run| windows(run, wanted.length)) {
        let (at, is_close) = (span(window), plain.is_close(window));
        let digits = plain.digits(&at);
        let is_free = !overlaps(&kept, &at) && !is_published(allowed, &digits);
        if !is_close && is_free && (wanted.proves)(window, &digits) {
            finds.push(((wanted.kind)(&digits), at));
        }
    }
    finds
}

/// How many digits each group has.
pub(super) fn shape(window: &[Group]) -> Vec<usize> {
    window.iter().map(|group| group.digits.len()).collect()
}

/// A published phone number with a year or a post code beside it.
fn ends_published(allowed: &Allowed, digits: &str) -> bool {
    is_published(allowed, &digits[digits.len() - 8..]) || is_published(allowed, &digits[..8])
}

/// The phone finder takes these, with their sign.
fn is_international(plain: &Plain, start: usize, digits: &str) -> bool {
    let plus = plain.before(start) == Some('+') && !digits.starts_with('0');
    let norwegian = digits.len() == 12 && digits.starts_with("0047");
    plus || (norwegian && !matches!(digits.as_bytes()[4], b'0' | b'1'))
}

fn eleven_kind(digits: &str) -> Kind {
    if is_national(digits) {
        Kind::NationalNumber
    } else if is_account(digits) {
        Kind::Account
    } else {
        Kind::Digits11
    }
}

/// Where the `NO` before `start` begins.
fn country(plain: &Plain, start: usize) -> Option<usize> {
    let mut end = start;
    while plain.before(end).is_some_and(is_separator) {
        end -= 1;
    }
    let start = end.checked_sub(2)?;
    let word_before = plain.before(start).is_some_and(char::is_alphanumeric);
    (plain.text(start..end) == "no" && !word_before).then_some(start)
}

/// Six digits in one group or three that can begin a fødselsnummer.
fn date_likes(groups: &[Group]) -> Vec<Range<usize>> {
    let mut dates = Vec::new();
    for window in windows(groups, 6) {
        let at = span(window);
        let digits: String = window.iter().map(|group| group.digits.as_str()).collect();
        let close = at.len() <= 6 + window.len();
        if matches!(window.len(), 1 | 3) && close && is_date_like(&digits) {
            dates.push(at);
        }
    }
    dates
}
