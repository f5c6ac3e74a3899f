//! Where somebody lives: a street with a house number, a post code with its place.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::number::Find;
use super::plain::Plain;
use super::{Allowed, Kind, pattern};

/// What is left of a sentence before a post code that may be a year.
const BEFORE_CHARS_MAX: usize = 3;

static STREETS: LazyLock<[Regex; 3]> = LazyLock::new(|| {
    // Of these no other words are made; of the next there are: "oppringen 3", "familia 4".
    let sure = r"vegen|veien|vegjen|gata|gaten|gate|gatu|veg|vei|smauet|smuget|allé|alléen|alleen";
    let other = [
        r"plassen|plass|torget|bakken|lia|svingen|stien|kroken|ringen|tunet|tun|brygga|bryggen",
        r"bryggja|kaien|kaia|terrasse|terrassen|løkka|jordet|åsen|haugen|bakkane|krysset|teigen",
    ]
    .join("|");
    let own = r"gate|gata|gt\.?|veg|vei|vegen|v\.|plass|allé|terrasse|brygge|torg|road|street|st\.";
    let house = r"(?:,?\s?nr\.?)?\s{1,2}(\d{1,3})(\s?[A-H]|[a-zæøå])?";
    [
        pattern(&format!(r"\b(?i:\p{{L}}{{2,}}(?:{sure}|gt\.?|vn\.?)){house}")),
        pattern(&format!(r"\b(\p{{Lu}}\p{{L}}+(?:{other})){house}")),
        pattern(&format!(
            r"\b\p{{Lu}}[\p{{L}}.]*(?:[\s\-]\p{{Lu}}[\p{{L}}.]*){{0,3}}\s(?i:{own}){house}"
        )),
    ]
});

static PLACE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\b(\d{4})\s(\p{Lu}\p{L}{2,})(?:\s\p{Lu}\p{L}+)?\b"));

/// A unit after the number tells that it counts: "omvei 3 km".
static UNIT: LazyLock<Regex> = LazyLock::new(|| {
    let units = r"km|m|meter|mil|min\p{L}*|tim\p{L}*|dag\p{L}*|veke\p{L}*|uke\p{L}*|år|stk";
    pattern(&format!(
        r"^(?:\s?(?:{units}|prosent|kr|kroner|gong\p{{L}}*|gang\p{{L}}*)\b|\s?%|[.,]\d)"
    ))
});

/// Words with an ending of streets, after which a number is none of a house.
const NO_STREETS: [&str; 12] = [
    "familia",
    "italia",
    "australia",
    "somalia",
    "brasilia",
    "arbeidsplass",
    "barnehageplass",
    "parkeringsplass",
    "omvei",
    "omveg",
    "hovedvei",
    "hovudveg",
];

/// And these, which something is done by: "endringen", "vurderingen".
const DOINGS: [&str; 6] = ["dringen", "deringen", "seringen", "teringen", "leringen", "neringen"];

/// After four digits these are no place.
const NO_PLACES: [&str; 14] = [
    "kroner", "kr", "nok", "mandag", "måndag", "tirsdag", "tysdag", "onsdag", "torsdag", "fredag",
    "lørdag", "laurdag", "søndag", "sundag",
];

/// Finds addresses that are not allowed.
pub(super) fn find(plain: &Plain, allowed: &Allowed) -> Vec<Find> {
    let view = plain.view();
    let mut finds = Vec::new();
    for pattern in STREETS.iter() {
        for found in pattern.find_iter(&view.text) {
            let at = view.letters(found.range());
            if is_house(plain, &at) && !allowed.has_address(found.as_str()) {
                finds.push((Kind::Address, at));
            }
        }
    }
    for captures in PLACE.captures_iter(&view.text) {
        let (Some(whole), Some(code), Some(place)) =
            (captures.get(0), captures.get(1), captures.get(2))
        else {
            continue;
        };
        let at = view.letters(whole.range());
        let place = place.as_str().to_lowercase();
        let may_be_year = matches!(&code.as_str()[..2], "19" | "20");
        let before = plain.left_of(at.start, BEFORE_CHARS_MAX);
        let is_code = !may_be_year || before.ends_with(", ") || before.ends_with('\n');
        let is_place = is_code && !NO_PLACES.contains(&place.as_str());
        if is_place && !plain.is_inside_number(&at) && !allowed.has_address(whole.as_str()) {
            finds.push((Kind::Address, at));
        }
    }
    finds
}

/// Whether the number behind the street is a house's.
fn is_house(plain: &Plain, at: &Range<usize>) -> bool {
    let text = plain.text(at.clone());
    let word = text.split([' ', ',']).next().unwrap_or_default();
    let is_letter = plain.at(at.end).is_some_and(char::is_alphanumeric);
    let is_verbal = DOINGS.iter().any(|it| word.ends_with(it));
    let is_word = NO_STREETS.iter().any(|it| word.starts_with(it)) || is_verbal;
    !is_letter && !is_word && !UNIT.is_match(&plain.right_of(at.end, 10))
}
