//! Mail addresses, also those written to be read aloud.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::plain::Plain;
use super::{Allowed, Kind, pattern};

static MAIL: LazyLock<Regex> = LazyLock::new(|| {
    let dot = r"(?:\.|\s?[(\[](?:dot|punktum)[)\]]\s?|\s(?:dot|punktum)\s)";
    let domain = format!(r"(?:[\p{{L}}\p{{N}}\-]+{dot})+\p{{L}}{{2,24}}");
    let sign = r"\s?@\s?|%40";
    let said = r"krøllalfa|alfakrøll|alfa|snabel-?a";
    let word = format!(r"\s?[(\[](?:at|{said})[)\]]\s?|\s(?:{said})\s");
    let spoken = r"(?:[\p{L}\p{N}]+\s(?:dot|punktum)\s)*";
    let local = format!(r"{spoken}[\p{{L}}\p{{N}}._%+'\-\u{{fffc}}]*[\p{{L}}\p{{N}}_\-\u{{fffc}}]");
    pattern(&format!(r"(?i)({local})(?:{sign}|{word})({domain})"))
});

static MAIL_AT: LazyLock<Regex> = LazyLock::new(|| {
    let dot = r"(?:\.|\s(?:dot|punktum)\s)";
    let local = r"([\p{L}\p{N}._%+'\-]*[\p{L}\p{N}_\-])";
    pattern(&format!(r"(?i){local}\sat\s((?:[\p{{L}}\p{{N}}\-]+{dot})+\p{{L}}{{2,24}})"))
});

/// Before these, *at* is a word of the sentence: "eg ser at example.org er nede".
const WORDS_BEFORE_AT: [&str; 50] = [
    "ser",
    "såg",
    "så",
    "seier",
    "sier",
    "sa",
    "sagt",
    "trur",
    "tror",
    "trudde",
    "trodde",
    "veit",
    "vet",
    "det",
    "er",
    "var",
    "rett",
    "slik",
    "meiner",
    "mener",
    "fordi",
    "høyrer",
    "hører",
    "høyrde",
    "hørte",
    "les",
    "leser",
    "leste",
    "står",
    "stod",
    "skriv",
    "skriver",
    "håper",
    "håpar",
    "for",
    "etter",
    "ut",
    "på",
    "om",
    "bra",
    "fint",
    "forstår",
    "look",
    "looked",
    "looking",
    "found",
    "is",
    "page",
    "form",
    "information",
];

/// Finds mail addresses that are not allowed.
pub(super) fn find(plain: &Plain, allowed: &Allowed) -> Vec<(Kind, Range<usize>)> {
    let view = plain.view();
    let mut finds = Vec::new();
    for (pattern, spoken) in [(&MAIL, false), (&MAIL_AT, true)] {
        for captures in pattern.captures_iter(&view.text) {
            let (Some(whole), Some(local), Some(domain)) =
                (captures.get(0), captures.get(1), captures.get(2))
            else {
                continue;
            };
            let local = local.as_str().to_lowercase();
            let sentence = spoken && WORDS_BEFORE_AT.contains(&local.as_str());
            if !sentence && !is_allowed(allowed, &local, domain.as_str()) {
                finds.push((Kind::Mail, view.letters(whole.range())));
            }
        }
    }
    finds
}

fn is_allowed(allowed: &Allowed, local: &str, domain: &str) -> bool {
    let address = format!("{local}@{}", domain.to_lowercase());
    allowed.mails.iter().any(|mail| mail.to_lowercase() == address)
}
