//! Numbers out of registers: references, sole traders, properties, cases and plates.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::checksum::is_organisation;
use super::keep::span;
use super::number::{Find, shape, windows};
use super::plain::Plain;
use super::{Kind, pattern};

/// So far before a run of digits the word that makes it a reference may begin.
const REFERENCE_CHARS_MAX: usize = 30;
/// A KID has at most 25 digits; below nine it is anything.
const REFERENCE_DIGITS: std::ops::RangeInclusive<usize> = 9..=25;
/// So far from an organisation number the word may stand that makes it a person's.
const TRADER_CHARS_MAX: usize = 40;
/// So far from `12/345` the word may stand that makes it a property.
const PROPERTY_CHARS_MAX: usize = 40;
/// So far before `2026/12` the word may stand that makes it a case and no month.
const CASE_CHARS_MAX: usize = 25;

static REFERENCE: LazyLock<Regex> = LazyLock::new(|| {
    let word = r"kid|referanse\p{L}*|reference|ref|kunde\p{L}*|customer|fakturaref\p{L}*";
    let number = r"(?:[\s.:#\-]*(?:nr|nummer\p{L}*|number|no|id|er|is|kode|code))*";
    pattern(&format!(r"(?:^|[^\p{{L}}])(?:{word}){number}[\s.:#\-]*$"))
});

static TRADER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"enkelt(?:person|manns|mans)\s?-?f[øo]re?tak|\benk\b|sole\s(?:trader|proprietor)")
});

static PROPERTY: LazyLock<[Regex; 3]> = LazyLock::new(|| {
    let farm = r"(?:g\.?\s?nr\.?|gards?\s?(?:nr|nummer)\.?|gårds?\s?(?:nr|nummer)\.?)";
    let use_ = r"(?:b\.?\s?nr\.?|bruks?\s?(?:nr|nummer)\.?)";
    let short = r"\d{1,4}\s?/\s?\d{1,5}(?:/\d{1,4}){0,2}\b";
    let more = r"(?:[\s,/]*(?:f|s)\.?\s?nr\.?[\s:]*\d{1,4})*";
    [
        pattern(&format!(
            r"(?i)\b{farm}[\s:]*\d{{1,4}}[\s,/.;&-]*(?:og|and)?\s*{use_}[\s:]*\d{{1,5}}{more}"
        )),
        pattern(&format!(r"(?i)\b(?:gnr\.?\s?/\s?bnr|gbnr|g/bnr)\.?[\s:]*{short}")),
        pattern(&format!(r"\b{short}")),
    ]
});

static PROPERTY_WORD: LazyLock<Regex> = LazyLock::new(|| {
    let numbers = r"g(?:år|ar)?d?s?\.?\s?/?b?nr|b\.?nr|gbnr|bruksn\p{L}*|matrik\p{L}*";
    pattern(&format!(r"\b(?:{numbers}|g/bnr)|(?:eigedom|eiendom|tomt|property|\bplot\b|parcel)"))
});

static NUMBERED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\b(?:g\.?\s?nr|b\.?\s?nr|g/bnr|gbnr|gnr/bnr)"));

static CASE: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b(20\d\d)/(\d{2,6})(?:-\d{1,3})?\b"));

static CASE_WORD: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:sak|\bref|arkiv|journal|\bcase|vedtak|\bdok)"));

static PLATE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\b([A-Z]{2}|[a-z]{2})(\s?-?)([1-9]\d{4}|[1-9]\d{3})\b"));

/// Two letters before digits that are a standard, a page or money.
const NO_PLATES: [&str; 16] = [
    "NS", "EN", "IP", "TV", "NO", "KR", "ID", "UK", "EU", "US", "KL", "NR", "VG", "PC", "FM", "AS",
];

static PLATE_WORD: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"skilt|\bbil|\breg|plate|\bcar\b|parker|\bmc\b|henger|hengar"));

/// Finds the digits that a word makes a KID or somebody's reference.
pub(super) fn references(plain: &Plain) -> Vec<Find> {
    let mut finds = Vec::new();
    for run in plain.runs() {
        let n_digits: usize = shape(&run).iter().sum();
        let at = span(&run);
        let is_long = REFERENCE_DIGITS.contains(&n_digits);
        let is_public = n_digits == 9 && is_organisation(&plain.digits(&at));
        if is_long
            && !is_public
            && REFERENCE.is_match(&plain.left_of(at.start, REFERENCE_CHARS_MAX))
        {
            finds.push((Kind::Reference, at));
        }
    }
    finds
}

/// Organisation numbers, which are public and no other number.
pub(super) fn organisations(plain: &Plain) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for window in plain.runs().iter().flat_map(|run| windows(run, 9)) {
        let at = span(window);
        let is_shaped = matches!(shape(window).as_slice(), [9] | [3, 3, 3]);
        if is_shaped && is_organisation(&plain.digits(&at)) {
            found.push(at);
        }
    }
    found
}

