//! Phone numbers in the forms of the Norwegian plan, and foreign ones with their sign.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::checksum::is_day;
use super::keep::{overlaps, passages, span};
use super::number::{Find, is_published, shape, windows};
use super::plain::{Group, Plain};
use super::{Allowed, Kind, pattern};

/// How far before the number the word may stand.
const WORD_CHARS_MAX: usize = 25;

/// The same for a word that says that the number is a thing's.
const THING_CHARS_MAX: usize = 40;

/// The length of an ordinary number in Norway.
const DIGITS: usize = 8;

/// How ordinary numbers are grouped.
const SHAPES: [&[usize]; 3] = [&[8], &[2, 2, 2, 2], &[3, 2, 3]];

static SIGNED: LazyLock<[Regex; 2]> = LazyLock::new(|| {
    let gap = r"[\s./\-\u{2010}-\u{2015}\u{2212}()_·]{0,3}";
    [
        pattern(&format!(r"\(?(?:\+\s?|00\s?)47(?:{gap}\d){{8}}")),
        pattern(&format!(r"\(?(?:\+|00)[1-9](?:{gap}\d){{7,14}}")),
    ]
});

static WORD: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\b(?:tlf|telefon|mobil|ring|phone|call|sms|nummer)"));

/// The same without the word that things are numbered by as well.
static CALL: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\b(?:tlf|telefon|mobil|ring|phone|call|sms)"));

/// Right before eight digits in one, these say that they number a thing.
static THING: LazyLock<Regex> = LazyLock::new(|| {
    let things = [
        r"målar\p{L}*|måler\p{L}*|målenr|måle?punkt\p{L}*|straummål\p{L}*|strømmål\p{L}*|meter",
        r"anlegg\p{L}*|serie\p{L}*|serial|ordre\p{L}*|order|faktura\p{L}*|invoice|varenr|vare",
        r"sak\p{L}*|case|ticket|ref\p{L}*|kunden(?:r|ummer)|customer\s(?:no|number|id)",
        r"artikkel\p{L}*|modell\p{L}*|model|versjon\p{L}*|dokument\p{L}*|journal\p{L}*|id|isbn",
        r"bestilling\p{L}*|booking|kontrakt\p{L}*|avtale\p{L}*|løpenr|løpenummer|produkt\p{L}*",
    ];
    let number = r"(?:[\s.:#\-]*(?:nr|nummer\p{L}*|number|no|id|er|is))*";
    pattern(&format!(r"\b(?:{}){number}[\s.:#]*$", things.join("|")))
});

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
    for window in plain.loose_runs().iter().flat_map(|run| windows(run, DIGITS)) {
        let (at, digits) = (span(window), plain.digits(&span(window)));
        let is_one = is_shaped(window) && is_announced(plain, at.start) && !plain.is_close(window);
        let is_free = !overlaps(&kept, &at) && !is_allowed(allowed, &digits);
        if is_one && is_free && is_in_plan(window, &digits) {
            finds.push((Kind::Phone, at));
        }
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
        let meant = if window.len() == 1 && is_of_thing(plain, at.start) {
            CALL.is_match(&plain.left_of(at.start, WORD_CHARS_MAX))
        } else {
            is_shaped(window) || is_announced(plain, at.start)
        };
        if meant && !overlaps(kept, &at) && is_in_plan(window, &plain.digits(&at)) {
            finds.push((Kind::Phone, at));
        }
    }
    finds
}

fn is_shaped(window: &[Group]) -> bool {
    SHAPES.contains(&shape(window).as_slice())
}

/// Whether eight digits in one number a thing: a meter, an order, a product `AB12345678`.
fn is_of_thing(plain: &Plain, start: usize) -> bool {
    plain.before(start).is_some_and(char::is_alphabetic)
        || THING.is_match(&plain.left_of(start, THING_CHARS_MAX))
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

/// The digits of a Norwegian number without the country's, of another as they are.
pub(super) fn national(digits: &str) -> String {
    let rest = digits.strip_prefix("0047").or_else(|| digits.strip_prefix("47"));
    rest.filter(|it| it.len() == DIGITS).unwrap_or(digits).to_owned()
}

fn is_allowed(allowed: &Allowed, digits: &str) -> bool {
    let national = digits.strip_prefix("0047").or_else(|| digits.strip_prefix("47"));
    is_published(allowed, digits)
        || national.is_some_and(|it| it.len() == DIGITS && is_published(allowed, it))
        || (digits.len() == DIGITS && is_published(allowed, &format!("47{digits}")))
}