/// Finds the organisation numbers that a person trades under.
pub(super) fn sole_traders(plain: &Plain) -> Vec<Find> {
    let is_trader = |at: &Range<usize>| {
        let from = at.start.saturating_sub(TRADER_CHARS_MAX);
        TRADER.is_match(&plain.text(from..at.end + TRADER_CHARS_MAX))
    };
    let traders = organisations(plain).into_iter().filter(is_trader);
    traders.map(|at| (Kind::SoleTrader, at)).collect()
}

/// Finds properties.
pub(super) fn properties(plain: &Plain) -> Vec<Find> {
    let view = plain.view();
    let [written, joined, short] = &*PROPERTY;
    let ranges = |it: regex::Match<'_>| view.letters(it.range());
    let said = written.find_iter(&view.text).chain(joined.find_iter(&view.text));
    let mut finds: Vec<Find> = said.map(|it| (Kind::Property, ranges(it))).collect();
    for found in short.find_iter(&view.text) {
        let at = ranges(found);
        if is_property(plain, &at, found.as_str()) {
            finds.push((Kind::Property, at));
        }
    }
    finds
}

/// `12/345` beside a word about properties; what may be a day or a year needs the very word.
fn is_property(plain: &Plain, at: &Range<usize>, text: &str) -> bool {
    let mut parts = text.split('/').map(|it| it.trim().parse::<u32>().unwrap_or(0));
    let (first, second) = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    let joins = |ch: Option<char>| ch.is_some_and(|ch| matches!(ch, '/' | '.' | '-'));
    let is_part =
        joins(plain.before(at.start)) || plain.at(at.end).is_some_and(|ch| matches!(ch, '/' | '-'));
    if is_part || first == 0 || second == 0 || (1900..2100).contains(&first) {
        return false;
    }
    let from = at.start.saturating_sub(PROPERTY_CHARS_MAX);
    let around = plain.text(from..at.end + PROPERTY_CHARS_MAX);
    let is_day = first <= 31 && second <= 12;
    if is_day { NUMBERED.is_match(&around) } else { PROPERTY_WORD.is_match(&around) }
}

/// Finds case numbers; `2025/2026` is a school year, and `2026/12` a month unless a word says not.
pub(super) fn cases(plain: &Plain) -> Vec<Find> {
    let view = plain.view();
    let mut finds = Vec::new();
    for captures in CASE.captures_iter(&view.text) {
        let (Some(whole), Some(year), Some(number)) =
            (captures.get(0), captures.get(1), captures.get(2))
        else {
            continue;
        };
        let at = view.letters(whole.range());
        let year: u32 = year.as_str().parse().unwrap_or(0);
        let (length, n) = (number.len(), number.as_str().parse::<u32>().unwrap_or(0));
        let is_school_year = (length == 4 && n == year + 1) || (length == 2 && n == year % 100 + 1);
        let is_month = length == 2 && (1..=12).contains(&n);
        let is_said = || CASE_WORD.is_match(&plain.left_of(at.start, CASE_CHARS_MAX));
        if !plain.is_inside_number(&at) && (!(is_school_year || is_month) || is_said()) {
            finds.push((Kind::CaseNumber, at));
        }
    }
    finds
}

/// Finds plates.
pub(super) fn plates(plain: &Plain) -> Vec<Find> {
    let view = plain.view();
    let mut finds = Vec::new();
    for captures in PLATE.captures_iter(&view.text) {
        let (Some(whole), Some(letters), Some(gap), Some(digits)) =
            (captures.get(0), captures.get(1), captures.get(2), captures.get(3))
        else {
            continue;
        };
        let at = view.letters(whole.range());
        let is_capital = letters.as_str().starts_with(|ch: char| ch.is_ascii_uppercase());
        let upper = letters.as_str().to_ascii_uppercase();
        let is_car = digits.len() == 5;
        let is_year = !is_car && matches!(&digits.as_str()[..2], "19" | "20");
        let from = at.start.saturating_sub(PROPERTY_CHARS_MAX);
        let is_said = || PLATE_WORD.is_match(&plain.text(from..at.end + PROPERTY_CHARS_MAX));
        let is_plain = is_capital && (is_car || !is_year) || gap.is_empty() && is_car;
        // `AS 12345` is a plate of Akershus; `Bygg AS 2024` is a firm and a year.
        let is_other = NO_PLATES.contains(&upper.as_str()) && !(upper == "AS" && is_car);
        if !is_other && !continues(plain, &at) && (is_plain || (is_car && is_said())) {
            finds.push((Kind::Plate, at));
        }
    }
    finds
}

/// Whether the passage is only the middle of a longer code.
fn continues(plain: &Plain, at: &Range<usize>) -> bool {
    let joins = |ch: Option<char>| ch.is_some_and(|ch| matches!(ch, '-' | '/' | '_'));
    let is_sign = |ch: Option<char>| ch.is_some_and(char::is_alphanumeric);
    (joins(plain.at(at.end)) && is_sign(plain.at(at.end + 1)))
        || (joins(plain.before(at.start)) && is_sign(plain.before(at.start.saturating_sub(1))))
}
